"""Erasure by order: an article with every trace, and hashes left behind so that it never comes back.

Goes: its versions, pictures, links, events, URLs, visits, pages, failures and place in the frontier; the links by which
other articles name it; every dictionary that has its words, with what leans on it written anew. Then the search index
is merged (a deleted entry's words stay in FTS5's segments until then) and the file written anew, since free pages and
the log keep what was in them. The pages of others stay as they were sent, though they may name it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive import dictionaries, duplicates, roots, snapshots
from archive.compact import trim
from archive.connect import errors_of
from archive.content import packed_links, unpacked_links, utc_text
from archive.errors import ArchiveError, DiskFull
from archive.ground import free_bytes
from archive.store import Archive
from archive.tombstones import bury, url_tombstone

VERSIONS_A_STEP = 500
MIN_NEEDLE_CHARS = 12  # a shorter text ("Tin mới") is no trace of one article

Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went."""

    articles: int
    versions: int
    visits: int
    pages: int
    rewritten: int  # pages of other articles that leaned on what went
    twins: tuple[int, ...]  # articles that are left with the very same text


def prune(archive: Archive, article_ids: Sequence[int], now: datetime, *, tick: Tick = lambda *_: None) -> Pruned:
    """Erase articles with every trace. Call it inside a run. Raises ArchiveError; DiskFull before anything is done."""
    needed = 2 * archive.path.stat().st_size
    if free_bytes(archive.path) < needed:
        raise DiskFull(f"erasing writes the file anew: it needs {needed:,} free bytes", path=archive.path)
    archive.connection.execute("PRAGMA secure_delete = ON")
    total = Pruned(0, 0, 0, 0, 0, ())
    twins: set[int] = set()
    with archive.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO marks (name, value) VALUES ('to be scrubbed', 1)")
    _Unlinking(archive, article_ids).carry_out(tick)
    for done, article_id in enumerate(article_ids, 1):
        with archive.transaction() as connection:
            gone = _Erasure(connection, article_id, archive.run_id, now).carry_out()
        twins |= set(gone.twins)
        total = _sum(total, gone)
        tick("articles", done, len(article_ids))
    twins -= set(article_ids)
    return Pruned(total.articles, total.versions, total.visits, total.pages, total.rewritten, tuple(sorted(twins)))


def _sum(a: Pruned, b: Pruned) -> Pruned:
    counted = ("articles", "versions", "visits", "pages", "rewritten")
    counts = {name: getattr(a, name) + getattr(b, name) for name in counted}
    return Pruned(**counts, twins=())


def scrub(archive: Archive, *, tick: Tick = lambda *_: None) -> None:
    """Take the words of what was erased out of the index's segments, the free pages and the log.

    Raises ArchiveError where another process reads the archive: the log cannot be emptied then.
    """
    with archive.transaction() as connection:
        tick("search index", 0, 3)
        connection.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
    tick("the file", 1, 3)
    trim(archive, always=True)
    with errors_of(archive.path):
        is_busy, *_ = archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    tick("the file", 3, 3)
    if is_busy:
        reason = "erased, but another process reads the archive, and what was erased stays in the log beside the file"
        raise ArchiveError(f"{reason}: run luubao compact when that one has ended", path=archive.path)
    with archive.transaction() as connection:
        connection.execute("DELETE FROM marks WHERE name = 'to be scrubbed'")


def is_scrubbed(archive: Archive) -> bool:
    """Tell whether nothing of what was erased is left; an erasure that was stopped may not have come so far."""
    sql = "SELECT 1 FROM marks WHERE name = 'to be scrubbed'"
    return archive.connection.execute(sql).fetchone() is None


