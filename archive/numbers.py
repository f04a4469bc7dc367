"""Which article has a newspaper's own number: one article under any address, where a rule finds numbers in URLs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

NumberOf = Callable[[str], str | None]
"""Return the number of a URL's article with its newspaper, as "vnexpress:4567890"; None where no rule finds one."""


def add(connection: sqlite3.Connection, number: str | None, frontier_id: int | None) -> None:
    """Note the number of a task; the first address met under it stays its own."""
    if number is not None and frontier_id is not None:
        sql = "INSERT INTO numbers (number, frontier_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
        connection.execute(sql, (number, frontier_id))


def known_task(connection: sqlite3.Connection, key: str, url: str, number_of: NumberOf) -> tuple[int, bool] | None:
    """Return the task that a URL is by its key, else by its number: its id, and whether it was given up."""
    row: tuple[int, bool] | None = connection.execute(_BY_KEY, (key,)).fetchone()
    if row is None and (number := number_of(url)) is not None:
        row = connection.execute(_BY_NUMBER, (number,)).fetchone()
    return row


def article_of(connection: sqlite3.Connection, number: str) -> int | None:
    """Return the article that is kept under a number."""
    row = connection.execute(_ARTICLE, (number,)).fetchone()
    return row[0] if row else None


_BY_KEY = "SELECT id, state = 'failed' FROM frontier WHERE alias_key = ?"
_BY_NUMBER = """
SELECT f.id, f.state = 'failed' FROM numbers n JOIN frontier f ON f.id = n.frontier_id WHERE n.number = ?
"""
_ARTICLE = """
SELECT u.article_id FROM numbers n JOIN frontier f ON f.id = n.frontier_id JOIN urls u ON u.alias_key = f.alias_key
WHERE n.number = ? LIMIT 1
"""
