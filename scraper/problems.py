"""One thing that is wrong with a file of the user's, in words that help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file."""

    key: str  # "fields.title[2].css"; "" where the whole file is meant
    reason: str
    fix: str
    line: int | None = None  # counted from 1; None where the place in the file is not known

    def __str__(self) -> str:
        """Write the problem on one line."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.key + ': ' if self.key else ''}{self.reason}; {self.fix}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return what to do about an unknown word: the nearest known one, or all of them."""
    from difflib import get_close_matches  # noqa: PLC0415 -- 5 ms, where something is wrong

    names = list(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"it can be {', '.join(names)}"
