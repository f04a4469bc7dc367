"""One connection a host, dialled past the address guard; what goes wrong in httpcore becomes ours here."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import anyio
import httpcore
import httpx

from scraper.errors import (
    ConnectError,
    ConnectionLost,
    DeadlineExceeded,
    ProtocolError,
    ScraperError,
    TlsError,
    Truncated,
)
from scraper.net.guard import Resolve, addresses_of

if find_spec("sniffio") is None:
    # httpcore imports it several times a request, and each search through the path in vain costs 0.1 ms; told that it
    # is not there, Python does not search. asyncio is what both then take for granted.
    sys.modules["sniffio"] = None  # type: ignore[assignment] # documented: an import of it raises at once

HEAD_START_SECONDS = 0.25  # of one address before the next is tried too (RFC 8305, 5)
KEEP_ALIVE_SECONDS = 60.0
PROXY_PORT = 8080  # where an address of a proxy names none


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """The one place where connections are made: it resolves once, checks every answer, dials what it checked."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(  # noqa: PLR0917 - httpcore's signature
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a checked address; raises AddressRefused, DnsError, and httpcore's own."""

        async def dial(address: str) -> httpcore.AsyncNetworkStream:
            return await self._dialler.connect_tcp(address, port, timeout, local_address, socket_options)

        try:
            async with asyncio.timeout(timeout):
                addresses = await addresses_of(host, port, self._resolve, allow_private=self._allow_private)
                return await first_to_connect(addresses, dial)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error


async def first_to_connect(
    addresses: Sequence[str], dial: Callable[[str], Awaitable[httpcore.AsyncNetworkStream]]
) -> httpcore.AsyncNetworkStream:
    """Dial the addresses in turn, each with a head start over the next; raises the first error if all fail."""
    if len(addresses) == 1:
        return await dial(addresses[0])
    waiting = list(addresses)
    dials: set[asyncio.Future[httpcore.AsyncNetworkStream]] = set()
    errors: list[BaseException] = []
    try:
        while waiting or dials:
            if waiting:
                dials.add(asyncio.ensure_future(dial(waiting.pop(0))))
            patience = HEAD_START_SECONDS if waiting else None
            done, dials = await asyncio.wait(dials, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            errors += [error for task in done if (error := task.exception())]
            if connected := [task.result() for task in done if task.exception() is None]:
                await _close(connected[1:])
                return connected[0]
    finally:
        await _give_up(dials)
    raise errors[0]


async def _give_up(dials: Iterable[asyncio.Future[httpcore.AsyncNetworkStream]]) -> None:
    for task in dials:
        task.cancel()
    ends = await asyncio.gather(*dials, return_exceptions=True)
    await _close([end for end in ends if not isinstance(end, BaseException)])


async def _close(streams: Iterable[httpcore.AsyncNetworkStream]) -> None:
    for stream in streams:
        await stream.aclose()


class HostTransport(httpx.AsyncBaseTransport):
    """The transport of one host: one connection, kept open between requests."""

    def __init__(
        self, backend: GuardedBackend, ssl_context: ssl.SSLContext | None, proxy: httpcore.Proxy | None = None
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            proxy=proxy,
            ssl_context=ssl_context,
            max_connections=1,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the caller reads and closes the answer's stream. Raises httpcore's errors."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        body = _Body(self._pool, answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The raw body of an answer. A connection on which more came than the answer had is not used again."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, answer: httpcore.Response) -> None:
        self._pool = pool
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        if any(_has_leftover(connection) for connection in self._pool.connections):
            await self._answer.extensions["network_stream"].aclose()
        await self._answer.aclose()


def _has_leftover(connection: object) -> bool:
    """Tell whether bytes wait that belong to no answer; httpcore would read them as the next one."""
    inner = getattr(connection, "_connection", None)
    while inner is not None and not hasattr(inner, "_h11_state"):  # a proxy's lies one deeper
        inner = getattr(inner, "_connection", None)
    return inner is not None and bool(inner._h11_state.trailing_data[0])  # noqa: SLF001 -- told nowhere else


def proxy_of(address: str | None) -> httpcore.Proxy | None:
    """Return the proxy that the user named, with the name and password that stand in its address; None for none."""
    if address is None:
        return None
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    auth = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username else None
    return httpcore.Proxy(f"{parts.scheme}://{host}:{parts.port or PROXY_PORT}/", auth=auth)


@contextmanager
def errors_of(url: str, *, dialled: str = "the server") -> Iterator[None]:
    """Turn what the network stack raises into the errors of one URL; `dialled` is who takes our connection."""
    try:
        yield
    except ScraperError as error:
        if error.url == url:
            raise
        raise type(error)(url, error.reason) from error  # the guard knows the host alone
    except httpcore.ConnectTimeout as error:
        raise ConnectError(url, f"{dialled} takes no connection (no answer in time)") from error
    except (httpcore.ReadTimeout, httpcore.WriteTimeout, httpcore.PoolTimeout) as error:
        raise DeadlineExceeded(url, "the server did not answer in time") from error
    except TimeoutError as error:
        raise DeadlineExceeded(url, "the fetch took longer than its deadline") from error
    except (httpcore.ConnectError, httpcore.ProxyError) as error:
        raise _connect_error(url, error, dialled) from error
    except (httpcore.ReadError, httpcore.WriteError, anyio.EndOfStream, anyio.BrokenResourceError, OSError) as error:
        raise ConnectionLost(url, "the connection broke off") from error
    except httpcore.RemoteProtocolError as error:
        raise _protocol_error(url, str(error)) from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise ProtocolError(url, f"the request cannot be made ({error})") from error


def _connect_error(url: str, error: httpcore.ConnectError | httpcore.ProxyError, dialled: str) -> ScraperError:
    if isinstance(error, httpcore.ProxyError):
        return ConnectError(url, f"the proxy does not let us through ({error})")
    cause = error.args[0] if error.args else None  # the pool cuts off __cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return TlsError(url, f"its certificate is not to be trusted ({cause.verify_message})")
    if isinstance(cause, ssl.SSLError):
        return TlsError(url, f"no secure connection comes about ({cause.reason or 'TLS'})")
    told = getattr(cause, "strerror", None) or str(cause or "") or "no answer"
    return ConnectError(url, f"{dialled} takes no connection ({told})")


def _protocol_error(url: str, told: str) -> ScraperError:
    """Tell a cut answer from one that is no HTTP by h11's and httpcore's words: they have one class for both."""
    if told.startswith("peer closed connection"):
        return Truncated(url, f"the body ends before it should ({told.partition('(')[2].rstrip(')') or told})")
    if told.startswith("Server disconnected"):
        return ConnectionLost(url, "the server ended the connection without an answer")
    return ProtocolError(url, f"what came is not HTTP ({told})")
