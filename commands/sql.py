"""luubao sql: questions in SQL, which can read and nothing else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from commands import output, times
from commands.exits import ExitCode, UsageProblem
from commands.options import ArchiveOption, FormatOption, RawCsvOption, archive_path
from commands.output import Column
from commands.records import Format, Record, cell_text, write_records
from commands.registry import command_app
from commands.text import shortened, visible
from commands.watch import Watch

app = command_app()

MAX_CELL_COLUMNS = 160
MAX_TABLE_ROWS = 10_000  # a table is laid out as a whole
GRACE_SECONDS = 2.0  # for SQLite to end a question by itself


@app.command()
def sql(
    question: Annotated[str, typer.Argument(metavar="SELECT", help="One statement.")],
    *,
    max_time: Annotated[str, typer.Option(metavar="TIME", help="Give up after 90s, 30m, 12h.")] = "30s",
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Ask the archive in SQL; nothing can be changed.

    articles_view has an article a row, changes_view every version and event. On a terminal
    long texts are cut. A table ends after 10,000 rows.
    """
    path = archive_path(archive)
    seconds = times.seconds(max_time)
    watch = Watch(seconds + GRACE_SECONDS, partial(_give_up, path))
    with (
        closing(open_reader(path, limit_seconds=seconds)) as connection,
        closing(_ask(connection, question, path, watch=watch)) as cursor,
    ):
        if cursor.description is None:
            raise UsageProblem("no question: write SELECT …")
        fields = [column[0] for column in cursor.description]
        if format is Format.URLS and "url" not in fields:
            raise UsageProblem("--format urls: the answer has no column named url")
        rows = _rows(cursor, fields, path, watch=watch)
        shown = [Column(name, name, gives_way=True) for name in fields]
        limited = map(_for_people, islice(rows, MAX_TABLE_ROWS)) if format is Format.TABLE else rows
        write_records(limited, format=format, fields=fields, columns=shown, is_raw_csv=raw_csv)
        if format is Format.TABLE and next(rows, None) is not None:
            output.say(f"Only the first {MAX_TABLE_ROWS:,} rows; --format jsonl or csv gives all.")


def _ask(connection: sqlite3.Connection, question: str, path: Path, *, watch: Watch) -> sqlite3.Cursor:
    with errors_of(path), watch:
        try:
            return connection.execute(question)
        except (sqlite3.Warning, sqlite3.ProgrammingError) as error:  # several statements, a NUL, a ? without a value
            raise UsageProblem(f"one statement, please, and no parameters: {error}") from error


def _give_up(path: Path) -> None:
    """End the process: one function is at work in SQLite, where no handler is asked and no Ctrl-C heard."""
    output.say(f"luubao: {path}: the question took too long, and could not be stopped otherwise; ask for less")
    os._exit(ExitCode.ERROR)


def _for_people(record: Record) -> Record:
    """Cut long texts for a terminal; a pipe gets them whole."""
    if not output.is_terminal():
        return record
    return {name: shortened(visible(cell_text(value)), MAX_CELL_COLUMNS) for name, value in record.items()}


def _rows(cursor: sqlite3.Cursor, fields: list[str], path: Path, *, watch: Watch) -> Iterator[Record]:
    with errors_of(path):  # of the reading alone: what goes wrong in printing is raised elsewhere
        while True:
            with watch:
                row = next(cursor, None)
            if row is None:
                return
            yield dict(zip(fields, row, strict=True))
