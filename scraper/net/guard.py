"""Which addresses may be dialled: the public Internet, and with `allow_private` the user's own network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread

from scraper.errors import AddressRefused, DnsError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Return the addresses of a host for a port; raises OSError where it has none."""

MAX_ADDRESSES = 8  # of one host that are tried; all are checked
RESOLVER_THREADS = 16


class NoSuchHost(DnsError):
    """The name server knows that there is no such host: asking again soon does not help."""

    is_transient = False


class Reach(StrEnum):
    """Where an address leads."""

    PUBLIC = "public"
    PRIVATE = "private"  # this machine, the user's own network
    SPECIAL = "special"  # link-local and cloud metadata, multicast, reserved: no newspaper is there


# Written out, since `ipaddress.is_global` calls multicast, NAT64 and 6to4 global on Python 3.11
# (IANA special-purpose registries, IPv4 and IPv6).
_SPECIAL_V4 = """0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.51.100.0/24 203.0.113.0/24
224.0.0.0/4 240.0.0.0/4 100.100.100.200/32"""
_PRIVATE_V4 = "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 198.18.0.0/15"
_SPECIAL_V6 = """::/128 fe80::/10 fec0::/10 ff00::/8 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 3fff::/20
5f00::/16 64:ff9b:1::/48 fd00:ec2::254/128 fd20:ce::254/128"""
_PRIVATE_V6 = "::1/128 fc00::/7"
_NAT64 = IPv6Network("64:ff9b::/96")
_PUBLIC_V6 = IPv6Network("2000::/3")


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(IPv6Network(word) if ":" in word else IPv4Network(word) for word in text.split())


_SPECIAL = _networks(f"{_SPECIAL_V4} {_SPECIAL_V6}")
_PRIVATE = _networks(f"{_PRIVATE_V4} {_PRIVATE_V6}")


def reach_of(address: Address) -> Reach:
    """Tell where an address leads; one that carries an IPv4 address inside leads no further than that."""
    inner = _embedded(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return reach_of(inner)
    if any(address in network for network in _SPECIAL):
        return Reach.SPECIAL
    if any(address in network for network in _PRIVATE):
        return Reach.PRIVATE
    if isinstance(address, IPv6Address) and address not in _PUBLIC_V6:
        return Reach.SPECIAL
    return Reach.PUBLIC


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside ::ffff:a.b.c.d, 6to4, NAT64 and ::a.b.c.d, else None (Teredo is special)."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    is_compatible = int(address) >> 32 == 0 and int(address) > 1
    return low if address in _NAT64 or is_compatible else None


def may_dial(reach: Reach, *, allow_private: bool) -> bool:
    """Tell whether an address of this reach may be dialled."""
    return reach is Reach.PUBLIC or (allow_private and reach is Reach.PRIVATE)


def check(host: str, addresses: Sequence[str], *, allow_private: bool) -> tuple[str, ...]:
    """Return the addresses to dial, the two families in turn; raise AddressRefused if any of them is not public.

    One bad answer refuses the host: a name that mixes public and private addresses is an attack or a mistake.
    """
    parsed = [_parse(host, text) for text in addresses]
    for address in parsed:
        reach = reach_of(address)
        if not may_dial(reach, allow_private=allow_private):
            raise AddressRefused(host, _refusal(host, address, reach))
    return tuple(str(address) for address in _interleaved(parsed)[:MAX_ADDRESSES])


def _parse(host: str, text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:  # a scope, "fe80::1%eth0", is link-local by its nature
        raise AddressRefused(host, f"its address {text} cannot be checked") from error


def _refusal(host: str, address: Address, reach: Reach) -> str:
    told = "it is" if host == str(address) else f"it resolves to {address},"
    if reach is Reach.PRIVATE:
        return f"{told} a private address; if that is your own newspaper, add --allow-private"
    return f"{told} a special address that no newspaper has"


def _interleaved(addresses: Sequence[Address]) -> list[Address]:
    """Put the families in turn, beginning with the resolver's first choice (RFC 8305, 4)."""
    unique = list(dict.fromkeys(addresses))
    first = [a for a in unique if a.version == unique[0].version]
    second = [a for a in unique if a.version != unique[0].version]
    pairs = [a for pair in zip(first, second, strict=False) for a in pair]
    return pairs + first[len(second) :] + second[len(first) :]


def refuse_inner_host(host: str, *, allow_private: bool) -> None:
    """Raise AddressRefused for what can be seen of a host that a proxy will dial: an address, however it is written.

    Where the name of a host leads is the proxy's to know.
    """
    name = host.strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        name = "127.0.0.1"
    with suppress(ValueError, OSError):  # a name
        check(host, [name if ":" in name else socket.inet_ntoa(socket.inet_aton(name))], allow_private=allow_private)


async def addresses_of(host: str, port: int, resolve: Resolve, *, allow_private: bool) -> tuple[str, ...]:
    """Resolve a host once and return the checked addresses; raises DnsError and AddressRefused."""
    try:
        answers = [str(ip_address(host))]
    except ValueError:
        answers = list(await _resolved(host, port, resolve))
    if not answers:
        raise DnsError(host, "the host has no address")
    return check(host, answers, allow_private=allow_private)


async def _resolved(host: str, port: int, resolve: Resolve) -> Sequence[str]:
    try:
        return await resolve(host, port)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise DnsError(host, "the name server gives no answer; is this machine on the network?") from error
        raise NoSuchHost(host, "there is no such host; check its spelling") from error
    except (OSError, UnicodeError) as error:
        raise DnsError(host, f"its address could not be found ({error})") from error


class SystemResolver:
    """The resolver of the operating system, asked in threads so that a slow answer holds up no one else.

    The threads are daemons: a name server that does not answer must not hold up the end of the program either,
    as the threads of an executor would.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(RESOLVER_THREADS)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host; raises OSError where it has none."""
        async with self._places:
            answer: asyncio.Future[Sequence[str]] = asyncio.get_running_loop().create_future()
            Thread(target=_look_up, args=(host, port, answer), name="resolver", daemon=True).start()
            return await answer


def _look_up(host: str, port: int, answer: asyncio.Future[Sequence[str]]) -> None:
    """Resolve in a thread, and hand the outcome to the loop, unless nobody waits for it any more."""
    found: Sequence[str] | OSError | UnicodeError
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        found = error
    with suppress(RuntimeError):  # the loop has ended
        answer.get_loop().call_soon_threadsafe(_settle, answer, found)


def _settle(answer: asyncio.Future[Sequence[str]], found: Sequence[str] | OSError | UnicodeError) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
