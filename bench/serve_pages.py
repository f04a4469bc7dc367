"""What pages of `luubao serve` cost: `python bench/serve_pages.py [articles [folder]]`; 100,000 of 150 words.

Asks each kind of page 50 times over real HTTP, one after another, by the clock and by the server's own processor time,
which neighbours change less. Then twenty readers ask at once while another process keeps articles in the same archive.
A folder that is named keeps the archive, and one that has it already is only asked. Authors and sections are as varied
as in newspapers: 2,003 authors, 37 sections.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.connect import reading
from archive.queries import count_articles
from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper.models import Visit
from scraper.urls import alias_key
from tests.archive.generated import START, visits

ROUNDS = 50
READERS = 20
READS = 15  # of each reader
WORDS = 150
BIN = Path(sys.executable).parent
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PAGES = {
    "first page": "/",
    "first page, of a newspaper": "/?site=bao3",
    "first page, of a newspaper and a section": f"/?site=bao3&section={quote_plus('Mục 5')}",
    "first page, of a section": f"/?section={quote_plus('Mục 5')}",
    "first page, of a month": "/?month=2024-03",
    "first page, of an author": f"/?author={quote_plus('Tác giả 77')}",
    "first page, the hundredth of the list": "/?page=100",
    "search, a rare word (200 articles)": f"/?q={quote_plus('số123')}",
    "search, a word that all have": "/?q=duong",
    "search, the same with accents": f"/?q={quote_plus('đường')}",
    "search, a phrase that all have": f"/?q={quote_plus('lê duẩn')}",
    "search, a phrase and a newspaper": "/?q=le+duan&site=bao3",
    "search, a word that none has": "/?q=duongzz",
    "article": "/article/{id}",
    "what changed, or that nothing did": "/article/{id}/changes",
    "page as it was kept": "/replay/{id}",
    "feed of what is new": "/feed/new.atom",
    "feed of what is new, of a search": "/feed/new.atom?q=duong",
    "feed of changes, of a search": "/feed/changes.atom?q=duong",
    "health, 30 days": "/health",
    "health, a year": "/health?days=365",
    "Datasette: the tables": "/archive",
    "Datasette: twenty articles as JSON": "/archive/articles_view.json?_size=20",
}


@dataclass(frozen=True, slots=True)
class Took:
    """How long an answer took: on the clock, and of the server's processor."""

    wall: float
    processor: float


def varied(number: int, first: int = 0) -> Iterator[Visit]:
    """Make so many articles, from the number `first` on, with as many authors and sections as newspapers have."""
    for at, visit in enumerate(visits(number, words=WORDS, is_light=True, first=first), first):
        authors = (f"Tác giả {at * 7919 % 2003}",) if at % 3 else ()
        article = replace(visit.article, authors=authors, language="vi", section=f"Mục {at % 37}")
        yield replace(visit, article=article)


def build(path: Path, number: int) -> None:
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
        archive.connection.execute("PRAGMA synchronous = OFF")
        archive.start_run("crawl", {}, START)
        for visit in varied(number):
            archive.keep(visit)
        archive.compare_new()
        archive.end_run(0, START + timedelta(days=1))


@contextmanager
def served(path: Path) -> Iterator[tuple[str, int]]:
    """Run the command, and give its address and process."""
    command = [BIN / "luubao", "serve", "--archive", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield (process.stdout.readline().strip() if process.stdout else ""), process.pid
        finally:
            process.terminate()


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def ask_each(origin: str, pid: int, articles: int) -> None:
    rng = random.Random(1)  # noqa: S311 -- the same articles each time
    with httpx.Client(base_url=origin, timeout=60) as client:
        for name, address in PAGES.items():
            took: list[float] = []
            size = 0
            began = processor_seconds(pid)
            for _ in range(ROUNDS):
                at = time.perf_counter()
                answer = client.get(address.format(id=rng.randrange(1, articles)))
                took.append(time.perf_counter() - at)
                size = len(answer.content)
            processor = (processor_seconds(pid) - began) / ROUNDS
            worst = max(took)
            print(
                f"{name:44}{statistics.median(took) * 1e3:8.1f} ms {processor * 1e3:8.1f} ms {worst * 1e3:8.1f} ms"
                f"{size / 1e3:8.1f} kB  {answer.status_code}",
                flush=True,
            )


def keep_more(path: Path, first: int, number: int) -> None:
    """Keep articles as a crawl does, one a transaction, until it is stopped."""
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
        archive.start_run("crawl", {}, START)
        for visit in varied(number, first):
            archive.keep(visit)
        archive.end_run(0, START + timedelta(days=2))


def ask_at_once(origin: str, path: Path, articles: int) -> None:
    """Let many read while one writes."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import serve_pages as s; "
    code += f"s.keep_more(s.Path({str(path)!r}), {articles}, 100000)"
    addresses = list(PAGES.values())
    statuses: Counter[object] = Counter()
    took: list[float] = []

    def read(reader: int) -> None:
        rng = random.Random(reader)  # noqa: S311 -- as above
        with httpx.Client(base_url=origin, timeout=120) as client:
            for _ in range(READS):
                address = rng.choice(addresses).format(id=rng.randrange(1, articles))
                at = time.perf_counter()
                try:
                    statuses[client.get(address).status_code] += 1
                except httpx.HTTPError as error:
                    statuses[repr(error)] += 1
                took.append(time.perf_counter() - at)

    with subprocess.Popen([sys.executable, "-c", code]) as writer:
        time.sleep(3)
        before, began = count(path), time.perf_counter()
        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(read, range(READERS)))
        seconds, kept = time.perf_counter() - began, count(path) - before
        is_alive = writer.poll() is None
        writer.terminate()
    print(f"{READERS} readers, {READS} pages each, while a crawl writes: {dict(statuses)}")
    print(
        f"median {statistics.median(took) * 1e3:.0f} ms, worst {max(took) * 1e3:.0f} ms, "
        f"{len(took) / seconds:.0f} pages a second; the writer kept {kept:,} articles meanwhile, and "
        + ("went on" if is_alive else f"ENDED with {writer.returncode}")
    )


def count(path: Path) -> int:
    with reading(path) as connection:
        return count_articles(connection)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"served-{number}.db"
    try:
        if not path.exists():
            build(path, number)
        with served(path) as (origin, pid):
            print(f"{number:,} articles{'':29}{'median':>8}{'processor':>14}{'worst':>11}")
            ask_each(origin, pid, number)
            ask_at_once(origin, path, number)
    finally:
        if len(sys.argv) <= 2:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
