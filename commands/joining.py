"""Join the scraper and the archive: what a crawl and a fetch need of both, built in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commands.signals import StopSignals
from scraper.crawl import utc_now
from scraper.tally import Event, Tally

Clock = Callable[[], datetime]
Report = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What a user may ask of a crawl."""

    max_pages: int | None = None  # None: all that is due
    max_seconds: float | None = None  # None: as long as it takes
    delay_seconds: float | None = None  # None: as the site's rules say, else 2 s
    contact: str | None = None  # URL or e-mail for the User-Agent; None sends none
    is_simulated: bool = False  # sections and sitemaps are read, nothing is kept
    allow_private: bool = False
    workers: int = 1


def run_crawl(
    archive_path: Path,
    targets: Sequence[str],
    *,
    options: CrawlOptions = CrawlOptions(),
    clock: Clock = utc_now,
    report: Report = lambda _event: None,
    signals: StopSignals | None = None,
) -> Tally:
    """Crawl sites, named by their ids or by URLs, into the archive, and return what happened.

    Raises UsageProblem for a target that is neither, and ArchiveError.
    """
    return asyncio.run(_crawl(archive_path, targets, options, clock, report, signals or StopSignals()))
