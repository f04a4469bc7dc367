"""Loss of power: what had reached the disk is an archive, and holds all that was acknowledged: F44.

A writer is watched by strace. Whatever it wrote to a file after that file's last fdatasync may be lost, in part or as a
whole and in any order; so the files are built anew as a disk might have them then, and opened. A name that is
made or taken away counts as done at once.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.verify import verify
from tests.archive.kit import BODY, open_archive, rows, url_of, visit_of
from tests.faults.test_disk_faults import WRITER

NAMES = ("archive.db", "archive.db-wal")
CALL = re.compile(r"""\d+ +(\w+)\((?:\d+<|")([^>"]*)[>"](?:, "([^"]*)")?(?:, ([\d, ]+))?\) += \d""")
WATCHED = "pwrite64,ftruncate,fdatasync,fsync,unlink,write"
KEPT_BEFORE, KEPT = 2, 6
SECTOR_BYTES = 512  # a write may end after any of them


@dataclass
class Disk:
    """What a disk surely has of each file, and what it was only told to write."""

    sure: dict[str, bytearray]
    told: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)  # at offset, bytes

    def write(self, name: str, offset: int, content: bytes) -> None:
        self.told.setdefault(name, []).append((offset, content))

    def truncate(self, name: str, length: int) -> None:
        self.sync(name)
        del self.sure[name][length:]

    def sync(self, name: str) -> None:
        self.sure[name] = self._with(name, self.told.pop(name, []))

    def unlink(self, name: str) -> None:
        self.sure.pop(name, None)
        self.told.pop(name, None)

    def after_power_loss(self, dice: random.Random) -> dict[str, bytearray]:
        """Return the files with what is sure, and some of the rest, perhaps none of it."""
        share = dice.choice([0.0, 0.5, 0.9])
        left = {
            name: [(at, new[: dice.choice([SECTOR_BYTES, len(new)])]) for at, new in writes if dice.random() < share]
            for name, writes in self.told.items()
        }
        return {name: self._with(name, left.get(name, [])) for name in {*self.sure, *self.told}}

    def _with(self, name: str, writes: list[tuple[int, bytes]]) -> bytearray:
        content = bytearray(self.sure.get(name, b""))
        for offset, new in writes:
            content.extend(bytes(max(0, offset + len(new) - len(content))))
            content[offset : offset + len(new)] = new
        return content


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the writer that concerns a file of the archive or its output."""

    what: str
    name: str
    content: bytes
    numbers: list[int]


def calls(trace: str) -> Iterator[Call]:
    for line in trace.splitlines():
        if made := CALL.match(line):
            what, path, content, numbers = made.groups()
            name = Path(unhexed(path).decode()).name
            yield Call(what, name, unhexed(content or ""), [int(n) for n in re.findall(r"\d+", numbers or "")])


def unhexed(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def traced(path: Path, folder: Path) -> str:
    """Let a process keep articles, and return what strace saw."""
    trace = folder / "trace"
    command = ["strace", "-f", "-y", "-xx", "-s", "200000", "-e", f"trace={WATCHED}", "-o", str(trace)]
    writer = [sys.executable, "-c", WRITER, str(path), str(KEPT_BEFORE), str(KEPT)]
    done = subprocess.run([*command, *writer], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"strace may not trace here: {done.stderr[-200:]!r}")
    return trace.read_text(encoding="latin-1")


def happened(disk: Disk, call: Call) -> None:
    if call.name not in NAMES:
        return
    match call.what:
        case "pwrite64":
            disk.write(call.name, call.numbers[1], call.content)
        case "ftruncate":
            disk.truncate(call.name, call.numbers[0])
        case "fdatasync" | "fsync":
            disk.sync(call.name)
        case "unlink":
            disk.unlink(call.name)


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace to tell what was on the disk when")
def test_f44_what_was_acknowledged_survives_a_loss_of_power_at_any_instant(path: Path, tmp_path: Path) -> None:
    with open_archive(path) as archive:
        for number in range(KEPT_BEFORE):
            archive.keep(visit_of(url_of(number), f"{BODY} {number}"))
    disk = Disk({NAMES[0]: bytearray(path.read_bytes())})
    trace = traced(path, tmp_path)
    dice = random.Random(44)  # noqa: S311 -- any loss will do
    acknowledged = {url_of(number) for number in range(KEPT_BEFORE)}
    losses = 0

    for call in calls(trace):
        is_acknowledgement = call.content.startswith(b"kept ")
        if is_acknowledgement:
            acknowledged.add(url_of(int(call.content.split()[1])))
        happened(disk, call)
        is_instant = is_acknowledgement or (call.name in NAMES and (call.what != "pwrite64" or dice.random() < 0.05))
        if is_instant:
            losses += 1
            survives(disk.after_power_loss(dice), tmp_path / f"loss-{losses}", acknowledged)

    assert len(acknowledged) == KEPT
    assert losses > KEPT


def survives(files: dict[str, bytearray], folder: Path, acknowledged: set[str]) -> None:
    """Check what is found when the machine is on again."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)

    assert verify(folder / NAMES[0]).faults == []
    assert acknowledged <= {url for (url,) in rows(folder / NAMES[0], "SELECT url FROM articles")}
