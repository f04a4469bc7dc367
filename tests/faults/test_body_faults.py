"""Bodies that are cut, damaged, bombs or without end: F20 to F24 of the fault list."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import pytest

from scraper.errors import (
    ScraperError,
    TooLarge,
    Truncated,
)
from scraper.models import Page
from tests.bombs import HEADER_BYTES, TRAILER_BYTES, gzip_bomb
from tests.servers.gate import code_of, fetch_one, outcomes, quick
from tests.servers.raw import Server, answer

PAGE = answer(b"<p>Tin</p>")


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
GZIPPED = gzip.compress(ARTICLE, mtime=0)


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
        (gzip.compress(ARTICLE[:999], mtime=0) + gzip.compress(ARTICLE[999:], mtime=0), "gzip"),
        (gzip.compress(GZIPPED, mtime=0), "gzip, gzip"),
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


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "302 Found"])
@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "deflate"])
def test_f23_a_bomb_is_refused_without_being_unfolded(status: str, coding: str) -> None:
    body = gzip_bomb(300)
    if coding == "gzip, gzip":
        body = gzip.compress(body)
    elif coding == "deflate":
        body = body[HEADER_BYTES:-TRAILER_BYTES]

    tracemalloc.start()
    try:
        _server, outcome = fetch_one(answer(body, status, Content_Encoding=coding, Location="/next"))
        _now, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert isinstance(outcome, TooLarge)
    assert most_bytes < 50_000_000


def test_f23_a_million_empty_gzip_members_are_refused_at_once() -> None:
    members = gzip.compress(b"", mtime=0) * 400_000

    began = time.process_time()
    _server, outcome = fetch_one(answer(members, Content_Encoding="gzip"))

    assert code_of(outcome) == "bad_encoding"
    assert time.process_time() - began < 2


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
