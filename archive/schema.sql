-- Today's schema, drawn by archive/picture.py.

CREATE TABLE sites (  -- a newspaper, or a host without rules
  id TEXT PRIMARY KEY,  -- id of the site's rules, or the registrable host
  first_seen_at TEXT NOT NULL  -- ISO 8601 UTC, as all times ending in _at unless told otherwise
) STRICT;

CREATE TABLE runs (  -- a run of a command that writes
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,  -- "crawl", "fetch", …
  arguments TEXT NOT NULL,  -- JSON object
  luubao_version TEXT,  -- NULL where the caller did not tell
  pid INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,  -- NULL while it runs, and for ever if it was killed
  exit_code INTEGER,  -- NULL as ended_at
  new INTEGER NOT NULL DEFAULT 0,  -- what its pages brought: counted in the transaction of each page
  changed INTEGER NOT NULL DEFAULT 0,
  reread INTEGER NOT NULL DEFAULT 0,
  same INTEGER NOT NULL DEFAULT 0,
  listed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  previous_root BLOB,  -- chain of proofs: root of the run before; NULL until runs are sealed
  root BLOB  -- hash over what the run added; NULL as previous_root
) STRICT;

CREATE TABLE dictionaries (  -- what snapshots of a site are compressed against
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL REFERENCES sites(id),
  sha256 BLOB NOT NULL UNIQUE,
  data BLOB NOT NULL,  -- raw content or a trained dictionary, as `zstd -D` takes both
  made_at TEXT NOT NULL
) STRICT;

CREATE TABLE snapshots (  -- the body of an answer, content coding undone; each distinct body once
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,  -- of the body
  length INTEGER NOT NULL,  -- bytes of the body
  codec TEXT NOT NULL CHECK (codec IN ('none', 'zstd')),
  dictionary_id INTEGER REFERENCES dictionaries(id),  -- NULL: compressed without
  base_id INTEGER REFERENCES snapshots(id),  -- the snapshot it was compressed against; NULL: none; chains are one deep
  data BLOB NOT NULL,  -- one zstd frame, or the body itself
  CHECK (dictionary_id IS NULL OR base_id IS NULL)
) STRICT;

CREATE INDEX snapshots_base ON snapshots(base_id) WHERE base_id IS NOT NULL;

CREATE INDEX snapshots_dictionary ON snapshots(dictionary_id) WHERE dictionary_id IS NOT NULL;

CREATE TABLE captures (  -- one HTTP exchange
  id INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES runs(id),  -- NULL: written outside a run
  url TEXT NOT NULL,  -- what this answer belongs to
  requested_url TEXT,  -- what was asked for first; NULL: the same
  redirected_to INTEGER REFERENCES captures(id) ON DELETE CASCADE,  -- the answer at the end; NULL: this was the end
  fetched_at TEXT NOT NULL,  -- when the request began, to the microsecond
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  http_version TEXT NOT NULL,
  request_headers TEXT,  -- JSON [[name, value], …] in order as sent; NULL: dropped from an old visit to a listing
  headers TEXT,  -- JSON [[name, value], …] in order as received; NULL as request_headers
  server_address TEXT,  -- "203.0.113.9:443"; NULL: no connection was made
  wire_length INTEGER NOT NULL,  -- bytes of the body as received
  wire_sha256 BLOB,  -- of the body as received; NULL: the same as body_sha256
  body_length INTEGER NOT NULL,  -- bytes, content coding undone
  body_sha256 BLOB NOT NULL,
  snapshot_id INTEGER REFERENCES snapshots(id),  -- NULL: body not kept (same text, a redirect, an old listing)
  waited_seconds REAL NOT NULL,
  first_byte_seconds REAL NOT NULL,
  total_seconds REAL NOT NULL,
  outcome TEXT NOT NULL  -- new, changed, re-read, same, listed, redirect, or the code of the failure
) STRICT;

CREATE INDEX captures_url ON captures(url, id);

CREATE INDEX captures_snapshot ON captures(snapshot_id) WHERE snapshot_id IS NOT NULL;

CREATE INDEX captures_redirected_to ON captures(redirected_to) WHERE redirected_to IS NOT NULL;

CREATE INDEX captures_run ON captures(run_id);

