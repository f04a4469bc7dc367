"""Where do newspapers keep feeds and sitemaps that neither robots.txt nor the front page names."""

from __future__ import annotations

from urllib.parse import urlsplit

from scraper.models import Found, Role
from scraper.urls import authority_of

PLACES = {
    Role.SITEMAP: ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-news.xml"),
    Role.FEED: ("/rss", "/feed", "/rss.xml", "/rss/home.rss", "/atom.xml"),
}
"""Few, since each is a request that most newspapers answer with 404; tried in order, until one is there."""

NOT_THERE = frozenset({"not_found", "soft_not_found", "blocked", "http_error", "not_html", "parse_failed"})
"""Codes of what may come where nobody said that there was something."""


def first_place(home: str, role: Role) -> Found | None:
    """Return where to look first for a newspaper's feed or sitemap."""
    origin = authority_of(home)
    return Found(origin + PLACES[role][0], role) if origin else None


def next_place(url: str, role: Role) -> Found | None:
    """Return where to look when there was nothing at this URL; None where that was the last place."""
    places = PLACES[role]
    at = places.index(path) + 1 if (path := urlsplit(url).path) in places else len(places)
    origin = authority_of(url)
    return Found(origin + places[at], role) if origin and at < len(places) else None
