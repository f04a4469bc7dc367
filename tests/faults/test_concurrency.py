"""Several at one archive: crawls by cron, a fetch beside a crawl, readers that stay: F48 to F50.

LUUBAO_SOAK_SECONDS sets for how long they work at once: 3,600 in `make soak`, a few here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.connect import open_reader
from archive.room import log_bytes
from archive.verify import verify
from commands import checkup
from commands.newspaper import Newspaper, serve
from tests.archive.kit import open_archive, value
from tests.faults.disks import ROOT

SECONDS = float(os.environ.get("LUUBAO_SOAK_SECONDS", "2"))
READERS = 5
LUUBAO = (sys.executable, "-m", "cli")


def start(*command: object) -> subprocess.Popen[str]:
    words = [str(word) for word in command]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_f48_of_two_crawls_the_second_ends_at_once_and_a_killed_one_is_in_nobodys_way(path: Path) -> None:
    with serve(Newspaper()) as server:
        options = ("--allow-private", "--archive", path)
        crawl = (*LUUBAO, "crawl", server.url("/"), "-q", *options)
        with start(*crawl, "--delay", "0.5") as first:
            while len(server.requests) < 2:
                time.sleep(0.05)

            with start(*crawl, "--delay", "0", "--contact", "https://second.example/") as second:
                told = second.communicate(timeout=60)

            first.send_signal(signal.SIGKILL)
        with start(*crawl, "--delay", "0", "--max-pages", "3") as third:
            third.communicate(timeout=60)

    command = f"`luubao crawl` (process {first.pid})"
    assert second.returncode == 4
    assert told == ("", f"luubao: {path}: in use by {command}; wait until it ends, or stop it\n")
    assert not [each.target for each in server.requests if "second" in dict(each.headers)["User-Agent"]]
    assert (first.returncode, third.returncode) == (-signal.SIGKILL, 0)


WRITE = """
import itertools, json, sys, time
from pathlib import Path
from archive.store import Mode
from tests.archive.kit import *
path, mode, first, ends = Path(sys.argv[1]), Mode(sys.argv[2]), int(sys.argv[3]), time.monotonic() + float(sys.argv[4])
kept = 0
while time.monotonic() < ends:
    with open_archive(path, mode=mode) as archive:
        for _ in range(20):
            archive.keep(visit_of(url_of(first + kept % 3000), f"{BODY} {kept}"))
            kept += 1
            time.sleep(0.005)
print(kept)
"""
READ = """
import sys, time
from pathlib import Path
from archive.connect import reading
from archive.queries import count_articles, list_articles
from archive.search import search
path, ends = Path(sys.argv[1]), time.monotonic() + float(sys.argv[2])
seen = -1
while time.monotonic() < ends:
    with reading(path) as connection:
        for _ in range(5):
            now = count_articles(connection)
            assert now >= seen, "an article that was there is gone"
            seen = now
            list_articles(connection), search(connection, "đường")
            time.sleep(0.02)
print(seen)
"""


def test_f49_f50_a_crawl_a_fetch_and_readers_work_at_once_and_one_reader_stays(path: Path) -> None:
    with start(sys.executable, "-c", WRITE, path, "exclusive", 0, 0.1) as writer:
        assert writer.wait() == 0
    staying = open_reader(path)
    cursor = staying.execute("SELECT * FROM captures")
    seen_by_the_one_who_stays = [cursor.fetchone()]

    with ExitStack() as stack:
        writers = [("exclusive", 0), ("write", 10_000)]
        at_work = [
            stack.enter_context(start(sys.executable, "-c", WRITE, path, mode, first, SECONDS))
            for mode, first in writers
        ]
        at_work += [stack.enter_context(start(sys.executable, "-c", READ, path, SECONDS)) for _ in range(READERS)]
        told = [process.communicate(timeout=SECONDS + 120) for process in at_work]

    log_while_one_stayed = log_bytes(path)
    seen_by_the_one_who_stays += cursor.fetchall()
    staying.close()
    open_archive(path).close()
    assert [(process.returncode, err) for process, (_, err) in zip(at_work, told, strict=True)] == [(0, "")] * 7
    assert len(seen_by_the_one_who_stays) == 20
    assert value(path, "SELECT count(*) FROM articles") == sum(min(int(out), 3000) for out, _ in told[:2])
    assert log_while_one_stayed > 1_000_000
    assert log_bytes(path) == 0  # the next to close has folded it
    assert verify(path).faults == []


@pytest.mark.parametrize(
    ("log_bytes", "level", "said"),
    [
        (0, "ok", "folded"),
        (4_000_000, "ok", "4.0 MB not folded into the archive yet"),
        (120_000_000, "warn", "a program has had the archive open for long: end it"),
    ],
)
def test_f50_doctor_tells_of_a_log_that_a_reader_keeps_from_being_folded(log_bytes: int, level: str, said: str) -> None:
    finding = checkup.log(log_bytes)

    assert finding.level == level
    assert said in f"{finding.found} {finding.todo}"
