"""Print: the only place from which data reach the terminal, a pipe or a file.

What comes from the archive or the network is untrusted: people get it with every control character made visible,
programs get JSON without lone surrogates and CSV that no spreadsheet runs. Results go to stdout, talk to stderr.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TextIO

from commands.text import MARK_OFF, MARK_ON, link_target, padded, visible, visible_text, width, wrapped

MIN_COLUMNS = 20


class Style(StrEnum):
    """How a part of a line stands out on a terminal that has colours: the parameters of SGR (ECMA-48, 8.3.117)."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    HIGHLIGHTED = "1;33"
    HEADING = "1;36"


class Part(NamedTuple):
    """A part of a line: text as it was kept, how it stands out, and the address that a click opens."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None  # as it was kept: what is no plain web address makes no link


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says; a character that cannot be written becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def is_terminal(stream: TextIO | None = None) -> bool:
    """Tell whether a person reads the stream; stdout unless another is named."""
    chosen = stream or sys.stdout
    return chosen is not None and not chosen.closed and chosen.isatty()


def columns() -> int:
    """Return the width of the terminal in cells; 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, MIN_COLUMNS)


def has_colours(stream: TextIO | None = None) -> bool:
    """Tell whether the stream is a terminal with colours (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def has_links(stream: TextIO | None = None) -> bool:
    """Tell whether text on the stream may be a link (OSC 8); terminals that know none show the text alone."""
    return has_colours(stream) and not os.environ.get("LUUBAO_NO_LINKS")


_USERINFO = re.compile(r"://[^/?#@\s]+@")
"""User name and password in a URL: they are nobody's business, least of all a log's."""


# --- for people -------------------------------------------------------------------------------------------------------


def line(*parts: Part | str, stream: TextIO | None = None) -> None:
    """Print one line to stdout, or to the stream; nothing in it can act on the terminal."""
    shown = "".join(_render(part if isinstance(part, Part) else Part(part), stream) for part in parts)
    write(shown + "\n", stream=stream)


def lines(text: str) -> None:
    """Print text of several lines to stdout; nothing in it can act on the terminal."""
    write(visible_text(text) + "\n")


_hearers: list[Callable[[str], None]] = []


@contextmanager
def heard_by(hearer: Callable[[str], None]) -> Iterator[None]:
    """Let a log hear too what the user is told on stderr."""
    _hearers.append(hearer)
    try:
        yield
    finally:
        _hearers.remove(hearer)


def without_userinfo(text: str) -> str:
    """Return a text without the names and passwords in its URLs."""
    return _USERINFO.sub("://…@", text)


def say(message: str) -> None:
    """Tell the user something on stderr, in one line; passwords in URLs are left out."""
    for hearer in _hearers:
        hearer(message)
    if sys.stderr is None:
        return
    text = visible(without_userinfo(message))
    for piece in wrapped(text, columns()) if is_terminal(sys.stderr) else [text]:
        line(piece, stream=sys.stderr)


def paragraph(
    part: Part | str, *, indent: Part | str = "", hanging: str | None = None, cells: int | None = None
) -> None:
    """Print to stdout, broken into lines that fit the terminal (or so many cells); on a pipe in one line.

    `indent` stands before the first line; `hanging`, or else the indent, before the others.
    """
    text, first = Part(part) if isinstance(part, str) else part, Part(indent) if isinstance(indent, str) else indent
    if not is_terminal() and cells is None:
        line(first, text)
        return
    room = (cells or columns()) - width(first.text)
    for number, piece in enumerate(wrapped(visible(text.text), room)):
        line(first if number == 0 or hanging is None else hanging, text._replace(text=piece))


def marked_paragraph(text: str, *, style: Style = Style.PLAIN, indent: str = "", link: str | None = None) -> None:
    """Print text made by `marked` to stdout: broken into lines that fit the terminal, its marks highlighted."""
    is_on = False
    for piece in wrapped(text, columns() - width(indent)):
        parts: list[Part | str] = [indent]
        for run in _RUNS.findall(piece):
            if run in {MARK_ON, MARK_OFF}:
                is_on = run == MARK_ON
            else:
                parts.append(Part(run, Style.HIGHLIGHTED if is_on else style, link))
        line(*parts)


def styled_paragraph(parts: Sequence[Part], *, hanging: str = "") -> None:
    """Print parts of a text in their styles to stdout, broken into lines that fit the terminal."""
    shown = [Part(visible(part.text), part.style) for part in parts]
    styles = iter([part.style for part in shown for char in part.text if char != " "])
    room = columns() - width(hanging)
    for number, piece in enumerate(wrapped("".join(part.text for part in shown), room)):
        styled = [(char, None if char == " " else next(styles)) for char in piece]
        line(hanging if number else "", *_runs_of_style(styled))


def _runs_of_style(styled: Sequence[tuple[str, Style | None]]) -> Iterator[Part]:
    """Yield a line's characters by their styles; a blank has that of the letters on both its sides, or none."""
    known = [
        style or (styled[at - 1][1] if 0 < at < len(styled) - 1 and styled[at - 1][1] == styled[at + 1][1] else None)
        for at, (_, style) in enumerate(styled)
    ]
    for style, run in groupby(zip(known, styled, strict=True), key=itemgetter(0)):
        yield Part("".join(char for _, (char, _) in run), style or Style.PLAIN)


_RUNS = re.compile(f"[{MARK_ON}{MARK_OFF}]|[^{MARK_ON}{MARK_OFF}]+")