CREATE TABLE articles (  -- a story under one or more URLs
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,  -- the one to show: canonical where the page names one
  site TEXT NOT NULL REFERENCES sites(id),
  kind TEXT NOT NULL CHECK (kind IN ('article', 'listing', 'other')),
  version_id INTEGER REFERENCES versions(id) DEFERRABLE INITIALLY DEFERRED,  -- the current one
  published_on TEXT,  -- of the current version: local day; NULL: the page does not tell
  sort_at TEXT NOT NULL,  -- instant of publication, else of our first visit: what "newest" goes by
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,  -- last whole answer that had the article, 304 included
  last_changed_at TEXT NOT NULL,  -- when the newest version that the newspaper made was fetched
  state TEXT NOT NULL DEFAULT 'live'  -- removed: missing three times over a day
    CHECK (state IN ('live', 'missing', 'removed')),
  missing_count INTEGER NOT NULL DEFAULT 0,  -- 404, 410 and the like in a row
  missing_since TEXT,  -- NULL while it is live
  duplicate_of INTEGER REFERENCES articles(id) ON DELETE SET NULL  -- had exactly its first text, earlier; NULL: none
) STRICT;

CREATE INDEX articles_newest ON articles(kind, sort_at);

CREATE INDEX articles_site ON articles(site, kind, sort_at);

CREATE INDEX articles_seen ON articles(kind, first_seen_at);

CREATE INDEX articles_version ON articles(version_id);

