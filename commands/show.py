"""luubao show: one article, to read or to hand on."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.queries import find, raw_page
from archive.queries import show as show_article
from commands import output
from commands.explaining import print_explained
from commands.options import ArchiveOption, archive_path
from commands.paging import PagerOption, paged
from commands.reading_view import print_article
from commands.records import Record, write_json
from commands.registry import command_app
from commands.rendering import as_html, as_markdown
from commands.single_article import ArticleArgument, check_named, key

app = command_app()


class ShownAs(StrEnum):
    """In which form an article is shown."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


@app.command()
def show(
    article: ArticleArgument,
    *,
    format: Annotated[ShownAs, typer.Option("--format", "-f", help="How to print.")] = ShownAs.TEXT,  # noqa: A002 -- named as the option is
    raw: Annotated[bool, typer.Option("--raw", help="Print the page as the server sent it.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print where each value came from, and what was rejected and why.")
    ] = False,
    version: Annotated[
        int | None,
        typer.Option("--version", min=1, metavar="N", help="An older version, from 1. [default: the newest]"),
    ] = None,
    pager: PagerOption = True,
    archive: ArchiveOption = None,
) -> None:
    """Show one article to read.

    On a terminal its text is wrapped to the width; --raw gives the page's very bytes to a pipe or a file.
    """
    check_named(article)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        if raw:
            page = raw_page(connection, find(connection, article, key=key), version=version)
        else:
            whole = show_article(connection, article, key=key, version=version)
    if raw:
        output.write_bytes(page)
        return
    with paged(is_wanted=pager):
        if explain:
            print_explained(whole)
        else:
            _print(whole, format)


def _print(whole: Record, form: ShownAs) -> None:
    match form:
        case ShownAs.JSON:
            write_json(whole)
        case ShownAs.MARKDOWN:
            output.lines(as_markdown(whole))
        case ShownAs.HTML:
            output.lines(as_html(whole))
        case ShownAs.TEXT:
            print_article(whole)
