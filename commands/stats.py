"""luubao stats: what the archive holds, in numbers."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from archive.connect import errors_of, open_reader
from archive.queries import stats as count_all
from commands import output
from commands.articles import heading, readable_time
from commands.options import ArchiveOption, JsonOption, archive_path
from commands.output import Column
from commands.progress import size
from commands.records import cell_text, write_json
from commands.registry import command_app

app = command_app()

ROWS_SHOWN = 15
HEADINGS = {"newest": "last first seen (UTC)", "latest": "latest (UTC)"}
GROUPS = {
    "by_site": "Newspapers",
    "by_section": "Sections",
    "by_month": "Months of publication",
    "by_state": "On the web today",
    "by_failure": "Could not be had",
}


@app.command()
def stats(*, json: JsonOption = False, archive: ArchiveOption = None) -> None:
    """Count what the archive holds.

    The tables show the 15 largest groups, months the latest 15; --json has all.
    """
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        counts = count_all(connection, path)
    if json:
        write_json({"archive": str(path)} | counts)
        return
    output.table([Column("", ""), Column("", "")], [*_totals(counts), ["archive", str(path)]])
    for name, title in GROUPS.items():
        if counts[name]:
            output.line()
            output.line(heading(title))
            _group(counts[name], is_latest=name == "by_month")


def _totals(counts: dict[str, Any]) -> list[list[str]]:
    days = " to ".join(filter(None, (counts["first_published_on"], counts["last_published_on"])))
    pages, stored = counts["page_bytes"], counts["stored_page_bytes"]
    return [
        ["articles", f"{counts['articles']:,}" + (f", published {days}" if days else "")],
        ["versions", f"{counts['versions']:,}"],
        ["visits", f"{counts['captures']:,}"],
        ["pages", f"{counts['snapshots']:,}, {size(pages)} as sent, {size(stored)} as kept"],
        ["file", size(counts["file_bytes"])],
    ]


def _group(rows: list[dict[str, Any]], *, is_latest: bool) -> None:
    shown = rows[-ROWS_SHOWN:] if is_latest else rows[:ROWS_SHOWN]
    names = list(rows[0])
    layout = [
        Column(name, HEADINGS.get(name, name), is_number=isinstance(rows[0][name], int), gives_way=at == 0)
        for at, name in enumerate(names)
    ]
    left = len(rows) - len(shown)
    if left and is_latest:
        output.line(f"{left:,} earlier, then")
    output.table(layout, [[_cell(row[name]) for name in names] for row in shown])
    if left and not is_latest:
        output.line(f"and {left:,} more")


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}" if output.is_terminal() else str(value)
    text = cell_text(value) or "(none)"
    return readable_time(text) if text.endswith("Z") else text
