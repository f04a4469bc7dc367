"""Disks that are full, fail, may not be written or are another machine's; a SQLite with a fault: F45-F47, F52, F59."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import pytest

from archive.ground import sqlite_warning
from archive.mounts import file_system, is_networked
from archive.verify import verify
from commands.newspaper import Server
from tests import warm
from tests.archive.kit import BODY, open_archive, rows, url_of, value, visit_of
from tests.faults.disks import EXT4, FAR, ROOT, TMPFS, on_disk

WRITER = """
import sys
from pathlib import Path
from archive.errors import ArchiveError
from tests.archive.kit import *
try:
    with open_archive(Path(sys.argv[1])) as archive:
        for n in range(int(sys.argv[2]), int(sys.argv[3])):
            archive.keep(visit_of(url_of(n), f"{BODY} {n}"))
            print(f"kept {n}", flush=True)
except ArchiveError as error:
    print(type(error).__name__, error.reason)
"""


def fill(path: Path, count: int = 3) -> None:
    with open_archive(path) as archive:
        for number in range(count):
            archive.keep(visit_of(url_of(number), f"{BODY} {number}"))


# --- f45: no room -----------------------------------------------------------------------------------------------------

SORT = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 40000)
SELECT x FROM (SELECT hex(randomblob(60)) x FROM n) ORDER BY x LIMIT 40000
"""
NO_ROOM = "no room left on the disk, or under its quota; free some and run again, nothing kept is lost\n"


def work_on_a_disk_that_fills_up(disk: Path, site: str, *urls: str) -> None:
    archive = ("--archive", disk / "a.db")
    options = ("--allow-private", "--delay", "0", *archive)

    crawled = warm.run("crawl", site, "-q", *options)
    assert (crawled.returncode, crawled.stderr.count("\n")) == (7, 1)
    assert "left; make room there (at least 0.2 GB)" in crawled.stderr
    assert not (disk / "a.db").exists()
    assert warm.run("fetch", urls[0], *options).returncode == 0

    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    os.truncate(disk / "filler", (disk / "filler").stat().st_size - 80_000)
    fetched = warm.run("fetch", *urls, *options)
    assert (fetched.returncode, fetched.stderr) == (7, f"luubao: {disk / 'a.db'}: {NO_ROOM}")
    assert 1 <= int(warm.run("list", "--count", *archive).stdout) < len(urls)
    assert warm.run("verify", *archive).returncode == 0

    command = [sys.executable, "-m", "cli", "sql", SORT, *archive]  # SQLite looks at its start where to sort
    sorting = {"cwd": ROOT, "env": os.environ | {"SQLITE_TMPDIR": str(disk)}}
    sorted_ = subprocess.run(command, **sorting, capture_output=True, text=True, check=False)  # type: ignore[call-overload]
    assert (sorted_.returncode, sorted_.stdout, sorted_.stderr) == (7, "", fetched.stderr)

    (disk / "filler").unlink()
    assert warm.run("fetch", *urls, *options).returncode == 0
    assert int(warm.run("list", "--count", *archive).stdout) == len(urls)


def test_f45_a_full_disk_ends_each_command_with_7_and_one_line_and_loses_nothing(
    newspaper: Server, tmp_path: Path
) -> None:
    urls = [newspaper.url(article.path) for article in newspaper.newspaper.articles[:8]]

    on_disk(EXT4, work_on_a_disk_that_fills_up, tmp_path, newspaper.url("/"), *urls)


# --- f46: a disk that fails -------------------------------------------------------------------------------------------

FIU = pytest.mark.skipif(
    shutil.which("fiu-run") is None, reason="no libfiu (apt install fiu-utils) to make a disk fail"
)
FAULTS = [("rw/pwrite", 0.02), ("sync/fdatasync", 0.1), ("rw/pread", 0.1)]


def failing(point: str, probability: float) -> list[str]:
    """Return what goes before a command whose calls are to fail with EIO now and then."""
    return ["fiu-run", "-x", "-c", f"enable_random name=posix/io/{point},probability={probability},failinfo=5"]


