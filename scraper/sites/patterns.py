"""Patterns that people write into rules: how costly a regex can be, and dates written as day/month/year."""

from __future__ import annotations

import importlib
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

MAX_SUBJECT_CHARS = 300
"""No regex of a rule ever sees a longer text: dates and bylines are shorter."""

MAX_URL_CHARS = 500
"""No newspaper's article has a longer address; a longer one is none."""

MAX_PATTERN_CHARS = 300
MAX_WAYS = (MAX_SUBJECT_CHARS + 1) ** 2
"""Two repeats without bound. With the start of the match that is at most 300³ / 6 steps, some tenths of a second."""

MAX_WAYS_ON_URL = 50_000
"""Fewer than on other texts, since addresses may be longer."""

MAX_WAYS_ON_PAGE = MAX_SUBJECT_CHARS + 1
"""One repeat without bound, for a regex that is tried on every line of a page."""

# CPython's own parser of patterns: without a public name, the same from Python 3.11 to 3.14
_parser: Any = importlib.import_module("re._parser")
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_SINGLE = {"LITERAL", "NOT_LITERAL", "IN", "ANY", "AT", "CATEGORY", "RANGE"}
_UNCOUNTABLE = 10**12


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile the pattern; raises `re.error`."""
    return re.compile(pattern)


def ways(pattern: str) -> int:
    """Return an upper bound of the ways in which the pattern can be tried from one place of a text.

    A repeat within a repeat that has no bound, the cause of exponential time, gives 10¹². Raises `re.error`.
    """
    return min(_ways_of(_parser.parse(pattern)), _UNCOUNTABLE)


def _ways_of(sequence: Any) -> int:  # noqa: ANN401 -- the parser's nodes have no public type
    total = 1
    for operator, argument in sequence:
        total *= _ways_of_one(str(operator), argument)
        if total > _UNCOUNTABLE:
            return _UNCOUNTABLE
    return total


def _ways_of_one(operator: str, argument: Any) -> int:  # noqa: ANN401 -- the parser's nodes have no public type
    if operator in _SINGLE:
        return 1
    if operator in _REPEATS:
        return _ways_of_repeat(*argument)
    if operator == "SUBPATTERN":
        return _ways_of(argument[-1])
    if operator == "BRANCH":
        return sum(_ways_of(branch) for branch in argument[1])
    if operator in {"ASSERT", "ASSERT_NOT"}:
        return _ways_of(argument[1])
    return _UNCOUNTABLE  # back references, conditions: nothing that a rule needs


def _ways_of_repeat(least: int, most: int, repeated: Any) -> int:  # noqa: ANN401 -- the parser's nodes have no public type
    inner = _ways_of(repeated)
    most = min(int(most), MAX_SUBJECT_CHARS)
    if inner > 1 and most > 64:  # noqa: PLR2004 -- 2⁶⁴ is uncountable already
        return _UNCOUNTABLE
    total: int = (most - int(least) + 1) * inner**most
    return min(total, _UNCOUNTABLE)


def kept(pattern: str, text: str) -> str | None:
    """Return what the pattern keeps of the text, its first group or all it matched, or None if it does not match.

    Only the first 300 characters of the text are looked at.
    """
    match = compiled(pattern).search(text[:MAX_SUBJECT_CHARS])
    if match is None:
        return None
    return (match[1] if match.re.groups else match[0]) or None


# --- dates ------------------------------------------------------------------------------------------------------------

_WORDS = {
    "day": r"(?P<day>\d{1,2})",
    "month": r"(?P<month>\d{1,2})",
    "year": r"(?P<year>\d{4})",
    "hour": r"(?P<hour>\d{1,2})",
    "minute": r"(?P<minute>\d{2})",
    "second": r"(?P<second>\d{2})",
    "ampm": r"(?P<ampm>[AaPp]\.?[Mm]|SA|CH)",  # sáng, chiều: morning, afternoon
}
_WORD = re.compile("|".join(_WORDS))
_SHORT = re.compile(r"\b(?:d{1,2}|m{1,2}|y{2,4}|h{1,2}|s{1,2})\b", re.IGNORECASE)
_NOON = 12


class BadDateForm(ValueError):
    """The form of a date names no day, month and year, or names something else."""


@lru_cache(maxsize=256)
def date_pattern(form: str) -> re.Pattern[str]:
    """Compile `day/month/year hour:minute`; words stand for numbers, a blank for any white space or none.

    Raises BadDateForm, whose text says what is missing.
    """
    if "%" in form:
        raise BadDateForm("a date is written in words here, not with % signs")
    words = _WORD.findall(form)
    missing = [word for word in ("day", "month", "year") if words.count(word) != 1]
    if missing or len(words) != len(set(words)):
        raise BadDateForm(f"it must name {', '.join(missing) or 'each word'} once")
    if short := _SHORT.search(_WORD.sub("", form)):
        raise BadDateForm(f"`{short[0]}` is written as a word: day, month, year, hour, minute, second, ampm")
    return re.compile(_expand(form))


def _expand(form: str) -> str:
    parts: list[str] = [r"(?<!\d)"]
    at = 0
    for word in _WORD.finditer(form):
        parts += [_literal(form[at : word.start()]), _WORDS[word[0]]]
        at = word.end()
    return "".join([*parts, _literal(form[at:]), r"(?!\d)"])


def _literal(text: str) -> str:
    return r"\s{0,3}".join(re.escape(piece) for piece in re.split(r"\s+", text))


def read_date(form: str, text: str, timezone: str | None) -> datetime | date | None:
    """Return the first date of this form in the text, in the zone; a date alone where the form has no hour.

    None where no such date stands there or the date cannot be, such as the 31st of February.
    """
    match = date_pattern(form).search(text[:MAX_SUBJECT_CHARS])
    if match is None:
        return None
    numbers = {name: int(value) for name, value in match.groupdict().items() if name != "ampm" and value}
    numbers |= _hour(numbers.get("hour"), match.groupdict().get("ampm"))
    try:
        if "hour" not in numbers:
            return date(**numbers)
        return datetime(**numbers, tzinfo=ZoneInfo(timezone) if timezone else None)
    except ValueError:
        return None


def _hour(hour: int | None, half: str | None) -> dict[str, int]:
    """Return the hour on the clock of 24; `00:01 AM` and `15:06 PM` of real pages stay what they are."""
    if hour is None:
        return {}
    is_afternoon = half is not None and half.upper()[0] in "PC"
    if half is not None and not is_afternoon and hour == _NOON:
        return {"hour": 0}
    return {"hour": hour + _NOON if is_afternoon and hour < _NOON else hour}
