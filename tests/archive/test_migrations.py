"""An archive of every schema that ever was becomes one of today's, with all it held."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from archive.connect import APPLICATION_ID, SCHEMA_VERSION
from archive.migrations import STEPS, statements
from tests.archive.kit import open_archive, rows, url_of, value, visit_of

OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '\\_sqlite%' ESCAPE '\\' ORDER BY name"


def archive_of_schema(path: Path, number: int) -> None:
    """Make an archive as the luubao of that schema made it."""
    migrations = Migrations("luubao")
    for name, script in STEPS[:number]:

        def step(db: Database, script: str = script) -> None:
            for statement in statements(script):
                db.conn.execute(statement)

        migrations(name=name)(step)
    connection = sqlite3.connect(path, isolation_level=None)
    migrations.apply(Database(connection))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


def test_each_step_has_a_number_and_the_last_is_todays() -> None:
    numbers = [int(name.removeprefix("schema ")) for name, _ in STEPS]

    assert numbers == sorted(set(numbers))
    assert numbers[-1] == SCHEMA_VERSION


def test_an_archive_of_an_older_schema_is_brought_up_to_date_by_a_writer(tmp_path: Path) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    with open_archive(new) as archive:
        archive.keep(visit_of(url_of(1)))
    archive_of_schema(old, 1)

    with open_archive(old) as archive:
        archive.keep(visit_of(url_of(1)))

    assert value(old, "PRAGMA user_version") == SCHEMA_VERSION
    assert rows(old, OBJECTS) == rows(new, OBJECTS)
    assert value(old, "SELECT count(*) FROM articles") == 1
