"""luubao doctor: each check with what it judges by, and the whole on archives that are sound and that are not."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from archive.drift import Fall
from archive.room import GB, Room
from commands import checkup
from commands.checkup import Finding, Level, fail, warn
from commands.exits import ExitCode
from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def run(hours_ago: float = 1, **facts: Any) -> dict[str, Any]:
    began = (NOW - timedelta(hours=hours_ago)).isoformat()
    return {"id": 7, "pid": 42, "started_at": began, "ended_at": began, "exit_code": 0, "body_bytes": 1000} | facts


FALL = Fall("tuoitre", "lead", "filled", "css:h2", 0.9, 0.1, None, 200, 20)


@pytest.mark.parametrize(
    ("finding", "level", "said"),
    [
        (checkup.python((3, 11, 2)), "ok", "3.11.2"),
        (checkup.python((3, 10, 1)), "FAIL", "luubao needs 3.11"),
        (checkup.sqlite((3, 51, 3)), "ok", "3.51.3"),
        (checkup.sqlite((3, 51, 2)), "warn", "let one process write at a time"),
        (checkup.sqlite((3, 36, 0)), "FAIL", "luubao needs 3.37.0"),
        (checkup.expat((2, 7, 2)), "ok", "2.7.2"),
        (checkup.expat((2, 5, 0)), "warn", "install the system's updates"),
        (checkup.openssl((3, 0, 19, 0, 0), "OpenSSL 3.0.19"), "ok", "OpenSSL 3.0.19"),
        (checkup.openssl((1, 1, 1, 4, 15), "OpenSSL 1.1.1d"), "warn", "no mends any more"),
        (checkup.clock(NOW, None), "ok", "2026-06-30 12:00:00 UTC"),
        (checkup.clock(NOW, NOW - DAY), "ok", "2026-06-30"),
        (checkup.clock(NOW, NOW + DAY), "FAIL", "earlier than a run that has ended"),
        (checkup.clock(datetime(1970, 1, 1, tzinfo=UTC), None), "FAIL", "set the clock"),
        (checkup.disk(Room(GB, 50 * GB), None), "ok", "how fast it grows is known after a day"),
        (checkup.disk(Room(GB, 50 * GB), 0.01 * GB), "ok", "grows by 10.0 MB a day, and has room for 14 years"),
        (checkup.disk(Room(GB, 5 * GB), 0.1 * GB), "warn", "has room for 48 days"),
        (checkup.disk(Room(GB, 500 * GB, most=3 * GB), 0.1 * GB), "warn", "has room for 20 days"),
        (checkup.disk(Room(19 * GB, 50 * GB, most=20 * GB), None), "warn", "raise max_archive_gb"),
        (checkup.disk(Room(20 * GB, 50 * GB, most=20 * GB), None), "FAIL", "raise it, or begin another"),
        (checkup.disk(Room(GB, 1000), None), "FAIL", "make room"),
        (checkup.file_system("ext4"), "ok", "ext4"),
        (checkup.file_system(""), "ok", "not known here"),
        (checkup.file_system("nfs4"), "FAIL", "move the archive to a disk of this machine"),
        (checkup.mode(0o100600), "ok", "-rw-------"),
        (checkup.mode(0o100644), "warn", "others may read"),
        (checkup.mode(0o100662), "FAIL", "others may write"),
        (checkup.last_run([], NOW, lambda _pid: True), "warn", "none yet"),
        (checkup.last_run([run()], NOW, lambda _pid: False), "ok", "ended with 0"),
        (checkup.last_run([run(ended_at=None)], NOW, lambda pid: pid == 42), "ok", "is at work (process 42)"),
        (checkup.last_run([run(ended_at=None)], NOW, lambda _pid: False), "warn", "was killed"),
        (checkup.last_run([run(exit_code=7)], NOW, lambda _pid: False), "warn", "luubao runs show 7"),
        (checkup.last_run([run(24 * 9)], NOW, lambda _pid: False), "warn", "9 days ago"),
        (checkup.stale({"a": NOW - DAY}, NOW, 7 * DAY), "ok", "1, each with something new in the last 7 days"),
        (checkup.stale({"a": NOW - 8 * DAY, "b": NOW}, NOW, 7 * DAY), "warn", "nothing new in 7 days from a"),
        (checkup.drift([]), "ok", "as they used to"),
        (checkup.drift([FALL]), "warn", "tuoitre: lead"),
        (checkup.reached({"a": None, "b": None}), "ok", "2 of 2"),
        (checkup.reached({"a": None, "b": "b: no such host"}), "warn", "b: no such host"),
        (checkup.reached({"b": "b: no such host"}), "FAIL", "is this machine on the network?"),
    ],
)
def test_a_check_judges_by_what_it_is_handed(finding: Finding, level: str, said: str) -> None:
    assert finding.level == level
    assert said in f"{finding.found}; {finding.todo}"
    assert bool(finding.todo) == (finding.level is not Level.OK)


def test_growth_is_the_archives_share_of_what_the_last_month_was_sent() -> None:
    old, recent = [run(24 * 200, body_bytes=8_000)], [run(24 * days, body_bytes=100) for days in range(1, 21)]

    assert checkup.growth(5_000, [*recent, *old], NOW) == pytest.approx(5_000 / 10_000 * 2_000 / 20)
    assert checkup.growth(5_000, old, NOW) is None
    assert checkup.growth(5_000, [run(1), run(2)], NOW) is None
    assert checkup.growth(5_000, [run(30, ended_at=None)], NOW) is None
    assert checkup.growth(5_000, [], NOW) is None


def test_the_gravest_failure_gives_the_code_and_a_warning_none() -> None:
    low = fail("disk", "full", "make room", ExitCode.DISK_LOW)

    assert checkup.worst([warn("a", "b", "c")]) is ExitCode.OK
    assert checkup.worst([fail("a", "b", "c"), low]) is ExitCode.DISK_LOW
    assert checkup.worst([low, fail("archive", "b", "c", ExitCode.DAMAGED)]) is ExitCode.DAMAGED


def test_a_sound_archive_passes_and_its_newspaper_answers(luubao: Luubao, kept: Path, newspaper: Server) -> None:
    newspaper.forget_requests()

    done = luubao("doctor", "--online", "--json", "--allow-private", "--archive", kept)

    told = json.loads(done.stdout)
    by_check = {each["check"]: each["level"] for each in told["findings"]}
    assert (done.returncode, told["code"], done.stderr) == (0, 0, "")
    assert by_check["archive"] == by_check["lock"] == by_check["file mode"] == by_check["last run"] == "ok"
    assert by_check["network"] == "ok"
    assert [request.path for request in newspaper.requests] == ["/robots.txt"]


def test_a_damaged_archive_a_newer_one_and_none_at_all_are_told_apart(
    luubao: Luubao, kept: Path, tmp_path: Path
) -> None:
    damaged, newer = (Path(shutil.copy(kept, tmp_path / name)) for name in ("damaged.db", "newer.db"))
    content = bytearray(damaged.read_bytes())
    for page in range(4096 * 9, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    damaged.write_bytes(content)
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    codes = [luubao("doctor", "--archive", path).returncode for path in (damaged, newer, tmp_path / "none.db")]

    assert codes == [6, 9, 0]
