"""Pages written again, smaller: zstd at a high level, each proven to come out as it is before it takes the old's place.

Rows go in order of their ids, some dozens a transaction, and how far they have come is kept in `marks`: it can be
stopped, or killed, at any instant, and goes on there.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from archive import dictionaries, snapshots
from archive.connect import errors_of
from archive.errors import ArchiveError, DiskFull
from archive.ground import free_bytes
from archive.snapshots import ALONE, Lean, Packed
from archive.store import Archive

LEVEL = 19
BATCH = 32
WORTH_A_VACUUM = 0.05  # part of the file that is free pages

Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Compacted:
    """What came of it."""

    pages: int  # looked at
    bytes_before: int  # of their stored pages
    bytes_after: int
    file_bytes_before: int
    file_bytes_after: int
    is_trimmed: bool  # the file gave back what was free


def compact(archive: Archive, *, level: int = LEVEL, again: bool = False, tick: Tick = lambda *_: None) -> Compacted:
    """Compress at a high level all pages that were not yet; `again` begins from the first. Raises ArchiveError."""
    file_before = archive.path.stat().st_size
    if again:
        with archive.transaction() as connection:
            connection.execute("DELETE FROM marks WHERE name = 'compacted'")
    before = after = pages = 0
    with errors_of(archive.path), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        todo = _todo(archive.connection)
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            saved = _compact_some(archive, batch, level, pool)
            before, after, pages = before + saved[0], after + saved[1], pages + len(batch)
            tick("pages", pages, len(todo))
    is_trimmed = trim(archive)
    return Compacted(pages, before, after, file_before, archive.path.stat().st_size, is_trimmed)


def _todo(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute(_TODO)]


_TODO = """
SELECT id FROM snapshots WHERE id > coalesce((SELECT value FROM marks WHERE name = 'compacted'), 0) ORDER BY id
"""


def _compact_some(archive: Archive, ids: Sequence[int], level: int, pool: Executor) -> tuple[int, int]:
    """Pack some pages outside a transaction and put them in their places inside one; return bytes before and after."""
    connection = archive.connection
    jobs = []
    for snapshot_id in ids:
        with suppress(ArchiveError):  # a damaged page stays as it is, for verify to name
            body = snapshots.get(connection, snapshot_id)
            lean = _lean(connection, snapshot_id)
            jobs.append((snapshot_id, pool.submit(snapshots.pack, body, lean, level=level)))
    before = after = 0
    packed = [(snapshot_id, job.result()) for snapshot_id, job in jobs]
    with archive.transaction():
        for snapshot_id, each in packed:
            saved = _put_in_place(connection, snapshot_id, each)
            before, after = before + saved[0], after + saved[1]
        connection.execute(_MARK, (ids[-1],))
    return before, after


_MARK = "INSERT OR REPLACE INTO marks (name, value) VALUES ('compacted', ?)"


def _lean(connection: sqlite3.Connection, snapshot_id: int) -> Lean:
    """Return what to compress a page against: what it leans on, or better a dictionary of its site than a mere page."""
    base_id, dictionary_id, is_version, site = connection.execute(_FACTS, {"id": snapshot_id}).fetchone()
    if base_id is not None and is_version:
        return dictionaries.as_base(connection, base_id)
    if dictionary_id is not None:
        return dictionaries.by_id(connection, dictionary_id)
    found = dictionaries.newest(connection, site) if site else None
    if found is not None:
        return found
    return ALONE if base_id is None else dictionaries.as_base(connection, base_id)


_FACTS = """
SELECT s.base_id, s.dictionary_id,
  EXISTS (SELECT 1 FROM captures c JOIN captures o ON o.url = c.url WHERE c.snapshot_id = s.id
    AND o.snapshot_id = s.base_id),
  (SELECT a.site FROM captures c JOIN versions v ON v.capture_id = c.id JOIN articles a ON a.id = v.article_id
    WHERE c.snapshot_id = s.id LIMIT 1)
FROM snapshots s WHERE s.id = :id
"""


def _put_in_place(connection: sqlite3.Connection, snapshot_id: int, packed: Packed) -> tuple[int, int]:
    """Replace a row if the new one is smaller and may still lean as it does; return its bytes before and after."""
    row = connection.execute("SELECT length(data) FROM snapshots WHERE id = ?", (snapshot_id,)).fetchone()
    if row is None:
        return 0, 0
    if len(packed.data) >= row[0] or not _may_lean(connection, snapshot_id, packed):
        return row[0], row[0]
    snapshots.replace(connection, snapshot_id, packed)
    return row[0], len(packed.data)


def _may_lean(connection: sqlite3.Connection, snapshot_id: int, packed: Packed) -> bool:
    """Tell whether chains stay one deep: a fetch beside us may have made another page lean on this one meanwhile."""
    if packed.base_id is None:
        return True
    sql = """SELECT 1 FROM snapshots WHERE base_id = :id
             UNION ALL SELECT 1 FROM snapshots WHERE id = :base AND base_id IS NOT NULL"""
    return connection.execute(sql, {"id": snapshot_id, "base": packed.base_id}).fetchone() is None


def trim(archive: Archive, *, always: bool = False) -> bool:
    """Give free pages back to the disk, where there are many and room to do it; tell whether that was done.

    `always` does it, or raises DiskFull where there is no room, and leaves nothing in the log.
    """
    connection = archive.connection
    pages, free = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
    if not always and free < WORTH_A_VACUUM * pages:
        return False
    needed = 2 * archive.path.stat().st_size  # a copy, and the copy again in the log
    if free_bytes(archive.path) < needed:
        if always:
            raise DiskFull(f"needs {needed:,} free bytes to be written anew; free some and repeat", path=archive.path)
        return False
    with errors_of(archive.path):
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True
