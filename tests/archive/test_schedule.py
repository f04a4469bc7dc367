"""When a URL is fetched next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archive.schedule import (
    LISTING_FIRST,
    LISTING_LONGEST,
    REVISITS,
    Came,
    Plan,
    Priority,
    aware,
    first_priority,
    next_visit,
    seed_priority,
)
from scraper.models import Found, Role
from tests.archive.kit import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ARTICLE = Plan(Role.ARTICLE, NOW)
LISTING = Plan(Role.LISTING, NOW, Priority.LISTING)


def waits(plan: Plan, came: Came, count: int, code: str = "") -> list[timedelta]:
    found = []
    now = NOW
    for _ in range(count):
        plan = next_visit(plan, came, now, code=code)
        found.append(plan.due_at - now)
        now = plan.due_at
    return found


def test_an_article_that_does_not_change_is_asked_for_ever_less() -> None:
    new = next_visit(ARTICLE, Came.CHANGED, NOW)

    assert [new.due_at - NOW, *waits(new, Came.SAME, 8)] == [*REVISITS, REVISITS[-1], REVISITS[-1]]
    assert [wait / HOUR for wait in REVISITS] == [1, 6, 24, 72, 168, 720, 4320]


def test_an_article_that_changed_is_asked_again_soon() -> None:
    old = replace(ARTICLE, step=5, priority=Priority.REVISIT)

    assert next_visit(old, Came.CHANGED, NOW).due_at == NOW + HOUR


def test_a_listing_finds_its_own_pace() -> None:
    first = next_visit(LISTING, Came.CHANGED, NOW)
    slower = next_visit(first, Came.SAME, NOW)
    faster = next_visit(slower, Came.CHANGED, NOW)

    assert [plan.interval_seconds for plan in (first, slower, faster)] == [600, 900, 720]
    assert waits(first, Came.SAME, 30)[-1] == LISTING_LONGEST
    assert waits(slower, Came.CHANGED, 30)[-1] == LISTING_FIRST


@pytest.mark.parametrize("code", ["timeout", "connect", "truncated", "http_error", "dns"])
def test_what_may_pass_is_tried_again_after_ten_minutes_doubled(code: str) -> None:
    assert [wait / timedelta(minutes=10) for wait in waits(ARTICLE, Came.FAILED, 5, code)] == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("code", ["not_found", "soft_not_found", "robots_denied", "blocked", "paywall"])
def test_what_was_refused_rests_a_day(code: str) -> None:
    assert waits(ARTICLE, Came.FAILED, 1, code) == [DAY]


@pytest.mark.parametrize(
    ("code", "failures"), [("timeout", 8), ("not_found", 3), ("not_html", 1), ("bad_url", 1), ("parse_timeout", 8)]
)
def test_a_url_never_had_is_given_up_in_the_end(code: str, failures: int) -> None:
    plan, states = ARTICLE, []
    for _ in range(failures):
        plan = next_visit(plan, Came.FAILED, NOW, code=code)
        states.append(plan.state)

    assert states == [*["pending"] * (failures - 1), "failed"]


@pytest.mark.parametrize("plan", [LISTING, replace(ARTICLE, priority=Priority.REVISIT)])
def test_what_was_had_once_is_never_given_up(plan: Plan) -> None:
    assert waits(plan, Came.FAILED, 40, "timeout")[-1] == DAY
    assert next_visit(replace(plan, attempts=40), Came.FAILED, NOW, code="not_found").state == "pending"


def test_what_will_not_pass_rests_a_month_where_an_article_was_had() -> None:
    assert waits(replace(ARTICLE, priority=Priority.REVISIT), Came.FAILED, 2, "not_html") == [30 * DAY] * 2


def test_a_time_without_a_zone_is_of_utc_and_another_stays_as_it_is() -> None:
    there = datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=7)))

    assert aware(there) is there
    assert aware(there.replace(tzinfo=None)) == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_removed_article_is_asked_for_ever_less() -> None:
    days = [wait / DAY for wait in waits(replace(ARTICLE, priority=Priority.REVISIT), Came.FAILED, 9, "not_found")]

    assert days == [1, 1, 1, 2, 4, 8, 16, 30, 30]


def test_a_section_that_is_not_there_is_asked_for_daily() -> None:
    assert waits(LISTING, Came.FAILED, 9, "not_found") == [DAY] * 9


def test_f15_the_pause_a_server_asks_for_is_kept() -> None:
    plan = next_visit(ARTICLE, Came.FAILED, NOW, code="host_parked", retry_after_seconds=10 * 3600)

    assert plan.due_at == NOW + 10 * HOUR


@pytest.mark.parametrize("seconds", [366 * 24 * 3600.0, 1e15, 1e300, float("inf")])
def test_a_pause_of_more_than_a_month_is_taken_for_a_mistake(seconds: float) -> None:
    plan = next_visit(ARTICLE, Came.FAILED, NOW, code="host_parked", retry_after_seconds=seconds)

    assert plan.due_at == NOW + 30 * DAY


def test_a_success_ends_the_count_of_failures() -> None:
    plan = next_visit(replace(ARTICLE, attempts=5), Came.SAME, NOW)

    assert (plan.attempts, plan.state) == (0, "pending")


URL = "https://bao.example/cau-moi-100001.html"


@pytest.mark.parametrize(
    ("link", "by_listing", "expected"),
    [
        (Found(URL, Role.LISTING), True, Priority.FRESH),
        (Found(URL, Role.LISTING, is_next_page=True), True, Priority.BACKLOG),
        (Found(URL, Role.SITEMAP), False, Priority.FRESH),
        (Found(URL, Role.SITEMAP, modified_at=NOW - 49 * HOUR), False, Priority.BACKLOG),
        (Found(URL, Role.ARTICLE), True, Priority.FRESH),
        (Found(URL, Role.ARTICLE), False, Priority.BACKLOG),
        (Found(URL, Role.ARTICLE, modified_at=NOW - 47 * HOUR), False, Priority.FRESH),
        (Found(URL, Role.ARTICLE, modified_at=NOW - 49 * HOUR), False, Priority.BACKLOG),
        (Found(URL, Role.ARTICLE, modified_at=(NOW - 47 * HOUR).replace(tzinfo=None)), False, Priority.FRESH),
    ],
)
def test_news_go_before_the_backlog(link: Found, *, by_listing: bool, expected: Priority) -> None:
    assert first_priority(link, NOW, by_listing=by_listing) is expected


@pytest.mark.parametrize(("role", "expected"), [(Role.LISTING, Priority.LISTING), (Role.ARTICLE, Priority.FRESH)])
def test_a_seed_goes_first(role: Role, expected: Priority) -> None:
    assert seed_priority(role) is expected


def test_a_later_page_of_a_listing_is_not_visited_again_by_itself() -> None:
    later = replace(ARTICLE, role=Role.LISTING, priority=Priority.BACKLOG)

    assert next_visit(later, Came.CHANGED, NOW).state == "done"
