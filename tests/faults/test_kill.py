"""A kill at any instant leaves nothing to mend: F41, F42.

LUUBAO_KILL_ROUNDS sets the rounds: 500 in `make soak`, few here.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive.connect import SCHEMA_VERSION, reading
from archive.queries import raw_page
from tests.archive.kit import NOW, open_archive, rows, url_of, value, visit_of

ROUNDS = int(os.environ.get("LUUBAO_KILL_ROUNDS", "4"))

WRITER = """
import itertools, sys
from datetime import timedelta
from pathlib import Path
from scraper.models import Found, Role
from tests.archive.kit import *
with open_archive(Path(sys.argv[1])) as archive:
    for n in itertools.count(int(sys.argv[2])):
        found = tuple(Found(url_of(100_000_000 + 10 * n + i), Role.ARTICLE) for i in range(3))
        archive.keep(visit_of(url_of(n), f"{BODY} {n}", found=found))
        print(f"new {n}", flush=True)
        archive.keep(visit_of(url_of(n), f"{BODY} {n}, sửa", at=NOW + timedelta(hours=1)))
        print(f"changed {n}", flush=True)
"""


def write_and_kill(path: Path, first: int, after_seconds: float) -> list[str]:
    """Let a process write, kill it, and return what it said to have kept."""
    command = [sys.executable, "-c", WRITER, str(path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]  # it is at work
        time.sleep(after_seconds)
        writer.send_signal(signal.SIGKILL)
        lines += writer.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


@pytest.mark.faults
def test_f41_what_was_acknowledged_is_there_after_a_kill(path: Path) -> None:
    acknowledged: list[str] = []
    rng = random.Random(41)  # noqa: S311 -- any instant will do
    for n in range(ROUNDS):
        acknowledged += write_and_kill(path, n * 1000, rng.uniform(0, 0.3))
        check_whole(path, acknowledged)


def check_whole(path: Path, acknowledged: list[str]) -> None:
    """Check every acknowledged row, and that all parts of a transaction are there or none."""
    with open_archive(path) as archive:
        archive.connection.execute("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
    assert value(path, "PRAGMA integrity_check") == "ok"
    assert rows(path, "PRAGMA foreign_key_check") == []
    versions = dict(
        rows(path, "SELECT a.url, max(v.number) FROM articles a JOIN versions v ON v.article_id = a.id GROUP BY 1")
    )
    for line in acknowledged:
        did, number = line.split()
        assert versions[url_of(int(number))] >= (2 if did == "changed" else 1), line
    articles = value(path, "SELECT count(*) FROM articles")
    known = "SELECT count(*) FROM frontier WHERE last_fetched_at IS NOT NULL"
    found = "SELECT count(*) FROM frontier WHERE last_fetched_at IS NULL"
    assert value(path, "SELECT count(*) FROM search_index WHERE search_index MATCH 'duong'") == articles
    assert (value(path, known), value(path, found)) == (articles, 3 * articles)
    assert value(path, "SELECT count(*) FROM snapshots") == sum(versions.values())
    with reading(path) as connection:
        assert raw_page(connection, value(path, "SELECT max(id) FROM articles"))


KILLED_MIGRATION = """
import os, sys
from pathlib import Path
import archive.store as store
path, last = Path(sys.argv[1]), int(sys.argv[2])
connect, seen = store.sqlite3.connect, 0
def count(statement):
    global seen
    seen += 1
    if seen > last:
        os._exit(9)
def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(count)
    return connection
store.sqlite3.connect = watched
store.create(path)
print(seen)
"""


@pytest.mark.faults
def test_f42_an_archive_is_made_whole_or_not_at_all(path: Path) -> None:
    def make(last: int, at: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", KILLED_MIGRATION, str(at), str(last)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    whole = make(10**6, path.with_name("whole.db"))
    statements = int(whole.stdout)
    assert statements > 40
    instants = random.Random(42).sample(range(statements), min(ROUNDS, statements))  # noqa: S311 -- as above
    for last in instants:
        assert make(last, path).returncode == 9
        assert not path.exists()

    with open_archive(path) as archive:  # what the killed ones left is in nobody's way
        archive.keep(visit_of(url_of(1), at=NOW + timedelta(hours=1)))


@pytest.mark.faults
def test_f42_a_killed_upgrade_leaves_the_old_schema(path: Path) -> None:
    script = """
import os, sys, sqlite3
from archive.connect import Transaction
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
with Transaction(connection):
    connection.execute("ALTER TABLE runs ADD COLUMN later TEXT")
    connection.execute("PRAGMA user_version = 98")
    os._exit(9)
"""
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))

    done = subprocess.run([sys.executable, "-c", script, path], check=False)

    assert done.returncode == 9
    assert value(path, "PRAGMA user_version") == SCHEMA_VERSION
    connection = sqlite3.connect(path)
    assert "later" not in {row[1] for row in connection.execute("PRAGMA table_info(runs)")}
    connection.close()
