"""A walk into the past of newspapers: what it has met and not yet done, durable, beside the schedule of every day.

Known articles are not asked for again, and nothing that is merely due. A walk that was killed goes on where it was.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from itertools import count

from archive.content import clean, utc_text
from archive.frontier import Guard, SqliteFrontier, host_of
from archive.schedule import TRANSIENT
from scraper.models import Found, Role, Task, Visit

MayHold = Callable[[Found], bool]
"""Tell whether a sitemap may name what is of the range."""


class Backfill:
    """The frontier of one walk; fulfils scraper.models.Frontier."""

    def __init__(
        self, frontier: SqliteFrontier, connection: sqlite3.Connection, *, writing: Guard, asking: Guard
    ) -> None:
        self._frontier = frontier
        self._connection = connection
        self._writing = writing
        self._asking = asking
        self._walks: dict[str, int] = {}  # by site
        self._waiting: dict[str, list[tuple[bool, int, int]]] = defaultdict(list)  # by host: is a list, number, id
        self._numbers = count()

    def begin(self, sites: Iterable[str], days: tuple[date, date], now: datetime, *, may_hold: MayHold) -> None:
        """Go on with the walks of these sites through these days; those that are not under way begin at every list."""
        with self._writing():
            for site in sorted(sites):
                values = {"site": site, "first_on": days[0].isoformat(), "last_on": days[1].isoformat()}
                known = self._connection.execute(_UNDER_WAY, values).fetchone()
                self._walks[site] = known[0] if known else self._begin_one(values | {"now": utc_text(now)}, may_hold)
                self._connection.execute(_SETTLE, (self._walks[site],))
                for row in self._connection.execute(_WAITING, (self._walks[site],)):
                    self._push(*row)

    def end(self, now: datetime) -> int:
        """End the walks that have nothing left; return how much the others have: not fetched yet, or failed for now."""
        with self._writing():
            self._connection.executemany(
                _END, [{"id": walk, "now": utc_text(now)} for walk in self._walks.values() if not self._left(walk)]
            )
            self._connection.execute(_SWEEP)
        return sum(self._left(walk) for walk in self._walks.values())

    # --- what the crawl asks ------------------------------------------------------------------------------------------

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:
        """Begin with these too."""
        every = list(tasks)
        self._frontier.seed(every, now)
        with self._writing():
            for task in every:
                self._add(task.site, task.url)

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:  # noqa: ARG002 -- the Protocol's; the walk is of these sites alone
        """Take an article, else a list, of a host that is neither busy nor parked."""
        with self._asking():
            parked = {host for (host,) in self._connection.execute(_PARKED, (utc_text(now),))}
            free = [host for host, waiting in self._waiting.items() if waiting and host not in busy_hosts | parked]
            while free:
                host = min(free, key=lambda host: self._waiting[host][0])
                row = self._connection.execute(_TASK, (heapq.heappop(self._waiting[host])[2],)).fetchone()
                if row is not None:  # else it was erased by order
                    return Task(row[0], Role(row[1]), *row[2:])
                free = [host for host in free if self._waiting[host]]
        return None

    def is_known(self, url: str) -> bool:
        """Tell whether the URL was ever a task."""
        return self._frontier.is_known(url)

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:
        """Tell whether a list names none of the articles that an earlier reading of it named."""
        return self._frontier.has_gap(task, urls)

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:
        """Return the days of publication of those articles that are kept."""
        return self._frontier.days_of(urls)

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:  # noqa: ARG002 -- as above
        """Return how much is waiting."""
        return sum(map(len, self._waiting.values()))

    # --- what keeping a page does; inside its transaction -------------------------------------------------------------

    def after(self, task: Task, *, failed: str | None = None) -> None:
        """Note that a task is done; one that failed for the time being is left for another run."""
        if failed not in TRANSIENT:
            self._connection.execute(_DONE, (self._frontier.key(task.url), self._walks.get(task.site)))

    def add_found(self, visit: Visit) -> None:
        """Add what a page named, but for articles that are kept."""
        for link in visit.found:
            self._add(visit.task.site, link.url)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _begin_one(self, values: dict[str, str], may_hold: MayHold) -> int:
        self._connection.execute("INSERT OR IGNORE INTO sites (id, first_seen_at) VALUES (:site, :now)", values)
        walk = int(self._connection.execute(_BEGIN, values).lastrowid or 0)
        for url, role in self._connection.execute(_LISTS, values).fetchall():
            if may_hold(Found(url, Role(role))):
                self._connection.execute(_ADD, {"walk": walk, "key": self._frontier.key(url)})
        return walk

    def _add(self, site: str, url: str) -> None:
        values = {"walk": self._walks.get(site), "key": self._frontier.key(clean(url))}
        if self._connection.execute(_ADD, values).rowcount > 0:
            self._push(*self._connection.execute(_ADDED, values).fetchone())

    def _push(self, frontier_id: int, url: str, role: str) -> None:
        entry = (role != str(Role.ARTICLE), next(self._numbers), frontier_id)
        heapq.heappush(self._waiting[host_of(url)], entry)

    def _left(self, walk: int) -> int:
        return int(self._connection.execute(_LEFT, (walk,)).fetchone()[0])


_UNDER_WAY = """
SELECT id FROM backfills WHERE site = :site AND first_on = :first_on AND last_on = :last_on AND ended_at IS NULL
"""
_BEGIN = "INSERT INTO backfills (site, first_on, last_on, began_at) VALUES (:site, :first_on, :last_on, :now)"
_LISTS = """
SELECT url, role FROM frontier
WHERE site = :site AND role <> 'article' AND (
  (state = 'pending' AND priority < 2) OR (role = 'sitemap' AND last_code IN ('listed', 'same')))
"""
_ADD = """
INSERT INTO backfill_tasks (frontier_id, backfill_id)
SELECT f.id, b.id FROM frontier f JOIN backfills b ON b.id = :walk
WHERE f.alias_key = :key AND (f.role <> 'article' OR NOT EXISTS (SELECT 1 FROM urls WHERE alias_key = :key))
ON CONFLICT DO NOTHING
"""
_ADDED = "SELECT id, url, role FROM frontier WHERE alias_key = :key"
_SETTLE = """
UPDATE backfill_tasks SET is_done = 1 WHERE backfill_id = ? AND NOT is_done AND EXISTS (
  SELECT 1 FROM frontier f JOIN urls u ON u.alias_key = f.alias_key WHERE f.id = frontier_id AND f.role = 'article')
"""
_WAITING = """
SELECT f.id, f.url, f.role FROM backfill_tasks t JOIN frontier f ON f.id = t.frontier_id
WHERE t.backfill_id = ? AND NOT t.is_done ORDER BY f.id
"""
_PARKED = "SELECT host FROM hosts WHERE parked_until > ?"
_TASK = "SELECT url, role, site, depth, attempts FROM frontier WHERE id = ?"
_DONE = """
UPDATE backfill_tasks SET is_done = 1
WHERE frontier_id = (SELECT id FROM frontier WHERE alias_key = ?) AND backfill_id = ?
"""
_LEFT = "SELECT count(*) FROM backfill_tasks WHERE backfill_id = ? AND NOT is_done"
_END = "UPDATE backfills SET ended_at = :now WHERE id = :id"
_SWEEP = "DELETE FROM backfill_tasks WHERE backfill_id IN (SELECT id FROM backfills WHERE ended_at IS NOT NULL)"
