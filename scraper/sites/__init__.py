"""Rules for sites: which newspaper a URL belongs to, and how its pages are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from scraper.problems import Problem
from scraper.sites.files import all_sites, load, shipped, user_folder
from scraper.sites.patterns import MAX_URL_CHARS, compiled
from scraper.sites.rules import Pick, Rule, RuleError, Site, SiteTest, Status, Verified

__all__ = [
    "Pick",
    "Problem",
    "Rule",
    "RuleError",
    "Site",
    "SiteTest",
    "Status",
    "Verified",
    "all_sites",
    "article_id",
    "find",
    "is_article_url",
    "load",
    "shipped",
    "user_folder",
]


_MIRRORS = ("www.", "m.", "amp.", "mobile.", "wap.")
"""Hosts under a newspaper's own that carry the same articles; others, such as `e.`, are other editions."""


def find(sites: Sequence[Site], url: str) -> Site | None:
    """Return the site that a URL belongs to, by its host, an alias or their www, mobile and AMP forms; else None.

    Where two sites name a host, the first in the sequence has it.
    """
    host = _host_of(url)
    by_host = _by_host(tuple(sites))
    mirrored = next((host.removeprefix(mirror) for mirror in _MIRRORS if host.startswith(mirror)), host)
    return by_host.get(host) or by_host.get(mirrored)


def is_article_url(site: Site, url: str) -> bool | None:
    """Tell whether the site's rules say that the URL is an article's; None where they do not say.

    A rule that was never seen to hold may say yes, but not no: were it wrong, nothing would be found at all.
    """
    if site.article_url is None:
        return None
    if len(url) <= MAX_URL_CHARS and compiled(site.article_url).search(url) is not None:
        return True
    return None if site.verified.status is Status.UNVERIFIED else False


def article_id(site: Site, url: str) -> str | None:
    """Return the article's id in its URL, the same under every host and slug, or None if the rules find none."""
    if site.article_id is None or len(url) > MAX_URL_CHARS:
        return None
    match = compiled(site.article_id).search(url)
    return match[1] if match else None


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=16)
def _by_host(sites: tuple[Site, ...]) -> Mapping[str, Site]:
    """Index the sites by host; sites are compared by identity, so that the cache costs no comparison of rules."""
    found: dict[str, Site] = {}
    for site in sites:
        for host in site.hosts:
            found.setdefault(host, site)
    return found
