"""Long texts on a terminal, a screen at a time: through the user's pager, which gets text that is already safe."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Annotated

import typer

from commands import output
from commands.text import width

PagerOption = Annotated[
    bool, typer.Option("--pager/--no-pager", help="On a terminal, show what is longer than the screen in PAGER.")
]


@contextmanager
def paged(*, is_wanted: bool) -> Iterator[None]:
    """Print what is printed inside through a pager, where a person reads it and it is longer than the screen."""
    command = pager_command(os.environ) if is_wanted and output.is_terminal() else []
    if not command:
        yield
        return
    with output.held() as pieces:
        yield
    text = "".join(pieces)
    if _fits_screen(text) or not _show(command, text):
        output.write(text)


def pager_command(environ: Mapping[str, str]) -> list[str]:
    """Return the pager with its arguments; empty where there is none, or the terminal cannot move its cursor."""
    if environ.get("TERM", "dumb") == "dumb":
        return []
    try:
        words = shlex.split(environ.get("PAGER", "less"))
    except ValueError:  # a quotation mark without its other
        return []
    if not words or words == ["cat"] or shutil.which(words[0]) is None:
        return []
    return [*words, "-R"] if _is_less(words) else words


def _is_less(words: list[str]) -> bool:
    return PurePath(words[0]).name == "less"


def _fits_screen(text: str) -> bool:
    """Tell whether the text leaves a line of the screen for the prompt; a long line takes several."""
    columns = output.columns()
    rows = (max(1, -(-width(output.without_styles(line)) // columns)) for line in text.splitlines())
    return sum(rows) < shutil.get_terminal_size((80, 24)).lines


def _show(command: list[str], text: str) -> bool:
    """Show text in the pager until the user leaves it; return whether it could be started."""
    shown = output.without_links(text) if _is_less(command) else output.without_styles(text)
    # less draws our colours (-R) and nothing else; it runs no commands and writes no files for a reader (LESSSECURE)
    environ = {"LESS": "FRX"} | os.environ | {"LESSSECURE": "1", "LESSCHARSET": "utf-8"}
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environ)  # noqa: S603 -- the user's own PAGER
    except OSError:
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager
    try:
        process.communicate(shown.encode("utf-8", "replace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return True
