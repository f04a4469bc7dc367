"""Robots: F1 to F14 of the fault list."""

from __future__ import annotations

import asyncio
import gzip
import struct
import time

import pytest

from scraper.errors import HostParked, RobotsUnreachable, ScraperError
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.robots import parse_robots
from tests.servers.gate import Clock, code_of, names, outcome_of, outcomes, quick
from tests.servers.raw import Reply, Request, Server, answer, redirect

PAGE = answer(b"<p>Tin</p>")
FORBID_ALL = answer(b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")


async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    import socket

    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


async def stall(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def fetch_one(robots: Reply | list[Reply], **limits: float) -> tuple[Server, list[Page | ScraperError]]:
    async def act() -> tuple[Server, list[Page | ScraperError]]:
        async with Server({"/robots.txt": robots, "*": PAGE}) as server:
            return server, await outcomes(quick(server, **limits), [f"{server.url}/tin.html"])

    return asyncio.run(act())


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "451 No"])
def test_f01_robots_that_is_not_there_or_not_shown_allows_all(status: str) -> None:
    server, (outcome,) = fetch_one(answer(b"User-agent: *\nDisallow: /", status))

    assert code_of(outcome) == "200"
    assert server.targets == ["/robots.txt", "/tin.html"]


@pytest.mark.parametrize(
    "robots",
    [
        answer(b"", "500 Oops"),
        answer(b"", "503 Busy"),
        answer(b"", "599 What"),
        close,
        reset,
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        answer(b"User-agent: *", Content_Length="999", Connection="close"),
    ],
    ids=["500", "503", "599", "closed", "reset", "garbage", "truncated"],
)
def test_f02_robots_that_cannot_be_had_forbids_the_host(robots: Reply) -> None:
    server, (outcome,) = fetch_one(robots, retries=1)

    assert isinstance(outcome, RobotsUnreachable)
    assert "/tin.html" not in server.targets


def test_f02_robots_that_never_answers_forbids_the_host() -> None:
    server, (outcome,) = fetch_one(stall, deadline_seconds=0.3)

    assert isinstance(outcome, RobotsUnreachable)
    assert "/tin.html" not in server.targets


def test_f02_an_unreachable_robots_is_not_asked_for_again_with_every_page() -> None:
    async def act() -> tuple[Server, list[Page | ScraperError]]:
        async with Server({"/robots.txt": answer(b"", "500 Oops"), "*": PAGE}) as server:
            urls = [f"{server.url}/{n}" for n in range(20)]
            return server, await outcomes(quick(server, retries=1), urls)

    server, found = asyncio.run(act())

    assert {code_of(outcome) for outcome in found} == {"robots_unreachable"}
    assert server.targets == ["/robots.txt"] * 2


def test_f02_the_copy_of_yesterday_serves_while_robots_fails() -> None:
    async def act() -> tuple[Server, list[str]]:
        rules = answer(b"User-agent: *\nDisallow: /no")
        async with Server({"/robots.txt": [rules, answer(b"", "500 Oops")], "*": PAGE}) as server:
            clock = Clock()
            async with Fetcher(quick(server, retries=0), clock=clock, sleep=clock.sleep) as fetcher:
                first = await outcome_of(fetcher, f"{server.url}/a")
                clock.seconds += 25 * 3600
                later = [await outcome_of(fetcher, f"{server.url}{path}") for path in ("/b", "/no")]
            return server, [code_of(outcome) for outcome in (first, *later)]

    server, codes = asyncio.run(act())

    assert codes == ["200", "200", "robots_denied"]
    assert server.count("/robots.txt") == 2


def test_f03_robots_429_forbids_the_host_and_its_retry_after_is_kept() -> None:
    async def act() -> tuple[Server, Clock, list[Page | ScraperError]]:
        clock = Clock()
        async with Server({"/robots.txt": answer(b"", "429 Slow", Retry_After="7"), "*": PAGE}) as server:
            found = await outcomes(quick(server, retries=2), [f"{server.url}/a"], clock=clock)
            return server, clock, found

    server, clock, (outcome,) = asyncio.run(act())

    assert isinstance(outcome, RobotsUnreachable)
    assert server.targets == ["/robots.txt"] * 3
    assert clock.slept == [7, 7]


def test_f03_robots_429_with_a_long_retry_after_parks_the_host() -> None:
    server, (outcome,) = fetch_one(answer(b"", "429 Slow", Retry_After="86400"))

    assert isinstance(outcome, HostParked)
    assert outcome.retry_after_seconds == 86400
    assert server.targets == ["/robots.txt"]


