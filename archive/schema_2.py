"""Schema 2: what came after the first archive: new tables alone, so that upgrading copies nothing and takes no time."""

from __future__ import annotations

TABLES_2 = """
CREATE INDEX dictionaries_site ON dictionaries(site, id);

CREATE TABLE seals (  -- hashes of rows as they were when their run ended: the root of a run is made of them
  run_id INTEGER NOT NULL REFERENCES runs(id),
  kind TEXT NOT NULL,  -- whose row: capture, version or event
  row_id INTEGER NOT NULL,  -- its id; below zero once the row was taken out by order
  sha256 BLOB NOT NULL,  -- archive/roots.py says over what
  PRIMARY KEY (kind, row_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE payloads (  -- checksums of what is stored: a bit may flip in a frame and the page still come out right
  snapshot_id INTEGER PRIMARY KEY REFERENCES snapshots(id) ON DELETE CASCADE,
  crc32 INTEGER NOT NULL  -- of snapshots.data
) STRICT;

CREATE TABLE marks (  -- how far work that goes through whole tables has come
  name TEXT PRIMARY KEY,  -- sealed capture, sealed version, sealed event: last row sealed; compacted: last snapshot
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run_reports (  -- what a run told of itself when it ended; one that was killed has none
  run_id INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
  seconds REAL NOT NULL,
  requests INTEGER NOT NULL,  -- sent: redirects, retries and robots.txt among them
  body_bytes INTEGER NOT NULL,  -- received, content coding undone
  report TEXT NOT NULL  -- JSON object: all of the above by site and host, what failed by class, what drifted
) STRICT;

CREATE INDEX articles_latest  -- the last so many of a site, as we met them
  ON articles(site, kind, id);

CREATE INDEX versions_edited  -- edits by day
  ON versions(read_at, article_id) WHERE cause = 'edited';
"""

SCHEMA_2 = TABLES_2
