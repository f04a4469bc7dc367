"""Slow, strange and unreachable servers: F25 to F31 of the fault list."""

from __future__ import annotations

import asyncio
import socket
import struct
import time

import pytest

from scraper.errors import (
    DeadlineExceeded,
    DnsError,
    NetworkError,
    ScraperError,
)
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.guard import SystemResolver, addresses_of
from tests.servers.gate import Clock, code_of, fetch_one, names, outcome_of, outcomes, quick
from tests.servers.raw import Reply, Server, answer

PAGE = answer(b"<p>Tin</p>")


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


WAITED_FOR: list[str] = []
"""What a slow server could bring to its end: nobody should have waited so long, six seconds, for it."""


async def drip_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)
    WAITED_FOR.append("headers")


async def drip_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    for _ in range(300):
        writer.write(b"z")
        await asyncio.sleep(0.02)
    WAITED_FOR.append("body")


async def stall_after_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    await asyncio.sleep(6)
    WAITED_FOR.append("body")


@pytest.mark.parametrize("script", [drip_headers, drip_body, stall_after_headers])
def test_f25_a_dripping_server_meets_the_total_deadline_and_other_hosts_go_on(script: Reply) -> None:
    async def act() -> tuple[Page | ScraperError, float, int]:
        async with (
            Server({"/tin": script}) as slow,
            Server({"*": PAGE}, host="127.0.0.2") as fast,
            Fetcher(quick(slow, fast, deadline_seconds=1.0, retries=0)) as fetcher,
        ):
            WAITED_FOR.clear()
            began = time.monotonic()
            drip = asyncio.create_task(outcome_of(fetcher, f"{slow.url}/tin"))
            pages = 0
            while not drip.done():
                pages += isinstance(await outcome_of(fetcher, f"{fast.url}/tin"), Page)
            return await drip, time.monotonic() - began, pages

    outcome, seconds, pages = asyncio.run(act())

    assert isinstance(outcome, DeadlineExceeded)
    assert seconds > 0.9
    assert pages >= 5
    assert WAITED_FOR == []


def test_f25_a_server_that_sends_nothing_for_long_is_given_up_before_the_deadline() -> None:
    began = time.monotonic()
    _server, outcome = fetch_one(stall_after_headers, read_seconds=0.1, retries=1)

    assert isinstance(outcome, DeadlineExceeded)
    assert time.monotonic() - began < 2


def many_headers(count: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(count)) + b"Content-Length: 0\r\n\r\n"


EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(b"", X_Long="y" * 200_000), "protocol"),
        (many_headers(3000), "protocol"),
        (many_headers(1001), "protocol"),
        (many_headers(300), "200"),
        (EARLY_HINTS * 1000 + PAGE, "200"),
        (answer(b"", "999 Denied"), "999"),
        (b"<html>HTTP 0.9</html>\r\n\r\n", "protocol"),
        (b"\x16\x03\x01\x02\x00garbage\r\n\r\n", "protocol"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\x00b\r\n\r\nok", "protocol"),
        (b"HTTP/1.1 200 B\xe1o l\xe1\r\nContent-Length: 2\r\n\r\nok", "200"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", "200"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol"),
    ],
    ids=[
        "200kB-header", "3000-headers", "1001-headers", "300-headers", "1000x103", "999", "http-0.9", "garbage",
        "short-status",
        "no-colon", "nul", "latin-1-reason", "http-1.0", "101",
    ],
)  # fmt: skip
def test_f26_a_strange_head_is_an_answer_or_a_clean_error(reply: bytes, code: str) -> None:
    server, outcome = fetch_one(reply)

    assert code_of(outcome) == code
    assert server.count("/tin") == 1


