"""Plain SQL finds Vietnamese in any tool, and no tool's repair damages the index."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.models import Visit
from tests.archive.kit import BODY, article_of, open_archive, page_of, task_of, url_of, visit_of

SQLITE_UTILS = str(Path(sys.executable).with_name("sqlite-utils"))
FIND = "SELECT rowid FROM search_index WHERE search_index MATCH ?"
CHECK = "INSERT INTO search_index(search_index) VALUES ('integrity-check')"
QUERIES = [
    "đường",
    '"đường Lê Duẩn"',
    "duong",
    "Duong",
    "DƯỜNG",
    "do thi hoa",
    "đỗ",
    "body_folded: duong",
    "title: đường",
]


@pytest.fixture
def kept(path: Path) -> Path:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        archive.keep(visit_of(url_of(2), "Không liên quan.", title="Khác", authors=(), images=()))
    return path


@pytest.fixture
def plain(kept: Path) -> Iterator[sqlite3.Connection]:
    """Open the file as any program does: nothing of ours in between, all settings as SQLite has them."""
    connection = sqlite3.connect(kept)
    yield connection
    connection.close()


@pytest.mark.parametrize("query", QUERIES)
def test_plain_sqlite_finds_both_spellings(plain: sqlite3.Connection, query: str) -> None:
    assert plain.execute(FIND, (query,)).fetchall() == [(1,)]


@pytest.mark.parametrize("query", ["đường", '"đường Lê Duẩn"', "duong"])
@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_sqlite_utils_finds_them_also_after_its_rebuild(kept: Path, query: str, is_rebuilt: bool) -> None:  # noqa: FBT001 -- varied
    if is_rebuilt:
        subprocess.run([SQLITE_UTILS, "rebuild-fts", str(kept)], check=True)

    command = [SQLITE_UTILS, "query", str(kept), FIND.replace("?", ":q"), "-p", "q", query]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert json.loads(found) == [{"rowid": 1}]


def test_the_shell_of_sqlite_finds_them(kept: Path) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("no sqlite3 shell on this machine")

    found = subprocess.run([shell, kept, FIND.replace("?", "'duong'")], capture_output=True, text=True, check=True)

    assert found.stdout == "1\n"


def test_rebuild_and_check_change_nothing(plain: sqlite3.Connection) -> None:
    plain.execute(CHECK)
    before = [plain.execute(FIND, (query,)).fetchall() for query in QUERIES]

    plain.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
    plain.execute(CHECK)

    assert [plain.execute(FIND, (query,)).fetchall() for query in QUERIES] == before


def test_words_of_an_old_version_are_found_no_more(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1), BODY + " Xưakia."))
        archive.keep(visit_of(url_of(1), BODY + " Naymới."))
        found = [archive.connection.execute(FIND, (word,)).fetchall() for word in ("xuakia", "naymoi")]
        archive.connection.execute(CHECK)

    assert found == [[], [(1,)]]


@pytest.mark.parametrize(
    ("change", "lost", "gained"),
    [
        ("UPDATE versions SET title = 'Sửa tay', body = '' WHERE article_id = 1", "bien", "sua"),
        ("UPDATE images SET caption = 'Chợ đêm' WHERE version_id = 1", '"mat duong"', "cho"),
        ("DELETE FROM images WHERE version_id = 1", '"mat duong"', None),
        ("INSERT INTO images VALUES (1, 7, 'http://x/', 'Đò ngang', NULL, NULL)", None, "ngang"),
        ("DELETE FROM articles WHERE id = 1", "duong", None),
    ],
)
def test_the_index_follows_a_change_made_by_hand(
    plain: sqlite3.Connection, change: str, lost: str | None, gained: str | None
) -> None:
    plain.execute("PRAGMA foreign_keys = ON")

    plain.execute(change)
    plain.commit()

    plain.execute(CHECK)
    assert lost is None or plain.execute(FIND, (lost,)).fetchall() == []
    assert gained is None or plain.execute(FIND, (gained,)).fetchall() == [(1,)]


def test_the_stand_in_for_d_with_stroke_is_folded_too(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1), "\u00d0ắc \u00d0oa nói."))  # eth in place of Đ
        archive.keep(visit_of(url_of(2), "Đắc Đoa nói."))
        found = archive.connection.execute(FIND, ('"dac doa"',)).fetchall()

    assert found == [(1,), (2,)]


def test_decomposed_text_is_found_as_composed(path: Path) -> None:
    import unicodedata

    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1), unicodedata.normalize("NFD", BODY)))
        found = archive.connection.execute(FIND, ('"đường Lê Duẩn"',)).fetchall()

    assert found == [(1,)]


def test_a_page_comes_out_with_sqlite_and_zstd_alone(path: Path, tmp_path: Path) -> None:
    shell, zstd = shutil.which("sqlite3"), shutil.which("zstd")
    if shell is None or zstd is None:
        pytest.skip("needs the sqlite3 and zstd commands")
    body = b"<p>" + BODY.encode() * 9
    with open_archive(path) as archive:
        archive.keep(Visit(task_of(url_of(1)), page_of(url_of(1), body), article_of(url_of(1))))

    taken = tmp_path / "page.zst"
    sql = f"SELECT writefile('{taken}', data) FROM snapshots"  # noqa: S608 -- a path of our own
    subprocess.run([shell, path, sql], check=True, capture_output=True)
    unpacked = subprocess.run([zstd, "-d", "-c", taken], check=True, capture_output=True).stdout

    assert unpacked == body


def test_people_can_ask_the_view(plain: sqlite3.Connection) -> None:
    sql = (
        "SELECT title, published_at, published_on, site, json_extract(authors, '$[0]') FROM articles_view WHERE id = 1"
    )

    assert plain.execute(sql).fetchone() == (
        "Thành phố mở đường Lê Duẩn",
        "2023-03-29T05:23:00+07:00",
        "2023-03-29",
        "bao",
        "Đỗ Thị Hòa",
    )
    kinds = plain.execute("SELECT kind FROM changes_view ORDER BY article_id").fetchall()
    assert kinds == [("created",), ("created",)]
