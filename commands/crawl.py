"""luubao crawl: find what is new in newspapers, read it and keep it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from archive.connect import open_reader
from archive.errors import ArchiveMissing
from archive.lock import require_free
from archive.mounts import file_system, is_networked
from archive.queries import runs
from archive.reports import failed_urls, record
from commands import output, sizes, times
from commands.closing import Crawled, Stale, told_fall
from commands.crawl_options import CrawlOptions
from commands.exits import ExitCode, UsageProblem
from commands.options import (
    TOLD,
    ArchiveOption,
    ContactOption,
    DelayOption,
    ErrorFileOption,
    PrivateOption,
    archive_path,
    complete_site,
)
from commands.output import Part, Style
from commands.progress import display, duration, summary
from commands.records import write_json, write_lines
from commands.registry import command_app
from commands.run_options import (
    LIMITS,
    LogFilesOption,
    LogFormat,
    LogFormatOption,
    LogOption,
    LogSizeOption,
    MaxArchiveOption,
    MaxPagesOption,
    MaxTimeOption,
    PerSiteOption,
    PingOption,
    ProxyOption,
    StaleAfterOption,
    checked_ping,
    checked_proxy,
    manners_of,
    max_archive_bytes,
)
from commands.sharding import (
    AddressOption,
    Runner,
    RunnerOption,
    ShardOption,
    ShardsOption,
    checked_shard,
    checked_shards,
    crawl_shards,
    targets_of,
    tell_empty,
)
from scraper.models import Verdict

app = command_app()

HINT = "Hint: tell newspapers how to reach you: --contact URL|MAIL, or LUUBAO_CONTACT."
DEPTH = CrawlOptions().depth
RUNS_LOOKED_AT = 200
BROUGHT = ("new", "changed", "reread", "same", "listed")


@app.command()
def crawl(  # noqa: PLR0913 -- each is an option
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SITE|URL]...",
            autocompletion=complete_site,
            envvar="LUUBAO_CRAWL",
            help="Newspapers by id or address. [default: all this archive was crawled for]",
        ),
    ] = None,
    *,
    max_pages: MaxPagesOption = None,
    max_time: MaxTimeOption = None,
    max_bytes: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="Begin no page after 500kB, 20MB, 1GB. [default: no end]", rich_help_panel=LIMITS
        ),
    ] = None,
    depth: Annotated[
        int, typer.Option(min=0, metavar="N", help="Links followed from where it begins.", rich_help_panel=LIMITS)
    ] = DEPTH,
    backfill: Annotated[
        str | None,
        typer.Option(
            metavar="FROM..TO",
            help="Walk into the past instead, for what is of these days: 2023-01..2023-03. Begun again, it goes on.",
            rich_help_panel=LIMITS,
        ),
    ] = None,
    max_revisits: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Known articles asked for again, a host and day (UTC).", rich_help_panel=LIMITS
        ),
    ] = CrawlOptions().max_revisits,
    max_archive_gb: MaxArchiveOption = None,
    delay: DelayOption = None,
    per_site: PerSiteOption = None,
    contact: ContactOption = None,
    proxy: ProxyOption = None,
    allow_private: PrivateOption = False,
    simulate: Annotated[
        bool,
        typer.Option(
            "--simulate",
            "-s",
            help="Read sections and sitemaps, print what would be fetched; keep nothing.",
            rich_help_panel=TOLD,
        ),
    ] = False,
    stale_after: StaleAfterOption = None,
    error_file: ErrorFileOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but errors.", rich_help_panel=TOLD)
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the record of the run as JSON.", rich_help_panel=TOLD)
    ] = False,
    log: LogOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    log_size: LogSizeOption = "10MB",
    log_files: LogFilesOption = 5,
    ping: PingOption = None,
    shard: ShardOption = None,
    shards: ShardsOption = None,
    runner: RunnerOption = Runner.NATIVE,
    address: AddressOption = None,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Crawl newspapers: find what is new, read it and keep it.

    Only what is new or due again is fetched. Ctrl-C ends the crawl after what is in hand; the next one goes on there.
    """
    path, part = archive_path(archive), checked_shard(shard)
    if count := checked_shards(runner, address, shards, shard):
        return crawl_shards(path, count, address, files={"--log": log, "--error-file": error_file})
    path = part.path(path) if part else path
    if not simulate:
        require_free(path, "luubao crawl")
    from commands.joining import run_to_the_end  # noqa: PLC0415 -- loads the crawl, which help and a locked archive need not
    from commands.logs import LogPlan, logging_to, reports, tell_end  # noqa: PLC0415 -- as above
    from commands.signals import StopSignals  # noqa: PLC0415 -- as above

    wanted = targets_of(targets or earlier_targets(path), part)
    if part and not wanted:
        return tell_empty(part, is_json=json)
    options = CrawlOptions(
        max_pages=max_pages,
        max_seconds=times.seconds(max_time) if max_time else None,
        max_bytes=sizes.bytes_of(max_bytes) if max_bytes else None,
        depth=depth,
        backfill=times.span(backfill, datetime.now().astimezone()) if backfill else None,
        max_revisits=max_revisits,
        delay_seconds=delay,
        contact=contact,
        is_simulated=simulate,
        allow_private=allow_private,
        stale_after_seconds=times.seconds(stale_after) if stale_after else None,
        proxy=checked_proxy(proxy),
        max_archive_bytes=max_archive_bytes(max_archive_gb),
        per_site=manners_of(per_site),
    )
    pinged = checked_ping(ping)
    if error_file:
        error_file.open("a").close()  # a file that cannot be written is told before the crawl, not after
    if not quiet:
        introduce(wanted, contact)
        _warn_of_disk(path)
    signals = StopSignals()
    with logging_to(LogPlan(log, log_format, log_size, log_files), "luubao crawl") as write_down:
        with display(is_quiet=quiet or json) as shown:
            report = reports(shown.report, write_down)
            done = run_to_the_end(path, wanted, options=options, report=report, signals=signals, look=shown.look)
        if error_file:
            write_failed_urls(path, done, error_file)
        tell_end(summary(done.tally), done.code)
        _tell(path, done, is_quiet=quiet, is_json=json)
        if pinged and done.run_id:
            _ping(pinged, done.code, options)
    return done.code


