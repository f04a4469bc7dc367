"""luubao fetch: articles by their URLs."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from commands import output
from commands.crawl_options import CrawlOptions
from commands.exits import ExitCode, UsageProblem, code_of_failures
from commands.fetched_view import Printed, Printer
from commands.fetching import run_fetch
from commands.logs import LogPlan, logging_to
from commands.options import ArchiveOption, ContactOption, DelayOption, JsonOption, PrivateOption, archive_path
from commands.registry import command_app
from commands.run_options import (
    LogFilesOption,
    LogFormat,
    LogFormatOption,
    LogOption,
    LogSizeOption,
    PerSiteOption,
    ProxyOption,
    checked_proxy,
    manners_of,
)

app = command_app()


@app.command()
def fetch(  # noqa: PLR0913 -- each is an option
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL... | -", help="Addresses of articles; - reads them from stdin.")
    ] = None,
    *,
    input_file: Annotated[
        Path | None,
        typer.Option("--input-file", "-i", metavar="FILE", help="Read addresses from a file, one a line."),
    ] = None,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the article as Markdown.")] = False,
    no_save: Annotated[bool, typer.Option("--no-save", help="Read, but keep nothing.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh/--no-refresh", help="Ask again for what is kept already, or only say so.")
    ] = True,
    allow_private: PrivateOption = False,
    contact: ContactOption = None,
    delay: DelayOption = None,
    per_site: PerSiteOption = None,
    proxy: ProxyOption = None,
    log: LogOption = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    log_size: LogSizeOption = "10MB",
    log_files: LogFilesOption = 5,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Fetch articles by their URLs, read them and keep them.

    Prints what each article is, and whether it is NEW, CHANGED since it was kept, or the SAME.
    """
    wanted = _addresses(urls or [], input_file)
    path = None if no_save else archive_path(archive)
    printer = Printer(path, Printed.of(json=json, markdown=markdown), is_one=len(wanted) == 1)
    options = CrawlOptions(
        delay_seconds=delay,
        contact=contact,
        allow_private=allow_private,
        proxy=checked_proxy(proxy),
        per_site=manners_of(per_site),
    )
    is_enough = (lambda _url: False) if refresh else printer.has
    with logging_to(LogPlan(log, log_format, log_size, log_files), "luubao fetch") as write_down:
        left_out = run_fetch(path, wanted, options=options, tell=printer.tell, is_enough=is_enough, report=write_down)
        for url in left_out:
            output.say(f"luubao: {url}: not asked, since its host failed again and again; try it later")
    return code_of_failures([*printer.failures, *(["left_out"] if left_out else [])], done=printer.done)


def _addresses(named: list[str], file: Path | None) -> list[str]:
    """Return the addresses of arguments, stdin and file, each once; raises UsageProblem where there is none."""
    found = [url for name in named for url in (_stripped(sys.stdin) if name == "-" else [name])]
    if file is not None:
        found += _from_file(file)
    if not found:
        raise UsageProblem("name the address of an article, or - to read addresses from stdin")
    return list(dict.fromkeys(found))


def _from_file(file: Path) -> list[str]:
    if str(file) == "-":
        return _stripped(sys.stdin)
    try:
        return _stripped(file.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"--input-file {file}: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}") from error


def _stripped(lines: Iterable[str]) -> list[str]:
    """Return the addresses among lines; empty ones and comments (#) are none."""
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
