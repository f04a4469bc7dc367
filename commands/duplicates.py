"""luubao duplicates: articles with nearly one text, and which of them was likely first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.duplicates import waiting
from archive.queries import find
from archive.reprints import count_groups, group_of, groups
from commands import output
from commands.articles import FIELDS as ARTICLE_FIELDS
from commands.articles import IN_MARKDOWN, WIDE_FIELDS, minute
from commands.options import (
    ArchiveOption,
    DiscoveredOption,
    FieldsOption,
    FormatOption,
    RawCsvOption,
    SectionOption,
    SinceOption,
    SiteOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.output import Column, Style
from commands.records import Format, Record, chosen_fields, write_records
from commands.registry import command_app
from commands.single_article import key

app = command_app()

FIELDS = ("group", "original", "likeness", *ARTICLE_FIELDS)
ON_TERMINAL = [
    Column("id", "id", Style.DIM, is_number=True),
    Column("published_at", "published"),
    Column("site", "site", Style.DIM),
    Column("alike", "alike", is_number=True),
    Column("title", "title", gives_way=True, is_link=True),
]
ON_PIPE = [Column(name, name) for name in ("group", "id", "likeness", "published_at", "site", "title", "url")]


@app.command()
def duplicates(  # noqa: PLR0913 -- each is an option
    article: Annotated[
        str | None, typer.Argument(metavar="[ID|URL]", help="Only the copies of this article. [default: all groups]")
    ] = None,
    *,
    site: SiteOption = None,
    section: SectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    discovered_since: DiscoveredOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, metavar="N", help="At most N groups; 0 is all.")] = 20,
    count: Annotated[bool, typer.Option("--count", help="Print only how many groups there are.")] = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """List articles with nearly one text: reprints, wire stories, edited copies.

    In each group the likely original comes first: the one that others name as their source, else the earliest. The
    others tell how much of their text and its text both have. Filters choose groups in which an article passes them.
    On a pipe the table is one line an article: group, id, likeness, time, site, title, URL, parted by tabs.
    """
    filters = filters_of(site=site, section=section, since=since, until=until, discovered_since=discovered_since)
    chosen = chosen_fields(fields, known=FIELDS, usual=FIELDS)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        left = waiting(connection)
        number = count_groups(connection, filters) if count else None
        if article is not None:
            found = group_of(connection, find(connection, article, key=key))
        else:
            found = [] if count else list(groups(connection, filters, limit=limit or None))
    if number is not None:
        output.line(str(number))
    elif found:
        _write(found, format, chosen, is_raw_csv=raw_csv, is_usual=fields is None)
    else:
        output.say("No copies found")
    if left:
        output.say(f"{left:,} texts are not compared yet; the next crawl or fetch does it when it ends")


def _write(
    found: Sequence[Record],
    form: Format,
    fields: list[str],
    *,
    is_raw_csv: bool,
    is_usual: bool,
) -> None:
    if form is Format.TABLE and is_usual and output.is_terminal():
        write_records(_for_people(found), format=form, fields=fields, columns=ON_TERMINAL)
        return
    if form is Format.MARKDOWN and is_usual:
        fields = ["group", "likeness", *IN_MARKDOWN]
    columns = ON_PIPE if is_usual else [Column(n, n, gives_way=n in WIDE_FIELDS) for n in fields]
    write_records(found, format=form, fields=fields, columns=columns, is_raw_csv=is_raw_csv)


def _for_people(found: Iterable[Record]) -> Iterator[Record]:
    """Yield rows to read, an empty one between groups."""
    for at, (_, members) in enumerate(groupby(found, key=lambda member: member["group"])):
        if at:
            yield {}
        for member in members:
            alike = "first" if member["original"] else f"{member['likeness']:.0%}"
            shown = {"published_at": minute(member), "alike": alike, "title": member["title"] or "(without title)"}
            yield dict(member) | shown
