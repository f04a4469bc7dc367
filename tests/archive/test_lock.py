"""One crawl at a time, fetch beside it, and nothing in the way after a kill: F48, F58."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.connect import open_reader
from archive.errors import ArchiveLocked
from archive.store import Archive, Mode
from tests.archive.kit import open_archive, rows, url_of, value, visit_of

HOLD = """
import sys, time
from pathlib import Path
from tests.archive.kit import *
with open_archive(Path(sys.argv[1])) as archive:
    print("open", flush=True)
    time.sleep(60)
"""

WRITE = """
import sys
from pathlib import Path
from archive.store import Mode
from tests.archive.kit import *
path, mode, first, count = Path(sys.argv[1]), Mode(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with open_archive(path, mode=mode) as archive:
    for n in range(first, first + count):
        archive.keep(visit_of(url_of(n), f"{BODY} {n}"))
        with archive.transaction() as connection:
            connection.execute("SELECT count(*) FROM articles").fetchone()
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_f48_a_second_crawl_is_told_who_is_at_work(path: Path) -> None:
    with start(HOLD, path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        try:
            with pytest.raises(ArchiveLocked, match=rf"`luubao crawl` \(process {holder.pid}\)") as raised:
                open_archive(path)
            with pytest.raises(ArchiveLocked):  # asking did not loosen it
                open_archive(path)
        finally:
            holder.kill()

    assert (raised.value.pid, raised.value.command) == (holder.pid, "luubao crawl")


def test_f48_the_lock_of_a_killed_crawl_is_in_nobodys_way(path: Path) -> None:
    with start(HOLD, path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
    assert json.loads(path.with_name("archive.db.lock").read_text())["pid"] == holder.pid

    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        assert json.loads(path.with_name("archive.db.lock").read_text())["pid"] == os.getpid()


def test_the_lock_is_given_back_when_the_archive_cannot_be_opened(path: Path) -> None:
    with open_archive(path):
        pass
    content = path.read_bytes()
    path.write_bytes(content[:4096])
    with pytest.raises(Exception, match="cut short"):
        open_archive(path)

    path.write_bytes(content)

    open_archive(path).close()


def test_fetch_writes_and_search_reads_beside_a_crawl(path: Path) -> None:
    with open_archive(path) as crawl, open_archive(path, mode=Mode.WRITE) as fetch, open_archive(path, mode=Mode.READ):
        crawl.keep(visit_of(url_of(1)))
        fetch.keep(visit_of(url_of(2)))
        crawl.keep(visit_of(url_of(3)))

    assert value(path, "SELECT count(*) FROM articles") == 3


def test_f58_two_processes_that_keep_the_same_articles_keep_them_once(path: Path) -> None:
    writers = [start(WRITE, path, "write", 0, 60) for _ in range(2)]  # both make the file, too
    outputs = [writer.communicate(timeout=120) for writer in writers]

    assert [(writer.returncode, *output) for writer, output in zip(writers, outputs, strict=True)] == [(0, "", "")] * 2
    assert sorted(p.name for p in path.parent.iterdir()) == ["archive.db"]
    assert rows(path, "SELECT count(*), count(DISTINCT url) FROM articles") == [(60, 60)]
    assert value(path, "SELECT count(*) FROM versions") == 60


def test_a_reader_with_an_open_question_does_not_stop_the_writer(path: Path) -> None:
    with open_archive(path) as archive:
        for n in range(50):
            archive.keep(visit_of(url_of(n)))
        with Archive.open(path) as reader:
            cursor = reader.connection.execute("SELECT * FROM captures")
            cursor.fetchone()
            archive.keep(visit_of(url_of(99)))
            assert len(cursor.fetchall()) == 49

    assert value(path, "SELECT count(*) FROM articles") == 51


def test_reading_in_the_process_that_writes_does_not_cost_it_its_log(path: Path) -> None:
    with open_archive(path, mode=Mode.WRITE) as archive:
        archive.keep(visit_of(url_of(0)))
        open_reader(path).close()

        with start(WRITE, path, Mode.WRITE, 1, 1) as other:
            assert other.wait() == 0

        archive.keep(visit_of(url_of(2), "đã lưu " * 40))
        assert value(path, "SELECT count(*) FROM articles") == 3