@pytest.mark.parametrize(("hops", "expected"), [(5, "robots_denied"), (6, "200")])
def test_f04_f05_five_redirects_of_robots_are_followed_across_hosts_and_more_mean_there_is_none(
    hops: int, expected: str
) -> None:
    async def act() -> str:
        async with Server({"*": PAGE}, host="127.0.0.1") as first:
            replies: dict[str, Reply | list[Reply]] = {"*": PAGE}
            async with Server(replies, host="127.0.0.2", port=first.port) as second:
                hosts = [first, second]
                chain = [f"{hosts[n % 2].url}/r{n}" for n in range(1, hops + 1)]
                steps: dict[str, Reply | list[Reply]] = {
                    f"/r{n}": redirect(chain[n]) if n < hops else FORBID_ALL for n in range(1, hops + 1)
                }
                first.replies = {"*": PAGE, "/robots.txt": redirect(chain[0])} | steps
                second.replies = {"*": PAGE} | steps
                (outcome,) = await outcomes(quick(first), [f"{first.url}/tin.html"])
                return code_of(outcome)

    assert asyncio.run(act()) == expected


def test_f05_a_robots_that_redirects_to_itself_means_there_is_none() -> None:
    server, (outcome,) = fetch_one(redirect("/robots.txt"))

    assert code_of(outcome) == "200"
    assert server.count("/robots.txt") == 1


def test_f04_a_robots_that_redirects_to_a_private_address_forbids_the_host() -> None:
    async def act() -> tuple[list[str], str]:
        async with Server({"/robots.txt": redirect("http://169.254.169.254/latest/"), "*": PAGE}) as server:
            (outcome,) = await outcomes(quick(server), [f"{server.url}/a"])
            return server.targets, code_of(outcome)

    assert asyncio.run(act()) == (["/robots.txt"], "address_refused")


def test_f06_a_page_in_place_of_robots_allows_all() -> None:
    html = b"<!doctype html><title>Disallow: /</title><p>User-agent: none of this is a rule</p>"

    _server, (outcome,) = fetch_one(answer(html))

    assert code_of(outcome) == "200"


def test_f07_a_huge_robots_is_read_to_512_kib_and_no_further() -> None:
    line = b"Disallow: /filler\n"
    head = b"User-agent: *\n" + line * ((499 * 1024 - 14) // len(line))
    middle = b"Disallow: /early\n" + line * (101 * 1024 // len(line))
    robots = head + middle + b"Disallow: /late\n" + line * 500_000

    async def act() -> list[str]:
        async with Server({"/robots.txt": answer(robots), "*": PAGE}) as server:
            found = await outcomes(quick(server), [f"{server.url}/early", f"{server.url}/late"])
            return [code_of(outcome) for outcome in found]

    assert len(robots) > 9_000_000
    assert asyncio.run(act()) == ["robots_denied", "200"]


def test_f07_a_huge_gzipped_robots_is_cut_too() -> None:
    robots = gzip.compress(b"User-agent: *\nDisallow: /no\n" + b"#" * 50_000_000)

    async def act() -> list[str]:
        async with Server({"/robots.txt": answer(robots, Content_Encoding="gzip"), "*": PAGE}) as server:
            found = await outcomes(quick(server), [f"{server.url}/no", f"{server.url}/yes"])
            return [code_of(outcome) for outcome in found]

    assert asyncio.run(act()) == ["robots_denied", "200"]


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /no",
        "User-agent: *\nDisallow: /no".encode("utf-16"),
        "\ufeffUser-agent: *\nDisallow: /no".encode("utf-16-be"),
        b"User-agent: *\rDisallow: /no\r",
        b"User-agent: *\r\nDisallow: /no\r\n",
        b"User-\0agent: *\nDis\0allow: /no",
        b"x" * 100_000 + b"\nUser-agent: *\nDisallow: /no",
        b"\xff\xfb\x80 junk\nUser-agent: *\nDisallow: /no",
        b"User-agent: *\nDisallow: /no\nDisallow: /" + b"y" * 100_000,
    ],
    ids=["bom", "utf-16-le", "utf-16-be", "cr", "crlf", "nul", "long-junk", "invalid", "long-rule"],
)
def test_f08_odd_bytes_in_robots_neither_crash_nor_hide_its_rules(body: bytes) -> None:
    robots = parse_robots(body, url="https://bao.vn/robots.txt")

    assert not robots.allows("https://bao.vn/no/1")
    assert robots.allows("https://bao.vn/yes")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Crawl-delay: 0", 2.0),
        ("Crawl-delay: 5", 5.0),
        ("Crawl-delay: 0.5", 2.0),
        ("Crawl-delay: -1", 2.0),
        ("Crawl-delay: abc", 2.0),
        ("Crawl-delay: nan", 2.0),
        ("Crawl-delay: inf", 2.0),
        ("Crawl-delay:", 2.0),
        ("Crawl-delay: 5 # seconds", 5.0),
        ("Request-rate: 1/10", 10.0),
        ("Request-rate: 1/1m", 60.0),
        ("Request-rate: 2/10", 5.0),
        ("Request-rate: 0/0", 2.0),
        ("Request-rate: 1/10\nCrawl-delay: 20", 20.0),
    ],
)
def test_f09_the_longer_of_our_delay_and_the_one_asked_for_is_kept(line: str, expected: float) -> None:
    async def act() -> Clock:
        clock = Clock()
        async with Server({"/robots.txt": answer(f"User-agent: *\n{line}".encode()), "*": PAGE}) as server:
            await outcomes(quick(server, delay_seconds=2.0), [f"{server.url}/{n}" for n in range(3)], clock=clock)
            return clock

    assert asyncio.run(act()).slept == [expected] * 3


