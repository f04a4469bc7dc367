"""Many newspapers in one crawl: no more of them are asked at a time than the limit says."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from scraper.crawl import Limits
from scraper.tally import Tally
from tests.crawl_scene import crawl_into, open_archive
from tests.servers.raw import NOT_FOUND, Server

AT_ONCE = 3


def test_no_more_hosts_are_asked_at_a_time_than_the_limit_says_not_even_at_the_start(tmp_path: Path) -> None:
    asked_now = most = 0

    async def slowly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked_now, most
        asked_now += 1
        most = max(most, asked_now)
        await asyncio.sleep(0.02)
        asked_now -= 1
        writer.write(NOT_FOUND)

    async def scene() -> Tally:
        async with AsyncExitStack() as stack:
            hosts = [f"127.3.0.{n}" for n in range(1, 13)]
            replies = {"*": slowly, "/robots.txt": slowly}
            servers = [await stack.enter_async_context(Server(replies, host)) for host in hosts]
            with open_archive(tmp_path / "archive.db") as archive:
                homes = [f"{server.url}/" for server in servers]
                return await crawl_into(archive, *homes, limits=Limits(hosts_at_once=AT_ONCE))

    tally = asyncio.run(scene())

    assert tally.pages == 12
    assert most == AT_ONCE
