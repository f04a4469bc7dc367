"""The first page: what is new, or what was searched for, with counts to narrow it by."""

from __future__ import annotations

import re
import sqlite3
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.beside import copies
from archive.errors import QueryError
from archive.facets import FACETS, Facets, facets
from archive.queries import Filters, list_articles
from archive.search import count, search
from archive.snippets import Place, joined
from archive.suggestions import missing_words
from archive.web import links
from archive.web.answers import Asked, Shown
from archive.words import Words, understand

A_PAGE = 20
MAX_PAGES = 100

_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the first page was asked for."""

    typed: str
    words: Words | None  # None: nothing was typed
    filters: Filters
    is_exact: bool
    page: int


def front(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show the newest articles, or those that have the words of `q`; narrowed by site, section, author and month."""
    wanted = wanted_of(asked)
    found = _found(connection, wanted)
    counted = facets(connection, wanted.words, wanted.filters, exact_accents=wanted.is_exact)
    values = {
        "wanted": wanted,
        "found": found[:A_PAGE],
        "folded": copies(connection, [each["article"]["id"] for each in found[:A_PAGE]]),
        "counted": counted,
        "facets": _offered(asked, counted),
        "chosen": _chosen(asked),
        "kept": [(name, value) for name, value in asked.query if name in FACETS],
        "newer": _turned(asked, wanted.page - 1) if wanted.page > 1 else None,
        "older": _turned(asked, wanted.page + 1) if len(found) > A_PAGE and wanted.page < MAX_PAGES else None,
        "is_last_shown": wanted.page == MAX_PAGES and len(found) > A_PAGE,
    }
    return Shown("front.html", values | (_nothing(connection, wanted, asked) if not found else {}))


def _found(connection: sqlite3.Connection, wanted: Wanted) -> list[dict[str, Any]]:
    """Return what a page of the list shows, and one more where the list goes on."""
    most, offset = A_PAGE + 1, (wanted.page - 1) * A_PAGE
    if wanted.words is None:
        rows = list_articles(connection, wanted.filters, limit=most, offset=offset)
        return [{"article": row, "title": pieces(row["title"] or "", ()), "snippet": None} for row in rows]
    hits = search(connection, wanted.words, wanted.filters, limit=most, offset=offset, exact_accents=wanted.is_exact)
    return [
        {
            "article": hit.article,
            "title": pieces(hit.article["title"] or "", hit.title_highlights),
            "snippet": hit.snippet,
            "pieces": pieces(hit.snippet.text, hit.snippet.highlights),
        }
        for hit in hits
    ]


def wanted_of(asked: Asked) -> Wanted:
    """Read what is asked for; raises QueryError."""
    typed = asked.first("q")
    month = asked.first("month")
    filters = Filters(
        sites=asked.every("site"),
        section=asked.first("section") or None,
        author=asked.first("author") or None,
        since=_first_day(month) if month else None,
        until=_last_day(month) if month else None,
        unique=True,
    )
    page = asked.number("page", least=1, most=MAX_PAGES, default=1)
    return Wanted(typed, understand(typed) if typed else None, filters, asked.first("exact") == "1", page)


def _first_day(month: str) -> date:
    found = _MONTH.fullmatch(month)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else _no_month(month)
    except ValueError:
        return _no_month(month)


def _no_month(month: str) -> date:
    raise QueryError(f"month={month[:40]} is no month; write 2023-03")


def _last_day(month: str) -> date:
    first = _first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _turned(asked: Asked, number: int) -> str:
    return links.address("/", links.with_field(asked.query, "page", str(number) if number > 1 else ""))


def _offered(asked: Asked, counted: Facets) -> list[dict[str, Any]]:
    """Return the facets that can narrow the list further: values, counts and addresses."""
    return [
        {
            "name": name,
            "values": [
                (value, articles, links.address("/", links.with_field(asked.query, name, value)))
                for value, articles in counted.by[name]
            ],
        }
        for name in FACETS
        if not asked.first(name) and len(counted.by[name]) > (1 if name == "site" else 0)
    ]


def _chosen(asked: Asked) -> list[tuple[str, str, str]]:
    """Return what narrows the list: facet, value, and the address of the list without it."""
    return [
        (name, value, links.address("/", links.without(asked.query, name, value)))
        for name in FACETS
        for value in asked.every(name)
    ]


def _nothing(connection: sqlite3.Connection, wanted: Wanted, asked: Asked) -> dict[str, Any]:
    """Tell why nothing was found: words that no article has, with those near them; or filters that leave nothing."""
    missing = missing_words(connection, wanted.words) if wanted.words else []
    instead = [
        (near, links.address("/", links.with_field(asked.query, "q", wanted.typed.replace(each.word, near))))
        for each in missing
        for near in each.near
    ]
    others = 0
    if wanted.filters != Filters(unique=True) and not missing:
        words, exact = wanted.words, wanted.is_exact
        others = count(connection, words, exact_accents=exact) if words else facets(connection).articles
    unfiltered = links.address("/", [("q", wanted.typed)])
    return {"missing": missing, "instead": instead, "others": others, "unfiltered": unfiltered}


def pieces(text: str, places: Iterable[Place]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, and tell of each whether it is what was looked for."""
    found, at = [], 0
    for start, end in joined(text, places):
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [*found, (text[at:], False)]
