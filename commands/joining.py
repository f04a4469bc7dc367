"""Join the scraper and the archive: what a crawl and a fetch need of both, built in one place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from platformdirs import user_cache_path

from archive.room import Watch
from archive.scraping import Scraping
from archive.store import Archive, Mode
from commands.bounds import Bounds
from commands.closing import Crawled, close_run, code_with_stale, stale_sites
from commands.crawl_options import CrawlOptions
from commands.exits import ExitCode, UsageProblem, code_of_failures
from commands.signals import StopSignals
from scraper import sites
from scraper.crawl import Limits, crawl, utc_now
from scraper.discover.span import Days
from scraper.errors import BadUrl
from scraper.models import Article, Frontier, Keep, Page
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy, luubao_version, user_agent
from scraper.reader import READER_VERSION, parse
from scraper.rehearsal import Rehearsal
from scraper.seeds import Seed, seed_of_site, seed_of_url
from scraper.sites import RuleError, Site
from scraper.tally import Event, Tally
from scraper.urls import alias_key
from scraper.workers import Readers

USUAL = CrawlOptions()
Clock = Callable[[], datetime]
Report = Callable[[Event], None]
Look = Callable[[Archive, frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a run reads, and by which rules."""

    known: tuple[Site, ...]
    seeds: tuple[Seed, ...]

    @property
    def host_delays_seconds(self) -> dict[str, float]:
        """Return the delays that the rules of sites ask for, by host."""
        return {host: site.delay_seconds for site in self.known if site.delay_seconds for host in site.hosts}

    def hosts_of(self, site_id: str) -> tuple[str, ...]:
        """Return the hosts of a site; one without rules is called by its host."""
        return next((site.hosts for site in self.known if site.id == site_id), (site_id,))


def run_crawl(
    archive_path: Path,
    targets: Sequence[str],
    *,
    options: CrawlOptions = USUAL,
    clock: Clock = utc_now,
    report: Report = lambda _event: None,
    signals: StopSignals | None = None,
) -> Tally:
    """Crawl as `run_to_the_end`, and return what happened."""
    return run_to_the_end(archive_path, targets, options=options, clock=clock, report=report, signals=signals).tally


def run_to_the_end(
    archive_path: Path,
    targets: Sequence[str],
    *,
    options: CrawlOptions = USUAL,
    clock: Clock = utc_now,
    report: Report = lambda _event: None,
    signals: StopSignals | None = None,
    look: Look = lambda _archive, _sites: None,
) -> Crawled:
    """Crawl sites, named by their ids or by URLs, into the archive; return what happened, and what it means.

    `look` is handed the archive when it is open, and the ids of the sites. Raises UsageProblem for a target that is
    neither id nor URL, and ArchiveError.
    """
    sources = sources_of(targets)
    policy_of(options, sources)  # a contact that cannot be sent is told before anything is opened
    bounds = Bounds(Watch(archive_path, options.max_archive_bytes), options.per_site)
    hands = _Hands(sources, tuple(targets), options, clock, report, signals or StopSignals(), look, bounds)
    return asyncio.run(_simulate(archive_path, hands) if options.is_simulated else _crawl(archive_path, hands))


def sources_of(targets: Sequence[str]) -> Sources:
    """Return where to begin for ids of sites and URLs; raises UsageProblem."""
    known = known_sites()
    return Sources(known, tuple(seed_of(target, known) for target in targets))


def known_sites() -> tuple[Site, ...]:
    """Return the user's sites, then those shipped; raises UsageProblem for a file of the user's that is at fault."""
    try:
        return sites.all_sites(sites.user_folder())
    except RuleError as error:
        raise UsageProblem(str(error)) from error


def own_site_files(known: Sequence[Site]) -> tuple[Path, ...]:
    """Return the files of the user's own sites: the workers read by them too."""
    return tuple(site.path for site in known if site.path is not None and site not in sites.shipped())


def seed_of(target: str, known: Sequence[Site]) -> Seed:
    """Return where a crawl of a site's id or of a URL begins; raises UsageProblem."""
    site = next((site for site in known if site.id == target), None)
    if site is not None:
        return seed_of_site(site)
    if "." not in target and ":" not in target:
        raise UsageProblem(f"no newspaper {target!r}; see luubao sites list, or give its address: https://…")
    try:
        return seed_of_url(target if "://" in target else f"https://{target}", known)
    except BadUrl as error:
        raise UsageProblem(f"{target}: {error.reason}") from error


def policy_of(options: CrawlOptions, sources: Sources) -> FetchPolicy:
    """Return how the gate behaves; raises UsageProblem for a contact that cannot be sent."""
    try:
        user_agent(options.contact)
    except ValueError as error:
        raise UsageProblem(f"--contact: {error}") from error
    policy = FetchPolicy(
        contact=options.contact,
        allow_private=options.allow_private,
        proxy=options.proxy,
        pace_file=user_cache_path("luubao") / "pace",
    )
    if options.delay_seconds is not None:
        policy = replace(policy, delay_seconds=options.delay_seconds)
    else:
        wished = {
            host: manners.delay_seconds
            for site_id, manners in options.per_site.items()
            if manners.delay_seconds is not None
            for host in sources.hosts_of(site_id)
        }
        policy = replace(policy, host_delays_seconds=sources.host_delays_seconds | wished)
    return policy.with_seeds(task.url for seed in sources.seeds for task in seed.tasks)


