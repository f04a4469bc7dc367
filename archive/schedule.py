"""When a URL is fetched next. Pure: what came of the visit and the clock are passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from scraper.models import Found, Role

REVISITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24, 180 * 24))
"""From one visit of an article to the next, for as long as it does not change."""

LISTING_FIRST = timedelta(minutes=10)
LISTING_LONGEST = timedelta(days=1)
LISTING_SLOWER, LISTING_FASTER = 1.5, 0.8  # where a visit brought nothing new, and where it did
DAY = timedelta(days=1)
LONGEST_PAUSE = 30 * DAY  # that a server can ask for; more is a mistake, by which its newspaper would be lost for good
RETRY_FIRST = timedelta(minutes=10)
MAX_RETRIES = 8  # failures in a row after which a URL never had is given up: 10 min doubled seven times is 21 hours
MAX_NOT_FOUND = 3
FRESH_FOR = timedelta(hours=48)
WAIT_BY_CODE = {
    "not_found": DAY,
    "soft_not_found": DAY,
    "robots_denied": DAY,
    "robots_unreachable": timedelta(hours=1),
    "blocked": DAY,
    "paywall": DAY,
    "much_shorter": DAY,
    "host_parked": timedelta(hours=1),
    "parse_failed": 7 * DAY,
    "parse_timeout": 7 * DAY,
    "parse_memory": 7 * DAY,
    "parser_crash": 7 * DAY,
}
NOT_FOUND = frozenset({"not_found", "soft_not_found"})
TRANSIENT = frozenset(
    {"network", "dns", "connect", "connection_lost", "timeout", "truncated", "protocol", "tls", "http_error"}
)


class Priority(IntEnum):
    """What is fetched first of all that is due; the lower the sooner."""

    LISTING = 0  # seeds, and listings, sitemaps and feeds visited before: they name the news
    FRESH = 1  # what a listing names for the first time, or a sitemap with a date of the last 48 hours
    BACKLOG = 2  # older articles, later pages of listings and sitemaps of old months, never fetched
    REVISIT = 3


class Came(IntEnum):
    """What a visit brought, as far as the schedule goes."""

    CHANGED = 0  # a new or changed article; a listing that named something new
    SAME = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """The part of a frontier's row that the schedule decides on."""

    role: Role
    due_at: datetime
    priority: int = Priority.FRESH
    state: str = "pending"  # pending, done or failed
    attempts: int = 0  # failures in a row
    step: int = 0  # of REVISITS
    interval_seconds: float | None = None  # of a listing; None before its first visit


def next_visit(
    plan: Plan, came: Came, now: datetime, *, code: str = "", retry_after_seconds: float | None = None
) -> Plan:
    """Return the plan after a visit; `code` and `retry_after_seconds` are a failure's."""
    if came is Came.FAILED:
        return _after_failure(plan, code, now, retry_after_seconds or 0.0)
    done = replace(plan, attempts=0, state="pending")
    if plan.role is Role.ARTICLE:
        step = 0 if came is Came.CHANGED else min(plan.step + 1, len(REVISITS) - 1)
        return replace(done, step=step, due_at=now + REVISITS[step], priority=Priority.REVISIT)
    if plan.priority == Priority.BACKLOG:  # its news move: it is read again when it is named again
        return replace(done, state="done")
    seconds = _listing_interval(plan.interval_seconds, came)
    return replace(done, interval_seconds=seconds, due_at=now + timedelta(seconds=seconds), priority=Priority.LISTING)


def _listing_interval(seconds: float | None, came: Came) -> float:
    if seconds is None:
        return LISTING_FIRST.total_seconds()
    fitted = seconds * (LISTING_FASTER if came is Came.CHANGED else LISTING_SLOWER)
    return min(max(fitted, LISTING_FIRST.total_seconds()), LISTING_LONGEST.total_seconds())


def _after_failure(plan: Plan, code: str, now: datetime, retry_after_seconds: float) -> Plan:
    attempts = plan.attempts + 1
    wait = WAIT_BY_CODE.get(code)
    if wait is None:
        wait = min(RETRY_FIRST * 2 ** min(attempts - 1, MAX_RETRIES), DAY) if code in TRANSIENT else 30 * DAY
    if code in NOT_FOUND and plan.priority == Priority.REVISIT:  # an article that was had, and is gone
        wait = min(DAY * 2 ** min(max(attempts - MAX_NOT_FOUND, 0), 9), LONGEST_PAUSE)
    asked = timedelta(seconds=min(retry_after_seconds, LONGEST_PAUSE.total_seconds()))
    due_at = now + max(wait, asked)
    return replace(
        plan, attempts=attempts, due_at=due_at, state="failed" if _is_given_up(plan, code, attempts) else "pending"
    )


def _is_given_up(plan: Plan, code: str, attempts: int) -> bool:
    """Tell whether a URL that never gave an article is asked no more, until somebody names it anew."""
    if plan.priority in (Priority.LISTING, Priority.REVISIT):
        return False
    if code in NOT_FOUND:
        return attempts >= MAX_NOT_FOUND
    return attempts >= MAX_RETRIES or (code not in TRANSIENT and code not in WAIT_BY_CODE)


def seed_priority(role: Role) -> Priority:
    """Return the place of a URL that the user named."""
    return Priority.FRESH if role is Role.ARTICLE else Priority.LISTING


def first_priority(link: Found, now: datetime, *, by_listing: bool) -> Priority:
    """Return the place of a URL never fetched that a page named."""
    if link.modified_at is not None:
        return Priority.FRESH if now - aware(link.modified_at) < FRESH_FOR else Priority.BACKLOG
    if link.role is Role.ARTICLE:
        return Priority.FRESH if by_listing else Priority.BACKLOG
    return Priority.BACKLOG if link.is_next_page else Priority.FRESH


def aware(moment: datetime) -> datetime:
    """Return the time with a zone: UTC where it has none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
