"""Pages that a web archive kept, and pages that someone saved."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import ExchangeError
from archive.exchange.mementos import Memento, as_captured
from archive.exchange.sources import source_of
from archive.merge import merge
from archive.prune import prune
from scraper.models import Headers, Page
from tests.archive.exchange_kit import articles_of, count, take_in
from tests.archive.kit import NOW, open_archive, rows, value
from tests.archive.warc_kit import URL, answer, html, record, write

AT = datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)
WAYBACK = f"https://web.archive.example/web/20120304050607id_/{URL}"
TOLD: Headers = (
    ("Memento-Datetime", "Sun, 04 Mar 2012 05:06:07 GMT"),
    ("Content-Type", "text/html"),
    ("x-archive-orig-last-modified", "Sun, 04 Mar 2012 01:00:00 GMT"),
)
LINK = ("Link", f'<https://t.example/x>; rel="timemap", <{URL}>; rel="first original"')


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (WAYBACK, TOLD),
        (WAYBACK, ()),
        (WAYBACK.replace("id_/https://", "/https:/"), ()),
        ("https://arquivo.example/noFrame/replay/20120304050607id_/" + URL, ()),
        ("https://memento.example/abc", (*TOLD, LINK)),
    ],
)
def test_a_memento_is_the_newspapers_page_at_the_time_of_its_capture(url: str, headers: Headers) -> None:
    page, memento = as_captured(Page(url, url, 200, headers, b"<p>", NOW, server_address="207.241.1.1:443"))

    assert (page.url, page.requested_url, page.fetched_at, page.server_address) == (URL, URL, AT, None)
    assert memento == Memento(url, NOW)
    assert ("last-modified", "Sun, 04 Mar 2012 01:00:00 GMT") in page.headers or headers != TOLD


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (URL, ()),
        ("https://bao.vn/web/2012/https://x.vn/", ()),
        ("https://bao.vn/web/20129999999999id_/https://x.vn/", ()),
        ("https://memento.example/abc", TOLD),  # it does not say whose it is
        (URL, (("Memento-Datetime", "once"), LINK)),
    ],
)
def test_other_pages_are_themselves(url: str, headers: Headers) -> None:
    page = Page(url, url, 200, headers, b"<p>", NOW)

    assert as_captured(page) == (page, None)


def test_the_three_facts_of_a_memento_are_kept_apart_merged_and_erased(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    file = write(tmp_path / "pages.warc", record("response", answer(html()), WAYBACK, "2024-05-06T07:08:09Z"))

    take_in(path, file)
    take_in(path, file)
    with open_archive(other) as archive:
        archive.start_run("merge", {}, NOW)
        merge(archive, path)
        merge(archive, path)
        archive.end_run(0, NOW)

    for each in (path, other):
        facts = "SELECT c.url, c.fetched_at, m.url, m.fetched_at FROM mementos m JOIN captures c ON c.id = m.capture_id"
        kept = (URL, "2012-03-04T05:06:07.000000Z", WAYBACK, "2024-05-06T07:08:09.000000Z")
        assert rows(each, facts) == [kept]
        assert articles_of(each)[URL]["first_seen_at"] == "2012-03-04T05:06:07Z"
    with open_archive(other) as archive:
        archive.start_run("prune", {}, NOW)
        prune(archive, [1], NOW)
        archive.end_run(0, NOW)
    assert count(other, "mementos") == 0


def test_a_saved_page_was_there_when_its_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    bare = write(tmp_path / "bare.html", html())
    with_head = write(tmp_path / "head.html", answer(html("Tin khác"), "X-Test: đường", "Content-Encoding: gzip"))
    memento = write(tmp_path / "memento.html", answer(html("Tin cũ")))
    for file in (bare, with_head, memento):
        os.utime(file, (NOW.timestamp(), NOW.timestamp()))

    take_in(path, bare, url=URL)
    take_in(path, with_head, url=f"{URL}?2")
    take_in(path, memento, url=WAYBACK.replace("100200", "100300"))

    found = "SELECT title, c.fetched_at FROM versions v JOIN captures c ON c.id = v.capture_id ORDER BY v.id"
    assert rows(path, found) == [
        ("Thành phố mở đường Lê Duẩn", "2026-03-01T08:00:00.000000Z"),
        ("Tin khác", "2026-03-01T08:00:00.000000Z"),
        ("Tin cũ", "2012-03-04T05:06:07.000000Z"),
    ]
    assert "X-Test" in value(path, "SELECT headers FROM captures WHERE url LIKE '%?2'")


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"GIF8", b"\x1f\x8b\x08\x00\xff", b"plain words"])
def test_a_file_that_is_nothing_to_import_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    file = write(tmp_path / "what.bin", content)

    with pytest.raises(ExchangeError, match="is no WARC"):
        source_of(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="No such file"):
        source_of(tmp_path / "none.warc")
