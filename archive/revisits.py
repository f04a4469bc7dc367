"""May a host be asked for known articles again today, and may its 304 be believed.

An article's revisits of the first day are conditional, then every second one asks for the whole page. A server that
says "not modified" of an edited page is found out by the visit after next at the latest, and then asked in full.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.content import from_utc_text, utc_text
from scraper.models import Role

REVISITS_A_DAY = 5_000
"""Known articles of one host that are asked for in a day (UTC) unless told otherwise: at 2 s, under three hours."""

COUNTED_AT_ONCE = 16
"""Revisits between two that are written down; so many may be forgotten when a crawl is killed."""

WHOLE_AFTER = {Role.ARTICLE: timedelta(days=1)}
WHOLE_AFTER_OF_LISTS = timedelta(hours=6)
"""How long after the last whole answer a 304 is not followed by another conditional request."""


def is_whole_wanted(role: Role, whole_at: str | None, now: datetime) -> bool:
    """Tell whether to ask without conditions; `whole_at` is of the last whole answer where the last one was a 304."""
    longest = WHOLE_AFTER.get(role, WHOLE_AFTER_OF_LISTS)
    return whole_at is not None and now - from_utc_text(whole_at) >= longest


@dataclass(slots=True)
class _Host:
    day: str
    revisits: int
    lies: int


class Revisits:
    """What is remembered of hosts; its rows are few, and read once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.a_day = REVISITS_A_DAY
        self._connection = connection
        self._hosts: dict[tuple[str, str], _Host] | None = None

    def spent_hosts(self, now: datetime) -> list[str]:
        """Return the hosts whose known articles are not asked for any more today."""
        today = _day(now)
        return [host for (_, host), of in self._known().items() if of.day == today and of.revisits >= self.a_day]

    def is_liar(self, site: str, host: str) -> bool:
        """Tell whether the host's page was once changed under the validators that it had before."""
        of = self._known().get((site, host))
        return of is not None and of.lies > 0

    def count(self, site: str, host: str, now: datetime) -> None:
        """Count that a known article was asked for."""
        self._add(site, host, now, revisits=1)

    def note_lie(self, site: str, host: str, now: datetime) -> None:
        """Note a whole answer that is another one under the same validators."""
        self._add(site, host, now, lies=1)

    def note_unmodified(self, frontier_id: int, whole_at: str) -> None:
        """Note a 304, and when the last whole answer came; a series of them counts from its first."""
        sql = "INSERT INTO unmodified (frontier_id, whole_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
        self._connection.execute(sql, (frontier_id, whole_at))

    def note_whole(self, frontier_id: int) -> None:
        """Note a whole answer."""
        self._connection.execute("DELETE FROM unmodified WHERE frontier_id = ?", (frontier_id,))

    def forget(self) -> None:
        """Take nothing as written that a transaction has undone."""
        self._hosts = None

    def _known(self) -> dict[tuple[str, str], _Host]:
        if self._hosts is None:
            rows = self._connection.execute("SELECT site, host, day, revisits, lies FROM host_revisits")
            self._hosts = {(site, host): _Host(day, revisits, lies) for site, host, day, revisits, lies in rows}
        return self._hosts

    def _add(self, site: str, host: str, now: datetime, *, revisits: int = 0, lies: int = 0) -> None:
        of = self._known().setdefault((site, host), _Host(_day(now), 0, 0))
        if of.day != _day(now):
            of.day, of.revisits = _day(now), 0
        of.revisits += revisits
        of.lies += lies
        if lies or of.revisits % COUNTED_AT_ONCE == 1:
            self._connection.execute(_SET, (site, host, of.day, of.revisits, of.lies))


def liars(connection: sqlite3.Connection) -> list[dict[str, object]]:
    """Return the servers whose 304 is not believed, and how often each was found out."""
    found = connection.execute("SELECT site, host, lies FROM host_revisits WHERE lies > 0 ORDER BY site, host")
    return [{"site": site, "host": host, "lies": lies} for site, host, lies in found]


def _day(now: datetime) -> str:
    return utc_text(now)[:10]


_SET = """
INSERT INTO host_revisits (site, host, day, revisits, lies) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (site, host) DO UPDATE SET day = excluded.day, revisits = excluded.revisits, lies = excluded.lies
"""