def limits_of(options: CrawlOptions) -> Limits:
    """Return when the crawl ends."""
    return Limits(
        max_pages=options.max_pages,
        max_seconds=options.max_seconds,
        max_bytes=options.max_bytes,
        depth=options.depth,
        days=Days(*options.backfill) if options.backfill else None,
    )


def scraping_of(known: Sequence[Site]) -> Scraping:
    """Return what the archive is told of the reader."""

    def rules_hash(url: str) -> str:
        site = sites.find(known, url)
        return site.rules_hash if site else ""

    def reread(page: Page) -> Article:
        return parse(page.body, page.url, headers=page.headers, fetched_at=page.fetched_at, sites=known)

    def number(url: str) -> str | None:
        site = sites.find(known, url)
        found = sites.article_id(site, url) if site else None
        return f"{site.id}:{found}" if site and found else None

    return Scraping(alias_key, READER_VERSION, rules_hash, reread, number)


@dataclass(frozen=True, slots=True)
class _Hands:
    sources: Sources
    targets: tuple[str, ...]
    options: CrawlOptions
    clock: Clock
    report: Report
    signals: StopSignals
    look: Look
    bounds: Bounds


async def _run(hands: _Hands, frontier: Frontier, keep: Keep) -> Tally:
    stop = asyncio.Event()
    hands.signals.watch(stop)
    keep = hands.bounds.watching(keep, stop)
    policy = policy_of(hands.options, hands.sources)
    async with network(policy, hands.sources.known, hands.clock) as (fetcher, readers):
        tally = await crawl(
            hands.sources.seeds,
            fetcher=fetcher,
            readers=readers,
            frontier=frontier,
            keep=keep,
            limits=limits_of(hands.options),
            clock=hands.clock,
            report=hands.report,
            stop=stop,
        )
        tally.requests = fetcher.requests_sent  # those for robots.txt, and retries, are none of the loop's
        return tally


@asynccontextmanager
async def network(policy: FetchPolicy, known: Sequence[Site], clock: Clock) -> AsyncIterator[tuple[Fetcher, Readers]]:
    """Open the gate and the workers that read."""
    async with Fetcher(policy, now=clock) as fetcher, Readers(site_files=own_site_files(known)) as readers:
        yield fetcher, readers


async def _crawl(archive_path: Path, hands: _Hands) -> Crawled:
    sites_asked = frozenset(seed.site for seed in hands.sources.seeds)
    hands.bounds.watch.require()
    with Archive.open(
        archive_path, mode=Mode.EXCLUSIVE, command="luubao crawl", scraping=scraping_of(hands.sources.known)
    ) as archive:
        told = asdict(hands.options) | {"targets": list(hands.targets), "proxy": hands.options.proxy is not None}
        run_id = archive.start_run("crawl", told, hands.clock(), luubao_version=luubao_version())
        code = ExitCode.ERROR  # what the record says of a run that a bug ended
        try:
            hands.look(archive, sites_asked)
            archive.frontier.revisits.a_day = hands.options.max_revisits
            frontier = hands.bounds.budgeted(_frontier(archive, hands, sites_asked), archive.connection, hands.clock())
            tally = await _run(hands, frontier, archive.keep)
            left = archive.backfill.end(hands.clock()) if archive.backfill else 0
            stale = stale_sites(archive, sites_asked, hands.clock(), after_seconds=hands.options.stale_after_seconds)
            falls = close_run(archive, tally, stale)
            code = hands.bounds.code(code_with_stale(code_of_crawl(tally, hands.signals), stale))
            notes = hands.bounds.notes(frontier, hands.clock())
        finally:
            archive.end_run(code, hands.clock())
    return Crawled(tally, code, run_id, falls, stale, left_of_backfill=left, notes=notes)


def _frontier(archive: Archive, hands: _Hands, sites_asked: frozenset[str]) -> Frontier:
    """Return what the crawl is to do: what is due, or a walk into the past."""
    if hands.options.backfill is None:
        return archive.frontier
    days = Days(*hands.options.backfill)
    return archive.begin_backfill(sites_asked, hands.options.backfill, hands.clock(), may_hold=days.may_hold)


def code_of_crawl(tally: Tally, signals: StopSignals) -> ExitCode:
    """Return the code that a crawl ends with."""
    done = tally.pages - tally.errors.total()
    return signals.exit_code or code_of_failures([*tally.errors, *tally.parked.values()], done=done)


async def _simulate(archive_path: Path, hands: _Hands) -> Crawled:
    with Archive.open(archive_path, mode=Mode.WRITE, scraping=scraping_of(hands.sources.known)) as archive:
        rehearsal = Rehearsal(archive.frontier)
        tally = await _run(hands, rehearsal, rehearsal.keep)
    return Crawled(tally, code_of_crawl(tally, hands.signals), planned=tuple(rehearsal.planned.values()))
