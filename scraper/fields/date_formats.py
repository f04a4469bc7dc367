"""Which dates and times a short text names, in the words and orders of the languages that newspapers use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from scraper.fields import date_patterns as shapes
from scraper.fields.calendar_words import (
    MONTHS,
    PERSIAN_MONTHS,
    SHORT_WEEKDAY_CHARS,
    WEEKDAYS,
    ZONE_NAMES,
    ZONE_OFFSETS,
    plain_months,
)

MAX_CHARS = 400  # a date line is shorter; a longer text is cut
MAX_GAP_CHARS = 25  # between a date and its time of day: ", um ", " klokken ", " | Actualizado a las "
SOLAR_HIJRI_YEARS = range(1300, 1500)
FIRST_YEAR, LAST_YEAR = 1900, 2100
BUDDHIST_ERA_YEARS = 543  # before our first year
HALF_DAY_HOURS, DAY_HOURS = 12, 24
MAX_OFFSET_HOURS = 14


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text. Without a zone of its own the value is a naive `datetime`; without a time, a `date`.

    Where `problem` is set the date cannot be, for this reason, and the value is the nearest that it could mean.
    """

    value: datetime | date
    start: int  # of date and time together, in characters of the text
    end: int
    problem: str | None = None


def find(text: str, *, month_first: bool = False) -> tuple[Found, ...]:
    """Return the dates that a short text names, in its order; only the first 400 characters are read.

    An order of day and month that the numbers leave open is decided by the weekday, if one stands beside the date,
    else by `month_first`.
    """
    text = _plain(text[:MAX_CHARS])
    days = list(_days(text)) if shapes.MARK_OF_A_DATE.search(text) else []
    if not days:
        return ()
    clocks = _clocks(text, days)
    is_clock_first = bool(clocks) and clocks[0].span[0] < days[0].span[0]
    found = []
    for n, day in enumerate(days):
        before = days[n - 1].span[1] if n else 0
        after = days[n + 1].span[0] if n + 1 < len(days) else len(text)
        clock = _clock_of(text, day, [c for c in clocks if before <= c.span[0] < after], is_clock_first=is_clock_first)
        found.append(_assembled(text, day, clock, month_first=month_first))
    return tuple(found)


def machine_readable(text: str) -> datetime | date | None:
    """Read a time written for machines: shapes.ISO 8601 and its usual misspellings, RFC 2822, seconds since 1970.

    None for anything else; a time without a zone comes back naive.
    """
    text = _plain(text[:MAX_CHARS]).strip()
    match = shapes.ISO.match(text)
    if match:
        return _of_iso(match)
    if shapes.EPOCH.fullmatch(text):
        return _of_epoch(int(text))
    return _of_mail(text)