def test_f26_an_endless_run_of_early_hints_meets_the_deadline() -> None:
    async def hint(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(EARLY_HINTS * 100)
            await writer.drain()
            await asyncio.sleep(0.001)

    _server, outcome = fetch_one(hint, deadline_seconds=0.5)

    assert isinstance(outcome, DeadlineExceeded)


async def reset_at_once(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reset(writer)


async def reset_in_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()
    await asyncio.sleep(0.02)
    await reset(writer)


async def end_before_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def end_in_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("script", [reset_at_once, reset_in_body, end_before_headers, end_in_headers])
def test_f27_a_broken_connection_is_tried_again_a_few_times_and_classed(script: Reply) -> None:
    server, outcome = fetch_one(script, retries=2)

    assert isinstance(outcome, NetworkError)
    assert 1 <= server.count("/tin") <= 3


@pytest.mark.parametrize("script", [reset_at_once, reset_in_body, end_before_headers])
def test_f27_a_connection_that_broke_once_is_forgotten(script: Reply) -> None:
    _server, outcome = fetch_one([script, PAGE])

    assert code_of(outcome) == "200"


def test_f27_a_refused_connection_is_classed_and_soon_given_up() -> None:
    async def act() -> tuple[Clock, Page | ScraperError]:
        clock = Clock()
        async with Server() as server:
            policy = quick(server, backoff_seconds=1.0)
            url = server.url
        (outcome,) = await outcomes(policy, [url], clock=clock)
        return clock, outcome

    clock, outcome = asyncio.run(act())

    assert code_of(outcome) == "connect"
    assert "connection" in str(outcome)
    assert len(clock.slept) == 2


def test_f27_a_connection_the_server_closed_while_idle_is_replaced() -> None:
    async def act() -> list[str]:
        async with Server({"*": answer(b"ok", Connection="close")}) as server:
            found = await outcomes(quick(server, retries=0), [f"{server.url}/{n}" for n in range(5)])
            return [code_of(outcome) for outcome in found]

    assert asyncio.run(act()) == ["200"] * 5


@pytest.mark.parametrize(("errno", "retries"), [(socket.EAI_NONAME, 0), (socket.EAI_AGAIN, 2), (socket.EAI_FAIL, 0)])
def test_f28_a_host_without_address_is_classed_and_starts_no_storm(errno: int, retries: int) -> None:
    asked = []

    async def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(errno, "no")

    async def act() -> list[Page | ScraperError]:
        return await outcomes(quick(), [f"http://bao.vn/{n}" for n in range(10)], resolver=resolve)

    found = asyncio.run(act())

    assert {code_of(outcome) for outcome in found} == {"dns"}
    assert len(asked) == 1 + retries


@pytest.mark.parametrize("answers", [[], ["junk"], ["::1%eth0x"], ["fe80::1%eth0"]])
def test_f28_an_answer_without_a_usable_address_is_classed(answers: list[str]) -> None:
    (outcome,) = asyncio.run(outcomes(quick(), ["http://bao.vn/"], resolver=names({"bao.vn": answers})))

    assert code_of(outcome) in {"dns", "address_refused", "connect"}


def test_f28_a_resolver_that_fails_is_classed() -> None:
    (outcome,) = asyncio.run(outcomes(quick(), ["http://khac.vn/"], resolver=names({})))

    assert code_of(outcome) == "dns"


def test_f28_the_systems_resolver_finds_this_machine() -> None:
    async def act() -> Page | ScraperError:
        async with Server({"*": PAGE}) as server:
            (outcome,) = await outcomes(quick(server), [f"http://localhost:{server.port}/"])
            return outcome

    assert code_of(asyncio.run(act())) == "200"


def test_f28_the_systems_resolver_tells_a_name_that_cannot_be() -> None:
    async def act() -> None:  # refused before any name server is asked
        await addresses_of("a" * 64 + ".vn", 80, SystemResolver(), allow_private=False)

    with pytest.raises(DnsError):
        asyncio.run(act())


def test_f28_a_name_server_that_never_answers_holds_up_nobody_else() -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        if host == "slow.vn":
            await asyncio.sleep(30)
        return ["127.0.0.1"]

    async def act() -> tuple[str, str]:
        async with Server({"*": PAGE}) as server:
            policy = quick(server, connect_seconds=0.2, retries=0)
            async with Fetcher(policy, resolver=resolve) as fetcher:
                slow = asyncio.create_task(outcome_of(fetcher, f"http://slow.vn:{server.port}/"))
                fast = await outcome_of(fetcher, f"http://fast.vn:{server.port}/")
                assert not slow.done()
                return code_of(fast), code_of(await slow)

    assert asyncio.run(act()) == ("200", "connect")


def test_f28_of_a_hundred_addresses_only_a_few_are_dialled() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return [f"127.0.1.{n}" for n in range(1, 101)]

    async def act() -> str:
        async with Server({"*": PAGE}, host="127.0.1.100") as last:
            (outcome,) = await outcomes(quick(last, retries=0), [f"http://bao.vn:{last.port}/"], resolver=resolve)
            return code_of(outcome)

    assert asyncio.run(act()) == "connect"  # the last of the hundred would have answered


def test_f30_a_dead_ipv6_address_gives_way_to_ipv4_within_a_second() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    async def act() -> tuple[Page | ScraperError, float]:
        async with Server({"*": PAGE}) as server:  # on IPv4 alone
            began = time.monotonic()
            (outcome,) = await outcomes(quick(server), [f"http://bao.vn:{server.port}/"], resolver=resolve)
            return outcome, time.monotonic() - began

    outcome, seconds = asyncio.run(act())

    assert isinstance(outcome, Page)
    assert outcome.server_address is not None
    assert outcome.server_address.startswith("127.0.0.1:")
    assert seconds < 1


def test_f31_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    _server, outcome = fetch_one(PAGE)

    assert code_of(outcome) == "200"
