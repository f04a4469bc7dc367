"""Schema 4: pages read again that said the same, and what changed beside what stood there before."""

from __future__ import annotations

SCHEMA_4 = """
CREATE TABLE confirmations (  -- versions that a later reader, or other rules, read again and found the same
  version_id INTEGER PRIMARY KEY REFERENCES versions(id) ON DELETE CASCADE,
  reader_version TEXT NOT NULL,  -- of the last reader that did
  rules_hash TEXT NOT NULL,  -- as in versions
  read_at TEXT NOT NULL
) STRICT;

CREATE VIEW edits_view AS  -- every later version beside the one before it: cause tells the newspaper's edits from ours
SELECT v.article_id, a.url, a.site, v.read_at AS happened_at, v.cause, v.number AS version,
  p.title AS title_before, v.title, p.published_at AS published_at_before, v.published_at,
  p.published_on AS published_on_before, v.published_on, p.body AS body_before, v.body,
  p.id AS version_id_before, v.id AS version_id
FROM versions v JOIN versions p ON p.article_id = v.article_id AND p.number = v.number - 1
JOIN articles a ON a.id = v.article_id;
"""
