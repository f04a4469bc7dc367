"""Crawls newspapers under fire in a process of its own, again and again with the clock ahead, and tells what it took.

    python tests/faults/fire_crawl.py ARCHIVE REQUESTS < URLS

Each round ends by itself; the last is the one after which so many requests were sent. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive.store import Archive
from scraper.crawl import Limits, crawl, utc_now
from scraper.discover.scope import Scope
from scraper.models import Role, Task
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.seeds import Seed
from scraper.urls import host_of
from scraper.workers import Readers, WorkerLimits
from tests.crawl_scene import open_archive
from tests.servers.fire import paths

BETWEEN_ROUNDS = timedelta(days=2)
POLICY = FetchPolicy(
    allow_private=True,
    delay_seconds=0.0,
    deadline_seconds=2.0,
    read_seconds=0.4,
    connect_seconds=5.0,
    retries=2,
    backoff_seconds=0.01,
    max_body_bytes=10_000_000,
)
HOSTS_AT_ONCE = 16  # more would not be answered within deadlines as short as these
LIMITS = WorkerLimits(seconds=1.5, memory_bytes=512 << 20)


@dataclass
class Sum:
    """What all rounds came to."""

    rounds: int = 0
    requests: int = 0
    ends: list[str] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)


def seed_of(home: str) -> Seed:
    host = host_of(home) or ""
    roles = {"": Role.LISTING, "sitemap.xml": Role.SITEMAP, "feed.xml": Role.FEED}
    tasks = [Task(home + name, role, host) for name, role in roles.items()]
    articles = [Task(home.rstrip("/") + path, Role.ARTICLE, host) for path in paths()]
    return Seed(host, (*tasks, *articles), Scope(frozenset({host})), home)


async def crawl_round(archive: Archive, seeds: list[Seed], ahead: timedelta, so_far: Sum) -> None:
    def clock() -> datetime:
        return utc_now() + ahead

    run_id = archive.start_run("crawl", {}, clock(), luubao_version="0")
    policy = POLICY.with_seeds(task.url for seed in seeds for task in seed.tasks)
    async with Fetcher(policy, now=clock) as fetcher, Readers(limits=LIMITS) as readers:
        tally = await crawl(
            seeds,
            fetcher=fetcher,
            readers=readers,
            frontier=archive.frontier,
            keep=archive.keep,
            limits=Limits(hosts_at_once=HOSTS_AT_ONCE),
            clock=clock,
        )
    archive.end_run(0, clock())
    assert run_id
    so_far.rounds += 1
    so_far.requests += fetcher.requests_sent
    so_far.ends.append(str(tally.end))
    so_far.verdicts.update(str(verdict) for verdict in tally.verdicts.elements())
    so_far.errors.update(tally.errors)
    so_far.parked.update(tally.parked.values())


def peak_mb() -> float:
    """Return the most memory that this process ever held; what it was started by does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def main() -> None:
    path, requests = Path(sys.argv[1]), int(sys.argv[2])
    seeds = [seed_of(url) for url in sys.stdin.read().split()]
    so_far, began_at = Sum(), time.monotonic()
    with open_archive(path) as archive:
        while so_far.requests < requests:
            asyncio.run(crawl_round(archive, seeds, BETWEEN_ROUNDS * so_far.rounds, so_far))
    told = {"seconds": round(time.monotonic() - began_at, 1), "peak_mb": peak_mb(), **vars(so_far)}
    print(json.dumps(told))  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
