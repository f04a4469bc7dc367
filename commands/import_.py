"""luubao import: pages and articles from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from archive.exchange.intake import Brought
from archive.exchange.sources import Kind, Source, source_of
from archive.store import Archive, Mode
from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.importing import Heard, import_all
from commands.joining import known_sites, own_site_files, scraping_of
from commands.options import ArchiveOption, archive_path
from commands.registry import command_app
from commands.working import bar
from scraper.errors import BadUrl, ParseFailed
from scraper.models import Page, Role, Task
from scraper.reading import read_for_article
from scraper.sites import Site
from scraper.urls import normal
from scraper.workers import Readers

app = command_app()
SAID = 20
"""So many refusals are told one by one."""


@app.command()
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="WARC, WACZ, JSON lines of luubao export, saved pages, or datasets of luubao extract.",
        ),
    ],
    *,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Where a saved page was. [default: where it says itself]"),
    ] = None,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Keep pages and articles from files as a crawl would have.

    Each page has the time of its own visit and takes its place in the history of its article; pages from a web archive
    have their original address. What is kept already, or was erased by order, stays as it is; nothing is asked for.
    """
    sources = [source_of(file, url) for file in files]
    if url and [source.kind for source in sources] != [Kind.HTML]:
        raise UsageProblem("--url is for one saved page")
    known = known_sites()
    with closing(Readers(site_files=own_site_files(known), read_page=read_for_article)) as readers:
        sources = [_with_url(source, readers) if source.kind is Kind.HTML else source for source in sources]
        return _as_run(archive_path(archive), sources, known, readers)


def _as_run(path: Path, sources: Sequence[Source], known: tuple[Site, ...], readers: Readers) -> ExitCode:
    """Import as a run that leaves its record, whatever comes."""
    with Archive.open(path, mode=Mode.WRITE, command="luubao import", scraping=scraping_of(known)) as opened:
        told = {"targets": [source.url or source.path.name for source in sources]}
        opened.start_run("import", told, datetime.now(UTC), luubao_version=version("luubao"))
        code = ExitCode.ERROR
        try:
            code = _import(opened, sources, known, readers)
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
            raise
        finally:
            opened.end_run(code, datetime.now(UTC))
    return code


def _with_url(source: Source, readers: Readers) -> Source:
    """Return a saved page with its address: the one given, else the one it names itself; raises UsageProblem."""
    url = source.url or _own_url(source.path, readers)
    if url is None:
        raise UsageProblem(f"{source.path} does not say its address; give it with --url")
    try:
        return Source(source.path, source.kind, normal(url))
    except BadUrl as error:
        raise UsageProblem(f"--url {url}: {error.reason}; write it whole: https://…") from error


def _own_url(path: Path, readers: Readers) -> str | None:
    """Return the address that a page calls its own, read in a worker: it may be made to do harm."""
    page = Page(path.name, "", 200, (), path.read_bytes(), datetime.now(UTC))
    try:
        article = readers.read_now(Task("", Role.ARTICLE, ""), page).article
    except ParseFailed:
        return None
    return article.canonical_url if article else None


def _import(archive: Archive, sources: Sequence[Source], known: tuple[Site, ...], readers: Readers) -> ExitCode:
    with bar() as tick:
        done = import_all(archive, sources, read=readers.read_now, known=known, say=_teller(), tick=tick)
    output.paragraph(_summary(done.brought, done.heard))
    is_whole = not (done.is_damaged or done.heard.refused or done.heard.failures)
    return ExitCode.OK if is_whole else ExitCode.PARTIAL if _is_something(done.brought) else ExitCode.ERROR


def _is_something(brought: Brought) -> bool:
    return bool(brought.merged.visits or brought.known or brought.articles or brought.verdicts)


def _teller() -> Callable[[str], None]:
    """Return what tells of refusals: the first ones one by one."""
    told = 0

    def say(reason: str) -> None:
        nonlocal told
        told += 1
        if told <= SAID:
            output.say(reason)
        elif told == SAID + 1:
            output.say("more of the kind are not told one by one")

    return say


def _summary(brought: Brought, heard: Heard) -> str:
    merged = brought.merged
    failed = ", ".join(f"{count:,} {code}" for code, count in heard.failures.most_common())
    kept = ((merged.articles, "new article"), (merged.versions, "version"), (merged.visits, "visit"))
    more = (
        (brought.known, "kept already"),
        (merged.erased, "left out, erased by order"),
        (heard.no_pages, "not a page"),
        (heard.other_forms, "AMP, mobile or print form of what is kept"),
        (heard.without_page, "visited again, the page itself not here"),
        (heard.refused, f"record{'s' * (heard.refused != 1)} refused"),
    )
    parts = [", ".join(f"{count:,} {what}{'s' * (count != 1)}" for count, what in kept)]
    parts += [f"{count:,} {what}" for count, what in more if count]
    return "; ".join(parts + ([f"failed: {failed}"] if failed else []))
