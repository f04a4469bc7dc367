"""Schema 5: which articles have nearly one text: a signature of each, what finds those like it, and their groups."""

from __future__ import annotations

BANDS = 32
KEY_BYTES = 8

TABLES_5 = """
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
"""

_KEYS = ", ".join(f"substr(old.signature, {KEY_BYTES * n + 1}, {KEY_BYTES})" for n in range(BANDS))
TRIGGERS_5 = f"""
CREATE TRIGGER signatures_after_delete AFTER DELETE ON signatures BEGIN
  DELETE FROM bands WHERE article_id = old.article_id AND key IN ({_KEYS});
END;

CREATE TRIGGER duplicates_after_delete AFTER DELETE ON duplicates BEGIN
  DELETE FROM duplicates WHERE group_id = old.group_id
    AND (SELECT count(*) FROM (SELECT 1 FROM duplicates WHERE group_id = old.group_id LIMIT 2)) = 1;
END;
"""  # noqa: S608 -- constants

SCHEMA_5 = TABLES_5 + TRIGGERS_5