def _ping(url: str, code: ExitCode, options: CrawlOptions) -> None:
    """Tell a monitor of a run that went well."""
    from commands.pings import WENT_WELL, ping  # noqa: PLC0415 -- as above

    told = ping(url, contact=options.contact, proxy=options.proxy) if code in WENT_WELL else None
    if told:
        output.say(f"Warning: {told}")


def _tell(path: Path, done: Crawled, *, is_quiet: bool, is_json: bool) -> None:
    """Print what a crawl brought: the record for programs, a line for people, and what they should look into."""
    if is_json:
        write_json(_record(path, done))
    elif done.run_id is None:
        print_plan(done)
    elif not is_quiet:
        output.paragraph(summary(done.tally))
        if done.left_of_backfill:
            output.paragraph(
                f"{done.left_of_backfill:,} pages of the days asked for are left; the same command goes on"
            )
        for fall in done.falls:
            output.say(f"Warning: {told_fall(fall)}")
    if done.code is ExitCode.DISK_LOW or not is_quiet:
        for note in done.notes:
            output.say(f"luubao: {note}")
    for stale in done.stale:
        output.say(f"luubao: {told_stale(stale)}")


def _record(path: Path, done: Crawled) -> dict[str, Any]:
    if done.run_id is None:
        planned = [{"url": found.url, "title": found.title} for found in done.planned]
        return done.tally.to_dict() | {"planned": planned, "exit_code": int(done.code)}
    with closing(open_reader(path)) as connection:
        return record(connection, done.run_id)


def print_plan(done: Crawled) -> None:
    """Print the articles that a crawl would fetch: their titles and addresses, on a pipe a line each."""
    for found in done.planned:
        if output.is_terminal():
            output.line(Part(found.title or "(its title is not told)", Style.BOLD))
            output.line("  ", Part(found.url, Style.DIM))
        else:
            output.table([], [[found.url, found.title or ""]])
    lists = done.tally.verdicts[Verdict.LISTED]
    failed = ", ".join(f"{count:,} {code}" for code, count in done.tally.errors.most_common()) or "0"
    output.say(
        f"{len(done.planned):,} articles would be fetched; nothing was kept ({lists:,} lists read, {failed} failed)"
    )


def told_stale(stale: Stale) -> str:
    """Write for people since when a newspaper has given nothing new."""
    age = (datetime.now(UTC) - stale.since).total_seconds()
    return f"{stale.site} has given nothing new since {stale.since:%Y-%m-%d %H:%M} UTC, for {duration(age)}"


def write_failed_urls(path: Path, done: Crawled, file: Path) -> None:
    """Write the URLs that failed in the run, one a line; an empty file where none did."""
    with closing(open_reader(path)) as connection:
        urls = [] if done.run_id is None else list(failed_urls(connection, done.run_id))
    write_lines(file, urls)


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
    from commands.joining import sources_of  # noqa: PLC0415 -- as above

    sources = sources_of(targets)
    wanted = {seed.site for seed in sources.seeds}
    for site in sources.known:
        if site.id in wanted and not site.verified:
            output.say(f"Note: the rules for {site.id} are {site.verified.status}: {site.verified.note}")
    if not contact:
        output.say(HINT)


def _warn_of_disk(path: Path) -> None:
    """Say that an archive lies where SQLite's locks may not hold."""
    if is_networked(path):
        kind = file_system(path)
        output.say(f"Warning: {path} lies on {kind}, a disk of another machine; move it to one of this machine")
