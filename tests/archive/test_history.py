"""Versions and events are the newspaper's; what is ours stands apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import history
from archive.connect import open_reader
from archive.history import CHANGES, Kind
from archive.store import Archive
from scraper.models import Image, Page, Visit
from tests.archive.kit import (
    BODY,
    NOW,
    SCRAPING,
    VIETNAM,
    article_of,
    failed_of,
    open_archive,
    page_of,
    task_of,
    url_of,
    visit_of,
)

MORE = BODY + "\n\nTòa soạn bổ sung một đoạn."


def edit(number: int, hours: float, body: str = BODY, **values: Any) -> Visit:
    return visit_of(url_of(number), body, at=NOW + timedelta(hours=hours), **values)


def gone(archive: Archive, number: int, *hours: float) -> None:
    for each in hours:
        archive.keep(failed_of(url_of(number), "not_found", at=NOW + timedelta(hours=each)))


@pytest.fixture
def life(path: Path) -> Path:
    """Keep what one article goes through in a week, and two others beside it."""
    with open_archive(path) as archive:
        for number in (1, 2, 3):
            archive.keep(edit(number, 0, body=f"{BODY} {number}"))
        archive.keep(edit(1, 1, body=f"{BODY} 1", title="Tựa khác"))
        later = datetime(2023, 3, 29, 9, 0, tzinfo=VIETNAM)
        archive.keep(edit(1, 2, title="Tựa thứ ba", body=MORE, published_at=later, images=(), authors=("A", "B")))
        gone(archive, 1, 10, 20)
        archive.keep(edit(1, 21, title="Tựa thứ ba", body=MORE, published_at=later, images=(), authors=("A", "B")))
        gone(archive, 2, 30, 40, 60)
        archive.keep(edit(2, 70, body=f"{BODY} 2"))
    better = replace(SCRAPING, reader_version="2", reread=lambda page: article_of(page.url, BODY, section="Mới"))
    with open_archive(path, better) as archive:
        archive.keep(edit(3, 80, body=BODY, section="Mới"))
    return path


@pytest.fixture
def connection(life: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(life)) as opened:
        yield opened


def told(connection: sqlite3.Connection, article_id: int) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [(each["kind"], each["version"], tuple(each["fields"])) for each in history.log(connection, article_id)]


def test_a_log_tells_all_that_happened_in_order(connection: sqlite3.Connection) -> None:
    assert told(connection, 1) == [
        ("created", 1, ()),
        ("title-changed", 2, ("title",)),
        ("title-changed", 3, ("title",)),
        ("date-changed", 3, ("published_at",)),
        ("edited", 3, ("body", "authors", "images")),
        ("missing", None, ()),
        ("restored", None, ()),
    ]
    assert [each[0] for each in told(connection, 2)] == ["created", "missing", "removed", "restored"]


def test_what_changed_stands_beside_each_event(connection: sqlite3.Connection) -> None:
    by_kind = {(each["kind"], each["version"]): each for each in history.log(connection, 1)}

    title, date, edited = by_kind["title-changed", 3], by_kind["date-changed", 3], by_kind["edited", 3]
    assert (title["before"], title["after"]) == ("Tựa khác", "Tựa thứ ba")
    assert (date["before"], date["after"]) == ("2023-03-29T05:23:00+07:00", "2023-03-29T09:00:00+07:00")
    assert (edited["words_added"], edited["words_removed"]) == (6, 1)
    assert by_kind["missing", None]["after"] == "not_found"


def test_what_a_better_reader_finds_is_ours_and_no_change_of_the_newspaper(connection: sqlite3.Connection) -> None:
    reread = history.log(connection, 3)[-1]

    assert (reread["kind"], reread["is_ours"], reread["fields"]) == ("re-read", True, ["body", "section"])
    assert reread["reader_version"] == "2"
    assert {each["article_id"] for each in history.changes(connection)} == {1, 2}


def test_changes_come_latest_first_and_a_page_that_was_only_missing_never_left(connection: sqlite3.Connection) -> None:
    found = list(history.changes(connection))

    assert [(each["article_id"], each["kind"]) for each in found] == [
        (2, "restored"),
        (2, "removed"),
        (1, "title-changed"),
        (1, "date-changed"),
        (1, "edited"),
        (1, "title-changed"),
    ]
    assert [each["happened_at"] for each in found] == sorted((each["happened_at"] for each in found), reverse=True)


def test_changes_are_narrowed_by_time_site_and_kind(connection: sqlite3.Connection) -> None:
    def kinds(**narrowed: Any) -> list[str]:
        return [each["kind"] for each in history.changes(connection, **narrowed)]

    assert kinds(since=NOW + timedelta(hours=61)) == ["restored"]
    assert kinds(sites=["khac"]) == []
    assert kinds(sites=["bao"], kinds=(Kind.TITLE_CHANGED,)) == ["title-changed", "title-changed"]
    assert kinds(limit=2) == ["restored", "removed"]
    assert len(kinds(kinds=CHANGES)) == 6


def test_a_moved_article_tells_its_new_address(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(edit(1, 0))
        answer: Page = page_of(url_of(1), status=301, at=NOW + timedelta(hours=1))
        page = page_of(url_of(9), at=answer.fetched_at, requested_url=url_of(1), redirects=(answer,))
        archive.keep(Visit(task_of(url_of(1)), page, article_of(url_of(9))))

    with closing(open_reader(path)) as connection:
        (moved,) = history.changes(connection)

    assert (moved["kind"], moved["after"], moved["url"]) == ("moved", url_of(9), url_of(9))


def test_a_query_in_the_address_of_a_picture_is_no_change_that_is_told(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(edit(1, 0, images=(Image("https://anh.example.vn/a.jpg?v=1", "Một"),)))
        archive.keep(edit(1, 1, images=(Image("https://anh.example.vn/a.jpg?v=2", "Hai"),), title="Khác"))
        archive.keep(edit(1, 2, images=(Image("https://anh.example.vn/a.jpg?v=3", "Hai"),), title="Khác nữa"))

    with closing(open_reader(path)) as connection:
        assert [each["kind"] for each in history.log(connection, 1)] == [
            "created",
            "title-changed",
            "edited",
            "title-changed",
        ]


def test_edits_view_shows_a_title_beside_the_one_before(connection: sqlite3.Connection) -> None:
    sql = "SELECT title_before, title FROM edits_view WHERE cause = 'edited' AND title IS NOT title_before"

    assert [tuple(row) for row in connection.execute(sql)] == [
        ("Thành phố mở đường Lê Duẩn", "Tựa khác"),
        ("Tựa khác", "Tựa thứ ba"),
    ]
