"""Text as it is kept: composed (NFC), on one line, free of what cannot be written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
"""Controls, soft hyphens, zero-width spaces and lone surrogates; joiners stay, since scripts and emoji need them."""

MAX_MARKS = 30
_JOINER = "\u034f"
_MANY_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_MARKS + 1},}}")  # marks are no letters; nor are other signs


def one_line(text: str) -> str:
    """Return the text with each run of white space as one space, none at the ends, and unwanted characters gone."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # as most are: no white space prints but the space
        return text
    text = " ".join(text.split())
    if text.isprintable():
        return text
    return " ".join(_UNWANTED.sub("", text).split())


def nfc(text: str) -> str:
    """Return the text composed; never call it on a URL, whose server may know the other form only.

    Marks over one letter are put in order in quadratic time: half a million took an hour. So the joiner stands after
    each thirty, as the standard has it (UAX 15, 13, stream-safe text); no script needs more.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _MANY_MARKS.sub(_parted, text))


def _parted(run: re.Match[str]) -> str:
    """Put a joiner between marks wherever thirty have followed one another."""
    parted, marks = [], 0
    for mark in run[0]:
        if marks == MAX_MARKS and unicodedata.combining(mark):
            parted.append(_JOINER)
            marks = 0
        marks = marks + 1 if unicodedata.combining(mark) else 0
        parted.append(mark)
    return "".join(parted)


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """Return the letters and digits of the text in lower case, parted by single spaces: a key to compare by."""
    return " ".join(_WORD.findall(text.casefold()))


def overlap(one: str, other: str) -> float:
    """Return the share of words, 0 to 1, that two texts have in common; a letter of Chinese or Japanese is a word."""
    words, others = _tokens(one), _tokens(other)
    return 2 * len(words & others) / (len(words) + len(others)) if words and others else 0.0


@lru_cache(maxsize=2048)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text.casefold()))


_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_WORD = re.compile(r"\w+")
