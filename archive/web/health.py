"""How the archive does: what came a day, what failed, how newspapers stand and are read, what each run did."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from archive.coverage import addresses
from archive.drift import windows
from archive.queries import runs
from archive.reports import failures_since, latest_new, queue
from archive.reports import sites as all_sites
from archive.series import by_day
from archive.web import figures, links
from archive.web.answers import Asked, Shown
from archive.web.figures import Figure
from archive.web.labels import Labels

DAYS = (30, 90, 365)
RUNS_SHOWN = 12
MOST_DAYS = 1800  # sixty columns of thirty days
MOST_SITES = 24  # in a chart and its table


def health(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show how the archive does, in the `days` up to its last run; where `site` names newspapers, of these alone."""
    now = datetime.now(UTC)
    days = asked.number("days", least=1, most=MOST_DAYS, default=DAYS[0])
    last_runs = runs(connection, limit=RUNS_SHOWN)
    last = _last_day(last_runs, now)
    sites = asked.every("site")
    values = {
        "days": days,
        "last": last,
        "sites": sites,
        "choices": [(number, _address(asked, "days", str(number))) for number in DAYS],
        "all_sites": _address(asked, "site", ""),
        "last_run": last_runs[0] if last_runs else None,
        "queue": queue(connection, sites or all_sites(connection), now),
        "by_day": _by_day(connection, asked, last=last, days=days),
        "runs": figures.of_runs(last_runs, Labels(asked.language)),
    }
    return Shown("health.html", values | _newspapers(connection, asked))


def _by_day(connection: sqlite3.Connection, asked: Asked, *, last: date, days: int) -> list[Figure]:
    """Return what came and what failed."""
    t, sites = Labels(asked.language), asked.every("site")
    series = by_day(connection, last=last, days=days, sites=sites)
    since = datetime.combine(last - timedelta(days=days - 1), time.min, UTC)
    failed = figures.of_failures(failures_since(connection, since, sites=sites), t)
    return [*(figures.of_days(name, counts, t) for name, counts in series.items()), failed]


def _newspapers(connection: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Return how the newspapers stand, those with the most addresses."""
    t, sites = Labels(asked.language), asked.every("site")
    all_standing = addresses(connection, sites)
    standing = all_standing[:MOST_SITES]
    shown = [each.site for each in standing]
    read = {site: windows(connection, site) for site in shown}
    return {
        "standing": figures.of_addresses(standing, latest_new(connection, shown), t),
        "drift": figures.of_fields(read, t),
        "more_sites": len(all_standing) - len(standing),
    }


def _address(asked: Asked, name: str, value: str) -> str:
    return links.address("/health", links.with_field(asked.query, name, value))


def _last_day(last_runs: Sequence[Mapping[str, Any]], now: datetime) -> date:
    """Return the day of the last run, since an archive that rests has nothing after it; today where there was none."""
    at = datetime.fromisoformat(last_runs[0]["started_at"]) if last_runs else now
    return at.astimezone().date()
