"""Verify names what is damaged, and roots prove that nothing was changed by hand: F53 to F56.

LUUBAO_FLIPS sets how many single bits are flipped: 1,000 for the proof, few here.
"""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from archive import snapshots
from archive.errors import ArchiveDamaged, QueryError
from archive.schema_1 import COLUMNS, TAKE_OUT
from archive.verify import Report, Scope, verify
from scraper.models import Kind, Role, Task, Visit
from tests.archive.kit import NOW, SITE, article_of, open_archive, page_of, rows, url_of, value, visit_of

FLIPS = int(os.environ.get("LUUBAO_FLIPS", "40"))
FRAME = b"<nav>" + b"".join(b"<a href='/muc-%d'>Muc %d</a>" % (n, n * n) for n in range(150)) + b"</nav>"


def keep_some(path: Path, number: int = 40, *, edited: int = 5) -> None:
    """Keep pages enough that some stand alone, some lean on a page, some on a dictionary, some on a version before."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {"targets": [SITE]}, NOW)
        for n in range(number):
            archive.keep(framed_visit(n))
        for n in range(0, edited * 8, 8):
            archive.keep(framed_visit(n, said=" Tin đã sửa.", hours=1))
        archive.end_run(0, NOW + timedelta(hours=2))


def framed_visit(number: int, *, said: str = "", hours: int = 0) -> Visit:
    visit = visit_of(url_of(number), f"Tin số {number} về đường phố.{said}\n\n" + "Chữ nghĩa. " * 40)
    page = page_of(url_of(number), FRAME + visit.page.body, at=NOW + timedelta(hours=hours))
    return Visit(visit.task, page, visit.article, ())


def change(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql, values)


def named(report: Report) -> set[tuple[str, int | None]]:
    return {(fault.table, fault.row_id) for fault in report.faults}


def test_a_whole_archive_has_no_fault(path: Path) -> None:
    keep_some(path)

    report = verify(path)

    assert report.faults == []
    assert report.pages_checked == report.counts["snapshots"] == 45
    assert report.unsealed == 0


def test_pages_lean_in_every_way_and_no_chain_is_longer_than_one(path: Path) -> None:
    keep_some(path)

    assert value(path, "SELECT count(*) FROM dictionaries") == 1
    assert value(path, "SELECT count(*) FROM snapshots WHERE dictionary_id IS NOT NULL") >= 5
    assert value(path, "SELECT count(*) FROM snapshots WHERE base_id IS NOT NULL") >= 30
    chained = "SELECT count(*) FROM snapshots s JOIN snapshots b ON b.id = s.base_id WHERE b.base_id IS NOT NULL"
    assert value(path, chained) == 0


def test_an_edited_page_takes_hardly_any_room(path: Path) -> None:
    keep_some(path, 1, edited=1)

    first, second = (row[0] for row in rows(path, "SELECT length(data) FROM snapshots ORDER BY id"))
    length = value(path, "SELECT max(length) FROM snapshots")
    assert second < 0.02 * length
    assert first < length


def test_f54_a_flipped_bit_in_a_stored_page_is_named_with_its_row(path: Path) -> None:
    keep_some(path)
    rng = random.Random(54)  # noqa: S311 -- any bits will do
    stored = [("snapshots", *row) for row in rows(path, "SELECT id, data FROM snapshots")]
    stored += [("dictionaries", *row) for row in rows(path, "SELECT id, data FROM dictionaries")]

    for _ in range(FLIPS):
        table, row_id, data = rng.choice(stored)
        bit = rng.randrange(8 * len(data))
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        change(path, f"UPDATE {table} SET data = ? WHERE id = ?", bytes(flipped), row_id)  # noqa: S608 -- one of two

        assert (table, row_id) in named(verify(path)), (table, row_id, bit)
        change(path, f"UPDATE {table} SET data = ? WHERE id = ?", data, row_id)  # noqa: S608 -- as above


def test_f55_a_stored_bomb_is_not_unpacked(path: Path) -> None:
    keep_some(path, 2, edited=0)
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(500_000_000))
    change(path, "UPDATE snapshots SET data = ? WHERE id = 1", bomb)
    change(path, "UPDATE snapshots SET data = ?, length = 500000000 WHERE id = 2", bomb)

    assert {("snapshots", 1), ("snapshots", 2)} <= named(verify(path))


def test_f55_a_circle_of_pages_is_refused(path: Path) -> None:
    keep_some(path, 3, edited=0)
    change(path, "UPDATE snapshots SET base_id = 2 WHERE id = 1")

    with open_archive(path) as archive, pytest.raises(ArchiveDamaged):
        snapshots.get(archive.connection, 3)
    assert ("snapshots", 3) in named(verify(path)) or ("snapshots", 2) in named(verify(path))


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE versions SET body = body || ' Thêm một câu.' WHERE id = 3", "versions"),
        ("UPDATE captures SET fetched_at = '2020-01-01T00:00:00.000000Z' WHERE id = 3", "captures"),
        ("UPDATE captures SET headers = '[]' WHERE id = 3", "captures"),
        ("UPDATE images SET caption = 'khác' WHERE version_id = 3", "versions"),
        ("DELETE FROM links WHERE version_id = 3", "versions"),
        ("UPDATE runs SET arguments = '{}'", "runs"),
        ("DELETE FROM seals WHERE row_id = 3 AND kind = 'version'", "runs"),
        ("DELETE FROM versions WHERE id = 1", "versions"),
    ],
)
def test_f56_a_row_changed_by_hand_does_not_come_to_the_root(path: Path, sql: str, table: str) -> None:
    keep_some(path, 10, edited=1)
    root = verify(path).root

    change(path, sql)

    assert table in {fault.table for fault in verify(path, Scope(against=root)).faults}


def test_f56_who_forges_the_whole_chain_has_another_root(path: Path) -> None:
    keep_some(path, 3, edited=0)
    root = verify(path).root
    change(path, "UPDATE runs SET root = zeroblob(32)")

    assert ("runs", None) in named(verify(path, Scope(against=root)))


def test_a_root_holds_when_later_runs_have_added_more(path: Path) -> None:
    keep_some(path, 3, edited=0)
    root = verify(path).root
    keep_some(path, 12, edited=1)

    report = verify(path, Scope(against=root))

    assert report.faults == []
    assert report.root != root


def test_listings_that_are_visited_again_leave_the_roots_as_they_are(path: Path) -> None:
    for hours in range(4):
        with open_archive(path) as archive:
            archive.start_run("crawl", {}, NOW)
            listed = Task("https://bao.example.vn/", Role.LISTING, SITE)
            page = page_of(listed.url, b"<p>%d" % hours * 40, at=NOW + timedelta(hours=hours))
            archive.keep(Visit(listed, page, None, ()))
            article = article_of(url_of(1), f"Danh sách {hours}", kind=Kind.LISTING)
            page = page_of(url_of(1), b"<i>%d" % hours * 40, at=page.fetched_at)
            archive.keep(Visit(Task(url_of(1), Role.ARTICLE, SITE), page, article, ()))
            archive.end_run(0, NOW + timedelta(hours=hours))

    assert verify(path).faults == []


def test_verify_notices_an_article_that_the_index_does_not_have(path: Path) -> None:
    keep_some(path, 5, edited=0)
    change(path, "INSERT INTO search_index(search_index) VALUES ('delete-all')")

    assert ("search_index", 5) in named(verify(path))


def test_verify_notices_words_with_a_stroked_d_that_the_index_does_not_find(path: Path) -> None:
    keep_some(path, 5, edited=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"{TAKE_OUT} WHERE id = 5")
        words = ("Pho sa", "khong co chu ay", "", "", "")
        marks = ", ".join("?" for _ in range(1 + 2 * len(words)))
        connection.execute(f"INSERT INTO search_index(rowid, {COLUMNS}) VALUES ({marks})", (5, *words, *words))  # noqa: S608 -- constants

    told = [str(fault) for fault in verify(path).faults]

    assert any("search_index 5: does not find" in text and "đ" in text for text in told), told


def test_how_much_is_checked_is_as_asked(path: Path) -> None:
    keep_some(path, 10, edited=0)
    change(path, "UPDATE snapshots SET data = zeroblob(length(data)) WHERE id = 7")

    quick, some, everything = (
        verify(path, scope) for scope in (Scope(is_quick=True), Scope(sample=3), Scope(sample=99))
    )

    assert (quick.pages_checked, some.pages_checked, everything.pages_checked) == (0, 3, 10)
    assert quick.faults == []
    assert named(everything) == {("snapshots", 7)}


def test_what_is_no_root_is_told(path: Path) -> None:
    keep_some(path, 1, edited=0)

    with pytest.raises(QueryError):
        verify(path, Scope(against="abc"))


def test_a_page_of_zeros_in_the_file_is_a_fault_and_no_crash(path: Path) -> None:
    keep_some(path)
    with path.open("r+b") as file:
        for page in range(8, path.stat().st_size // 4096, 7):
            file.seek(page * 4096)
            file.write(bytes(4096))

    assert verify(path).faults
