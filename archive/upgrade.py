"""An older archive brought up to date: the disk checked, a copy made first where tables are copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.backup import backup_unchecked
from archive.connect import SCHEMA_VERSION, Transaction, check_identity, errors_of, open_writer
from archive.errors import DiskFull
from archive.lock import RunLock
from archive.migrations import COPYING, migrate

Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which schema to which, and where the copy of before is."""

    found: int
    made: int
    backup: Path | None  # None: there was nothing to copy


def upgrade(path: Path, *, copying: frozenset[int] = COPYING, tick: Tick = lambda *_: None) -> Upgraded:
    """Bring the schema up to date, alone; `copying` are the steps that copy tables, before which a copy is made.

    Raises ArchiveError: DiskFull before anything is done.
    """
    with errors_of(path), closing(open_writer(path)) as connection, RunLock(path.resolve(), "luubao migrate"):
        found = check_identity(connection, path)
        if found == SCHEMA_VERSION:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return Upgraded(found, found, None)
        copies = any(number > found for number in copying)
        _check_room(path, copies=copies)
        made = path.with_name(f"{path.name}.schema-{found}.backup") if copies else None
        if made is not None:
            backup_unchecked(path, made, tick)
        with Transaction(connection):
            migrate(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Upgraded(found, SCHEMA_VERSION, made)


def _check_room(path: Path, *, copies: bool) -> None:
    needed = path.stat().st_size * (3 if copies else 0) + 2**20
    free = shutil.disk_usage(path.resolve().parent).free
    if free < needed:
        raise DiskFull(f"upgrading needs {needed:,} free bytes and there are {free:,}; free some and repeat", path=path)