@pytest.mark.parametrize("seconds", ["86400", "1e9", "121"])
def test_f09_a_host_that_asks_for_too_long_a_delay_is_left_alone_with_a_message(seconds: str) -> None:
    server, (outcome,) = fetch_one(answer(f"User-agent: *\nCrawl-delay: {seconds}".encode()))

    assert isinstance(outcome, HostParked)
    assert "between requests" in str(outcome)
    assert server.targets == ["/robots.txt"]


@pytest.mark.parametrize(
    ("agent", "is_ours"),
    [
        ("luubao", True),
        ("LuuBao", True),
        ("luubao/1.0", True),
        ("luubao 1.0 (+https://x.vn)", True),
        ("luubao*", True),
        ("luu", False),
        ("luubao2", True),  # a token has no digits: Google's parser reads "luubao" here too
        ("luubao-news", False),
        ("notluubao", False),
        ("bot luubao", False),
    ],
)
def test_f10_only_our_product_token_names_us(agent: str, *, is_ours: bool) -> None:
    robots = parse_robots(f"User-agent: {agent}\nDisallow: /\n".encode(), url="https://bao.vn/robots.txt")

    assert robots.allows("https://bao.vn/tin") is not is_ours


@pytest.mark.parametrize(
    ("rule", "url"),
    [
        ("/ツ", "https://bao.vn/%E3%83%84/1"),
        ("/%E3%83%84", "https://bao.vn/%E3%83%84"),
        ("/%e3%83%84", "https://bao.vn/%E3%83%84"),
        ("/bài-viết", "https://bao.vn/b%C3%A0i-vi%E1%BA%BFt/1"),
        ("/%62%61%7A", "https://bao.vn/baz"),
        ("/baz", "https://bao.vn/baz?x=1"),
    ],
)
def test_f11_raw_and_encoded_paths_are_one(rule: str, url: str) -> None:
    robots = parse_robots(f"User-agent: *\nDisallow: {rule}\n".encode(), url="https://bao.vn/robots.txt")

    assert not robots.allows(url)


def test_f12_an_unknown_line_does_not_end_a_group() -> None:
    body = b"User-agent: luubao\nNoindex: /x\nContent-Signal: search=yes\nUser-agent: other\nDisallow: /\n"

    assert not parse_robots(body, url="https://bao.vn/robots.txt").allows("https://bao.vn/tin")


def test_f12_patterns_made_to_be_slow_are_matched_in_no_time() -> None:
    body = ("User-agent: *\nDisallow: /" + "*a" * 200 + "$\nDisallow: /" + "*" * 200 + "z$\n").encode()
    robots = parse_robots(body, url="https://bao.vn/robots.txt")
    url = "https://bao.vn/" + "a" * 1900 + "b"

    began = time.process_time()
    assert robots.allows(url)

    assert time.process_time() - began < 0.05


def test_f13_robots_is_asked_for_again_after_24_hours_and_not_before() -> None:
    async def act() -> list[int]:
        counts = []
        async with Server({"*": PAGE}) as server:
            clock = Clock()
            async with Fetcher(quick(server), clock=clock, sleep=clock.sleep) as fetcher:
                for hours in (0, 23, 2):
                    clock.seconds += hours * 3600
                    await fetcher.fetch(f"{server.url}/a")
                    counts.append(server.count("/robots.txt"))
        return counts

    assert asyncio.run(act()) == [1, 1, 2]


def test_f14_every_authority_has_its_own_robots() -> None:
    async def act() -> list[str]:
        table = {"www.bao.vn": ["127.0.0.1"], "bao.vn": ["127.0.0.1"]}
        async with Server({"/robots.txt": _only_for_www, "*": PAGE}) as one, Server({"*": PAGE}) as other:
            urls = [
                f"http://www.bao.vn:{one.port}/a",
                f"http://bao.vn:{one.port}/a",
                f"http://www.bao.vn:{other.port}/a",
            ]
            found = await outcomes(quick(one, other), urls, resolver=names(table))
            return [code_of(outcome) for outcome in found]

    assert asyncio.run(act()) == ["robots_denied", "200", "200"]


def _only_for_www(request: Request) -> bytes:
    host = request.header("host") or ""
    return FORBID_ALL if host.startswith("www.") else answer(b"", "404 Not Found")
