"""What was typed to search for: words, "phrases", -without, OR, prefix*, title:, author:, section:, site:, before:.

Pure. Whatever is typed gives a query or a QueryError that says what to type; nothing of FTS5's own syntax gets through.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from archive.errors import QueryError
from archive.fold import fold

MAX_TERMS = 64
MAX_CHARS = 2000
MONTHS = 12
FIRST_YEAR = 1000
COLUMNS = {"title": "title_folded", "author": "authors_folded", "section": "section_folded"}
ALL_COLUMNS = "{title_folded body_folded authors_folded section_folded captions_folded}"
DATE_HINT = "give a day as 2023-03-29 or 29/03/2023, a month as 2023-03, or a year"

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))', re.IGNORECASE)
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_FIELDS = (*COLUMNS, "site", "before", "after")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase to look for."""

    text: str  # as typed, NFC
    column: str | None = None  # title, author or section; None: everywhere
    is_prefix: bool = False
    is_phrase: bool = False  # typed in quotes

    def match(self) -> str:
        """Return it as FTS5 reads it: always in quotes, folded."""
        quoted = '"' + fold(self.text).replace('"', " ") + '"'
        where = f"{COLUMNS[self.column]} : " if self.column else ""
        return where + quoted + (" *" if self.is_prefix else "")


@dataclass(frozen=True, slots=True)
class Words:
    """A search, understood."""

    groups: tuple[tuple[Term, ...], ...] = ()  # all of the groups, and of each any one term
    without: tuple[Term, ...] = ()
    sites: tuple[str, ...] = ()
    since: date | None = None  # first day
    until: date | None = None  # last day
    raw: str | None = None  # a query in FTS5's own syntax, in place of all groups

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return all that is looked for."""
        return tuple(term for group in self.groups for term in group)

    def match(self) -> str | None:
        """Return the query for FTS5, or None where only filters were typed."""
        if self.raw is not None:
            return self.raw
        return self._match([" OR ".join(term.match() for term in group) for group in self.groups])

    def match_as_phrase(self) -> str | None:
        """Return the query with its plain words in this order side by side, or None where that is no other query.

        A Vietnamese word is several syllables, and a syllable alone is common: "Lê Duẩn" before any "lê" and "duẩn".
        """
        plain = [term for term in self.terms if not (term.column or term.is_phrase)]
        is_simple = self.raw is None and all(len(group) == 1 for group in self.groups)
        if not is_simple or len(plain) < 2:  # noqa: PLR2004 -- a phrase has two words
            return None
        phrase = Term(" ".join(term.text for term in plain), is_prefix=plain[-1].is_prefix)
        others = [term.match() for term in self.terms if term not in plain]
        return self._match([phrase.match(), *others])

    def _match(self, groups: list[str]) -> str | None:
        if not groups:
            return None
        found = f"{ALL_COLUMNS} : (" + " AND ".join(f"({group})" for group in groups) + ")"
        if not self.without:
            return found
        return f"({found}) NOT (" + " OR ".join(f"({term.match()})" for term in self.without) + ")"


@dataclass(slots=True)
class _Draft:
    groups: list[list[Term]] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    joins_last: bool = False  # an OR stands before what comes


def understand(typed: str) -> Words:
    """Read what was typed; raise QueryError where there is nothing to look for, or a date is none."""
    if len(typed) > MAX_CHARS:  # before it is composed: that takes quadratic time, where marks are many
        raise QueryError(f"the search is longer than {MAX_CHARS:,} characters; give fewer words")
    text = unicodedata.normalize("NFC", typed.replace("\0", " "))
    draft = _Draft()
    for token in _TOKEN.finditer(text):
        _take(draft, token)
    return _finished(draft)


def understand_raw(typed: str) -> Words:
    """Take what was typed as FTS5's own query; its words are known only as far as they are to be highlighted."""
    text = unicodedata.normalize("NFC", typed[: MAX_CHARS + 1].replace("\0", " ")).strip()
    if not text or len(typed) > MAX_CHARS:
        raise QueryError(f"no query for FTS5 of 1 to {MAX_CHARS:,} characters")
    terms = (Term(word.rstrip("* "), is_prefix=word.endswith("*")) for word in re.findall(r"\w+ ?\*?", text))
    shown = [(term,) for term in terms if term.text not in _OPERATORS]
    return Words(tuple(shown[:MAX_TERMS]), raw=text)


def _finished(draft: _Draft) -> Words:
    has_filter = bool(draft.sites or draft.since or draft.until)
    if not draft.groups and draft.without:
        raise QueryError("only words to leave out; add one to look for, such as: kinh tế -xăng")
    if not draft.groups and not has_filter:
        raise QueryError('nothing to look for; give words, such as: đường Lê Duẩn, or "đường Lê Duẩn" as a phrase')
    if len(draft.without) + sum(len(group) for group in draft.groups) > MAX_TERMS:
        raise QueryError(f"more than {MAX_TERMS} words; give fewer")
    groups = tuple(tuple(group) for group in draft.groups)
    return Words(groups, tuple(draft.without), tuple(draft.sites), draft.since, draft.until)


def _take(draft: _Draft, token: re.Match[str]) -> None:
    if token.group() == "OR":
        draft.joins_last = bool(draft.groups)
        return
    name = (token["field"] or "").lower()
    if name in _FIELDS:
        value = token["phrase"] if token["phrase"] is not None else token["word"]
        _take_field(draft, name, value, is_without=bool(token["minus"]))
        return
    text = token.group().removeprefix("-" if token["minus"] else "")
    _add(draft, _term(text, None, is_phrase=token["phrase"] is not None), is_without=bool(token["minus"]))


def _take_field(draft: _Draft, name: str, value: str, *, is_without: bool) -> None:
    match name:
        case "site":
            draft.sites.append(value.lower())
        case "before":
            draft.until = _first_day(value, "before") - timedelta(days=1)
        case "after":
            draft.since = _first_day(value, "after")
        case _:
            _add(draft, _term(value, name, is_phrase=True), is_without=is_without)


def _term(text: str, column: str | None, *, is_phrase: bool) -> Term:
    is_prefix = text.endswith("*")
    return Term(text.strip('"*'), column, is_prefix=is_prefix, is_phrase=is_phrase)


def _add(draft: _Draft, term: Term, *, is_without: bool) -> None:
    joins_last, draft.joins_last = draft.joins_last, False
    if not _has_letters(term.text):
        return
    if is_without:
        draft.without.append(term)
    elif joins_last:
        draft.groups[-1].append(term)
    else:
        draft.groups.append([term])


def _has_letters(text: Iterable[str]) -> bool:
    """Tell whether the tokenizer finds a word: unicode61 takes letters, digits and private characters."""
    return any(unicodedata.category(char)[0] in "LN" or unicodedata.category(char) == "Co" for char in text)


def _first_day(text: str, name: str) -> date:
    """Return the first day that a date names; raise QueryError."""
    numbers = [int(number) for number in re.findall(r"\d{1,4}", text)] if text.isascii() else []
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text, re.ASCII):
        numbers.reverse()
    elif not re.fullmatch(r"\d{4}(-\d{1,2}(-\d{1,2})?)?", text, re.ASCII):
        numbers = []
    year, month, day = (*numbers, 1, 1)[:3] if numbers else (0, 0, 0)
    is_day = FIRST_YEAR <= year <= date.max.year and 1 <= month <= MONTHS
    if not is_day or not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise QueryError(f"{name}:{text} is no date; {DATE_HINT}")
    return date(year, month, day)