class _Unlinking:
    """Takes articles out of the links of all others, related or not: they give their addresses and titles."""

    def __init__(self, archive: Archive, article_ids: Sequence[int]) -> None:
        self._archive = archive
        self._key = archive.scraping.keys()
        ids = {"ids": json.dumps(list(article_ids))}
        self._keys = {row[0] for row in archive.connection.execute(_ALL_KEYS, ids)}
        self._versions = [row[0] for row in archive.connection.execute(_OTHERS, ids)]

    def carry_out(self, tick: Tick) -> None:
        """Go through the versions of all others; each that changes is sealed anew as this run's."""
        for start in range(0, len(self._versions), VERSIONS_A_STEP):
            with self._archive.transaction():
                for version_id in self._versions[start : start + VERSIONS_A_STEP]:
                    self._take_out_of(version_id)
            tick("links", start, len(self._versions))

    def _take_out_of(self, version_id: int) -> None:
        connection = self._archive.connection
        (packed,) = connection.execute("SELECT other_links FROM versions WHERE id = ?", (version_id,)).fetchone()
        others = unpacked_links(packed)
        left = [link for link in others if not self._is_named_by(link["url"])]
        related = connection.execute("SELECT position, url FROM links WHERE version_id = ?", (version_id,)).fetchall()
        gone = [position for position, url in related if self._is_named_by(url)]
        if len(left) == len(others) and not gone:
            return
        roots.take_out(connection, "version", [version_id])
        if len(left) < len(others):
            connection.execute("UPDATE versions SET other_links = ? WHERE id = ?", (packed_links(left), version_id))
        sql = "DELETE FROM links WHERE version_id = ? AND position = ?"
        connection.executemany(sql, ((version_id, position) for position in gone))
        if self._archive.run_id is not None:
            roots.seal_anew(connection, self._archive.run_id, "version", [version_id])

    def _is_named_by(self, url: str) -> bool:
        return self._key(url) in self._keys


_ALL_KEYS = "SELECT DISTINCT alias_key FROM urls WHERE article_id IN (SELECT value FROM json_each(:ids))"
_OTHERS = "SELECT id FROM versions WHERE article_id NOT IN (SELECT value FROM json_each(:ids)) ORDER BY id"


@dataclass(slots=True)
class _Erasure:
    """One article's way out, inside a transaction."""

    connection: sqlite3.Connection
    article_id: int
    run_id: int | None
    now: datetime

    def carry_out(self) -> Pruned:
        captures = self._ids(_CAPTURES)
        versions = self._ids("SELECT id FROM versions WHERE article_id = :id")
        pages = self._ids(_PAGES, captures=json.dumps(captures))
        twins = self._ids(_TWINS)
        needles = self._needles()
        hashes = self._bury(pages)
        for kind, ids in (("capture", captures), ("version", versions), ("event", self._ids(_EVENTS))):
            roots.take_out(self.connection, kind, ids)
        unlinked = duplicates.forget(self.connection, self.article_id)
        self._delete(captures)
        duplicates.link_again(self.connection, unlinked)
        rewritten = self._free(pages) + self._renew_dictionaries(needles, hashes)
        for page in pages:
            snapshots.release(self.connection, page)
        roots.lower_marks(self.connection)
        duplicates.lower_mark(self.connection)
        return Pruned(1, len(versions), len(captures), len(pages), rewritten, tuple(twins))

    def _ids(self, sql: str, **values: object) -> list[int]:
        return [row[0] for row in self.connection.execute(sql, {"id": self.article_id, **values})]

    def _needles(self) -> list[bytes]:
        """Return what a page that names the article has of it: titles, leads and addresses."""
        found = {text for row in self.connection.execute(_WORDS, {"id": self.article_id}) for text in row if text}
        return [text.encode("utf-8", "replace") for text in found if len(text) >= MIN_NEEDLE_CHARS]

    def _bury(self, pages: Iterable[int]) -> frozenset[bytes]:
        """Leave tombstones; return the hashes of the pages."""
        at = utc_text(self.now)
        keys = [row[0] for row in self.connection.execute(_KEYS, {"id": self.article_id})]
        bury(self.connection, "url", map(url_tombstone, keys), at)
        sql = "SELECT sha256 FROM snapshots WHERE id IN (SELECT value FROM json_each(?))"
        bodies = [row[0] for row in self.connection.execute(sql, (json.dumps(list(pages)),))]
        bury(self.connection, "body", bodies, at)
        sql = "SELECT DISTINCT body_sha256 FROM versions WHERE article_id = ? AND body_sha256 IS NOT NULL"
        bury(self.connection, "text", [row[0] for row in self.connection.execute(sql, (self.article_id,))], at)
        return frozenset(bodies)

    def _delete(self, captures: Iterable[int]) -> None:
        values = {"id": self.article_id, "captures": json.dumps(list(captures))}
        for sql in _DELETE:
            self.connection.execute(sql, values)

    def _free(self, pages: Iterable[int]) -> int:
        """Write anew the pages of others that lean on pages which go."""
        leaning = [
            row[0]
            for page in pages
            if not self._is_kept_by_others(page)
            for row in self.connection.execute("SELECT id FROM snapshots WHERE base_id = ?", (page,))
        ]
        staying = [snapshot_id for snapshot_id in leaning if snapshot_id not in set(pages)]
        for snapshot_id in staying:
            dictionaries.stand_alone(self.connection, snapshot_id)
        going = [snapshot_id for snapshot_id in leaning if snapshot_id not in set(staying)]
        for snapshot_id in going:  # an edited page goes before the one that it leans on
            snapshots.release(self.connection, snapshot_id)
        return len(staying)

    def _is_kept_by_others(self, page: int) -> bool:
        sql = "SELECT 1 FROM captures WHERE snapshot_id = ?"
        return self.connection.execute(sql, (page,)).fetchone() is not None

    def _renew_dictionaries(self, needles: Sequence[bytes], pages: frozenset[bytes]) -> int:
        """Write anew what leans on dictionaries that are its pages, or have words of it, and drop these.

        A page may write its words otherwise than they are kept: in another encoding, or as entities.
        """
        rewritten = 0
        rows = self.connection.execute("SELECT id, sha256, data FROM dictionaries").fetchall()
        for dictionary_id, sha256, data in rows:
            if sha256 in pages or any(needle in data for needle in needles):
                rewritten += self._drop_dictionary(dictionary_id)
        return rewritten

    def _drop_dictionary(self, dictionary_id: int) -> int:
        leaning = self._ids("SELECT id FROM snapshots WHERE dictionary_id = :dictionary", dictionary=dictionary_id)
        without = frozenset({dictionary_id})
        for snapshot_id in leaning:
            dictionaries.stand_alone(self.connection, snapshot_id, without=without)
        self.connection.execute("DELETE FROM dictionaries WHERE id = ?", (dictionary_id,))
        return len(leaning)


