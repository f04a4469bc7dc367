"""One marked line in the user's crontab: written as cron reads it, put in and taken out, all else left to the byte."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from commands.exits import UsageProblem

NONE_YET = b"no crontab for"
MARK = "# luubao schedule of "


def entry(times: str, command: Sequence[str], archive: Path) -> str:
    """Return the line for a crontab: when, what, and the mark by which it is found again.

    Raises UsageProblem for what no line can hold. cron takes a bare % for the end of the command (crontab(5)).
    """
    line = f"{times} {shlex.join(command)} {mark_of(archive)}"
    if not line.isprintable():
        raise UsageProblem("a line of a crontab cannot hold line breaks and control characters; name other files")
    return line.replace("%", "\\%")


def mark_of(archive: Path) -> str:
    """Return the mark of the line that crawls into an archive: a comment to the shell."""
    return f"{MARK}{archive}"


def with_entry(table: bytes, line: str, archive: Path) -> bytes:
    """Return a crontab in which this is the one line of ours for the archive, where the earlier one was, else last."""
    lines = table.splitlines(keepends=True)
    ours = [at for at, each in enumerate(lines) if _is_ours(each, archive)]
    written = line.encode() + b"\n"
    if ours:
        lines[ours[0]] = written
        return b"".join(each for at, each in enumerate(lines) if at not in ours[1:])
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    return b"".join([*lines, written])


def without_entry(table: bytes, archive: Path) -> bytes:
    """Return a crontab without the line of ours for the archive."""
    return b"".join(each for each in table.splitlines(keepends=True) if not _is_ours(each, archive))


def _is_ours(line: bytes, archive: Path) -> bool:
    return line.rstrip(b"\r\n").endswith(mark_of(archive).replace("%", "\\%").encode())


# --- crontab(1) -------------------------------------------------------------------------------------------------------


def read() -> bytes | None:
    """Return the user's crontab, None where there is none; raises UsageProblem where it cannot be had."""
    done = _crontab("-l")
    if done.returncode == 0:
        return done.stdout
    if NONE_YET in done.stderr:
        return None
    raise UsageProblem(f"crontab -l: {_said(done)}; paste the line by hand, with crontab -e")


def write(table: bytes) -> None:
    """Replace the user's crontab, by none where it would be empty; raises UsageProblem where it is not taken."""
    done = _crontab("-", table) if table else _crontab("-r")
    if done.returncode:
        raise UsageProblem(f"crontab: {_said(done)}; the crontab is as it was, paste the line by hand with crontab -e")
    if (read() or b"") != table:
        raise UsageProblem("the crontab is not as it was written; look at it with crontab -e")


def _crontab(argument: str, table: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("crontab")
    if program is None:
        raise UsageProblem("there is no crontab(1) here: install cron, or see luubao schedule --systemd")
    environment = os.environ | {"LC_ALL": "C"}  # its words are read
    return subprocess.run([program, argument], input=table, capture_output=True, env=environment, check=False)  # noqa: S603 -- found above


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8", "replace").strip().replace("\n", ", ") or f"ended with {done.returncode}"
