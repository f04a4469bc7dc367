"""Full text: words as typed, to articles, with the pieces of text in which they stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
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


def search(
    connection: sqlite3.Connection,
    typed: str,
    filters: Filters | None = None,
    *,
    sort: str = "newest",
    limit: int = 20,
    exact_accents: bool = False,
    ways: Ways = DEFAULT_WAYS,
) -> list[Hit]:
    """Return the articles that have the words; raises QueryError where they cannot be understood.

    First those in which the words stand side by side, then those that have them all; of each, first those with the
    accents of the query, where it has any; then by `sort`: newest, relevance or oldest. `exact_accents` keeps only
    those with them.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; use newest, relevance or oldest")
    words = understand(typed)
    filters = _narrowed(filters or Filters(), words)
    return _Search(connection, words, filters, sort=sort, exact_accents=exact_accents, ways=ways).hits(limit)


def count(connection: sqlite3.Connection, typed: str, filters: Filters | None = None) -> int:
    """Return how many articles have the words, whatever their accents."""
    words = understand(typed)
    match = words.match()
    where, values = _narrowed(filters or Filters(), words).where(also=_also(match))
    condition = f"{where} AND {_MATCHES}" if match else where
    sql = f"SELECT count(*) FROM articles a WHERE {condition}"  # noqa: S608 -- constants; values are bound
    return int(connection.execute(sql, values | {"match": match, "words": match}).fetchone()[0])


def _also(match: str | None) -> str:
    """Return what is asked of an article that stands for others with its text: that it has the words too."""
    return (
        "1" if match is None else "EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH :words AND rowid = o.id)"
    )


_MATCHES = "a.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :match)"


def _narrowed(filters: Filters, words: Words) -> Filters:
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
        sort: str,
        exact_accents: bool,
        ways: Ways,
    ) -> None:
        self._connection = connection
        self._words = words
        match = words.match()
        self._where, values = filters.where(also=_also(match))
        self._values = values | {"words": match}
        self._sort = sort
        self._exact = exact_accents
        self._ways = ways
        accented = [term for term in words.terms if has_accents(term.text)]
        self._accented = [Accented(term.text, is_prefix=term.is_prefix) for term in accented]

    def hits(self, limit: int) -> list[Hit]:
        """Return the best articles."""
        if limit < 1:
            return []
        chosen: list[int] = []
        for match in (self._words.match_as_phrase(), self._words.match()):
            if len(chosen) < limit and (match or not self._words.groups):
                found = [
                    article_id for article_id in self._best(match, limit + len(chosen)) if article_id not in chosen
                ]
                chosen += found[: limit - len(chosen)]
        return self._shown(chosen)

    def _best(self, match: str | None, limit: int) -> list[int]:
        """Return ids in order, those with the query's accents first."""
        if not self._accented or match is None:
            return self._ids(match, limit)
        with_accents: list[int] = []
        others: list[int] = []
        ids = self._ids(match, -1 if self._exact else MAX_ACCENT_CHECKS)
        for start in range(0, len(ids), limit):
            batch = ids[start : start + limit]
            has = self._with_accents(batch)
            with_accents += [article_id for article_id in batch if article_id in has]
            others += [article_id for article_id in batch if article_id not in has]
            if len(with_accents) >= limit:
                break
        return with_accents if self._exact else with_accents + others

    def _ids(self, match: str | None, limit: int) -> list[int]:
        """Return ids in the order asked for; `limit` -1 is all."""
        values = self._values | {"match": match, "limit": limit}
        return [row[0] for row in self._connection.execute(self._sql(match, limit), values)]

    def _sql(self, match: str | None, limit: int) -> str:
        """Return the fastest way to the same ids: it depends on how many articles have the words."""
        if match is None:
            return _IN_ORDER.format(condition="1", where=self._where, order=ORDERS[self._shown_order])
        if self._sort == "relevance":
            return _BY_MATCHES.format(where=self._where, order=f"bm25(search_index, {_WEIGHTS}), a.id DESC")
        matches = self._connection.execute(_COUNT_UP_TO, {"match": match, "limit": self._ways.common + 1}).fetchone()[0]
        if matches <= self._ways.rare:
            return _BY_MATCHES.format(where=self._where, order=ORDERS[self._sort])
        is_probed = matches > self._ways.common and 0 < limit <= self._ways.max_probed
        condition = _HAS_WORDS if is_probed else _MATCHES
        return _IN_ORDER.format(condition=condition, where=self._where, order=ORDERS[self._sort])

    @property
    def _shown_order(self) -> str:
        """Return the order where there are no words to be relevant to."""
        return "newest" if self._sort == "relevance" else self._sort

    def _with_accents(self, ids: Sequence[int]) -> set[int]:
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