_OWN_URLS = "SELECT url FROM urls WHERE article_id = :id UNION SELECT url FROM articles WHERE id = :id"
_KEYS = "SELECT DISTINCT alias_key FROM urls WHERE article_id = :id"
_CAPTURES = f"""
WITH own AS (
  SELECT id FROM captures WHERE url IN ({_OWN_URLS})
  UNION SELECT capture_id FROM versions WHERE article_id = :id)
SELECT id FROM own UNION SELECT id FROM captures WHERE redirected_to IN (SELECT id FROM own)
"""  # noqa: S608 -- a constant
_PAGES = """
SELECT DISTINCT snapshot_id FROM captures
WHERE snapshot_id IS NOT NULL AND id IN (SELECT value FROM json_each(:captures))
"""
_EVENTS = "SELECT id FROM events WHERE article_id = :id"
_TWINS = """
SELECT DISTINCT article_id FROM versions WHERE article_id <> :id
AND body_sha256 IN (SELECT body_sha256 FROM versions WHERE article_id = :id AND body_sha256 IS NOT NULL)
"""
_WORDS = f"""
SELECT title, lead FROM versions WHERE article_id = :id
UNION SELECT caption, credit FROM images JOIN versions ON versions.id = version_id WHERE article_id = :id
UNION SELECT substr(body, 1, 60), NULL FROM versions WHERE article_id = :id
UNION SELECT url, substr(url, instr(substr(url, 9), '/') + 8) FROM ({_OWN_URLS})
"""  # noqa: S608 -- a constant
_DELETE = (
    f"DELETE FROM failures WHERE url IN ({_OWN_URLS})",  # noqa: S608 -- a constant
    "DELETE FROM failures WHERE capture_id IN (SELECT value FROM json_each(:captures))",
    f"DELETE FROM frontier WHERE alias_key IN ({_KEYS})",  # noqa: S608 -- a constant
    "DELETE FROM articles WHERE id = :id",
    "DELETE FROM captures WHERE id IN (SELECT value FROM json_each(:captures))",
)
