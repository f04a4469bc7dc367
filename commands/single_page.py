"""The one page that a command looks at without keeping it: on the web, or a saved one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from commands.crawl_options import CrawlOptions
from commands.exits import UsageProblem
from commands.joining import Sources, policy_of, seed_of
from scraper.charset import decode_html
from scraper.document import Document
from scraper.judge import objection_to_answer
from scraper.models import Page, Role, Task
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy


def document_of(target: str, url: str | None, options: CrawlOptions) -> Document:
    """Fetch a page, or read a saved one whose address is `url` or stands on it; raises UsageProblem, ScraperError."""
    if target.startswith(("http://", "https://")):
        page = fetched_page(target, options)
        html = decode_html(page.body, page.header("content-type"))
        return Document(html, page.url, headers=page.headers, fetched_at=page.fetched_at)
    path = Path(target)
    if not path.is_file():
        raise UsageProblem(f"{target} is neither an address with https:// nor a file")
    return _saved(path, url)


def fetched_page(url: str, options: CrawlOptions) -> Page:
    """Fetch the user's own URL through the gate; raises UsageProblem, and ScraperError where no page comes."""
    return asyncio.run(_fetched(url, policy_for(url, options)))


async def _fetched(url: str, policy: FetchPolicy) -> Page:
    async with Fetcher(policy) as fetcher:
        page = await fetcher.fetch(url)
    objection = objection_to_answer(page, Task(url, Role.ARTICLE, ""))
    if objection is not None:
        raise objection
    return page


def policy_for(url: str, options: CrawlOptions) -> FetchPolicy:
    """Return how the gate behaves for the user's own URL; raises UsageProblem."""
    return policy_of(options, Sources((), (seed_of(url, ()),)))


def _saved(path: Path, url: str | None) -> Document:
    html = decode_html(path.read_bytes(), None)
    if url is None:
        draft = Document(html, "")
        canonical = draft.tree.css_first("link[rel=canonical]")
        url = draft.first_meta("og:url") or (canonical.attributes.get("href") if canonical else None)
    if not url:
        raise UsageProblem(f"{path} does not say its address; give it with --url")
    return Document(html, url)
