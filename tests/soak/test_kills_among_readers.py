"""Twenty readers and a writer at one archive, each killed now and then: none is ever told that it is locked.

LUUBAO_SOAK_SECONDS sets the length: 3,600 in `make soak`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.verify import verify
from tests.archive.kit import open_archive, rows, url_of

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("LUUBAO_SOAK_SECONDS", "60"))
READERS = 20
WRITE = """
import sys
from itertools import count
from tests.archive.kit import *
with open_archive(Path(sys.argv[1])) as archive:
    for number in count(int(sys.argv[2])):
        archive.keep(visit_of(url_of(number % 5_000), f"{BODY} {number}"))
        print(number % 5_000, flush=True)
"""
READ = """
import sys
from pathlib import Path
from archive.connect import reading
from archive.queries import count_articles, list_articles
from archive.search import search
seen = 0
while True:
    with reading(Path(sys.argv[1])) as connection:
        for _ in range(10):
            now = count_articles(connection)
            assert now >= seen, "an article that was there is gone"
            seen = now
            list_articles(connection), search(connection, "đường")
    print("read", flush=True)
"""


class Worker:
    """A process at the archive, started again whenever it was killed; what it wrote stays in files."""

    def __init__(self, folder: Path, script: str, *arguments: object) -> None:
        self._command = [sys.executable, "-c", script, *map(str, arguments)]
        self._out, self._err = folder / "out", folder / "err"
        folder.mkdir()
        self.kills = 0
        self._start()

    def _start(self) -> None:
        with self._out.open("a", encoding="utf-8") as out, self._err.open("a", encoding="utf-8") as err:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=out, stderr=err)
        self._length_at_start = self._out.stat().st_size

    def kill(self, *, again: bool = True) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.kills += 1
        if again:
            self._start()

    @property
    def has_worked(self) -> bool:
        """Tell whether it did anything since it was started."""
        return self._out.stat().st_size > self._length_at_start

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def lines(self) -> list[str]:
        return [line for line in self._out.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]

    def complaints(self) -> str:
        return self._err.read_text(encoding="utf-8")


@pytest.mark.soak
def test_f49_no_one_is_told_that_the_archive_is_locked_however_others_are_killed(tmp_path: Path) -> None:
    path, dice = tmp_path / "archive.db", random.Random(49)  # noqa: S311 -- any instant will do
    open_archive(path).close()
    writer = Worker(tmp_path / "writer", WRITE, path, 0)
    readers = [Worker(tmp_path / f"reader-{n}", READ, path) for n in range(READERS)]
    everyone = [writer, *readers]

    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at and all(worker.is_alive for worker in everyone):
        time.sleep(dice.uniform(0.1, 2.0))
        at_work = [worker for worker in everyone if worker.has_worked]
        if at_work:
            (writer if writer in at_work and dice.random() < 1 / 2 else dice.choice(at_work)).kill()
    for worker in everyone:
        worker.kill(again=False)

    acknowledged = {int(line) for line in writer.lines()}
    kept = {str(url) for (url,) in rows(path, "SELECT url FROM articles")}
    told = (len(writer.lines()), writer.kills, sum(len(reader.lines()) for reader in readers))
    print("kept, kills of the writer, readings of ten:", *told)  # noqa: T201 -- for `pytest -s`
    assert [worker.complaints() for worker in everyone] == [""] * len(everyone)
    assert {url_of(number) for number in acknowledged} <= kept
    assert verify(path).faults == []
