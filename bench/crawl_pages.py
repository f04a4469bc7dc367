"""How many pages a second does `luubao crawl` keep, beside Scrapy, and where does its main process spend its time.

    python bench/crawl_pages.py [--articles 2000] [--kilobytes 65] [--rounds 3]

A newspaper of that many static articles is served by nginx on loopback; the delay is 0. Both crawl it as commands of
their own, from start to end, start-up included, in turn; the medians and their ratio are printed. Scrapy takes title,
date, body, captions and related links, and commits each page with its HTML to SQLite in luubao's durability; it wants
`make peers`. Then one crawl is looked into from inside: milliseconds of the main process a page by part, and memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from static_paper import served_by_nginx

from archive.scraping import Scraping
from archive.store import Archive, Mode
from bench import processor
from scraper.crawl import crawl
from scraper.models import Page, Task
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.reader import READER_VERSION
from scraper.reading import Reading
from scraper.seeds import seed_of_url
from scraper.tally import Event, Happening
from scraper.urls import alias_key
from scraper.workers import Readers, workers_here

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".venv-peers" / "bin" / "python"
LUUBAO = "import sys; from cli import main; sys.exit(main())"
FIRST_PAGES = 500


# --- from outside -----------------------------------------------------------------------------------------------------


def commands(base: str, file: Path) -> dict[str, list[str]]:
    """Return the command of each side; Scrapy's only where it is installed."""
    options = ["--delay", "0", "--allow-private", "--quiet", "--archive", str(file)]
    ours = [sys.executable, "-c", LUUBAO, "crawl", f"{base}/", *options]
    theirs = [str(PEER), str(ROOT / "bench" / "scrapy_peer.py"), f"{base}/", str(file)]
    return {"luubao": ours} | ({"scrapy": theirs} if PEER.exists() else {})


def articles_a_second(command: list[str], file: Path, expected: int) -> tuple[float, float]:
    """Run one crawl; return the articles it kept a second, and seconds of processor time, its children's included."""
    _, took = processor.run(command, check=True, cwd=ROOT)
    connection = sqlite3.connect(file)
    kept = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    connection.close()
    if kept != expected:
        raise SystemExit(f"{command[0]} kept {kept} of {expected} articles")
    return kept / took.clock, took.processor


def compare(base: str, articles: int, rounds: int) -> None:
    rates: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name in commands(base, Path()):
                file = Path(folder) / f"{name}.db"
                rate, seconds = articles_a_second(commands(base, file)[name], file, articles)
                rates.setdefault(name, []).append(rate)
                spent.setdefault(name, []).append(seconds / articles * 1000)
                print(f"round {number + 1}: {name:8} {rate:7.1f} articles a second", flush=True)
    for name, measured in rates.items():
        print(f"median:  {name:8} {statistics.median(measured):7.1f} articles a second, "
              f"{statistics.median(spent[name]):.1f} ms of processor an article in all processes")  # fmt: skip
    if "scrapy" in rates:
        print(f"ratio:   {statistics.median(rates['luubao']) / statistics.median(rates['scrapy']):.2f}")
    else:
        print("Scrapy is missing: make peers")


