"""What a user may ask of a crawl; apart from the crawl itself, which takes long to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from archive.revisits import REVISITS_A_DAY
from scraper.budget import Manners


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What a user may ask of a crawl."""

    max_pages: int | None = None  # None: all that is due
    max_seconds: float | None = None  # None: as long as it takes
    max_bytes: int | None = None  # of bodies; None: as many as there are
    depth: int = 20  # links followed from a seed, as the crawl has it unless told
    backfill: tuple[date, date] | None = None  # walk into the past through these days; None: what is new or due
    max_revisits: int = REVISITS_A_DAY  # known articles asked for again, a host and day
    delay_seconds: float | None = None  # None: as the site's rules say, else 2 s
    contact: str | None = None  # URL or e-mail for the User-Agent; None sends none
    is_simulated: bool = False  # sections and sitemaps are read, nothing is kept
    allow_private: bool = False
    stale_after_seconds: float | None = None  # a site without anything new for longer is told; None: none is
    proxy: str | None = None  # http://host:port; None: hosts are dialled by ourselves
    max_archive_bytes: int | None = None  # at which a crawl pauses; None: as much as the disk has
    per_site: Mapping[str, Manners] = field(default_factory=dict)  # by the id of a site
