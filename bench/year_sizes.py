"""What a year takes, table by table: `python bench/year_sizes.py [articles]`; 1,000 of 65 kB if not told.

Each article is seen nine times: once new and eight times again, as the schedule has it; one in five is edited, one in
twenty taken down, and all are read again once by a better reader. Each answer shows the time, so none is like another.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.prune import prune, scrub
from archive.schedule import REVISITS
from archive.scraping import Scraping
from archive.store import Archive, Mode
from bench.static_paper import article as generated
from scraper.models import Article, Failed, Page, Role, Task, Visit
from scraper.reader import parse
from scraper.urls import alias_key

BEGIN = datetime(2025, 7, 1, tzinfo=UTC)
SITE = "bao.example.vn"
OFTEN, SELDOM = 5, 20
SIZES = """
SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name
GROUP BY 1 ORDER BY 2 DESC
"""


def page_of(number: int, articles: int, at: datetime, *, is_edited: bool) -> Page:
    url = f"https://{SITE}/tin-{number}.html"
    body = generated(number, articles, 65).replace(b"</body>", f"<i>{at:%H:%M %d/%m/%Y}</i></body>".encode())
    if is_edited:
        body = body.replace(b"</p>", " Tòa soạn đã sửa lỗi.</p>".encode(), 1)
    return Page(url, url, 200, (("Content-Type", "text/html"), ("Server", "nginx")), body, at)


def read(page: Page, *, by_better: bool) -> Article:
    article = parse(page.body, page.url, fetched_at=page.fetched_at, sites=())
    return replace(article, section=f"{article.section}, Việt Nam") if by_better else article


def live_through(path: Path, articles: int) -> None:
    at = BEGIN
    for visit, pause in enumerate((timedelta(), *REVISITS, REVISITS[-1])):
        at += pause
        by_better = visit >= 4
        scraping = Scraping(alias_key, "2" if by_better else "1", reread=lambda page: read(page, by_better=True))
        with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=scraping) as archive:
            archive.start_run("crawl", {}, at)
            for number in range(articles):
                task = Task(f"https://{SITE}/tin-{number}.html", Role.ARTICLE, SITE)
                if visit == 8 and number % SELDOM == 0:
                    archive.keep(Failed(task, "not_found", f"{task.url}: 404", at))
                    continue
                page = page_of(number, articles, at, is_edited=visit >= 2 and number % OFTEN == 0)
                archive.keep(Visit(task, page, read(page, by_better=by_better)))
            archive.end_run(0, at)


def tell_sizes(path: Path, articles: int) -> None:
    connection = sqlite3.connect(path)
    sizes: dict[str, int] = {}
    for name, size in connection.execute(SIZES):
        whole = "search_index" if name.startswith("search_index") else name
        sizes[whole] = sizes.get(whole, 0) + size
    total = sum(sizes.values())
    print(f"{articles:,} articles: {total / 1e6:.1f} MB, {total / articles / 1000:.1f} kB an article")
    for name, size in sorted(sizes.items(), key=lambda pair: -pair[1]):
        if size > total / 500:
            print(f"  {name:16} {size / articles / 1000:8.2f} kB an article  {100 * size / total:5.1f} %")
    versions = connection.execute("SELECT cause, count(*) FROM versions GROUP BY 1").fetchall()
    print("  versions:", ", ".join(f"{count:,} {cause}" for cause, count in versions))
    connection.close()


def main() -> None:
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.db"
        live_through(path, articles)
        tell_sizes(path, articles)
        with Archive.open(path, mode=Mode.EXCLUSIVE, scraping=Scraping(alias_key, "2")) as archive:
            archive.start_run("prune", {}, BEGIN)
            gone = prune(archive, [1], BEGIN)
            scrub(archive)
            archive.end_run(0, BEGIN)
        print(f"after one is erased, {gone.rewritten} pages of others written anew:")
        tell_sizes(path, articles - 1)


if __name__ == "__main__":
    main()
