"""luubao stats: what the archive holds, in numbers."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.drift import shares
from archive.queries import stats as count_all
from archive.series import SERIES, by_day
from commands import output
from commands.articles import heading, readable_time
from commands.charts import bars_of
from commands.charts import chart as draw
from commands.options import ArchiveOption, JsonOption, SiteOption, archive_path
from commands.output import Column, Style
from commands.progress import size
from commands.records import cell_text, write_json
from commands.registry import command_app

app = command_app()

ROWS_SHOWN = 15
HEADINGS = {"newest": "last first seen (UTC)", "latest": "latest (UTC)", "by_candidate": "by the candidate"}
GROUPS = {
    "by_site": "Newspapers",
    "by_section": "Sections",
    "by_month": "Months of publication",
    "by_outcome": "What the visits of crawls came to",
    "by_state": "On the web today",
    "by_failure": "Could not be had",
}


STYLES = {"articles": Style.GREEN, "edits": Style.YELLOW, "failures": Style.RED}
MAX_DAYS = 1800  # sixty bars of thirty days


class By(StrEnum):
    """What can be counted by."""

    SITE = "site"
    SECTION = "section"
    MONTH = "month"
    OUTCOME = "outcome"
    STATE = "state"
    FAILURE = "failure"
    FIELD = "field"


@app.command()
def stats(
    *,
    by: Annotated[
        By | None,
        typer.Option(
            metavar="WHAT",
            help="One table alone, and whole: site, section, month, outcome, state, failure, field. [default: all]",
        ),
    ] = None,
    site: SiteOption = None,
    chart: Annotated[
        bool, typer.Option("--chart", help="Draw articles, edits and failures, day by day, instead.")
    ] = False,
    days: Annotated[
        int, typer.Option(min=1, max=MAX_DAYS, metavar="N", help="So many days in the charts; from 63 on by the week.")
    ] = 30,
    json: JsonOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Count what the archive holds.

    `--by field` tells how often each field was found in the last 200 articles of each newspaper, and by what.
    The tables show the 15 largest groups, months the latest 15; --by and --json have all.
    """
    path = archive_path(archive)
    today = datetime.now(UTC).astimezone().date()
    with closing(open_reader(path)) as connection, errors_of(path):
        counts = {} if chart else count_all(connection, path, sites=site or ())
        series = by_day(connection, last=today, days=days, sites=site or ()) if chart else {}
        if by is By.FIELD and not chart:
            counts["by_field"] = shares(connection, site or ())
    if json:
        write_json({"archive": str(path)} | (_json_series(series) if chart else _chosen(counts, by)))
    elif chart:
        _charts(series)
    elif by:
        _group(counts[f"by_{by}"], is_latest=False, is_whole=True)
    else:
        _tables(counts, path)


def _chosen(counts: dict[str, Any], by: By | None) -> dict[str, Any]:
    return counts if by is None else {f"by_{by}": counts[f"by_{by}"]}


def _json_series(series: dict[str, dict[date, int]]) -> dict[str, Any]:
    return {name: {day.isoformat(): count for day, count in counts.items()} for name, counts in series.items()}


def _charts(series: dict[str, dict[date, int]]) -> None:
    for at, name in enumerate(SERIES):
        if at:
            output.line()
        draw(bars_of(name, series[name]), STYLES[name])


def _tables(counts: dict[str, Any], path: Path) -> None:
    output.table([Column("", ""), Column("", "")], [*_totals(counts), ["archive", str(path)]])
    for name, title in GROUPS.items():
        if counts[name]:
            output.line()
            output.line(heading(title))
            _group(counts[name], is_latest=name == "by_month", is_whole=False)


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


def _group(rows: list[dict[str, Any]], *, is_latest: bool, is_whole: bool) -> None:
    if not rows:
        output.say("Nothing to count.")
        return
    shown = rows if is_whole else rows[-ROWS_SHOWN:] if is_latest else rows[:ROWS_SHOWN]
    names = list(rows[0])
    layout = [
        Column(name, HEADINGS.get(name, name), is_number=isinstance(rows[0][name], int | float), gives_way=at == 0)
        for at, name in enumerate(names)
    ]
    left = len(rows) - len(shown)
    if left and is_latest:
        output.line(f"{left:,} earlier, then")
    output.table(layout, [[_cell(row[name]) for name in names] for row in shown])
    if left and not is_latest:
        output.line(f"and {left:,} more")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0%}" if output.is_terminal() else str(value)
    if isinstance(value, int):
        return f"{value:,}" if output.is_terminal() else str(value)
    text = cell_text(value) or "(none)"
    return readable_time(text) if text.endswith("Z") else text
