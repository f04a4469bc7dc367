"""Finding class words fast: most elements are called nothing that matters, which one look at the letters tells.

Python tries the alternatives of a pattern one by one at each letter. Each of ours needs some run of letters, its core;
the cores as a tree of prefixes are tried at a tenth of the cost, and the pattern only where one of them was found.
"""

from __future__ import annotations

import re
from functools import lru_cache

_UNSEEN = re.compile(r"visually-?hidden|(?<![a-z])sr-?only|screen-?reader|(?<![a-z])invisible(?![a-z])", re.IGNORECASE)
_GROUP = re.compile(r"\([^()]*\)\??")
_NO_LETTER = re.compile(r"\[[^\]]*\][?*+]?|\\.|[a-z]\?")
_LETTERS = re.compile(r"[a-z]+")

Tree = dict[str, "Tree"]


@lru_cache(maxsize=8192)
def is_unseen(class_: str) -> bool:
    """Tell whether a class hides words from the eye and leaves them to screen readers: `sr-only`."""
    return _UNSEEN.search(class_) is not None


def cores(pattern: str) -> re.Pattern[str]:
    """Return a pattern that finds something in every text in which the given one, of lower-case words, does."""
    tree: Tree = {}
    for core in sorted({_core(alternative) for alternative in _without_groups(pattern).split("|")}, key=len):
        branch = tree
        for letter in core:
            if branch.get(letter) == {}:  # a shorter core that this one begins with
                break
            branch = branch.setdefault(letter, {})
    return re.compile(_written(tree))


def _without_groups(pattern: str) -> str:
    before = ""
    while pattern != before:
        pattern, before = _GROUP.sub(" ", pattern), pattern
    return pattern


def _core(alternative: str) -> str:
    """Return the longest run of letters that every match of an alternative has; it has one."""
    runs: list[str] = _LETTERS.findall(_NO_LETTER.sub(" ", alternative))
    return max(runs, key=len)


def _written(tree: Tree) -> str:
    branches = [letter + _written(rest) for letter, rest in tree.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""
