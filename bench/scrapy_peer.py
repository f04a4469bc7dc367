"""What Scrapy is measured with: run by .venv-peers/bin/python bench/scrapy_peer.py URL FILE; needs nothing of luubao.

Takes title, date, body, captions and related links of each article by CSS, and commits it with its zlib-compressed
HTML to SQLite, one transaction a page, in the durability that luubao has: WAL, synchronous=FULL. The reading of pages
is as plain as it can be, and made for these pages.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess

SCHEMA = """
CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, published_at TEXT, body TEXT, captions TEXT, related TEXT,
  html BLOB)
"""


class Paper(scrapy.Spider):
    """Follows the menu, next pages, stories and related links."""

    name = "paper"

    def __init__(self, url: str, file: str) -> None:
        super().__init__()
        self.start_urls = [url]
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(SCHEMA)

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:  # noqa: ANN401 -- Scrapy is not in our types
        """Take an article, or follow what a list names."""
        if response.css("h1.story-title"):
            self.keep(response)
        else:
            yield from response.follow_all(css="nav.main-menu > ul > li > a, h3.card-title a, a.next")
        yield from response.follow_all(css="div.related a")

    def keep(self, response: Any) -> None:  # noqa: ANN401 -- as above
        """Commit one page."""
        related = [[a.attrib["href"], a.css("::text").get()] for a in response.css("div.related a")]
        row = (
            response.url,
            response.css("h1.story-title::text").get(),
            response.css("time::attr(datetime)").get(),
            "\n\n".join("".join(p.css("::text").getall()) for p in response.css("p.sapo, div.story-body > p")),
            json.dumps(response.css("figcaption::text").getall(), ensure_ascii=False),
            json.dumps(related, ensure_ascii=False),
            zlib.compress(response.body),
        )
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self.connection.execute("COMMIT")


def main() -> None:
    url, file = sys.argv[1:3]
    settings = {
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(Paper, url=url, file=file)
    process.start()


if __name__ == "__main__":
    main()
