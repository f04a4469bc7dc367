"""The one gate to the network: every request, redirect and retry goes through it.

Port, robots.txt, pace of the host, guarded dial, deadline, cap on raw bytes, bounded decoding: in this order.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, cast

from tenacity import AsyncRetrying, Future, RetryCallState, retry_if_result

from scraper.errors import (
    AddressRefused,
    BadRedirect,
    ConnectError,
    DnsError,
    HostParked,
    PortRefused,
    ProtocolError,
    RobotsDenied,
    RobotsUnreachable,
    ScraperError,
    TlsError,
    TooManyRedirects,
)
from scraper.models import Headers, Page
from scraper.net.decode import ACCEPT_ENCODING
from scraper.net.guard import Resolve, SystemResolver
from scraper.net.pace import Clock, Pace, Sleep, delay_of
from scraper.net.policy import FetchPolicy, user_agent
from scraper.net.retries import backoff_seconds, is_transient, max_retries, retry_after
from scraper.net.robots import Robots, parse_robots
from scraper.net.shared_pace import SharedPace
from scraper.net.wire import Question, Wire
from scraper.urls import Parts, join, shown, split

logger = logging.getLogger(__name__)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HTTP_OK, HTTP_NOT_MODIFIED, HTTP_BAD_REQUEST, HTTP_TOO_MANY, HTTP_SERVER_ERROR = 200, 304, 400, 429, 500
Attempt = Callable[[], Awaitable[Page | ScraperError]]
CONDITIONS = ("If-None-Match", "If-Modified-Since")
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(slots=True)
class _Fetch:
    """One fetch under way: what it is for, and what is left of its budget."""

    kind: str
    conditions: Headers
    seconds_left: float
    retries_left: int


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What asking for a robots.txt gave, and until when that holds."""

    outcome: Robots | ScraperError
    until: float


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Fetcher:
    """Fetches pages within a policy; to be used as `async with Fetcher(policy) as fetcher`.

    `resolver`, `clock` (seconds, monotonic), `now` (UTC) and `sleep` are the system's unless given.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolver: Resolve | None = None,
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        sleep: Sleep = asyncio.sleep,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._wire = Wire(policy, resolver or SystemResolver(), ssl_context=ssl_context, clock=clock, now=now)
        self._shared = SharedPace(policy.pace_file) if policy.pace_file is not None else None
        self._pace = Pace(
            clock=clock, sleep=sleep, max_slowness_seconds=policy.max_crawl_delay_seconds, shared=self._shared
        )
        self.requests_sent = 0  # every one: redirects, retries and robots.txt among them
        self._robots: dict[str, _Remembered] = {}
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self._headers: Headers = (
            ("User-Agent", user_agent(policy.contact)),
            ("Accept", ACCEPT),
            ("Accept-Encoding", ACCEPT_ENCODING),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._wire.aclose()
        if self._shared is not None:
            self._shared.close()

    # --- pages --------------------------------------------------------------------------------------------------------

    async def fetch(
        self, url: str, *, kind: str = "page", etag: str | None = None, last_modified: str | None = None
    ) -> Page:
        """Return the final answer for a URL, whatever its status, with the redirects that led there.

        `kind` is "page"; "sitemap", which may be larger; or "ping", for which robots.txt is not asked. `etag` and
        `last_modified` of the kept answer make the request conditional: a 304 is returned as it came. Raises the
        errors of scraper.errors, but for those that judge what a page says.
        """
        page = await self._follow(url, self._begin(kind, _conditions(etag, last_modified)))
        if _is_unasked_304(page):
            page = await self._follow(url, self._begin(kind, (("Cache-Control", "no-cache"),)))
            if page.status == HTTP_NOT_MODIFIED:
                raise ProtocolError(page.url, "the server answers 304 to a question without condition")
        return page

    def _begin(self, kind: str, conditions: Headers = ()) -> _Fetch:
        return _Fetch(kind, conditions, self._policy.deadline_seconds, self._policy.retries)

    async def _follow(self, url: str, fetch: _Fetch) -> Page:
        """Ask, and follow redirects by hand, each through the whole gate."""
        parts = first = split(url)
        redirects: list[Page] = []
        while True:
            delay_seconds = await self._permit(parts, fetch.kind)
            is_home = parts.authority == first.authority
            headers = self._headers + (fetch.conditions if is_home else ())
            page = await self._answer(parts, headers, delay_seconds, fetch)
            location = page.header("location") if page.status in REDIRECTS else None
            if location is None:
                return replace(page, requested_url=url, redirects=tuple(redirects))
            redirects.append(replace(page, requested_url=url))
            parts = self._next(location, redirects, fetch.kind)

    async def _permit(self, parts: Parts, kind: str) -> float:
        """Return the delay that the host wants; raises Refused where it is not to be asked."""
        if parts.port not in self._policy.ports:
            raise PortRefused(str(parts), f"port {parts.port}; only 80, 443 and the ports of your own URLs are asked")
        if kind in {"robots", "ping"}:  # robots.txt is for crawlers, and a ping goes to a URL made for it
            return self._policy.delay_of_host(parts.host)
        robots = await self._robots_of(parts)
        if not robots.allows(str(parts)):
            raise RobotsDenied(str(parts), "robots.txt of the site forbids this page")
        asked = robots.crawl_delay_seconds
        if asked is not None and asked > self._policy.max_crawl_delay_seconds:
            longest = self._policy.max_crawl_delay_seconds
            told = f"robots.txt asks for {asked:,.6g} s between requests, and we wait no longer than {longest:,.0f}"
            raise HostParked(str(parts), told, retry_after_seconds=asked)
        return delay_of(self._policy.delay_of_host(parts.host), asked)

    def _next(self, location: str, redirects: list[Page], kind: str) -> Parts:
        """Return where a redirect leads; raises BadRedirect and TooManyRedirects."""
        page = redirects[-1]
        longest = self._policy.max_robots_redirects if kind == "robots" else self._policy.max_redirects
        target = join(page.url, _as_meant(location))
        if target is None:
            raise BadRedirect(page.url, f"it redirects to {shown(location)}, which cannot be fetched")
        if len(redirects) > longest:
            raise TooManyRedirects(page.url, f"more than {longest} redirects")
        if any(target == earlier.url for earlier in redirects):
            raise TooManyRedirects(page.url, "its redirects go round in a circle")
        return split(target)

    # --- retries ------------------------------------------------------------------------------------------------------

    async def _answer(self, parts: Parts, headers: Headers, delay_seconds: float, fetch: _Fetch) -> Page:
        """Return a complete answer, asking again after transient failures."""

        async def attempt() -> Page | ScraperError:
            try:
                return await self._ask(parts, headers, delay_seconds, fetch)
            except ScraperError as error:
                return error.bare()

        def is_enough(state: RetryCallState) -> bool:
            fetch.retries_left -= 1
            is_spent = fetch.retries_left < 0 or fetch.seconds_left <= 0
            return is_spent or state.attempt_number > max_retries(_outcome(state), self._policy)

        outcome = await attempt()
        if is_transient(outcome):
            outcome = await self._retrying(is_enough)(_after(outcome, attempt))
        if isinstance(outcome, ScraperError):
            raise outcome
        return outcome

    def _retrying(self, is_enough: Callable[[RetryCallState], bool]) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_result(is_transient),
            stop=is_enough,
            wait=self._wait_before_retry,
            sleep=self._sleep,
            retry_error_callback=_outcome,
        )

    async def _ask(self, parts: Parts, headers: Headers, delay_seconds: float, fetch: _Fetch) -> Page:
        question = Question(
            parts,
            headers,
            self._policy.max_bytes(fetch.kind),
            max(fetch.seconds_left, 0.0),
            is_prefix_enough=fetch.kind == "robots",
        )
        async with self._pace.turn(parts, delay_seconds) as turn:
            began_at = self._clock()
            self.requests_sent += 1
            try:
                page = await self._wire.ask(question, turn)
            finally:
                fetch.seconds_left -= self._clock() - began_at
            self._heed_retry_after(parts, page)  # within the turn, so that other processes rest too
        return page

    def _heed_retry_after(self, parts: Parts, page: Page) -> None:
        """Let the whole host rest as long as it asks; raises HostParked where that is too long."""
        asked = retry_after(page.header("retry-after"), self._now())
        if asked is None or not is_transient(page):
            return
        if asked > self._policy.max_retry_after_seconds:
            self._pace.park(parts, asked)
            told = f"{page.status}, the server asks for a pause of {asked:,.0f} s"
            raise HostParked(str(parts), told, retry_after_seconds=asked)
        self._pace.rest(parts, asked)

    def _wait_before_retry(self, state: RetryCallState) -> float:
        outcome = _outcome(state)
        seconds = backoff_seconds(state.attempt_number, self._policy)
        asked = retry_after(outcome.header("retry-after"), self._now()) if isinstance(outcome, Page) else None
        return max(seconds, asked or 0.0)

    # --- robots.txt ---------------------------------------------------------------------------------------------------

    async def robots(self, url: str) -> Robots:
        """Return the rules of the URL's authority; raises RobotsUnreachable and other errors where there are none."""
        return await self._robots_of(split(url))

    async def _robots_of(self, parts: Parts) -> Robots:
        remembered = self._robots.get(parts.authority)
        if remembered is None or remembered.until <= self._clock():
            async with self._robots_locks.setdefault(parts.authority, asyncio.Lock()):
                remembered = await self._refresh(parts)
        if isinstance(remembered.outcome, ScraperError):
            raise type(remembered.outcome)(str(parts), remembered.outcome.reason)
        return remembered.outcome

    async def _refresh(self, parts: Parts) -> _Remembered:
        old = self._robots.get(parts.authority)
        if old is not None and old.until > self._clock():  # another task was faster
            return old
        outcome = await self._ask_for_robots(Parts(parts.scheme, parts.host, parts.port, "/robots.txt", ""))
        ttl = self._policy.robots_ttl_seconds
        if isinstance(outcome, ScraperError):
            ttl = self._policy.robots_failure_ttl_seconds
            if old is not None and isinstance(old.outcome, Robots):  # RFC 9309, 2.3.1.4: the last copy may go on
                outcome = old.outcome
        remembered = _Remembered(outcome, self._clock() + ttl)
        self._robots[parts.authority] = remembered
        return remembered

    async def _ask_for_robots(self, parts: Parts) -> Robots | ScraperError:
        try:
            page = await self._follow(str(parts), self._begin("robots"))
        except HostParked:  # the pace remembers it
            raise
        except TooManyRedirects:  # RFC 9309, 2.3.1.2: as if there were none
            return Robots()
        except (
            DnsError,
            ConnectError,
            TlsError,
            AddressRefused,
            PortRefused,
        ) as error:  # of the host, not of its robots.txt
            return error
        except ScraperError as error:
            return RobotsUnreachable(str(parts), f"robots.txt could not be had, so the host is left alone: {error}")
        return _read_robots(page, str(parts))


