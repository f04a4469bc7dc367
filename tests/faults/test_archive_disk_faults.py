"""Disks that fail, lose power or lie over a network, and a SQLite with a known fault: F44, F46, F52, F59."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.ground import file_system, is_networked, sqlite_warning
from archive.verify import verify
from tests.archive.kit import rows, url_of

WRITER = """
import sys
from pathlib import Path
from tests.archive.kit import *
with open_archive(Path(sys.argv[1])) as archive:
    for n in range(int(sys.argv[2])):
        archive.keep(visit_of(url_of(n), f"{BODY} {n}"))
        print(f"kept {n}", flush=True)
"""
NAMES = ("archive.db", "archive.db-wal")


@pytest.mark.faults
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not there to tell what was on the disk when")
def test_f44_what_was_acknowledged_survives_a_loss_of_power(tmp_path: Path) -> None:
    """Lose at an acknowledgement all that was written to the log after its last fdatasync."""
    path, trace = tmp_path / "archive.db", tmp_path / "trace"
    command = ["strace", "-f", "-y", "-e", "trace=pwrite64,fdatasync,write", "-s", "12", "-o", str(trace)]
    done = subprocess.run([*command, sys.executable, "-c", WRITER, str(path), "6"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"strace may not trace here: {done.stderr[-200:]!r}")

    unsynced: set[str] = set()
    acknowledged_unsynced = []
    acknowledged = 0
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        name = re.search(r"<([^>]*)>", line)
        file = Path(name.group(1)).name if name else ""
        if "pwrite64(" in line and file == "archive.db-wal":
            unsynced.add(file)
        elif "fdatasync(" in line:
            unsynced.discard(file)
        elif '"kept ' in line:
            acknowledged += 1
            acknowledged_unsynced += sorted(unsynced)

    assert acknowledged == 6
    assert acknowledged_unsynced == []


@pytest.mark.faults
def test_f44_a_log_cut_at_any_place_is_a_whole_archive_of_earlier(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    script = WRITER + "        if n == 5: import os; os._exit(9)\n"
    subprocess.run([sys.executable, "-c", script, str(path), "9"], capture_output=True, check=False)
    whole = [(tmp_path / name).read_bytes() for name in NAMES]
    rng = random.Random(44)  # noqa: S311 -- any place will do
    assert len(whole[1]) > 10_000
    before = -1
    for cut in sorted([0, *(rng.randrange(len(whole[1])) for _ in range(5)), len(whole[1])]):
        copy = tmp_path / f"cut-{cut}"
        copy.mkdir()
        (copy / NAMES[0]).write_bytes(whole[0])
        (copy / NAMES[1]).write_bytes(whole[1][:cut])

        assert verify(copy / NAMES[0]).faults == []
        kept = len(rows(copy / NAMES[0], "SELECT url FROM articles"))
        assert kept >= before
        before = kept
    assert before == 6


@pytest.mark.faults
@pytest.mark.skipif(shutil.which("fiu-run") is None, reason="libfiu is not there to make the disk fail")
def test_f46_a_disk_that_fails_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    failing = ["fiu-run", "-x", "-c", "enable_random name=posix/io/rw/pwrite,probability=.02"]
    done = subprocess.run(
        [*failing, sys.executable, "-c", WRITER, str(path), "200"], capture_output=True, text=True, check=False
    )

    kept = {row[0] for row in rows(path, "SELECT url FROM articles")}
    acknowledged = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("kept ")]
    assert verify(path).faults == []
    assert {url_of(number) for number in acknowledged} <= kept


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
def test_f52_a_disk_of_another_machine_is_told(path: str, kind: str, is_far: bool) -> None:  # noqa: FBT001 -- a column of a table
    assert file_system(Path(path), MOUNTS) == kind
    assert is_networked(Path(path), MOUNTS) is is_far


@pytest.mark.parametrize(
    ("version", "is_told"), [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)]
)
def test_f59_a_sqlite_that_may_damage_its_log_is_told(version: tuple[int, int, int], is_told: bool) -> None:  # noqa: FBT001 -- as above
    assert (sqlite_warning(version) is not None) is is_told
