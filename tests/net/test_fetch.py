"""What the gate gives back for a page, and how it behaves towards the server."""

from __future__ import annotations

import asyncio
import gzip
import logging
from datetime import UTC, datetime

import pytest

from scraper.errors import BadUrl, RobotsDenied, ScraperError, TooLarge
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy, user_agent
from tests.servers.gate import code_of, names, outcome_of, outcomes, quick
from tests.servers.raw import Reply, Server, answer, redirect


def fetch(reply: Reply | list[Reply], *, host: str = "127.0.0.1", kind: str = "page", **limits: int) -> Page:
    async def act() -> Page:
        async with Server({"/tin": reply}, host=host) as server, Fetcher(quick(server, **limits)) as fetcher:
            return await fetcher.fetch(f"{server.url}/tin", kind=kind)

    return asyncio.run(act())


def test_a_page_carries_the_exchange_as_it_was() -> None:
    head = b"HTTP/1.1 200 Tot lam\r\nX-Tin: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 5\r\n\r\n"

    page = fetch(head + b"<p>Ti")

    assert (page.status, page.reason, page.http_version, page.body) == (200, "Tot lam", "HTTP/1.1", b"<p>Ti")
    assert page.headers == (("X-Tin", "1"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("Content-Length", "5"))
    assert page.header("SET-COOKIE") == "a=1, b=2"
    assert page.wire_body is None
    assert page.fetched_at.tzinfo is UTC
    assert abs((datetime.now(UTC) - page.fetched_at).total_seconds()) < 5


def test_the_body_as_received_is_kept_beside_the_decoded_one() -> None:
    packed = gzip.compress(b"<p>Tin</p>")

    page = fetch(answer(packed, Content_Encoding="gzip"))

    assert (page.body, page.wire_body) == (b"<p>Tin</p>", packed)


def test_header_bytes_beyond_ascii_are_kept_one_for_one() -> None:
    value = "đường"

    page = fetch(b"HTTP/1.1 200 OK\r\nX-Tin: " + value.encode() + b"\r\nContent-Length: 0\r\n\r\n")

    assert (page.header("x-tin") or "").encode("latin-1").decode() == value


@pytest.mark.parametrize(("host", "prefix"), [("127.0.0.3", "127.0.0.3:"), ("::1", "[::1]:")])
def test_the_servers_address_is_told(host: str, prefix: str) -> None:
    page = fetch(answer(b"ok"), host=host)

    assert page.server_address is not None
    assert page.server_address.startswith(prefix)


def test_what_was_sent_is_told_and_honest() -> None:
    async def act() -> tuple[Server, Page]:
        async with Server({"*": answer(b"ok")}) as server:
            policy = quick(server, contact="https://luubao.example/")
            async with Fetcher(policy) as fetcher:
                return server, await fetcher.fetch(f"{server.url}/tin?q=đ#x")

    server, page = asyncio.run(act())
    sent = dict(page.request_headers)

    assert sent["User-Agent"].startswith("luubao/")
    assert sent["User-Agent"].endswith(" (+https://luubao.example/)")
    assert sent["Accept-Encoding"] == "gzip"
    assert sent["Host"] == f"127.0.0.1:{server.port}"
    assert server.targets == ["/robots.txt", "/tin?q=%C4%91"]
    assert all(request.header("user-agent") == sent["User-Agent"] for request in server.requests)
    assert "Cookie" not in sent
    assert "Authorization" not in sent


def test_without_a_contact_none_is_invented() -> None:
    assert "(" not in user_agent(None)
    assert user_agent("toa@bao.vn").endswith(" (+toa@bao.vn)")


@pytest.mark.parametrize("contact", ["a\r\nX: y", "báo@bao.vn", "a(b)", "\x1b"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="User-Agent"):
        user_agent(contact)


def test_the_url_asked_for_and_the_one_that_answered_are_told_apart() -> None:
    async def act() -> Page:
        replies: dict[str, Reply | list[Reply]] = {
            "/1": redirect("/2", "301 Moved"),
            "/2": redirect("/3?utm_source=x", "308 Moved"),
            "*": answer(b"ok"),
        }
        async with Server(replies) as server, Fetcher(quick(server)) as fetcher:
            return await fetcher.fetch(f"{server.url}/1#top")

    page = asyncio.run(act())

    assert page.requested_url.endswith("/1#top")
    assert page.url.endswith("/3?utm_source=x")
    assert [hop.status for hop in page.redirects] == [301, 308]
    assert all(hop.requested_url == page.requested_url and hop.redirects == () for hop in page.redirects)


def test_one_host_has_one_connection_whatever_is_asked_of_it_at_once() -> None:
    async def act() -> Server:
        async with Server({"*": answer(b"ok")}) as server, Fetcher(quick(server)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(f"{server.url}/{n}") for n in range(20)))
            return server

    server = asyncio.run(act())

    assert server.connections == 1
    assert server.count("/robots.txt") == 1
    assert len(server.requests) == 21


def test_connections_of_hosts_long_not_asked_are_closed() -> None:
    async def act() -> tuple[list[int], list[str]]:
        hosts = [Server({"*": answer(b"ok")}, host=f"127.0.0.{n}") for n in range(2, 6)]
        for host in hosts:
            await host.__aenter__()
        try:
            async with Fetcher(quick(*hosts, max_open_hosts=2)) as fetcher:
                found = [await outcome_of(fetcher, f"{host.url}/{n}") for n in range(2) for host in hosts]
                return [host.connections for host in hosts], [code_of(outcome) for outcome in found]
        finally:
            for host in hosts:
                await host.__aexit__(None, None, None)

    connections, codes = asyncio.run(act())

    assert connections == [2, 2, 2, 2]
    assert codes == ["200"] * 8


@pytest.mark.parametrize(("kind", "code"), [("page", "too_large"), ("sitemap", "200")])
def test_a_sitemap_may_be_larger_than_a_page(kind: str, code: str) -> None:
    try:
        page: Page | ScraperError = fetch(answer(b"x" * 5000), kind=kind, max_body_bytes=1000, max_sitemap_bytes=9000)
    except TooLarge as error:
        page = error

    assert code_of(page) == code


def test_robots_tells_rules_and_sitemaps_of_the_authority() -> None:
    rules = b"User-agent: *\nDisallow: /no\nCrawl-delay: 3\nSitemap: /s.xml\n"

    async def act() -> None:
        async with Server({"/robots.txt": answer(rules)}) as server, Fetcher(quick(server)) as fetcher:
            robots = await fetcher.robots(f"{server.url}/any/page")

            assert robots.sitemaps == (f"{server.url}/s.xml",)
            assert robots.crawl_delay_seconds == 3
            assert not robots.allows(f"{server.url}/no/1")
            assert robots.page is not None
            assert robots.page.body == rules
            assert server.count("/robots.txt") == 1

    asyncio.run(act())


def test_a_forbidden_page_is_named_and_not_asked_for() -> None:
    async def act() -> Server:
        async with Server({"/robots.txt": answer(b"User-agent: *\nDisallow: /no")}) as server:
            async with Fetcher(quick(server)) as fetcher:
                with pytest.raises(RobotsDenied) as caught:
                    await fetcher.fetch(f"{server.url}/no?x=1")
                assert caught.value.url == f"{server.url}/no?x=1"
            return server

    assert asyncio.run(act()).targets == ["/robots.txt"]


@pytest.mark.parametrize("url", ["", "bao.vn", "ftp://bao.vn/", "http://u:p@bao.vn/", "http://bao.vn:99999/"])
def test_what_is_no_url_is_told_before_anything_is_asked(url: str) -> None:
    async def act() -> None:
        async with Fetcher(FetchPolicy(), resolver=names({})) as fetcher:
            await fetcher.fetch(url)

    with pytest.raises(BadUrl):
        asyncio.run(act())


def test_a_cancelled_fetch_leaves_the_host_free_for_the_next() -> None:
    async def act() -> str:
        is_asked = asyncio.Event()

        async def stall(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            is_asked.set()
            await asyncio.sleep(30)

        async with Server({"/slow": stall, "*": answer(b"ok")}) as server, Fetcher(quick(server)) as fetcher:
            slow = asyncio.create_task(fetcher.fetch(f"{server.url}/slow"))
            await is_asked.wait()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            return code_of(await outcome_of(fetcher, f"{server.url}/fast"))

    assert asyncio.run(act()) == "200"


def test_f01_a_robots_that_wants_a_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> None:
        async with Server({"/robots.txt": answer(b"", "401 Unauthorized"), "*": answer(b"ok")}) as server:
            await outcomes(quick(server), [f"{server.url}/a"])

    with caplog.at_level(logging.INFO, "scraper.net.fetch"):
        asyncio.run(act())

    assert "401" in caplog.text


@pytest.mark.parametrize("content_type", ["application/pdf", "image/jpeg", "application/octet-stream", "text/html", ""])
def test_f33_what_is_no_page_comes_whole_for_others_to_judge(content_type: str) -> None:
    body = b"\x89PNG\r\n\x1a\n\0\0"

    page = fetch(answer(body, Content_Type=content_type))

    assert page.body == body
    assert page.header("content-type") == (content_type or None)
