"""A crawl as the command runs it: the real gate, the real archive, and servers on loopback."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper import sites
from scraper.crawl import Limits, crawl, utc_now
from scraper.models import Frontier
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.reader import READER_VERSION
from scraper.rehearsal import Rehearsal
from scraper.seeds import Seed, seed_of_url
from scraper.tally import Event, Tally
from scraper.urls import alias_key
from scraper.workers import Read, UnlimitedReaders

NO_LIMITS = Limits()
SCRAPING = Scraping(key=alias_key, reader_version=READER_VERSION)


def open_archive(path: Path) -> Archive:
    return Archive.open(path, mode=Mode.EXCLUSIVE, scraping=SCRAPING)


async def crawl_into(
    archive: Archive,
    *targets: str | Seed,
    limits: Limits = NO_LIMITS,
    readers: Read | None = None,
    delay_seconds: float = 0.0,
    clock: Callable[[], datetime] = utc_now,
    report: Callable[[Event], None] = lambda _event: None,
    stop: asyncio.Event | None = None,
    rehearsal: Rehearsal | None = None,
    frontier: Frontier | None = None,
) -> Tally:
    seeds = [target if isinstance(target, Seed) else seed_of_url(target, sites.shipped()) for target in targets]
    policy = FetchPolicy(
        delay_seconds=delay_seconds, allow_private=True, backoff_seconds=0.01, max_backoff_seconds=0.05
    )
    policy = policy.with_seeds(task.url for seed in seeds for task in seed.tasks)
    async with Fetcher(policy, now=clock) as fetcher:
        return await crawl(
            seeds,
            fetcher=fetcher,
            readers=readers or UnlimitedReaders(),
            frontier=rehearsal or frontier or archive.frontier,
            keep=rehearsal.keep if rehearsal else archive.keep,
            limits=limits,
            clock=clock,
            report=report,
            stop=stop,
        )


def crawl_once(path: Path, *targets: str | Seed, limits: Limits = NO_LIMITS, delay_seconds: float = 0.0) -> Tally:
    with open_archive(path) as archive:
        return asyncio.run(crawl_into(archive, *targets, limits=limits, delay_seconds=delay_seconds))


def rows(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()
