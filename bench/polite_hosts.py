"""Many hosts at a polite pace: the gap between starts as the servers measure it, and pages a second in all.

    python bench/polite_hosts.py [hosts] [delay in seconds] [seconds]

One server process listens on as many loopback addresses as there are hosts; some answers redirect, some fail first.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import sys
import time
from collections import defaultdict
from itertools import pairwise
from multiprocessing.connection import Connection

from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy

BODY = b"<p>Tin</p>" * 3000
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
EMPTY = b"\r\nContent-Length: 0\r\n\r\n"
Log = list[tuple[str, float]]


def serve(hosts: int, pipe: Connection) -> None:
    log: Log = []

    def reply(target: str) -> bytes:
        if target == "/robots.txt":
            return b"HTTP/1.1 404 Not Found" + EMPTY
        if target.endswith("7"):
            return b"HTTP/1.1 302 Found\r\nLocation: %s/to" % target.encode() + EMPTY
        if target.endswith("9") and len(log) % 2:
            return b"HTTP/1.1 503 Busy" + EMPTY
        return PAGE

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                log.append((host, time.monotonic()))
                writer.write(reply(head.split(b" ", 2)[1].decode()))
                await writer.drain()
        writer.close()

    async def run() -> None:
        first = await asyncio.start_server(answer, "127.0.1.1", 0)
        port = first.sockets[0].getsockname()[1]
        servers = [await asyncio.start_server(answer, f"127.0.1.{n}", port) for n in range(2, hosts + 1)]
        pipe.send(port)
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        pipe.send(log)
        for server in (first, *servers):
            server.close()

    asyncio.run(run())


async def crawl(hosts: int, port: int, delay: float, seconds: float) -> int:
    urls = [f"http://127.0.1.{n}:{port}" for n in range(1, hosts + 1)]
    policy = FetchPolicy(allow_private=True, delay_seconds=delay).with_seeds(urls)
    end = time.monotonic() + seconds
    pages = 0

    async def one(fetcher: Fetcher, url: str) -> None:
        nonlocal pages
        number = 0
        while time.monotonic() < end:
            await fetcher.fetch(f"{url}/{number}")
            number += 1
            pages += 1

    async with Fetcher(policy) as fetcher:
        await asyncio.gather(*(one(fetcher, url) for url in urls))
    return pages


def main() -> None:
    hosts, delay, seconds = (float(text) for text in (*sys.argv[1:], "50", "0.5", "10")[:3])
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(int(hosts), theirs), daemon=True)
    server.start()
    pages = asyncio.run(crawl(int(hosts), ours.recv(), delay, seconds))
    ours.send("enough")
    log: Log = ours.recv()
    by_host: dict[str, list[float]] = defaultdict(list)
    for host, at in log:
        by_host[host].append(at)
    gaps = [later - earlier for times in by_host.values() for earlier, later in pairwise(times)]
    print(f"{pages} pages in {len(log)} requests of {len(by_host)} hosts")
    print(f"gap between starts: {min(gaps):.4f} s at least, {sum(gaps) / len(gaps):.4f} s on average")
    print(f"requests a second: {len(log) / seconds:.1f}; the delay allows {hosts / delay:.1f}")


if __name__ == "__main__":
    main()
