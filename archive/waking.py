"""What makes a URL due that is known already: a sitemap's date, a list with news, a clock that was wrong."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from archive.content import utc_text
from archive.schedule import DAY, REVISITS, TRANSIENT, aware
from scraper.models import Found

LATEST = REVISITS[-1] + DAY  # what is due later was planned while the computer's clock was ahead
_TRANSIENT = json.dumps(sorted(TRANSIENT))


def wake(connection: sqlite3.Connection, frontier_id: int, link: Found, now: datetime, *, is_given_up: bool) -> None:
    """Make due what a sitemap says to have changed since our last visit, the next page of a list with news, and
    once a day what was given up only because its host was out of reach.
    """
    if link.is_next_page:
        connection.execute(_WAKE_PAGE, {"id": frontier_id, "now": utc_text(now)})
    if is_given_up:
        connection.execute(_WAKE_GIVEN_UP, {"id": frontier_id, "now": utc_text(now), "codes": _TRANSIENT})
    if link.modified_at is not None:
        connection.execute(_WAKE, {"id": frontier_id, "named_at": utc_text(aware(link.modified_at))})


def mend_clock(connection: sqlite3.Connection, now: datetime) -> None:
    """Make due now what was planned while the computer's clock was ahead."""
    limits = {"now": utc_text(now), "latest": utc_text(now + LATEST)}
    connection.execute(_MEND_DUE, limits)
    connection.execute(_MEND_PARKED, limits)


# Not sooner than an hour after our last visit: some sitemaps write the time of asking beside every URL.
_WAKE = """
UPDATE frontier SET named_at = :named_at, state = 'pending',
  due_at = min(due_at, max(:named_at, strftime('%Y-%m-%dT%H:%M:%SZ', last_fetched_at, '+1 hour')))
WHERE id = :id AND last_fetched_at < :named_at AND coalesce(named_at, '') < :named_at
"""

_MEND_DUE = "UPDATE frontier SET due_at = :now WHERE due_at > :latest"
_MEND_PARKED = "UPDATE hosts SET parked_until = NULL WHERE parked_until > :latest"

_WAKE_GIVEN_UP = """
UPDATE frontier SET state = 'pending', due_at = :now
WHERE id = :id AND state = 'failed' AND last_fetched_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-1 day')
  AND last_code IN (SELECT value FROM json_each(:codes))
"""

# A list that has grown may have a page today that was not there yesterday.
_WAKE_PAGE = """
UPDATE frontier SET state = 'pending', due_at = :now
WHERE id = :id AND (state = 'done' OR (priority = 2 AND (state = 'failed' OR due_at > :now)
  AND last_fetched_at <= strftime('%Y-%m-%dT%H:%M:%SZ', :now, '-10 minutes')))
"""
