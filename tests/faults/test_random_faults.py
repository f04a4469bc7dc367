"""A server that answers each request with a fault drawn at random: every outcome is a page or a classed error."""

from __future__ import annotations

import asyncio
import os
import resource
from collections import Counter

import pytest

from scraper import errors
from scraper.errors import ScraperError
from scraper.models import Page
from scraper.net.fetch import Fetcher
from tests.servers.broken import at_random, whole
from tests.servers.gate import code_of, outcome_of, quick
from tests.servers.raw import Server, answer

ROUNDS = int(os.environ.get("LUUBAO_FAULT_ROUNDS", "2"))
PAGES = 120
BODIES = {b"<p>T" + b"in</p>\n", b"<p>Tin</p>" * 1000, b"no", b"gone", b"", b"old", b"more"}


@pytest.mark.faults
def test_whatever_a_server_answers_the_gate_gives_a_page_or_a_classed_error() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def act(seed: int) -> list[Page | ScraperError]:
        replies = at_random(seed)
        async with Server({"/robots.txt": answer(b"", "404 Not Found"), "*": list(replies)}) as server:
            limits = {"max_body_bytes": 200_000, "deadline_seconds": 0.5, "retries": 1, "read_seconds": 0.1}
            async with Fetcher(quick(server, **limits)) as fetcher:
                return [await outcome_of(fetcher, f"{server.url}/{n}") for n in range(PAGES)]

    found = [outcome for seed in range(ROUNDS) for outcome in asyncio.run(act(seed))]

    codes = Counter(code_of(outcome) for outcome in found)
    assert len(found) == ROUNDS * PAGES
    assert len(codes) > 10
    assert codes["200"] > len(found) / 5
    assert "error" not in codes
    assert all(type(outcome).__name__ in dir(errors) for outcome in found if isinstance(outcome, ScraperError))
    for outcome in found:
        if isinstance(outcome, Page) and outcome.status == 200:
            assert outcome.body in BODIES or outcome.body.startswith(b"<p>Tin t")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


def test_every_right_answer_is_a_page() -> None:
    async def act() -> list[str]:
        async with Server({"*": whole()}) as server, Fetcher(quick(server)) as fetcher:
            return [code_of(await outcome_of(fetcher, f"{server.url}/{n}")) for n in range(len(whole()))]

    assert asyncio.run(act()) == ["200", "200", "200", "404", "410", "403", "204", "200"]