CREATE INDEX articles_duplicate ON articles(duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE urls (  -- every URL under which an article was met
  url TEXT PRIMARY KEY,
  alias_key TEXT NOT NULL,  -- what http, https, www, m and tracking variants have in common
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  met_as TEXT NOT NULL  -- canonical: a claim of the page, never fetched itself
    CHECK (met_as IN ('fetched', 'redirect', 'canonical')),
  first_seen_at TEXT NOT NULL
) STRICT;

CREATE INDEX urls_key ON urls(alias_key);

CREATE INDEX urls_article ON urls(article_id);

CREATE TABLE versions (  -- what the article said, each time it said something else; never changed
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,  -- 1, 2, … in an article
  capture_id INTEGER NOT NULL REFERENCES captures(id),
  cause TEXT NOT NULL CHECK (cause IN ('created', 'edited', 're-read')),  -- re-read: our reader changed, not the page
  read_at TEXT NOT NULL,
  reader_version TEXT NOT NULL,
  rules_hash TEXT NOT NULL,  -- of the site's rules; empty: read without
  content_sha256 BLOB NOT NULL,  -- over the fields that make a version: archive/content.py
  body_sha256 BLOB,  -- over the words of the body alone, to find one text under many URLs; NULL: too short to tell
  published_at TEXT,  -- instant, UTC; without Z where the zone is unknown; NULL: only the day is known, or nothing
  published_offset_minutes INTEGER,  -- of the newspaper's clock; NULL: unknown
  published_precision TEXT CHECK (published_precision IN ('second', 'day')),  -- NULL: no date
  published_on TEXT,  -- local day
  modified_at TEXT,  -- ISO 8601 as the newspaper has it: with its offset, without where unknown, or a day
  section TEXT,  -- NULL: the page has none; so for all that follow
  language TEXT,  -- BCP 47
  source_name TEXT,  -- of a reprint: whose text it is
  source_published_at TEXT,  -- as modified_at
  canonical_url TEXT,
  word_count INTEGER NOT NULL,
  title TEXT,
  authors TEXT NOT NULL,  -- JSON list
  tags TEXT NOT NULL,  -- JSON list
  lead TEXT,
  rights TEXT NOT NULL,  -- JSON object
  provenance TEXT NOT NULL,  -- JSON object: where the value of each field came from
  body TEXT NOT NULL,  -- paragraphs parted by blank lines, lead included
  blocks TEXT NOT NULL,  -- JSON list: the body in reading order
  other_links BLOB NOT NULL,  -- zstd frame of a JSON list: all links but those in the table links
  UNIQUE (article_id, number)
) STRICT;

CREATE INDEX versions_body ON versions(body_sha256) WHERE body_sha256 IS NOT NULL;

CREATE INDEX versions_section ON versions(section);

CREATE INDEX versions_capture ON versions(capture_id);

CREATE TABLE images (  -- pictures of a version, in reading order
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,  -- from 0
  url TEXT NOT NULL,
  caption TEXT,
  credit TEXT,
  alt TEXT,
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (  -- what the newspaper calls related
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,  -- from 0
  url TEXT NOT NULL,
  title TEXT,
  relation TEXT NOT NULL,  -- "related" after the text, "inline" inside it
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (  -- what befell an article beside its versions
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('missing', 'removed', 'restored', 'moved')),
  happened_at TEXT NOT NULL,
  note TEXT  -- moved: the new URL; missing: the code; NULL: nothing to add
) STRICT;

CREATE INDEX events_article ON events(article_id);

CREATE INDEX events_time ON events(happened_at);

CREATE TABLE failures (  -- a URL that could not be had
  id INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES runs(id),  -- NULL: outside a run
  capture_id INTEGER REFERENCES captures(id) ON DELETE SET NULL,  -- NULL: no answer came
  url TEXT NOT NULL,
  site TEXT NOT NULL,
  code TEXT NOT NULL,  -- stable: "timeout", "robots_denied", …
  message TEXT NOT NULL,
  failed_at TEXT NOT NULL
) STRICT;

CREATE INDEX failures_run ON failures(run_id);

CREATE INDEX failures_url ON failures(url);

CREATE INDEX failures_capture ON failures(capture_id) WHERE capture_id IS NOT NULL;

CREATE TABLE hosts (  -- a host of a site that the frontier holds tasks for
  site TEXT NOT NULL REFERENCES sites(id),
  host TEXT NOT NULL,  -- with the port where it is not the scheme's
  parked_until TEXT,  -- the server asked for a long pause; NULL: it did not
  PRIMARY KEY (site, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE frontier (  -- what to fetch, and when
  id INTEGER PRIMARY KEY,
  alias_key TEXT NOT NULL UNIQUE,  -- as in urls
  url TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('article', 'listing', 'sitemap', 'feed')),
  site TEXT NOT NULL REFERENCES sites(id),
  host TEXT NOT NULL,
  state TEXT NOT NULL  -- done: it redirects, or is a later page, read again when named again; failed: given up
    CHECK (state IN ('pending', 'done', 'failed')),
  due_at TEXT NOT NULL,
  priority INTEGER NOT NULL,  -- 0 listings known, 1 what is new, 2 backlog, 3 revisits of articles
  depth INTEGER NOT NULL,  -- links followed from a seed
  attempts INTEGER NOT NULL DEFAULT 0,  -- failures in a row
  step INTEGER NOT NULL DEFAULT 0,  -- article: place in the series of revisits
  interval_seconds REAL,  -- listing: time between visits, fitted to what they bring; NULL until the first
  etag TEXT,  -- of the kept answer; NULL: it had none
  last_modified TEXT,  -- as etag
  last_fetched_at TEXT,  -- NULL: never
  last_code TEXT,  -- what the last visit came to; NULL: never
  named_at TEXT,  -- latest lastmod of a sitemap; NULL: none
  added_at TEXT NOT NULL
) STRICT;

CREATE INDEX frontier_due ON frontier(site, host, priority, due_at) WHERE state = 'pending';

CREATE TABLE tombstones (  -- hashes of what was erased by order: never to be kept again
  sha256 BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('url', 'body', 'text')),  -- of what: an alias key, a snapshot, an article's text
  erased_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW search_text AS  -- what search_index indexes: as written, and with đ folded to d
SELECT id, title, body, authors, section, captions,
  replace(replace(replace(title, 'Đ', 'D'), 'đ', 'd'), 'Ð', 'D') AS title_folded,
  replace(replace(replace(body, 'Đ', 'D'), 'đ', 'd'), 'Ð', 'D') AS body_folded,
  replace(replace(replace(authors, 'Đ', 'D'), 'đ', 'd'), 'Ð', 'D') AS authors_folded,
  replace(replace(replace(section, 'Đ', 'D'), 'đ', 'd'), 'Ð', 'D') AS section_folded,
  replace(replace(replace(captions, 'Đ', 'D'), 'đ', 'd'), 'Ð', 'D') AS captions_folded
FROM (
  SELECT articles.id, title, body, section,
    trim(replace(authors, '","', ', '), '[]"') AS authors,
    (SELECT group_concat(coalesce(caption, '') || ' ' || coalesce(credit, ''), ' | ')
     FROM images WHERE images.version_id = versions.id) AS captions
  FROM articles JOIN versions ON versions.id = articles.version_id
);

CREATE VIRTUAL TABLE search_index USING fts5(
  title, body, authors, section, captions,
  title_folded, body_folded, authors_folded, section_folded, captions_folded,
  content="search_text", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);

CREATE TRIGGER articles_after_insert AFTER INSERT ON articles BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = new.id;
END;

CREATE TRIGGER articles_before_update BEFORE UPDATE OF version_id ON articles BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = old.id;
END;

CREATE TRIGGER articles_after_update AFTER UPDATE OF version_id ON articles BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = new.id;
END;

CREATE TRIGGER articles_before_delete BEFORE DELETE ON articles BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = old.id;
END;

CREATE TRIGGER versions_before_update BEFORE UPDATE OF title, body, authors, section ON versions BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = old.id);
END;

CREATE TRIGGER versions_after_update AFTER UPDATE OF title, body, authors, section ON versions BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = new.id);
END;

CREATE TRIGGER versions_before_delete BEFORE DELETE ON versions BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = old.id);
END;

