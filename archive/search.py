"""Full text: words as typed, to articles, with the pieces of text in which they stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archive.errors import QueryError
from archive.fold import Accented, has_accents
from archive.queries import BRIEF, Filters, record
from archive.snippets import Snippet, pattern_of, places, snippet
from archive.words import Words, understand

# Of title, body, authors, section and captions: as written (never searched by us), then folded.
_WEIGHTS = "0, 0, 0, 0, 0, 10, 1, 5, 2, 2"
ORDERS = {
    "newest": "a.sort_at DESC, a.id DESC",
    "oldest": "a.sort_at, a.id",
}
SORTS = (*ORDERS, "relevance")
MAX_ACCENT_CHECKS = 500  # texts read to put those with the very accents first; the rest keeps its order


@dataclass(frozen=True, slots=True)
class Ways:
    """From how many articles on that have the words another way to the same hits is faster (measured)."""

    rare: int = 1000  # up to so many are looked up and sorted
    common: int = 20_000  # of more, one is soon met in the order asked for
    max_probed: int = 50  # hits wanted at most for that: to look whether one article has the words takes 50 µs


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found."""

    article: dict[str, Any]  # as queries.list_articles gives it
    snippet: Snippet  # of the body
    title_highlights: tuple[tuple[int, int], ...]


DEFAULT_WAYS = Ways()


def search(  # noqa: PLR0913 -- each is an option
    connection: sqlite3.Connection,
    typed: str | Words,
    filters: Filters | None = None,
    *,
    sort: str = "newest",
    limit: int = 20,
    offset: int = 0,
    exact_accents: bool = False,
    ways: Ways = DEFAULT_WAYS,
) -> list[Hit]:
    """Return the articles that have the words; raises QueryError where they cannot be understood.

    First those in which the words stand side by side, then those that have them all; of each, first those with the
    accents of the query, where it has any; then by `sort`: newest, relevance or oldest. `exact_accents` keeps only
    those with them. `offset` leaves out so many of the first.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; use newest, relevance or oldest")
    with _asking(typed) as words:
        left = narrowed(filters or Filters(), words)
        return _Search(connection, words, left, sort=sort, exact_accents=exact_accents, ways=ways).hits(limit, offset)


def count(
    connection: sqlite3.Connection, typed: str | Words, filters: Filters | None = None, *, exact_accents: bool = False
) -> int:
    """Return how many articles `search` would give without a limit."""
    with _asking(typed) as words:
        where, values = _hits(connection, words, filters or Filters(), exact_accents=exact_accents)
        sql = f"SELECT count(*) FROM articles a WHERE {where}"  # noqa: S608 -- constants; values are bound
        return int(connection.execute(sql, values).fetchone()[0])


def count_by(
    connection: sqlite3.Connection,
    typed: str | Words,
    by: str,
    filters: Filters | None = None,
    *,
    exact_accents: bool = False,
) -> list[dict[str, Any]]:
    """Return `{by: …, "articles": …}` for all that `search` would give, most first, months in their order.

    `by` is one of COUNTED_BY. An article counts for each of its authors; None stands for those that name none.
    """
    with _asking(typed) as words:
        where, values = _hits(connection, words, filters or Filters(), exact_accents=exact_accents)
        join = "LEFT JOIN json_each(v.authors) e" if by == "author" else ""
        order = "1" if by == "month" else "2 DESC, 1"
        sql = _COUNT_BY.format(key=COUNTED_BY[by], join=join, where=where, order=order)
        return [{by: name, "articles": articles} for name, articles in connection.execute(sql, values)]


COUNTED_BY = {
    "site": "a.site",
    "section": "v.section",
    "author": "e.value",
    "month": "substr(a.published_on, 1, 7)",
}
_COUNT_BY = """
SELECT {key}, count(DISTINCT a.id) FROM articles a JOIN versions v ON v.id = a.version_id {join}
WHERE {where} GROUP BY 1 ORDER BY {order}
"""


@contextmanager
def _asking(typed: str | Words) -> Iterator[Words]:
    """Give what was typed, understood; what FTS5 says of a raw query of its own is the asker's mistake."""
    words = understand(typed) if isinstance(typed, str) else typed
    try:
        yield words
    except sqlite3.OperationalError as error:
        if words.raw is None or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
            raise
        raise QueryError(
            f"FTS5 does not understand {words.raw!r}: {error}; without --fts words need no syntax"
        ) from error


def _hits(
    connection: sqlite3.Connection, words: Words, filters: Filters, *, exact_accents: bool
) -> tuple[str, dict[str, Any]]:
    """Return a condition that all hits meet, and its values; accents are seen in the texts alone, one by one."""
    search_ = _Search(connection, words, narrowed(filters, words), exact_accents=exact_accents)
    match = words.match()
    if exact_accents and match is not None:
        return "a.id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(search_.all_ids())}
    condition = f"{search_.where} AND {_MATCHES}" if match else search_.where
    return condition, search_.values | {"match": match}


