"""Which articles have nearly one text: each is compared once it is kept, and linked into a group with those like it.

A text's signature is cut into bands; articles that share one are looked up in an index, and their texts compared.
Groups are what hangs together by such pairs, so that the order in which articles came changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import NamedTuple

from archive import likeness
from archive.originals import rank_of, rank_of_named, sources_named
from archive.schema_5 import BANDS

BATCH = 1000  # articles a transaction: their bands lie all over the index, and each page of it is then written once
BATCH_CHARACTERS = 8_000_000  # of their texts; a thousand articles have some three million
TEXTS_IN_HAND = 64  # taken apart, for those compared next
MAX_OF_A_BAND = 100  # looked at, of those with one band in common: a paper's own phrases may be in thousands
MAX_READ = 20  # texts compared with one, the most alike by their signatures
LEAST_ESTIMATED = 0.15  # half of what is asked of the texts themselves: the estimate errs

Writing = Callable[[], AbstractContextManager[sqlite3.Connection]]
Tick = Callable[[str, int, int], None]


class _New(NamedTuple):
    version_id: int
    article_id: int
    current_id: int
    kind: str
    body: str


def compare_new(
    connection: sqlite3.Connection, writing: Writing, *, most: int | None = None, tick: Tick = lambda *_: None
) -> int:
    """Compare the articles kept or edited since the last time, a thousand a transaction; return how many.

    It can be stopped, or killed, at any instant, and goes on there; `most` ends it after about so many.
    """
    _begin_anew_for_another_algorithm(connection, writing)
    total, done = waiting(connection), 0
    while (most is None or done < most) and (batch := _batch(connection)):
        signed = likeness.signatures([new.body for new in batch])
        with writing():
            comparing = _Comparing(connection)
            for new, signature in zip(batch, signed, strict=True):
                comparing.take(new, signature)
            connection.execute(_MARK, (batch[-1].version_id,))
        done += len(batch)
        tick("texts compared", done, total)
    return done


def waiting(connection: sqlite3.Connection) -> int:
    """Return how many versions were kept since the last comparison."""
    return int(connection.execute(_WAITING).fetchone()[0])


def _batch(connection: sqlite3.Connection) -> list[_New]:
    batch: list[_New] = []
    characters = 0
    for row in connection.execute(_NEW, (likeness.MAX_CHARACTERS, BATCH)):
        batch.append(_New(*row))
        characters += len(batch[-1].body)
        if characters >= BATCH_CHARACTERS:
            break
    return batch


def _begin_anew_for_another_algorithm(connection: sqlite3.Connection, writing: Writing) -> None:
    sql = "SELECT algorithm FROM signatures LIMIT 1"
    row = connection.execute(sql).fetchone()
    if row is None or row[0] == likeness.algorithm():
        return
    with writing():
        for sql in ("DELETE FROM bands", "DELETE FROM signatures", "DELETE FROM duplicates"):
            connection.execute(sql)
        connection.execute("DELETE FROM marks WHERE name = 'compared'")


_UPTO = "coalesce((SELECT value FROM marks WHERE name = 'compared'), 0)"
_WAITING = f"SELECT count(*) FROM versions WHERE id > {_UPTO}"  # noqa: S608 -- a constant
_NEW = f"""
SELECT v.id, a.id, a.version_id, a.kind, substr(v.body, 1, ?) FROM versions v JOIN articles a ON a.id = v.article_id
WHERE v.id > {_UPTO} ORDER BY v.id LIMIT ?
"""  # noqa: S608 -- a constant
_MARK = "INSERT OR REPLACE INTO marks (name, value) VALUES ('compared', ?)"


def forget(connection: sqlite3.Connection, article_id: int) -> list[int]:
    """Take an article out of its group; return those whose links hung on it, for `link_again`."""
    row = connection.execute(_GROUP_OF, (article_id,)).fetchone()
    has_twin = row is not None and connection.execute(_TWIN, {"id": article_id, "group": row[0]}).fetchone() is not None
    connection.execute("DELETE FROM signatures WHERE article_id = ?", (article_id,))
    if row is None:
        return []
    if has_twin:  # whatever is like the one is like the other: nothing comes apart
        connection.execute("DELETE FROM duplicates WHERE article_id = ?", (article_id,))
        return []
    others = [each[0] for each in connection.execute(_OTHERS, {"id": article_id, "group": row[0]})]
    connection.execute("DELETE FROM duplicates WHERE group_id = ?", (row[0],))
    return others


def link_again(connection: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Link articles whose group came apart: into one again, into several, or none."""
    comparing = _Comparing(connection)
    for article_id in article_ids:
        comparing.link(article_id)


