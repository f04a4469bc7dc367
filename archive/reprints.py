"""Groups of articles with nearly one text, the likely original of each first: reading alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.likeness import Text, likeness, text_of
from archive.queries import BRIEF, Filters, record

_BY_TIME = """
SELECT d.group_id FROM duplicates d JOIN articles a ON a.id = d.article_id WHERE {where}
GROUP BY d.group_id ORDER BY max(a.sort_at) DESC, d.group_id DESC LIMIT :limit
"""
_COUNT = "SELECT count(DISTINCT d.group_id) FROM duplicates d JOIN articles a ON a.id = d.article_id WHERE {where}"
_MEMBERS = BRIEF + "JOIN duplicates d ON d.article_id = a.id WHERE d.group_id = ? ORDER BY d.rank"
_BODY = "SELECT body FROM versions WHERE id = (SELECT version_id FROM articles WHERE id = ?)"


def groups(
    connection: sqlite3.Connection, filters: Filters | None = None, *, limit: int | None = 20
) -> Iterator[dict[str, Any]]:
    """Yield the members of groups in which the filters leave one, the group with the newest such member first.

    Each is an article as a list shows it, with its `group`, whether it is likely the `original`, and `likeness`, the
    part of all three-syllable runs of its text and the original's that both have.
    """
    where, values = (filters or Filters()).where()
    sql = _BY_TIME.format(where=where)
    for row in connection.execute(sql, values | {"limit": -1 if limit is None else limit}).fetchall():
        yield from _members(connection, row[0])


def group_of(connection: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """Return the members of an article's group, as `groups` does; none where its text is its own."""
    row = connection.execute("SELECT group_id FROM duplicates WHERE article_id = ?", (article_id,)).fetchone()
    return list(_members(connection, row[0])) if row else []


def count_groups(connection: sqlite3.Connection, filters: Filters | None = None) -> int:
    """Return in how many groups the filters leave an article."""
    where, values = (filters or Filters()).where()
    return int(connection.execute(_COUNT.format(where=where), values).fetchone()[0])


def _members(connection: sqlite3.Connection, group_id: int) -> Iterator[dict[str, Any]]:
    first: Text | None = None
    for row in connection.execute(_MEMBERS, (group_id,)).fetchall():
        text = text_of(connection.execute(_BODY, (row["id"],)).fetchone()[0])
        alike = 1.0 if first is None or text == first else likeness(first, text)
        yield {"group": group_id, "original": first is None, "likeness": round(alike, 3)} | record(row)
        first = first or text