def _read_robots(page: Page, url: str) -> Robots | ScraperError:
    """Return what an answer means: 4xx but 429 allows everything, 429 and 5xx forbid the host (RFC 9309, 2.3.1)."""
    if HTTP_BAD_REQUEST <= page.status < HTTP_SERVER_ERROR and page.status != HTTP_TOO_MANY:
        if page.status in {401, 403}:
            logger.info("%s: %d, which allows everything", url, page.status)
        return Robots(page=page)
    if not HTTP_OK <= page.status < HTTP_BAD_REQUEST:
        return RobotsUnreachable(url, f"robots.txt answers {page.status}, so the host is left alone")
    return parse_robots(page.body, url=page.url, page=page)


def _after(first: Page | ScraperError, attempt: Attempt) -> Attempt:
    """Return an attempt whose first call gives what we have already: making a retrier costs more than most retries."""
    known = [first]

    async def again() -> Page | ScraperError:
        return known.pop() if known else await attempt()

    return again


def _outcome(state: RetryCallState) -> Page | ScraperError:
    outcome: Page | ScraperError = cast("Future", state.outcome).result()  # tenacity asks with one in hand
    return outcome


_LATIN_1 = re.compile("[\x20-\x7e\xa0-\xff]+")  # what may stand in a header; a server's ETag may hold anything


def _conditions(etag: str | None, last_modified: str | None) -> Headers:
    asked = zip(CONDITIONS, (etag, last_modified), strict=True)
    return tuple((name, value) for name, value in asked if value and _LATIN_1.fullmatch(value))


def _is_unasked_304(page: Page) -> bool:
    """Tell whether a 304 answers a question that had no condition, as after a redirect to another host."""
    return page.status == HTTP_NOT_MODIFIED and not {name for name, _ in page.request_headers} & set(CONDITIONS)


def _as_meant(location: str) -> str:
    """Read a Location as UTF-8, as which many servers send it raw; headers are kept byte for byte as Latin-1."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
