"""What a robots.txt says to us (RFC 9309). Pure.

The matching of paths is Protego's. What it gets is the one group of the file that is ours: reading lines and choosing
groups is done here, since Protego takes a product token for part of another, and an unknown line for a group's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from protego import Protego

from scraper.models import Page
from scraper.net.policy import PRODUCT_TOKEN
from scraper.urls import join

MAX_LINE_CHARS = 16_664  # eight times the longest URL, as Google's parser cuts
MAX_SITEMAPS = 1_000


@dataclass(frozen=True)
class Robots:
    """The rules of one authority for us. The default forbids nothing."""

    group: str = ""  # our group, as lines of a robots.txt for every agent
    sitemaps: tuple[str, ...] = ()
    page: Page | None = None  # the answer it was read from; None where none was needed
    crawl_delay_seconds: float | None = field(init=False)  # the longer of Crawl-delay and Request-rate; None unsaid

    def __post_init__(self) -> None:
        object.__setattr__(self, "crawl_delay_seconds", _delay(self._matcher))

    @cached_property
    def _matcher(self) -> Protego:
        return Protego.parse(self.group)

    def allows(self, url: str) -> bool:
        """Tell whether a URL in normal form may be fetched."""
        return bool(self._matcher.can_fetch(url, PRODUCT_TOKEN))


def parse_robots(body: bytes, *, url: str, page: Page | None = None, token: str = PRODUCT_TOKEN) -> Robots:
    """Read a robots.txt; junk in it, and a page of HTML in its place, says nothing. `url` is where it was found."""
    lines = list(_directives(_text(body)))
    named = [join(url, value) for name, value in lines if name == "sitemap" and value][:MAX_SITEMAPS]
    sitemaps = tuple(dict.fromkeys(sitemap for sitemap in named if sitemap))
    return Robots("\n".join(["User-agent: *", *_our_group(lines, token)]), sitemaps, page)


# --- lines ------------------------------------------------------------------------------------------------------------

_NAMES = {
    "user-agent": "user-agent", "useragent": "user-agent", "user agent": "user-agent",
    "allow": "allow",
    "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
    "diasllow": "disallow", "disallaw": "disallow",
    "sitemap": "sitemap", "site-map": "sitemap",
    "crawl-delay": "crawl-delay", "crawldelay": "crawl-delay",
    "request-rate": "request-rate",
}  # fmt: skip
_ODD_BREAK = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # where Protego, not the RFC, ends a line
_WITHOUT_COLON = re.compile(r"([A-Za-z-]+)[ \t]+(\S+)")


def _text(body: bytes) -> str:
    is_utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    return body.decode("utf-16" if is_utf16 else "utf-8-sig", "replace").replace("\0", "")


def _directives(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that mean something as (name, value); unknown ones are passed over (RFC 9309, 2.2.4)."""
    for raw_line in re.split(r"\r\n|\r|\n", text):
        line = raw_line[:MAX_LINE_CHARS].partition("#")[0].strip()
        name, colon, value = line.partition(":")
        if not colon and (match := _WITHOUT_COLON.fullmatch(line)):  # a common slip that Google's parser forgives
            name, value = match[1], match[2]
        if known := _NAMES.get(name.strip().lower()):
            yield known, _ODD_BREAK.sub(lambda mark: quote(mark[0]), value.strip())


# --- groups -----------------------------------------------------------------------------------------------------------

_RULES = frozenset({"allow", "disallow"})
_PACE = frozenset({"crawl-delay", "request-rate"})


def _our_group(lines: list[tuple[str, str]], token: str) -> list[str]:
    """Return the lines of all groups that name us, or else of those for everyone (RFC 9309, 2.2.1)."""
    groups: dict[str, list[str]] = {}  # of us and of everyone; other agents are none of our business
    agents: set[str] = set()
    is_open = True  # whether another user-agent line joins the group; a rule closes it, a Crawl-delay does not
    for name, value in lines:
        if name == "user-agent":
            agents = (agents if is_open else set()) | ({_agent(value)} & {token.lower(), "*"})
            groups |= {agent: [] for agent in agents - groups.keys()}
            is_open = True
        elif name in _RULES or name in _PACE:
            for agent in agents:
                groups[agent].append(f"{name}: {value}")
            is_open = is_open and name not in _RULES
    return groups.get(token.lower(), groups.get("*", []))


def _agent(value: str) -> str:
    """Return the product token of a user-agent line, without version and comment; "*" is everyone."""
    if value == "*" or re.match(r"\*\s", value):
        return "*"
    match = re.match(r"[A-Za-z_-]+", value)
    return match[0].lower() if match else ""


def _delay(matcher: Protego) -> float | None:
    rate = matcher.request_rate(PRODUCT_TOKEN)
    asked = [matcher.crawl_delay(PRODUCT_TOKEN), _seconds_between(rate.seconds, rate.requests) if rate else None]
    return max((seconds for seconds in asked if seconds is not None), default=None)


def _seconds_between(seconds: int, requests: int) -> float | None:
    """Return the seconds from one request to the next; None for numbers that none can mean."""
    try:
        return seconds / requests
    except OverflowError:
        return None
