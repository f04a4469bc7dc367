"""However many hosts pour at once, the bodies in hand stay within their bytes, and each still comes whole."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from contextlib import AsyncExitStack
from typing import Any

import pytest

from scraper.errors import ScraperError
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.memory import BodyMemory
from tests.servers.broken import pour
from tests.servers.gate import code_of, outcome_of, quick
from tests.servers.raw import Reply, Server, answer

MEGABYTE = 1_000_000


async def fetch_from_each(hosts: int, reply: Reply, **limits: Any) -> tuple[list[Page | ScraperError], int]:
    """Return what came from so many hosts asked at once, and the most bytes that were taken meanwhile."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(Server({"/tin": reply}, f"127.4.0.{n + 1}")) for n in range(hosts)]
        async with Fetcher(quick(*servers, **limits)) as fetcher:
            tracemalloc.start()
            try:
                came = await asyncio.gather(*(outcome_of(fetcher, f"{server.url}/tin") for server in servers))
                return came, tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()


def test_f24_bodies_without_end_from_many_hosts_take_no_more_than_those_of_a_few() -> None:
    came, taken = asyncio.run(fetch_from_each(24, pour, max_body_bytes=2 * MEGABYTE, max_bytes_in_hand=4 * MEGABYTE))

    assert {code_of(each) for each in came} == {"too_large"}
    assert taken < 32 * MEGABYTE  # half of what it is without the bound; servers' and connections' buffers are in it


def test_pages_larger_than_all_that_may_be_in_hand_come_one_after_the_other_and_whole() -> None:
    body = b"<p>Tin" * 100_000

    came, _ = asyncio.run(fetch_from_each(6, answer(body), max_bytes_in_hand=1))

    assert [each.body for each in came if isinstance(each, Page)] == [body] * 6


def test_bodies_that_were_refused_are_let_go_without_waiting_for_the_collector_of_circles() -> None:
    gc.collect()
    gc.disable()
    try:
        came, taken = asyncio.run(fetch_from_each(16, pour, max_body_bytes=2 * MEGABYTE, max_bytes_in_hand=1))
    finally:
        gc.enable()

    assert {code_of(each) for each in came} == {"too_large"}
    assert taken < 10 * MEGABYTE  # with the frames of their errors they were 40


# --- who may take how much --------------------------------------------------------------------------------------------


async def hold(memory: BodyMemory, *counts: int, until: asyncio.Event, log: list[str], name: str) -> None:
    for count in counts:
        await memory.take(count)
        log.append(f"{name} {memory.held}")
    await until.wait()


def test_what_a_task_holds_is_free_once_it_has_ended_and_the_longest_holder_never_waits() -> None:
    async def act() -> list[str]:
        memory, ends = BodyMemory(10), [asyncio.Event() for _ in range(3)]
        log: list[str] = []
        sizes = {"a": (6, 6), "b": (3,), "c": (4,)}
        tasks = [
            asyncio.create_task(hold(memory, *counts, until=end, log=log, name=name))
            for (name, counts), end in zip(sizes.items(), ends, strict=True)
        ]
        for task, end in zip(tasks, ends, strict=True):
            await asyncio.sleep(0)
            log.append("-")
            end.set()
            await task
        return log

    log = asyncio.run(act())

    assert log == ["a 6", "a 12", "-", "b 3", "c 4", "-", "-"]


def test_the_wait_for_room_is_not_taken_from_the_deadline() -> None:
    async def act() -> float:
        memory, release = BodyMemory(1), asyncio.Event()
        holder = asyncio.create_task(hold(memory, 1, until=release, log=[], name="a"))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.3, release.set)
        async with asyncio.timeout(0.2) as deadline:
            await memory.take(1, deadline=deadline)
            until = deadline.when()
        await holder
        return (until or 0.0) - asyncio.get_running_loop().time()

    left = asyncio.run(act())

    assert left == pytest.approx(0.2, abs=0.05)


def test_what_is_given_back_lets_another_go_on() -> None:
    async def act() -> int:
        memory = BodyMemory(5)
        waiting = asyncio.create_task(memory.take(5))
        await memory.take(5)
        await asyncio.sleep(0)
        memory.held = 0
        await waiting
        return memory.held

    assert asyncio.run(act()) == 0
