"""Many articles, long imports, weeks of work: F89 to F93. No clock decides here: counted are steps, files and objects.

A step is a thousand instructions of SQLite's machine, the same on every computer. bench/ prints times.
"""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from subprocess import CompletedProcess

import pytest

from archive.connect import open_reader
from archive.errors import BadRecord, QueryStopped
from archive.exchange import jsonl
from archive.exchange.intake import Intake
from archive.health import quick_fault
from archive.queries import list_articles, lookup, show
from archive.search import Ways, search
from archive.store import Archive, Mode
from commands.newspaper import Server
from scraper.crawl import Limits
from tests.archive.generated import visits
from tests.archive.kit import NOW, SCRAPING, value
from tests.crawl_scene import crawl_once

FEW, MANY = 120, 600
Luubao = Callable[..., CompletedProcess[str]]


def keep_generated(path: Path, count: int) -> Path:
    with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=SCRAPING) as archive:
        archive.connection.execute("PRAGMA synchronous = OFF")
        for visit in visits(count, words=60, is_light=True):
            archive.keep(visit)
    return path


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_generated(tmp_path_factory.mktemp("few") / "archive.db", FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_generated(tmp_path_factory.mktemp("many") / "archive.db", MANY)


def steps(path: Path, ask: Callable[[Connection], object]) -> int:
    """Return how many steps a question takes."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    with closing(open_reader(path)) as connection:
        connection.set_progress_handler(count, 100)
        ask(connection)
    return taken


ALL_HAVE_IT = "duan"
SMALL_WAYS = Ways(rare=20, common=60)

BY_INDEX: dict[str, Callable[[Connection], object]] = {
    "an address": lambda c: lookup(c, "https://bao2.example.vn/tin-107.html"),
    "an article": lambda c: show(c, "107"),
    "the newest": list_articles,
    "a rare word": lambda c: search(c, "so107"),
}


@pytest.mark.parametrize("name", BY_INDEX)
def test_f89_looking_up_listing_and_searching_take_no_more_steps_in_a_larger_archive(
    few: Path, many: Path, name: str
) -> None:
    in_few, in_many = (steps(path, BY_INDEX[name]) for path in (few, many))

    assert in_many <= in_few * 1.3 + 5


def test_f90_a_word_that_all_have_is_answered_newest_first_in_no_more_steps(few: Path, many: Path) -> None:
    in_few, in_many = (steps(path, lambda c: search(c, ALL_HAVE_IT, ways=SMALL_WAYS)) for path in (few, many))
    by_relevance = steps(many, lambda c: search(c, ALL_HAVE_IT, ways=SMALL_WAYS, sort="relevance"))

    assert in_many <= in_few * 1.3 + 5
    assert in_many < by_relevance


def test_f91_a_question_through_the_whole_table_ends_at_its_limits(luubao: Luubao, many: Path) -> None:
    endless = "SELECT count(*) FROM versions a, versions b, versions c, versions d"
    long = "SELECT a.id FROM articles a, articles b"

    stopped = luubao("sql", endless, "--max-time", "1s", "--archive", many)
    table = luubao("sql", long, "--archive", many)

    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert "the question took too long; ask for less" in stopped.stderr
    assert table.stdout.count("\n") <= 10_001
    assert "Only the first 10,000 rows" in table.stderr


def test_f91_a_check_of_the_structure_ends_at_its_limit(many: Path) -> None:
    with pytest.raises(QueryStopped):
        quick_fault(many, limit_seconds=0)


# --- f92: a large import ----------------------------------------------------------------------------------------------


def test_f92_an_import_reads_as_it_keeps_and_keeps_in_batches(many: Path, luubao: Luubao, path: Path) -> None:
    exported = luubao("export", "jsonl", "--output", "-", "--archive", many).stdout
    lines = io.BytesIO(exported.encode())
    batch, behind, read_ahead = 40, [], []

    with Archive.open(path, mode=Mode.WRITE, scraping=SCRAPING) as archive:
        archive.start_run("import", {}, NOW)
        with Intake(archive, batch=batch) as intake:
            for number, record in enumerate(jsonl.records_in(lines), 1):
                assert not isinstance(record, BadRecord)
                intake.add(record)
                behind.append(number - value(path, "SELECT count(*) FROM articles"))
                read_ahead.append(lines.tell())
                if number == 4 * batch:
                    break

    assert max(behind) <= batch
    assert value(path, "SELECT count(*) FROM articles") == 4 * batch
    assert max(read_ahead) < len(exported) / 3


# --- f93: weeks of work -----------------------------------------------------------------------------------------------


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- one directory entry less is one file less open


def test_f93_crawl_after_crawl_leaves_no_file_open_and_no_object_behind(newspaper: Server, path: Path) -> None:
    held: list[tuple[int, int]] = []

    for _ in range(5):
        crawl_once(path, newspaper.url("/"), limits=Limits(max_pages=8))
        newspaper.forget_requests()
        gc.collect()
        held.append((open_files(), len(gc.get_objects())))

    (files, objects), (last_files, last_objects) = held[1], held[-1]
    assert last_files == files
    assert last_objects <= objects * 1.01
    assert not path.with_name("archive.db-wal").exists()
