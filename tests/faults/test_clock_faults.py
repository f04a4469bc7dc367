"""Clocks that jump, and dates that no article has: F39."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive.verify import verify
from scraper import parse
from scraper.crawl import Limits
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers.raw import Reply, Server, answer

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Europe puts its clocks on
ARTICLE = """<html lang=vi><head><title>{title}</title><meta property="article:published_time" content="{when}"></head>
<body><article><h1>{title}</h1>{text}</article></body></html>"""
LIMITS = Limits(max_pages=20)
TEXT = "<p>Người dân hai bờ sông đi lại dễ dàng hơn, hàng hóa về chợ sớm hơn trước, giá cả cũng nhẹ đi.</p>" * 8


def page(title: str, when: str) -> bytes:
    return ARTICLE.format(title=title, when=when, text=TEXT).encode()


def jumping() -> Iterator[datetime]:
    """Give times as a clock would that is set back by a year, put on by an hour, and set to 1970."""
    yield from (NOW + timedelta(seconds=n) for n in range(6))
    yield from (NOW - timedelta(days=365) + timedelta(seconds=n) for n in range(6))
    yield from (NOW + timedelta(hours=1, seconds=n) for n in range(6))
    while True:
        yield datetime(1970, 1, 1, tzinfo=UTC)


def test_f39_a_clock_that_jumps_loses_nothing_and_shortens_no_delay(tmp_path: Path) -> None:
    names = [f"/cau-moi-{100_100 + n}.html" for n in range(8)]
    links = "".join(f'<h3><a href="{name}">Cầu mới thông xe sau ba năm</a></h3>' for name in names)
    replies: dict[str, Reply | list[Reply]] = {
        name: answer(page(f"Cầu mới số {n} thông xe", "2026-03-01T08:00:00+07:00")) for n, name in enumerate(names)
    }
    jumps = jumping()

    async def scene() -> Server:
        async with Server(replies | {"/": answer(links.encode())}) as server:
            with open_archive(tmp_path / "a.db") as archive:
                for clock in (lambda: next(jumps), lambda: NOW + timedelta(hours=2)):  # mended before the second run
                    await crawl_into(archive, f"{server.url}/", delay_seconds=0.05, clock=clock, limits=LIMITS)
            return server

    server = asyncio.run(scene())
    second_run = server.targets.index("/robots.txt", 1)
    gaps = [later.at - earlier.at for earlier, later in pairwise(server.requests[:second_run])]

    kept = rows(tmp_path / "a.db", "SELECT fetched_at FROM captures JOIN urls ON urls.url = captures.url")
    assert min(gaps) >= 0.05
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM articles WHERE kind = 'article'") == [(len(names),)]
    assert all(str(at).endswith("Z") for (at,) in kept)
    assert verify(tmp_path / "a.db").faults == []


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("1970-01-01T00:00:00Z", "the zero of a computer's clock, which stands for no date"),
        ("1970-01-01T07:00:00+07:00", "the zero of a computer's clock, which stands for no date"),
        ("2099-12-31T10:00:00+07:00", "later than the page was fetched"),
        ("2026-02-30T10:00:00+07:00", "no date can be read from '2026-02-30T10:00:00+07:00'"),
        ("0000-00-00", "no date can be read from '0000-00-00'"),
        ("9999-12-31T23:59:59Z", "no date can be read from '9999-12-31T23:59:59Z'"),
    ],
)
def test_f39_a_date_that_cannot_be_is_refused_with_the_reason(when: str, reason: str) -> None:
    article = parse(page("Cầu mới thông xe", when), "https://bao.example/cau-moi-100231.html", fetched_at=NOW)

    assert article.published_at is None
    assert [each.reason for each in article.provenance["published_at"].rejected] == [reason]


@pytest.mark.parametrize(
    ("when", "instant"),
    [
        ("2026-03-29T01:59:59+01:00", "2026-03-29T00:59:59+00:00"),  # the second before summer time
        ("2026-03-29T03:00:00+02:00", "2026-03-29T01:00:00+00:00"),  # and the second after it
        ("1969-07-21T02:56:00Z", "1969-07-21T02:56:00+00:00"),  # a digitised text may be older than the web
    ],
)
def test_f39_an_instant_is_one_whatever_the_clocks_do(when: str, instant: str) -> None:
    article = parse(page("Clocks", when), "https://zeitung.example/uhren-100231.html", fetched_at=NOW)

    assert isinstance(article.published_at, datetime)
    assert article.published_at.astimezone(UTC).isoformat() == instant
