"""HTTP and transport: F15 to F31 of the fault list, as the gate meets them."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
import struct
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

import pytest

from scraper.errors import (
    BadRedirect,
    DeadlineExceeded,
    DnsError,
    HostParked,
    NetworkError,
    ProtocolError,
    ScraperError,
    TooLarge,
    TooManyRedirects,
    Truncated,
)
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.guard import SystemResolver, addresses_of
from tests.servers.gate import Clock, code_of, names, outcome_of, outcomes, quick
from tests.servers.raw import Reply, Server, answer, redirect

NOW = datetime(2026, 3, 7, 1, 2, 3, tzinfo=UTC)
PAGE = answer(b"<p>Tin</p>")


def fetch_one(reply: Reply | list[Reply], **limits: float) -> tuple[Server, Page | ScraperError]:
    """Fetch /tin, which answers so; /next and all else answer with a page."""

    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"/tin": reply, "*": PAGE}) as server:
            (outcome,) = await outcomes(quick(server, **limits), [f"{server.url}/tin"])
            return server, outcome

    return asyncio.run(act())


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


# --- F15: Retry-After -------------------------------------------------------------------------------------------------


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


# --- F16: conditional requests ----------------------------------------------------------------------------------------


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


# --- F17 to F19: redirects --------------------------------------------------------------------------------------------


def test_f17_redirects_in_a_circle_end_at_once() -> None:
    async def act() -> tuple[Server, Page | ScraperError]:
        loop: dict[str, Reply | list[Reply]] = {"/a": redirect("/b"), "/b": redirect("/a")}
        async with Server(loop) as server:
            (outcome,) = await outcomes(quick(server), [f"{server.url}/a"])
            return server, outcome

    server, outcome = asyncio.run(act())

    assert isinstance(outcome, TooManyRedirects)
    assert server.targets == ["/robots.txt", "/a", "/b"]


def test_f17_a_redirect_to_itself_with_a_cookie_ends_at_once_and_no_cookie_is_kept() -> None:
    server, outcome = fetch_one(answer(b"", "302 Found", Location="/tin", Set_Cookie="a=1"))

    assert isinstance(outcome, TooManyRedirects)
    assert server.count("/tin") == 1
    assert server.requests[-1].header("cookie") is None


@pytest.mark.parametrize(("hops", "expected"), [(10, "200"), (11, "too_many_redirects"), (20, "too_many_redirects")])
def test_f17_ten_redirects_are_followed_and_no_more(hops: int, expected: str) -> None:
    async def act() -> tuple[Server, Page | ScraperError]:
        chain: dict[str, Reply | list[Reply]] = {f"/{n}": redirect(f"/{n + 1}") for n in range(hops)}
        async with Server({"*": PAGE} | chain) as server:
            (outcome,) = await outcomes(quick(server), [f"{server.url}/0"])
            return server, outcome

    server, outcome = asyncio.run(act())

    assert code_of(outcome) == expected
    assert len(server.requests) <= 12


def test_f18_another_host_gets_no_condition_and_its_own_robots_is_asked() -> None:
    async def act() -> tuple[Server, Server, Page]:
        async with (
            Server({"*": PAGE}, host="127.0.0.2") as other,
            Server({"/tin": redirect(f"{other.url}/moi")}) as server,
            Fetcher(quick(server, other)) as fetcher,
        ):
            return server, other, await fetcher.fetch(f"{server.url}/tin", etag='"a"')

    server, other, page = asyncio.run(act())

    assert server.requests[-1].header("if-none-match") == '"a"'
    assert other.targets == ["/robots.txt", "/moi"]
    assert other.requests[-1].header("if-none-match") is None
    assert (page.requested_url, page.url) == (f"{server.url}/tin", f"{other.url}/moi")
    assert [(hop.url, hop.status) for hop in page.redirects] == [(f"{server.url}/tin", 302)]


def test_f18_a_redirect_to_what_the_other_hosts_robots_forbids_is_not_followed() -> None:
    async def act() -> tuple[Server, str]:
        rules = answer(b"User-agent: *\nDisallow: /")
        async with (
            Server({"/robots.txt": rules, "*": PAGE}, host="127.0.0.2") as other,
            Server({"/tin": redirect(f"{other.url}/moi")}) as server,
        ):
            (outcome,) = await outcomes(quick(server, other), [f"{server.url}/tin"])
            return other, code_of(outcome)

    other, code = asyncio.run(act())

    assert code == "robots_denied"
    assert other.targets == ["/robots.txt"]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/html,hi",
        "javascript:alert(1)",
        "http://xn--a/",
        "http://127.0.0.1:99999/",
        "http://u:p@127.0.0.1/",
        "http://[::1",
        "http://",
        "http://a..b/",
        "mailto:a@b.vn",
        "/" + "x" * 70_000,
    ],
)
def test_f19_a_redirect_to_what_cannot_be_fetched_is_refused_and_classed(location: str) -> None:
    server, outcome = fetch_one(redirect(location))

    assert isinstance(outcome, BadRedirect)
    assert len(str(outcome)) < 500
    assert server.targets == ["/robots.txt", "/tin"]


@pytest.mark.parametrize("junk", ["\x00", "\x01", "\x0b", "\x1b[2J", "\x7f", "a\tb"])
def test_f19_control_characters_in_a_redirect_never_crash(junk: str) -> None:
    _server, outcome = fetch_one(redirect(f"/next{junk}"))

    assert code_of(outcome) in {"200", "protocol", "bad_redirect"}


@pytest.mark.parametrize(
    "location", ["/bài-viết", "/caf\xe9", "b%C3%A0i?q=ă", "\\next", "//127.0.0.1:{port}/x", "?p=2"]
)
def test_f19_a_redirect_as_servers_write_them_is_followed(location: str) -> None:
    async def act() -> str:
        async with Server({"/tin": PAGE, "*": PAGE}) as server:
            server.replies = {"*": PAGE, "/tin": redirect(location.replace("{port}", str(server.port)))}
            (outcome,) = await outcomes(quick(server), [f"{server.url}/tin"])
            return code_of(outcome)

    assert asyncio.run(act()) == "200"


def test_f19_a_redirect_without_location_is_the_answer() -> None:
    _server, outcome = fetch_one(answer(b"gone elsewhere", "302 Found"))

    assert code_of(outcome) == "302"


# --- F20 to F24: bodies -----------------------------------------------------------------------------------------------

CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n{more}\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"half", Content_Length="1000", Connection="close"),
        CHUNKED.format(more="Connection: close\r\n").encode() + b"5\r\nhello\r\n",
        CHUNKED.format(more="Connection: close\r\n").encode() + b"ff\r\nhel",
    ],
    ids=["content-length", "no-last-chunk", "cut-chunk"],
)
def test_f20_a_cut_body_is_asked_for_again_and_never_a_page(reply: bytes) -> None:
    server, outcome = fetch_one(reply, retries=2)

    assert isinstance(outcome, Truncated)
    assert server.count("/tin") == 3


def test_f20_a_body_that_was_cut_once_is_whole_the_second_time() -> None:
    _server, outcome = fetch_one([answer(b"half", Content_Length="1000", Connection="close"), PAGE])

    assert isinstance(outcome, Page)
    assert outcome.body == b"<p>Tin</p>"


ARTICLE = b"".join(b"<p>%d</p>" % n for n in range(10_000))
GZIPPED = gzip.compress(ARTICLE)


@pytest.mark.parametrize(
    ("body", "coding", "code"),
    [
        (GZIPPED[: len(GZIPPED) // 2], "gzip", "truncated"),
        (GZIPPED[:-1], "gzip", "truncated"),
        (GZIPPED[:5], "gzip", "truncated"),
        (GZIPPED[:-8] + b"\0\0\0\0" + GZIPPED[-4:], "gzip", "truncated"),
        (GZIPPED[:-4] + b"\1\0\0\0", "gzip", "truncated"),
        (zlib.compress(ARTICLE)[:-10], "deflate", "truncated"),
        (ARTICLE, "gzip", "bad_encoding"),
        (GZIPPED, "br", "bad_encoding"),
        (GZIPPED, "zstd", "bad_encoding"),
        (GZIPPED, "gzip, br", "bad_encoding"),
        (GZIPPED, "x" * 5000, "bad_encoding"),
        (GZIPPED, ", ".join(["gzip"] * 200), "bad_encoding"),
    ],
    ids=["half", "end", "head", "crc", "length", "deflate", "plain", "br", "zstd", "two", "unknown", "chain"],
)
def test_f21_truncated_gzip_is_not_an_article(body: bytes, coding: str, code: str) -> None:
    _server, outcome = fetch_one(answer(body, Content_Encoding=coding), retries=0)

    assert code_of(outcome) == code


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (GZIPPED, "gzip"),
        (GZIPPED, "x-gzip"),
        (GZIPPED, "GZIP"),
        (GZIPPED, "identity, gzip"),
        (GZIPPED + b"\0" * 100, "gzip"),
        (gzip.compress(ARTICLE[:999]) + gzip.compress(ARTICLE[999:]), "gzip"),
        (gzip.compress(GZIPPED), "gzip, gzip"),
        (zlib.compress(ARTICLE), "deflate"),
        (zlib.compress(ARTICLE)[2:-4], "deflate"),
        (ARTICLE, "identity"),
        (ARTICLE, ""),
    ],
)
def test_f21_whole_bodies_in_the_codings_servers_use_are_read(body: bytes, coding: str) -> None:
    _server, outcome = fetch_one(answer(body, Content_Encoding=coding))

    assert isinstance(outcome, Page)
    assert outcome.body == ARTICLE
    assert outcome.wire_body == (None if body == ARTICLE else body)


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        (answer(b"hello and more", Content_Length="5"), {"200"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", {"200"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", {"protocol"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", {"protocol"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", {"200", "protocol"}),
        (CHUNKED.format(more="").encode() + b"zz\r\nhello\r\n0\r\n\r\n", {"protocol"}),
        (CHUNKED.format(more="").encode() + b"5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", {"200"}),
    ],
    ids=["longer", "te+cl", "two-cl", "negative-cl", "list-cl", "bad-chunk", "after-chunks"],
)
def test_f22_a_body_and_its_length_that_disagree_never_reach_the_next_answer(reply: bytes, codes: set[str]) -> None:
    async def act() -> list[Page | ScraperError]:
        async with Server({"/tin": reply, "*": PAGE}) as server:
            return await outcomes(quick(server, retries=0), [f"{server.url}/tin", f"{server.url}/next"])

    first, second = asyncio.run(act())

    assert code_of(first) in codes
    assert not isinstance(first, Page) or first.body == b"hello"
    assert isinstance(second, Page)
    assert second.body == b"<p>Tin</p>"


@lru_cache(maxsize=1)
def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    block = b"\0" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "302 Found"])
@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "deflate"])
def test_f23_a_bomb_is_refused_without_being_unfolded(status: str, coding: str) -> None:
    body = bomb(300)
    if coding == "gzip, gzip":
        body = gzip.compress(body)
    elif coding == "deflate":
        body = body[10:-8]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    began = time.monotonic()
    _server, outcome = fetch_one(answer(body, status, Content_Encoding=coding, Location="/next"))

    assert isinstance(outcome, TooLarge)
    assert time.monotonic() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_f23_a_million_empty_gzip_members_are_refused_at_once() -> None:
    members = gzip.compress(b"", mtime=0) * 400_000

    began = time.monotonic()
    _server, outcome = fetch_one(answer(members, Content_Encoding="gzip"))

    assert code_of(outcome) == "bad_encoding"
    assert time.monotonic() - began < 2


async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


def test_f24_a_body_without_end_stops_at_the_cap() -> None:
    server, outcome = fetch_one(pour, max_body_bytes=1_000_000)

    assert isinstance(outcome, TooLarge)
    assert server.count("/tin") == 1


def test_f24_a_declared_length_beyond_the_cap_is_refused_before_the_body() -> None:
    _server, outcome = fetch_one(answer(b"", Content_Length=str(11 * 1024 * 1024)), deadline_seconds=2)

    assert isinstance(outcome, TooLarge)


def test_f24_a_body_of_exactly_the_cap_is_a_page() -> None:
    _server, exact = fetch_one(answer(b"x" * 1000), max_body_bytes=1000)
    _server, over = fetch_one(answer(b"x" * 1001), max_body_bytes=1000)

    assert (code_of(exact), code_of(over)) == ("200", "too_large")


# --- F25 to F28: slow and broken servers ------------------------------------------------------------------------------


async def drip_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)


async def drip_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    for _ in range(10_000):
        writer.write(b"z")
        await asyncio.sleep(0.02)


async def stall_after_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    await asyncio.sleep(60)


@pytest.mark.parametrize("script", [drip_headers, drip_body, stall_after_headers])
def test_f25_a_dripping_server_meets_the_total_deadline_and_other_hosts_go_on(script: Reply) -> None:
    async def act() -> tuple[Page | ScraperError, float, int]:
        async with (
            Server({"/tin": script}) as slow,
            Server({"*": PAGE}, host="127.0.0.2") as fast,
            Fetcher(quick(slow, fast, deadline_seconds=0.6)) as fetcher,
        ):
            began = time.monotonic()
            drip = asyncio.create_task(outcome_of(fetcher, f"{slow.url}/tin"))
            pages = 0
            while not drip.done():
                await fetcher.fetch(f"{fast.url}/{pages}")
                pages += 1
            return await drip, time.monotonic() - began, pages

    outcome, seconds, pages = asyncio.run(act())

    assert isinstance(outcome, DeadlineExceeded)
    assert 0.4 < seconds < 2
    assert pages > 50


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

    async def act() -> tuple[str, float]:
        began = time.monotonic()
        async with Server() as server:
            port = server.port
        policy = quick(retries=0, ports=frozenset({port}))
        (outcome,) = await outcomes(policy, [f"http://bao.vn:{port}/"], resolver=resolve)
        return code_of(outcome), time.monotonic() - began

    code, seconds = asyncio.run(act())

    assert code == "connect"
    assert seconds < 2


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
