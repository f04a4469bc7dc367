"""How fast kept pages are read again: `python bench/reparse_pages.py [pages] [kilobytes]`; 10,000 of 65 kB if not told.

The pages are those of the generated newspaper of bench/static_paper.py, kept as they read without rules; then the real
command reads them by rules that find another lead, first with --dry-run and then for good.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import tee
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.scraping import Scraping
from archive.store import Archive, Mode
from bench import processor
from bench.static_paper import article as generated
from scraper.models import Page, Role, Task, Visit
from scraper.reader import READER_VERSION
from scraper.reading import read_for_article
from scraper.urls import alias_key
from scraper.workers import Readers

COMMAND = Path(__file__).parents[1] / "cli.py"
NOW = datetime(2025, 7, 1, tzinfo=UTC)
SITE = "bao.example.vn"
RULES = f"""
id = "do"
name = "Báo Đo"
home = "https://{SITE}/"
hosts = ["{SITE}"]
[fields]
lead = ".story-body p"
"""


def pages(number: int, kilobytes: int) -> Iterator[tuple[Task, Page]]:
    headers = (("Content-Type", "text/html"),)
    urls = [f"https://{SITE}/tin-{n}.html" for n in range(number)]
    for n, url in enumerate(urls):
        yield Task(url, Role.ARTICLE, SITE), Page(url, url, 200, headers, generated(n, number, kilobytes), NOW)


def keep(path: Path, number: int, kilobytes: int) -> None:
    scraping = Scraping(key=alias_key, reader_version=READER_VERSION)
    with (
        Archive.open(path, mode=Mode.EXCLUSIVE, scraping=scraping) as archive,
        Readers(read_page=read_for_article) as readers,
    ):
        archive.start_run("bench", {}, NOW)
        here, there = tee(pages(number, kilobytes))
        for reading, (task, page) in zip(readers.read_each(there), here, strict=True):
            archive.keep(Visit(task, page, reading.article, ()))  # type: ignore[union-attr]  # these pages can be read
        archive.end_run(0, NOW)


def reparse(path: Path, folder: Path, *options: str) -> dict[str, Any]:
    environment = os.environ | {"XDG_CONFIG_HOME": str(folder), "LUUBAO_ARCHIVE": str(path)}
    command = [sys.executable, str(COMMAND), "reparse", "--json", *options]
    done, took = processor.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout) | {"seconds": took.clock, "processor": took.processor}


def main() -> None:
    number, kilobytes = (int(each) for each in (sys.argv[1:] + ["10000", "65"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        path, rules = folder / "archive.db", folder / "luubao" / "sites" / "do.toml"
        keep(path, number, kilobytes)
        rules.parent.mkdir(parents=True)
        rules.write_text(RULES, encoding="utf-8")
        print(f"{number:,} pages of {kilobytes} kB, archive {path.stat().st_size / 1e6:.0f} MB")
        for options in (["--dry-run"], [], ["--stale"]):
            done = reparse(path, folder, *options)
            each = 1000 * done["processor"] / number
            fields = {name: field["changed"] for name, field in done["fields"].items()}
            print(
                f"reparse {' '.join(options):10} {done['pages']:,} pages in {done['seconds']:.0f} s: "
                f"{done['pages'] / done['seconds']:.0f}/s, {each:.1f} ms of processor a page; otherwise: {fields}"
            )
        print(f"archive afterwards: {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
