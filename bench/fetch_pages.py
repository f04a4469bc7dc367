"""Pages a second through the whole gate, beside a bare loop over httpx's transport, in one run.

    python bench/fetch_pages.py [pages] [bytes a page]

The server runs in a process of its own on loopback. Only the ratio says something on another machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import httpx

from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy

ROUNDS = 5


def serve(size: int, ready: Connection) -> None:
    body = os.urandom(size // 2).hex().encode()
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(missing if head.startswith(b"GET /robots.txt") else page)
                await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def bare(url: str, pages: int) -> None:
    async with httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=1)) as transport:
        for number in range(pages):
            response = await transport.handle_async_request(httpx.Request("GET", f"{url}/{number}"))
            await response.aread()
            await response.aclose()


async def gate(url: str, pages: int) -> None:
    policy = FetchPolicy(allow_private=True, delay_seconds=0).with_seeds([url])
    async with Fetcher(policy) as fetcher:
        for number in range(pages):
            await fetcher.fetch(f"{url}/{number}")


def rate(run: Callable[[str, int], Awaitable[None]], url: str, pages: int) -> tuple[float, float]:
    """Return pages a second and milliseconds of CPU a page."""

    async def timed() -> tuple[float, float]:
        began, cpu = time.perf_counter(), time.process_time()
        await run(url, pages)
        return pages / (time.perf_counter() - began), (time.process_time() - cpu) / pages * 1000

    return asyncio.run(timed())


def main() -> None:
    pages, size = (int(text) for text in (*sys.argv[1:], "1000", "65000")[:2])
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(size, theirs), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    runs = [(rate(bare, url, pages), rate(gate, url, pages)) for _round in range(ROUNDS)]
    server.terminate()
    for name, side in (("bare httpx transport", 0), ("Fetcher, whole gate", 1)):
        rates, cpu = zip(*(run[side] for run in runs), strict=True)
        print(f"{name:22} {statistics.median(rates):7.0f} pages/s  {statistics.median(cpu):6.3f} ms CPU a page")
    print(
        f"{'ratio':22} {statistics.median(run[1][0] / run[0][0] for run in runs):7.2f} of pages/s, "
        f"{statistics.median(run[0][1] / run[1][1] for run in runs):.2f} of CPU"
    )


if __name__ == "__main__":
    main()
