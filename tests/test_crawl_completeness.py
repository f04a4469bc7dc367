"""Nothing is missed: gaps between readings are noticed and filled; what no one names is looked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive import namings
from scraper.crawl import utc_now
from scraper.discover.usual import PLACES
from scraper.models import Role
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers import raw

STORY = "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh.</p>" * 6
SHOWN = 20
KNOWN, FRESH = 40, 60
NOTHING_DUE = "UPDATE frontier SET due_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '100 days')"
FEED_DUE = "UPDATE frontier SET due_at = '2020-01-01T00:00:00Z' WHERE role = 'feed'"


def slug(n: int) -> str:
    return f"/thoi-su/cau-moi-thong-xe-sau-ba-nam-{100_000 + n}.html"


class Paper:
    """A paper with `count` articles: its feed shows the latest 20, its section 20 a page, its sitemap all."""

    def __init__(self, lists: str) -> None:
        self.count = KNOWN
        self.base = ""
        self._lists = lists

    def replies(self) -> dict[str, raw.Reply | list[raw.Reply]]:
        found: dict[str, raw.Reply | list[raw.Reply]] = {slug(n): raw.answer(self._article(n)) for n in self._all()}
        feed = "<link rel=alternate type='application/rss+xml' href='/rss.xml'>"
        found["/"] = raw.answer(f"{feed}<h1>Báo</h1>{self._nav()}".encode())
        found["/rss.xml"] = raw.answer(self._feed())
        if "section" in self._lists:
            for page in range(1, self.count // SHOWN + 1):
                found["/thoi-su" if page == 1 else f"/thoi-su?p={page}"] = raw.answer(self._section(page))
        if "sitemap" in self._lists:
            found["/sitemap.xml"] = raw.answer(self._sitemap())
        if "all on the front page" in self._lists:
            links = "".join(self._link(n) for n in self._latest(1))
            found["/"] = raw.answer(f"{feed}<h1>Báo</h1>{self._nav()}{links}".encode())
        return found

    def _all(self) -> range:
        return range(self.count)

    def _nav(self) -> str:
        return "<nav><a href='/thoi-su'>Thời sự</a></nav>" if "section" in self._lists else ""

    def _latest(self, page: int) -> range:
        last = self.count - 1 - SHOWN * (page - 1)
        return range(last, max(last - SHOWN, -1), -1)

    def _feed(self) -> bytes:
        items = "".join(f"<item><title>Cầu mới {n}</title><link>{slug(n)}</link></item>" for n in self._latest(1))
        return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    def _link(self, n: int) -> str:
        return f"<h3><a href='{slug(n)}'>Cầu mới thông xe sau ba năm chờ {n}</a></h3>"

    def _section(self, page: int) -> bytes:
        links = "".join(self._link(n) for n in self._latest(page))
        return f"<h1>Thời sự</h1>{links}<a href='/thoi-su?p={page + 1}'>{page + 1}</a>".encode()

    def _sitemap(self) -> bytes:
        entries = "".join(f"<url><loc>{self.base}{slug(n)}</loc></url>" for n in self._all())
        return f"<urlset>{entries}</urlset>".encode()

    def _article(self, n: int) -> bytes:
        title = f"Cầu mới thông xe sau ba năm, số {n}"
        return f"<title>{title}</title><article><h1>{title}</h1>{STORY}<p>Bài số {n}.</p></article>".encode()


def crawls(path: Path, paper: Paper, *publish: int) -> list[list[str]]:
    """Crawl, and again an hour later after each publishing of so many articles, when only the feed is due."""

    async def scene() -> list[list[str]]:
        asked = []
        async with raw.Server({}) as server:
            paper.base = server.url
            for at, count in enumerate((0, *publish)):
                paper.count += count
                server.replies = paper.replies()
                server.requests.clear()
                with open_archive(path) as archive:
                    if at:
                        archive.connection.execute(NOTHING_DUE)
                        archive.connection.execute(FEED_DUE)
                    archive.start_run("crawl", {}, utc_now())
                    await crawl_into(archive, f"{server.url}/", clock=_clock(hours=at))
                    archive.end_run(0, utc_now())
                asked.append(list(server.targets))
        return asked

    return asyncio.run(scene())


def _clock(*, hours: int) -> Callable[[], datetime]:
    return lambda: utc_now() + timedelta(hours=hours)


def kept(path: Path) -> int:
    return int(str(rows(path, "SELECT count(*) FROM articles WHERE kind = 'article'")[0][0]))


@pytest.mark.parametrize("lists", ["section", "sitemap", "section, all on the front page"])
def test_of_sixty_articles_between_polls_of_a_feed_that_shows_twenty_all_are_kept(tmp_path: Path, lists: str) -> None:
    path = tmp_path / "archive.db"

    _, second, third = crawls(path, Paper(lists), FRESH, 0)

    assert kept(path) == KNOWN + FRESH
    assert len(second) == len(set(second))
    assert len([target for target in third if "thoi-su" in target or "sitemap" in target]) == 0


def test_a_gap_is_part_of_the_runs_record_and_no_reading_with_an_overlap_is_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    crawls(path, Paper("section"), FRESH, SHOWN - 1)

    with open_archive(path) as archive:
        first, second, third = (namings.gaps(archive.connection, run) for run in (1, 2, 3))
    assert first == []
    assert [(gap["role"], gap["named"]) for gap in second] == [("feed", SHOWN), ("listing", SHOWN)]
    assert third == []
    feed = "SELECT named, known FROM lists JOIN frontier ON frontier.id = frontier_id WHERE role = 'feed'"
    assert rows(path, feed) == [(SHOWN, 1)]


def test_namings_are_one_row_for_each_article_and_list_however_often_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    crawls(path, Paper("section"), 1, 0, 0)

    assert rows(path, "SELECT count(*) FROM namings") == [(KNOWN + SHOWN + 1,)]


def test_usual_places_are_tried_once_and_finding_nothing_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    front = raw.answer("<h1>Báo</h1><p>Chào bạn đọc.</p>".encode())

    async def scene() -> tuple[list[str], list[str], int]:
        async with raw.Server({"/": front}) as server:
            with open_archive(path) as archive:
                tally = await crawl_into(archive, f"{server.url}/")
                first = list(server.targets)
                server.requests.clear()
                await crawl_into(archive, f"{server.url}/", clock=lambda: utc_now() + timedelta(days=200))
            return first, list(server.targets), tally.errors.total()

    first, second, failed = asyncio.run(scene())

    assert sorted(first) == sorted(["/", "/robots.txt", *PLACES[Role.FEED], *PLACES[Role.SITEMAP]])
    assert sorted(second) == ["/", "/robots.txt"]
    assert failed == 0
    assert rows(path, "SELECT count(*) FROM failures") == [(0,)]


def test_a_page_at_a_usual_place_that_lists_feeds_leads_to_them(tmp_path: Path) -> None:
    links = (
        "<a href='/rss/thoi-su.rss'>Thời sự</a> <a href='/rss/kinh-te.rss'>Kinh tế</a> <a href='/lien-he'>Liên hệ</a>"
    )
    feed = raw.answer(f"<rss><channel><item><link>{slug(1)}</link></item></channel></rss>".encode())
    replies: dict[str, raw.Reply | list[raw.Reply]] = {
        "/": raw.answer("<h1>Báo</h1>".encode()),
        "/rss": raw.answer(f"<h1>RSS</h1>{links}".encode()),
        "/rss/thoi-su.rss": feed,
        "/rss/kinh-te.rss": feed,
    }

    async def scene() -> list[str]:
        async with raw.Server(replies) as server:
            with open_archive(tmp_path / "archive.db") as archive:
                await crawl_into(archive, f"{server.url}/")
            return server.targets

    targets = asyncio.run(scene())

    assert {"/rss/thoi-su.rss", "/rss/kinh-te.rss", slug(1)} <= set(targets)
    assert not {"/feed", "/lien-he"} & set(targets)
