"""Schema 3: what lists named, servers that keep an edit back, and walks into the past: new tables alone."""

from __future__ import annotations

TABLES_3 = """
CREATE TABLE lists (  -- listings, feeds and sitemaps that were read: what the last reading brought
  frontier_id INTEGER PRIMARY KEY REFERENCES frontier(id) ON DELETE CASCADE,
  first_id INTEGER NOT NULL REFERENCES lists(frontier_id) ON DELETE CASCADE,  -- whose later page it is; else itself
  readings INTEGER NOT NULL DEFAULT 0,  -- of the first page, answers of 304 left out
  named INTEGER NOT NULL DEFAULT 0,  -- articles that the last reading named
  known INTEGER NOT NULL DEFAULT 0,  -- those among them that an earlier reading had named
  gaps INTEGER NOT NULL DEFAULT 0,  -- readings that named none that an earlier one had: articles came and went unseen
  gap_run_id INTEGER REFERENCES runs(id)  -- in which the last of these was; NULL: there was none, or outside a run
) STRICT;
CREATE INDEX lists_first ON lists(first_id);

CREATE TABLE namings (  -- which list named which article: one row a pair, however often it did
  target_id INTEGER NOT NULL REFERENCES frontier(id) ON DELETE CASCADE,
  list_id INTEGER NOT NULL REFERENCES lists(frontier_id) ON DELETE CASCADE,  -- its first page stands for its later ones
  reading INTEGER NOT NULL,  -- number of the reading that named it first
  PRIMARY KEY (target_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE numbers (  -- newspapers' own numbers of articles, where a rule finds them in the URL
  number TEXT PRIMARY KEY,  -- with the newspaper's id: "vnexpress:4567890"
  frontier_id INTEGER NOT NULL REFERENCES frontier(id) ON DELETE CASCADE  -- the address it was first met under
) STRICT, WITHOUT ROWID;
CREATE INDEX numbers_frontier ON numbers(frontier_id);

CREATE TABLE unmodified (  -- tasks whose last answer was a 304
  frontier_id INTEGER PRIMARY KEY REFERENCES frontier(id) ON DELETE CASCADE,
  whole_at TEXT NOT NULL  -- when the last whole answer came: long after, one is asked for again
) STRICT;

CREATE TABLE host_revisits (  -- articles seen again, host by host, and servers whose 304 cannot be believed
  site TEXT NOT NULL,
  host TEXT NOT NULL,
  day TEXT NOT NULL,  -- the last one, UTC, on which an article was seen again
  revisits INTEGER NOT NULL DEFAULT 0,  -- on that day
  lies INTEGER NOT NULL DEFAULT 0,  -- whole answers that were changed under the validators of the answer before
  PRIMARY KEY (site, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE backfills (  -- walks of crawl --backfill into a newspaper's past
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL REFERENCES sites(id),
  first_on TEXT NOT NULL,  -- first day of the range
  last_on TEXT NOT NULL,
  began_at TEXT NOT NULL,
  ended_at TEXT  -- NULL: the same range asked for again goes on there
) STRICT;

CREATE TABLE backfill_tasks (  -- what a walk has met; gone when it has ended
  frontier_id INTEGER NOT NULL REFERENCES frontier(id) ON DELETE CASCADE,
  backfill_id INTEGER NOT NULL REFERENCES backfills(id),
  is_done INTEGER NOT NULL DEFAULT 0,  -- 1: fetched, or given up
  PRIMARY KEY (frontier_id, backfill_id)
) STRICT, WITHOUT ROWID;
"""

SCHEMA_3 = TABLES_3
