"""The pages that articles of an archive were read from, as they were sent, piece by piece."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from archive import captures
from archive.errors import ArchiveDamaged, BadRecord, NotKept
from archive.exchange.warc_in import Captured

PIECE = 5_000


class Piece(NamedTuple):
    """The visits of an archive whose ids lie between two, both included, and how many of them have a page."""

    first: int
    last: int
    pages: int


def pieces(connection: sqlite3.Connection) -> Iterator[Piece]:
    """Yield the pieces that have pages; where an archive grows, only the last of them does."""
    rows = connection.execute(_COUNTS, {"piece": PIECE})
    yield from (Piece(number * PIECE, (number + 1) * PIECE - 1, pages) for number, pages in rows)


def captured_in(connection: sqlite3.Connection, piece: Piece) -> Iterator[Captured | BadRecord]:
    """Yield the pages of a piece, and in place of one that is damaged an error that names it."""
    for (capture_id,) in connection.execute(_IDS, {"first": piece.first, "last": piece.last}).fetchall():
        try:
            page = captures.page_of(connection, capture_id)
        except (ArchiveDamaged, NotKept) as error:
            yield BadRecord(f"capture {capture_id}: {error.reason}")
        else:
            yield Captured(page, record_id=f"capture:{capture_id}")


_READ = "FROM captures WHERE snapshot_id IS NOT NULL AND id IN (SELECT capture_id FROM versions)"
_COUNTS = f"SELECT id / :piece, count(*) {_READ} GROUP BY 1 ORDER BY 1"
_IDS = f"SELECT id {_READ} AND id BETWEEN :first AND :last ORDER BY id"
