"""How many pages a second does a crawl keep, and where does the main process spend its time.

    python bench/crawl_pages.py [--articles 500] [--kilobytes 65] [--workers 1] [--hosts 1]

A newspaper of that many articles stands on loopback, in a process of its own; the delay is 0. Prints one JSON record.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper.crawl import Limits, crawl
from scraper.models import Outcome, Verdict
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.reader import READER_VERSION
from scraper.seeds import Seed, seed_of_url
from scraper.tally import Event, Happening, Tally
from scraper.urls import alias_key
from scraper.workers import Readers

PER_LISTING = 50
FIRST_ID = 100_000
SENTENCE = "Người dân hai bờ sông đi lại dễ dàng hơn, hàng hóa về chợ sớm hơn trước, và học trò không còn phải qua đò. "


def article(number: int, kilobytes: int) -> bytes:
    paragraphs = "".join(f"<p>Đoạn {n} của bài {number}. {SENTENCE * 4}</p>" for n in range(10))
    related = "".join(
        f'<li><a href="/cau-moi-{number + n}.html">Cầu mới thông xe, kỳ {n}</a></li>' for n in range(1, 4)
    )
    published = "<meta property=article:published_time content=2025-06-12T07:30:00+07:00>"
    head = f"<title>Cầu mới thông xe, bài {number}</title>{published}"
    text = (
        f"<html lang=vi><head><meta charset=utf-8>{head}</head><body><nav>{'<a href=/muc>Mục</a>' * 40}</nav><article>"
        f"<h1>Cầu mới thông xe sau ba năm thi công, bài {number}</h1><figure><img src=/a.jpg>"
        f"<figcaption>Cầu mới. Ảnh: An</figcaption></figure>{paragraphs}</article>"
        f"<div><h3>Tin liên quan</h3><ul>{related}</ul></div>"
    )
    filler = "<div class=box><a href=/muc-khac><span>Mục khác của trang báo</span></a><script>var a = 1;</script></div>"
    missing = kilobytes * 1000 - len(text.encode())
    return (text + filler * max(0, missing // len(filler.encode()))).encode()


def listing(page: int, articles: int) -> bytes:
    ids = range(FIRST_ID + page * PER_LISTING, min(FIRST_ID + (page + 1) * PER_LISTING, FIRST_ID + articles))
    blocks = "".join(f'<h3><a href="/cau-moi-{n}.html">Cầu mới thông xe sau ba năm, bài {n}</a></h3>' for n in ids)
    following = (
        f'<a rel=next href="/tin?p={page + 2}">Trang sau</a>' if ids and ids[-1] < FIRST_ID + articles - 1 else ""
    )
    return f"<html><body>{blocks}{following}</body></html>".encode()


def pages_of(articles: int, kilobytes: int) -> Iterator[tuple[str, bytes]]:
    yield from ((f"/cau-moi-{FIRST_ID + n}.html", article(FIRST_ID + n, kilobytes)) for n in range(articles))
    for page in range(-(-articles // PER_LISTING)):
        yield f"/tin?p={page + 1}" if page else "/tin", listing(page, articles)


async def serve(pages: dict[str, bytes], hosts: int, ports: Connection) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            body = pages.get(head.split(b" ", 2)[1].decode())
            status = "200 OK" if body else "404 Not Found"
            fields = f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body or b'')}\r\n"
            writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\n".encode() + (body or b""))
            await writer.drain()

    async def until_it_hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await one(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(until_it_hangs_up, f"127.0.0.{n + 2}", 0) for n in range(hosts)]
    ports.send([server.sockets[0].getsockname()[:2] for server in servers])
    await asyncio.Event().wait()


def serve_newspaper(articles: int, kilobytes: int, hosts: int, ports: Connection) -> None:
    asyncio.run(serve(dict(pages_of(articles, kilobytes)), hosts, ports))


async def measure(path: Path, seeds: list[Seed], workers: int) -> dict[str, object]:
    keeping_seconds = 0.0
    resident: list[int] = []

    def report(event: Event) -> None:
        if event.what is Happening.KEPT and not len(resident) % 100:
            resident.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
        elif event.what is Happening.KEPT:
            resident.append(resident[-1])

    policy = FetchPolicy(delay_seconds=0, allow_private=True).with_seeds(t.url for seed in seeds for t in seed.tasks)
    scraping = Scraping(key=alias_key, reader_version=READER_VERSION)
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=scraping) as archive:

        def keep(outcome: Outcome) -> Verdict:
            nonlocal keeping_seconds
            began = time.perf_counter()
            verdict = archive.keep(outcome)
            keeping_seconds += time.perf_counter() - began
            return verdict

        async with Fetcher(policy) as fetcher, Readers(workers=workers) as readers:
            cpu_began = time.process_time()
            tally = await crawl(
                seeds,
                fetcher=fetcher,
                readers=readers,
                frontier=archive.frontier,
                keep=keep,
                limits=Limits(),
                report=report,
            )
            cpu_seconds = time.process_time() - cpu_began
    return record(tally, cpu_seconds, keeping_seconds, resident)


def record(tally: Tally, cpu_seconds: float, keeping_seconds: float, resident: list[int]) -> dict[str, object]:
    return {
        "pages_a_second": round(tally.pages / tally.seconds, 1),
        "ms_a_page": {
            "wall": round(tally.seconds / tally.pages * 1000, 2),
            "main_process": round(cpu_seconds / tally.pages * 1000, 2),
            "of_it_keep": round(keeping_seconds / tally.pages * 1000, 2),
        },
        "resident_mb": {"after_100": resident[min(100, len(resident) - 1)], "at_the_end": resident[-1]},
        **tally.to_dict(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500, help="articles of one newspaper")
    parser.add_argument("--kilobytes", type=int, default=65, help="size of an article's page, kB")
    parser.add_argument("--workers", type=int, default=1, help="processes that read")
    parser.add_argument("--hosts", type=int, default=1, help="newspapers, each on an address of its own")
    options = parser.parse_args()
    here, there = multiprocessing.get_context("spawn").Pipe()
    arguments = (options.articles, options.kilobytes, options.hosts, there)
    server = multiprocessing.get_context("spawn").Process(target=serve_newspaper, args=arguments, daemon=True)
    server.start()
    seeds = [seed_of_url(f"http://{host}:{port}/tin") for host, port in here.recv()]
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(measure(Path(folder) / "archive.db", seeds, options.workers)), indent=1))
    server.kill()


if __name__ == "__main__":
    main()
