"""Every change of the schema, in order: schema_1, schema_2, … A released one is never edited.

SQLite keeps the text of each CREATE statement with its comments, so the file documents itself:
`sqlite3 archive.db .schema`. archive/picture.py makes docs/schema.md from it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from archive.connect import SCHEMA_VERSION
from archive.schema_1 import SCHEMA_1
from archive.schema_2 import SCHEMA_2
from archive.schema_3 import SCHEMA_3
from archive.schema_4 import SCHEMA_4
from archive.schema_5 import SCHEMA_5
from archive.schema_6 import SCHEMA_6
from archive.schema_7 import SCHEMA_7

if TYPE_CHECKING:
    from sqlite_utils import Database

STEPS = (
    ("schema 1", SCHEMA_1),
    ("schema 2", SCHEMA_2),
    ("schema 3", SCHEMA_3),
    ("schema 4", SCHEMA_4),
    ("schema 5", SCHEMA_5),
    ("schema 6", SCHEMA_6),
    ("schema 7", SCHEMA_7),
)
COPYING: frozenset[int] = frozenset()
"""Schemas whose step copies tables: they are made by `luubao migrate` alone, never by a crawl on its way."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to SCHEMA_VERSION. Call it inside a transaction: all of it happens, or nothing."""
    from sqlite_utils import Database, Migrations  # noqa: PLC0415  0.1 s, and only a new or old archive needs it

    migrations = Migrations("luubao")
    for name, script in STEPS:
        migrations(name=name)(_runs(script))
    migrations.apply(Database(connection, execute_plugins=False))
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _runs(script: str) -> Callable[[Database], None]:
    def step(db: Database) -> None:
        for statement in statements(script):
            db.conn.execute(statement)

    return step


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; unlike `executescript`, running them leaves an open transaction open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement.strip().removesuffix(";")
            statement = ""
