"""luubao schedule: leave the crawl to cron, or to systemd."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from commands import crontab, output, sizes, times
from commands.defaults import named_file
from commands.exits import UsageProblem
from commands.intervals import Interval, interval, shorter
from commands.options import (
    TOLD,
    ArchiveOption,
    ContactOption,
    DelayOption,
    PrivateOption,
    archive_path,
    complete_site,
)
from commands.registry import command_app
from commands.run_options import (
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

app = command_app()

OWN = {"targets", "archive", "every", "cron", "systemd", "install", "remove"}
"""Parameters that are not handed on to luubao crawl as they stand."""
SCHEDULE = "When, and where it stands"


@app.command()
def schedule(  # noqa: PLR0913 -- each is an option
    ctx: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SITE|URL]...",
            envvar="LUUBAO_CRAWL",
            autocompletion=complete_site,
            help="As for luubao crawl. [default: all this archive was crawled for]",
        ),
    ] = None,
    *,
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="From one crawl to the next.", rich_help_panel=SCHEDULE)
    ] = "30m",
    cron: Annotated[
        bool,
        typer.Option(
            "--cron", help="Print a line for crontab -e, as is done unless told otherwise.", rich_help_panel=SCHEDULE
        ),
    ] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print a user's timer and service instead.", rich_help_panel=SCHEDULE)
    ] = False,
    install: Annotated[
        bool,
        typer.Option(
            "--install",
            help="Put the line in your crontab, in place of an earlier one for this archive.",
            rich_help_panel=SCHEDULE,
        ),
    ] = False,
    remove: Annotated[
        bool,
        typer.Option("--remove", help="Take the line for this archive out of your crontab.", rich_help_panel=SCHEDULE),
    ] = False,
    max_pages: MaxPagesOption = None,
    max_time: MaxTimeOption = None,
    max_archive_gb: MaxArchiveOption = None,
    delay: DelayOption = None,
    per_site: PerSiteOption = None,
    contact: ContactOption = None,
    proxy: ProxyOption = None,
    allow_private: PrivateOption = False,
    stale_after: StaleAfterOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Let cron mail nothing but errors.", rich_help_panel=TOLD)
    ] = False,
    log: LogOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    log_size: LogSizeOption = "10MB",
    log_files: LogFilesOption = 5,
    ping: PingOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Print the line that leaves the crawl to cron, or put it in your crontab.

    It carries the archive, and what you say here or in the environment; what stands in luubao.toml is read at each
    crawl. The rest of the crontab stays as it is, to the byte.
    """
    del max_pages, delay, allow_private, quiet, log_format, log_files  # carried by what the context says of them
    _refuse_both(cron=cron, systemd=systemd, install=install, remove=remove)
    path = archive_path(archive).absolute()
    if remove:
        _remove(path)
        return
    if proxy and urlsplit(proxy).password and _is_named(ctx, "proxy"):
        raise UsageProblem("--proxy: a password is better kept in luubao.toml, which luubao config edit opens")
    checked_proxy(proxy)
    checked_ping(ping)
    max_archive_bytes(max_archive_gb)
    manners_of(per_site)
    sizes.bytes_of(log_size)
    for length in (max_time, stale_after):
        times.seconds(length or "0")
    when = interval(every, name=f"{platform.node()} {path}")
    command = [
        *program(ctx),
        "crawl",
        *_targets(ctx, targets or [], path, contact),
        "--archive",
        str(path),
        *_carried(ctx, when),
    ]
    if systemd:
        _print_units(command, path, when, log)
    elif install:
        _install(crontab.entry(when.cron, command, path), path)
    else:
        output.line(crontab.entry(when.cron, command, path))
        output.say("Paste it with crontab -e, or give the same command again with --install.")


def _refuse_both(*, cron: bool, systemd: bool, install: bool, remove: bool) -> None:
    if cron and systemd:
        raise UsageProblem("--cron or --systemd, one of them")
    if install and remove:
        raise UsageProblem("--install or --remove, one of them")
    if systemd and (install or remove):
        raise UsageProblem("--install and --remove are for cron; paste the units of --systemd, docs/cron.md tells how")


