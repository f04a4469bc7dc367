"""Tell a monitor that a run went well: one GET, through the gate, for a URL that the user made for it."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from commands.exits import ExitCode
from scraper.errors import ScraperError
from scraper.net.fetch import Fetcher
from scraper.net.policy import FetchPolicy

WENT_WELL = frozenset({ExitCode.OK, ExitCode.PARTIAL})
HTTP_BAD_REQUEST = 400


def ping(url: str, *, contact: str | None, proxy: str | None) -> str | None:
    """Ask for the URL and return what went wrong, None where nothing did; the URL, a secret, is not repeated.

    It may lie on the user's own network; a redirect is not followed, so that it leads nowhere else there.
    """
    policy = FetchPolicy(
        contact=contact, proxy=proxy, allow_private=True, max_redirects=0, retries=2, deadline_seconds=20.0
    ).with_seeds([url])
    host = urlsplit(url).hostname
    try:
        status = asyncio.run(_status(url, policy))
    except ScraperError as error:
        return f"the ping to {host} came to nothing: {error.reason}"
    return f"the ping to {host} was answered with {status}" if status >= HTTP_BAD_REQUEST else None


async def _status(url: str, policy: FetchPolicy) -> int:
    async with Fetcher(policy) as fetcher:
        return (await fetcher.fetch(url, kind="ping")).status