def lower_mark(connection: sqlite3.Connection) -> None:
    """Bring the mark down to the versions that are left: SQLite gives an id again once the highest is gone."""
    connection.execute(_LOWER)


_GROUP_OF = "SELECT group_id FROM duplicates WHERE article_id = ?"
_OTHERS = "SELECT article_id FROM duplicates WHERE group_id = :group AND article_id <> :id ORDER BY article_id"
_TWIN = """
SELECT 1 FROM articles mine JOIN signatures s ON s.article_id = mine.id JOIN versions said ON said.id = s.version_id
JOIN versions v ON v.body_sha256 = said.body_sha256 JOIN articles a ON a.id = v.article_id AND a.site = mine.site
JOIN signatures t ON t.article_id = a.id AND t.version_id = v.id JOIN duplicates d ON d.article_id = a.id
WHERE mine.id = :id AND a.id <> :id AND d.group_id = :group LIMIT 1
"""
_LOWER = """
UPDATE marks SET value = min(value, (SELECT coalesce(max(id), 0) FROM versions)) WHERE name = 'compared'
"""


class _Known(NamedTuple):
    """An article as far as its group goes."""

    article_id: int
    url: str
    site: str
    sort_at: str
    source_name: str | None
    source_published_at: str | None
    version_id: int
    body_sha256: bytes | None


