"""A walk into the past: every article of the days asked for, few others, and never from the beginning again."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from scraper.crawl import Limits, utc_now
from scraper.discover.span import Days
from scraper.seeds import seed_of_url
from scraper.tally import End
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers import raw

STORY = "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh.</p>" * 6
NEWEST = date(2025, 12, 31)
COUNT, SHOWN = 120, 6  # one article a day, six on a page
RANGE = Days(date(2025, 10, 20), date(2025, 10, 30))


def slug(n: int) -> str:
    return f"/thoi-su/cau-moi-thong-xe-sau-ba-nam-{100_000 + n}.html"


def day_of(n: int) -> date:
    return NEWEST - timedelta(days=n)


WANTED = {slug(n) for n in range(COUNT) if RANGE.first <= day_of(n) <= RANGE.last}


def article(n: int) -> bytes:
    title = f"Cầu mới thông xe sau ba năm, số {n}"
    time = f"<time datetime='{day_of(n)}T08:00:00+07:00'>{day_of(n):%d/%m/%Y} 08:00</time>"
    return raw.answer(
        f"<title>{title}</title><article><h1>{title}</h1>{time}{STORY}<p>Bài số {n}.</p></article>".encode()
    )


def section(page: int) -> bytes:
    shown = range((page - 1) * SHOWN, min(page * SHOWN, COUNT))
    links = "".join(f"<h3><a href='{slug(n)}'>Cầu mới thông xe sau ba năm chờ đợi {n}</a></h3>" for n in shown)
    return raw.answer(f"<h1>Thời sự</h1>{links}<a href='/thoi-su?p={page + 1}'>{page + 1}</a>".encode())


def replies() -> dict[str, raw.Reply | list[raw.Reply]]:
    found: dict[str, raw.Reply | list[raw.Reply]] = {slug(n): article(n) for n in range(COUNT)}
    found |= {f"/thoi-su?p={page}": section(page) for page in range(2, COUNT // SHOWN + 1)}
    return found | {"/thoi-su": section(1), "/robots.txt": raw.answer(b"")}


def sitemaps(base: str) -> dict[str, raw.Reply | list[raw.Reply]]:
    """Return a sitemap a month, one without a name that tells, and their index."""
    by_month: dict[str, list[int]] = {}
    for n in range(COUNT):
        by_month.setdefault(f"{day_of(n):%Y-%m}", []).append(n)
    found: dict[str, raw.Reply | list[raw.Reply]] = {}
    for month, numbers in by_month.items():
        urls = "".join(f"<url><loc>{base}{slug(n)}</loc><lastmod>{day_of(n)}</lastmod></url>" for n in numbers)
        found[f"/sitemap-{month}.xml"] = raw.answer(f"<urlset>{urls}</urlset>".encode())
    old = f"<sitemap><loc>{base}/tin-cu.xml</loc><lastmod>2024-05-01</lastmod></sitemap>"
    index = old + "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in found)
    found["/sitemap.xml"] = raw.answer(f"<sitemapindex>{index}</sitemapindex>".encode())
    found["/robots.txt"] = raw.answer(f"Sitemap: {base}/sitemap.xml\n".encode())
    found["/"] = raw.answer("<h1>Báo</h1>".encode())
    return found


async def walk(path: Path, url: str, limits: Limits) -> tuple[End, int]:
    """Walk as the command does; return how it ended, and how much is left."""
    with open_archive(path) as archive:
        sites = [seed_of_url(url).site]
        days = (RANGE.first, RANGE.last)
        frontier = archive.begin_backfill(sites, days, utc_now(), may_hold=RANGE.may_hold)
        tally = await crawl_into(archive, url, limits=limits, frontier=frontier)
        return tally.end, frontier.end(utc_now())


def kept(path: Path) -> set[str]:
    return {re.sub(r"https?://[^/]+", "", str(url)) for (url,) in rows(path, "SELECT url FROM articles")}


def test_a_section_is_walked_page_by_page_until_it_is_older_than_the_days_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    async def scene() -> list[str]:
        async with raw.Server(replies()) as server:
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/thoi-su", limits=Limits(max_pages=9))
            server.requests.clear()
            end, left = await walk(path, f"{server.url}/thoi-su", Limits(days=RANGE))
            assert (end, left) == (End.NOTHING_DUE, 0)
            return server.targets

    targets = asyncio.run(scene())

    older = {slug(n) for n in range(COUNT) if day_of(n) < RANGE.first}
    assert kept(path) >= WANTED
    assert len(older & kept(path)) <= 2 * SHOWN
    assert len(targets) == len(set(targets))
    assert rows(path, "SELECT count(*) FROM backfill_tasks") == [(0,)]


def test_sitemaps_and_articles_outside_the_days_are_not_fetched(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    async def scene() -> list[str]:
        async with raw.Server(replies()) as server:
            server.replies = {**replies(), **sitemaps(server.url)}
            del server.replies["/thoi-su"]
            await walk(path, f"{server.url}/", Limits(days=RANGE))
            return server.targets

    targets = asyncio.run(scene())

    assert [target for target in targets if "sitemap-" in target or "tin-cu" in target] == ["/sitemap-2025-10.xml"]
    assert kept(path) >= WANTED
    assert (
        len({target for target in targets if "cau-moi" in target} - WANTED) <= 2
    )  # a day on either side, for the zone


@pytest.mark.parametrize("pages", [1, 20])
def test_a_walk_that_was_cut_off_goes_on_where_it_was(tmp_path: Path, pages: int) -> None:
    path = tmp_path / "archive.db"

    async def scene() -> list[str]:
        async with raw.Server(replies()) as server:
            for _ in range(4):
                await walk(path, f"{server.url}/thoi-su", Limits(days=RANGE, max_pages=pages))
            await crawl_into_between(path, server)
            end, left = await walk(path, f"{server.url}/thoi-su", Limits(days=RANGE))
            assert (end, left) == (End.NOTHING_DUE, 0)
            return server.targets

    async def crawl_into_between(path: Path, server: raw.Server) -> None:
        with open_archive(path) as archive:
            await crawl_into(archive, f"{server.url}/thoi-su", limits=Limits(max_pages=3))

    counts = Counter(asyncio.run(scene()))

    assert kept(path) >= WANTED
    assert [target for target in counts if counts[target] > 1 and "p=" not in target] == ["/robots.txt", "/thoi-su"]
