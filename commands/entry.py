"""Run a command and end with its code: the one place where an expected error becomes a line on stderr."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError  # typer names them nowhere else

from archive.errors import ArchiveError
from commands import output
from commands.exits import ExitCode, UsageProblem, exit_code
from scraper.errors import ScraperError

EXPECTED = (UsageProblem, ScraperError, ArchiveError)


def run(app: Callable[..., Any]) -> int:
    """Run the command that the arguments name and return the exit code; a bug keeps its traceback."""
    output.prepare_streams()
    try:
        return _run_to_the_end(app)
    except output.ReaderGone:
        output.forget_stdout()
        return ExitCode.OK  # whoever read has what they wanted, as `| head` has
    except OSError as error:
        return _fail(_told(error), ExitCode.ERROR)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("stopped", ExitCode.INTERRUPTED)
    except SystemExit as error:
        if error.code != ExitCode.TERMINATED:
            raise
        return _fail("stopped", ExitCode.TERMINATED)


def _run_to_the_end(app: Callable[..., Any]) -> int:
    try:
        code = app(prog_name="luubao", standalone_mode=False)
        output.flush()
    except EXPECTED as error:
        output.flush()
        return _fail(str(error), exit_code(error))
    except NoArgsIsHelpError as error:
        output.lines(error.format_message())
        return ExitCode.USAGE
    except ClickException as error:
        return _fail(_usage(error), ExitCode.USAGE)
    if code == ExitCode.INTERRUPTED and not isinstance(code, ExitCode):
        raise KeyboardInterrupt  # which Typer made a number of
    return code if isinstance(code, int) else ExitCode.OK


def _fail(message: str, code: ExitCode) -> ExitCode:
    output.say(f"luubao: {message}")
    return code


def _usage(error: ClickException) -> str:
    """Write a usage error in one line, with where to read on."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "luubao"
    return f"{error.format_message().rstrip('.')}; see {command} --help"


def _told(error: OSError) -> str:
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or os.strerror(error.errno or 0)}"