@FIU
@pytest.mark.parametrize(("point", "probability"), FAULTS)
def test_f46_a_disk_that_fails_loses_nothing_acknowledged(path: Path, point: str, probability: float) -> None:
    fill(path)
    command = [*failing(point, probability), sys.executable, "-c", WRITER, str(path), "3", "200"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    *acknowledged, end = done.stdout.splitlines()
    kept = {url for (url,) in rows(path, "SELECT url FROM articles")}
    assert end.partition(" ")[0] in {"DiskError", "ArchiveDamaged"}  # as damage SQLite tells what it cannot read
    assert {url_of(int(line.split()[1])) for line in acknowledged} <= kept
    assert verify(path).faults == []


@FIU
def test_f46_a_crawl_on_a_disk_that_fails_says_so_in_one_line(newspaper: Server, path: Path) -> None:
    fill(path)
    command = [*failing("rw/pwrite", 0.1), sys.executable, "-m", "cli", "crawl", newspaper.url("/"), "-q"]
    options = ["--allow-private", "--delay", "0", "--archive", str(path)]

    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == f"luubao: {path}: the disk fails: disk I/O error; nothing kept is lost\n"
    assert verify(path).faults == []
    assert value(path, "SELECT count(*) FROM articles") >= 3


# --- f47: a disk that may not be written ------------------------------------------------------------------------------

LEAVE_LOG = """
import os, sys
from pathlib import Path
from tests.archive.kit import *
archive = open_archive(Path(sys.argv[1]))
archive.keep(visit_of(url_of(7)))
os._exit(9)
"""


def work_on_a_disk_that_may_not_be_written(disk: Path, whole: str, logged: str) -> None:
    for name in (whole, logged):
        shutil.copytree(name, disk / Path(name).name)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for folder, count in ((disk / Path(whole).name, "3\n"), (disk / Path(logged).name, "4\n")):
        archive = ("--archive", folder / "archive.db")
        listed, found = warm.run("list", "--count", *archive), warm.run("search", "đường", "--count", *archive)
        assert (listed.stdout, listed.returncode, found.stdout, found.returncode) == (count, 0, count, 0), listed.stderr
        for command in ("crawl", "fetch"):
            done = warm.run(command, "https://bao.example.vn/", *archive)
            assert done.returncode == 1
            assert "Read-only file system" in done.stderr or "may not be written" in done.stderr
    made = warm.run("fetch", "https://bao.example.vn/", "--archive", disk / "new.db")
    assert (made.returncode, made.stderr.count("\n")) == (1, 1)


def test_f47_on_a_disk_that_may_not_be_written_reading_goes_on_and_writing_says_why_not(tmp_path: Path) -> None:
    for folder in ("whole", "logged"):
        (tmp_path / folder).mkdir()
        fill(tmp_path / folder / "archive.db")
    subprocess.run([sys.executable, "-c", LEAVE_LOG, tmp_path / "logged" / "archive.db"], check=False)

    on_disk(TMPFS, work_on_a_disk_that_may_not_be_written, tmp_path, str(tmp_path / "whole"), str(tmp_path / "logged"))


# --- f52: a disk of another machine -----------------------------------------------------------------------------------

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /home/lan nfs4 rw 0 0
//server/share /mnt/b\\040\\303 cifs rw 0 0
/dev/sdb1 /home/lan/local ext4 rw 0 0
tmpfs /home/landing tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind", "is_far"),
    [
        ("/var/archive.db", "ext4", False),
        ("/home/lan/archive.db", "nfs4", True),
        ("/home/lan/local/archive.db", "ext4", False),
        ("/home/landing/archive.db", "tmpfs", False),
    ],
)
def test_f52_a_disk_of_another_machine_is_told(path: str, kind: str, *, is_far: bool) -> None:
    assert file_system(Path(path), MOUNTS) == kind
    assert is_networked(Path(path), MOUNTS) is is_far


def work_on_a_disk_of_another_machine(disk: Path, brought: str) -> None:
    """Work in this very process: to no other does Linux say so."""
    shutil.copy(brought, disk / "brought.db")
    for name in ("new.db", "brought.db"):
        fill(disk / name)
        assert (disk / name).read_bytes()[18:20] == b"\1\1"  # SQLite file format, 1.3.3: 2 is a write-ahead log

    told = said_by("doctor", "--archive", str(disk / "new.db"))
    assert "fail\tfile system\tnfs4, a disk of another machine" in told
    options = ("--max-archive-gb", "0.000001", "--archive", str(disk / "new.db"))  # where it ends before it begins
    told = said_by("crawl", "https://bao.example.vn/", *options)
    assert "new.db lies on nfs4, a disk of another machine; move it to one of this machine\n" in told


def said_by(*args: str) -> str:
    """Return what a command that fails prints."""
    import cli

    sys.argv[1:] = args
    told = StringIO()
    with pytest.raises(SystemExit) as ended, redirect_stdout(told), redirect_stderr(told):
        cli.main()
    assert ended.value.code != 0
    return told.getvalue()


def test_f52_an_archive_on_a_disk_of_another_machine_has_no_write_ahead_log(path: Path, tmp_path: Path) -> None:
    fill(path)

    on_disk(FAR, work_on_a_disk_of_another_machine, tmp_path, str(path))


# --- f59: a known fault of SQLite -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "is_told"), [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)]
)
def test_f59_a_sqlite_that_may_damage_its_log_is_told(version: tuple[int, int, int], *, is_told: bool) -> None:
    assert (sqlite_warning(version) is not None) is is_told
