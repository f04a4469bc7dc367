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
    "relevance": "(SELECT 0)",
}
MAX_ACCENT_CHECKS = 500  # texts read to put those with the very accents first; the rest keeps its order


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found."""

    article: dict[str, Any]  # as queries.list_articles gives it
    snippet: Snippet  # of the body
    title_highlights: tuple[tuple[int, int], ...]


def search(
    connection: sqlite3.Connection,
    typed: str,
    filters: Filters | None = None,
    *,
    sort: str = "newest",
    limit: int = 20,
    exact_accents: bool = False,
) -> list[Hit]:
    """Return the articles that have the words; raises QueryError where they cannot be understood.

    First those in which the words stand side by side, then those that have them all; of each, first those with the
    accents of the query, where it has any; then by `sort`: newest, relevance or oldest. `exact_accents` keeps only
    those with them.
    """
    if sort not in ORDERS:
        raise QueryError(f"cannot sort by {sort!r}; use newest, relevance or oldest")
    words = understand(typed)
    chosen = _Search(connection, words, _narrowed(filters or Filters(), words), sort, exact_accents=exact_accents)
    return chosen.hits(limit)


def count(connection: sqlite3.Connection, typed: str, filters: Filters | None = None) -> int:
    """Return how many articles have the words, whatever their accents."""
    words = understand(typed)
    where, values = _narrowed(filters or Filters(), words).where()
    match = words.match()
    condition = f"{where} AND {_MATCHES}" if match else where
    sql = f"SELECT count(*) FROM articles a WHERE {condition}"  # noqa: S608 -- constants; values are bound
    return int(connection.execute(sql, values | {"match": match}).fetchone()[0])


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
        self, connection: sqlite3.Connection, words: Words, filters: Filters, sort: str, *, exact_accents: bool
    ) -> None:
        self._connection = connection
        self._words = words
        self._where, self._values = filters.where()
        self._sort = sort
        self._exact = exact_accents
        accented = [term for term in words.terms if has_accents(term.text)]
        self._accented = [Accented(term.text, is_prefix=term.is_prefix) for term in accented]

    def hits(self, limit: int) -> list[Hit]:
        """Return the best articles."""
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
        if match is None:
            sql = f"SELECT a.id FROM articles a WHERE {self._where} ORDER BY {_order(self._sort)} LIMIT :limit"  # noqa: S608 -- constants; values are bound
        elif self._sort == "relevance":
            sql = f"""SELECT a.id FROM search_index CROSS JOIN articles a ON a.id = search_index.rowid
                      WHERE search_index MATCH :match AND {self._where}
                      ORDER BY bm25(search_index, {_WEIGHTS}), a.id DESC LIMIT :limit"""  # noqa: S608 -- as above
        else:
            sql = f"""SELECT a.id FROM articles a WHERE {_MATCHES} AND {self._where}
                      ORDER BY {_order(self._sort)} LIMIT :limit"""  # noqa: S608 -- as above
        return [row[0] for row in self._connection.execute(sql, self._values | {"match": match, "limit": limit})]

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


def _order(sort: str) -> str:
    return ORDERS["newest" if sort == "relevance" else sort]


_TEXTS = """
SELECT id, coalesce(title, '') || ' ' || body || ' ' || coalesce(authors, '') || ' ' || coalesce(section, '')
  || ' ' || coalesce(captions, '')
FROM search_text WHERE id IN (SELECT value FROM json_each(:ids))
"""
_BODIES = """
SELECT a.id, v.body FROM articles a JOIN versions v ON v.id = a.version_id
WHERE a.id IN (SELECT value FROM json_each(:ids))
"""
