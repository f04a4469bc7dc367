from __future__ import annotations

from datetime import UTC, datetime

from commands.fetching import Fetched, Turns
from scraper.models import Page, Role, Task, Verdict, Visit

URLS = ["https://bao.vn/1", "https://bao.vn/2", "https://cham.vn/3"]


def came(url: str) -> Fetched:
    page = Page(url, url, 200, (), b"<p>page</p>", datetime(2026, 1, 2, tzinfo=UTC))
    return Fetched(url, Visit(Task(url, Role.ARTICLE, "bao"), page), Verdict.NEW)


def test_what_comes_early_waits_for_its_turn_without_its_page() -> None:
    told: list[Fetched] = []

    with Turns(URLS, told.append) as turns:
        for url in reversed(URLS):
            assert told == []
            turns.take(came(url))

    assert [fetched.url for fetched in told] == URLS
    bodies = [fetched.outcome.page.body for fetched in told if fetched.outcome and fetched.outcome.page]
    assert bodies == [b"<p>page</p>", b"", b""]


def test_what_waits_behind_a_url_that_never_comes_is_told_at_the_end() -> None:
    told: list[str] = []

    with Turns(URLS, lambda fetched: told.append(fetched.url)) as turns:
        turns.take(came(URLS[2]))
        turns.take(came(URLS[1]))

    assert told == URLS[1:]