# --- from inside ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Stopwatch:
    """Processor seconds of the main thread by part."""

    seconds: Counter[str] = field(default_factory=Counter)
    resident_mb: dict[int, float] = field(default_factory=dict)
    kept: int = 0

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, timed."""

        def timed(*arguments: object, **options: object) -> Any:  # noqa: ANN401 -- whatever the function returns
            began = time.thread_time()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds[part] += time.thread_time() - began

        return timed

    def report(self, event: Event) -> None:
        """Note the memory in use at each hundredth page."""
        self.kept += event.what is Happening.KEPT
        if event.what is Happening.KEPT and self.kept % 100 == 0:
            self.resident_mb[self.kept] = resident_mb()


class Steps:
    """An awaitable whose steps are timed, and not what it waits for."""

    def __init__(self, watch: Stopwatch, part: str, awaited: Awaitable[Any]) -> None:
        self._watch = watch
        self._part = part
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._awaited.__await__()
        step: Callable[[], Any] = lambda: next(steps)  # noqa: E731 -- the next one may be a throw
        while True:
            try:
                waited_for = self._watch.around(self._part, step)()
            except StopIteration as end:
                return end.value
            try:
                yield waited_for
            except BaseException as error:  # noqa: BLE001 -- handed on as it came
                caught = error
                step = lambda: steps.throw(caught)  # type: ignore[attr-defined] # noqa: E731, B023 -- as above
            else:
                step = lambda: next(steps)  # noqa: E731


class TimedFetcher(Fetcher):
    """The gate, timed."""

    watch: Stopwatch

    async def fetch(self, url: str, **options: Any) -> Page:  # type: ignore[override] # noqa: ANN401
        """Fetch as the gate does."""
        page: Page = await Steps(self.watch, "fetch", super().fetch(url, **options))
        return page


class TimedReaders(Readers):
    """The workers; timed is what handing over costs this process, in the threads that wait for them."""

    watch: Stopwatch

    def read_now(self, task: Task, page: Page) -> Reading:
        """Read as the workers do."""
        reading: Reading = self.watch.around("pipe to worker", super().read_now)(task, page)
        return reading


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def look_inside(base: str, file: Path, watch: Stopwatch) -> tuple[int, float, float]:
    """Crawl in this process; return pages, seconds on the wall and of the processor."""
    seed = seed_of_url(f"{base}/")
    policy = FetchPolicy(delay_seconds=0, allow_private=True).with_seeds([f"{base}/"])
    TimedFetcher.watch = TimedReaders.watch = watch
    with Archive.open(
        file, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key, reader_version=READER_VERSION)
    ) as archive:
        frontier = archive.frontier
        frontier.next_due = watch.around("frontier", frontier.next_due)  # type: ignore[method-assign]
        keep = watch.around("keep", archive.keep)
        async with TimedFetcher(policy) as fetcher, TimedReaders(workers=workers_here()) as readers:
            began, main_began, all_began = time.monotonic(), time.thread_time(), time.process_time()
            tally = await crawl(
                [seed], fetcher=fetcher, readers=readers, frontier=frontier, keep=keep, report=watch.report
            )
            watch.seconds["loop and rest"] = time.thread_time() - main_began
            spent = time.process_time() - all_began
    for part in ("fetch", "frontier", "keep"):
        watch.seconds["loop and rest"] -= watch.seconds[part]
    return tally.pages, time.monotonic() - began, spent


def print_parts(base: str) -> None:
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        pages, seconds, spent = asyncio.run(look_inside(base, Path(folder) / "archive.db", watch))
    print(f"inside, {workers_here()} workers, {pages} pages, lists among them; milliseconds a page")
    for part, value in watch.seconds.most_common():
        print(f"  {part:20} {value / pages * 1000:6.2f}")
    print(f"  {'main process in all':20} {spent / pages * 1000:6.2f}   (on the wall {seconds / pages * 1000:.2f})")
    print(f"  threads at the end: {threading.active_count()}")
    shown = {at: mb for at, mb in watch.resident_mb.items() if at in {100, FIRST_PAGES} or at % 1000 == 0}
    shown[max(watch.resident_mb)] = watch.resident_mb[max(watch.resident_mb)]
    print("  resident memory, MB: " + ", ".join(f"{mb:.1f} after {at}" for at, mb in shown.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000, help="articles of the newspaper")
    parser.add_argument("--kilobytes", type=int, default=65, help="size of an article's page, kB")
    parser.add_argument("--rounds", type=int, default=3, help="crawls of each side; 0: only the look inside")
    options = parser.parse_args()
    with served_by_nginx(articles=options.articles, kilobytes=options.kilobytes) as base:
        print(f"{options.articles:,} articles of {options.kilobytes} kB, {os.cpu_count()} processors")
        compare(base, options.articles, options.rounds) if options.rounds else None
        print_parts(base)


if __name__ == "__main__":
    main()
