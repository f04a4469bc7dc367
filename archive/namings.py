"""Which list named which article, and did articles come and go unseen between two readings of a list.

A list's later pages count as the list itself. An overlap is with earlier readings, never with this one: news that come
in while the pages are read push an article of the first page on to the second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.content import utc_text
from scraper.models import Role

WOKEN_AFTER = timedelta(minutes=10)
"""A list read so short ago is not read again for another one's gap: two that never overlap would wake each other."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a list's page."""

    page_id: int  # ids in the frontier
    list_id: int  # of the list's first page
    number: int  # of the list's readings, this one included
    named_before: int  # articles that the list's last reading named

    @property
    def is_first_page(self) -> bool:
        """Tell whether it is not a later page."""
        return self.page_id == self.list_id


def begin(connection: sqlite3.Connection, page_id: int) -> Reading:
    """Count a reading; that of a later page belongs to the reading of its first page."""
    connection.execute(_ADD_LIST, {"id": page_id, "first_id": page_id})
    connection.execute("UPDATE lists SET readings = readings + 1 WHERE frontier_id = ? AND first_id = ?", [page_id] * 2)
    return Reading(page_id, *connection.execute(_READING, (page_id,)).fetchone())


def note(connection: sqlite3.Connection, reading: Reading, targets: Sequence[int]) -> int:
    """Note that a list names these articles; return how many of them an earlier reading had named."""
    connection.executemany(_ADD, [(target, reading.list_id, reading.number) for target in targets])
    return _known(connection, reading.list_id, reading.number, targets)


def close(connection: sqlite3.Connection, reading: Reading, *, named: int, known: int, run_id: int | None) -> bool:
    """Set down what a reading of a first page brought; return whether there is a gap before it.

    There is one where articles are named, as there were before, and none of them is known.
    """
    has_gap = reading.number > 1 and bool(reading.named_before and named) and known == 0
    values = {"id": reading.page_id, "named": named, "known": known, "has_gap": has_gap, "run_id": run_id}
    connection.execute(_CLOSE, values)
    return has_gap


def note_next_page(connection: sqlite3.Connection, reading: Reading, next_id: int) -> None:
    """Note that a page is a later one of this list, unless it is known as a list of its own."""
    connection.execute(_ADD_LIST, {"id": next_id, "first_id": reading.list_id})


def is_cut_off(connection: sqlite3.Connection, page_id: int | None, targets: Sequence[int]) -> bool:
    """Tell whether a page about to be read names none of what an earlier reading of its list named.

    So it is with a list that was never read. One that was, before namings were kept, cannot be told to be. What a
    sitemap named too is not looked for further back: it names the rest as well, but for one of the latest news.
    """
    if targets and _count(connection, _BY_SITEMAP, targets=targets) == len(targets):
        return False
    if page_id is None:
        return True
    row = connection.execute(_READING, (page_id,)).fetchone()
    if row is None:
        sql = "SELECT last_fetched_at IS NULL FROM frontier WHERE id = ?"
        return bool(connection.execute(sql, (page_id,)).fetchone()[0])
    list_id, readings, _ = row
    number = readings + 1 if list_id == page_id else readings
    return _known(connection, list_id, number, targets) == 0


def wake_lists(connection: sqlite3.Connection, site: str, now: datetime) -> None:
    """Make all lists of a newspaper due that were not read just now, to find by them what one of them has missed."""
    values = {"site": site, "now": utc_text(now), "read_before": utc_text(now - WOKEN_AFTER)}
    connection.execute(_WAKE_LISTS, values)


def gaps(connection: sqlite3.Connection, run_id: int) -> list[dict[str, Any]]:
    """Return the lists that had a gap in a run: what they are, and how many articles they named after it."""
    found = connection.execute(_GAPS, (run_id,))
    return [{"url": url, "site": site, "role": role, "named": named} for url, site, role, named in found]


def _known(connection: sqlite3.Connection, list_id: int, number: int, targets: Sequence[int]) -> int:
    return _count(connection, _KNOWN, targets=targets, list_id=list_id, number=number)


def _count(connection: sqlite3.Connection, sql: str, *, targets: Sequence[int], **values: int) -> int:
    return int(connection.execute(sql, values | {"targets": json.dumps(targets)}).fetchone()[0])


GAP_ROLES = frozenset({Role.LISTING, Role.FEED})
"""Lists that show the latest alone; a sitemap shows what it is for, and may begin anew each month."""

_ADD_LIST = "INSERT INTO lists (frontier_id, first_id) VALUES (:id, :first_id) ON CONFLICT DO NOTHING"
_READING = """
SELECT page.first_id, first.readings, first.named
FROM lists page JOIN lists first ON first.frontier_id = page.first_id WHERE page.frontier_id = ?
"""
_ADD = "INSERT INTO namings (target_id, list_id, reading) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_KNOWN = """
SELECT count(*) FROM json_each(:targets) t
JOIN namings n ON n.target_id = t.value AND n.list_id = :list_id AND n.reading < :number
"""
_BY_SITEMAP = """
SELECT count(*) FROM json_each(:targets) t WHERE EXISTS (
  SELECT 1 FROM namings n JOIN frontier f ON f.id = n.list_id
  WHERE n.target_id = t.value AND f.role = 'sitemap' AND f.url NOT LIKE '%news%')
"""
_CLOSE = """
UPDATE lists SET named = :named, known = :known, gaps = gaps + :has_gap,
  gap_run_id = iif(:has_gap, :run_id, gap_run_id)
WHERE frontier_id = :id
"""
_WAKE_LISTS = """
UPDATE frontier SET due_at = :now
WHERE last_fetched_at < :read_before AND id IN (
  SELECT f.id FROM hosts h JOIN frontier f
    ON f.site = h.site AND f.host = h.host AND f.priority = 0 AND f.state = 'pending' AND f.due_at > :now
  WHERE h.site = :site)
"""
_GAPS = """
SELECT f.url, f.site, f.role, l.named FROM lists l JOIN frontier f ON f.id = l.frontier_id
WHERE l.gap_run_id = ? ORDER BY f.site, f.url
"""
