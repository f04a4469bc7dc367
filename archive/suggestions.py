"""What may have been meant: words of the index near those that no article has, as articles spell them."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.fold import fold
from archive.snippets import pattern_of, places
from archive.words import ALL_COLUMNS, Term, Words

MAX_WORDS = 4  # looked at; each costs some hundred questions to the index, 10 to 20 ms in all
MAX_LETTERS = 16
MAX_NEAR = 3
COUNTED = 1000  # articles a near word is counted in: more make it no likelier
SPELT_IN = 10  # articles looked at for how a word is written
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"


@dataclass(frozen=True, slots=True)
class Missing:
    """A word that no article has."""

    word: str  # as typed
    near: tuple[str, ...]  # words that articles have, the most frequent first


def missing_words(connection: sqlite3.Connection, words: Words) -> list[Missing]:
    """Return the words looked for that no article has, each with those one letter away from it."""
    typed = {fold(word): word for term in words.terms for word in re.findall(r"\w+", term.text)}
    absent = [word for word in list(typed)[:MAX_WORDS] if not _count(connection, word, 1)]
    return [Missing(typed[word], _near(connection, word)) for word in absent]


def _near(connection: sqlite3.Connection, word: str) -> tuple[str, ...]:
    if len(word) > MAX_LETTERS:
        return ()
    known = {near for near in variants(word) if _count(connection, near, 1)}
    frequent = sorted(known, key=lambda near: (-_count(connection, near, COUNTED), near))[:MAX_NEAR]
    return tuple(dict.fromkeys(_spelt(connection, near) for near in frequent))


def variants(word: str) -> Iterator[str]:
    """Yield what differs from a word by one letter left out, added, changed or swapped, or by a space within it."""
    letters = LETTERS if word.isalpha() else LETTERS + DIGITS
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters)
        if before and after:
            yield f"{before} {after}"
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in letters)


def _match(word: str) -> str:
    return f"{ALL_COLUMNS} : {Term(word).match()}"


def _count(connection: sqlite3.Connection, word: str, most: int) -> int:
    """Return how many articles have a folded word, or several side by side; none have no word."""
    if not word.strip():
        return 0
    return int(connection.execute(_COUNT, {"match": _match(word), "most": most}).fetchone()[0])


def _spelt(connection: sqlite3.Connection, word: str) -> str:
    """Return a folded word as the latest articles mostly write it."""
    pattern = pattern_of([Term(word)])
    found: Counter[str] = Counter()
    for (text,) in connection.execute(_TEXTS, {"match": _match(word), "most": SPELT_IN}):
        found.update(text[start:end] for start, end in places(text, pattern))
    small = Counter({spelt: number for spelt, number in found.items() if spelt == spelt.lower()})
    return (small or found).most_common(1)[0][0] if found else word


_COUNT = "SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH :match LIMIT :most)"
_TEXTS = """
SELECT coalesce(title, '') || ' ' || body FROM search_text WHERE id IN
  (SELECT rowid FROM search_index WHERE search_index MATCH :match ORDER BY rowid DESC LIMIT :most)
"""