def _also(match: str | None) -> str:
    """Return what is asked of an article that stands for others with its text: that it has the words too."""
    return (
        "1" if match is None else "EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH :words AND rowid = o.id)"
    )


_MATCHES = "a.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :match)"


def newest_with(connection: sqlite3.Connection, words: Words | None, filters: Filters, *, limit: int) -> list[int]:
    """Return the ids of articles that have the words, the last kept first; without words, the newest."""
    where, values = filters.where()
    match = (words.match() if words else None) or values["by_author"]
    sql = (_LAST_KEPT if match else _of_filters(connection, filters)).format(where=where)
    return [row[0] for row in connection.execute(sql, values | {"match": match, "limit": limit})]


def _of_filters(connection: sqlite3.Connection, filters: Filters) -> str:
    """Return the fastest way to the newest: a section with few articles is taken from its own index, and sorted."""
    if filters.section is None:
        return _NEWEST
    of_section = connection.execute(_IN_SECTION, {"section": filters.section}).fetchone()[0]
    return _OF_SECTION if of_section <= DEFAULT_WAYS.common else _NEWEST


def last_kept(connection: sqlite3.Connection, words: Words | None, filters: Filters, *, limit: int) -> list[int]:
    """Return the ids of articles that have the words, the last kept first."""
    match = words.match() if words else None
    where, values = filters.where(also=_also(match))
    sql = (_LAST if match is None else _LAST_KEPT).format(where=where)
    return [row[0] for row in connection.execute(sql, values | {"match": match, "words": match, "limit": limit})]


def is_found(connection: sqlite3.Connection, article_id: int, words: Words | None, filters: Filters) -> bool:
    """Tell whether an article has the words, and passes the filters."""
    match = words.match() if words else None
    where, values = filters.where()
    sql = _IS_FOUND.format(condition="1" if match is None else _HAS_WORDS, where=where)
    return connection.execute(sql, values | {"id": article_id, "match": match}).fetchone() is not None


def with_very_accents(connection: sqlite3.Connection, words: Words, ids: Sequence[int]) -> list[int]:
    """Return those of the articles that have every accented word as it was typed."""
    has = _Search(connection, words, Filters()).with_accents(ids)
    return [article_id for article_id in ids if article_id in has]


# NOT INDEXED: by the table itself from its end, else all are sorted.
_LAST = "SELECT a.id FROM articles a NOT INDEXED WHERE {where} ORDER BY a.id DESC LIMIT :limit"
_IS_FOUND = "SELECT 1 FROM articles a WHERE a.id = :id AND {condition} AND {where}"
_NEWEST = "SELECT a.id FROM articles a WHERE {where} ORDER BY a.sort_at DESC LIMIT :limit"
_IN_SECTION = "SELECT coalesce(sum(articles), 0) FROM facet_counts WHERE facet = 'section' AND value = :section"
_OF_SECTION = """
SELECT a.id FROM versions v CROSS JOIN articles a ON a.version_id = v.id
WHERE v.section = :section AND {where} ORDER BY a.sort_at DESC LIMIT :limit
"""
_LAST_KEPT = """
SELECT a.id FROM search_index CROSS JOIN articles a ON a.id = search_index.rowid
WHERE search_index MATCH :match AND {where} ORDER BY search_index.rowid DESC LIMIT :limit
"""


