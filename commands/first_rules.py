"""Look at a few pages of a newspaper, and write a first file of rules for it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from commands.crawl_options import CrawlOptions
from commands.exits import UsageProblem
from commands.single_page import policy_for
from scraper import sites
from scraper.charset import decode_html
from scraper.discover.listings import is_front, read_listing
from scraper.document import Document
from scraper.errors import ScraperError
from scraper.fields.zones import zone_of
from scraper.judge import objection_to_answer
from scraper.models import Article, Found, Kind, Page, Role, Task
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy
from scraper.reader import parse
from scraper.sites import Site
from scraper.sites.drafts import Draft, toml_of, url_pattern
from scraper.sites.files import families
from scraper.sites.propose import Example, family_of, propose
from scraper.urls import authority_of, host_of, registrable

MAX_TRIES = 3
"""For each article wanted, how many pages are fetched until there is one: galleries and videos are none."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pages of one newspaper."""

    articles: tuple[Page, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A file of rules as it was written."""

    path: Path
    draft: Draft


# --- pages ------------------------------------------------------------------------------------------------------------


def look_at(url: str, options: CrawlOptions, *, count: int) -> Gathered:
    """Fetch a page of a newspaper and so many of its articles; raises ScraperError and UsageProblem."""
    return asyncio.run(gather(url, policy_for(url, options), count=count))


async def gather(url: str, policy: FetchPolicy, *, count: int) -> Gathered:
    """Fetch a page and articles that it names; raises ScraperError, and UsageProblem where it names none."""
    async with Fetcher(policy) as fetcher:
        start = await _page(url, fetcher)
        is_article = _read(start, ()).kind is Kind.ARTICLE
        listing = await _page(f"{authority_of(start.url)}/", fetcher) if is_article else start
        found = read_listing(listing)
        others = [one.url for one in found if one.role is Role.ARTICLE and one.url != start.url]
        articles = [start] if is_article else []
        articles += await _articles(others, fetcher, count=count - len(articles))
    if not articles:
        raise UsageProblem(f"{url}: no article is named there; give the address of a section page, or of an article")
    return Gathered(tuple(articles), _sections(listing, found))


async def _page(url: str, fetcher: Fetcher) -> Page:
    page = await fetcher.fetch(url)
    objection = objection_to_answer(page, Task(url, Role.ARTICLE, ""))
    if objection is not None:
        raise objection
    return page


async def _articles(urls: list[str], fetcher: Fetcher, *, count: int) -> list[Page]:
    """Fetch so many articles; a page that is none, or cannot be had, is passed over."""
    pages: list[Page] = []
    for url in urls[: count * MAX_TRIES]:
        if len(pages) == count:
            break
        try:
            page = await _page(url, fetcher)
        except ScraperError:
            continue
        if _read(page, ()).kind is Kind.ARTICLE:
            pages.append(page)
    return pages


def _sections(listing: Page, found: tuple[Found, ...]) -> tuple[str, ...]:
    if not is_front(listing.url):
        return (listing.url,)
    return tuple(one.url for one in found if one.role is Role.LISTING and not one.is_next_page)


def _read(page: Page, known: tuple[Site, ...]) -> Article:
    return parse(page.body, page.url, headers=page.headers, fetched_at=page.fetched_at, sites=known)


# --- the file ---------------------------------------------------------------------------------------------------------


def write_first(gathered: Gathered, folder: Path) -> Written:
    """Write the file, and beside it the pages that its tests read; raises UsageProblem where there is such a file.

    The file bears its name only once it has been read back without fault: a bad one would stop every command.
    """
    draft = draft_of(gathered)
    path = folder / f"{draft.id}.toml"
    if path.exists():
        raise UsageProblem(f"{path} is there already; remove it, or choose another --folder")
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".toml.part")
    part.write_text(toml_of(draft), encoding="utf-8")
    site = sites.load(part)
    files = [_save(page, folder, f"pages/{draft.id}-{number}.html") for number, page in enumerate(gathered.articles, 1)]
    tests = [(page.url, file, _read(page, (site,))) for page, file in zip(gathered.articles, files, strict=True)]
    part.write_text(toml_of(draft, tests=tests), encoding="utf-8")
    sites.load(part)
    part.rename(path)
    return Written(path, draft)


def draft_of(gathered: Gathered) -> Draft:
    """Return what a first file says."""
    examples = [_example(page) for page in gathered.articles]
    url = gathered.articles[0].url
    host = (host_of(url) or "").removeprefix("www.").removeprefix("m.")
    family = family_of(examples, families())
    return Draft(
        id=_id_of(host),
        name=examples[0].document.first_meta("og:site_name") or host,
        home=f"{authority_of(url)}/",
        host=host,
        language=examples[0].article.language,
        timezone=_timezone(examples[0]),
        extends=family.id if family else None,
        sections=gathered.sections,
        article_url=url_pattern([page.url for page in gathered.articles]),
        proposals=propose(examples, family),
    )


def _timezone(example: Example) -> str | None:
    zone = zone_of(example.document.url, example.article.language)
    return zone.key if zone else None


def _example(page: Page) -> Example:
    document = Document(_html(page), page.url, headers=page.headers, fetched_at=page.fetched_at)
    return Example(document, _read(page, ()))


def _id_of(host: str) -> str:
    name = registrable(host)
    return re.sub(r"[^a-z0-9]+", "-", name if name[:1].isdigit() else name.partition(".")[0]).strip("-") or "site"


def _html(page: Page) -> str:
    return decode_html(page.body, page.header("content-type"))


def _save(page: Page, folder: Path, name: str) -> str:
    """Save a page as UTF-8 with a mark at its start, which wins over what the page says of its own encoding."""
    (folder / name).write_text(_html(page), encoding="utf-8-sig")
    return name
