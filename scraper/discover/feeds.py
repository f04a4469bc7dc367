"""Which feeds does a page name, and what does a feed name: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

from __future__ import annotations

import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper import sites
from scraper.discover.article_urls import shape_of
from scraper.discover.sitemaps import read_sitemap
from scraper.errors import ParseFailed
from scraper.models import Found, Page, Role
from scraper.sites import Site
from scraper.text import nfc, one_line
from scraper.urls import host_of, join, registrable

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
MAX_FEEDS = 20  # of one page; a newspaper names one for itself and one for the section
MAX_LISTED_FEEDS = 60  # of a page that is there to list them
MAX_ITEMS = 10_000
MAX_FEED_BYTES = 4 << 20  # 10,000 items have 3 MB, for which feedparser takes 3 s; the newest come first
MAX_TITLE_CHARS = 300
HEAD_BYTES = 200_000  # of a page, in which `<link>` stands
OTHERS = ("comments", "comment-feed", "/replies", "oembed")  # feeds of what is no article
TIMES = ("updated_parsed", "published_parsed", "created_parsed")
LEAST_EVIDENCE = -1.0  # of an item's URL: that of a section, "/thoi-su/", is below

_FEED_PATH = re.compile(
    r"\.(?:rss|rdf|atom)\Z|/(?:rss|feed|feeds)/[^/]+\Z|[^/]/(?:rss|feed)(?:\.xml)?/?\Z", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]{0,2000}>")


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


def listed_feeds(page: Page) -> tuple[Found, ...]:
    """Return the feeds of the page's own site that it links to: "/rss" is often a page that lists them all."""
    own = registrable(host_of(page.url) or "")
    found: dict[str, Found] = {}
    for node in LexborHTMLParser(page.body).css("a[href]"):
        url = join(page.url, node.attributes.get("href") or "")
        if url and _FEED_PATH.search(urlsplit(url).path) and registrable(host_of(url) or "") == own and url != page.url:
            found.setdefault(url, Found(url, Role.FEED))
    return tuple(link for link in found.values() if not any(word in link.url for word in OTHERS))[:MAX_LISTED_FEEDS]


def read_feed(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return the articles that a feed names, with title and time, and the feed's next page (RFC 5005) where it has one.

    A sitemap in the place of a feed is read as such. What is broken gives what can be made out; raises ParseFailed for
    what is no feed at all, such as an HTML page.
    """
    if is_json(page):
        return read_json_feed(page, site)
    feed = _parsed(page)
    if not feed.entries and not feed.get("version"):
        return read_sitemap(page, site)
    entries = (_found(page.url, _fields(entry), site) for entry in islice(feed.entries, MAX_ITEMS))
    found = {link.url: link for link in entries if link is not None}
    following = _next_page(page.url, feed.feed.get("links", ())) if found else None
    return (*found.values(), *([Found(following, Role.FEED, is_next_page=True)] if following else ()))


def _parsed(page: Page) -> Any:  # noqa: ANN401 -- feedparser has no types
    """Let feedparser read the bytes: a stream, since it would fetch or open what is not one."""
    import feedparser  # noqa: PLC0415 -- 0.1 s, which a process that meets no feed need not pay

    headers = {"content-location": page.url, "content-type": page.header("content-type") or "application/xml"}
    try:
        return feedparser.parse(
            BytesIO(page.body[:MAX_FEED_BYTES]),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError) as error:
        # what it lets through of its parsers on odd input
        raise ParseFailed(page.url, f"no feed can be made out ({error})") from error


def _fields(entry: Mapping[str, Any]) -> Mapping[str, str | datetime | None]:
    """Return the fields of an entry under JSON Feed's names; `feedburner:origLink` is the article behind a counter."""
    times = (_instant(entry[name]) for name in TIMES if name in entry)
    return {
        "url": _text(entry, "feedburner_origlink") or _text(entry, "link"),
        "title": _text(entry, "title"),
        "time": next((time for time in times if time is not None), None),
    }


def _instant(utc: Any) -> datetime | None:  # noqa: ANN401 -- a struct_time, or None
    try:
        return datetime.fromtimestamp(timegm(utc), UTC) if utc else None
    except (ValueError, OverflowError, OSError):  # the year 0
        return None


def _next_page(base: str, links: Any) -> str | None:  # noqa: ANN401 -- as _parsed
    href = next((link.get("href") for link in links if link.get("rel") == "next"), None)
    url = join(base, href) if isinstance(href, str) else None
    return url if url != base else None


# --- JSON Feed --------------------------------------------------------------------------------------------------------


def is_json(page: Page) -> bool:
    """Tell whether a feed is written as JSON."""
    return page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_json_feed(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return the articles that a JSON Feed (version 1 and 1.1, jsonfeed.org) names, and its next page.

    Raises ParseFailed.
    """
    try:
        feed = json.loads(page.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ParseFailed(page.url, f"no JSON Feed ({error})") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ParseFailed(page.url, "no JSON Feed: it has no list of items")
    found = tuple(_items(page.url, items, site))
    following = _text(feed, "next_url")
    url = join(page.url, following) if following and found else None
    return (*found, Found(url, Role.FEED, is_next_page=True)) if url and url != page.url else found


def _items(base: str, items: list[Any], site: Site | None) -> Iterator[Found]:
    for item in items[:MAX_ITEMS]:
        if not isinstance(item, dict):
            continue
        fields = {
            "url": _text(item, "url") or _text(item, "external_url"),
            "title": _text(item, "title"),
            "time": _time(_text(item, "date_modified") or _text(item, "date_published")),
        }
        if found := _found(base, fields, site):
            yield found


def _text(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _time(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


# --- both -------------------------------------------------------------------------------------------------------------


def _found(base: str, fields: Mapping[str, Any], site: Site | None) -> Found | None:
    url = join(base, fields["url"]) if fields["url"] else None
    if url is None or not _may_be_article(url, site):
        return None
    return Found(url, Role.ARTICLE, _plain(fields["title"] or "") or None, fields["time"])


def _may_be_article(url: str, site: Site | None) -> bool:
    """Tell whether a feed's item may be an article: it says so itself, so its URL must only not say otherwise."""
    by_rule = sites.is_article_url(site, url) if site else None
    return shape_of(url).evidence > LEAST_EVIDENCE if by_rule is None else by_rule


def _plain(title: str) -> str:
    """Return a title without the markup that some feeds have in it."""
    return nfc(one_line(unescape(_TAG.sub(" ", title))))[:MAX_TITLE_CHARS]