CREATE TRIGGER images_before_insert BEFORE INSERT ON images BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = new.version_id);
END;

CREATE TRIGGER images_after_insert AFTER INSERT ON images BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = new.version_id);
END;

CREATE TRIGGER images_before_update BEFORE UPDATE ON images BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = old.version_id);
END;

CREATE TRIGGER images_after_update AFTER UPDATE ON images BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = new.version_id);
END;

CREATE TRIGGER images_before_delete BEFORE DELETE ON images BEGIN
  INSERT INTO search_index(search_index, rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT 'delete', id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = old.version_id);
END;

CREATE TRIGGER images_after_delete AFTER DELETE ON images BEGIN
  INSERT INTO search_index(rowid, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded) SELECT id, title, body, authors, section, captions, title_folded, body_folded, authors_folded, section_folded, captions_folded FROM search_text WHERE id = (SELECT id FROM articles WHERE version_id = old.version_id);
END;

CREATE VIEW articles_view AS  -- an article as it stands today, for people who ask
SELECT a.id, a.url, v.title, v.lead, v.body,
  CASE
    WHEN v.published_precision = 'day' THEN v.published_on
    WHEN v.published_offset_minutes IS NULL THEN v.published_at
    ELSE strftime('%Y-%m-%dT%H:%M:%S', v.published_at, v.published_offset_minutes || ' minutes')
      || iif(v.published_offset_minutes < 0, '-', '+') || substr('0' || (abs(v.published_offset_minutes) / 60), -2)
      || ':' || substr('0' || (abs(v.published_offset_minutes) % 60), -2)
  END AS published_at,
  a.published_on, v.modified_at, a.site, v.section, v.authors, v.tags, v.language, v.source_name, v.source_published_at,
  v.word_count, a.kind, a.state, v.number AS version, v.canonical_url, v.rights, v.blocks, v.provenance,
  a.first_seen_at, a.last_seen_at, a.last_changed_at, a.duplicate_of, a.sort_at, a.version_id
FROM articles a JOIN versions v ON v.id = a.version_id;

CREATE VIEW changes_view AS  -- every version and event, for people who ask what happened
SELECT v.article_id, a.url, a.site, v.read_at AS happened_at, v.cause AS kind, v.number AS version, v.title AS note
FROM versions v JOIN articles a ON a.id = v.article_id
UNION ALL
SELECT e.article_id, a.url, a.site, e.happened_at, e.kind, NULL, e.note
FROM events e JOIN articles a ON a.id = e.article_id;

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

CREATE TABLE signatures (  -- what a text is compared by; no row: not compared yet
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  version_id INTEGER NOT NULL,  -- whose text it is: the article's current one, until the next comparison
  algorithm TEXT NOT NULL,  -- of rensa and of our shingles: other ones cannot be compared
  signature BLOB  -- MinHash, 64 numbers of 32 bits, little-endian; NULL: the text is too short
) STRICT;