class _Comparing:
    """Comparisons in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._text = lru_cache(maxsize=TEXTS_IN_HAND)(self._read)

    def take(self, new: _New, signature: bytes | None) -> None:
        """Take the text of a version for its article's; an older one, and what is no article, has no part in it."""
        if new.version_id != new.current_id:
            return
        apart = forget(self._connection, new.article_id)
        if new.kind == "article":
            self._sign(new, signature)
            self.link(new.article_id)
        for article_id in apart:
            self.link(article_id)

    def _sign(self, new: _New, signature: bytes | None) -> None:
        """Add a signature and its bands, unless the article was erased since its text was read."""
        values = (new.version_id, likeness.algorithm(), signature, new.article_id)
        is_there = self._connection.execute(_SIGN, values).rowcount > 0
        keys = likeness.bands(signature) if signature and is_there else []
        rows = ((key, new.article_id) for key in keys)
        self._connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)

    def link(self, article_id: int) -> None:
        """Put an article into a group with those that have its text; groups that it joins become one."""
        article = self._known(article_id)
        if article is None:
            return
        groups: set[int] = set()
        loners: list[_Known] = []
        for other in self._alike(article, groups):
            group = self._group_of(other.article_id)
            if group is None:
                loners.append(other)
            else:
                groups.add(group)
        if groups or loners:
            self._join([article, *loners], groups)

    def _alike(self, article: _Known, groups: set[int]) -> Iterator[_Known]:
        """Yield the articles with this one's text; of a group that is found already no further one is looked at."""
        exact = self._connection.execute(_EXACT, {"sha256": article.body_sha256, "id": article.article_id})
        exact_ids = [row[0] for row in exact]
        text = None
        for other_id in [*exact_ids, *(each for each in self._near(article.article_id) if each not in exact_ids)]:
            other = self._known(other_id)
            if other is None or self._group_of(other_id) in groups:
                continue
            if other_id in exact_ids:
                yield other
                continue
            text = text or self._text(article.version_id)
            if likeness.is_one_text(text, self._text(other.version_id), is_same_site=article.site == other.site):
                yield other

    def _near(self, article_id: int) -> list[int]:
        """Return the articles that may have this one's text, the likeliest first."""
        row = self._connection.execute(
            "SELECT signature FROM signatures WHERE article_id = ?", (article_id,)
        ).fetchone()
        if row is None or row[0] is None:
            return []
        found = {each[0] for each in self._connection.execute(_SHARED, likeness.bands(row[0]))} - {article_id}
        others = self._connection.execute(_SIGNATURES, (json.dumps(sorted(found)),)).fetchall() if found else []
        return likeness.nearest(row[0], others, least=LEAST_ESTIMATED)[:MAX_READ]

    def _known(self, article_id: int) -> _Known | None:
        row = self._connection.execute(_KNOWN, (article_id,)).fetchone()
        return _Known(*row) if row else None

    def _read(self, version_id: int) -> likeness.Text:
        body = self._connection.execute("SELECT body FROM versions WHERE id = ?", (version_id,)).fetchone()[0]
        return likeness.text_of(body)

    def _group_of(self, article_id: int) -> int | None:
        row = self._connection.execute(_GROUP_OF, (article_id,)).fetchone()
        return row[0] if row else None

    def _join(self, articles: Sequence[_Known], groups: set[int]) -> None:
        group_id = min(groups) if groups else self._connection.execute(_NEXT_GROUP).fetchone()[0]
        for other in groups - {group_id}:
            self._connection.execute("UPDATE duplicates SET group_id = ? WHERE group_id = ?", (group_id, other))
        for each in articles:
            rank = rank_of(each.article_id, each.sort_at, each.source_published_at, is_reprint=bool(each.source_name))
            self._connection.execute(
                "INSERT OR IGNORE INTO duplicates VALUES (?, ?, ?)", (each.article_id, group_id, rank)
            )
        self._rank_first_what_others_name(group_id)

    def _rank_first_what_others_name(self, group_id: int) -> None:
        """Let those stand first that others of the group name as their source."""
        rows = self._connection.execute(_MEMBERS, (group_id,)).fetchall()
        named = sources_named([(article_id, url, source) for article_id, url, source, _ in rows])
        for article_id, _, _, rank in rows:
            if article_id in named:
                values = (rank_of_named(rank), article_id)
                self._connection.execute("UPDATE duplicates SET rank = ? WHERE article_id = ?", values)


_SIGN = "INSERT INTO signatures SELECT id, ?, ?, ? FROM articles WHERE id = ?"
_KNOWN = """
SELECT a.id, a.url, a.site, a.sort_at, v.source_name, v.source_published_at, v.id, v.body_sha256
FROM signatures s JOIN articles a ON a.id = s.article_id JOIN versions v ON v.id = s.version_id
WHERE a.id = ?
"""
_EXACT = f"""
SELECT v.article_id FROM versions v JOIN signatures s ON s.article_id = v.article_id AND s.version_id = v.id
WHERE v.body_sha256 = :sha256 AND v.article_id <> :id LIMIT {MAX_OF_A_BAND}
"""  # noqa: S608 -- a constant
_SHARED = " UNION ALL ".join(
    [f"SELECT * FROM (SELECT article_id FROM bands WHERE key = ? LIMIT {MAX_OF_A_BAND})"] * BANDS  # noqa: S608 -- a constant
)
_SIGNATURES = """
SELECT article_id, signature FROM signatures
WHERE article_id IN (SELECT value FROM json_each(?)) AND signature IS NOT NULL
"""
_NEXT_GROUP = "SELECT coalesce(max(group_id), 0) + 1 FROM duplicates"
_MEMBERS = f"""
SELECT d.article_id, a.url, v.source_name, d.rank FROM duplicates d
JOIN articles a ON a.id = d.article_id JOIN versions v ON v.id = a.version_id
WHERE d.group_id = ? ORDER BY d.rank LIMIT {2 * MAX_OF_A_BAND}
"""  # noqa: S608 -- a constant
