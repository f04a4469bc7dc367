"""Redirects: F17 to F19 of the fault list."""

from __future__ import annotations

import asyncio

import pytest

from scraper.errors import (
    BadRedirect,
    ScraperError,
    TooManyRedirects,
)
from scraper.models import Page
from scraper.net.fetch import Fetcher
from tests.servers.gate import code_of, fetch_one, outcomes, quick
from tests.servers.raw import Reply, Server, answer, redirect

PAGE = answer(b"<p>Tin</p>")


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
