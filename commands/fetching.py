"""Fetch single URLs: the same gate, reader and archive as a crawl, but nothing is followed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.store import Archive, Mode
from commands.crawl_options import CrawlOptions
from commands.exits import UsageProblem
from commands.joining import Clock, Report, Sources, known_sites, network, policy_of, scraping_of, seed_of
from scraper.crawl import Limits, crawl, utc_now
from scraper.discover.scope import Scope
from scraper.judge import stub_of
from scraper.models import Keep, Outcome, Role, Task, Verdict, Visit
from scraper.seeds import Seed
from scraper.sites import Site
from scraper.urls import host_of

NOTHING = Scope(frozenset())


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one URL."""

    url: str
    outcome: Outcome | None = None  # None where what is kept already was enough
    verdict: Verdict | None = None  # None where nothing was to be kept


Tell = Callable[[Fetched], None]


def run_fetch(
    archive_path: Path | None,
    urls: Sequence[str],
    *,
    options: CrawlOptions,
    tell: Tell,
    is_enough: Callable[[str], bool] = lambda _url: False,
    report: Report = lambda _event: None,
    clock: Clock = utc_now,
) -> list[str]:
    """Fetch, read and keep each URL (None as archive: keep nothing); `tell` hears of each, in the order of the URLs.

    Nobody is asked for a URL of which `is_enough` says that what is kept will do. Returns the URLs that were left out
    because their host failed again and again. Raises UsageProblem, ArchiveError.
    """
    known = known_sites()
    seeds = {seed.tasks[0].url: seed for seed in (_seed(url, known) for url in urls)}
    policy_of(options, Sources(known, tuple(seeds.values())))  # a contact that cannot be sent is told first of all
    kept = {url for url in seeds if is_enough(url)}
    sources = Sources(known, tuple(seed for url, seed in seeds.items() if url not in kept))
    queue = Queue(task for seed in sources.seeds for task in seed.tasks)
    with Turns(seeds, tell) as turns:
        for url in kept:
            turns.take(Fetched(url))
        if sources.seeds:
            with _opened(archive_path, known) as archive:
                asyncio.run(_fetch(sources, queue, _keeper(archive, turns.take), _Asking(options, report, clock)))
                if archive is not None:
                    archive.compare_new()
    return [task.url for task in queue.tasks]


class Turns:
    """Tells what came of URLs in the order in which they were asked for: what comes early waits for its turn."""

    def __init__(self, urls: Iterable[str], tell: Tell) -> None:
        self._left = deque(urls)
        self._early: dict[str, Fetched] = {}
        self._tell = tell

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell what waits behind a URL that never came, unless nobody is there to hear it."""
        if kind is None or issubclass(kind, KeyboardInterrupt):
            self._left = deque(url for url in self._left if url in self._early)
            self._tell_ready()

    def take(self, fetched: Fetched) -> None:
        """Tell it, and all that waited for it; or let it wait."""
        is_next = bool(self._left) and self._left[0] == fetched.url
        self._early[fetched.url] = fetched if is_next else _without_body(fetched)
        self._tell_ready()

    def _tell_ready(self) -> None:
        while self._left and self._left[0] in self._early:
            self._tell(self._early.pop(self._left.popleft()))


def _without_body(fetched: Fetched) -> Fetched:
    """Let the page go, which is kept by now: many may have to wait for a host that does not answer."""
    if fetched.outcome is None or fetched.outcome.page is None:
        return fetched
    page = replace(fetched.outcome.page, body=b"", wire_body=None, redirects=())
    return replace(fetched, outcome=replace(fetched.outcome, page=page))


@dataclass(frozen=True, slots=True)
class _Asking:
    options: CrawlOptions
    report: Report
    clock: Clock


async def _fetch(sources: Sources, queue: Queue, keep: Keep, asking: _Asking) -> None:
    async with network(policy_of(asking.options, sources), sources.known, asking.clock) as (fetcher, readers):
        await crawl(
            sources.seeds,
            fetcher=fetcher,
            readers=readers,
            frontier=queue,
            keep=keep,
            limits=Limits(depth=0),
            clock=asking.clock,
            report=asking.report,
        )


def _seed(url: str, known: Sequence[Site]) -> Seed:
    if "." not in url and ":" not in url:
        raise UsageProblem(f"{url!r} is no address; write it whole: https://…")
    seed = seed_of(url, known)
    return Seed(seed.site, tuple(Task(task.url, Role.ARTICLE, seed.site) for task in seed.tasks[:1]), NOTHING)


def _opened(archive_path: Path | None, known: Sequence[Site]) -> AbstractContextManager[Archive | None]:
    if archive_path is None:
        return nullcontext()
    return Archive.open(archive_path, mode=Mode.WRITE, command="luubao fetch", scraping=scraping_of(known))


def _keeper(archive: Archive | None, tell: Tell) -> Keep:
    def keep(outcome: Outcome) -> Verdict:
        verdict = archive.keep(outcome) if archive else None
        if verdict is Verdict.FAILED and isinstance(outcome, Visit):
            outcome = stub_of(outcome)
        tell(Fetched(outcome.task.url, outcome, verdict))
        return verdict or Verdict.SAME

    return keep


class Queue:
    """A frontier of what was asked for and nothing else; what the archive knows to be due stays for the crawl."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks = list({task.url: task for task in tasks}.values())

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:
        """Know already what there is to do."""

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:  # noqa: ARG002 -- the Protocol's
        """Take the first URL whose host is free."""
        for task in self.tasks:
            if host_of(task.url) not in busy_hosts:
                self.tasks.remove(task)
                return task
        return None

    def is_known(self, url: str) -> bool:  # noqa: ARG002 -- the Protocol's
        """Want nothing that a page names."""
        return True

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:  # noqa: ARG002 -- as above
        """Know no days."""
        return {}

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:  # noqa: ARG002 -- as above
        """Look for nothing that was missed."""
        return False

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:  # noqa: ARG002 -- the Protocol's
        """Return how many URLs are still to be fetched."""
        return len(self.tasks)
