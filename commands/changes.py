"""luubao changes: what the newspapers changed lately."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from archive import history
from archive.connect import errors_of, open_reader
from archive.history import CHANGES
from commands import output, times
from commands.happenings import KIND, TIME, write_happenings
from commands.options import (
    ArchiveOption,
    FieldsOption,
    FormatOption,
    LimitOption,
    RawCsvOption,
    SiteOption,
    archive_path,
)
from commands.output import Column, Style
from commands.records import Format
from commands.registry import command_app

app = command_app()

ID = Column("article_id", "id", Style.DIM, is_number=True)
COLUMNS = [TIME, KIND, ID, Column("site", "site", Style.DIM), Column("told", "what changed", gives_way=True)]
ON_PIPE = ("happened_at", "kind", "article_id", "site", "title", "what", "url")

EVENTS = ", ".join(CHANGES)
Changed = StrEnum("Changed", {kind.name: str(kind) for kind in CHANGES})  # type: ignore[misc]  # from a constant


@app.command()
def changes(  # noqa: PLR0913 -- each is an option
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help=f"Noticed since then: {times.FORMS}. [default: ever]"),
    ] = None,
    site: SiteOption = None,
    event: Annotated[
        list[Changed] | None,
        typer.Option("--event", metavar="EVENT", help=f"Only this; may be given again: {EVENTS}. [default: all]"),
    ] = None,
    limit: LimitOption = 20,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """List what newspapers changed in articles, the latest first.

    Edits, changed titles and dates, articles taken down, put up again or moved, each with what changed. Times are
    those at which luubao noticed. On a pipe the table is one line each: time, event, id, site, title, what changed,
    URL, parted by tabs.
    """
    moment = times.instant(since, datetime.now().astimezone()) if since else None
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        found = history.changes(
            connection, kinds=tuple(event or CHANGES), sites=site or (), since=moment, limit=limit or None
        )
        count = write_happenings(
            found, format=format, fields=fields, is_raw_csv=raw_csv, for_people=COLUMNS, on_pipe=ON_PIPE
        )
    if not count:
        output.say("Nothing changed" + (f" since {since}" if since else "") + "; luubao runs lists the crawls")
