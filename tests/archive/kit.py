"""What the tests of the archive share: a clock that stands still, pages and articles of our own."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from archive.scraping import Scraping
from archive.store import Archive, Mode
from scraper.models import Article, Failed, Found, Image, Kind, Link, Page, Relation, Role, Task, Visit
from scraper.urls import alias_key

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
VIETNAM = timezone(timedelta(hours=7))
SITE = "bao"
BODY = (
    "Sáng nay, thành phố mở đường Lê Duẩn nối ra biển.\n\n"
    + "Người dân hai bên phố dọn hàng từ sớm để nhường lối. " * 6
)


def url_of(number: int) -> str:
    return f"https://bao.example.vn/tin-{number}.html"


def task_of(url: str, role: Role = Role.ARTICLE) -> Task:
    return Task(url, role, SITE)


def page_of(url: str, body: bytes = b"", *, at: datetime = NOW, status: int = 200, **values: Any) -> Page:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"abc"'))
    return replace(Page(url, url, status, headers, body or b"<html>" + url.encode(), at), **values)


def article_of(url: str, body: str = BODY, **values: Any) -> Article:
    article = Article(
        url,
        Kind.ARTICLE,
        title="Thành phố mở đường Lê Duẩn",
        body=body,
        published_at=datetime(2023, 3, 29, 5, 23, tzinfo=VIETNAM),
        authors=("Đỗ Thị Hòa",),
        section="Thời sự",
        images=(Image("https://anh.example.vn/a.jpg?v=1", "Mặt đường mới", "Ảnh: Bình"),),
        related=(Link(url_of(901), "Tin kề bên", Relation.RELATED),),
        links=(Link(url_of(902), "Tin khác", Relation.SECTION),),
    )
    return replace(article, **values)


def visit_of(url: str, body: str = BODY, *, at: datetime = NOW, found: tuple[Found, ...] = (), **values: Any) -> Visit:
    page = page_of(url, f"<html><p>{body}</p><i>{at}</i>".encode(), at=at)
    return Visit(task_of(url), page, article_of(url, body, **values), found)


def failed_of(url: str, code: str, *, at: datetime = NOW, page: Page | None = None, **values: Any) -> Failed:
    return replace(Failed(task_of(url), code, f"{url}: {code}", at, page), **values)


SCRAPING = Scraping(key=alias_key, reader_version="1")


def open_archive(path: Path, scraping: Scraping = SCRAPING, mode: Mode = Mode.EXCLUSIVE) -> Archive:
    return Archive.open(path, mode=mode, command="luubao crawl", scraping=scraping)


def rows(source: Archive | Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the file with nothing of ours in between."""
    path = source.path if isinstance(source, Archive) else source
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def value(source: Archive | Path, sql: str, *values: object) -> Any:
    return rows(source, sql, *values)[0][0]
