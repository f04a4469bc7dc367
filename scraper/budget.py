"""How many pages may a newspaper still be asked for: a frontier that gives no more of it once its budget is spent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scraper.models import Frontier, Task


@dataclass(frozen=True, slots=True)
class Manners:
    """What a user asks of us towards one newspaper, beyond its rules."""

    delay_seconds: float | None = None  # None: as its rules say
    max_pages: int | None = None  # in one run; None: all that is due
    max_pages_day: int | None = None  # in 24 hours; None: as many as there are

    def pages_left(self, asked: int) -> int | None:
        """Return the pages of a run, where so many were asked for in the last 24 hours; None: without limit."""
        limits = [self.max_pages, None if self.max_pages_day is None else max(self.max_pages_day - asked, 0)]
        return min((limit for limit in limits if limit is not None), default=None)


class Budgeted:
    """A frontier within budgets: pages that each site has left; a site that is not named has no limit."""

    def __init__(self, frontier: Frontier, left: Mapping[str, int]) -> None:
        self._frontier = frontier
        self._left = dict(left)

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:
        """Make the tasks due now, whether known or not."""
        self._frontier.seed(tasks, now)

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:
        """Take the most urgent task that is due, of a site that has pages left."""
        task = self._frontier.next_due(now, busy_hosts=busy_hosts, sites=self._within(sites))
        if task is not None and task.site in self._left:
            self._left[task.site] -= 1
        return task

    def is_known(self, url: str) -> bool:
        """Tell whether the URL, in its canonical form, was ever a task."""
        return self._frontier.is_known(url)

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:
        """Return the days of publication of those articles that are kept."""
        return self._frontier.days_of(urls)

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:
        """Tell whether articles may have come and gone unseen, as the frontier does."""
        return self._frontier.has_gap(task, urls)

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:
        """Return how many tasks are due now, of sites that have pages left."""
        return self._frontier.count_due(now, sites=self._within(sites))

    def spent(self, now: datetime) -> list[str]:
        """Return the sites whose budget is spent, though more of them is due."""
        empty = sorted(site for site, left in self._left.items() if left <= 0)
        return [site for site in empty if self._frontier.count_due(now, sites=frozenset({site}))]

    def _within(self, sites: frozenset[str]) -> frozenset[str]:
        return frozenset(site for site in sites if self._left.get(site, 1) > 0)
