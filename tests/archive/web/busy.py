"""An archive with something in each chart: five weeks of three newspapers, edits, failures, a template that changed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from scraper.models import Article, Found, Provenance, Role, Task, Visit
from tests.archive.kit import NOW, article_of, failed_of, open_archive, page_of

SITES = ("bao", "bao-khac", "nhật-báo-của-một-nơi-rất-xa.example.vn")
DAYS = 36
TITLE_FOUND = {"title": Provenance("meta:og:title"), "published_at": Provenance("jsonld:datePublished")}


def keep_busy(path: Path, *, a_day: int = 2) -> None:
    """Keep a run a day."""
    rng = random.Random(8)  # noqa: S311 -- the same each time
    with open_archive(path) as archive:
        archive.connection.execute("PRAGMA synchronous = OFF")
        for day in range(DAYS):
            at = NOW - timedelta(days=DAYS - day)
            archive.start_run("crawl", {}, at)
            for number in range(len(SITES) * rng.randint(0, 2 * a_day)):
                archive.keep(_visit(f"{day}-{number}", SITES[number % len(SITES)], at, day))
            if day % 7 == 3:
                archive.keep(_visit(f"{day - 1}-0", SITES[0], at, day, words=" Sửa lại."))
            for number in range(rng.randint(0, 3)):
                code = ("timeout", "not_found", "robots_denied")[number]
                failure = failed_of(f"https://{SITES[1]}.example.vn/mat-{day}-{number}.html", code, at=at)
                archive.keep(replace(failure, task=replace(failure.task, site=SITES[1])))
            archive.end_run(3 if day % 5 == 0 else 0, at + timedelta(minutes=9))


def _visit(name: str, site: str, at: datetime, day: int, *, words: str = "") -> Visit:
    url = f"https://{site}.example.vn/tin-{name}.html"
    body = f"Bài {name} của báo {site}. " * 20 + words
    page = page_of(url, f"<!doctype html><p>{body}</p>".encode(), at=at)
    found = tuple(Found(f"https://{site}.example.vn/chua-{name}-{n}.html", Role.ARTICLE) for n in range(day % 2))
    return Visit(Task(url, Role.ARTICLE, site), page, _article(url, body, at, site=site, day=day), found)


def _article(url: str, body: str, at: datetime, *, site: str, day: int) -> Article:
    has_author = site != SITES[1] or day < DAYS - 13
    provenance = TITLE_FOUND | ({"authors": Provenance("css:.author")} if has_author else {})
    return article_of(
        url, body, title=f"Tin {url[-12:]}", published_at=at, authors=("Hòa",) if has_author else (), language="vi",
        provenance=provenance,
    )  # fmt: skip
