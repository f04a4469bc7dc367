"""How fast the archive keeps, finds and lists: `python bench/archive_write.py [articles]`; 2,000 if not told."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.connect import reading
from archive.queries import find, list_articles, show, stats
from archive.scraping import Scraping
from archive.search import count, search
from archive.store import Archive, Mode
from scraper.urls import alias_key
from tests.archive.generated import START, visits

ROUNDS = 20


def keep_all(path: Path, number: int) -> None:
    made = list(visits(min(number, 2000)))
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(key=alias_key)) as archive:
        archive.start_run("bench", {}, START)
        seconds = 0.0
        done = 0
        source = iter(visits(number)) if number > len(made) else iter(made)
        for visit in source:
            began = time.perf_counter()
            archive.keep(visit)
            seconds += time.perf_counter() - began
            done += 1
        print(f"keep new        {done / seconds:10,.0f} a second ({seconds / done * 1e6:,.0f} µs), synchronous=FULL")
        began = time.perf_counter()
        for visit in made:
            archive.keep(visit)
        seconds = time.perf_counter() - began
        print(f"keep unchanged  {len(made) / seconds:10,.0f} a second")
        began = time.perf_counter()
        now = START + timedelta(days=36500)
        sites = frozenset(f"bao{n}" for n in range(5))
        for _ in range(200):
            archive.frontier.next_due(now, busy_hosts=frozenset({"bao1.example.vn"}), sites=sites)
        print(f"next_due        {(time.perf_counter() - began) / 200 * 1e3:10.2f} ms")
    print(f"file            {path.stat().st_size / number:10,.0f} bytes an article")


def median_ms(act: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1e3


def ask_all(path: Path, number: int) -> None:
    with reading(path) as connection:
        url = f"http://www.bao{(number // 2) % 5}.example.vn/tin-{number // 2}.html"
        questions: dict[str, Callable[[], object]] = {
            "find by URL": lambda: find(connection, url, key=alias_key),
            "show by URL": lambda: show(connection, url, key=alias_key),
            "list newest 20": lambda: list_articles(connection),
            "search a rare word": lambda: search(connection, "số123"),
            "search a common word, newest": lambda: search(connection, "đường"),
            "search a common word, no accents": lambda: search(connection, "duong"),
            "search a common word, relevance": lambda: search(connection, "duong", sort="relevance"),
            "search a phrase": lambda: search(connection, "lê duẩn"),
            "search common words, accents rare": lambda: search(connection, "dường phô"),
            "count a common word": lambda: count(connection, "duong"),
            "stats": lambda: stats(connection, path),
        }
        for name, act in questions.items():
            print(f"{name:34}{median_ms(act):10.2f} ms")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        print(f"{number:,} articles")
        keep_all(path, number)
        ask_all(path, number)


if __name__ == "__main__":
    main()
