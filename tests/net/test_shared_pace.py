"""One pace for a host, however many processes of a user ask it, and none of it in anybody's way."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from commands.newspaper import Newspaper, Server, serve
from scraper.net.pace import Pace, Sleep
from scraper.net.shared_pace import SharedPace, Times, _offset
from scraper.urls import split
from tests.servers.gate import Clock

ROOT = Path(__file__).parents[2]
DELAY_SECONDS = 0.25
URL = split("https://bao.vn/a")
SEEN = Times(started_at=100.0, answer_seconds=0.5, held_until=130.0)
HOLD = """
import sys, time
from pathlib import Path
from scraper.net.shared_pace import SharedPace
pace = SharedPace(Path(sys.argv[1]))
print(pace.take("bao.vn"), pace.take("bao.vn"), flush=True)
time.sleep(60)
"""


def start(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(word) for word in words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def luubao(command: str, url: str, archive: Path, *more: str) -> subprocess.Popen[str]:
    options = ("--archive", archive, "--allow-private", "--delay", DELAY_SECONDS)
    return start(sys.executable, "-m", "cli", command, url, *options, *more)


def gaps_at(server: Server) -> list[float]:
    times = sorted(request.at for request in server.requests)
    return [later - earlier for earlier, later in pairwise(times)]


def test_f94_a_crawl_and_fetches_beside_it_keep_one_pace_between_them(tmp_path: Path) -> None:
    newspaper = Newspaper()
    with serve(newspaper) as server:
        stories = newspaper.edition(server.url("")).stories
        running = [luubao("crawl", server.url("/"), tmp_path / "crawl.db", "--max-pages", "3")]
        running += [luubao("fetch", server.url(stories[n].path), tmp_path / f"{n}.db") for n in range(2)]
        for process in running:
            process.communicate(timeout=60)
        gaps = gaps_at(server)

    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(gaps) >= 6
    assert min(gaps) >= DELAY_SECONDS


def test_a_host_that_another_process_asks_is_taken_until_that_ends_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "pace"
    with start(sys.executable, "-c", HOLD, path) as holder:
        assert holder.stdout is not None
        told = holder.stdout.readline()
        pace = SharedPace(path)
        meanwhile = [pace.take("bao.vn"), pace.take("khac.vn")]

        os.kill(holder.pid, signal.SIGKILL)
    ended_at = time.monotonic()
    while not (is_free := pace.take("bao.vn")) and time.monotonic() < ended_at + 10:
        time.sleep(0.05)

    assert told == "True True\n"  # within a process the pace has a lock of its own
    assert meanwhile == [False, True]
    assert is_free
    assert path.stat().st_mode & 0o777 == 0o600
    pace.close()


def pace_of(clock: Clock, path: Path, sleep: Sleep | None = None) -> Pace:
    return Pace(clock=clock, sleep=sleep or clock.sleep, max_slowness_seconds=60, shared=SharedPace(path))


def test_a_turn_waits_while_another_process_asks_the_host(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "pace"

    async def act(holder: subprocess.Popen[str]) -> float:
        async def sleep(seconds: float) -> None:
            await clock.sleep(seconds)
            if len(clock.slept) == 3:
                holder.kill()
                holder.wait()

        async with pace_of(clock, path, sleep).turn(URL, 2.0) as turn:
            return turn.waited_seconds

    with start(sys.executable, "-c", HOLD, path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        waited = asyncio.run(act(holder))

    assert waited == pytest.approx(0.3)


def test_a_turn_comes_no_sooner_than_the_delay_after_that_of_another_process(tmp_path: Path) -> None:
    clock = Clock()
    first, second = (pace_of(clock, tmp_path / "pace") for _ in range(2))

    async def act() -> list[float]:
        waited = []
        for pace in (first, second, second, first):
            async with pace.turn(URL, 2.0) as turn:
                waited.append(turn.waited_seconds)
        second.rest(URL, 30)
        for pace in (second, first):
            async with pace.turn(URL, 2.0) as turn:
                waited.append(turn.waited_seconds)
        return waited

    assert asyncio.run(act()) == [0, 2, 2, 2, 30, 2]


def test_what_one_saw_the_next_one_knows(tmp_path: Path) -> None:
    first, second = SharedPace(tmp_path / "pace"), SharedPace(tmp_path / "pace")

    first.take("bao.vn")
    first.give_back("bao.vn", SEEN)
    first.give_back("bao.vn", None)

    assert second.times("bao.vn", now=101.0) == SEEN
    assert second.times("khac.vn", now=101.0) is None
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (SEEN, 99.0),  # of a machine that was started anew since
        (Times(100.0, 0.5, 9_000.0), 101.0),
        (Times(float("nan"), 0.5, 0.0), 101.0),
        (Times(100.0, float("inf"), 0.0), 101.0),
        (Times(0.0, 0.0, 0.0), 101.0),
    ],
)
def test_times_of_another_clock_are_none(tmp_path: Path, told: Times, now: float) -> None:
    pace = SharedPace(tmp_path / "pace")
    pace.give_back("bao.vn", told)

    assert pace.times("bao.vn", now) is None
    pace.close()


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"not times"])
def test_a_file_of_anything_else_is_no_hindrance(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pace"
    path.write_bytes(b"\0" * _offset("bao.vn") + content)
    pace = SharedPace(path)

    assert pace.take("bao.vn")
    assert pace.times("bao.vn", now=101.0) is None
    pace.give_back("bao.vn", SEEN)
    assert pace.times("bao.vn", now=101.0) == SEEN
    pace.close()


def test_where_no_file_can_be_had_each_process_keeps_its_own_pace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    pace = SharedPace(tmp_path / "file" / "pace")

    assert pace.take("bao.vn")
    assert pace.times("bao.vn", now=101.0) is None
    pace.give_back("bao.vn", SEEN)
    pace.close()
