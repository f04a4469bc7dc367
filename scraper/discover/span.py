"""May a link belong to a range of days: by the dates in its URL, and by when a sitemap or feed says it was changed."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from scraper.models import Found, Role

SLACK = timedelta(days=1)
"""A day here is another one elsewhere on Earth."""

_YEAR, _MONTH, _DAY = r"((?:19|20)\d\d)", r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
_IN_PATH = re.compile(rf"(?<=[/_.-]){_YEAR}([/_-]){_MONTH}(?:\2{_DAY})?(?=[/_.-]|\Z)")
_STAMP = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d{0,6}(?!\d)")
_IN_NAME = re.compile(
    rf"(?<!\d){_YEAR}(?:[/_.-]?(0[1-9]|1[0-2])(?:[/_.-]?(0[1-9]|[12]\d|3[01]))?|[/_.-]{_MONTH}(?:[/_.-]{_DAY})?)?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends in it."""

    first: date
    last: date

    def overlaps(self, other: Days) -> bool:
        """Tell whether a day may belong to both, wherever on Earth it was told."""
        return self.first - SLACK <= other.last and other.first <= self.last + SLACK

    def may_hold(self, link: Found, published_on: date | None = None) -> bool:
        """Tell whether what a link leads to may be of these days; `published_on` is of an article that is kept.

        What was last changed before them was published before them; a later change says nothing.
        """
        if link.role in (Role.LISTING, Role.FEED):
            return True
        told = Days(published_on, published_on) if published_on else days_in(link.url, link.role)
        if told is not None:
            return self.overlaps(told)
        return link.modified_at is None or link.modified_at.date() >= self.first - SLACK

    def are_after_most(self, days: Iterable[date]) -> bool:
        """Tell whether most of these days, of which there are some, are before the range."""
        known = list(days)
        return bool(known) and sum(day < self.first for day in known) * 2 > len(known)


def days_in(url: str, role: Role) -> Days | None:
    """Return the days that a URL names, None for none: a path with a date, a time stamp, a sitemap's month or year.

    Six or eight digits of an article's URL are its number, whatever date they look like.
    """
    path = urlsplit(url).path
    if role is Role.SITEMAP:
        matches = list(_IN_NAME.finditer(urlsplit(url)._replace(scheme="", netloc="").geturl()))
        if not matches:
            return None
        year, month, day, month_alone, day_alone = matches[-1].groups()
        return _days(year, month or month_alone, day or day_alone)
    if stamp := _STAMP.search(path):
        return _days(*stamp.groups())
    dated = _IN_PATH.search(path)
    return _days(dated[1], dated[3], dated[4]) if dated else None


def _days(year: str, month: str | None, day: str | None) -> Days | None:
    try:
        if month is None:
            return Days(date(int(year), 1, 1), date(int(year), 12, 31))
        if day is None:
            last = monthrange(int(year), int(month))[1]
            return Days(date(int(year), int(month), 1), date(int(year), int(month), last))
        whole = date(int(year), int(month), int(day))
    except ValueError:  # the 31st of February
        return None
    return Days(whole, whole)
