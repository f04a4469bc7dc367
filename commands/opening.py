"""luubao open: an article in the browser, as it is on the web or as it was kept."""

from __future__ import annotations

import os
import re
import tempfile
import webbrowser
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.harmless import safe_address
from archive.queries import find, kept_page, show
from commands import output
from commands.exits import UsageProblem
from commands.options import ArchiveOption, archive_path
from commands.registry import command_app
from commands.single_article import ArticleArgument, check_named, key
from scraper.charset import decode

app = command_app()

_BARE = re.compile(r"[^/:]+(:\d+)?(/|$)")
"""An address without its scheme: bao.example:8080/tin-1.html."""


@app.command()
def open_(
    article: ArticleArgument,
    *,
    archived: Annotated[
        bool, typer.Option("--archived", help="The page as it was kept, without scripts and pictures.")
    ] = False,
    version: Annotated[
        int | None,
        typer.Option(
            "--version", min=1, metavar="N", help="With --archived: an older version, from 1. [default: the newest]"
        ),
    ] = None,
    archive: ArchiveOption = None,
) -> None:
    """Open an article in the browser, live or as it was kept.

    Where there is no browser, its address is printed. A kept page is written to a file that you alone can read.
    """
    check_named(article)
    if version is not None and not archived:
        raise UsageProblem("--version is for --archived: on the web there is but one")
    path = archive_path(archive)
    address = _written(article, version, path).as_uri() if archived else _address(article, path)
    if _browse(address):
        output.say(f"Opened {address}")
    else:
        output.say("There is no browser here; open this address in one:")
        output.line(address)


def _address(article: str, path: Path) -> str:
    """Return where an article is on the web: as given, or by its number; raises UsageProblem, ArchiveError."""
    if article.isdecimal():
        with closing(open_reader(path)) as connection, errors_of(path):
            address = str(show(connection, article)["url"])
    else:
        address = f"https://{article}" if _BARE.match(article) else article
    if safe_address(address) == "#":
        raise UsageProblem(f"{address} is no web page: only http and https are opened")
    return safe_address(address)


def _written(article: str, version: int | None, path: Path) -> Path:
    """Write the kept page, made harmless, into a new file with a name nobody can guess."""
    from archive.loads import missing  # noqa: PLC0415 -- of no use to the live page
    from commands.archived_page import harmless  # noqa: PLC0415 -- loads selectolax

    with closing(open_reader(path)) as connection, errors_of(path):
        number = find(connection, article, key=key)
        page = kept_page(connection, number, version=version)
    told = f"Article {number}" + (f", version {version}" if version else "")
    decoded = decode(page.body, page.header("content-type"))
    without = ", ".join(f"{name}: {count:,}" for name, count in missing(decoded.text).counts().items())
    told += f" (left out: {without})" if without else ""
    return _private_file(harmless(decoded.markup, url=page.url, captured_at=page.fetched_at, told=told))


def _private_file(text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="luubao-", suffix=".html")  # 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def _browse(address: str) -> bool:
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
