"""luubao coverage: what a newspaper's lists named, what was kept of it, what is missing and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.coverage import Target, by_day, is_site, targets
from commands import output, times
from commands.misses import nothing_of
from commands.options import (
    ArchiveOption,
    FieldsOption,
    FormatOption,
    JsonOption,
    RawCsvOption,
    archive_path,
    complete_site,
)
from commands.output import Column, Style
from commands.records import Format, chosen_fields, write_records
from commands.registry import command_app

if TYPE_CHECKING:
    import sqlite3

app = command_app()

DAYS = 30
FIELDS = ("day", "section", "sitemap", "feed", "listing", "unlisted", "named", "kept", "missing", "why", "day_from")
LISTS = ("sitemap", "feed", "listing")
TABLE = [
    Column("day", "day", Style.DIM),
    Column("section", "section", gives_way=True),
    *(Column(name, name, is_number=True) for name in (*LISTS, "kept", "missing")),
    Column("why", "why missing", gives_way=True),
]


@app.command()
def coverage(  # noqa: PLR0913 -- each is an option
    site: Annotated[
        str,
        typer.Argument(metavar="SITE", autocompletion=complete_site, help="A newspaper, by its id or address."),
    ],
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help=f"From this day on: {times.FORMS}. [default: {DAYS} days before the last]"),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Up to this day, written as for --since. [default: today]")
    ] = None,
    json: JsonOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Tell what a newspaper's lists named, what was kept of it, and what is missing and why.

    By day and section: articles named by sitemap, feed and listing; an article counts in each that names it. Its day is
    its own date where it was kept, else the date that sitemap or feed gave, else the day it was first named. Missing is
    told by the code of the failure, `due later`, `never tried`, `no article`. --format urls prints what is missing, for
    luubao fetch -i FILE.
    """
    path, now = archive_path(archive), datetime.now().astimezone()
    format = Format.JSON if json else format  # noqa: A001 -- as above
    chosen = chosen_fields(fields, known=FIELDS, usual=FIELDS)
    last = times.last_day(until, now) if until else now.date()
    first = times.first_day(since, now) if since else last - timedelta(days=DAYS)
    with closing(open_reader(path)) as connection, errors_of(path):
        name = _site_id(connection, site)
        found = targets(connection, name, since=first, until=last, now=now.astimezone(UTC))
        advice = "" if found else nothing_of(connection, name)
    records: list[dict[str, Any]] = list(by_day(found))
    if format is Format.URLS:
        records = [{"url": target.url} for target in found if target.missing]
    elif format is Format.TABLE and fields is None:
        records = [record | {"why": _told(record["why"])} for record in records]
    shown = TABLE if fields is None else [Column(field, field) for field in chosen]
    write_records(records, format=format, fields=chosen, columns=shown, is_raw_csv=raw_csv)
    if found:
        output.say(f"From {first} to {last}: {_summary(found)}")
    else:
        output.say(f"Nothing was named by {name} from {first} to {last}{advice}")


def _site_id(connection: sqlite3.Connection, site: str) -> str:
    """Return the id under which a newspaper is kept, that is named by its id or an address."""
    if is_site(connection, site) or "." not in site:
        return site
    from commands.joining import known_sites, seed_of  # noqa: PLC0415 -- loads the crawl; for addresses alone

    return seed_of(site, known_sites()).site


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {why}" for why, count in counts.items())


def _summary(found: Sequence[Target]) -> str:
    why = Counter(target.missing for target in found if target.missing)
    days = Counter(target.day_from for target in found)
    told = {"article": "by the article", "list": "by sitemap or feed", "first named": "the day it was first named"}
    days_told = ", ".join(f"{count:,} {told[kind]}" for kind, count in days.most_common())
    missing = f"{why.total():,} missing" + (f" ({_told(dict(why.most_common()))})" if why else "")
    return f"{len(found):,} articles named, {len(found) - why.total():,} kept, {missing}. Days: {days_told}."
