"""Which feeds does a page name, and what does a JSON Feed name. RSS and Atom are read as sitemaps are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.discover.article_urls import is_article_url
from scraper.errors import ParseFailed
from scraper.models import Found, Page, Role
from scraper.sites import Site
from scraper.text import one_line
from scraper.urls import host_of, join, registrable

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
MAX_FEEDS = 20  # of one page; a newspaper names one for itself and one for the section
MAX_ITEMS = 10_000
HEAD_BYTES = 200_000  # of a page, in which `<link>` stands
OTHERS = ("comments", "comment-feed", "/replies", "oembed")  # feeds of what is no article


def named_feeds(page: Page) -> tuple[Found, ...]:
    """Return the feeds of the page's own site that its `<link rel="alternate">` name, comments' left out."""
    tree = LexborHTMLParser(page.body[:HEAD_BYTES])
    own = registrable(host_of(page.url) or "")
    found: dict[str, Found] = {}
    for node in tree.css("link[rel~=alternate][type][href]"):
        url = join(page.url, node.attributes.get("href") or "")
        is_feed = (node.attributes.get("type") or "").partition(";")[0].strip().lower() in FEED_TYPES
        if is_feed and url and registrable(host_of(url) or "") == own and not any(word in url for word in OTHERS):
            found.setdefault(url, Found(url, Role.FEED))
    return tuple(found.values())[:MAX_FEEDS]


def is_json(page: Page) -> bool:
    """Tell whether a feed is written as JSON."""
    return page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json_feed(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return the articles that a JSON Feed (version 1 and 1.1, jsonfeed.org) names; raises ParseFailed."""
    try:
        feed = json.loads(page.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ParseFailed(page.url, f"no JSON Feed ({error})") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ParseFailed(page.url, "no JSON Feed: it has no list of items")
    return tuple(_items(page.url, items, site))


def _items(base: str, items: list[Any], site: Site | None) -> Iterator[Found]:
    for item in items[:MAX_ITEMS]:
        url = _text(item, "url") or _text(item, "external_url") if isinstance(item, dict) else None
        absolute = join(base, url) if url else None
        if absolute and is_article_url(absolute, site):
            modified_at = _time(_text(item, "date_modified") or _text(item, "date_published"))
            yield Found(absolute, Role.ARTICLE, one_line(_text(item, "title") or "") or None, modified_at)


def _text(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
