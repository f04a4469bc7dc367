"""luubao parse: read pages without keeping them, and tell where each value came from."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands import output
from commands.crawl_options import CrawlOptions
from commands.exits import ExitCode, UsageProblem, code_of_failures
from commands.explaining import print_explained
from commands.joining import known_sites, own_site_files
from commands.options import ContactOption, JsonOption, PrivateOption
from commands.reading_view import print_article
from commands.records import json_text, write_json
from commands.registry import command_app
from commands.rendering import as_markdown
from commands.run_options import ProxyOption, checked_proxy
from commands.single_page import fetched_page
from scraper.errors import ScraperError
from scraper.models import Article, Page, Role, Task
from scraper.reading import read_for_article
from scraper.workers import Readers

app = command_app()


@app.command()
def parse(  # noqa: PLR0913 -- each is an option
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|URL... | -", help="Saved pages, or addresses; - reads a page from stdin."),
    ],
    *,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Where the page was. [default: where it says; else the file]"),
    ] = None,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the article as Markdown.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print where each value came from, and what was rejected and why.")
    ] = False,
    allow_private: PrivateOption = False,
    contact: ContactOption = None,
    proxy: ProxyOption = None,
) -> ExitCode:
    """Read pages, keep nothing, and tell where each value came from.

    A page is read in a process of its own, with a limit of memory and time. Several with --json are one line each.
    """
    if url and len(files) > 1:
        raise UsageProblem("--url is for one file")
    if url and not _is_address(url):
        raise UsageProblem(f"--url {url!r} is no address; write it whole: https://…")
    failures: list[str] = []
    options = CrawlOptions(contact=contact, allow_private=allow_private, proxy=checked_proxy(proxy))
    for name in files:
        _check(name)  # before a process is started that would read it
    with Readers(site_files=own_site_files(known_sites()), read_page=read_for_article) as readers:
        for name in files:
            try:
                page = fetched_page(name, options) if _is_address(name) else _saved_page(name, url)
                article = _read(readers, page)
            except ScraperError as error:
                failures.append(error.code)
                output.say(f"luubao: {error}")
                continue
            _print(article, is_one=len(files) == 1, json=json, markdown=markdown, explain=explain)
    return code_of_failures(failures, done=len(files) - len(failures))


def _is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _check(name: str) -> None:
    """Raise UsageProblem for a file that cannot be read."""
    if name != "-" and not _is_address(name):
        try:
            Path(name).open("rb").close()
        except OSError as error:
            raise UsageProblem(f"{name}: {error.strerror}; name a saved page") from error


def _saved_page(name: str, url: str | None) -> Page:
    """Take a saved page for an answer that came when the file was written."""
    if name == "-":
        return Page(name, url or "", 200, (), sys.stdin.buffer.read(), datetime.now(UTC))
    path = Path(name)
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Page(name, url or "", 200, (), path.read_bytes(), saved_at)


def _read(readers: Readers, page: Page) -> Article:
    """Read a page; where no one said where it was, read it again for the address that it names itself."""
    article = _article(readers, page)
    if page.url:
        return article
    if article.canonical_url:
        return _article(readers, replace(page, url=article.canonical_url))
    where = "about:blank" if page.requested_url == "-" else Path(page.requested_url).resolve().as_uri()
    return replace(article, url=where)


def _article(readers: Readers, page: Page) -> Article:
    article = readers.read_now(Task(page.url, Role.ARTICLE, ""), page).article
    if article is None:
        raise ScraperError(page.requested_url, "no page that can be read")
    return article


def _print(article: Article, *, is_one: bool, json: bool, markdown: bool, explain: bool) -> None:
    values = article.to_dict()
    if json and is_one:
        write_json(values)
    elif json:
        output.write(json_text(values) + "\n")
    elif markdown:
        output.lines(as_markdown(values))
    elif explain:
        print_explained(values)
    else:
        print_article(values)
