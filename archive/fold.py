"""Vietnamese text as search sees it: without accents, letter for letter, so that places in both are the same."""

from __future__ import annotations

import re
import unicodedata

_STANDS_FOR = {"đ": "d", "Đ": "d", "Ð": "d", "ð": "d"}


class _Folds(dict[int, int]):
    """A table for str.translate that works out each letter when it first meets it."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        base = _STANDS_FOR.get(char) or unicodedata.normalize("NFD", char)[0].lower()
        folded = ord(base) if len(base) == 1 else code
        self[code] = folded
        return folded


_FOLDS = _Folds()
_TONE = "[\u0300\u0301\u0303\u0309\u0323]"
_TONE_ON_SECOND = re.compile(f"(o|u)([aey])({_TONE})")  # hoà, thuý
_TONE_ON_FIRST = re.compile(f"(o|u)({_TONE})([aey])")  # hòa, thúy
_ACCENT = re.compile("[\u0300-\u036fđĐ]")


def fold(text: str) -> str:
    """Return NFC text in lower case, without accents, đ as d; as many characters as it had.

    >>> fold("Đường Lê Duẩn")
    'duong le duan'
    """
    return text.translate(_FOLDS)


def spellings(word: str) -> set[str]:
    """Return a word in lower case as it may be spelt, the tone on either vowel: hòa and hoà, thúy and thuý."""
    apart = unicodedata.normalize("NFD", word.lower())
    either = apart, _TONE_ON_SECOND.sub(r"\1\3\2", apart), _TONE_ON_FIRST.sub(r"\1\3\2", apart)
    return {unicodedata.normalize("NFC", spelt) for spelt in either}


class Accented:
    """Words to be found as they were typed, accents and all, in text in lower case."""

    def __init__(self, text: str, *, is_prefix: bool = False) -> None:
        self._words = [spellings(word) for word in re.findall(r"\w+", text)]
        either = [f"(?:{'|'.join(sorted(map(re.escape, spelt)))})" for spelt in self._words]
        self._pattern = re.compile(r"(?<!\w)" + r"\W+".join(either) + ("" if is_prefix else r"(?!\w)"))

    def stands_in(self, text: str) -> bool:
        """Tell whether the words stand in the text, side by side."""
        may_stand = all(any(spelt in text for spelt in word) for word in self._words)  # 40 times as fast as the pattern
        return may_stand and self._pattern.search(text) is not None


def has_accents(text: str) -> bool:
    """Tell whether the text carries Vietnamese accents or a đ."""
    return _ACCENT.search(unicodedata.normalize("NFD", text)) is not None
