"""What bounds a crawl beside its own limits: the budgets of newspapers, and the room that the archive may take."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from archive.reports import pages_since
from archive.room import Watch
from commands.exits import ExitCode
from scraper.budget import Budgeted, Manners
from scraper.models import Frontier, Keep, Outcome, Verdict

DAY = timedelta(days=1)
PAGES_A_LOOK = 8  # each of 10 MB at most, which the least free room of the disk allows for


class Bounds:
    """The bounds of one crawl, and whether it came up against them."""

    def __init__(self, watch: Watch, per_site: Mapping[str, Manners]) -> None:
        self.watch = watch
        self.is_full = False
        self._per_site = per_site

    def budgeted(self, frontier: Frontier, connection: sqlite3.Connection, now: datetime) -> Budgeted:
        """Return the frontier within the budgets; pages of the last 24 hours count towards those of a day."""
        has_day = any(manners.max_pages_day is not None for manners in self._per_site.values())
        asked = pages_since(connection, now - DAY) if has_day else {}
        left = {site: manners.pages_left(asked.get(site, 0)) for site, manners in self._per_site.items()}
        return Budgeted(frontier, {site: pages for site, pages in left.items() if pages is not None})

    def watching(self, keep: Keep, stop: asyncio.Event) -> Keep:
        """Return a `keep` that sets the stop once there is no room for more; it looks now and then."""
        pages = count()

        def kept(outcome: Outcome) -> Verdict:
            verdict = keep(outcome)
            if next(pages) % PAGES_A_LOOK == 0 and not self.is_full and self.watch.look().objection():
                self.is_full = True
                stop.set()
            return verdict

        return kept

    def code(self, code: ExitCode) -> ExitCode:
        """Return the code of the run: that it had to pause outweighs all but that it was stopped."""
        stopped = {ExitCode.INTERRUPTED, ExitCode.TERMINATED}
        return ExitCode.DISK_LOW if self.is_full and code not in stopped else code

    def notes(self, frontier: Budgeted, now: datetime) -> tuple[str, ...]:
        """Return what the user should know of the bounds, at the end of the run."""
        room = self.watch.look()
        told = room.objection() if self.is_full else room.warning()
        notes = [f"{'paused: ' if self.is_full else ''}{self.watch.path} {told}"] if told else []
        notes += [
            f"{site}: its budget is spent, and more is due; a later crawl goes on" for site in frontier.spent(now)
        ]
        return tuple(notes)
