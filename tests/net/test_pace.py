"""One request at a time a host, and a delay between starts that the server, too, would measure."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import HostParked
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.pace import HostPace, Pace, Turn, delay_of, next_start, pace_key, start_of
from scraper.urls import split
from tests.servers.gate import Clock, outcome_of, quick
from tests.servers.raw import Reply, Server, answer, redirect

URL = split("https://bao.vn/a")
SECONDS = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("host", "delay", "expected"),
    [
        (HostPace(), 2.0, 0.0),
        (HostPace(started_at=100), 2.0, 102),
        (HostPace(started_at=100), 0.0, 100),
        (HostPace(started_at=100, answer_seconds=0.5), 2.0, 102),
        (HostPace(started_at=100, answer_seconds=5), 2.0, 110),  # a server that is slow is asked less often
        (HostPace(started_at=100, answer_seconds=5), 0.0, 100),
        (HostPace(started_at=100, held_until=130), 2.0, 130),
        (HostPace(started_at=100, held_until=101), 2.0, 102),
        (HostPace(held_until=130), 2.0, 130),
    ],
)
def test_the_next_start_keeps_delay_slowness_and_rest(host: HostPace, delay: float, expected: float) -> None:
    assert next_start(host, delay) == expected


@given(SECONDS, SECONDS, SECONDS, st.floats(0.001, 1e5))
def test_the_next_start_is_never_sooner_than_any_of_them(
    started: float, took: float, held: float, delay: float
) -> None:
    host = HostPace(started_at=started, answer_seconds=took, held_until=held)

    assert next_start(host, delay) >= max(started + delay, held)


@pytest.mark.parametrize(
    ("turn", "now", "expected"),
    [
        (Turn(0.0), 50.0, 50.0),  # nothing was sent: the whole turn counts
        (Turn(0.0, sent_at=10.0, answered_at=10.01), 50.0, 10.01),
        (Turn(0.0, sent_at=10.0, answered_at=30.0), 50.0, 10.1),
        (Turn(0.0, sent_at=10.0), 50.0, 10.1),
        (Turn(0.0, sent_at=10.0), 10.02, 10.02),
    ],
)
def test_a_request_started_when_the_server_saw_it(turn: Turn, now: float, expected: float) -> None:
    assert start_of(turn, now) == pytest.approx(expected)


@pytest.mark.parametrize(("ours", "asked", "expected"), [(2, None, 2), (2, 5, 5), (2, 0, 2), (0, 1, 1), (0, None, 0)])
def test_the_delay_is_ours_or_the_longer_one_asked_for(ours: float, asked: float | None, expected: float) -> None:
    assert delay_of(ours, asked) == expected


def test_http_and_https_are_one_host_and_other_ports_are_others() -> None:
    assert pace_key(split("http://bao.vn/")) == pace_key(split("https://bao.vn/"))
    assert pace_key(split("http://bao.vn:8080/")) != pace_key(split("http://bao.vn/"))
    assert pace_key(split("http://www.bao.vn/")) != pace_key(split("http://bao.vn/"))


def test_turns_at_one_host_never_overlap_and_keep_their_distance() -> None:
    starts: list[float] = []

    async def act(clock: Clock) -> None:
        pace = Pace(clock=clock, sleep=clock.sleep, max_slowness_seconds=120)
        inside = 0

        async def one() -> None:
            nonlocal inside
            async with pace.turn(URL, 2.0) as turn:
                inside += 1
                assert inside == 1
                starts.append(clock())
                await asyncio.sleep(0)
                turn.sent_at = turn.answered_at = clock()
                inside -= 1

        await asyncio.gather(*(one() for _ in range(5)))

    asyncio.run(act(Clock()))

    assert [later - earlier for earlier, later in pairwise(starts)] == [2.0] * 4


def test_a_turn_that_failed_counts_as_a_start() -> None:
    async def act(clock: Clock) -> float:
        pace = Pace(clock=clock, sleep=clock.sleep, max_slowness_seconds=120)
        with pytest.raises(OSError, match="gone"):
            async with pace.turn(URL, 2.0):
                raise OSError("gone")
        async with pace.turn(URL, 2.0) as turn:
            return turn.waited_seconds

    assert asyncio.run(act(Clock())) == 2.0


@pytest.mark.parametrize(("took", "expected"), [(3.0, 6.0), (50.0, 100.0), (70.0, 120.0)])
def test_a_slow_server_is_asked_at_half_its_own_pace_up_to_the_longest_delay(took: float, expected: float) -> None:
    async def act(clock: Clock) -> float:
        pace = Pace(clock=clock, sleep=clock.sleep, max_slowness_seconds=120)
        async with pace.turn(URL, 2.0) as turn:
            turn.sent_at = turn.answered_at = clock()
            clock.seconds += took
        async with pace.turn(URL, 2.0) as turn:
            return turn.waited_seconds + took

    assert asyncio.run(act(Clock())) == expected


def test_a_parked_host_refuses_at_once_and_tells_how_long() -> None:
    async def act(clock: Clock) -> tuple[HostParked, Clock]:
        pace = Pace(clock=clock, sleep=clock.sleep, max_slowness_seconds=120)
        pace.park(URL, 3600)
        clock.seconds += 600
        with pytest.raises(HostParked) as caught:
            async with pace.turn(URL, 2.0):
                pass
        return caught.value, clock

    error, clock = asyncio.run(act(Clock()))

    assert error.retry_after_seconds == 3000
    assert error.url == str(URL)
    assert clock.slept == []


def gaps_at(server: Server) -> list[float]:
    return [later.at - earlier.at for earlier, later in pairwise(server.requests)]


def test_f94_the_server_never_measures_less_than_the_delay_whatever_happens() -> None:
    delay = 0.1
    replies: dict[str, Reply | list[Reply]] = {
        "/robots.txt": answer(b"User-agent: *\nDisallow:"),
        "/r": redirect("/s"),
        "/s": redirect("/1"),
        "/retried": [answer(b"", "503 Busy"), answer(b"", "502 Oops"), answer(b"ok")],
        "/cut": [answer(b"x", Content_Length="9", Connection="close"), answer(b"ok")],
        "/closing": answer(b"ok", Connection="close"),
        "*": answer(b"ok"),
    }

    async def act() -> tuple[Server, list[Page]]:
        async with Server(replies) as server, Fetcher(quick(server, delay_seconds=delay)) as fetcher:
            paths = ["/1", "/r", "/2", "/retried", "/cut", "/closing", "/3"]
            found = await asyncio.gather(*(outcome_of(fetcher, f"{server.url}{path}") for path in paths))
            return server, [page for page in found if isinstance(page, Page)]

    server, pages = asyncio.run(act())

    assert len(pages) == 7
    assert len(server.requests) == 13
    assert min(gaps_at(server)) >= delay


def test_f94_many_hosts_are_asked_side_by_side() -> None:
    async def act() -> float:
        hosts = [Server({"*": answer(b"ok")}, host=f"127.0.0.{n}") for n in range(2, 12)]
        for host in hosts:
            await host.__aenter__()
        try:
            async with Fetcher(quick(*hosts, delay_seconds=0.2)) as fetcher:
                began = asyncio.get_running_loop().time()
                await asyncio.gather(*(fetcher.fetch(f"{host.url}/{n}") for host in hosts for n in range(2)))
                return asyncio.get_running_loop().time() - began
        finally:
            for host in hosts:
                await host.__aexit__(None, None, None)

    assert 0.4 <= asyncio.run(act()) < 4.0  # which they would take one after the other


def test_the_wait_for_the_pace_is_told_and_is_no_part_of_the_deadline() -> None:
    async def act() -> Page:
        async with Server({"*": answer(b"ok")}) as server:
            policy = quick(server, delay_seconds=0.5, deadline_seconds=0.3)
            async with Fetcher(policy) as fetcher:
                return await fetcher.fetch(f"{server.url}/a")

    page = asyncio.run(act())

    assert page.timings.waited_seconds > 0.3
    assert 0 < page.timings.first_byte_seconds <= page.timings.total_seconds < 0.3
