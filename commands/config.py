"""luubao config: the settings that hold for every run, and where each value comes from."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from commands import output
from commands.defaults import default_file, named_file
from commands.exits import ExitCode, UsageProblem
from commands.options import ArchiveOption, ContactOption, JsonOption, complete_site
from commands.output import Column, Part, Style
from commands.records import write_json
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
)
from commands.setting_checks import SETTINGS, Setting
from commands.settings import parsed, problems_of, text_of
from scraper.problems import Problem

app = command_app(no_args_is_help=True, help="Show, check and edit your settings, luubao.toml.")

COLUMNS = [
    Column("key", "setting", Style.BOLD),
    Column("value", "value", gives_way=True),
    Column("from", "from", Style.DIM, gives_way=True),
]
TEMPLATE = """\
# Settings of luubao. luubao config check tells what is wrong here, luubao config
# show what holds: an option outweighs the environment, that outweighs this file.

# archive = "~/news.db"
# contact = "you@example.org"    # so that a newspaper can write to you
# crawl = ["baobinhthuan"]       # where luubao crawl goes unless told
# max_time = "25m"               # of one crawl
# max_pages = 2000               # of one crawl
# max_archive_gb = 20            # warns from 90 % on, then pauses: exit code 7
# stale_after = "3d"             # nothing new for so long: exit code 8
# proxy = "http://proxy.example:3128"
# ping = "https://monitor.example/your-secret"

# [log]
# file = "~/luubao.log"
# format = "text"                # or "json"
# max_size = "10MB"
# files = 5

# [sites.tuoitre]
# delay_seconds = 5              # between two pages
# max_pages = 200                # in one run
# max_pages_day = 2000           # in 24 hours
"""


@app.command()
def show(  # noqa: PLR0913 -- each is a setting
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
    json: JsonOption = False,
    max_pages: MaxPagesOption = None,
    max_time: MaxTimeOption = None,
    max_archive_gb: MaxArchiveOption = None,
    contact: ContactOption = None,
    per_site: PerSiteOption = None,
    proxy: ProxyOption = None,
    stale_after: StaleAfterOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    log_size: LogSizeOption = "10MB",
    log_files: LogFilesOption = 5,
    ping: PingOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Show every setting, and where its value comes from.

    An option outweighs the environment, that outweighs the file, and the file what is built in. Try it with the options
    of luubao crawl. Passwords and secret addresses are left out.
    """
    del targets, max_pages, max_time, max_archive_gb, contact, per_site, proxy, stale_after  # read by their variables
    del log, log_format, log_size, log_files, ping, archive
    rows = list(_rows(ctx))
    file = _file(ctx)
    if json:
        write_json({"file": str(file), "exists": file.is_file(), "settings": rows})
        return
    output.table(COLUMNS, [_cells(row) for row in rows])
    output.say(f"the file is {file}" + ("" if file.is_file() else ", which is not there; luubao config edit makes it"))


@app.command()
def path(ctx: typer.Context) -> None:
    """Print where your settings are, or would be."""
    output.line(str(_file(ctx)))


@app.command()
def check(ctx: typer.Context) -> ExitCode:
    """Check your settings: keys, values, newspapers. Ends with 1 if something is wrong."""
    return _checked(_file(ctx))


@app.command()
def edit(ctx: typer.Context) -> ExitCode:
    """Open your settings in $VISUAL or $EDITOR, and check them afterwards; a file with hints is made first."""
    file = _file(ctx)
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as made:
            made.write(TEMPLATE)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 -- the user's own editor
    except (OSError, ValueError) as error:
        raise UsageProblem(f"no editor {editor!r}; name one in EDITOR, or edit {file}") from error
    if done.returncode:
        raise UsageProblem(f"{editor} ended with {done.returncode}; the file is {file}")
    return _checked(file)


def _file(ctx: typer.Context) -> Path:
    return named_file(ctx) or default_file()


def _checked(file: Path) -> ExitCode:
    """Print what is wrong with a file of settings, and return the exit code."""
    text = text_of(file)
    found = problems_of(text) or list(_problems_of_newspapers(text))
    for problem in found:
        output.line(Part(str(file), Style.BOLD), ": ", str(problem))
    output.say(f"{file}: {len(found)} problem{'s' * (len(found) != 1)}")
    return ExitCode.ERROR if found else ExitCode.OK


def _problems_of_newspapers(text: str) -> Iterator[Problem]:
    """Yield what only a look at the rules of newspapers, and at the User-Agent, can tell."""
    from commands.joining import known_sites  # noqa: PLC0415 -- the scraper, which showing needs not
    from scraper.net.policy import user_agent  # noqa: PLC0415 -- as above

    raw = parsed(text)
    ids = {site.id for site in known_sites()}
    named = [("crawl", name) for name in raw.get("crawl", [])] + [
        (f"sites.{name}", name) for name in raw.get("sites", {})
    ]
    for key, name in named:
        if name not in ids and "." not in name and ":" not in name:
            yield Problem(key, f"no newspaper {name!r}", "see luubao sites list, or give its address")
    try:
        user_agent(raw.get("contact"))
    except ValueError as error:
        reason, _, fix = str(error).partition("; ")
        yield Problem("contact", reason, fix)


# --- what holds -------------------------------------------------------------------------------------------------------


def _rows(ctx: typer.Context) -> Iterator[dict[str, Any]]:
    params = {param.envvar: param for param in ctx.command.params if isinstance(param.envvar, str)}
    for setting in SETTINGS:
        name = params[setting.environment].name or ""
        source = getattr(ctx.get_parameter_source(name), "name", "DEFAULT")
        yield {
            "key": setting.key,
            "value": _without_secret(setting, ctx.params[name]),
            "from": {"COMMANDLINE": "option", "ENVIRONMENT": "environment", "DEFAULT_MAP": "file"}.get(
                source, "default"
            ),
            "option": setting.option,
            "environment": setting.environment,
        }


def _without_secret(setting: Setting, value: Any) -> Any:  # noqa: ANN401 -- of the setting's type
    if value is None or value in ([], ()):
        return None
    if setting.key == "ping":
        return f"{urlsplit(str(value)).scheme}://{urlsplit(str(value)).hostname}/…"
    if isinstance(value, Path | Enum):
        return str(value.value if isinstance(value, Enum) else value)
    return output.without_userinfo(value) if isinstance(value, str) else value


def _cells(row: dict[str, Any]) -> list[str]:
    setting = next(setting for setting in SETTINGS if setting.key == row["key"])
    value = row["value"]
    shown = f"({setting.default})" if value is None else " ".join(value) if isinstance(value, list) else str(value)
    name = {"option": setting.option, "environment": setting.environment}.get(row["from"])
    return [row["key"], shown, f"{row['from']} {name}" if name else row["from"]]
