"""Feeds that pages name, and JSON Feeds."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.feeds import named_feeds, read_json_feed
from scraper.errors import ParseFailed
from scraper.models import Found, Page, Role
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers import raw

HOME = "https://bao.example.vn/"
ARTICLE = "/thoi-su/cau-moi-thong-xe-sau-ba-nam-100231.html"
STORY = (
    "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh trong xã.</p>"
)


def page(body: str | bytes, url: str = HOME) -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), content, datetime.now(UTC))


def test_a_page_names_the_feeds_of_its_own_site() -> None:
    html = """<head><link rel="alternate" type="application/rss+xml" title="Trang chủ" href="/rss/trang-chu.rss">
    <link rel="alternate" type="application/rss+xml; charset=utf-8" href="/rss/trang-chu.rss">
    <LINK REL="ALTERNATE" TYPE="application/Atom+XML" HREF="tin.atom">
    <link rel="alternate" type="application/feed+json" href="https://www.bao.example.vn/feed.json">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
    <link rel="alternate" type="application/rss+xml" href="https://other.example/rss">
    <link rel="alternate" type="text/html" hreflang="en" href="/en"><link rel="alternate" href="/x">"""

    assert [(link.url, link.role) for link in named_feeds(page(html))] == [
        (f"{HOME}rss/trang-chu.rss", Role.FEED),
        (f"{HOME}tin.atom", Role.FEED),
        ("https://www.bao.example.vn/feed.json", Role.FEED),
    ]


def test_a_json_feed_names_articles_with_title_and_time() -> None:
    items = [
        {"id": "1", "url": ARTICLE, "title": "Cầu mới\n thông xe", "date_published": "2025-06-12T07:30:00+07:00"},
        {"id": "2", "url": "/thoi-su/"},
        {"id": "3", "title": "không có địa chỉ"},
        {"id": "4", "url": ["x"], "title": 7},
        "no object",
    ]

    (found,) = read_json_feed(page(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})))

    time = datetime.fromisoformat("2025-06-12T07:30:00+07:00")
    assert found == Found(f"{HOME[:-1]}{ARTICLE}", Role.ARTICLE, "Cầu mới thông xe", time)


@pytest.mark.parametrize("body", ["{", "{}", '{"items": 3}', "[" * 100_000, '{"items":' + "[" * 100_000])
def test_what_is_no_json_feed_is_a_failure(body: str) -> None:
    with pytest.raises(ParseFailed):
        read_json_feed(page(body))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_look_for_feeds(body: bytes) -> None:
    named_feeds(page(body))


def test_an_article_that_only_a_feed_names_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    front = '<link rel=alternate type="application/feed+json" href="/tin.json"><body><p>Chào bạn đọc.</p>'
    story = f"<title>Cầu mới thông xe</title><body><article><h1>Cầu mới thông xe sau ba năm</h1>{STORY * 6}"
    pages = {
        "/": raw.answer(front.encode()),
        "/tin.json": raw.answer(json.dumps({"items": [{"id": "1", "url": ARTICLE}]}).encode()),
        ARTICLE: raw.answer(story.encode()),
    }

    async def scene() -> list[str]:
        async with raw.Server(pages) as server:
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/")
            return server.targets

    assert asyncio.run(scene()).count("/tin.json") == 1
    assert rows(path, "SELECT title FROM articles_view WHERE kind = 'article'") == [("Cầu mới thông xe sau ba năm",)]
    assert rows(path, "SELECT role FROM frontier WHERE url LIKE '%tin.json'") == [("feed",)]