# --- what is to be run ------------------------------------------------------------------------------------------------


def program(ctx: typer.Context) -> list[str]:
    """Return how the luubao in use is started where neither the shell's PATH nor its folders are known."""
    started = shutil.which(sys.argv[0]) or sys.argv[0]
    beside = Path(sys.executable).with_name("luubao")
    found = [os.path.abspath(started)]  # noqa: PTH100 -- resolve() would follow pipx's link to a version that goes
    if Path(started).name != "luubao":  # python -m cli
        found = [str(beside)] if beside.exists() else [sys.executable, "-m", "cli"]
    folder = os.environ.get("XDG_CONFIG_HOME")
    file = named_file(ctx)
    return [
        *(["/usr/bin/env", f"XDG_CONFIG_HOME={folder}"] if folder else []),
        *found,
        *(["--config", str(file.absolute())] if file else []),
    ]


def _targets(ctx: typer.Context, targets: list[str], path: Path, contact: str | None) -> list[str]:
    """Return the newspapers to write down; none where the file of settings or the archive tells them at each crawl.

    Raises UsageProblem for newspapers and for a contact that a crawl would refuse.
    """
    from commands.crawl import earlier_targets  # noqa: PLC0415 -- what --remove needs not
    from commands.crawl_options import CrawlOptions  # noqa: PLC0415 -- as above
    from commands.joining import policy_of, sources_of  # noqa: PLC0415 -- as above

    policy_of(CrawlOptions(contact=contact), sources_of(targets or earlier_targets(path)))
    return targets if _is_named(ctx, "targets") else []


def _is_named(ctx: typer.Context, name: str) -> bool:
    """Tell whether the line or the environment gives a parameter."""
    return getattr(ctx.get_parameter_source(name), "name", "") in {"COMMANDLINE", "ENVIRONMENT"}


def _carried(ctx: typer.Context, when: Interval) -> list[str]:
    """Return the options of luubao crawl that were named, and an end before the next crawl begins."""
    words: list[str] = []
    for param in ctx.command.params:
        name = param.name or ""
        if name not in OWN and _is_named(ctx, name):
            words += _words(param.opts[0], ctx.params[name])
    if getattr(ctx.get_parameter_source("max_time"), "name", "DEFAULT") == "DEFAULT":
        words += ["--max-time", shorter(when.seconds)]
    return words


def _words(option: str, value: Any) -> list[str]:  # noqa: ANN401 -- of the option's type
    if isinstance(value, bool):
        return [option] if value else []
    if isinstance(value, list):
        return [word for each in value for word in (option, str(each))]
    if isinstance(value, Path):
        return [option, str(value.expanduser().absolute())]
    if isinstance(value, float):
        return [option, f"{value:g}"]
    return [option, str(value.value if isinstance(value, Enum) else value)]


# --- where it is put --------------------------------------------------------------------------------------------------


def _install(line: str, path: Path) -> None:
    before = crontab.read() or b""
    after = crontab.with_entry(before, line, path)
    if after != before:
        crontab.write(after)
    output.line(line)
    output.say("It stands in your crontab. luubao runs shows each crawl; luubao schedule --remove takes it out.")


def _remove(path: Path) -> None:
    before = crontab.read() or b""
    after = crontab.without_entry(before, path)
    if after == before:
        output.say(f"There is no line for {path} in your crontab.")
        return
    crontab.write(after)
    output.say(f"The line for {path} is out of your crontab.")


def _print_units(command: list[str], path: Path, when: Interval, log: Path | None) -> None:
    from commands import timers  # noqa: PLC0415 -- what cron needs not

    folders = [path.parent, *([log.expanduser().absolute().parent] if log else [])]
    output.lines(timers.service(command, path, folders))
    output.lines(timers.timer(when.calendar, path).rstrip("\n"))
    name = timers.name_of(path)
    if not path.parent.is_dir():
        output.say(f"Make the folder first, the service may not: mkdir -p {path.parent}")
    output.say(f"Write each to its file, then: systemctl --user enable --now {name}.timer; loginctl enable-linger")