CREATE TABLE bands (  -- where to look for articles like one: they have a piece of their signatures in common
  key BLOB NOT NULL,  -- 8 bytes of the signature
  article_id INTEGER NOT NULL,  -- of signatures; a trigger there takes its bands out
  PRIMARY KEY (key, article_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE duplicates (  -- articles with nearly one text, in groups of two or more
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  group_id INTEGER NOT NULL,
  rank TEXT NOT NULL  -- the least of a group is likely the original: named as source by others, else the earliest
) STRICT;

CREATE UNIQUE INDEX duplicates_group ON duplicates(group_id, rank);

CREATE TRIGGER signatures_after_delete AFTER DELETE ON signatures BEGIN
  DELETE FROM bands WHERE article_id = old.article_id AND key IN (substr(old.signature, 1, 8), substr(old.signature, 9, 8), substr(old.signature, 17, 8), substr(old.signature, 25, 8), substr(old.signature, 33, 8), substr(old.signature, 41, 8), substr(old.signature, 49, 8), substr(old.signature, 57, 8), substr(old.signature, 65, 8), substr(old.signature, 73, 8), substr(old.signature, 81, 8), substr(old.signature, 89, 8), substr(old.signature, 97, 8), substr(old.signature, 105, 8), substr(old.signature, 113, 8), substr(old.signature, 121, 8), substr(old.signature, 129, 8), substr(old.signature, 137, 8), substr(old.signature, 145, 8), substr(old.signature, 153, 8), substr(old.signature, 161, 8), substr(old.signature, 169, 8), substr(old.signature, 177, 8), substr(old.signature, 185, 8), substr(old.signature, 193, 8), substr(old.signature, 201, 8), substr(old.signature, 209, 8), substr(old.signature, 217, 8), substr(old.signature, 225, 8), substr(old.signature, 233, 8), substr(old.signature, 241, 8), substr(old.signature, 249, 8));
END;

CREATE TRIGGER duplicates_after_delete AFTER DELETE ON duplicates BEGIN
  DELETE FROM duplicates WHERE group_id = old.group_id
    AND (SELECT count(*) FROM (SELECT 1 FROM duplicates WHERE group_id = old.group_id LIMIT 2)) = 1;
END;

CREATE TABLE mementos (  -- visits that a web archive made: their capture has the archive's time, the newspaper's URL
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE,
  url TEXT NOT NULL,  -- where the web archive has it
  fetched_at TEXT NOT NULL  -- when it was fetched from there, to the microsecond
) STRICT;

CREATE TABLE facet_counts (  -- how many articles there are of each newspaper, section, month and author; triggers count
  facet TEXT NOT NULL,  -- site, section, month or author
  site TEXT NOT NULL,
  value TEXT NOT NULL,
  articles INTEGER NOT NULL,  -- never 0
  PRIMARY KEY (facet, site, value)
) STRICT, WITHOUT ROWID;

CREATE VIEW facet_values AS  -- what each article is counted under
SELECT a.id, 'site' AS facet, a.site, a.site AS value FROM articles a
WHERE a.kind = 'article' AND a.version_id IS NOT NULL
UNION ALL
SELECT a.id, 'month', a.site, substr(a.published_on, 1, 7) FROM articles a
WHERE a.kind = 'article' AND a.version_id IS NOT NULL AND a.published_on IS NOT NULL
UNION ALL
SELECT a.id, 'section', a.site, v.section FROM articles a JOIN versions v ON v.id = a.version_id
WHERE a.kind = 'article' AND v.section IS NOT NULL
UNION ALL
SELECT a.id, 'author', a.site, e.value FROM articles a JOIN versions v ON v.id = a.version_id
  JOIN json_each(iif(json_valid(v.authors), v.authors, '[]')) e
WHERE a.kind = 'article';

CREATE TRIGGER facets_after_insert AFTER INSERT ON articles WHEN new.kind = 'article' AND new.version_id IS NOT NULL
BEGIN
  INSERT INTO facet_counts SELECT DISTINCT facet, site, value, 1 FROM facet_values WHERE id = new.id
  ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE TRIGGER facets_before_update BEFORE UPDATE OF version_id, kind, site, published_on ON articles WHEN old.kind = 'article' AND old.version_id IS NOT NULL
BEGIN
  UPDATE facet_counts SET articles = articles - 1
  WHERE (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
  DELETE FROM facet_counts WHERE articles < 1
    AND (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
END;

CREATE TRIGGER facets_after_update AFTER UPDATE OF version_id, kind, site, published_on ON articles WHEN new.kind = 'article' AND new.version_id IS NOT NULL
BEGIN
  INSERT INTO facet_counts SELECT DISTINCT facet, site, value, 1 FROM facet_values WHERE id = new.id
  ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE TRIGGER facets_before_delete BEFORE DELETE ON articles WHEN old.kind = 'article' AND old.version_id IS NOT NULL
BEGIN
  UPDATE facet_counts SET articles = articles - 1
  WHERE (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
  DELETE FROM facet_counts WHERE articles < 1
    AND (facet, site, value) IN (SELECT facet, site, value FROM facet_values WHERE id = old.id);
END;

