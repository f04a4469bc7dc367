"""luubao prune: articles erased with every trace, by order."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import errors_of, open_reader
from archive.prune import prune as erase
from archive.prune import scrub
from archive.queries import Filters, find, list_articles
from commands import output
from commands.exits import UsageProblem
from commands.options import (
    ArchiveOption,
    KindOption,
    SectionOption,
    SinceOption,
    SiteOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.registry import command_app
from commands.upkeep import bring_up_to_date, upkeep
from commands.working import bar
from scraper.urls import alias_key

app = command_app()

SHOWN = 10


@app.command()
def prune(  # noqa: PLR0913 -- each is an option
    which: Annotated[list[str] | None, typer.Argument(metavar="[ID|URL]...", help="Articles to erase.")] = None,
    *,
    site: SiteOption = None,
    kind: KindOption = None,
    section: SectionOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    archive: ArchiveOption = None,
) -> None:
    """Erase articles with every trace, for ever.

    Versions, pages, pictures, links, and their words in the index, the file and its log. Hashes stay behind, so that
    crawl, fetch, import and merge never bring them back, and the roots of luubao verify hold. Pages of other articles
    that name them stay as they were sent, and backups still have them.
    """
    path = archive_path(archive)
    filters = filters_of(site=site, kind=kind, section=section, since=since, until=until)
    if not which and filters == filters_of():
        raise UsageProblem("name the articles to erase, or filters such as --site and --section")
    bring_up_to_date(path)
    ids = _chosen(path, which or [], filters)
    if not ids:
        output.say("Nothing to erase.")
        return
    if not yes:
        _ask(path, ids)
    with upkeep(path, "prune", {"articles": len(ids)}) as opened, bar() as tick:
        gone = erase(opened, ids, datetime.now(UTC), tick=tick)
        scrub(opened, tick=tick)
    counts = f"{gone.articles:,} articles, {gone.versions:,} versions, {gone.visits:,} visits, {gone.pages:,} pages"
    output.paragraph(f"erased {counts}; {gone.rewritten:,} pages of others written anew")
    if gone.twins:
        twins = ", ".join(map(str, gone.twins))
        output.say(f"luubao: the very same text stays in the archive as {twins}; erase these too, if they are meant")


def _chosen(path: Path, which: list[str], filters: Filters) -> list[int]:
    with closing(open_reader(path)) as connection, errors_of(path):
        if which:
            return list(dict.fromkeys(find(connection, each, key=alias_key) for each in which))
        return [row["id"] for row in list_articles(connection, filters, limit=None)]


def _ask(path: Path, ids: list[int]) -> None:
    """Show what would go and ask; where nobody can answer, raise UsageProblem."""
    if not output.is_terminal(sys.stdin):
        raise UsageProblem(f"this erases {len(ids):,} articles for ever; add --yes to do it without a question")
    with closing(open_reader(path)) as connection, errors_of(path):
        for article_id in ids[:SHOWN]:
            row = connection.execute("SELECT url, title FROM articles_view WHERE id = ?", (article_id,)).fetchone()
            output.say(f"{article_id}  {row['title'] or row['url']}")
    if len(ids) > SHOWN:
        output.say(f"and {len(ids) - SHOWN:,} more")
    typer.confirm(f"Erase {len(ids):,} articles for ever?", abort=True, err=True)
