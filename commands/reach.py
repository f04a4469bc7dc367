"""Do newspapers answer? One request each, for robots.txt, through the gate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from commands.crawl_options import CrawlOptions
from commands.joining import Sources, policy_of
from scraper.errors import RobotsDenied, ScraperError
from scraper.net.fetch import Fetcher
from scraper.seeds import seed_of_url
from scraper.urls import host_of


async def objections(
    urls: Sequence[str], *, contact: str | None, proxy: str | None, allow_private: bool
) -> dict[str, str | None]:
    """Return for the host of each URL why it cannot be crawled, None where it can."""
    options = CrawlOptions(contact=contact, proxy=proxy, allow_private=allow_private)
    policy = policy_of(options, Sources((), tuple(seed_of_url(url, ()) for url in urls)))
    async with Fetcher(policy) as fetcher:
        told = await asyncio.gather(*(_objection(fetcher, url) for url in urls))
    return {host_of(url) or url: each for url, each in zip(urls, told, strict=True)}


async def _objection(fetcher: Fetcher, url: str) -> str | None:
    try:
        robots = await fetcher.robots(url)
    except ScraperError as error:
        return str(error)
    return None if robots.allows(url) else str(RobotsDenied(url, "robots.txt of the site forbids this page"))