def narrowed(filters: Filters, words: Words) -> Filters:
    """Return the filters with those that were typed among the words."""
    return replace(
        filters,
        sites=filters.sites + words.sites,
        since=_later(filters.since, words.since),
        until=_earlier(filters.until, words.until),
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


class _Search:
    """One search."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        words: Words,
        filters: Filters,
        *,
        sort: str = "newest",
        exact_accents: bool = False,
        ways: Ways = DEFAULT_WAYS,
    ) -> None:
        self._connection = connection
        self._words = words
        match = words.match()
        self.where, values = filters.where(also=_also(match))
        self.values = values | {"words": match}
        self._sort = sort
        self._exact = exact_accents
        self._ways = ways
        accented = [term for term in words.terms if has_accents(term.text) and words.raw is None]
        self._accented = [Accented(term.text, is_prefix=term.is_prefix) for term in accented]

    def hits(self, limit: int, offset: int = 0) -> list[Hit]:
        """Return the best articles after the first `offset`."""
        if limit < 1:
            return []
        most = offset + limit
        chosen: dict[int, None] = {}
        for match in self._matches():
            if len(chosen) < most:
                found = [n for n in self._best(match, most + len(chosen)) if n not in chosen]
                chosen |= dict.fromkeys(found[: most - len(chosen)])
        return self._shown(list(chosen)[offset:])

    def _matches(self) -> list[str | None]:
        """Return the queries to ask in turn; None is one without words."""
        match = self._words.match()
        phrase = self._words.match_as_phrase()
        return [match] if phrase is None else [phrase, match]

    def all_ids(self) -> list[int]:
        """Return all articles that have the words, with the query's accents where these are asked for."""
        return self._best(self._words.match(), -1)

    def _best(self, match: str | None, limit: int) -> list[int]:
        """Return ids in order, those with the query's accents first."""
        if not self._accented or match is None:
            return self._ids(match, limit)
        if 0 < limit <= self._ways.max_probed:  # mostly the first have them all, and so few are soon found
            ids = self._ids(match, limit)
            if len(ids) == limit and len(self.with_accents(ids)) == limit:
                return ids
        with_accents: list[int] = []
        others: list[int] = []
        ids = self._ids(match, -1 if self._exact else max(limit, MAX_ACCENT_CHECKS))
        looked_at = len(ids) if self._exact else MAX_ACCENT_CHECKS
        size = limit if limit > 0 else MAX_ACCENT_CHECKS
        for start in range(0, min(looked_at, len(ids)), size):
            batch = ids[start : min(start + size, looked_at)]
            has = self.with_accents(batch)
            with_accents += [article_id for article_id in batch if article_id in has]
            others += [article_id for article_id in batch if article_id not in has]
            if 0 < limit <= len(with_accents):
                break
        return with_accents if self._exact else [*with_accents, *others, *ids[looked_at:]]

    def _ids(self, match: str | None, limit: int) -> list[int]:
        """Return ids in the order asked for; `limit` -1 is all."""
        values = self.values | {"match": match, "limit": limit}
        return [row[0] for row in self._connection.execute(self._sql(match, limit), values)]

    def _sql(self, match: str | None, limit: int) -> str:
        """Return the fastest way to the same ids: it depends on how many articles have the words."""
        if match is None:
            return _IN_ORDER.format(condition="1", where=self.where, order=ORDERS[self._shown_order])
        if self._sort == "relevance":
            return _BY_MATCHES.format(where=self.where, order=f"bm25(search_index, {_WEIGHTS}), a.id DESC")
        matches = self._connection.execute(_COUNT_UP_TO, {"match": match, "limit": self._ways.common + 1}).fetchone()[0]
        if matches <= self._ways.rare:
            return _BY_MATCHES.format(where=self.where, order=ORDERS[self._sort])
        is_probed = matches > self._ways.common and 0 < limit <= self._ways.max_probed
        condition = _HAS_WORDS if is_probed else _MATCHES
        return _IN_ORDER.format(condition=condition, where=self.where, order=ORDERS[self._sort])

    @property
    def _shown_order(self) -> str:
        """Return the order where there are no words to be relevant to."""
        return "newest" if self._sort == "relevance" else self._sort

    def with_accents(self, ids: Sequence[int]) -> set[int]:
        """Return those of the articles that have every accented term as it was typed."""
        rows = self._connection.execute(_TEXTS, {"ids": json.dumps(ids)})
        texts = ((row[0], row[1].lower()) for row in rows)
        return {article_id for article_id, text in texts if all(term.stands_in(text) for term in self._accented)}

    def _shown(self, ids: Sequence[int]) -> list[Hit]:
        """Return the articles in this order, with the places of the words."""
        sql = BRIEF + "WHERE a.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 -- as above
        values = {"ids": json.dumps(ids)}
        articles = {row["id"]: record(row) for row in self._connection.execute(sql, values)}
        bodies = dict(tuple(row) for row in self._connection.execute(_BODIES, values))
        pattern = pattern_of(self._words.terms)
        return [Hit(articles[n], snippet(bodies[n], pattern), places(articles[n]["title"] or "", pattern)) for n in ids]


# Filled in with constants of this module; all that a person typed is bound.
_COUNT_UP_TO = "SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH :match LIMIT :limit)"
_IN_ORDER = "SELECT a.id FROM articles a WHERE {condition} AND {where} ORDER BY {order} LIMIT :limit"
_HAS_WORDS = "EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH :match AND rowid = a.id)"
_BY_MATCHES = """
SELECT a.id FROM search_index CROSS JOIN articles a ON a.id = search_index.rowid
WHERE search_index MATCH :match AND {where} ORDER BY {order} LIMIT :limit
"""
_TEXTS = """
SELECT id, coalesce(title, '') || ' ' || body || ' ' || coalesce(authors, '') || ' ' || coalesce(section, '')
  || ' ' || coalesce(captions, '')
FROM search_text WHERE id IN (SELECT value FROM json_each(:ids))
"""
_BODIES = """
SELECT a.id, v.body FROM articles a JOIN versions v ON v.id = a.version_id
WHERE a.id IN (SELECT value FROM json_each(:ids))
"""
