"""Feeds of any search: what is new in the archive, and what newspapers edited or took down."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from archive.facets import FACETS
from archive.history import Happening, Kind, changes
from archive.queries import Filters, brief
from archive.search import is_found, last_kept, narrowed, with_very_accents
from archive.web import links
from archive.web.answers import Asked, Shown
from archive.web.atom import CONTENT_TYPE, Entry, Feed, written
from archive.web.front import Wanted, wanted_of
from archive.web.labels import Labels
from archive.web.wording import language_tag, time_words

ENTRIES = 50
MOST_LOOKED_AT = 2000  # changes, to find those of the articles that were searched for
TAG = "tag:luubao,2026:"
"""What ids begin with (RFC 4151)."""

FIELDS = ("q", "exact", *FACETS)
"""What of a search's address is the feed's too."""


def new(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Tell which articles were kept last, or which of those that a search finds."""
    wanted = wanted_of(asked)
    ids = last_kept(connection, wanted.words, _filters(wanted), limit=ENTRIES)
    if wanted.words is not None and wanted.is_exact:
        ids = with_very_accents(connection, wanted.words, ids)
    entries = [_entry(brief(connection, article_id), asked) for article_id in ids]
    return _shown("new", entries, asked)


def changed(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Tell what newspapers changed last, in any article or in those that a search finds."""
    wanted = wanted_of(asked)
    filters = replace(_filters(wanted), unique=False)
    is_wanted: dict[int, bool] = {}

    def is_meant(article_id: int) -> bool:
        if article_id not in is_wanted:
            is_wanted[article_id] = is_found(connection, article_id, wanted.words, filters)
        return is_wanted[article_id]

    found = changes(connection, sites=filters.sites, limit=ENTRIES, of=is_meant, most_looked_at=MOST_LOOKED_AT)
    entries = [_change(each, brief(connection, each["article_id"]), asked) for each in found]
    return _shown("changes", entries, asked)


def _filters(wanted: Wanted) -> Filters:
    return narrowed(wanted.filters, wanted.words) if wanted.words is not None else wanted.filters


def _shown(name: str, entries: list[Entry], asked: Asked) -> Shown:
    t = Labels(asked.language)
    query = [(field, value) for field, value in asked.query if field in FIELDS and value.strip()]
    said = ", ".join(value for _, value in query)
    title = f"luubao: {t(f'feed_{name}')}"
    feed = Feed(
        id=f"{TAG}{quote(links.address(f'feed/{name}', sorted(query)), safe='/?=&%')}",
        title=f"{title} – {said}" if said else title,
        address=asked.web.origin + links.address(f"/feed/{name}.atom", query),
        link=asked.web.origin + links.address("/", query),
        language=asked.language,
        entries=entries,
    )
    text = written(feed)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return Shown("", text=text, content_type=CONTENT_TYPE, headers={"etag": tag})


# --- entries, pure ----------------------------------------------------------------------------------------------------


def _entry(article: Mapping[str, Any], asked: Asked) -> Entry:
    return Entry(
        id=f"{TAG}article/{article['id']}/{article['first_seen_at']}",
        title=article["title"] or Labels(asked.language)("no_title"),
        updated=article["last_changed_at"],
        published=article["published_at"],
        link=asked.web.origin + links.article(article["id"]),
        original=article["url"],
        summary=article["lead"],
        authors=article["authors"],
        category=article["section"],
        language=language_tag(article["language"]),
    )


def _change(each: Happening, article: Mapping[str, Any], asked: Asked) -> Entry:
    t = Labels(asked.language)
    version = each["version"] or 0
    address = (
        links.changes(each["article_id"], version - 1, version) if version > 1 else links.article(each["article_id"])
    )
    facts = f"{each['happened_at']} {each['before']} {each['after']}"
    return Entry(
        id=f"{TAG}change/{each['article_id']}/{each['kind']}/{version}/{hashlib.sha256(facts.encode()).hexdigest()[:16]}",
        title=f"{t('happened_' + each['kind'])}: {each['title'] or t('no_title')}",
        updated=each["happened_at"],
        link=asked.web.origin + address,
        original=each["url"],
        summary=_told(each, t),
        category=each["kind"],
        language=language_tag(article["language"]),
    )


def _told(each: Happening, t: Labels) -> str:
    """Return what a change was, in a sentence."""
    match each["kind"]:
        case Kind.TITLE_CHANGED:
            return f"{each['before'] or '–'} → {each['after'] or '–'}"
        case Kind.DATE_CHANGED:
            return f"{time_words(each['before'], t.language) or '–'} → {time_words(each['after'], t.language) or '–'}"
        case Kind.EDITED:
            words = t("words_changed", came=each["words_added"], went=each["words_removed"])
            fields = ", ".join(map(t.field, each["fields"]))
            return f"{fields}; {words}" if each["words_added"] or each["words_removed"] else fields
    return each["after"] or ""
