"""What does one page say, and which URLs does it name: the work of a worker process, chosen by the task's role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from pathlib import Path

from scraper import sites
from scraper.discover.feeds import listed_feeds, named_feeds, read_feed
from scraper.discover.listings import read_listing
from scraper.discover.sitemaps import read_sitemap
from scraper.discover.traps import is_trap
from scraper.errors import ParseFailed
from scraper.models import Article, Found, Kind, Page, Role, Task
from scraper.reader import parse
from scraper.sites import Site
from scraper.urls import join

MAX_INDEX_DEPTH = 3
"""Sitemap indexes nested deeper than this are left alone."""

REFRESH = re.compile(rb"""<meta[^>]{1,50}refresh[^>]{1,50}url\s*=\s*['"]?([^'">\s]{1,2000})""", re.IGNORECASE)
REFRESH_BYTES = 20_000
REFRESH_WORDS = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, and what it names."""

    article: Article | None = None  # None for sitemaps, feeds and listings
    found: tuple[Found, ...] = ()


_site_files: tuple[Path, ...] = ()


def use_site_files(paths: tuple[Path, ...]) -> None:
    """Let this process read by these rules too, before those shipped."""
    global _site_files  # noqa: PLW0603 -- set once, as the worker process starts
    _site_files = paths


@cache
def known_sites(paths: tuple[Path, ...]) -> tuple[Site, ...]:
    """Return the rules in these files, then those shipped."""
    return (*(sites.load(path) for path in paths), *sites.shipped())


def read_page(page: Page, task: Task) -> Reading:
    """Read a page for what its task wants of it; raises ParseFailed."""
    known = known_sites(_site_files)
    match task.role:
        case Role.SITEMAP:
            reading = Reading(found=_named_by_sitemap(page, task, known))
        case Role.FEED:
            reading = Reading(found=_named_by_feed(page, known))
        case Role.LISTING:
            reading = _read_listing(page, task, known)
        case Role.ARTICLE:
            reading = _read_article(page, known)
    return replace(reading, found=tuple(link for link in reading.found if not is_trap(link.url)))


def read_for_article(page: Page, task: Task) -> Reading:
    """Read a page for what it says alone, a quarter faster: for those who go nowhere from it. Raises nothing."""
    return Reading(_article(page, task, known_sites(_site_files)))


def _article(page: Page, task: Task, known: Sequence[Site]) -> Article | None:
    """Return what a page says; None where it was asked for what it names, as a section is."""
    if task.role in {Role.SITEMAP, Role.FEED} or (task.role is Role.LISTING and task.depth > 0):
        return None
    article = _parse(page, known)
    is_section = task.role is Role.LISTING and article.kind is not Kind.ARTICLE
    return None if is_section else article


def _named_by_sitemap(page: Page, task: Task, known: Sequence[Site]) -> tuple[Found, ...]:
    found = read_sitemap(page, sites.find(known, page.url))
    if task.depth < MAX_INDEX_DEPTH:
        return found
    return tuple(link for link in found if link.role is not Role.SITEMAP)


def _named_by_feed(page: Page, known: Sequence[Site]) -> tuple[Found, ...]:
    """Return what a feed names; a page in its place may list feeds."""
    try:
        return read_feed(page, sites.find(known, page.url))
    except ParseFailed:
        if feeds := listed_feeds(page):
            return feeds
        raise


def _read_listing(page: Page, task: Task, known: Sequence[Site]) -> Reading:
    """Read a section; a URL the user gave may be an article after all."""
    article = _article(page, task, known)
    if article is not None:
        return Reading(article, _related(article))
    return Reading(found=(*read_listing(page, sites.find(known, page.url)), *named_feeds(page)))


def _read_article(page: Page, known: Sequence[Site]) -> Reading:
    article = _parse(page, known)
    if article.kind is Kind.LISTING:
        return Reading(article, read_listing(page, sites.find(known, page.url)))
    return Reading(article, _related(article) or _refreshed_to(page, article))


def _refreshed_to(page: Page, article: Article) -> tuple[Found, ...]:
    """Return where a page without a text of its own sends browsers by meta refresh; it is one more link."""
    match = REFRESH.search(page.body[:REFRESH_BYTES]) if article.word_count < REFRESH_WORDS else None
    url = join(page.url, unescape(match[1].decode("utf-8", "replace"))) if match else None
    return (Found(url, Role.ARTICLE),) if url else ()


def _parse(page: Page, known: Sequence[Site]) -> Article:
    return parse(page.body, page.url, headers=page.headers, fetched_at=page.fetched_at, sites=known)


def _related(article: Article) -> tuple[Found, ...]:
    return tuple(Found(link.url, Role.ARTICLE, link.title) for link in article.related)
