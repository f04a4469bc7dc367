"""Pages read again: exactly what reads otherwise is told and kept, as ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.queries import Filters
from archive.reread_report import Report
from archive.rereading import Read, Rewriting, choose, reread
from archive.scraping import Scraping
from archive.store import Archive
from archive.verify import Scope, verify
from scraper import sites
from scraper.errors import ParserCrash, ScraperError
from scraper.models import Article, Page, Role, Task, Visit
from scraper.reader import parse
from scraper.sites import Site
from scraper.urls import alias_key
from scraper.workers import Readers, WorkerLimits
from tests.archive.kit import NOW, open_archive, page_of, rows, value
from tests.worker_deeds import crash_on_request

HEAD = 'id = "lang"\nname = "Báo Làng"\nhome = "https://baolang.vn/"\nhosts = ["baolang.vn"]\n[fields]\n'
OLD_RULES = """
authors = ".but-danh"
lead = ".sapo"
body = "#b"
"""
NEW_RULES = """
authors = [".nguoi-viet", ".but-danh"]
lead = ".sapo"
body = "#b"
section = { css = ".muc", valid_from = 2026-01-01 }
"""
LONG = "Tiếng trống gọi cả làng ra đình từ tờ mờ sáng, ai cũng mang theo một nắm lá chè và một chén nước giếng trong."
PAGES, SIGNED, EARLY = 20, 7, 4
"""Articles; those with a second byline; those fetched before the rule for the section holds."""


def url_of(number: int) -> str:
    return f"https://baolang.vn/hoi-lang-{100_000 + number}.html"


def html_of(number: int) -> bytes:
    signed = '<i class="nguoi-viet">Trần Thị Bình</i>' if number < SIGNED else ""
    return f"""<html lang="vi"><head><title>Hội làng thứ {number} mở sớm hơn mọi năm - Báo Làng</title></head><body>
