"""Through a proxy that the user named, and never through one that the environment names: F31 and F87."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Awaitable, Callable

import pytest
import trustme

from scraper.errors import ScraperError
from scraper.models import Page
from tests.servers.gate import code_of, names, outcomes, quick
from tests.servers.raw import Reply, Server, answer


def through(proxy: Reply, url: str, *, user: str = "", **limits: bool) -> tuple[Server, Page | ScraperError]:
    """Fetch a URL of port 80 through a proxy on loopback."""

    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"*": proxy}) as server:
            address = server.url.replace("http://", f"http://{user}")
            policy = quick(server, proxy=address, retries=0, **{"allow_private": False} | limits)
            (outcome,) = await outcomes(policy, [url], resolver=names({}))
            return server, outcome

    return asyncio.run(act())


def test_f31_what_is_asked_goes_to_the_proxy_and_no_address_of_the_server_is_told() -> None:
    server, outcome = through(answer(b"<p>Tin</p>"), "http://bao.vn/tin")

    assert isinstance(outcome, Page)
    assert server.targets == ["http://bao.vn/robots.txt", "http://bao.vn/tin"]
    assert server.connections == 1
    assert outcome.server_address is None


def test_f31_bytes_after_an_answer_are_not_the_next_ones_through_a_proxy_either() -> None:
    server, outcome = through(answer(b"ok") + b"HTTP/1.1 200 OK\r\n\r\nevil", "http://bao.vn/tin")

    assert isinstance(outcome, Page)
    assert outcome.body == b"ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "10.0.0.1", "169.254.169.254", "localhost", "a.localhost"],
)
def test_f31_an_inner_address_that_a_url_spells_out_is_not_handed_to_the_proxy(host: str) -> None:
    server, outcome = through(answer(b"inner"), f"http://{host}/tin")

    assert code_of(outcome) == "address_refused"
    assert server.requests == []


def test_f31_the_users_own_intranet_is_reached_through_the_proxy_when_they_say_so() -> None:
    server, outcome = through(answer(b"<p>Tin</p>"), "http://10.0.0.1/tin", allow_private=True)

    assert code_of(outcome) == "200"
    assert server.targets[-1] == "http://10.0.0.1/tin"


def test_f87_the_password_goes_to_the_proxy_alone_and_into_no_message() -> None:
    refusal = answer(b"", "407 Proxy Authentication Required")

    server, _ = through(answer(b"<p>Tin</p>"), "http://bao.vn/tin", user="me:hunter2@")
    _, tunnel = through(refusal, "https://bao.vn/tin", user="me:hunter2@")

    assert server.requests[0].header("proxy-authorization") == "Basic " + base64.b64encode(b"me:hunter2").decode()
    assert str(tunnel) == "https://bao.vn/tin: the proxy does not let us through (407 Proxy Authentication Required)"


def test_f31_a_proxy_that_is_not_there_is_what_the_message_names() -> None:
    async def act() -> Page | ScraperError:
        async with Server() as server:
            gone = server.url
        (outcome,) = await outcomes(quick(proxy=gone, retries=0), ["http://bao.vn/tin"], resolver=names({}))
        return outcome

    assert "the proxy takes no connection" in str(asyncio.run(act()))


def tunnel_to(port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Answer CONNECT, and hand on bytes both ways."""

    async def hand_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
        target.close()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(hand_on(reader, far_writer), hand_on(far_reader, writer), return_exceptions=True)
        finally:
            for each in (far_writer, writer):
                each.close()
                with contextlib.suppress(OSError):
                    await each.wait_closed()

    return script


def test_f31_tls_goes_through_the_proxy_and_its_certificate_is_checked_for_the_newspaper() -> None:
    authority, trusted = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("bao.vn").configure_cert(context)

    async def act() -> tuple[Server, Server, list[Page | ScraperError]]:
        async with Server({"*": answer(b"ok")}, tls=context) as paper, Server({"*": tunnel_to(paper.port)}) as proxy:
            policy = quick(paper, proxy=proxy.url, retries=0)
            urls = [f"https://{host}:{paper.port}/tin" for host in ("bao.vn", "khac.vn")]
            return paper, proxy, await outcomes(policy, urls, resolver=names({}), ssl_context=trusted)

    paper, proxy, found = asyncio.run(act())

    assert [code_of(outcome) for outcome in found] == ["200", "tls"]
    assert paper.targets == ["/robots.txt", "/tin"]
    assert proxy.targets[0] == f"bao.vn:{paper.port}"


def test_f31_proxies_of_the_environment_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server() as proxy, Server({"/tin": answer(b"<p>Tin</p>")}) as server:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxy.url)
            (outcome,) = await outcomes(quick(server), [f"{server.url}/tin"])
            return proxy, outcome

    proxy, outcome = asyncio.run(act())

    assert code_of(outcome) == "200"
    assert proxy.requests == []
