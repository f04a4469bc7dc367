"""luubao runs: the crawls, and what each brought."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.queries import failures
from archive.queries import runs as list_runs
from archive.reports import failed_urls, record
from commands import output
from commands.articles import readable_time
from commands.exits import UsageProblem
from commands.options import (
    ArchiveOption,
    ErrorFileOption,
    FieldsOption,
    FormatOption,
    JsonOption,
    LimitOption,
    archive_path,
)
from commands.output import Column, Style
from commands.progress import duration
from commands.records import Format, chosen_fields, write_json, write_lines, write_records
from commands.registry import command_app
from commands.run_view import show_run

app = command_app()

COUNTS = ("new", "changed", "same", "failed")
FIELDS = (
    "id",
    "command",
    "arguments",
    "luubao_version",
    "pid",
    "started_at",
    "ended_at",
    "exit_code",
    "new",
    "changed",
    "reread",
    "same",
    "listed",
    "failed",
    "seconds",
    "requests",
    "body_bytes",
)
FAILURE_FIELDS = ("url", "site", "code", "message", "failed_at", "run_id")
TABLE = [
    Column("id", "run", Style.DIM, is_number=True),
    Column("started_at", "started (UTC)"),
    Column("took", "took", is_number=True),
    Column("targets", "of", gives_way=True),
    *(Column(name, name, is_number=True) for name in COUNTS),
    Column("exit_code", "exit", is_number=True),
]
FAILURE_TABLE = [Column("code", "code"), Column("message", "what happened", gives_way=True)]


@app.command()
def runs(  # noqa: PLR0913 -- each is an option
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[show [RUN]]", help="Show all that is known of a run. [default: of the latest]"),
    ] = None,
    *,
    limit: LimitOption = 20,
    failed: Annotated[
        int | None, typer.Option("--failed", metavar="RUN", help="List what failed in this run instead; 0 is any.")
    ] = None,
    error_file: ErrorFileOption = None,
    json: JsonOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    archive: ArchiveOption = None,
) -> None:
    """List the crawls and what each brought.

    The latest first. Feed what failed back: luubao runs show 12 --error-file FILE; luubao fetch -i FILE
    """
    path = archive_path(archive)
    if words or error_file:
        show(path, words or ["show"], is_json=json, error_file=error_file)
        return
    format = Format.JSON if json else format  # noqa: A001 -- as above
    known, table = (FIELDS, TABLE) if failed is None else (FAILURE_FIELDS, FAILURE_TABLE)
    chosen = chosen_fields(fields, known=known, usual=known)
    shown = table if fields is None else [Column(name, name) for name in chosen]
    with closing(open_reader(path)) as connection, errors_of(path):
        if failed is None:
            rows = list_runs(connection, limit=limit or None)
        else:
            rows = failures(connection, run_id=failed or None, limit=limit or -1)
        if failed and not rows and all(run["id"] != failed for run in list_runs(connection, limit=None)):
            raise UsageProblem(f"no run {failed}; luubao runs lists those there are")
    is_for_people = format is Format.TABLE and fields is None
    records = [_for_people(row) for row in rows] if is_for_people and failed is None else rows
    if format is Format.URLS and failed is None:
        records = [{"url": target} for row in rows for target in row["arguments"].get("targets", ())]
    if not write_records(records, format=format, fields=chosen, columns=shown):
        output.say("No run; luubao crawl makes the first." if failed is None else "Nothing failed.")


def show(path: Path, words: list[str], *, is_json: bool, error_file: Path | None) -> None:
    """Show one run whole, the latest where none is named; raises UsageProblem, and NotKept where there is none."""
    verb, *numbers = words
    if verb != "show" or len(numbers) > 1 or not all(_is_number(number) for number in numbers):
        raise UsageProblem(f"{' '.join(words)!r} is no run; luubao runs show 12 shows run 12")
    with closing(open_reader(path)) as connection, errors_of(path):
        latest = list_runs(connection, limit=1)
        run_id = int(numbers[0]) if numbers else latest[0]["id"] if latest else 0
        whole = record(connection, run_id)
        if error_file:
            write_lines(error_file, failed_urls(connection, run_id))
    if is_json:
        write_json(whole)
    else:
        show_run(whole)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(2**63))


def _for_people(run: Mapping[str, Any]) -> dict[str, Any]:
    ended = run["ended_at"]
    exit_code = "not ended" if ended is None else run["exit_code"]
    span = (_time(ended) - _time(run["started_at"])).total_seconds() if ended else 0.0
    took = duration(run["seconds"] or span) if ended else ""
    targets = " ".join(target.split("://")[-1].rstrip("/") for target in run["arguments"].get("targets", ()))
    return dict(run) | {
        "started_at": readable_time(run["started_at"]),
        "took": took,
        "targets": targets,
        "exit_code": exit_code,
    }


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
