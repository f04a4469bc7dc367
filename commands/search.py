"""luubao search: words in the kept articles."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.queries import Filters
from archive.search import Hit
from archive.search import count as count_hits
from archive.search import search as find_hits
from commands import output
from commands.articles import FIELDS, minute, write_articles
from commands.misses import why_nothing
from commands.options import (
    ArchiveOption,
    DiscoveredOption,
    FieldsOption,
    FormatOption,
    KindOption,
    LimitOption,
    RawCsvOption,
    SectionOption,
    SinceOption,
    SiteOption,
    UniqueOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.output import Part, Style
from commands.records import Format
from commands.registry import PlainCommand, command_app
from commands.text import marked

app = command_app()

NO_LIMIT = 1_000_000
INDENT = " " * 8
_SHORT_OPTION = re.compile(rf"-n\d*|-f({'|'.join(Format)})?")
_WITHOUT = "\0"  # stands before a -word while the options are read; no argument of a process can hold it


class SearchSort(StrEnum):
    """In which order hits are given."""

    NEWEST = "newest"
    RELEVANCE = "relevance"
    OLDEST = "oldest"


class WordsCommand(PlainCommand):
    """A command whose words may begin with a minus: `luubao search cầu -đường`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- a class Typer keeps to itself
        """Take -word for a word; --word and the short options stay options."""
        return super().parse_args(ctx, [_WITHOUT + arg if _is_word(arg) else arg for arg in args])


def _is_word(arg: str) -> bool:
    return len(arg) > 1 and arg[0] == "-" and arg[1] != "-" and not _SHORT_OPTION.fullmatch(arg)


@app.command(cls=WordsCommand)
def search(  # noqa: PLR0913 -- each is an option
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="What to look for.")],
    *,
    site: SiteOption = None,
    section: SectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    discovered_since: DiscoveredOption = None,
    kind: KindOption = None,
    unique: UniqueOption = False,
    exact_accents: Annotated[
        bool, typer.Option("--exact-accents", help="Only articles with the accents as typed: bán is not bạn.")
    ] = False,
    limit: LimitOption = 20,
    sort: Annotated[SearchSort, typer.Option("--sort", help="In which order.")] = SearchSort.NEWEST,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 -- named as the option is
    fields: FieldsOption = None,
    raw_csv: RawCsvOption = False,
    archive: ArchiveOption = None,
) -> None:
    """Search the kept articles for words.

    Accents need not be typed: duong le duan finds đường Lê Duẩn. Articles with the words side by side come first.
    Also understood: '"cảng cá"' (a phrase), -bão (without it), cầu OR đường, lũ* (how a word begins), title:cầu,
    author:hằng, section:"kinh tế", site:danvan, after:2023-03, before:2024.

    On a pipe the table is one line an article: id, time, site, title, URL, parted by tabs.
    """
    filters = filters_of(
        site=site,
        kind=kind,
        section=section,
        since=since,
        until=until,
        discovered_since=discovered_since,
        unique=unique,
    )
    typed = " ".join(words).replace(_WITHOUT, "")
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        if count:
            hits, number = [], _count(connection, typed, filters, exact_accents=exact_accents)
        else:
            most = limit or NO_LIMIT
            hits = find_hits(connection, typed, filters, sort=sort, limit=most, exact_accents=exact_accents)
        advice = (
            "" if count or hits else why_nothing(connection, filters, lambda all_: count_hits(connection, typed, all_))
        )
    if count:
        output.line(str(number))
    elif hits and format is Format.TABLE and fields is None and output.is_terminal():
        _print_hits(hits)
    else:
        records = [hit.article | {"snippet": hit.snippet.text} for hit in hits]
        if not write_articles(records, format=format, fields=fields, is_raw_csv=raw_csv, known=(*FIELDS, "snippet")):
            output.say(f"Nothing found for {typed}{advice}")


def _count(connection: sqlite3.Connection, typed: str, filters: Filters, *, exact_accents: bool) -> int:
    """Count hits; accents are seen in the texts alone, so that with them each hit is looked at."""
    if not exact_accents:
        return count_hits(connection, typed, filters)
    return len(find_hits(connection, typed, filters, limit=NO_LIMIT, exact_accents=True))


def _print_hits(hits: Sequence[Hit]) -> None:
    """Print hits for people: title, place and time, and the piece of the text that has the words."""
    for at, hit in enumerate(hits):
        if at:
            output.line()
        _print_hit(hit)


def _print_hit(hit: Hit) -> None:
    article, snippet = hit.article, hit.snippet
    facts = " · ".join(filter(None, (minute(article) or "no date", article["site"], article["section"])))
    output.paragraph(Part(facts, Style.DIM), indent=Part(f"{article['id']:>6}  ", Style.DIM), hanging=INDENT)
    output.marked_paragraph(
        marked(article["title"] or "(without title)", hit.title_highlights), style=Style.BOLD, indent=INDENT
    )
    before, after = "… " if snippet.has_before else "", " …" if snippet.has_after else ""
    output.marked_paragraph(before + marked(snippet.text, snippet.highlights) + after, indent=INDENT)
