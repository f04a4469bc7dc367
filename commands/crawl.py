"""luubao crawl: find what is new in newspapers, read it and keep it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import open_reader
from archive.errors import ArchiveMissing
from archive.queries import runs
from commands import output, times
from commands.exits import ExitCode, UsageProblem
from commands.joining import CrawlOptions, code_of_crawl, run_crawl, sources_of
from commands.options import (
    ArchiveOption,
    ContactOption,
    DelayOption,
    JsonOption,
    PrivateOption,
    archive_path,
    complete_site,
)
from commands.progress import reporter, summary
from commands.records import write_json
from commands.registry import command_app
from commands.signals import StopSignals

app = command_app()

HINT = "Hint: tell newspapers how to reach you: --contact URL|MAIL, or LUUBAO_CONTACT."
RUNS_LOOKED_AT = 200
BROUGHT = ("new", "changed", "reread", "same", "listed")


@app.command()
def crawl(  # noqa: PLR0913 -- each is an option
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SITE|URL]...",
            autocompletion=complete_site,
            help="Newspapers by id or address. [default: all this archive was crawled for]",
        ),
    ] = None,
    *,
    max_pages: Annotated[int | None, typer.Option(min=1, metavar="N", help="End after N pages. [default: all]")] = None,
    max_time: Annotated[
        str | None, typer.Option(metavar="TIME", help="Begin no page after 90s, 30m, 12h, 2d. [default: no end]")
    ] = None,
    delay: DelayOption = None,
    simulate: Annotated[
        bool,
        typer.Option("--simulate", "-s", help="Read sections and sitemaps, print what would be fetched; keep nothing."),
    ] = False,
    allow_private: PrivateOption = False,
    contact: ContactOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    json: JsonOption = False,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Crawl newspapers: find what is new, read it and keep it.

    Only what is new or due again is fetched. Ctrl-C ends the crawl after what is in hand; the next one goes on there.
    """
    path = archive_path(archive)
    wanted = targets or earlier_targets(path)
    options = CrawlOptions(
        max_pages=max_pages,
        max_seconds=times.seconds(max_time) if max_time else None,
        delay_seconds=delay,
        contact=contact,
        is_simulated=simulate,
        allow_private=allow_private,
    )
    if not quiet:
        introduce(wanted, contact)
    signals = StopSignals()
    with reporter(is_quiet=quiet or json, is_simulated=simulate) as report:
        tally = run_crawl(path, wanted, options=options, report=report, signals=signals)
    code = code_of_crawl(tally, signals)
    if json:
        write_json(tally.to_dict() | {"exit_code": int(code)})
    elif simulate:
        output.say(summary(tally))
    elif not quiet:
        output.paragraph(summary(tally))
    return code


def earlier_targets(path: Path) -> list[str]:
    """Return what this archive was crawled for before; raises UsageProblem where that is nothing.

    A run that had not one page tells nothing: its address may have been mistyped.
    """
    try:
        with closing(open_reader(path)) as connection:
            earlier = runs(connection, limit=RUNS_LOOKED_AT)
    except ArchiveMissing:
        earlier = []
    fruitful = [run for run in earlier if any(run[name] for name in BROUGHT)]
    found = dict.fromkeys(target for run in fruitful for target in run["arguments"].get("targets", ()))
    if not found:
        raise UsageProblem("name a newspaper: its id (see luubao sites list) or its address, https://…")
    return list(found)


def introduce(targets: list[str], contact: str | None) -> None:
    """Say what a user should know before: rules that no one has tried yet, and that no one can write to us."""
    sources = sources_of(targets)
    wanted = {seed.site for seed in sources.seeds}
    for site in sources.known:
        if site.id in wanted and not site.verified:
            output.say(f"Note: the rules for {site.id} are {site.verified.status}: {site.verified.note}")
    if not contact:
        output.say(HINT)
