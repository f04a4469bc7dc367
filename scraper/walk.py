"""How far does a crawl walk into a newspaper's past: by what each page of a list names, and how old that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from scraper.discover.span import Days, days_in
from scraper.models import Found, Role, Task

LEAST_DATED = 3  # articles of a page whose days are known, for the page to have an age

DaysOf = Callable[[Iterable[str]], Mapping[str, date]]
"""Return the days of publication of those URLs that are kept."""


class Walk:
    """One walk through the lists of newspapers, back to the first day of a range.

    Lists show the latest first. Where a page tells no dates, its articles are fetched before its next page, so that the
    age of the page before is known when a page is read.
    """

    def __init__(self, days: Days, days_of: DaysOf) -> None:
        self._days = days
        self._days_of = days_of
        self._before: dict[str, list[str]] = {}  # of a later page, what the page before it named

    def worth_following(self, task: Task, links: Sequence[Found]) -> tuple[Found, ...]:
        """Return what may be of the range, and the next page unless the list has come to what is older."""
        urls = [link.url for link in links if link.role is Role.ARTICLE]
        known = self._days_of(urls)
        before = self._before.pop(task.url, [])
        told = [day for link in links if (day := self._day(link, known)) is not None]
        if len(told) < LEAST_DATED and self._days.are_after_most(self._days_of(before).values()):
            return ()
        is_over = not urls or urls == before or self._days.are_after_most(told)
        followed = [link for link in links if self._days.may_hold(link, known.get(link.url))]
        for link in links:
            if link.is_next_page:
                self._before[link.url] = urls
        return tuple(link for link in followed if not (link.is_next_page and is_over))

    def _day(self, link: Found, known: Mapping[str, date]) -> date | None:
        """Return the day of an article as far as it is told; a change is no older than its article."""
        if link.role is not Role.ARTICLE:
            return None
        named = days_in(link.url, link.role)
        changed = link.modified_at.date() if link.modified_at else None
        return known.get(link.url) or (named.last if named else changed)
