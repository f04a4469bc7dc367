"""Which day or instant does a user mean by `yesterday`, `7d` or `2026-01`: pure, the clock is passed in."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from commands.exits import UsageProblem

FORMS = "2026-01-31, 2026-01, 2026, 31/01/2026, today, yesterday, 12h, 7d, 2w"

_AGO = re.compile(r"(\d{1,6})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LENGTH = re.compile(r"(\d{1,9})([smhd]?)")
_YEAR = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4})")


def first_day(text: str, now: datetime) -> date:
    """Return the first day of what is meant, `now` being the user's local time; raises UsageProblem."""
    return _days(text, now)[0]


def last_day(text: str, now: datetime) -> date:
    """Return the last day of what is meant: `2026-01` ends on the 31st; raises UsageProblem."""
    return _days(text, now)[1]


def span(text: str, now: datetime) -> tuple[date, date]:
    """Return the first and last day of `FROM..TO`, or of one day, month or year; raises UsageProblem."""
    first, _, last = text.partition("..")
    days = first_day(first, now), last_day(last or first, now)
    if days[0] > days[1]:
        raise UsageProblem(f"{text!r} ends before it begins; write FROM..TO, as 2023-01..2023-03")
    return days


def instant(text: str, now: datetime) -> datetime:
    """Return the instant meant, in UTC: `12h` and `7d` count back from now, a day begins at its local midnight.

    A full time such as 2026-01-31T12:00+07:00 is taken as it stands, in the user's zone where it names none.
    """
    wanted = text.strip().lower()
    try:
        if ago := _AGO.fullmatch(wanted):
            return (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC)
        moment = _full_time(text.strip(), now)
        return (moment or datetime.combine(first_day(text, now), time(), now.tzinfo)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _problem(text) from error


def seconds(text: str) -> float:
    """Return a length of time written as 90, 90s, 30m, 12h or 2d in seconds; raises UsageProblem."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        raise UsageProblem(f"no length of time: {text!r}; write 90s, 30m, 12h or 2d")
    return int(match[1]) * {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}[match[2]]


def _full_time(text: str, now: datetime) -> datetime | None:
    if "T" not in text and ":" not in text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _days(text: str, now: datetime) -> tuple[date, date]:
    wanted = text.strip().lower()
    today = now.date()
    if wanted in {"today", "yesterday"}:
        day = today - timedelta(days=wanted == "yesterday")
        return day, day
    try:
        if ago := _AGO.fullmatch(wanted):
            day = (now - int(ago[1]) * _UNITS[ago[2]]).date()
            return day, day
        return _written_days(wanted, text)
    except (ValueError, OverflowError) as error:
        raise _problem(text) from error


def _written_days(wanted: str, text: str) -> tuple[date, date]:
    if whole := _DAY.fullmatch(wanted):
        found = whole.groupdict()
        day = date(int(found["y"] or found["y2"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"]))
        return day, day
    if year := _YEAR.fullmatch(wanted):
        first, last = (int(year[2]), int(year[2])) if year[2] else (1, 12)
        return date(int(year[1]), first, 1), date(int(year[1]), last, monthrange(int(year[1]), last)[1])
    raise _problem(text)


def _problem(text: str) -> UsageProblem:
    return UsageProblem(f"no date: {text!r}; write one of {FORMS}")
