"""What a crawl leaves when it ends: its report, with what drifted, and the newspapers that give nothing new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive import drift, namings, reports
from archive.drift import Fall
from archive.revisits import liars
from commands.exits import ExitCode
from scraper.models import Found, Verdict
from scraper.tally import Tally

if TYPE_CHECKING:
    from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Crawled:
    """A crawl that has ended."""

    tally: Tally
    code: ExitCode
    run_id: int | None = None  # None: simulated
    falls: tuple[Fall, ...] = ()
    stale: tuple[Stale, ...] = ()
    left_of_backfill: int = 0  # pages that a walk into the past has still to fetch
    planned: tuple[Found, ...] = ()  # simulated: the articles that a crawl would fetch
    notes: tuple[str, ...] = ()  # what bounded it: a budget, the room of the archive


@dataclass(frozen=True, slots=True)
class Stale:
    """A newspaper that has given nothing new for longer than was asked."""

    site: str
    since: datetime  # when it last gave a new article; where it never did, when it was first asked


def close_run(archive: Archive, tally: Tally, stale: Iterable[Stale]) -> tuple[Fall, ...]:
    """Leave the report of the run, and return what drifted in the newspapers that gave something new."""
    falls = tuple(_falls(archive, tally))
    told = {
        "drift": [fall.to_dict() for fall in falls],
        "stale": {one.site: one.since.isoformat() for one in stale},
        "gaps": namings.gaps(archive.connection, archive.run_id or 0),
        "lying_servers": liars(archive.connection),
    }
    with archive.transaction() as connection:
        reports.write(connection, archive.run_id or 0, tally.to_dict() | told)
    return falls


def _falls(archive: Archive, tally: Tally) -> Iterable[Fall]:
    for site, verdicts in tally.sites.items():
        if verdicts[Verdict.NEW]:
            yield from drift.of_site(archive.connection, site, latest=verdicts[Verdict.NEW])


def stale_sites(
    archive: Archive, sites: Iterable[str], now: datetime, *, after_seconds: float | None
) -> tuple[Stale, ...]:
    """Return the sites that have given no new article for so long; none where `after_seconds` is None."""
    if after_seconds is None:
        return ()
    latest = reports.latest_new(archive.connection, sites)
    return tuple(Stale(site, at) for site, at in latest.items() if now - at > timedelta(seconds=after_seconds))


def code_with_stale(code: ExitCode, stale: Iterable[Stale]) -> ExitCode:
    """Return the code of a run: that a newspaper is stale outweighs that some of its URLs failed, and no more."""
    return ExitCode.STALE if any(stale) and code in {ExitCode.OK, ExitCode.PARTIAL} else code


def told_fall(fall: Fall) -> str:
    """Write a fall for people, in one line."""
    shares = f"{fall.share_now:.0%} of the last {fall.articles_now} articles, of {fall.share_before:.0%} before"
    if fall.what == "filled":
        return f"{fall.site}: {fall.field} is found in {shares}; its template may have changed"
    now = f"most now by {fall.candidate_now}" if fall.candidate_now else "now by none"
    return f"{fall.site}: {fall.field} is found by {fall.candidate} in {shares}; {now}"
