"""One article, to be read."""

from __future__ import annotations

import sqlite3

from archive.queries import show
from archive.web.answers import Asked, Shown


def article(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show an article, or an older version of it with `version`."""
    number = asked.number("version", least=1, most=2**31, default=1) if asked.first("version") else None
    whole = show(connection, asked.parts["id"], version=number)
    return Shown("article.html", {"article": whole})
