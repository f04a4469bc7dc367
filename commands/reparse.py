"""luubao reparse: the kept pages read again by today's rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.queries import Filters, find
from archive.reread_report import Report
from archive.rereading import Candidate, Rewriting, choose, reread
from archive.scraping import Scraping
from commands import output
from commands.exits import ExitCode, code_of_failures
from commands.joining import known_sites, own_site_files, scraping_of
from commands.options import (
    AnyKind,
    ArchiveOption,
    JsonOption,
    SectionOption,
    SinceOption,
    SiteOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.records import write_json
from commands.registry import command_app
from commands.reread_view import print_report
from commands.single_article import key
from commands.upkeep import bring_up_to_date, upkeep
from commands.working import bar
from scraper.errors import ScraperError
from scraper.models import Article, Page, Role, Task
from scraper.reading import read_for_article
from scraper.workers import Readers

app = command_app()


@app.command()
def reparse(  # noqa: PLR0913 -- each is an option
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|URL]...", help="Articles to read again. [default: all]")
    ] = None,
    *,
    site: SiteOption = None,
    section: SectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only what was last read by another reader or by other rules.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    json: JsonOption = False,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Read the kept pages again by today's rules.

    Tells by field what reads otherwise, with examples. Where something does, the article gets a new version that is
    marked as re-read, and keeps the old; a page is read by the rules of the day it was fetched on. Ctrl-C ends it at
    any instant; --stale goes on there.
    """
    path = archive_path(archive)
    known = known_sites()
    scraping = scraping_of(known)
    if not dry_run:
        bring_up_to_date(path)
    filters = filters_of(site=site, kind=[AnyKind.ANY], section=section, since=since, until=until)
    chosen = _chosen(path, scraping, which or [], filters, is_stale=stale)
    report = Report()
    if chosen:
        told = {"articles": len(chosen), "sites": site or [], "stale": stale}
        with Readers(site_files=own_site_files(known), read_page=read_for_article) as readers:
            reading = _Reading(path, chosen, readers)
            report = reading.dry_run() if dry_run else reading.carry_out(told)
    else:
        output.say("Nothing to read again" + ("; all was read by today's reader and rules" if stale else ""))
    for each in report.failed:
        output.say(f"luubao: article {each.article_id} keeps its version: {each.message}")
    code = code_of_failures([each.code for each in report.failed], done=report.pages)
    if json:
        write_json(report.to_dict() | {"dry_run": dry_run, "exit_code": int(code)})
    elif chosen:
        print_report(report, is_dry_run=dry_run)
    return code


def _chosen(
    path: Path, scraping: Scraping, which: Sequence[str], filters: Filters, *, is_stale: bool
) -> list[Candidate]:
    with closing(open_reader(path)) as connection, errors_of(path):
        ids = [find(connection, each, key=key) for each in which]
        return choose(connection, scraping, filters=filters, ids=ids, is_stale=is_stale)


class _Reading:
    """The chosen articles, and the workers that read them."""

    def __init__(self, path: Path, chosen: Sequence[Candidate], readers: Readers) -> None:
        self._path = path
        self._chosen = chosen
        self._readers = readers

    def dry_run(self) -> Report:
        """Read and compare alone, beside whoever writes."""
        with closing(open_reader(self._path)) as connection, errors_of(self._path), bar() as tick:
            return reread(connection, self._chosen, self._read, tick=tick)

    def carry_out(self, told: dict[str, object]) -> Report:
        """Read, compare and keep, alone."""
        with (
            upkeep(self._path, "reparse", told) as opened,
            Rewriting(opened, lambda: datetime.now(UTC)) as rewriting,
            bar() as tick,
        ):
            try:
                return reread(opened.connection, self._chosen, self._read, keep=rewriting.keep, tick=tick)
            except KeyboardInterrupt:
                output.say("luubao: stopped; what was read is kept, and --stale goes on with the rest")
                raise

    def _read(self, pages: Iterable[Page]) -> Iterator[Article | ScraperError]:
        tasks = ((Task(page.url, Role.ARTICLE, ""), page) for page in pages)
        for reading in self._readers.read_each(tasks):
            if isinstance(reading, ScraperError):
                yield reading
            elif reading.article is not None:
                yield reading.article
