from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commands.fetching import Queue
from scraper.budget import Budgeted, Manners
from scraper.models import Role, Task

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("manners", "asked", "left"),
    [
        (Manners(), 500, None),
        (Manners(max_pages=20), 500, 20),
        (Manners(max_pages_day=100), 40, 60),
        (Manners(max_pages=20, max_pages_day=100), 90, 10),
        (Manners(max_pages=20, max_pages_day=100), 130, 0),
    ],
)
def test_the_smaller_of_what_run_and_day_leave_counts(manners: Manners, asked: int, left: int | None) -> None:
    assert manners.pages_left(asked) == left


class BySite(Queue):
    """A frontier that heeds the sites it is asked for."""

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:  # noqa: ARG002 -- the Protocol's
        found = next((task for task in self.tasks if task.site in sites), None)
        if found:
            self.tasks.remove(found)
        return found

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:  # noqa: ARG002 -- as above
        return sum(task.site in sites for task in self.tasks)


def test_a_newspaper_whose_budget_is_spent_is_asked_no_more_and_the_others_are() -> None:
    tasks = [Task(f"https://{site}.vn/{n}", Role.ARTICLE, site) for site in ("a", "b") for n in range(3)]
    frontier, both = Budgeted(BySite(tasks), {"a": 1}), frozenset({"a", "b"})

    given = [frontier.next_due(NOW, busy_hosts=NOTHING, sites=both) for _ in range(5)]

    assert [task.site if task else None for task in given] == ["a", "b", "b", "b", None]
    assert frontier.count_due(NOW, sites=both) == 0
    assert frontier.spent(NOW) == ["a"]