def in_url(url: str) -> date | None:
    """Return the day that the path of a URL names, `/2025/10/22/` or `-20251022…`, or None."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url[:MAX_CHARS].lower())
    for pattern in shapes.PATHS:
        match = pattern.search(path)
        month = MONTHS.get(match["m"], 0) or _number(match["m"]) if match else 0
        day = _date(_year(match.groupdict()), month, _number(match["d"])) if match else None
        if day:
            return day
    return None


def ago(text: str, now: datetime) -> datetime | date | None:
    """Read how long ago something was, `5 giờ trước`, `3 hours ago`; None if the text does not say.

    Minutes give a time, hours and days no more than the day: what was rounded is not told to the minute.
    """
    match = shapes.AGO.search(_plain(text[:MAX_CHARS]))
    if not match:
        return None
    count = int(match["count"] or match["count2"])
    unit = shapes.AGO_UNITS[match["unit"] or match["unit2"]]
    moment = now - unit * min(count, 400)
    return moment.replace(second=0, microsecond=0) if unit < timedelta(hours=1) else moment.date()


# --- the pieces -------------------------------------------------------------------------------------------------------
_OTHER_DIGITS = re.compile(r"(?![0-9])\d")
_THAI = re.compile("[\u0e01-\u0e4e]")
_STOP = re.compile(r"[^\W\d_]{4}\.\s")


@dataclass(frozen=True, slots=True)
class _Day:
    readings: tuple[date, ...]  # day before month, then month before day, where both can be
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Clock:
    at: time | None  # None where the numbers are no time of day
    span: tuple[int, int]


def _plain(text: str) -> str:
    """Return the text composed, in lower case of the same length, with ASCII digits and months of one word."""
    text = unicodedata.normalize("NFC", text).replace("İ", "i").lower().replace("\xa0", " ").replace("\u202f", " ")
    if text.isascii():
        return text
    digits = {ord(mark): str(unicodedata.digit(mark)) for mark in _OTHER_DIGITS.findall(text)}
    return plain_months(text.translate(digits) if digits else text)


def _days(text: str) -> Iterator[_Day]:
    taken: list[tuple[int, int]] = []
    found: list[_Day] = []
    for pattern in shapes.DATES:
        for match in pattern.finditer(text):
            readings = tuple(dict.fromkeys(_readings(match.groupdict())))
            if readings and not any(_overlaps(match.span(), span) for span in taken):
                taken.append(match.span())
                found.append(_Day(readings, match.span()))
    return iter(sorted(found, key=lambda day: day.span))


def _readings(parts: dict[str, str | None]) -> Iterator[date]:
    year = _year(parts)
    pairs = ((parts["a"], parts["b"]), (parts["b"], parts["a"])) if parts.get("a") else ((parts["d"], parts["m"]),)
    for day_text, month_text in pairs:
        if year in SOLAR_HIJRI_YEARS:
            month = _number(month_text) or PERSIAN_MONTHS.get(month_text or "", 0)
            day = _of_solar_hijri(year, month, _number(day_text))
        else:
            month = _number(month_text) or MONTHS.get(month_text or "", 0)
            day = _date(year, month, _number(day_text))
        if day:
            yield day


def _of_solar_hijri(year: int, month: int, day: int) -> date | None:
    """Return the day that Iran's calendar calls so, by its cycle of 33 years; right from 1244 to 1472."""
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004 - months of a year, days of a month
        return None
    years = year + 1595
    in_year = (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186  # noqa: PLR2004 - six months have 31 days
    return date.fromordinal(365 * years + years // 33 * 8 + (years % 33 + 3) // 4 + in_year + day - 356_033)


def _year(parts: dict[str, str | None]) -> int:
    text = parts["y"] or ""
    if _THAI.match(parts.get("m") or ""):
        return _number(text) - BUDDHIST_ERA_YEARS
    era = parts.get("era")
    if era:
        return shapes.ERAS[era] + (1 if text == "元" else _number(text))
    return _number(text) + (2000 if len(text) == 2 else 0)  # noqa: PLR2004 - two digits of a year


def _clocks(text: str, days: Sequence[_Day]) -> list[_Clock]:
    return [
        _Clock(_time(match), match.span())
        for match in shapes.CLOCK.finditer(text)
        if not any(_overlaps(match.span(), day.span) for day in days) and _is_clock(text, match, days)
    ]


def _is_clock(text: str, match: re.Match[str], days: Sequence[_Day]) -> bool:
    """Tell whether numbers parted by a dot are a time of day: by a word beside them, or right beside a date."""
    if match["m3"] is None or match["half"] or shapes.DOTTED_AFTER.match(text, match.end("m3")):
        return True
    beside = [text[day.span[1] : match.start()] for day in days] + [text[match.end() : day.span[0]] for day in days]
    is_beside = len(match["hour"]) > 1 and any(gap and not gap.strip(" ,|-–/()") and len(gap) <= 3 for gap in beside)  # noqa: PLR2004 - " - "
    return is_beside or shapes.DOTTED_BEFORE.search(text[: match.start()]) is not None


def _time(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    minute = int(match["m1"] or match["m2"] or match["m3"] or match["m4"] or 0)
    half = (match["half"] or match["before"] or "").replace(" ", "")  # `7:15 p. m.`, as Spanish has it
    if half in shapes.PAST_HALVES and hour < HALF_DAY_HOURS:
        hour += HALF_DAY_HOURS
    elif half and half not in shapes.PAST_HALVES and hour == HALF_DAY_HOURS:
        hour = 0
    if hour == DAY_HOURS and not minute:
        return None  # midnight of which end of the day cannot be told
    return time(hour, minute, int(match["second"] or 0)) if hour < DAY_HOURS else None


def _clock_of(text: str, day: _Day, clocks: list[_Clock], *, is_clock_first: bool) -> _Clock | None:
    """Return the time of day that stands beside a date, on the side where this text writes it."""
    after = next((c for c in clocks if c.span[0] >= day.span[1] and _is_gap(text[day.span[1] : c.span[0]])), None)
    before = next(
        (c for c in reversed(clocks) if c.span[1] <= day.span[0] and _is_gap(text[c.span[1] : day.span[0]])), None
    )
    return (before or after) if is_clock_first else (after or before)


def _is_gap(text: str) -> bool:
    """Tell whether what stands between a date and a time of day joins them: short, no number, no end of a sentence."""
    return (
        len(text) <= MAX_GAP_CHARS
        and not any(mark.isdigit() or mark == ";" for mark in text)
        and not _STOP.search(text)
    )


def _assembled(text: str, day: _Day, clock: _Clock | None, *, month_first: bool) -> Found:
    start = min(day.span[0], clock.span[0]) if clock else day.span[0]
    end = max(day.span[1], clock.span[1]) if clock else day.span[1]
    value, problem = _chosen(text, day, start, month_first=month_first)
    if clock is None or clock.at is None:
        return Found(value, start, end, problem)
    moment = datetime.combine(value, clock.at)
    zone, end = _zone(text, end, clock, moment)
    return Found(moment.replace(tzinfo=zone), start, end, problem)


def _chosen(text: str, day: _Day, start: int, *, month_first: bool) -> tuple[date, str | None]:
    readings = day.readings[::-1] if month_first else day.readings
    word, weekday = _weekday(text, day, start)
    if weekday is None:
        return readings[0], None
    fitting = next((reading for reading in readings if reading.weekday() == weekday), None)
    if fitting or len(word) <= SHORT_WEEKDAY_CHARS:
        return fitting or readings[0], None
    return readings[0], f"{readings[0]} was no {word}"


def _weekday(text: str, day: _Day, start: int) -> tuple[str, int | None]:
    """Return the weekday named right before or after a date: its word, and 0 (Monday) to 6."""
    after = shapes.WEEKDAY_AFTER.match(text, day.span[1])
    if after:
        return "", WEEKDAYS.get(after["word"])
    for position in dict.fromkeys((day.span[0], start)):
        before = text[max(0, position - 30) : position]
        vietnamese = shapes.VIETNAMESE_WEEKDAY.search(before)
        if vietnamese:
            number = vietnamese["n"]
            return vietnamese[0], 6 if number is None else shapes.VIETNAMESE_NUMBERS.get(number, _number(number) - 2)
        word = shapes.WEEKDAY_BEFORE.search(before)
        if word and word["word"] in WEEKDAYS:
            return word["word"], WEEKDAYS[word["word"]]
    return "", None


def _zone(text: str, end: int, clock: _Clock, moment: datetime) -> tuple[tzinfo | None, int]:
    """Return the zone written after the time or after all of it, and where the whole ends then."""
    for position in dict.fromkeys((end, clock.span[1])):
        match = shapes.ZONE.match(text, position)
        zone = _zone_of(match, moment) if match else None
        if match and zone:
            return zone, max(end, match.end())
    return None, end


def _zone_of(match: re.Match[str], moment: datetime) -> tzinfo | None:
    name = match["name"]
    if name in ZONE_NAMES:
        return timezone(ZoneInfo(ZONE_NAMES[name]).utcoffset(moment) or timedelta())
    if name:
        return timezone(ZONE_OFFSETS[name]) if name in ZONE_OFFSETS else None
    sign, hours, minutes = match["sign"] or match["sign2"], match["h"] or match["h2"], match["m"] or match["m2"]
    return _offset(sign, hours, minutes)


def _offset(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if distance > timedelta(hours=MAX_OFFSET_HOURS):
        return None
    return timezone(distance if sign == "+" else -distance)


def _of_iso(match: re.Match[str]) -> datetime | date | None:
    day = _date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day is None or match["H"] is None:
        return day
    try:
        at = time(int(match["H"]), int(match["M"]), min(int(match["S"] or 0), 59))
    except ValueError:
        return day
    zone: tzinfo | None = None
    if match["sign"]:
        zone = _offset(match["sign"], match["zh"], match["zm"])
    elif match["zone"]:
        zone = UTC
    return datetime.combine(day, at, zone)


def _of_epoch(number: int) -> datetime | None:
    seconds = number / 1000 if number > 10**11 else number
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _of_mail(text: str) -> datetime | None:
    if not re.match(r"[a-z]{3},? \d{1,2} [a-z]{3} \d{4} \d\d:\d\d", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
