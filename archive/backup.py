"""A copy of the archive while others write in it: whole, checked, and under its name only then."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from archive.connect import SCHEMA_VERSION, check_identity, errors_of
from archive.errors import ArchiveDamaged, ArchiveError, ArchiveReadOnly, DiskFull
from archive.ground import free_bytes, require_archive
from archive.verify import Report, Scope, verify

PAGES_A_STEP = 2_000
Tick = Callable[[str, int, int], None]


def backup(path: Path, target: Path, *, overwrite: bool = False, tick: Tick = lambda *_: None) -> Report:
    """Copy an archive to `target` (a file, or a folder to put it in) and verify the copy; return what was found.

    The copy has a hidden name until it is whole. Raises ArchiveError: where the target exists and `overwrite` is not
    set, where there is no room, ArchiveDamaged where the copy is not whole.
    """
    require_archive(path)
    target = target / path.name if target.is_dir() else target
    _check_target(path, target, overwrite=overwrite)
    made = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with errors_of(target):
            os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
            _copy(path, made, tick)
        report = _checked(made, tick)
        if report.faults:
            raise ArchiveDamaged(f"the copy is not whole: {report.faults[0]}", path=target)
        _sync(made)
        made.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise ArchiveReadOnly(f"cannot be written: {error.strerror}", path=target) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            made.with_name(made.name + ending).unlink(missing_ok=True)
    return report


def _checked(made: Path, tick: Tick) -> Report:
    """Verify a copy; of an older schema, which is copied before it is brought up to date, the file alone."""
    with closing(sqlite3.connect(made)) as connection:
        if check_identity(connection, made) == SCHEMA_VERSION:
            return verify(made, Scope(), tick=tick)
        report = Report()
        for table in ("articles", "snapshots"):
            report.counts[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- one of two
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                report.tell("file", None, line)
    return report


def backup_unchecked(path: Path, target: Path, tick: Tick) -> None:
    """Copy an archive of any schema that this luubao knows to a file that there is not yet; raise ArchiveError."""
    made = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with errors_of(target):
            os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
            _copy(path, made, tick)
        _sync(made)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)


def _check_target(path: Path, target: Path, *, overwrite: bool) -> None:
    if target.exists() and target.samefile(path):
        raise ArchiveError("is the archive itself; name another file", path=target)
    if target.exists() and not overwrite:
        raise ArchiveError("exists already; name another file, or let --overwrite take its place", path=target)
    if not target.parent.is_dir():
        raise ArchiveError("its folder does not exist", path=target)
    needed = path.stat().st_size
    if free_bytes(target) < needed:
        raise DiskFull(f"needs {needed:,} free bytes; free some, or name another disk", path=target)


def _copy(path: Path, made: Path, tick: Tick) -> None:
    """Copy by SQLite's online backup; a writer in between makes it begin again by itself, so steps are large."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as source:
        check_identity(source, path)
        source.execute("BEGIN")  # one view of the file: what is written meanwhile does not make the copy begin anew
        source.execute("SELECT 1 FROM runs LIMIT 1").fetchone()
        with closing(sqlite3.connect(made)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # synced whole before it gets its name
            source.backup(copy, pages=PAGES_A_STEP, progress=lambda _, left, total: tick("copy", total - left, total))
            copy.execute("PRAGMA journal_mode = DELETE")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
