"""How many articles there are by newspaper, section, author and month: of all, of some newspapers, of what was found.

All of them, and all of some newspapers, are counted already: the triggers of `facet_counts` do. Of anything else the
latest few thousand that were kept are looked at, since a word may stand in a million.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from archive.queries import Filters
from archive.search import narrowed, newest_with, with_very_accents
from archive.words import Words

FACETS = ("site", "section", "author", "month")
MAX_LOOKED_AT = 1000
MAX_READ = 500  # for accents, which are seen in the texts alone
MAX_VALUES = 60  # of a facet


class Counted(NamedTuple):
    """A value of a facet, and how many articles have it."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What was counted; months latest first, the others most frequent first."""

    articles: int
    is_whole: bool  # False: there are more, and these are the latest of them
    by: dict[str, list[Counted]]


def facets(
    connection: sqlite3.Connection,
    words: Words | None = None,
    filters: Filters | None = None,
    *,
    exact_accents: bool = False,
    most: int = MAX_LOOKED_AT,
) -> Facets:
    """Count what the words and filters leave; copies of a text count each. Raises QueryError as `search` does.

    Where it is not counted already, the `most` articles that were kept last are looked at.
    """
    asked = replace(filters or Filters(), unique=False)
    if words is not None:
        asked = narrowed(asked, words)
    if asked == Filters(sites=asked.sites) and (words is None or words.match() is None):
        return _counted_already(connection, asked.sites)
    most = min(most, MAX_READ) if exact_accents else most
    ids = newest_with(connection, words, asked, limit=most + 1)
    looked_at = ids[:most]
    if words is not None and exact_accents:
        looked_at = with_very_accents(connection, words, looked_at)
    return Facets(len(looked_at), len(ids) <= most, _counted(connection, looked_at))


def _counted_already(connection: sqlite3.Connection, sites: tuple[str, ...]) -> Facets:
    values = {"all": not sites, "sites": json.dumps(sites), "most": MAX_VALUES}
    articles = connection.execute(_TOTAL, values).fetchone()[0]
    by: dict[str, list[Counted]] = {}
    for facet in FACETS:
        rows = connection.execute(_COUNTED.format(order=_order(facet)), values | {"facet": facet})
        by[facet] = [Counted(*row) for row in rows]
    return Facets(articles, is_whole=True, by=by)


def _order(facet: str) -> str:
    return "value DESC" if facet == "month" else "2 DESC, value"


def _counted(connection: sqlite3.Connection, ids: list[int]) -> dict[str, list[Counted]]:
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for site, section, month, authors in connection.execute(_VALUES, {"ids": json.dumps(ids)}):
        counts["site"][site] += 1
        counts["section"].update([section] if section else ())
        counts["month"].update([month] if month else ())
        counts["author"].update(set(json.loads(authors)) if authors != "[]" else ())
    return {facet: _ordered(facet, counted) for facet, counted in counts.items()}


def _ordered(facet: str, counted: Counter[str]) -> list[Counted]:
    found = [Counted(*pair) for pair in counted.items()]
    if facet == "month":
        return sorted(found, reverse=True)[:MAX_VALUES]
    return sorted(found, key=lambda each: (-each.articles, each.value))[:MAX_VALUES]


_TOTAL = """
SELECT coalesce(sum(articles), 0) FROM facet_counts
WHERE facet = 'site' AND (:all OR site IN (SELECT value FROM json_each(:sites)))
"""
_COUNTED = """
SELECT value, sum(articles) FROM facet_counts
WHERE facet = :facet AND (:all OR site IN (SELECT value FROM json_each(:sites)))
GROUP BY value ORDER BY {order} LIMIT :most
"""
_VALUES = """
SELECT a.site, v.section, substr(a.published_on, 1, 7), v.authors
FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id IN (SELECT value FROM json_each(:ids))
"""
