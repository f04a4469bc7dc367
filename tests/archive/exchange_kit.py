"""What the tests of export and import share: an archive with a history, and ways in and out of one in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.connect import open_reader
from archive.exchange import jsonl, warc_out
from archive.exchange.choice import Choice, Chosen, choose
from archive.exchange.sources import source_of
from archive.queries import Filters, show
from commands.importing import Imported, import_all
from commands.joining import known_sites
from scraper.models import Image, Link, Relation, Rights
from scraper.reading import read_page
from tests.archive.kit import BODY, NOW, failed_of, open_archive, url_of, value, visit_of

DAY = timedelta(days=1)


def keep_history(path: Path) -> None:
    """Keep some articles: one edited twice, one removed and back, one a reprint, one that asks not to be archived."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for number in range(1, 10):
            archive.keep(visit_of(url_of(number), f"{BODY} {number}", title=f"Tin số {number}"))
        archive.keep(visit_of(url_of(10), f"{BODY} 1", published_at=None, images=(), related=()))
        archive.keep(visit_of(url_of(11), title="=HYPERLINK(1)", rights=Rights(robots="noarchive", licence="CC BY")))
        archive.end_run(0, NOW)
        archive.start_run("crawl", {}, NOW + DAY)
        for at, text in ((1, "sửa một lần"), (2, "sửa hai lần")):
            more: dict[str, Any] = {
                "images": (Image(f"https://a.vn/{at}.jpg", None, "Ảnh: B"),),
                "tags": ("cầu", "đường"),
            }
            archive.keep(visit_of(url_of(2), f"{BODY} {text}", at=NOW + at * DAY, **more))
        for at in (1, 2, 3):
            archive.keep(failed_of(url_of(3), "not_found", at=NOW + at * DAY))
        archive.keep(visit_of(url_of(3), f"{BODY} 3", at=NOW + 4 * DAY, title="Tin số 3"))
        archive.keep(visit_of(url_of(4), f"{BODY} 4", at=NOW + 4 * DAY, title="Tin số 4", links=(
            Link("https://khac.vn/", "Khác", Relation.OTHER),)))  # fmt: skip
        archive.end_run(0, NOW + DAY)


@contextmanager
def chosen_of(path: Path, **asked: Any) -> Iterator[Chosen]:
    """Choose articles of an archive; all of them unless told otherwise."""
    filters = asked.pop("filters", Filters(kinds=()))
    with closing(open_reader(path)) as connection:
        yield choose(connection, Choice(filters, **{"with_noarchive": True} | asked))


def no_tick(*_: object) -> None:
    """Say nothing."""


def write_jsonl(path: Path, to: Path, *, with_versions: bool = True) -> Path:
    with chosen_of(path) as chosen:
        to.write_text("".join(jsonl.lines(chosen, no_tick, with_versions=with_versions)), encoding="utf-8")
    return to


def write_warc(path: Path, to: Path, **asked: Any) -> Path:
    with chosen_of(path, **asked) as chosen, to.open("wb") as file:
        warc_out.write(chosen, file, no_tick, software="luubao test")
    return to


def take_in(path: Path, *files: Path, url: str | None = None, said: list[str] | None = None) -> Imported:
    """Import files as the command does, reading pages in this process."""
    sources = [source_of(file, url) for file in files]
    with open_archive(path) as archive:
        archive.start_run("import", {"files": [file.name for file in files]}, NOW + 30 * DAY)
        try:
            return import_all(
                archive,
                sources,
                read=lambda task, page: read_page(page, task),
                known=known_sites(),
                say=(said if said is not None else []).append,
            )
        finally:
            archive.end_run(0, NOW + 30 * DAY)


def articles_of(path: Path, *without: str) -> dict[str, dict[str, Any]]:
    """Return every article whole by its URL, without what is an archive's own: its numbers, and which pages it has."""
    with closing(open_reader(path)) as connection:
        numbers = [row[0] for row in connection.execute("SELECT id FROM articles")]
        whole = [show(connection, str(number)) for number in numbers]
        urls = {article["id"]: article["url"] for article in whole}
    for article in whole:
        article["duplicate_of"] = urls.get(article["duplicate_of"])
        for name in ("id", "snapshot_sha256", *without):
            article.pop(name)
    return {article["url"]: article for article in whole}


def count(path: Path, table: str) -> int:
    return int(value(path, f"SELECT count(*) FROM {table}"))  # noqa: S608 -- a table named by a test


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
