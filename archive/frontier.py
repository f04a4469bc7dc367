"""What to fetch next, and when: rows of the file, so that a killed crawl goes on where it was.

A task in hand is remembered by the process alone: if it dies, the row is still due, and nothing has to be mended.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from archive import namings, numbers, waking
from archive.content import clean, from_utc_text, utc_text
from archive.revisits import Revisits, is_whole_wanted
from archive.schedule import (
    Came,
    Plan,
    Priority,
    aware,
    first_priority,
    next_visit,
    seed_priority,
)
from archive.scraping import Scraping
from archive.tombstones import is_erased, url_tombstone
from scraper.models import Found, Page, Role, Task

MOVED_FOR_GOOD = frozenset({301, 308})
PARKING_CODES = frozenset({"host_parked", "robots_unreachable"})

_NEXT_DUE = """
SELECT f.id, f.url, f.role, f.site, f.depth, f.attempts, f.etag, f.last_modified, f.host,
  (SELECT whole_at FROM unmodified WHERE frontier_id = f.id)
FROM hosts h CROSS JOIN (SELECT 0 AS priority UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) p
JOIN frontier f ON f.id = (
  SELECT id FROM frontier
  WHERE site = h.site AND host = h.host AND priority = p.priority AND state = 'pending' AND due_at <= :now
    AND id NOT IN (SELECT value FROM json_each(:in_hand))
  ORDER BY due_at LIMIT 1)
WHERE h.site IN (SELECT value FROM json_each(:sites))
  AND h.host NOT IN (SELECT value FROM json_each(:busy_hosts))
  AND (h.parked_until IS NULL OR h.parked_until <= :now)
  AND (p.priority < 3 OR h.host NOT IN (SELECT value FROM json_each(:spent_hosts)))
ORDER BY f.priority, f.due_at, f.id LIMIT 1
"""

_COUNT_DUE = """
SELECT count(*) FROM frontier
WHERE state = 'pending' AND due_at <= :now AND site IN (SELECT value FROM json_each(:sites))
"""

_DAY = """
SELECT a.published_on FROM urls u JOIN articles a ON a.id = u.article_id
WHERE u.alias_key = ? AND a.published_on IS NOT NULL LIMIT 1
"""

_ADD = """
INSERT INTO frontier (alias_key, url, role, site, host, state, due_at, priority, depth, named_at, added_at)
VALUES (:alias_key, :url, :role, :site, :host, 'pending', :due_at, :priority, :depth, :named_at, :now)
"""

_UPDATE = """
UPDATE frontier SET role = :role, state = :state, due_at = :due_at, priority = :priority, attempts = :attempts,
  step = :step, interval_seconds = :interval_seconds, etag = iif(:is_same_body, coalesce(:etag, etag), :etag),
  last_modified = iif(:is_same_body, coalesce(:last_modified, last_modified), :last_modified),
  last_fetched_at = :now, last_code = :code
