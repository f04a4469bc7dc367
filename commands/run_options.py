"""The options of a crawl that its user sets once, in luubao.toml, and what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.exits import UsageProblem
from commands.options import MANNERS, TOLD
from commands.setting_checks import SITE_KEYS, amount, proxy, seconds_of_pause, web_address, whole
from scraper.budget import Manners
from scraper.problems import did_you_mean

LIMITS = "When it ends"


class LogFormat(StrEnum):
    """How a log is written."""

    TEXT = "text"
    JSON = "json"


MaxPagesOption = Annotated[
    int | None,
    typer.Option(
        "--max-pages",
        min=1,
        metavar="N",
        envvar="LUUBAO_MAX_PAGES",
        help="End after N pages. [default: all]",
        rich_help_panel=LIMITS,
    ),
]
MaxTimeOption = Annotated[
    str | None,
    typer.Option(
        "--max-time",
        metavar="TIME",
        envvar="LUUBAO_MAX_TIME",
        help="Begin no page after 90s, 30m, 12h, 2d. [default: no end]",
        rich_help_panel=LIMITS,
    ),
]
StaleAfterOption = Annotated[
    str | None,
    typer.Option(
        "--stale-after",
        metavar="TIME",
        envvar="LUUBAO_STALE_AFTER",
        help="End with 8 where a newspaper gave nothing new for 24h, 3d. [default: never]",
        rich_help_panel=TOLD,
    ),
]
MaxArchiveOption = Annotated[
    float | None,
    typer.Option(
        "--max-archive-gb",
        metavar="GB",
        envvar="LUUBAO_MAX_ARCHIVE_GB",
        help="Pause, with 7, where the archive has so much; warn from 90 % on. [default: no limit]",
        rich_help_panel=LIMITS,
    ),
]
PerSiteOption = Annotated[
    list[str] | None,
    typer.Option(
        "--per-site",
        metavar="ID:RULES",
        envvar="LUUBAO_PER_SITE",
        help="For one newspaper, as tuoitre:delay=5,run=200,day=2000: seconds between pages, pages a run, pages in 24 "
        "hours; may be given again. [default: as its rules say]",
        rich_help_panel=MANNERS,
    ),
]
ProxyOption = Annotated[
    str | None,
    typer.Option(
        "--proxy",
        metavar="URL",
        envvar="LUUBAO_PROXY",
        help="Ask through this HTTP proxy, http://host:port. Where names lead is then its affair: private addresses "
        "are refused only where a URL spells them out. [default: none]",
        rich_help_panel=MANNERS,
    ),
]
PingOption = Annotated[
    str | None,
    typer.Option(
        "--ping",
        metavar="URL",
        envvar="LUUBAO_PING",
        help="Ask for this URL when the run went well, with 0 or 3. [default: none]",
        rich_help_panel=TOLD,
    ),
]
LogOption = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        envvar="LUUBAO_LOG",
        help="Write what happens to this file too, a line each. [default: none]",
        rich_help_panel=TOLD,
    ),
]
LogFormatOption = Annotated[
    LogFormat,
    typer.Option("--log-format", envvar="LUUBAO_LOG_FORMAT", help="Lines for people, or JSON.", rich_help_panel=TOLD),
]
LogSizeOption = Annotated[
    str,
    typer.Option(
        "--log-size",
        metavar="SIZE",
        envvar="LUUBAO_LOG_SIZE",
        help="Begin a new file there, and keep the old one as FILE.1.",
        rich_help_panel=TOLD,
    ),
]
LogFilesOption = Annotated[
    int,
    typer.Option(
        "--log-files", min=2, metavar="N", envvar="LUUBAO_LOG_FILES", help="Keep so many.", rich_help_panel=TOLD
    ),
]


def max_archive_bytes(gigabytes: float | None) -> int | None:
    """Return the limit of the archive in bytes; raises UsageProblem."""
    if gigabytes is None:
        return None
    if told := amount(gigabytes):
        raise UsageProblem(f"--max-archive-gb: {told}")
    return int(gigabytes * 1000**3)


def checked_proxy(address: str | None) -> str | None:
    """Return the address of a proxy; raises UsageProblem, which does not repeat it: it may hold a password."""
    if address is not None and (told := proxy(address)):
        raise UsageProblem(f"--proxy: {told}")
    return address


def checked_ping(address: str | None) -> str | None:
    """Return the address of a ping; raises UsageProblem, which does not repeat it: it may be secret."""
    if address is not None and (told := web_address(address)):
        raise UsageProblem(f"--ping: {told}")
    return address


def manners_of(written: list[str] | None) -> dict[str, Manners]:
    """Return what is asked towards each newspaper, of texts as `tuoitre:delay=5,run=200`; raises UsageProblem."""
    return {site: manners for text in written or () for site, manners in [_manners(text)]}


def _manners(text: str) -> tuple[str, Manners]:
    site, colon, rules = text.partition(":")
    if not (site and colon and rules):
        raise UsageProblem(f"--per-site: {text!r} names no newspaper and rules; write tuoitre:delay=5,run=200,day=2000")
    keys = {name: key for key, name in SITE_KEYS.items()}
    values: dict[str, float] = {}
    for rule in rules.split(","):
        name, _, value = rule.strip().partition("=")
        if name not in keys:
            raise UsageProblem(f"--per-site {text}: there is no rule {name!r}; {did_you_mean(name, list(keys))}")
        values[keys[name]] = _number(text, name, value)
    pages, day = values.get("max_pages"), values.get("max_pages_day")
    return site, Manners(
        values.get("delay_seconds"), None if pages is None else int(pages), None if day is None else int(day)
    )


def _number(text: str, name: str, written: str) -> float:
    try:
        value = float(written) if name == "delay" else int(written)
    except ValueError as error:
        raise UsageProblem(f"--per-site {text}: {name}={written!r} is no number; write {name}=5") from error
    if told := seconds_of_pause(value) if name == "delay" else whole(value):
        raise UsageProblem(f"--per-site {text}: {told}")
    return value
