"""Articles as rows of a table: CSV, and what all tables have in common."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from archive.exchange.choice import Chosen, Tick, require
from archive.exchange.fields import FLAT, LIGHT
from archive.exchange.records import light_record
from archive.queries import record

Cell = Callable[[Any], str]
"""How a value is written in a cell; the caller says what a spreadsheet must not run."""

BOM = "\ufeff"
"""By which spreadsheets know UTF-8."""


def columns(*, is_light: bool) -> Sequence[str]:
    """Return the names of the columns."""
    return tuple(LIGHT if is_light else FLAT)


def rows(chosen: Chosen, tick: Tick, *, is_light: bool) -> Iterator[dict[str, Any]]:
    """Yield the articles, a dict each; `is_light` without a word of text."""
    row_of = light_record if is_light else flat_record
    for article_id in chosen.each(tick):
        yield row_of(chosen.connection, article_id)


def flat_record(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """Return an article as one row: its current version, its pictures in a list."""
    row = connection.execute("SELECT * FROM articles_view WHERE id = ?", (article_id,)).fetchone()
    values = record(require(row, f"article {article_id}"))
    values["images"] = [dict(image) for image in connection.execute(_IMAGES, (row["version_id"],))]
    return {name: values[name] for name in FLAT}


def csv_lines(
    chosen: Chosen, tick: Tick, *, cell: Cell, delimiter: str = ",", is_light: bool = False, is_raw: bool = False
) -> Iterator[str]:
    """Yield CSV with a heading, a line each; raw cells are all quoted."""
    names = columns(is_light=is_light)
    written = io.StringIO()
    writer = csv.writer(
        written, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL if is_raw else csv.QUOTE_MINIMAL
    )
    writer.writerow(names)
    yield BOM + _taken(written)
    for row in rows(chosen, tick, is_light=is_light):
        writer.writerow([cell(row[name]) for name in names])
        yield _taken(written)


def _taken(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text


_IMAGES = "SELECT url, caption, credit, alt FROM images WHERE version_id = ? ORDER BY position"