def _render(part: Part, stream: TextIO | None) -> str:
    text = visible(part.text)
    if not text or not has_colours(stream):
        return text
    shown = f"\x1b[{part.style}m{text}\x1b[0m" if part.style else text
    target = link_target(part.link) if part.link and has_links(stream) else None
    return f"\x1b]8;;{target}\x1b\\{shown}\x1b]8;;\x1b\\" if target else shown


# --- raw --------------------------------------------------------------------------------------------------------------


class ReaderGone(Exception):
    """Whoever read stdout has left, as `| head` does; no OSError, since Typer would make an error of that."""


@contextmanager
def _to_a_reader() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


_held: list[str] | None = None  # what is printed to stdout while it is held back


@contextmanager
def held() -> Iterator[list[str]]:
    """Hold back what is printed to stdout inside, and give it as pieces of text."""
    global _held  # noqa: PLW0603 -- stdout is one, and so is what is held back of it
    pieces: list[str] = []
    _held = pieces
    try:
        yield pieces
    finally:
        _held = None


def without_links(text: str) -> str:
    """Return printed text without our links, which not every program that shows it knows."""
    return _LINKS.sub("", text)


def without_styles(text: str) -> str:
    """Return printed text without our colours and links."""
    return _STYLES.sub("", without_links(text))


_LINKS = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\")
_STYLES = re.compile(r"\x1b\[[\d;]*m")


def write(text: str, *, stream: TextIO | None = None) -> None:
    """Write text that has been made safe; raises ReaderGone, and OSError where stdout is closed or its disk full."""
    if _held is not None and stream is None:
        _held.append(text)
        return
    target = stream or sys.stdout
    if target is None:
        raise OSError(errno.EBADF, "standard output is closed")
    with _to_a_reader():
        target.write(text)


def write_bytes(content: bytes) -> None:
    """Write bytes as they are to a pipe or a file; on a terminal they are shown as safe text."""
    if is_terminal():
        lines(content.decode("utf-8", "replace"))
        return
    write("")
    with _to_a_reader():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def flush() -> None:
    """Send what is still held back; raises as `write`."""
    if sys.stdout is not None and not sys.stdout.closed:
        with _to_a_reader():
            sys.stdout.flush()


def forget_stdout() -> None:
    """Let the rest of stdout go nowhere: its reader has left, and the interpreter would complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


# --- a table on a terminal --------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column of a table: the name of its field, its heading, how it stands out and how it gives way."""

    field: str
    heading: str
    style: Style = Style.PLAIN
    is_number: bool = False
    gives_way: bool = False  # wrapped, where the terminal is too narrow for all
    is_link: bool = False  # a click opens the address of the row


GAP = "  "


def table(
    shown: list[Column],
    rows: list[list[str]],
    *,
    dim: frozenset[int] = frozenset(),
    links: Sequence[str | None] = (),
) -> None:
    """Print rows of cells: aligned, headed and wrapped on a terminal; tab-separated and whole on a pipe.

    `dim` are the places of rows that stand back, `links` the addresses of all rows.
    """
    if not is_terminal():
        for row in rows:
            write("\t".join(map(visible, row)) + "\n")
        return
    if rows:
        _aligned_table(shown, [[visible(cell) for cell in row] for row in rows], dim, links)


def _aligned_table(
    shown: list[Column], rows: list[list[str]], dim: frozenset[int], links: Sequence[str | None]
) -> None:
    widths = fitted_widths(shown, rows, columns())
    dimmed = [column._replace(style=Style.DIM) for column in shown]
    if any(column.heading for column in shown):
        _row([column.heading for column in shown], dimmed, widths)
    for at, row in enumerate(rows):
        _row(row, dimmed if at in dim else shown, widths, links[at] if links else None)


def fitted_widths(shown: list[Column], rows: list[list[str]], room: int) -> list[int]:
    """Return the cells each column gets so that all fit the room; those that give way share what is left."""
    widths = [max([width(column.heading), *(width(row[at]) for row in rows)]) for at, column in enumerate(shown)]
    over = sum(widths) + len(GAP) * (len(shown) - 1) - room
    over = _narrow(widths, [at for at, column in enumerate(shown) if column.gives_way], over, least=16)
    _narrow(widths, list(range(len(shown))), over, least=6)
    return widths


def _narrow(widths: list[int], yielding: list[int], over: int, *, least: int) -> int:
    """Take cells from the widest of the columns that give way, and return how many are still too many."""
    while over > 0 and yielding:
        widest = max(yielding, key=lambda at: widths[at])
        if widths[widest] <= least:
            break
        widths[widest] -= 1
        over -= 1
    return over


def _row(cells: list[str], shown: list[Column], widths: list[int], link: str | None = None) -> None:
    stacks = [wrapped(cell, cells_wide) for cell, cells_wide in zip(cells, widths, strict=True)]
    for at in range(max(map(len, stacks))):
        parts: list[Part | str] = []
        for stack, column, cells_wide in zip(stacks, shown, widths, strict=True):
            text = stack[at] if at < len(stack) else ""
            filled = " " * (cells_wide - width(text)) + text if column.is_number else padded(text, cells_wide)
            parts += [Part(filled, column.style, link if column.is_link and text else None), GAP]
        _line_without_trail(parts[:-1])


def _line_without_trail(parts: list[Part | str]) -> None:
    while parts and not str(parts[-1].text if isinstance(parts[-1], Part) else parts[-1]).strip():
        parts.pop()
    if parts and isinstance(parts[-1], Part):
        parts[-1] = parts[-1]._replace(text=parts[-1].text.rstrip())
    line(*parts)