<h1>Hội làng thứ {number} mở sớm hơn mọi năm</h1><b class="muc">Đất và người</b><em class="but-danh">Lê Văn An</em>
{signed}<p class="sapo">Năm nay làng {number} vào hội từ mồng sáu.</p>
<div id="b"><p>{LONG}</p><p>{LONG} {number}</p></div></body></html>""".encode()


def site_of(folder: Path, rules: str) -> Site:
    path = folder / "lang.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    return sites.load(path)


def scraping_by(site: Site) -> Scraping:
    return Scraping(alias_key, "1", lambda _url: site.rules_hash)


def reading_by(site: Site) -> Read:
    def read(pages: Iterable[Page]) -> Iterator[Article | ScraperError]:
        for page in pages:
            yield parse(page.body, page.url, fetched_at=page.fetched_at, sites=(site,))

    return read


def fetched_at(number: int) -> datetime:
    return datetime(2025, 12, 1, tzinfo=UTC) if number < EARLY else NOW


@pytest.fixture
def kept(path: Path, tmp_path: Path) -> Path:
    """Keep pages as they read by the old rules."""
    site = site_of(tmp_path, OLD_RULES)
    with open_archive(path, scraping_by(site)) as archive:
        archive.start_run("crawl", {}, NOW)
        for number in range(PAGES):
            page = page_of(url_of(number), html_of(number), at=fetched_at(number))
            article = parse(page.body, page.url, fetched_at=page.fetched_at, sites=(site,))
            archive.keep(Visit(Task(page.url, Role.ARTICLE, "baolang.vn"), page, article))
        archive.end_run(0, NOW)
    return path


@pytest.fixture
def site(kept: Path, tmp_path: Path) -> Site:
    assert kept.exists()
    return site_of(tmp_path, NEW_RULES)


def dry_run(path: Path, site: Site, **narrowed: object) -> Report:
    with open_archive(path, scraping_by(site)) as archive:
        chosen = choose(archive.connection, archive.scraping, filters=Filters(**narrowed))  # type: ignore[arg-type]
        return reread(archive.connection, chosen, reading_by(site))


def carry_out(archive: Archive, read: Read, *, is_stale: bool = False, most: int | None = None) -> Report:
    archive.start_run("reparse", {}, NOW)
    chosen = choose(archive.connection, archive.scraping, filters=Filters(), is_stale=is_stale)[:most]
    with Rewriting(archive, lambda: NOW + timedelta(days=1)) as rewriting:
        report = reread(archive.connection, chosen, read, keep=rewriting.keep)
    archive.end_run(0, NOW)
    return report


def test_a_dry_run_after_a_changed_rule_shows_exactly_the_changed_fields(kept: Path, site: Site) -> None:
    before = rows(kept, "SELECT count(*), max(id) FROM versions")

    report = dry_run(kept, site)

    assert {name: field.changed for name, field in report.by_field()} == {
        "authors": SIGNED,
        "section": PAGES - EARLY,
    }
    assert (report.pages, report.changed) == (PAGES, PAGES)
    assert report.fields["section"].come == PAGES - EARLY
    first = report.fields["authors"].examples[0]
    assert (first.article_id, first.before, first.after) == (1, "Lê Văn An", "Trần Thị Bình")
    assert len(report.fields["authors"].examples) == 3
    assert rows(kept, "SELECT count(*), max(id) FROM versions") == before
    assert value(kept, "SELECT count(*) FROM confirmations") == 0


def test_nothing_reads_otherwise_by_the_same_rules(kept: Path, tmp_path: Path) -> None:
    report = dry_run(kept, site_of(tmp_path, OLD_RULES))

    assert (report.pages, report.changed, report.by_field()) == (PAGES, 0, [])


def test_what_reads_otherwise_becomes_a_version_of_ours_and_the_old_one_stays(kept: Path, site: Site) -> None:
    root = verify(kept).root
    with open_archive(kept, scraping_by(site)) as archive:
        carry_out(archive, reading_by(site))

    of_first = "SELECT number, cause, capture_id, authors FROM versions WHERE article_id = 1 ORDER BY number"
    assert rows(kept, of_first) == [(1, "created", 1, '["Lê Văn An"]'), (2, "re-read", 1, '["Trần Thị Bình"]')]
    assert rows(kept, "SELECT max(last_changed_at) FROM articles") == [("2026-03-01T08:00:00Z",)]
    assert rows(kept, "SELECT reread, same, failed FROM runs ORDER BY id DESC LIMIT 1") == [(PAGES, 0, 0)]
    hits = "SELECT count(*) FROM search_index WHERE search_index MATCH 'authors: \"tran thi binh\"'"
    assert value(kept, hits) == SIGNED
    assert verify(kept, Scope(against=root)).faults == []


def test_what_is_stale_gets_less_with_each_page_and_then_is_nothing(kept: Path, tmp_path: Path) -> None:
    rules = site_of(tmp_path, NEW_RULES.replace(".nguoi-viet", ".khong-co").replace("2026-01-01", "2030-01-01"))
    with open_archive(kept, scraping_by(rules)) as archive:
        first = carry_out(archive, reading_by(rules), is_stale=True, most=15)
        second = carry_out(archive, reading_by(rules), is_stale=True)
        third = carry_out(archive, reading_by(rules), is_stale=True)

    assert [report.pages for report in (first, second, third)] == [15, 5, 0]
    assert first.changed == second.changed == 0
    assert value(kept, "SELECT count(*) FROM versions") == PAGES


def test_pages_are_narrowed_by_site_and_day(kept: Path, site: Site) -> None:
    assert dry_run(kept, site, sites=("khac",)).pages == 0
    assert dry_run(kept, site, sites=("baolang.vn",), kinds=()).pages == PAGES


def test_a_body_that_loses_a_fifth_is_counted(kept: Path, tmp_path: Path) -> None:
    shorter = site_of(tmp_path, OLD_RULES.replace('"#b"', '"#b p:first-child"'))

    report = dry_run(kept, shorter)

    assert {"body"} <= set(report.fields)
    assert report.shorter_bodies == PAGES


def test_a_page_that_kills_its_reader_is_named_and_keeps_its_version(kept: Path, site: Site) -> None:
    with open_archive(kept, scraping_by(site)) as archive:
        page = page_of(url_of(99), html_of(99) + b"<!-- crash -->")
        article = replace(parse(page.body, page.url, sites=(site,)), title="Giữ nguyên")
        archive.keep(Visit(Task(page.url, Role.ARTICLE, "baolang.vn"), page, article))
        limits = WorkerLimits(seconds=30)
        with Readers(workers=2, limits=limits, site_files=_files(site), read_page=crash_on_request) as readers:

            def read(pages: Iterable[Page]) -> Iterator[Article | ScraperError]:
                for reading in readers.read_each((Task(page.url, Role.ARTICLE, ""), page) for page in pages):
                    yield reading if isinstance(reading, ScraperError) else reading.article or article

            report = carry_out(archive, read)

    assert [(each.article_id, each.code) for each in report.failed] == [(PAGES + 1, ParserCrash.code)]
    assert report.pages == PAGES
    assert rows(kept, "SELECT title FROM articles_view WHERE id = ?", PAGES + 1) == [("Giữ nguyên",)]
    assert rows(kept, "SELECT url, code FROM failures") == [(url_of(99), ParserCrash.code)]


def _files(site: Site) -> tuple[Path, ...]:
    return (site.path,) if site.path else ()


def test_a_fetch_beside_is_not_overwritten(kept: Path, site: Site) -> None:
    with open_archive(kept, scraping_by(site)) as archive:

        def read(pages: Iterable[Page]) -> Iterator[Article | ScraperError]:
            for number, article in enumerate(reading_by(site)(pages)):
                if number == 0:
                    page = page_of(url_of(0), html_of(0) + b"<p>moi</p>", at=NOW + timedelta(hours=1))
                    newer = replace(parse(page.body, page.url, sites=(site,)), title="Mới hơn")
                    archive.keep(Visit(Task(page.url, Role.ARTICLE, "baolang.vn"), page, newer))
                yield article

        carry_out(archive, read)

    assert rows(kept, "SELECT title FROM articles_view WHERE id = 1") == [("Mới hơn",)]


KILLED = """
import sys
from pathlib import Path
from tests.archive.test_rereading import *
path, folder = map(Path, sys.argv[1:])
site = site_of(folder, NEW_RULES)
with open_archive(path, scraping_by(site)) as archive:
    print("at work", flush=True)
    archive_of = reading_by(site)
    while True:
        carry_out(archive, archive_of, is_stale=True, most=3)
"""


@pytest.mark.faults
def test_f43_a_kill_while_pages_are_read_again_loses_nothing(kept: Path, tmp_path: Path) -> None:
    rounds = int(os.environ.get("LUUBAO_KILL_ROUNDS", "4")) // 4 or 1
    whole = kept.read_bytes()
    site = site_of(tmp_path, NEW_RULES)
    for number in range(rounds):
        with subprocess.Popen([sys.executable, "-c", KILLED, kept, tmp_path], stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(0.02 + 0.05 * (number % 10))
            worker.send_signal(signal.SIGKILL)

        assert verify(kept).faults == []
        assert value(kept, "SELECT count(*) FROM versions WHERE cause = 'created'") == PAGES
        with open_archive(kept, scraping_by(site)) as archive:
            carry_out(archive, reading_by(site), is_stale=True)
        assert value(kept, "SELECT count(*) FROM versions WHERE cause = 're-read'") == PAGES
        for name in (kept, kept.with_name("archive.db-wal"), kept.with_name("archive.db-shm")):
            name.unlink(missing_ok=True)
        kept.write_bytes(whole)
