"""What tests of the gate share: a policy without waits, outcomes as values, a clock that only moves when one sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scraper.errors import ScraperError
from scraper.models import Page
from scraper.net.fetch import Fetcher
from scraper.net.guard import Resolve
from scraper.net.policy import FetchPolicy
from tests.servers.raw import Reply, Server, answer


@dataclass
class Clock:
    """Seconds that pass only by sleeping."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def total(self) -> float:
        return sum(self.slept)


def quick(*servers: Server, **limits: Any) -> FetchPolicy:
    """Return a policy for servers on loopback: no delay, next to no backoff."""
    defaults: dict[str, Any] = {"allow_private": True, "delay_seconds": 0.0, "backoff_seconds": 0.001}
    return FetchPolicy(**(defaults | limits)).with_seeds([server.url for server in servers])


def names(table: Mapping[str, Sequence[str]]) -> Resolve:
    """Return a resolver that knows these hosts and no other."""

    async def resolve(host: str, _port: int) -> Sequence[str]:
        if host not in table:
            raise OSError(f"no such host: {host}")
        return table[host]

    return resolve


async def outcome_of(fetcher: Fetcher, url: str, **options: Any) -> Page | ScraperError:
    try:
        return await fetcher.fetch(url, **options)
    except ScraperError as error:
        return error


async def outcomes(
    policy: FetchPolicy, urls: Sequence[str], *, clock: Clock | None = None, **options: Any
) -> list[Page | ScraperError]:
    """Fetch the URLs one after the other with one fetcher."""
    if clock is not None:
        options |= {"clock": clock, "sleep": clock.sleep}
    async with Fetcher(policy, **options) as fetcher:
        return [await outcome_of(fetcher, url) for url in urls]


def fetch_one(reply: Reply | list[Reply], **limits: float) -> tuple[Server, Page | ScraperError]:
    """Fetch /tin, which answers so; /next and all else answer with a page."""

    async def act() -> tuple[Server, Page | ScraperError]:
        async with Server({"/tin": reply, "*": answer(b"<p>Tin</p>")}) as server:
            (outcome,) = await outcomes(quick(server, **limits), [f"{server.url}/tin"])
            return server, outcome

    return asyncio.run(act())


def code_of(outcome: Page | ScraperError) -> str:
    """Return an error's code, or the status of a page."""
    return outcome.code if isinstance(outcome, ScraperError) else str(outcome.status)
