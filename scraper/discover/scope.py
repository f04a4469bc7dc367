"""Which URLs does a crawl follow: those of its newspaper, and none that lead round and round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from scraper.urls import host_of, same_site


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the web that one site's crawl stays within."""

    hosts: frozenset[str]  # of the site's rules; hosts under them are within too
    homes: tuple[str, ...] = ()  # of a site without rules: its registrable domain is within

    def __contains__(self, url: object) -> bool:
        if not isinstance(url, str):
            return False
        return _is_within(self, "/".join(url.split("/", 3)[:3]))  # a sitemap has 50,000 URLs, and one host

    @classmethod
    def joined(cls, scopes: Iterable[Scope]) -> Scope:
        """Return the scope that holds what any of these holds."""
        every = tuple(scopes)
        hosts = frozenset(host for scope in every for host in scope.hosts)
        return cls(hosts, tuple(dict.fromkeys(home for scope in every for home in scope.homes)))


@lru_cache(maxsize=4096)
def _is_within(scope: Scope, origin: str) -> bool:
    hosts = _and_above(host_of(origin) or "")
    return any(name in scope.hosts for name in hosts) or any(same_site(origin, home) for home in scope.homes)


def _and_above(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]
