"""Which words stand in the place of which: runs that are the same, that are gone, that have come. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from archive.differences import cost, likeness, stretches

MAX_COST = 60_000_000
"""Of all texts that one call compares, in the steps of `differences.cost`: two seconds at worst."""

ALIKE = 0.3
"""Share of common words below which two texts are told as one gone and one come."""

_MARKS = r"\s.,;:!?()\[\]{}\"'“”‘’«»…/–—-"
_TOKEN = re.compile(rf"\s*(?:[^{_MARKS}]+(?:[.,:/-](?=\d)[^{_MARKS}]+)*|\S)|\s+$")


class What(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    COME = "come"


class Run(NamedTuple):
    """Words in a row, with the blanks before them."""

    what: What
    text: str


class WordDiff:
    """Compares texts as long as it does not cost too much; then a text is gone or come as a whole."""

    def __init__(self, max_cost: int = MAX_COST) -> None:
        self._left = max_cost

    def runs(self, before: str | None, after: str | None) -> list[Run]:
        """Return the runs of two texts in reading order; None is a text that is not there."""
        old, new = _tokens(before), _tokens(after)
        old_words, new_words = [token.strip() for token in old], [token.strip() for token in new]
        self._left -= cost(old_words, new_words)
        if self._left < 0 or likeness(Counter(old_words), Counter(new_words)) < ALIKE:
            return _whole(before, after)
        found: list[Run] = []
        for is_same, a, b, c, d in stretches(old_words, new_words):
            if is_same:
                found.append(Run(What.SAME, "".join(new[c:d])))
            else:
                blank = _blank_before(old[b]) if c == d and a == 0 and b < len(old) else ""
                found += _whole("".join(old[a:b]) + blank, "".join(new[c:d]))
        return found


def _tokens(text: str | None) -> list[str]:
    """Return words, numbers and single marks, each with the blanks before it; Vietnamese letters in one form (NFC)."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text or ""))


def _blank_before(token: str) -> str:
    return token[: len(token) - len(token.lstrip())]


def _whole(before: str | None, after: str | None) -> list[Run]:
    return [Run(what, text) for what, text in ((What.GONE, before), (What.COME, after)) if text]


def marked(runs: list[Run]) -> str:
    """Write runs as text, as `git diff --word-diff` does: [-gone-]{+come+}."""
    before = None
    pieces = []
    for run in runs:
        pieces.append(_marked(run, is_in_place=before is What.GONE))
        before = run.what
    return "".join(pieces).strip()


_BRACKETS = {What.GONE: ("[-", "-]"), What.COME: ("{+", "+}")}


def _marked(run: Run, *, is_in_place: bool) -> str:
    """Put a run into its brackets, the blanks around it outside; what came in the place of other words needs none."""
    if run.what is What.SAME:
        return run.text
    first, last = _BRACKETS[run.what]
    words = run.text.strip()
    before, _, after = run.text.partition(words) if words else ("", "", "")
    return f"{'' if is_in_place else before}{first}{words}{last}{after}"
