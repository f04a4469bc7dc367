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
from archive.search import Hit, count_by
from archive.search import count as count_hits
from archive.search import search as find_hits
from archive.suggestions import missing_words
from archive.words import Words, understand, understand_raw
from commands import output
from commands.articles import FIELDS, minute, write_articles
from commands.exits import UsageProblem
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
    UniqueOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.output import Column, Part, Style
from commands.records import Format, Record, chosen_fields, write_records
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


class CountedBy(StrEnum):
    """What hits are counted by."""

    SITE = "site"
    SECTION = "section"
    AUTHOR = "author"
    MONTH = "month"


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
    author: AuthorOption = None,
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
    by: Annotated[
        CountedBy | None, typer.Option("--by", help="Print how many there are by newspaper, section, author or month.")
    ] = None,
    fts: Annotated[
        bool, typer.Option("--fts", help="Take the words as a query in the syntax of SQLite's FTS5.")
    ] = False,
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
        author=author,
        since=since,
        until=until,
        discovered_since=discovered_since,
        unique=unique,
    )
    typed = " ".join(words).replace(_WITHOUT, "")
    wanted = understand_raw(typed) if fts else understand(typed)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        if count or by:
            hits: Sequence[Hit] = ()
            number = count_hits(connection, wanted, filters, exact_accents=exact_accents)
            counts = count_by(connection, wanted, by, filters, exact_accents=exact_accents) if by else []
        else:
            most = limit or NO_LIMIT
            hits = find_hits(connection, wanted, filters, sort=sort, limit=most, exact_accents=exact_accents)
            number, counts = len(hits), []
        advice = "" if number or count else _advice(connection, wanted, filters)
    if count:
        output.line(str(number))
    elif by:
        _print_counts(counts, by, format, fields, is_raw_csv=raw_csv)
    elif hits and format is Format.TABLE and fields is None and output.is_terminal():
        _print_hits(hits)
    else:
        records = [hit.article | {"snippet": hit.snippet.text} for hit in hits]
        write_articles(records, format=format, fields=fields, is_raw_csv=raw_csv, known=(*FIELDS, "snippet"))
    if not number and not count:
        output.say(f"Nothing found for {typed}{advice}")


def _advice(connection: sqlite3.Connection, words: Words, filters: Filters) -> str:
    """Return what to add to "Nothing found": words that no article has, or filters that leave nothing."""
    missing = missing_words(connection, words)
    near = list(dict.fromkeys(word for each in missing for word in each.near))
    if not missing or (not near and len(words.terms) == len(missing)):  # all that was typed: that is said already
        return why_nothing(connection, filters, lambda all_: count_hits(connection, words, all_))
    said = f": no article has {', '.join(each.word for each in missing)}"
    return f"{said}; near it there is {', '.join(near)}" if near else said


def _print_counts(
    counts: Sequence[Record],
    by: CountedBy,
    form: Format,
    fields: str | None,
    *,
    is_raw_csv: bool,
) -> None:
    """Print how many hits there are of each."""
    if form is Format.URLS:
        raise UsageProblem("--by gives counts, not articles; --format urls has nothing to print")
    known = (str(by), "articles")
    chosen = chosen_fields(fields, known=known, usual=known)
    columns = [Column(name, name, is_number=name == "articles", gives_way=name != "articles") for name in chosen]
    rows = [dict(row) | {by: row[by] or "(none)"} for row in counts] if form is Format.TABLE else counts
    write_records(rows, format=form, fields=chosen, columns=columns, is_raw_csv=is_raw_csv)


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
        marked(article["title"] or "(without title)", hit.title_highlights),
        style=Style.BOLD,
        indent=INDENT,
        link=article["url"],
    )
    before, after = "… " if snippet.has_before else "", " …" if snippet.has_after else ""
    output.marked_paragraph(before + marked(snippet.text, snippet.highlights) + after, indent=INDENT)
