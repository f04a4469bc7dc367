"""What an archive of many articles costs: `python bench/ask_archive.py [articles [folder [words]]]`; 100,000 of 600.

Keeps generated articles (without waiting for the disk: archive_write.py measures that), then asks: look-ups, lists,
searches, counts; then the commands themselves, beside sqlite-utils, 20 runs each in turn; then checks, copies and
merges the whole file. A folder that is named keeps the archive, and one that has it already is only asked. With words
given, pages are the bare text: quicker to keep, and the same to ask.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.backup import backup
from archive.connect import reading
from archive.errors import QueryError
from archive.merge import merge
from archive.queries import Filters, find, list_articles, lookup, show, stats
from archive.reprints import count_groups, groups
from archive.scraping import Scraping
from archive.search import count, count_by, search
from archive.store import Archive, Mode
from archive.suggestions import missing_words
from archive.verify import Scope, verify
from archive.words import understand
from scraper.models import Visit
from scraper.urls import alias_key
from tests.archive.generated import EXPECTED, START, visits
from tests.archive.test_search_table import TABLE

ROUNDS = 20
SCRAPING = Scraping(key=alias_key)
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took: on the clock, and of the processor, which neighbours change less."""

    wall: float
    processor: float

    def __truediv__(self, number: int) -> Took:
        return Took(self.wall / number, self.processor / number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How large an archive."""

    number: int
    words: int | None  # None: 600, in whole pages

    def visits(self, number: int | None = None) -> Iterator[Visit]:
        """Make the articles, or the first of them."""
        return visits(number or self.number, words=self.words or 600, is_light=self.words is not None)


def told(what: str, took: Took, note: str = "") -> None:
    shown = "".join(f"{s * 1e3:10,.2f} ms" if s < 1 else f"{s:10,.1f} s " for s in (took.wall, took.processor))
    print(f"{what:44}{shown}  {note}", flush=True)


def timed(act: Callable[[], object]) -> Took:
    began, processor = time.perf_counter(), time.process_time()
    act()
    return Took(time.perf_counter() - began, time.process_time() - processor)


def middle(took: Sequence[Took]) -> Took:
    return Took(statistics.median(t.wall for t in took), statistics.median(t.processor for t in took))


def median(act: Callable[[], object], rounds: int = ROUNDS) -> Took:
    return middle([timed(act) for _ in range(rounds)])


def keep(archive: Archive, made: Iterable[Visit]) -> None:
    archive.connection.execute("PRAGMA synchronous = OFF")
    archive.start_run("crawl", {}, START)
    for visit in made:
        archive.keep(visit)


def keep_all(path: Path, wanted: Wanted) -> None:
    """Keep all articles as one run, as a crawl does."""
    number = wanted.number
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=SCRAPING) as archive:
        told("make and keep an article", timed(lambda: keep(archive, wanted.visits())) / number)
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = path.stat().st_size
        told("compare it with all others", timed(archive.compare_new) / number)
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(f"the index of likeness: {(path.stat().st_size - before) / number:,.0f} bytes an article")
        told("end the run: seal what it added", timed(lambda: archive.end_run(0, START + timedelta(days=1))))


def sizes(path: Path, number: int) -> None:
    with reading(path) as connection:
        pages = connection.execute("SELECT sum(length), sum(length(data)) FROM snapshots").fetchone()
        print(
            f"file {path.stat().st_size / 1e9:.2f} GB, {path.stat().st_size / number:,.0f} bytes an article; ", end=""
        )
        print(f"pages {pages[0] / number:,.0f} bytes, stored in {pages[1] / number:,.0f}")


def ask(path: Path, number: int) -> None:
    half = number // 2
    url = f"http://www.bao{half % 5}.example.vn/tin-{half}.html"
    unique = Filters(unique=True)
    with reading(path) as connection:
        questions: dict[str, Callable[[], object]] = {
            "find by URL": lambda: find(connection, url, key=alias_key),
            "look up by URL": lambda: lookup(connection, url, key=alias_key),
            "show": lambda: show(connection, url, key=alias_key),
            "newest 20": lambda: list_articles(connection),
            "newest 20 of a site": lambda: list_articles(connection, Filters(sites=("bao3",))),
            "newest 20, one of each text": lambda: list_articles(connection, unique),
            "search a rare word": lambda: search(connection, "số123"),
            "search a common word, newest first": lambda: search(connection, "duong"),
            "the same with accents": lambda: search(connection, "đường"),
            "the same, one of each text": lambda: search(connection, "duong", unique),
            "search a common word, by relevance": lambda: search(connection, "duong", sort="relevance"),
            "search a phrase that all have": lambda: search(connection, "lê duẩn"),
            "search with accents that none has": lambda: search(connection, "dường"),
            "count a common word": lambda: count(connection, "duong"),
            "count it by section": lambda: count_by(connection, "duong", "section"),
            "words near one that is not there": lambda: missing_words(connection, understand("duongzz hoangzz")),
            "20 newest groups of copies": lambda: list(groups(connection)),
        }
        for name, act in questions.items():
            told(name, median(act))
        told("stats", median(lambda: stats(connection, path), 3))
        print(f"{count_groups(connection):,} groups of copies; {number // 20:,} articles were copied")
        table(path, number)


def table(path: Path, number: int) -> None:
    """Ask what the tests ask: the expected articles are found, and no search fails."""
    with reading(path) as connection:
        for typed, is_hit in EXPECTED.items():
            found = count(connection, typed)
            expected = sum(map(is_hit, range(number)))
            if found != expected:
                print(f"WRONG {typed!r}: {found:,} found, {expected:,} expected")
        took = []
        for typed, _, _ in TABLE:
            with suppress(QueryError):
                took.append(timed(lambda typed=typed: search(connection, typed)))
    print(f"{len(EXPECTED)} searches find what they must")
    told("a search of the newspaper's table", middle(took), f"longest {max(t.processor for t in took):.2f} s")


def whole(path: Path, wanted: Wanted) -> None:
    copy, merged, rest = (path.with_name(f"{name}.db") for name in ("copy", "merged", "rest"))
    for each in (copy, merged, rest):
        each.unlink(missing_ok=True)
    told("verify --quick", timed(lambda: verify(path, Scope(is_quick=True))))
    took = timed(lambda: _checked(path))
    told("verify", took, f"{wanted.number / took.wall:,.0f} articles a second")
    told("backup, verified", timed(lambda: backup(path, copy)))
    with Archive.open(rest, mode=Mode.EXCLUSIVE, scraping=SCRAPING) as archive:
        keep(archive, wanted.visits(wanted.number // 20))
        archive.end_run(0, START)
    for into, source, what in (
        (copy, rest, "merge a twentieth that is there already"),
        (merged, path, "merge all into an empty one"),
    ):
        with Archive.open(into, mode=Mode.EXCLUSIVE, scraping=SCRAPING) as archive:
            archive.connection.execute("PRAGMA synchronous = OFF")
            archive.start_run("merge", {}, START)
            told(what, timed(lambda archive=archive, source=source: merge(archive, source)))
            archive.end_run(0, START)
        into.unlink()
    rest.unlink()


def _checked(path: Path) -> None:
    report = verify(path)
    for fault in report.faults:
        print(f"WRONG {fault}")


def commands(path: Path) -> None:
    """Time the commands as a person has them, in turn."""
    asked = {
        "luubao --help": [BIN / "luubao", "--help"],
        "sqlite-utils --help": [BIN / "sqlite-utils", "--help"],
        "luubao search": [BIN / "luubao", "search", "số123", "--archive", path],
        "luubao list": [BIN / "luubao", "list", "--archive", path],
    }
    took: dict[str, list[Took]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, args in asked.items():
            before, began = os.times(), time.perf_counter()
            subprocess.run(args, check=True, capture_output=True)
            after = os.times()
            processor = after.children_user + after.children_system - before.children_user - before.children_system
            took[name].append(Took(time.perf_counter() - began, processor))
    peer = middle(took["sqlite-utils --help"])
    for name, each in took.items():
        found = middle(each)
        ratios = f"{found.wall / peer.wall:.2f} and {found.processor / peer.processor:.2f}"
        told(name, found, f"{ratios} of sqlite-utils --help")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp())
    wanted = Wanted(number, int(sys.argv[3]) if len(sys.argv) > 3 else None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}-{wanted.words or 'whole'}.db"
    print(f"{number:,} articles{'':32}{'clock':>13}{'processor':>13}")
    try:
        if not path.exists():
            keep_all(path, wanted)
        sizes(path, number)
        ask(path, number)
        commands(path)
        whole(path, wanted)
    finally:
        if len(sys.argv) <= 2:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
