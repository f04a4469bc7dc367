"""Fetch single URLs: the same gate, reader and archive as a crawl, but nothing is followed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.store import Archive, Mode
from commands.exits import UsageProblem
from commands.joining import Clock, CrawlOptions, Sources, known_sites, network, policy_of, scraping_of, seed_of
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

    outcome: Outcome
    verdict: Verdict | None  # None where nothing was to be kept


Tell = Callable[[Fetched], None]


def run_fetch(
    archive_path: Path | None, urls: Sequence[str], *, options: CrawlOptions, tell: Tell, clock: Clock = utc_now
) -> list[str]:
    """Fetch, read and keep each URL (None as archive: keep nothing); `tell` hears of each as it comes.

    Returns the URLs that were left out because their host failed again and again. Raises UsageProblem, ArchiveError.
    """
    known = known_sites()
    sources = Sources(known, tuple(_seed(url, known) for url in urls))
    policy_of(options, sources)  # a contact that cannot be sent is told before anything is opened
    queue = Queue(task for seed in sources.seeds for task in seed.tasks)
    with _opened(archive_path, known) as archive:
        asyncio.run(_fetch(sources, queue, _keeper(archive, tell), options, clock))
    return [task.url for task in queue.tasks]


async def _fetch(  # noqa: PLR0917 -- what a crawl is handed
    sources: Sources, queue: Queue, keep: Keep, options: CrawlOptions, clock: Clock
) -> None:
    async with network(policy_of(options, sources), sources.known, clock) as (fetcher, readers):
        await crawl(
            sources.seeds,
            fetcher=fetcher,
            readers=readers,
            frontier=queue,
            keep=keep,
            limits=Limits(depth=0),
            clock=clock,
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
        tell(Fetched(outcome, verdict))
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

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:  # noqa: ARG002 -- as above
        """Look for nothing that was missed."""
        return False

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:  # noqa: ARG002 -- the Protocol's
        """Return how many URLs are still to be fetched."""
        return len(self.tasks)
