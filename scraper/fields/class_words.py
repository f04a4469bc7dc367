"""Telling fast what class words call an element: most call it nothing that matters.

Python tries the alternatives of a pattern one by one at each letter. Each of ours needs some run of letters, its core;
the cores as a tree of prefixes are tried at a tenth of the cost, and a pattern only where its core was found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

MAX_MARK_CHARS = 300
MAX_KNOWN = 65_536

_ALONE = re.compile(r"<([a-z-]+\??)>")
_GROUP = re.compile(r"\([^()]*\)\??")
_NO_LETTER = re.compile(r"\[[^\]]*\][?*+]?|\\.|[a-z]\?")
_LETTERS = re.compile(r"[a-z]+")

Tree = dict[str, "Tree"]


class _Known(dict[str, frozenset[T]]):
    """What was told once, forgotten when it is too much; a hit costs a fifth of one in an `lru_cache`."""

    def __init__(self, tell: Callable[[str], frozenset[T]]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, key: str) -> frozenset[T]:
        if len(self) >= MAX_KNOWN:
            self.clear()
        told = self[key] = self._tell(key)
        return told


class Vocabulary(Generic[T]):
    """What class words mean. Made of the patterns of each meaning, parted by white space, all in lower case.

    `<word>` in a pattern stands alone, with no letter beside it.
    """

    def __init__(self, patterns: Mapping[T, str]) -> None:
        meanings: defaultdict[str, set[T]] = defaultdict(set)
        for meaning, words in patterns.items():
            for word in _ALONE.sub(r"(?<![a-z])\1(?![a-z])", words).split():
                meanings[word].add(meaning)
        self._by_core: dict[str, list[tuple[re.Pattern[str], set[T]]]] = {}
        for word, told in meanings.items():
            self._by_core.setdefault(_core(word), []).append((re.compile(word), told))
        self._cores = _any_of(self._by_core)
        self._nothing: frozenset[T] = frozenset()
        self._by_word = _Known(self._read_word)
        self._by_marks = _Known(self._read)

    def meanings(self, marks: str) -> frozenset[T]:
        """Return what class, id and the like call an element; usually nothing."""
        return self._by_marks[marks[:MAX_MARK_CHARS]]

    def read(self, marks: Iterable[str]) -> dict[str, frozenset[T]]:
        """Return the meanings of those of many marks that mean something."""
        known = self._by_marks
        return {each: told for each in {*marks} if (told := known[each[:MAX_MARK_CHARS]])}

    def _read(self, marks: str) -> frozenset[T]:
        found = self._nothing
        for word in marks.lower().split():
            told = self._by_word[word]
            if told:
                found = found | told
        return found

    def _read_word(self, word: str) -> frozenset[T]:
        core = self._cores.search(word)
        if core is None:
            return self._nothing
        found: set[T] = set()
        while core is not None:
            for pattern, told in self._by_core[core[0]]:
                if not told <= found and pattern.search(word):
                    found |= told
            core = self._cores.search(word, core.start() + 1)
        return frozenset(found)


def _core(pattern: str) -> str:
    """Return the longest run of letters that every match of a pattern has; it has one."""
    before = ""
    while pattern != before:
        pattern, before = _GROUP.sub(" ", pattern), pattern
    runs: list[str] = _LETTERS.findall(_NO_LETTER.sub(" ", pattern))
    return max(runs, key=len)


def _any_of(by_core: dict[str, list[tuple[re.Pattern[str], set[T]]]]) -> re.Pattern[str]:
    """Return a pattern that finds a core; one that begins with another is put under that one."""
    tree: Tree = {}
    for core in sorted(by_core, key=len):
        branch = tree
        for n, letter in enumerate(core):
            if branch.get(letter) == {}:
                by_core[core[: n + 1]].extend(by_core.pop(core))
                break
            branch = branch.setdefault(letter, {})
    return re.compile(_written(tree))


def _written(tree: Tree) -> str:
    branches = [letter + _written(rest) for letter, rest in tree.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""
