"""The loop: takes what is due from the frontier, fetches, has it read, and hands each outcome to `keep`.

Many hosts at once on one event loop, one request at a time a host. `keep` is called plainly on the loop's thread, so
that a crawl has one writer by construction. An expected error is an outcome like any other; a bug ends the run.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from scraper.circuit import Circuit
from scraper.discover.scope import Scope
from scraper.discover.span import Days
from scraper.discover.traps import page_number
from scraper.discover.usual import NOT_THERE, first_place, next_place
from scraper.errors import BadRedirect, HostParked, Refused, ScraperError
from scraper.judge import objection_to_answer, objection_to_article, stub_of
from scraper.models import Failed, Found, Frontier, Keep, Outcome, Page, Role, Task, Verdict, Visit
from scraper.seeds import Seed
from scraper.tally import End, Event, Happening, Tally
from scraper.urls import host_of
from scraper.walk import Walk
from scraper.workers import Read

HTTP_NOT_MODIFIED = 304
MOVED_FOR_GOOD = frozenset({301, 308})
MAX_GAP_PAGES = 20
"""Pages of a list that are followed though all they name is known; some lists show others each time."""


class RobotsSays(Protocol):
    """What the loop asks of a robots.txt."""

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Return the sitemaps it names."""
        ...


class Fetch(Protocol):
    """What the loop asks of the gate."""

    async def fetch(
        self, url: str, *, kind: str = "page", etag: str | None = None, last_modified: str | None = None
    ) -> Page:
        """Return any complete answer; raises ScraperError for all else."""
        ...

    async def robots(self, url: str) -> RobotsSays:
        """Return the rules of the URL's host; raises ScraperError where they could not be had."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """When a crawl ends, and how much it holds at a time; None is without limit."""

    max_pages: int | None = None
    max_seconds: float | None = None  # no page is begun after; those in hand are finished
    max_bytes: int | None = None  # of bodies, decoded
    depth: int = 20  # links followed from a seed; pages of one listing count once
    days: Days | None = None  # walk into the past, for what is of these days
    hosts_at_once: int = 256
    pages_in_hand: int = 16  # fetched, and not yet kept; each may have 10 MB
    grace_seconds: float = 15.0  # for what is in hand, when the crawl is told to stop


def utc_now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def _ignore(_event: Event) -> None:
    """Report to nobody."""


async def crawl(  # noqa: PLR0913 -- the loop is handed every hand it works with
    seeds: Sequence[Seed],
    *,
    fetcher: Fetch,
    readers: Read,
    frontier: Frontier,
    keep: Keep,
    limits: Limits = Limits(),
    clock: Callable[[], datetime] = utc_now,
    report: Callable[[Event], None] = _ignore,
    stop: asyncio.Event | None = None,
) -> Tally:
    """Crawl from the seeds until nothing is due, a limit is reached, or `stop` is set; return what happened.

    When `stop` is set, what is in hand is finished within the grace, and the rest stays due for the next run.
    """
    hands = _Hands(fetcher, readers, frontier, keep, clock, report)
    return await _Crawl(seeds, hands, limits, stop or asyncio.Event()).run()


@dataclass(frozen=True, slots=True)
class _Hands:
    fetcher: Fetch
    readers: Read
    frontier: Frontier
    keep: Keep
    clock: Callable[[], datetime]
    report: Callable[[Event], None]


Job = asyncio.Task[Outcome | None]


class _Crawl:
    """One run."""

    def __init__(self, seeds: Sequence[Seed], hands: _Hands, limits: Limits, stop: asyncio.Event) -> None:
        self._seeds = seeds
        self._hands = hands
        self._limits = limits
        self._stop = stop
        self._sites = frozenset(seed.site for seed in seeds)
        self._scope = Scope.joined(seed.scope for seed in seeds)
        self._tally = Tally()
        self._homes = deque((seed, seed.home) for seed in seeds if seed.home is not None)  # not yet asked for sitemaps
        self._guesses: set[str] = set()  # usual places of feeds and sitemaps, which nobody named
        self._walk = Walk(limits.days, hands.frontier.days_of) if limits.days else None
        self._circuits: dict[str, Circuit] = {}
        self._asked: dict[str, Job] = {}  # host with a request on its way -> who asks
        self._jobs: set[Job] = set()
        self._news: asyncio.Queue[Job | None] = asyncio.Queue()  # a job that is done; None: look again
        self._begun = 0
        self._began_at_seconds = time.monotonic()

    async def run(self) -> Tally:
        """Crawl until nothing is due, a limit is reached or the stop is set."""
        self._hands.frontier.seed([task for seed in self._seeds for task in seed.tasks], self._hands.clock())
        watch = asyncio.create_task(self._watch_for_stop())
        try:
            await self._go_on()
            if self._tally.end is End.NOTHING_DUE:
                self._tell_resting()
        finally:
            watch.cancel()
            await self._give_up()
            self._tally.seconds = time.monotonic() - self._began_at_seconds
        return self._tally

    async def _go_on(self) -> None:
        while True:
            self._begin_what_is_due()
            if not self._jobs:
                return
            job = await self._news.get()
            if job is not None:
                self._finish(job)

    # --- beginning a task ---------------------------------------------------------------------------------------------

    def _begin_what_is_due(self) -> None:
        while self._may_begin():
            if self._homes:
                seed, home = self._homes.popleft()
                self._start(self._seed_sitemaps(seed, home), host_of(home) or "")
                continue
            busy = frozenset(self._asked | self._tally.parked.keys())
            task = self._hands.frontier.next_due(self._hands.clock(), busy_hosts=busy, sites=self._sites)
            if task is None:
                return
            host = host_of(task.url) or ""
            self._begun += 1
            self._hands.report(Event(Happening.STARTED, host, task))
            self._start(self._visit(task, host), host)

    def _may_begin(self) -> bool:
        end = self._limit_reached()
        if end is not None:
            self._tally.end = end
            return False
        in_hand = len(self._jobs) - len(self._asked)
        return len(self._asked) < self._limits.hosts_at_once and in_hand < self._limits.pages_in_hand

    def _limit_reached(self) -> End | None:
        limits = self._limits
        if self._stop.is_set():
            return End.STOPPED
        if _is_reached(limits.max_pages, self._begun):
            return End.MAX_PAGES
        if _is_reached(limits.max_bytes, self._tally.body_bytes):
            return End.MAX_BYTES
        if _is_reached(limits.max_seconds, time.monotonic() - self._began_at_seconds):
            return End.MAX_SECONDS
        return None

    def _start(self, work: Coroutine[None, None, Outcome | None], host: str) -> None:
        job = asyncio.create_task(work)
        self._asked[host] = job
        self._jobs.add(job)
        job.add_done_callback(self._news.put_nowait)

    # --- one task -----------------------------------------------------------------------------------------------------

    async def _seed_sitemaps(self, seed: Seed, home: str) -> None:
        try:
            robots = await self._hands.fetcher.robots(home)
        except ScraperError:
            return  # the front page meets the same error, and there it is kept
        tasks = [Task(url, Role.SITEMAP, seed.site) for url in robots.sitemaps if url in self._scope]
        self._hands.frontier.seed(tasks, self._hands.clock())

    async def _visit(self, task: Task, host: str) -> Outcome:
        try:
            page = await self._hands.fetcher.fetch(
                task.url, kind=_kind(task.role), etag=task.etag, last_modified=task.last_modified
            )
        except ScraperError as error:
            return self._failed(task, _as_of_task(task, error))
        objection = objection_to_answer(page, task)
        if objection is not None:
            return self._objected(task, objection, page)
        if page.status == HTTP_NOT_MODIFIED:
            return Visit(task, page)
        self._release(host)
        return await self._read(task, page)

    def _release(self, host: str) -> None:
        """Let the host's next request begin while this answer is being read; a refusal waits until it is counted."""
        self._asked.pop(host, None)
        self._news.put_nowait(None)

    async def _read(self, task: Task, page: Page) -> Outcome:
        try:
            reading = await self._hands.readers.read(task, page)
        except ScraperError as error:
            return self._objected(task, error, page)
        objection = objection_to_article(page, reading.article) if reading.article else None
        if objection is not None:
            return self._failed(task, objection, page)
        self._follow_move(task, page)
        found = (*reading.found, *await self._usual_places(task, page, reading.found))
        return Visit(task, page, reading.article, self._worth_following(task, found))

    async def _usual_places(self, task: Task, page: Page, named: tuple[Found, ...]) -> list[Found]:
        """Return where to look for feed and sitemap where neither front page nor robots.txt names one."""
        seed = next((seed for seed in self._seeds if seed.home == task.url), None)
        if seed is None:
            return []
        try:
            robots = await self._hands.fetcher.robots(page.url)
        except ScraperError:
            return []
        told = {link.role for link in named} | {one.role for one in seed.tasks}
        told |= {Role.SITEMAP} if robots.sitemaps else set()
        return self._guess(first_place(page.url, role) for role in (Role.SITEMAP, Role.FEED) if role not in told)

    def _guess(self, places: Iterable[Found | None]) -> list[Found]:
        is_known = self._hands.frontier.is_known
        found = [place for place in places if place is not None and not is_known(place.url)]
        self._guesses.update(place.url for place in found)
        return found

    def _objected(self, task: Task, error: ScraperError, page: Page) -> Outcome:
        """Return a failure; that nothing is at a place which nobody named is none, and the next one is tried."""
        if task.url not in self._guesses or error.code not in NOT_THERE:
            return self._failed(task, error, page)
        return Visit(task, page, found=tuple(self._guess([next_place(task.url, task.role)])), missed=error.code)

    def _follow_move(self, task: Task, page: Page) -> None:
        """Crawl on at the new address of a newspaper that moved: where a seed is redirected for good."""
        is_for_good = bool(page.redirects) and all(hop.status in MOVED_FOR_GOOD for hop in page.redirects)
        if task.depth == 0 and is_for_good and task.url in self._scope and page.url not in self._scope:
            self._scope = Scope.joined([self._scope, Scope(frozenset({host_of(page.url) or ""}))])

    def _failed(self, task: Task, error: ScraperError, page: Page | None = None) -> Failed:
        wait = error.retry_after_seconds if isinstance(error, HostParked) else None
        return Failed(task, error.code, str(error), self._hands.clock(), page, wait)

    def _worth_following(self, task: Task, found: tuple[Found, ...]) -> tuple[Found, ...]:
        """Drop what is out of scope or too deep, and the next page of a list that leads to nothing missed."""
        followed = [link for link in found if link.url in self._scope]
        if task.depth >= self._limits.depth:
            followed = [link for link in followed if link.is_next_page]
        if self._walk:
            return self._walk.worth_following(task, followed)
        if any(link.is_next_page for link in followed) and not self._leads_to_missed(task, followed):
            followed = [link for link in followed if not link.is_next_page]
        return tuple(followed)

    def _leads_to_missed(self, task: Task, links: list[Found]) -> bool:
        """Tell whether a page names an article that is new, or, near its list's beginning, none that it named before.

        The latter counts where another list has named them all: this one may have shown more, further back.
        """
        frontier = self._hands.frontier
        urls = [link.url for link in links if link.role is Role.ARTICLE]
        if any(not frontier.is_known(url) for url in urls):
            return True
        return page_number(task.url) <= MAX_GAP_PAGES and frontier.has_gap(task, urls)

    # --- ending a task ------------------------------------------------------------------------------------------------

    def _finish(self, job: Job) -> None:
        """Keep what the job brought; a bug in it is raised here, and ends the run."""
        self._jobs.discard(job)
        self._asked = {host: other for host, other in self._asked.items() if other is not job}
        if job.cancelled():
            return  # its task stays due
        outcome = job.result()
        if outcome is None:
            return
        host = host_of(outcome.task.url) or ""
        verdict = self._hands.keep(outcome)
        if verdict is Verdict.FAILED and isinstance(outcome, Visit):
            outcome = stub_of(outcome)
        self._tally.add(host, outcome, verdict)
        self._hands.report(_kept(host, outcome, verdict))
        self._judge_host(host, outcome)

    def _judge_host(self, host: str, outcome: Outcome) -> None:
        code = outcome.code if isinstance(outcome, Failed) else None
        circuit = self._circuits.get(host, Circuit()).after(code)
        self._circuits[host] = circuit
        if circuit.is_open and isinstance(outcome, Failed) and host not in self._tally.parked:
            self._park(host, outcome.code, outcome.message)

    def _park(self, host: str, code: str, message: str) -> None:
        self._tally.parked[host] = code
        self._hands.report(Event(Happening.PARKED, host, code=code, message=message))

    def _tell_resting(self) -> None:
        """Tell of each seed that is due and was not asked for: its host rests since a run before."""
        for seed in self._seeds:
            hosts = {host_of(task.url) or "" for task in seed.tasks} - self._tally.hosts - self._tally.parked.keys()
            if hosts and self._hands.frontier.count_due(self._hands.clock(), sites=frozenset({seed.site})):
                for host in sorted(hosts):
                    self._park(
                        host, HostParked.code, "its pause since an earlier run is not over; a later one asks again"
                    )

    # --- the end ------------------------------------------------------------------------------------------------------

    async def _watch_for_stop(self) -> None:
        """When the stop is set, give what is in hand its grace, then give it up."""
        await self._stop.wait()
        self._news.put_nowait(None)
        await asyncio.sleep(self._limits.grace_seconds)
        for job in self._jobs:
            job.cancel()

    async def _give_up(self) -> None:
        """Cancel what is still in hand, after a bug or a cancellation from outside."""
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)


def _as_of_task(task: Task, error: ScraperError) -> ScraperError:
    """Return the error as the task's own: that another host refuses us must not shut the one that led there."""
    if isinstance(error, Refused) and host_of(error.url) != host_of(task.url):
        return BadRedirect(task.url, f"it redirects to {error}")
    return error


def _is_reached(limit: float | None, value: float) -> bool:
    return limit is not None and value >= limit


def _kind(role: Role) -> str:
    return "sitemap" if role in {Role.SITEMAP, Role.FEED} else "page"


def _kept(host: str, outcome: Outcome, verdict: Verdict) -> Event:
    size = len(outcome.page.body) if outcome.page else 0
    if isinstance(outcome, Failed):
        return Event(Happening.KEPT, host, outcome.task, verdict, outcome.code, outcome.message, body_bytes=size)
    title = outcome.article.title if outcome.article else None
    return Event(Happening.KEPT, host, outcome.task, verdict, title=title, body_bytes=size)
