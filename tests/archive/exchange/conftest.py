"""Archives that no test changes: one kept by hand, and one crawled from the newspaper over some days."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from commands.fetching import Queue
from commands.newspaper import Newspaper, serve
from scraper.crawl import Limits, crawl
from scraper.models import Frontier
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.seeds import Seed, seed_of_url
from scraper.workers import UnlimitedReaders
from tests.archive.exchange_kit import keep_history
from tests.archive.kit import NOW
from tests.crawl_scene import open_archive

EDITED = "mo-rong-duong-le-duan-qua-trung-tam-thanh-pho"
REMOVED = "lap-den-tin-hieu-nga-tu-le-duan-tran-phu"
DAYS = 3


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "archive.db"
    keep_history(path)
    return path


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newspaper as it was crawled, and as its articles were on the days after: one edited, one taken down."""
    path = tmp_path_factory.mktemp("crawled") / "archive.db"
    paper = Newspaper(lambda: NOW)
    with serve(paper) as server:
        asyncio.run(visit(path, [server.url("/")], NOW))
        urls = [server.url(paper.article(slug).path) for slug in (EDITED, REMOVED)]
        paper.edit(EDITED, title="Đường Lê Duẩn: thêm 9 hộ nhận tiền", append="Sáng nay thêm 9 hộ.", at=NOW)
        paper.remove(REMOVED, status=410)
        for day in range(1, DAYS + 1):
            asyncio.run(visit(path, urls, NOW + timedelta(days=day)))
    return path


async def visit(path: Path, urls: list[str], now: datetime) -> None:
    """Crawl from one URL, or fetch several, as if it were then."""
    seeds: list[Seed] = [seed_of_url(url) for url in urls]
    policy = FetchPolicy(delay_seconds=0, allow_private=True, backoff_seconds=0.01)
    policy = policy.with_seeds(task.url for seed in seeds for task in seed.tasks)
    with open_archive(path) as archive:
        queue = Queue(task for seed in seeds for task in seed.tasks)
        frontier: Frontier = archive.frontier if len(urls) == 1 else queue
        async with Fetcher(policy, now=lambda: now) as fetcher:
            await crawl(
                seeds,
                fetcher=fetcher,
                readers=UnlimitedReaders(),
                frontier=frontier,
                keep=archive.keep,
                limits=Limits() if len(urls) == 1 else Limits(depth=0),
                clock=lambda: now,
            )
