"""Every way in which a newspaper names its articles leads to them, and each is one however it is written."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from pathlib import Path

from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper.reader import READER_VERSION
from scraper.urls import alias_key
from tests.crawl_scene import crawl_into, open_archive, rows
from tests.servers import raw

STORY = "<p>Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của bốn trăm học sinh.</p>" * 6


def slug(n: int, words: str = "cau-moi-thong-xe-sau-ba-nam") -> str:
    return f"/thoi-su/{words}-{100_000 + n}.html"


def article(n: int) -> bytes:
    title = f"Cầu mới thông xe sau ba năm, số {n}"
    return raw.answer(f"<title>{title}</title><article><h1>{title}</h1>{STORY}<p>Bài {n}.</p></article>".encode())


def site(base: str) -> dict[str, raw.Reply | list[raw.Reply]]:
    """Return a newspaper each of whose lists names one article alone."""
    feeds = "".join(
        f"<link rel=alternate type='application/{kind}' href='{path}'>"
        for kind, path in [("feed+json", "/feed.json"), ("atom+xml", "/tin.atom"), ("rss+xml", "/tin.rss")]
    )
    items = [{"url": slug(1), "title": "Cầu mới"}]
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Cầu</title><link href='{slug(2)}'/></entry></feed>"
    rss = f"<rss version='2.0'><channel><item><link>{slug(3)}</link></item></channel></rss>"
    news = (
        "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>"
        f"<loc>{base}{slug(4)}</loc><news:news><news:publication_date>2025-06-12T07:30:00+07:00</news:publication_date>"
        "<news:title>Cầu mới thông xe</news:title></news:news></url></urlset>"
    )
    zipped = gzip.compress(f"<urlset><url><loc>{base}{slug(5)}</loc></url></urlset>".encode())
    index = f"<sitemapindex><sitemap><loc>{base}/cu.xml.gz</loc></sitemap></sitemapindex>"
    variants = [slug(6), f"{slug(6)}?utm_source=zalo", f"{slug(6)}?amp=1", f"/amp{slug(6)}", f"{slug(6)}?print=1#cuoi"]
    links = "".join(f"<h3><a href='{href}'>Cầu mới thông xe sau ba năm chờ đợi</a></h3>" for href in variants)
    return {
        "/": raw.answer(f"<head>{feeds}</head><h1>Báo</h1>{links}".encode()),
        "/robots.txt": raw.answer(f"Sitemap: {base}/tin.xml\nSitemap: {base}/muc-luc.xml\n".encode()),
        "/feed.json": raw.answer(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()),
        "/tin.atom": raw.answer(atom.encode()),
        "/tin.rss": raw.answer(rss.encode()),
        "/tin.xml": raw.answer(news.encode()),
        "/muc-luc.xml": raw.answer(index.encode()),
        "/cu.xml.gz": raw.answer(zipped, Content_Type="application/gzip"),
        **{slug(n): article(n) for n in range(1, 7)},
    }


def test_feeds_and_sitemaps_of_every_form_lead_to_articles_and_variants_are_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"

    async def scene() -> list[str]:
        async with raw.Server({}) as server:
            server.replies = site(server.url)
            with open_archive(path) as archive:
                await crawl_into(archive, f"{server.url}/")
            return server.targets

    targets = asyncio.run(scene())

    assert sorted(target for target in targets if "cau-moi" in target) == sorted(slug(n) for n in range(1, 7))
    dated = rows(path, "SELECT url FROM frontier WHERE named_at = '2025-06-12T00:30:00Z'")
    assert [re.sub(r"http://[^/]+", "", str(url)) for (url,) in dated] == [slug(4)]


def test_the_number_in_the_url_is_the_article_where_a_rule_finds_it(tmp_path: Path) -> None:
    def number(url: str) -> str | None:
        found = re.search(r"-(\d{6})\.html", url)
        return f"bao:{found[1]}" if found else None

    links = "".join(
        f"<h3><a href='{href}'>Cầu mới thông xe sau ba năm chờ đợi</a></h3>"
        for href in (slug(1), slug(1, "tieu-de-da-sua-lai-cho-dung"), slug(2))
    )
    replies: dict[str, raw.Reply | list[raw.Reply]] = {"/thoi-su": raw.answer(links.encode())}
    replies |= {slug(1): article(1), slug(2): article(2), slug(1, "mot-ten-khac-nua-cua-bai"): article(1)}
    scraping = Scraping(key=alias_key, reader_version=READER_VERSION, number=number)

    async def scene() -> list[str]:
        async with raw.Server(replies) as server:
            with Archive.open(tmp_path / "archive.db", mode=Mode.EXCLUSIVE, scraping=scraping) as archive:
                await crawl_into(archive, f"{server.url}/thoi-su")
                await crawl_into(archive, f"{server.url}{slug(1, 'mot-ten-khac-nua-cua-bai')}")
            return server.targets

    targets = asyncio.run(scene())

    assert slug(1, "tieu-de-da-sua-lai-cho-dung") not in targets
    assert rows(tmp_path / "archive.db", "SELECT count(*) FROM articles WHERE kind = 'article'") == [(2,)]
    assert rows(tmp_path / "archive.db", "SELECT count(*) FROM versions JOIN articles USING (id)") == [(2,)]
