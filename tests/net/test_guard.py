"""What the address guard says, and in which order addresses are tried; no request is sent."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from scraper.errors import AddressRefused, DnsError
from scraper.net.guard import MAX_ADDRESSES, NoSuchHost, SystemResolver, addresses_of, check, refuse_inner_host
from tests.servers.gate import names

NO_ANSWER = "the name server gives no answer; is this machine on the network?"
NO_HOST = "there is no such host; check its spelling"

ROOT = Path(__file__).parents[2]
REMEDY = "if that is your own newspaper, add --allow-private"


async def resolved(host: str, *answers: str) -> Sequence[str]:
    return await addresses_of(host, 443, names({host: answers}), allow_private=False)


@pytest.mark.parametrize(
    ("problem", "error", "told"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "x"), DnsError, NO_ANSWER),
        (socket.gaierror(socket.EAI_NONAME, "x"), NoSuchHost, NO_HOST),
        (OSError("no sockets"), DnsError, "its address could not be found (no sockets)"),
        (UnicodeError("label too long"), DnsError, "its address could not be found (label too long)"),
    ],
)
def test_f28_a_host_without_address_is_told_with_the_remedy(problem: Exception, error: type, told: str) -> None:
    asked = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        raise problem

    with pytest.raises(DnsError) as caught:
        asyncio.run(addresses_of("bao.vn", 443, resolve, allow_private=False))

    assert (type(caught.value), str(caught.value)) == (error, f"bao.vn: {told}")
    assert asked == [("bao.vn", 443)]
    assert caught.value.is_transient is (error is DnsError)


def test_f28_a_host_of_no_address_at_all_is_told() -> None:
    with pytest.raises(DnsError) as caught:
        asyncio.run(resolved("bao.vn"))

    assert str(caught.value) == "bao.vn: the host has no address"


@pytest.mark.parametrize(
    ("host", "answer", "told"),
    [
        ("bao.vn", "127.0.0.1", f"it resolves to 127.0.0.1, a private address; {REMEDY}"),
        ("10.0.0.1", "10.0.0.1", f"it is a private address; {REMEDY}"),
        ("bao.vn", "169.254.169.254", "it resolves to 169.254.169.254, a special address that no newspaper has"),
        ("bao.vn", "fe80::1%eth0", "it resolves to fe80::1%eth0, a special address that no newspaper has"),
        ("bao.vn", "junk", "its address junk cannot be checked"),
    ],
)  # fmt: skip
def test_f61_a_refusal_names_host_address_and_remedy(host: str, answer: str, told: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        check(host, [answer], allow_private=False)

    assert str(caught.value) == f"{host}: {told}"


@pytest.mark.parametrize(
    ("answers", "tried"),
    [
        (("1.1.1.1", "1.1.1.2", "2606:4700::1", "1.1.1.1"), ("1.1.1.1", "2606:4700::1", "1.1.1.2")),
        (("2606:4700::1", "2606:4700::2", "1.1.1.1"), ("2606:4700::1", "1.1.1.1", "2606:4700::2")),
        (("1.1.1.1", "2606:4700::1", "2606:4700::2"), ("1.1.1.1", "2606:4700::1", "2606:4700::2")),
        (("1.1.1.1",), ("1.1.1.1",)),
    ],
)
def test_f30_the_families_are_tried_in_turn_beginning_with_the_resolvers_choice(
    answers: tuple[str, ...], tried: tuple[str, ...]
) -> None:
    assert asyncio.run(resolved("bao.vn", *answers)) == tried


def test_f28_of_a_hundred_addresses_eight_are_tried_and_all_are_checked() -> None:
    many = [f"1.1.1.{n}" for n in range(100)]

    assert check("bao.vn", many, allow_private=False) == tuple(many[:MAX_ADDRESSES])
    with pytest.raises(AddressRefused):
        check("bao.vn", [*many, "10.0.0.1"], allow_private=False)


def test_an_address_that_a_url_spells_out_is_not_looked_up() -> None:
    assert asyncio.run(addresses_of("1.1.1.1", 80, names({}), allow_private=False)) == ("1.1.1.1",)
    assert asyncio.run(addresses_of("::1", 80, names({}), allow_private=True)) == ("::1",)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.", "tin.localhost", "127.1", "0x7f.1", "[::1]", "::1", "10.0.0.1.", "169.254.169.254"],
)
def test_f31_what_a_proxy_would_dial_inside_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(AddressRefused):
        refuse_inner_host(host, allow_private=False)


@pytest.mark.parametrize("host", ["bao.vn", "1.1.1.1", "localhost.vn", "mylocalhost", "[2606:4700::1]"])
def test_f31_any_other_host_is_the_proxys_to_know(host: str) -> None:
    refuse_inner_host(host, allow_private=False)


def test_f31_with_allow_private_only_special_addresses_stay_refused() -> None:
    refuse_inner_host("localhost", allow_private=True)
    with pytest.raises(AddressRefused):
        refuse_inner_host("169.254.169.254", allow_private=True)


def test_f28_the_systems_resolver_answers_many_at_once_and_tells_what_cannot_be_a_name() -> None:
    async def look_up(host: str) -> Sequence[str]:
        return await addresses_of(host, 80, SystemResolver(), allow_private=True)

    async def act() -> list[Sequence[str] | BaseException]:
        hosts = ["localhost"] * 40 + ["a" * 64 + ".vn"]  # too long: refused before any name server is asked
        return await asyncio.gather(*map(look_up, hosts), return_exceptions=True)

    *found, refused = asyncio.run(act())

    assert all(set(addresses) <= {"127.0.0.1", "::1"} and addresses for addresses in found)  # type: ignore[arg-type]
    assert str(refused).startswith(f"{'a' * 64}.vn: its address could not be found (")


def test_f28_an_answer_that_comes_when_nobody_waits_any_more_harms_nobody() -> None:
    async def act() -> None:
        waiting = asyncio.create_task(SystemResolver()("localhost", 80))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.sleep(0.2)

    asyncio.run(act())


LOOKING_UP = """
import asyncio, socket, sys, threading, time
from scraper.net.guard import SystemResolver
def slow(*_, **__):
    time.sleep(float(sys.argv[1]))
    return []
socket.getaddrinfo = slow
async def act():
    waiting = asyncio.create_task(SystemResolver()("bao.vn", 80))
    await asyncio.sleep(0.05)
    waiting.cancel()
asyncio.run(act())
time.sleep(float(sys.argv[2]))
"""


@pytest.mark.parametrize(("answer_seconds", "stay_seconds"), [(0.2, 0.5), (60.0, 0.0)])
def test_f28_a_name_server_that_answers_late_neither_holds_up_the_end_nor_speaks_after_it(
    answer_seconds: float, stay_seconds: float
) -> None:
    command = [sys.executable, "-c", LOOKING_UP, str(answer_seconds), str(stay_seconds)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
