"""Times and languages of stored articles, as a page says them: pure."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def time_words(text: str | None, language: str) -> str:
    """Write an ISO 8601 time for people: 29 March 2023, 05:23 (+07:00); what is none stays as it is."""
    found = _DAY.fullmatch(text or "")
    if found is None:
        return text or ""
    day = day_words(found[0][:10], language)
    if found[4] is None:
        return day
    zone = {"Z": " (UTC)", None: ""}.get(found[5], f" ({found[5]})")
    return f"{day}, {found[4]}{zone}"


def day_words(text: str | None, language: str) -> str:
    """Write a day: 29 March 2023, or ngày 29/3/2023 as Vietnamese papers have it."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return f"{day.day}/{day.month}/{day.year}" if language == "vi" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, language: str) -> str:
    """Write a day as briefly as an axis wants it: 29 Mar, or 29/3."""
    return f"{day.day}/{day.month}" if language == "vi" else f"{day.day} {MONTHS[day.month - 1][:3]}"


def month_words(text: str, language: str) -> str:
    """Write a month: March 2023, or tháng 3/2023; what is none stays as it is."""
    year, _, month = text.partition("-")
    if not (month.isascii() and month.isdecimal() and 1 <= int(month) <= len(MONTHS)):
        return text
    return f"tháng {int(month)}/{year}" if language == "vi" else f"{MONTHS[int(month) - 1]} {year}"


def language_tag(text: object) -> str:
    """Return the language of a text as `lang` may say it (BCP 47); "und" where it is not known."""
    return text if isinstance(text, str) and _TAG.fullmatch(text) else "und"
