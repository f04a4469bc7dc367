"""luubao list: the kept articles, by site, day and kind."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.queries import count_articles, list_articles
from commands import output
from commands.articles import write_articles
from commands.misses import why_nothing
from commands.options import (
    ArchiveOption,
    AuthorOption,
    DiscoveredOption,
    FieldsOption,
    FormatOption,
    KindOption,
    LimitOption,
    RawCsvOption,
    SectionOption,
    SinceOption,
    SiteOption,
    Sort,
    UniqueOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.records import Format
from commands.registry import command_app

app = command_app()


@app.command()
def list_(  # noqa: PLR0913 -- each is an option
    *,
    site: SiteOption = None,
    section: SectionOption = None,
    author: AuthorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    discovered_since: DiscoveredOption = None,
    kind: KindOption = None,
    unique: UniqueOption = False,
    limit: LimitOption = 20,
    sort: Annotated[Sort, typer.Option("--sort", help="By day of publication.")] = Sort.NEWEST,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """List the kept articles, newest first.

    On a pipe the table is one line an article: id, time, site, title, URL, parted by tabs.
    """
    filters = filters_of(
        site=site,
        kind=kind,
        section=section,
        author=author,
        since=since,
        until=until,
        discovered_since=discovered_since,
        unique=unique,
    )
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        found = count_articles(connection, filters) if count else None
        articles = [] if count else list_articles(connection, filters, sort=sort, limit=limit or None)
        is_miss = found is None and not articles
        advice = why_nothing(connection, filters, lambda all_: count_articles(connection, all_)) if is_miss else ""
    if found is not None:
        output.line(str(found))
    elif not write_articles(articles, format=format, fields=fields, is_raw_csv=raw_csv):
        output.say(f"No article{advice or '; luubao stats tells what is kept'}")
