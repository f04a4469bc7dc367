"""One request and its whole answer: sent, read within bounds, its content coding undone."""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from scraper.errors import ProtocolError, TooLarge
from scraper.models import Headers, Page, Timings
from scraper.net.decode import codings_of, decode_body, decode_prefix
from scraper.net.guard import Resolve, refuse_inner_host
from scraper.net.memory import BodyMemory
from scraper.net.pace import Clock, Turn
from scraper.net.policy import FetchPolicy
from scraper.net.transport import GuardedBackend, HostTransport, errors_of, proxy_of
from scraper.urls import Parts

MAX_HEADERS = 1_000
HTTP_SWITCHING_PROTOCOLS = 101
SENT = "http11.send_request_headers.complete"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, and within which bounds."""

    parts: Parts
    headers: Headers
    max_bytes: int
    seconds: float  # until the last byte
    is_prefix_enough: bool = False  # a longer body is cut instead of refused


class Wire:
    """Asks hosts, each over its own connection."""

    def __init__(
        self,
        policy: FetchPolicy,
        resolve: Resolve,
        *,
        ssl_context: ssl.SSLContext | None,
        clock: Clock,
        now: Callable[[], datetime],
    ) -> None:
        self._policy = policy
        self._proxy = proxy_of(policy.proxy)
        is_guarded = self._proxy is None  # what is dialled else is the user's own proxy, often on their own network
        self._backend = GuardedBackend(resolve, allow_private=policy.allow_private or not is_guarded)
        self._dialled = "the server" if is_guarded else "the proxy"
        self._ssl_context = ssl_context
        self._insecure_context: ssl.SSLContext | None = None
        self._clock = clock
        self._now = now
        self._memory = BodyMemory(policy.max_bytes_in_hand)
        self._transports: OrderedDict[str, HostTransport] = OrderedDict()
        self._busy: set[str] = set()
        self._timeouts = {
            "connect": policy.connect_seconds,
            "read": policy.read_seconds,
            "write": policy.read_seconds,
            "pool": policy.read_seconds,
        }

    async def ask(self, question: Question, turn: Turn) -> Page:
        """Return the whole answer, whatever its status; raises NetworkError, BadAnswer, AddressRefused."""
        url, authority = str(question.parts), question.parts.authority
        self._busy.add(authority)
        fetched_at, began_at, held_before = self._now(), self._clock(), self._memory.held
        try:
            transport = await self._transport(question.parts)
            with errors_of(url, dialled=self._dialled):
                if self._proxy is not None:
                    refuse_inner_host(question.parts.host, allow_private=self._policy.allow_private)
                request = self._request(url, question, turn)
                async with (
                    asyncio.timeout(question.seconds) as deadline,
                    self._answer(transport, request, question, turn) as response,
                ):
                    raw = await self._read(response, question, deadline)
                body = await self._decoded(raw, response, question)
        except BaseException:
            self._memory.held = held_before
            raise
        finally:
            self._busy.discard(authority)
        timings = Timings(turn.waited_seconds, (turn.answered_at or began_at) - began_at, self._clock() - began_at)
        return Page(
            requested_url=url,
            url=url,
            status=response.status_code,
            headers=_text(response.headers.raw),
            body=body,
            fetched_at=fetched_at,
            reason=response.extensions["reason_phrase"].decode("latin-1"),
            http_version=response.extensions["http_version"].decode("ascii", "replace"),
            request_headers=_text(request.headers.raw),
            wire_body=raw if body != raw else None,
            server_address=response.extensions.get("server_address"),
            timings=timings,
        )

    def _request(self, url: str, question: Question, turn: Turn) -> httpx.Request:
        async def trace(event: str, _info: dict[str, Any]) -> None:
            if event == SENT:
                turn.sent_at = self._clock()

        extensions = {"timeout": self._timeouts, "trace": trace}
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in question.headers]
        return httpx.Request("GET", url, headers=headers, extensions=extensions)

    @asynccontextmanager
    async def _answer(
        self, transport: HostTransport, request: httpx.Request, question: Question, turn: Turn
    ) -> AsyncIterator[httpx.Response]:
        """Give an answer whose head is sound, its body still to be read."""
        response = await transport.handle_async_request(request)
        turn.answered_at = self._clock()
        try:
            response.extensions["server_address"] = _address(response) if self._proxy is None else None
            _check_head(str(question.parts), response, question)
            yield response
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, question: Question, deadline: asyncio.Timeout) -> bytes:
        """Return the raw body, no more than the cap of it."""
        body = bytearray()
        async for chunk in response.stream:  # type: ignore[union-attr] # our transport's stream is an asynchronous one
            body += chunk
            if len(body) > question.max_bytes:
                if question.is_prefix_enough:
                    break
                raise TooLarge(str(question.parts), _too_large(question))
            await self._memory.take(len(chunk), deadline=deadline)
        return bytes(body)

    async def _decoded(self, raw: bytes, response: httpx.Response, question: Question) -> bytes:
        url, codings = str(question.parts), response.headers.get("content-encoding")
        if question.is_prefix_enough:
            return decode_prefix(raw, codings, url=url, max_bytes=question.max_bytes).body
        reserved = question.max_bytes if codings_of(codings) else 0  # nobody knows to how much it unfolds
        await self._memory.take(reserved)
        body = decode_body(raw, codings, url=url, max_bytes=question.max_bytes)
        self._memory.held -= reserved - len(body) if reserved else 0
        return body

    async def _transport(self, parts: Parts) -> HostTransport:
        transport = self._transports.get(parts.authority)
        if transport is None:
            transport = HostTransport(self._backend, self._context(parts), self._proxy)
            self._transports[parts.authority] = transport
        self._transports.move_to_end(parts.authority)
        if len(self._transports) > self._policy.max_open_hosts:
            await self._close_least_used()
        return transport

    async def _close_least_used(self) -> None:
        idle = next((authority for authority in self._transports if authority not in self._busy), None)
        if idle is not None:
            await self._transports.pop(idle).aclose()

    def _context(self, parts: Parts) -> ssl.SSLContext | None:
        if parts.scheme != "https":
            return None
        if parts.host in self._policy.insecure_hosts:
            self._insecure_context = self._insecure_context or _unchecked()
            return self._insecure_context
        self._ssl_context = self._ssl_context or httpx.create_ssl_context(trust_env=self._policy.trust_env)
        return self._ssl_context

    async def aclose(self) -> None:
        """Close all connections."""
        while self._transports:
            _authority, transport = self._transports.popitem()
            await transport.aclose()


def _unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _text(headers: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _address(response: httpx.Response) -> str | None:
    """Return "203.0.113.9:443" or "[2001:db8::1]:443" while the stream is open, which knows it no longer after."""
    address = response.extensions["network_stream"].get_extra_info("server_addr")
    if not address:
        return None
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _check_head(url: str, response: httpx.Response, question: Question) -> None:
    if response.status_code == HTTP_SWITCHING_PROTOCOLS:
        raise ProtocolError(url, "the server switches to a protocol that we did not ask for")
    if len(response.headers.raw) > MAX_HEADERS:
        raise ProtocolError(url, f"more than {MAX_HEADERS:,} header lines")
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > question.max_bytes and not question.is_prefix_enough:
        raise TooLarge(url, _too_large(question))


def _too_large(question: Question) -> str:
    return f"the body is larger than {question.max_bytes:,} bytes"
