"""A server on loopback that sends exact bytes, and writes down what it was asked and when."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; `at` by the monotonic clock, when its head was read."""

    target: str
    head: str
    at: float

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return None


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Reply = bytes | Script | Callable[[Request], bytes | Script]
"""Exact bytes, or a script that may do with the connection what it likes, or what chooses either by the request."""


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; underscores in the names of headers stand for hyphens."""
    fields = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body))} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=location)


NOT_FOUND = answer(b"no such page", "404 Not Found")


@dataclass
class Server:
    """Answers by path; robots.txt is not there unless it is given. A list of replies is used up, its last one stays."""

    replies: Mapping[str, Reply | list[Reply]] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def targets(self) -> list[str]:
        return [request.target for request in self.requests]

    def count(self, target: str) -> int:
        return self.targets.count(target)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError
            ):
                async for request in self._requests_of(reader):
                    await self._reply(request, reader, writer)
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _requests_of(self, reader: asyncio.StreamReader) -> AsyncIterator[Request]:
        while head := await reader.readuntil(b"\r\n\r\n"):
            text = head.decode("latin-1")
            request = Request(text.split(" ", 2)[1], text, time.monotonic())
            self.requests.append(request)
            yield request

    async def _reply(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = self._choose(request.target)
        if not isinstance(reply, bytes) and _takes_request(reply):
            reply = reply(request)  # type: ignore[call-arg, arg-type, assignment]
        if isinstance(reply, bytes):
            writer.write(reply)
        else:
            await reply(reader, writer)  # type: ignore[call-arg, arg-type, misc]
        await writer.drain()
        if writer.is_closing() or (isinstance(reply, bytes) and b"Connection: close" in reply):
            writer.close()
            raise ConnectionError

    def _choose(self, target: str) -> Reply:
        reply = self.replies.get(target, self.replies.get("*", NOT_FOUND) if target != "/robots.txt" else NOT_FOUND)
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply


def _takes_request(reply: Callable[..., object]) -> bool:
    return len(inspect.signature(reply).parameters) == 1
