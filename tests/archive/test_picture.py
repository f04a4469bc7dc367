"""The pictures of the schema are today's."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from archive.picture import SCHEMA_MD, SCHEMA_SQL, as_markdown, as_sql
from tests.archive.kit import open_archive, rows

REDRAW = "draw it anew: python -m archive.picture"


def test_schema_sql_is_todays() -> None:
    assert SCHEMA_SQL.read_text(encoding="utf-8") == as_sql(), REDRAW


def test_schema_md_is_todays() -> None:
    assert SCHEMA_MD.read_text(encoding="utf-8") == as_markdown(), REDRAW


def test_schema_sql_makes_the_tables_of_an_archive(path: Path) -> None:
    open_archive(path).close()
    ours = "SELECT name, sql FROM sqlite_master WHERE tbl_name NOT LIKE '%sqlite%' ORDER BY name"

    made = sqlite3.connect(":memory:")
    made.executescript(as_sql())

    assert made.execute(ours).fetchall() == rows(path, ours)
    made.close()


def test_schema_md_has_every_table_and_column(path: Path) -> None:
    open_archive(path).close()
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'"
    text = as_markdown()

    for (table,) in rows(path, tables):
        section = re.split(r"^##", text.partition(f"### {table}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
        columns = {row[1] for row in rows(path, f"PRAGMA table_info({table})")}
        assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == columns
