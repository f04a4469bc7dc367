"""Certificates and TLS: F29 of the fault list."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from scraper.errors import ScraperError
from scraper.models import Page
from tests.servers.gate import code_of, names, outcomes, quick
from tests.servers.raw import Server, answer

HOSTS = names({"bao.vn": ["127.0.0.1"], "khac.vn": ["127.0.0.1"]})


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def try_host(
    authority: trustme.CA, context: ssl.SSLContext, host: str = "bao.vn", **limits: frozenset[str]
) -> tuple[Server, Page | ScraperError]:
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"*": answer(b"ok")}, tls=context) as server:
            url = f"https://{host}:{server.port}/tin"
            policy = quick(server, retries=0, **limits)
            (outcome,) = await outcomes(policy, [url], resolver=HOSTS, ssl_context=trusted)
            return server, outcome

    return asyncio.run(act())


def test_f29_a_certificate_that_holds_is_taken_and_the_name_kept_for_it(authority: trustme.CA) -> None:
    server, outcome = try_host(authority, server_context(authority.issue_cert("bao.vn")))

    assert code_of(outcome) == "200"
    assert server.targets == ["/robots.txt", "/tin"]


def test_f29_an_expired_certificate_is_refused(authority: trustme.CA) -> None:
    gone = authority.issue_cert("bao.vn", not_after=datetime.now(UTC) - timedelta(days=1))

    server, outcome = try_host(authority, server_context(gone))

    assert code_of(outcome) == "tls"
    assert "certificate" in str(outcome)
    assert server.requests == []


def test_f29_a_certificate_of_another_host_is_refused(authority: trustme.CA) -> None:
    server, outcome = try_host(authority, server_context(authority.issue_cert("khac.vn")))

    assert "certificate" in str(outcome)
    assert server.requests == []


def test_f29_a_certificate_that_nobody_signed_is_refused(authority: trustme.CA) -> None:
    stranger = trustme.CA().issue_cert("bao.vn")

    server, outcome = try_host(authority, server_context(stranger))

    assert "certificate" in str(outcome)
    assert server.requests == []


def test_f29_an_insecure_host_is_taken_as_it_is_and_no_other(authority: trustme.CA) -> None:
    stranger = trustme.CA().issue_cert("bao.vn", "khac.vn")
    insecure = frozenset({"bao.vn"})

    _server, named = try_host(authority, server_context(stranger), insecure_hosts=insecure)
    _server, other = try_host(authority, server_context(stranger), "khac.vn", insecure_hosts=insecure)

    assert (code_of(named), code_of(other)) == ("200", "tls")


def test_f29_tls_before_1_2_is_refused(authority: trustme.CA) -> None:
    context = server_context(authority.issue_cert("bao.vn"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")

    server, outcome = try_host(authority, context)

    assert code_of(outcome) in {"tls", "connect"}  # the server may hang up without a word
    assert server.requests == []


def test_f29_a_broken_handshake_is_classed_and_never_tried_in_the_clear(authority: trustme.CA) -> None:
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(5))
        writer.write(b"\x16\x03\x03")
        writer.close()

    async def act() -> Page | ScraperError:
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            policy = quick(retries=0, ports=frozenset({port}))
            url = f"https://bao.vn:{port}/"
            (outcome,) = await outcomes(policy, [url], resolver=HOSTS, ssl_context=trusted)
            return outcome

    heard: list[bytes] = []
    outcome = asyncio.run(act())

    assert code_of(outcome) == "connect"
    assert all(first.startswith(b"\x16\x03") for first in heard)


def test_f29_a_server_that_speaks_no_tls_is_classed(authority: trustme.CA) -> None:
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def act() -> Page | ScraperError:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            policy = quick(retries=0, ports=frozenset({port}))
            (outcome,) = await outcomes(policy, [f"https://bao.vn:{port}/"], resolver=HOSTS, ssl_context=trusted)
            return outcome

    assert code_of(asyncio.run(act())) == "tls"
