"""Retry-After, transient answers and conditional requests: F15 and F16 of the fault list."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scraper.errors import (
    HostParked,
    ProtocolError,
    ScraperError,
)
from scraper.models import Page
from scraper.net.fetch import Fetcher
from tests.servers.gate import Clock, code_of, fetch_one, outcome_of, outcomes, quick
from tests.servers.raw import Server, answer, redirect

NOW = datetime(2026, 3, 7, 1, 2, 3, tzinfo=UTC)
PAGE = answer(b"<p>Tin</p>")


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        ("120", 120, 120),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90, 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.5, 1),
        ("0", 0.5, 1),
        ("-1", 0.5, 1),
        ("abc", 0.5, 1),
        ("1.5", 0.5, 1),
        ("", 0.5, 1),
    ],
)
def test_f15_retry_after_is_the_least_wait_and_junk_leaves_our_own(
    status: str, value: str, least: float, most: float
) -> None:
    async def act() -> tuple[Clock, Page | ScraperError]:
        clock = Clock()
        async with Server({"/tin": [answer(b"", status, Retry_After=value), PAGE]}) as server:
            policy = quick(server, backoff_seconds=1.0)
            (outcome,) = await outcomes(policy, [f"{server.url}/tin"], clock=clock, now=lambda: NOW)
            return clock, outcome

    clock, outcome = asyncio.run(act())

    assert code_of(outcome) == "200"
    assert least <= clock.total <= most


@pytest.mark.parametrize("value", ["121", "999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_f15_a_longer_pause_parks_the_host_and_nobody_sleeps(value: str) -> None:
    async def act() -> tuple[Server, Clock, list[Page | ScraperError]]:
        clock = Clock()
        async with Server({"/tin": answer(b"", "503 Busy", Retry_After=value), "*": PAGE}) as server:
            urls = [f"{server.url}/tin", f"{server.url}/other"]
            return server, clock, await outcomes(quick(server), urls, clock=clock)

    server, clock, found = asyncio.run(act())

    assert all(isinstance(outcome, HostParked) and outcome.retry_after_seconds > 120 for outcome in found)
    assert server.targets == ["/robots.txt", "/tin"]
    assert clock.slept == []


def test_f15_a_parked_host_is_asked_again_when_its_pause_is_over() -> None:
    async def act() -> str:
        clock = Clock()
        async with (
            Server({"/tin": [answer(b"", "503 Busy", Retry_After="3600"), PAGE]}) as server,
            Fetcher(quick(server), clock=clock, sleep=clock.sleep) as fetcher,
        ):
            await outcome_of(fetcher, f"{server.url}/tin")
            clock.seconds += 3601
            return code_of(await outcome_of(fetcher, f"{server.url}/tin"))

    assert asyncio.run(act()) == "200"


def test_f15_other_pages_of_a_host_wait_out_its_retry_after_too() -> None:
    async def act() -> Clock:
        clock = Clock()
        async with Server({"/tin": answer(b"", "503 Busy", Retry_After="60"), "*": PAGE}) as server:
            await outcomes(quick(server, retries=0), [f"{server.url}/tin", f"{server.url}/a"], clock=clock)
            return clock

    assert asyncio.run(act()).total == pytest.approx(60)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_f15_a_transient_status_is_asked_again_with_growing_waits_and_then_returned(status: int) -> None:
    async def act() -> tuple[Server, Clock, Page | ScraperError]:
        clock = Clock()
        async with Server({"/tin": answer(b"", f"{status} Oops")}) as server:
            policy = quick(server, backoff_seconds=1.0)
            (outcome,) = await outcomes(policy, [f"{server.url}/tin"], clock=clock)
            return server, clock, outcome

    server, clock, outcome = asyncio.run(act())

    assert code_of(outcome) == str(status)
    assert server.count("/tin") == 6
    assert all(2**n / 2 <= wait <= 2**n for n, wait in enumerate(clock.slept))


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 410, 418, 451, 501, 999])
def test_f15_any_other_complete_answer_is_a_page_at_once(status: int) -> None:
    body = b"" if status == 204 else b"said"

    server, outcome = fetch_one(answer(body, f"{status} So"))

    assert isinstance(outcome, Page)
    assert (outcome.status, outcome.body, outcome.reason) == (status, body, "So")
    assert server.count("/tin") == 1


def test_f16_a_304_to_a_condition_is_returned_as_it_came() -> None:
    async def act() -> tuple[Server, Page]:
        async with (
            Server({"/tin": answer(b"", "304 Not Modified", Content_Length="", ETag='W/"a"')}) as server,
            Fetcher(quick(server)) as fetcher,
        ):
            modified = "Sat, 07 Mar 2026 00:00:00 GMT"
            return server, await fetcher.fetch(f"{server.url}/tin", etag='W/"a"', last_modified=modified)

    server, page = asyncio.run(act())

    assert (page.status, page.body) == (304, b"")
    assert server.requests[-1].header("if-none-match") == 'W/"a"'
    assert server.requests[-1].header("if-modified-since") == "Sat, 07 Mar 2026 00:00:00 GMT"


@pytest.mark.parametrize("etag", ['"é"', '"ế"', '"a\r\nX-Evil: 1"', '"\0"', ""])
def test_f16_an_etag_that_cannot_stand_in_a_header_harms_nobody(etag: str) -> None:
    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"/tin": PAGE}) as server, Fetcher(quick(server)) as fetcher:
            return server, await outcome_of(fetcher, f"{server.url}/tin", etag=etag)

    server, outcome = asyncio.run(act())

    assert code_of(outcome) == "200"
    assert server.requests[-1].header("x-evil") is None


def test_f16_an_unsolicited_304_is_asked_once_more_past_all_caches() -> None:
    server, outcome = fetch_one([answer(b"", "304 Not Modified", Content_Length=""), PAGE])

    assert code_of(outcome) == "200"
    assert server.requests[-1].header("cache-control") == "no-cache"


def test_f16_a_304_of_another_host_after_a_redirect_answers_no_question_of_ours() -> None:
    async def act() -> tuple[Server, Page | ScraperError]:
        unmodified = answer(b"", "304 Not Modified", Content_Length="")
        async with (
            Server({"/moi": [unmodified, PAGE]}, host="127.0.0.2") as other,
            Server({"/tin": redirect(f"{other.url}/moi")}) as server,
            Fetcher(quick(server, other)) as fetcher,
        ):
            return other, await outcome_of(fetcher, f"{server.url}/tin", etag='"a"')

    other, outcome = asyncio.run(act())

    assert code_of(outcome) == "200"
    assert other.count("/moi") == 2


def test_f16_a_server_that_only_answers_304_is_no_page() -> None:
    server, outcome = fetch_one(answer(b"", "304 Not Modified", Content_Length=""))

    assert isinstance(outcome, ProtocolError)
    assert server.count("/tin") == 2
