"""Addresses that must not be dialled: F61 to F66 of the fault list. No request of these tests leaves loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from scraper.errors import AddressRefused, PortRefused, ScraperError
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.guard import Reach, reach_of
from scraper.net.policy import FetchPolicy
from tests.servers.gate import code_of, names, outcomes, quick
from tests.servers.raw import Server, answer, redirect

PAGE = answer(b"<p>Tin</p>")


def words(text: str) -> list[str]:
    return text.split()


PRIVATE = words("""
    127.0.0.1 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255
100.64.0.1 100.127.255.255 198.18.0.1 198.19.255.255 ::1 fc00::1 fdff::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1:: 2002:c0a8:101::1 ::127.0.0.1 ::10.1.2.3""")
SPECIAL = words("""
    0.0.0.0 0.1.2.3 169.254.0.1 169.254.169.254 100.100.100.200 192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: fe80::1 fec0::1 ff02::1 2001:db8::1 100::1 64:ff9b:1::1
fd00:ec2::254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: ::169.254.169.254 4000::1 3fff::1 ::1:7f00:1
2001:0:4136:e378:8000:63bf:56ff:fdff 2001:0:0:0:0:0:5601:5601""")
PUBLIC = words("""
    1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700::1111 2a00:1450::1 64:ff9b::101:101 2002:101:101::1 ::ffff:1.1.1.1""")


@pytest.mark.parametrize(
    ("reach", "address"),
    [(Reach.PRIVATE, a) for a in PRIVATE] + [(Reach.SPECIAL, a) for a in SPECIAL] + [(Reach.PUBLIC, a) for a in PUBLIC],
)
def test_f61_every_address_is_known_for_where_it_leads(reach: Reach, address: str) -> None:
    assert reach_of(ip_address(address)) is reach


def try_host(host: str, *answers: str, allow_private: bool = False) -> tuple[Server, Page | ScraperError]:
    """Fetch a page of a host that resolves so; a server listens on 127.0.0.1 to notice what should not come."""

    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"*": PAGE}) as server:
            policy = quick(server, allow_private=allow_private)
            url = f"http://{host}:{server.port}/tin"
            (outcome,) = await outcomes(policy, [url], resolver=names({host: answers}))
            return server, outcome

    return asyncio.run(act())


@pytest.mark.parametrize("address", PRIVATE + SPECIAL)
def test_f61_a_name_that_resolves_to_such_an_address_is_refused(address: str) -> None:
    server, outcome = try_host("bao.vn", address)

    assert isinstance(outcome, AddressRefused)
    assert server.connections == 0


@pytest.mark.parametrize("address", SPECIAL)
def test_f61_special_addresses_stay_refused_with_allow_private(address: str) -> None:
    _server, outcome = try_host("bao.vn", address, allow_private=True)

    assert isinstance(outcome, AddressRefused)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "127.1", "017700000001", "0177.0.0.1", "%31%32%37.0.0.1",
        "１２７.0.0.1", "127。0。0。1", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "127.0.0.1.", "0", "[::]",
    ],
)  # fmt: skip
def test_f62_every_way_to_write_loopback_is_refused(host: str) -> None:
    server, outcome = try_host(host)

    assert isinstance(outcome, AddressRefused)
    assert server.connections == 0


def test_f62_localhost_by_name_is_refused() -> None:
    server, outcome = try_host("localhost", "127.0.0.1")

    assert isinstance(outcome, AddressRefused)
    assert "--allow-private" in str(outcome)
    assert server.connections == 0


def test_f61_the_message_tells_address_and_remedy() -> None:
    _server, by_name = try_host("bao.vn", "10.0.0.1")
    _server, literal = try_host("10.0.0.1")
    _server, special = try_host("169.254.169.254")

    assert "it resolves to 10.0.0.1, a private address; if that is your own newspaper, add --allow-private" in str(
        by_name
    )
    assert "it is a private address" in str(literal)
    assert str(special).endswith("it is a special address that no newspaper has")


@pytest.mark.parametrize("answers", [("1.1.1.1", "127.0.0.1"), ("127.0.0.1", "1.1.1.1"), ("2606:4700::1", "::1")])
def test_f63_one_private_answer_among_public_ones_refuses_the_host(answers: tuple[str, ...]) -> None:
    server, outcome = try_host("bao.vn", *answers)

    assert isinstance(outcome, AddressRefused)
    assert server.connections == 0


def test_f63_a_name_is_resolved_once_and_the_checked_address_dialled() -> None:
    asked = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.3"]

    async def act() -> tuple[Server, Server, Page | ScraperError]:
        async with (
            Server({"*": PAGE}, host="127.0.0.2") as checked,
            Server({"*": PAGE}, host="127.0.0.3", port=checked.port) as other,
        ):
            url = f"http://bao.vn:{checked.port}/tin"
            (outcome,) = await outcomes(quick(checked), [url], resolver=rebinding)
            return checked, other, outcome

    checked, other, outcome = asyncio.run(act())

    assert code_of(outcome) == "200"
    assert asked == ["bao.vn"]
    assert checked.requests[-1].header("host") == f"bao.vn:{checked.port}"
    assert other.connections == 0


def test_f64_a_redirect_to_a_private_name_is_refused_at_the_dial() -> None:
    async def act() -> tuple[Server, str]:
        async with Server({"*": PAGE}) as inner:
            table = {"bao.vn": ["127.0.0.1"], "trong.vn": ["169.254.169.254"]}
            target = f"http://trong.vn:{inner.port}/latest/meta-data/"
            async with Server({"/tin": redirect(target), "*": PAGE}) as server:
                url = f"http://bao.vn:{server.port}/tin"
                (outcome,) = await outcomes(quick(server, inner), [url], resolver=names(table))
                return inner, code_of(outcome)

    inner, code = asyncio.run(act())

    assert code == "address_refused"
    assert inner.connections == 0


@pytest.mark.parametrize("kind", ["page", "sitemap"])
def test_f64_sitemaps_meet_the_same_guard(kind: str) -> None:
    async def act() -> None:
        async with Fetcher(FetchPolicy()) as fetcher:
            await fetcher.fetch("http://127.0.0.1/sitemap.xml", kind=kind)

    with pytest.raises(AddressRefused):
        asyncio.run(act())


@pytest.mark.parametrize("port", [1, 22, 25, 6379, 8080, 65535])
def test_f65_ports_beyond_the_seeds_and_the_webs_are_refused(port: int) -> None:
    policy = quick().with_seeds(["http://bao.vn:8000/", "no url"])

    (outcome,) = asyncio.run(outcomes(policy, [f"http://bao.vn:{port}/"], resolver=names({"bao.vn": ["127.0.0.1"]})))

    assert isinstance(outcome, PortRefused)
    assert policy.ports == {80, 443, 8000}


def test_f65_a_redirect_to_another_port_is_refused() -> None:
    async def act() -> tuple[Server, str]:
        async with (
            Server({"*": PAGE}) as redis,
            Server({"/tin": redirect(f"http://127.0.0.1:{redis.port}/")}) as server,
        ):
            (outcome,) = await outcomes(quick(server), [f"{server.url}/tin"])
            return redis, code_of(outcome)

    redis, code = asyncio.run(act())

    assert code == "port_refused"
    assert redis.connections == 0


@pytest.mark.parametrize("target", ["http://169.254.169.254/", "http://[fe80::1]/", "http://100.100.100.200/"])
def test_f66_a_private_seed_does_not_open_the_way_to_metadata(target: str) -> None:
    async def act() -> tuple[str, str]:
        async with Server({"/tin": redirect(target), "*": PAGE}) as server:
            found = await outcomes(quick(server), [f"{server.url}/", f"{server.url}/tin"])
            return code_of(found[0]), code_of(found[1])

    assert asyncio.run(act()) == ("200", "address_refused")
