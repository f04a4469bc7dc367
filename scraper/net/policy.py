"""How the gate behaves: every limit with its unit, and under which name we ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scraper.errors import BadUrl
from scraper.urls import DEFAULT_PORTS, split

PRODUCT_TOKEN = "luubao"  # noqa: S105 - the name by which robots.txt knows us (RFC 9309, 2.2.1), no password
KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits of every fetch. Sizes in bytes, times in seconds."""

    contact: str | None = None  # URL or e-mail sent in the User-Agent; None sends none
    delay_seconds: float = 2.0  # between the starts of two requests to one host; robots.txt may ask for more
    host_delays_seconds: Mapping[str, float] = field(default_factory=dict)  # of hosts that have one of their own
    pace_file: Path | None = None  # by which the processes of a user keep one pace; None: this one keeps its own
    max_crawl_delay_seconds: float = 120.0  # a host that asks for more is left alone
    deadline_seconds: float = 60.0  # on the network for one fetch, redirects and retries included, waits not
    connect_seconds: float = 15.0  # to find the address and connect
    read_seconds: float = 30.0  # without a byte
    max_body_bytes: int = 10 * MIB  # as sent, and again once decoded
    max_sitemap_bytes: int = 50 * MIB  # the limit of the sitemap protocol
    max_robots_bytes: int = 512 * KIB  # RFC 9309 wants at least 500 KiB; what follows is not read
    max_bytes_in_hand: int = 64 * MIB  # of all bodies together, as received and decoded, until each was read and kept
    max_redirects: int = 10
    max_robots_redirects: int = 5  # RFC 9309, 2.3.1.2
    retries: int = 5  # of one fetch, after transient errors and 429, 500, 502, 503, 504
    connect_retries: int = 2  # where no connection comes about: asking again soon helps little
    backoff_seconds: float = 1.0  # before the first retry; doubled each time, with jitter
    max_backoff_seconds: float = 60.0
    max_retry_after_seconds: float = 120.0  # a server that asks for more parks its host
    robots_ttl_seconds: float = 24 * 3600.0  # RFC 9309, 2.4
    robots_failure_ttl_seconds: float = 600.0  # a host whose robots.txt could not be had is left alone so long
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    allow_private: bool = False  # lets private addresses be dialled, never link-local and other special ones
    insecure_hosts: frozenset[str] = frozenset()  # hosts whose certificate is not checked
    trust_env: bool = False  # proxies and .netrc of the environment are not looked at
    proxy: str | None = None  # http://host:port; None: each host is dialled by ourselves, behind the address guard
    max_open_hosts: int = 200  # connections kept open, one a host

    def with_seeds(self, urls: Iterable[str]) -> FetchPolicy:
        """Return the policy that also allows the ports which the user's own URLs name."""
        return replace(self, ports=self.ports | set(_ports(urls)))

    def delay_of_host(self, host: str) -> float:
        """Return the delay in seconds of a host, of its `www.` and `m.` forms too."""
        bare = host.partition(".")[2]
        return self.host_delays_seconds.get(host, self.host_delays_seconds.get(bare, self.delay_seconds))

    def max_bytes(self, kind: str) -> int:
        """Return the cap on a body of "page", "sitemap" or "robots"."""
        return {"sitemap": self.max_sitemap_bytes, "robots": self.max_robots_bytes}.get(kind, self.max_body_bytes)


def _ports(urls: Iterable[str]) -> Iterable[int]:
    for url in urls:
        try:
            yield split(url).port
        except BadUrl:  # the fetch will say so
            continue


def user_agent(contact: str | None) -> str:
    """Return the User-Agent header: name and version, and the contact where the user gave one.

    Raises ValueError for a contact that cannot stand in a header.
    """
    name = f"{PRODUCT_TOKEN}/{luubao_version()}"
    if not contact:
        return name
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("()\\"):
        raise ValueError(f"{contact!r} cannot stand in the User-Agent; give a URL or an e-mail address")
    return f"{name} (+{contact.strip()})"


@lru_cache(maxsize=1)
def luubao_version() -> str:
    """Return the version that is installed; "0" where none is."""
    try:
        return version("luubao")
    except PackageNotFoundError:  # run from a tree that was never installed
        return "0"