WHERE id = :id
"""


_CLOSE = "UPDATE frontier SET state = 'done' WHERE alias_key = ?"


@dataclass(frozen=True, slots=True)
class Result:
    """What a visit means for the frontier."""

    came: Came
    now: datetime
    code: str  # what is shown as the last visit's outcome
    role: Role | None = None  # what the page proved to be; None: as the task said
    etag: str | None = None
    last_modified: str | None = None
    is_same_body: bool = False  # a 304 or a failure: the validators of the kept answer stay, where no newer came
    retry_after_seconds: float | None = None  # None where the server did not ask


class Before(NamedTuple):
    """What a row held before a visit."""

    frontier_id: int
    priority: int
    etag: str | None
    last_modified: str | None
    last_fetched_at: str | None  # None: never

    def would_be_304(self, result: Result) -> bool:
        """Tell whether the server would have answered a conditional request with a 304 (RFC 9110, 13.2.2)."""
        if self.etag is not None:
            return self.etag == result.etag
        return self.last_modified is not None and self.last_modified == result.last_modified


class _Added(NamedTuple):
    """What became of a link; a tuple, since a sitemap has 50,000."""

    frontier_id: int | None  # None: it was erased by order
    is_new: bool


Guard = Callable[[], AbstractContextManager[object]]


class SqliteFrontier:
    """The frontier of one archive; fulfils scraper.models.Frontier."""

    def __init__(self, connection: sqlite3.Connection, scraping: Scraping, *, writing: Guard, asking: Guard) -> None:
        """`writing` holds a transaction, `asking` a question; both turn SQLite's errors into ArchiveError."""
        self._connection = connection
        self.key = scraping.keys()
        self._number_of = scraping.number
        self._writing = writing
        self._asking = asking
        self.revisits = Revisits(connection)
        self._in_hand: set[int] = set()
        self._hosts: set[tuple[str, str]] = set()  # those that are in the file
        self._hosts_by_sites: dict[frozenset[str], frozenset[str]] = {}

    # --- what the crawl asks ------------------------------------------------------------------------------------------

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:
        """Make the tasks due now, whether known or not."""
        with self._writing():
            waking.mend_clock(self._connection, now)
            for task in tasks:
                self._seed_one(task, now)

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:
        """Take the most urgent task that is due, of these sites and of no busy host; None if there is none."""
        if busy_hosts and self._hosts_of(sites) <= busy_hosts:
            return None
        values = {
            "now": utc_text(now),
            "in_hand": json.dumps(list(self._in_hand)),
            "sites": json.dumps(list(sites)),
            "busy_hosts": json.dumps(list(busy_hosts)),
            "spent_hosts": json.dumps(self.revisits.spent_hosts(now)),
        }
        with self._asking():
            row = self._connection.execute(_NEXT_DUE, values).fetchone()
        if row is None:
            return None
        self._in_hand.add(row[0])
        task = Task(row[1], Role(row[2]), row[3], row[4], row[5], row[6], row[7])
        is_whole = self.revisits.is_liar(task.site, row[8]) or is_whole_wanted(task.role, row[9], now)
        return replace(task, etag=None, last_modified=None) if is_whole else task

    def is_known(self, url: str) -> bool:
        """Tell whether the URL, in its canonical form, was ever a task."""
        with self._asking():
            return numbers.known_task(self._connection, self.key(url), url, self._number_of) is not None

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:
        """Return the days of publication of those articles that are kept."""
        found = {}
        with self._asking():
            for url in urls:
                row = self._connection.execute(_DAY, (self.key(url),)).fetchone()
                if row is not None:
                    found[url] = date.fromisoformat(row[0])
        return found

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:
        """Tell whether a list names articles, and none that an earlier reading of it named, if there was one."""
        with self._asking():
            targets = [self._id_of(url) for url in urls]
            page_id = self._id_of(task.url)
            known = [target for target in targets if target is not None]
            return bool(targets) and namings.is_cut_off(self._connection, page_id, known)

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:
        """Return how many tasks are due now."""
        values = {"now": utc_text(now), "sites": json.dumps(list(sites))}
        with self._asking():
            return int(self._connection.execute(_COUNT_DUE, values).fetchone()[0])

    # --- what keeping a page does; inside its transaction -------------------------------------------------------------

    def after(self, task: Task, result: Result) -> None:
        """Set down when the task's URL is fetched next."""
        self._ensure(task, result.now)
        row = self._connection.execute(
            """SELECT id, priority, etag, last_modified, last_fetched_at, role, due_at, state, attempts, step,
               interval_seconds FROM frontier WHERE alias_key = ?""",
            (self.key(task.url),),
        ).fetchone()
        if row is None:  # erased by order meanwhile
            return
        before = Before(*row[:5])
        role, due_at, *progress = row[5:]
        if before.last_fetched_at is not None:
            self._note_revisit(task, result, before, before.last_fetched_at)
        plan = Plan(result.role or Role(role), from_utc_text(due_at), before.priority, *progress)
        plan = next_visit(
            plan, result.came, result.now, code=result.code, retry_after_seconds=result.retry_after_seconds
        )
        self._connection.execute(_UPDATE, _plan_values(plan, result) | {"id": before.frontier_id})
        self._in_hand.discard(before.frontier_id)
        self._park(task, plan, result)

    def add_found(self, task: Task, found: Iterable[Found], now: datetime) -> int:
        """Add what an article named; return how many URLs were not known before."""
        return sum(added.is_new for _, added in self._add_all(task, found, now, by_listing=False))

    def add_named(self, task: Task, found: Iterable[Found], now: datetime, *, run_id: int | None) -> int:
        """Add what a list named, and note that it did; return how many URLs were not known before.

        Where nothing of it is known from an earlier reading, articles came and went unseen: its next page tells of
        them, and where it has none, all other lists of the newspaper are read now.
        """
        self._ensure(task, now)
        page_id = self._id_of(task.url)
        if page_id is None:  # erased by order
            return 0
        added = self._add_all(task, found, now, by_listing=task.role in namings.GAP_ROLES)
        reading = namings.begin(self._connection, page_id)
        named = [new.frontier_id for link, new in added if link.role is Role.ARTICLE and new.frontier_id is not None]
        known = namings.note(self._connection, reading, named)
        next_ids = [new.frontier_id for link, new in added if link.is_next_page and new.frontier_id is not None]
        for next_id in next_ids:
            namings.note_next_page(self._connection, reading, next_id)
        if task.role in namings.GAP_ROLES and reading.is_first_page:
            has_gap = namings.close(self._connection, reading, named=len(named), known=known, run_id=run_id)
            if has_gap and not next_ids:
                namings.wake_lists(self._connection, task.site, now)
        return sum(new.is_new for _, new in added)

    def close(self, task: Task, result: Result) -> None:
        """Visit a URL no more: there is nothing, and nobody had said that there was."""
        self.after(task, result)
        self._connection.execute(_CLOSE, (self.key(task.url),))

    def follow_redirect(self, task: Task, page: Page, result: Result) -> None:
        """Visit from now on the URL that a redirect led to, where that is on the same host, and the old one no more.

        Not after a redirect for the time being: it may lead every article to a notice that the newspaper is repaired.
        """
        is_for_good = all(hop.status in MOVED_FOR_GOOD for hop in page.redirects)
        if is_for_good and self.key(page.url) != self.key(task.url) and host_of(page.url) == host_of(task.url):
            self.after(Task(page.url, task.role, task.site, task.depth), result)
            self._connection.execute(_CLOSE, (self.key(task.url),))

    def forget(self) -> None:
        """Take nothing as written that a transaction has undone."""
        self.revisits.forget()
        self._hosts.clear()
        self._hosts_by_sites.clear()

    # --- inside -------------------------------------------------------------------------------------------------------

    def _hosts_of(self, sites: frozenset[str]) -> frozenset[str]:
        """Return the hosts of these sites; asked for twice a page, so remembered until another one joins."""
        known = self._hosts_by_sites.get(sites)
        if known is None:
            sql = "SELECT host FROM hosts WHERE site IN (SELECT value FROM json_each(?))"
            with self._asking():
                known = frozenset(row[0] for row in self._connection.execute(sql, (json.dumps(list(sites)),)))
            self._hosts_by_sites[sites] = known
        return known

    def _id_of(self, url: str) -> int | None:
        sql = "SELECT id FROM frontier WHERE alias_key = ?"
        row = self._connection.execute(sql, (self.key(url),)).fetchone()
        return row[0] if row else None

    def _seed_one(self, task: Task, now: datetime) -> None:
        known = self._id_of(task.url)
        if known is None:
            self._insert(task, now, seed_priority(task.role))
            return
        self._connection.execute(
            """UPDATE frontier SET state = 'pending', due_at = :now, url = :url, host = :host, role = :role,
               site = :site, depth = :depth, priority = iif(:role = 'article', 1, 0) WHERE id = :id""",
            {
                "now": utc_text(now),
                "url": clean(task.url),
                "host": host_of(task.url),
                "role": str(task.role),
                "site": task.site,
                "depth": task.depth,
                "id": known,
            },
        )
        self._add_host(task)

    def _ensure(self, task: Task, now: datetime) -> None:
        if self._id_of(task.url) is None:
            self._insert(task, now, seed_priority(task.role))

    def _insert(self, task: Task, now: datetime, priority: Priority, named_at: datetime | None = None) -> int | None:
        """Add a task and return its id; None for one that was erased by order."""
        key = self.key(task.url)
        if is_erased(self._connection, url_tombstone(key)):
            return None
        self._add_host(task)
        values = {
            "alias_key": key,
            "url": clean(task.url),
            "role": str(task.role),
            "site": task.site,
            "host": host_of(task.url),
            "due_at": utc_text(now),
            "priority": int(priority),
            "depth": task.depth,
            "named_at": utc_text(aware(named_at)) if named_at else None,
            "now": utc_text(now),
        }
        new_id = self._connection.execute(_ADD, values).lastrowid
        if task.role is Role.ARTICLE:
            numbers.add(self._connection, self._number_of(task.url), new_id)
        return new_id

    def _add_host(self, task: Task) -> None:
        pair = (task.site, host_of(task.url))
        if pair in self._hosts:
            return
        sql = "INSERT OR IGNORE INTO sites (id, first_seen_at) VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ'))"
        self._connection.execute(sql, pair[:1])
        self._connection.execute("INSERT OR IGNORE INTO hosts (site, host) VALUES (?, ?)", pair)
        self._hosts.add(pair)
        self._hosts_by_sites.clear()

    def _add_all(
        self, task: Task, found: Iterable[Found], now: datetime, *, by_listing: bool
    ) -> list[tuple[Found, _Added]]:
        articles_first = sorted(found, key=lambda link: link.role is not Role.ARTICLE)
        return [(link, self._add_one(task, link, now, by_listing=by_listing)) for link in articles_first]

    def _add_one(self, task: Task, link: Found, now: datetime, *, by_listing: bool) -> _Added:
        known = numbers.known_task(self._connection, self.key(link.url), link.url, self._number_of)
        if known is not None:
            waking.wake(self._connection, known[0], link, now, is_given_up=bool(known[1]))
            return _Added(known[0], is_new=False)
        depth = task.depth if link.is_next_page else task.depth + 1
        priority = first_priority(link, now, by_listing=by_listing)
        new_id = self._insert(Task(link.url, link.role, task.site, depth), now, priority, link.modified_at)
        return _Added(new_id, is_new=new_id is not None)

    def _note_revisit(self, task: Task, result: Result, before: Before, last_fetched_at: str) -> None:
        """Count the revisit of an article, and note whether the server told the truth of its change."""
        host = host_of(task.url)
        if before.priority == Priority.REVISIT:
            self.revisits.count(task.site, host, result.now)
        if result.came is Came.FAILED:
            return
        if result.is_same_body:
            self.revisits.note_unmodified(before.frontier_id, last_fetched_at)
            return
        self.revisits.note_whole(before.frontier_id)
        is_unasked = task.etag is None and task.last_modified is None
        if is_unasked and result.came is Came.CHANGED and before.would_be_304(result):
            self.revisits.note_lie(task.site, host, result.now)

    def _park(self, task: Task, plan: Plan, result: Result) -> None:
        """Leave the whole host alone for as long as the server asked."""
        if result.came is Came.FAILED and result.code in PARKING_CODES:
            sql = "UPDATE hosts SET parked_until = ? WHERE site = ? AND host = ?"
            self._connection.execute(sql, (utc_text(plan.due_at), task.site, host_of(task.url)))


def host_of(url: str) -> str:
    """Return the host of a URL in ASCII and without its port, or an empty text where it is no URL."""
    with suppress(ValueError):  # urlsplit refuses "http://[" and such, idna (a ValueError too) what is no name
        host = urlsplit(clean(url)).hostname or ""
        return host if host.isascii() else host.encode("idna").decode()
    return ""


def _plan_values(plan: Plan, result: Result) -> dict[str, Any]:
    return {
        "role": str(plan.role),
        "state": plan.state,
        "due_at": utc_text(plan.due_at),
        "priority": int(plan.priority),
        "attempts": plan.attempts,
        "step": plan.step,
        "interval_seconds": plan.interval_seconds,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "is_same_body": result.is_same_body,
        "now": utc_text(result.now),
        "code": result.code,
    }
