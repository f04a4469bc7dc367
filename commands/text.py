"""How does untrusted text stand in a terminal: what it must not do there, and how wide it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from archive.snippets import joined

MARK_ON, MARK_OFF = "\ue000", "\ue001"
"""Where a highlight begins and ends, in a text that is still to be wrapped; taken from the private use area."""

_UNSAFE = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: they move the cursor, set the title, write the clipboard
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi: they show a text in another order than it has
    "\u2028\u2029"  # line and paragraph separator
    "\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible, and able to hide a text
    "\ud800-\udfff"  # lone surrogates: no UTF-8 can say them
)
_UNSAFE_IN_LINE = re.compile(f"[{_UNSAFE}]")
_UNSAFE_IN_TEXT = re.compile(f"(?!\n)[{_UNSAFE}]")
_BLANKS = re.compile(r"[ \t\r\n\x0b\x0c]+")


def visible(text: str) -> str:
    r"""Return one line that shows what it holds: blanks become spaces, controls are written as \x1b or \u202e."""
    return text if text.isprintable() else _UNSAFE_IN_LINE.sub(_escape, _BLANKS.sub(" ", text))


def visible_text(text: str) -> str:
    """Return text of several lines, made safe like `visible`; its line ends stay."""
    return _UNSAFE_IN_TEXT.sub(_escape, text.replace("\r\n", "\n").replace("\t", "    "))


def escaped_for_json(text: str) -> str:
    r"""Write what a terminal would act on as \uXXXX; in JSON such characters stand in strings alone."""
    return _UNSAFE_IN_TEXT.sub(_escape_for_json, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004 -- what two digits hold


def _escape_for_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


MAX_ADDRESS_CHARS = 2000
_WEB_ADDRESS = re.compile(r"https?://[a-z0-9.:\[\]-]+(?:[/?#][!-~]*)?", re.IGNORECASE | re.ASCII)


def link_target(url: str) -> str | None:
    """Return an address that a terminal may be told to open, all in ASCII; None for what is no plain web address.

    No user names in it, no controls, no other scheme than http and https: a link shows another text than its target.
    """
    if not url.isprintable() or " " in url:
        return None
    ascii_url = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in url)
    return ascii_url if len(ascii_url) <= MAX_ADDRESS_CHARS and _WEB_ADDRESS.fullmatch(ascii_url) else None


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if char in {MARK_ON, MARK_OFF} or unicodedata.category(char) in {"Mn", "Me", "Cf"} or "\u1160" <= char <= "\u11ff":
        return 0  # marks, joiners and the medial letters of Hangul stand on the letter before them
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def marked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return one visible line in which the places stand between MARK_ON and MARK_OFF, both without width."""
    pieces, at = [], 0
    for start, end in joined(text, places):
        pieces += [_plain(text[at:start]), MARK_ON, _plain(text[start:end]), MARK_OFF]
        at = end
    return "".join((*pieces, _plain(text[at:])))


def _plain(text: str) -> str:
    return visible(text).replace(MARK_ON, "\ufffd").replace(MARK_OFF, "\ufffd")


def width(text: str) -> int:
    """Return the cells that a line takes in a terminal (wcwidth's rule: wide letters two, marks none)."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def padded(text: str, cells: int) -> str:
    """Fill a line with spaces up to a width."""
    return text + " " * (cells - width(text))


def wrapped(text: str, cells: int) -> list[str]:
    """Break a line at spaces into lines of at most so many cells; a word that is longer is broken where it must."""
    lines = [""]
    for piece in _pieces(text, max(cells, 2)):
        if lines[-1] and width(lines[-1]) + 1 + width(piece) > cells:
            lines.append(piece)
        else:
            lines[-1] += (" " if lines[-1] else "") + piece
    return lines


def _pieces(text: str, cells: int) -> Iterator[str]:
    for word in text.split(" "):
        while width(word) > cells:
            head = _head(word, cells)
            yield word[:head]
            word = word[head:]  # noqa: PLW2901 -- the word is eaten from its front
        if word:
            yield word


def _head(word: str, cells: int) -> int:
    """Return how many characters of the word fit."""
    taken = 0
    for at, char in enumerate(word):
        taken += _char_width(char)
        if taken > cells:
            return at
    return len(word)


def shortened(text: str, cells: int) -> str:
    """Cut a line to so many cells, the cut shown by an ellipsis."""
    if width(text) <= cells:
        return text
    return text[: _head(text, cells - 1)].rstrip() + "…"
