"""Where does a crawl begin: a newspaper by its rules, or any URL a user gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper import sites
from scraper.discover.article_urls import is_article_url
from scraper.discover.scope import Scope
from scraper.models import Role, Task
from scraper.sites import Site
from scraper.urls import authority_of, host_of, normal, registrable


@dataclass(frozen=True, slots=True)
class Seed:
    """What a crawl begins with, and how far it goes."""

    site: str  # id of the site's rules, or the registrable host
    tasks: tuple[Task, ...]
    scope: Scope
    home: str | None = None  # whose robots.txt is asked for sitemaps; None where a part of a site is wanted


def seed_of_site(site: Site) -> Seed:
    """Begin with a newspaper as a whole: its front page, and what sections, feeds and sitemaps its rules name."""
    listings = tuple(dict.fromkeys((site.home, *site.sections)))
    tasks = (
        *(Task(url, Role.SITEMAP, site.id) for url in site.sitemaps),
        *(Task(url, Role.FEED, site.id) for url in site.feeds),
        *(Task(url, Role.LISTING, site.id) for url in listings),
    )
    return Seed(site.id, tasks, Scope(frozenset(site.hosts)), site.home)


def seed_of_url(url: str, known: Sequence[Site] = ()) -> Seed:
    """Begin with one URL: a front page (then the whole newspaper), a section, a sitemap, a feed or an article.

    Raises BadUrl.
    """
    url = normal(url)
    site = sites.find(known, url)
    host = host_of(url) or ""
    name = site.id if site else registrable(host)
    scope = Scope(frozenset(site.hosts)) if site else Scope(frozenset({host}), (url,))
    home = f"{authority_of(url)}/" if is_front_page(url) else None
    return Seed(name, (Task(url, role_of(url, site), name),), scope, home)


def role_of(url: str, site: Site | None = None) -> Role:
    """Guess from its form what a URL that a user gave is to be fetched for."""
    path = urlsplit(url).path.lower()
    if path.endswith((".xml", ".xml.gz")) and "sitemap" in path:
        return Role.SITEMAP
    if path.endswith((".rss", ".rdf", ".atom", ".xml")) or path.rstrip("/").endswith(("/feed", "/rss")):
        return Role.FEED
    return Role.ARTICLE if is_article_url(url, site) else Role.LISTING


def is_front_page(url: str) -> bool:
    """Tell whether the URL is that of a whole newspaper."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query
