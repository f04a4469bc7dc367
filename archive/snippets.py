"""The piece of a text in which the words stand, and where they stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.fold import fold
from archive.words import Term

SNIPPET_CHARS = 240
MAX_PLACES = 64  # looked at in one text: a common word stands in it a hundred times

Place = tuple[int, int]
"""Where a word stands: first character, and the one after the last."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, cut between words."""

    text: str
    highlights: tuple[Place, ...]  # in `text`
    has_before: bool = False  # whether the text goes on before it
    has_after: bool = False


def pattern_of(terms: Sequence[Term]) -> re.Pattern[str] | None:
    """Return what finds the terms in folded text, or None where there are none."""
    found = sorted({_pattern(term) for term in terms} - {""}, key=len, reverse=True)
    return re.compile("|".join(found)) if found else None


def _pattern(term: Term) -> str:
    words = re.findall(r"\w+", fold(term.text))
    end = r"\w*" if term.is_prefix else r"(?!\w)"
    return r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + end if words else ""


def places(text: str, pattern: re.Pattern[str] | None) -> tuple[Place, ...]:
    """Return where the terms stand in the text as written."""
    return _places(fold(text), pattern)


def _places(folded: str, pattern: re.Pattern[str] | None) -> tuple[Place, ...]:
    found = pattern.finditer(folded) if pattern else iter(())
    return tuple(match.span() for match in islice(found, MAX_PLACES))


def joined(text: str, places: Iterable[Place]) -> Iterator[Place]:
    """Make one place of those with nothing but blanks between them; one that lies in another is left out."""
    first, last = 0, 0
    for start, end in places:
        if last and not text[last:start].strip() and end > last:
            last = end
        elif start >= last:
            if last:
                yield first, last
            first, last = start, end
    if last:
        yield first, last


def snippet(text: str, pattern: re.Pattern[str] | None, *, chars: int = SNIPPET_CHARS) -> Snippet:
    """Return the piece of about `chars` characters in which most of the terms stand; the beginning where none does."""
    folded = fold(text)
    found = _places(folded, pattern)
    start = _best_start(found, folded, chars)
    start, end = _between_words(text, start, start + chars)
    inside = tuple((a - start, b - start) for a, b in found if start <= a and b <= end)
    return Snippet(re.sub(r"\s", " ", text[start:end]), inside, has_before=start > 0, has_after=end < len(text))


def _best_start(found: Sequence[Place], folded: str, chars: int) -> int:
    """Return where a window begins that holds the most different terms, the earliest of such."""
    words = [folded[a:b] for a, b in found]
    best, most, last = 0, 0, 0
    for first, (start, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start + chars * 3 // 4:
            last += 1
        count = len(set(words[first:last]))
        if count > most:
            best, most = start, count
    return max(0, best - chars // 4)


def _between_words(text: str, start: int, end: int) -> Place:
    """Move both ends of a piece to white space, so that no word is cut."""
    end = min(end, len(text))
    if start > 0:
        gap = re.compile(r"\s").search(text, start, end)
        start = gap.end() if gap else start
    if end < len(text):
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > start else end
    return start, end
