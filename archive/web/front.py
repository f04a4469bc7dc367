"""The first page: what is new, or what was searched for."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.queries import Filters, list_articles
from archive.search import Hit, search
from archive.web import links
from archive.web.answers import Asked, Shown

A_PAGE = 20
MAX_PAGES = 50


def front(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show the newest articles, or those that have the words of `q`."""
    words = asked.first("q")
    number = asked.number("page", least=1, most=MAX_PAGES, default=1)
    filters = Filters(sites=asked.every("site"), unique=True)
    exact = asked.first("exact") == "1"
    most, offset = A_PAGE + 1, (number - 1) * A_PAGE
    if words:
        hits = search(connection, words, filters, limit=most, offset=offset, exact_accents=exact)
        found = [_hit(hit) for hit in hits]
    else:
        found = [
            {"article": each, "title": None, "snippet": None}
            for each in list_articles(connection, filters, limit=most, offset=offset)
        ]
    values = {
        "words": words,
        "exact": exact,
        "found": found[:A_PAGE],
        "number": number,
        "newer": _turned(asked, number - 1) if number > 1 else None,
        "older": _turned(asked, number + 1) if len(found) > A_PAGE and number < MAX_PAGES else None,
    }
    return Shown("front.html", values)


def _turned(asked: Asked, number: int) -> str:
    return links.address("/", links.with_field(asked.query, "page", str(number) if number > 1 else ""))


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "article": hit.article,
        "title": pieces(hit.article["title"] or "", hit.title_highlights),
        "snippet": hit.snippet,
        "snippet_pieces": pieces(hit.snippet.text, hit.snippet.highlights),
    }


def pieces(text: str, places: tuple[tuple[int, int], ...]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, and tell of each whether it is a word that was looked for."""
    found, at = [], 0
    for start, end in places:
        if start >= at:
            found += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [*found, (text[at:], False)]
