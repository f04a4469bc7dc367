"""Feeds: what they tell, of which articles, and that readers of feeds understand them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web.atom import NAMESPACE, Entry, Feed, written
from scraper.models import Failed, Role, Task
from tests.archive.kit import NOW, open_archive, page_of, url_of
from tests.archive.web.served import Served, serving
from tests.archive.web.stories import EDITED, HOSTILE, QUIET, keep_stories, stories, visit

ATOM = {"a": NAMESPACE}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an archive in which a text was edited, a title changed, and a page taken down."""
    path = tmp_path_factory.mktemp("feeds") / "archive.db"
    keep_stories(path)
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW + timedelta(days=2))
        quiet = stories()[QUIET - 1].article
        assert quiet is not None
        sold = visit(replace(quiet, title="Bán cá ở chợ"), "bao")
        archive.keep(replace(sold, page=replace(sold.page, fetched_at=NOW + timedelta(days=2))))
        for day in (3, 4, 5):
            gone = replace(page_of(url_of(3), b"<h1>404</h1>", status=404), fetched_at=NOW + timedelta(days=day))
            task = Task(url_of(3), Role.ARTICLE, "bao")
            archive.keep(Failed(task, "not_found", "404", NOW + timedelta(days=day), gone))
        archive.end_run(0, NOW + timedelta(days=5))
    with serving(path) as served:
        yield served


def read(served: Served, address: str, language: str = "en") -> Any:
    """Return a feed as a reader of feeds has it."""
    answer = served.get(address, language=language)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    ET.fromstring(answer.content)  # noqa: S314 -- our own
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    return feed


def test_what_is_new_is_told_last_kept_first_with_its_page_and_its_source(told: Served) -> None:
    feed = read(told, "/feed/new.atom")

    assert feed.feed.title == "luubao: new articles"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [f"{told.origin}/feed/new.atom"]
    assert [int(entry.link.rpartition("/")[2]) for entry in feed.entries] == [4, HOSTILE, EDITED]
    road = feed.entries[-1]
    assert road.title == "Thành phố mở đường Lê Duẩn"
    assert road.published == "2023-03-29T05:23:00+07:00"
    assert road.updated == "2026-03-01T08:04:00Z"
    assert [author.name for author in road.authors] == ["Đỗ Thị Hòa", "K. Hằng"]
    assert [link.href for link in road.links if link.rel == "via"] == [url_of(1)]
    assert road.tags[0].term == "Thời sự"


def test_what_was_edited_or_taken_down_is_told_the_latest_first(told: Served) -> None:
    feed = read(told, "/feed/changes.atom")

    assert [entry.tags[0].term for entry in feed.entries] == ["removed", "title-changed", "edited"]
    removed, title, edited = feed.entries
    assert removed.title.startswith("Taken down: Tựa")
    assert title.summary == "Bán cá → Bán cá ở chợ"
    assert title.link == f"{told.origin}/article/4/changes?from=1&to=2"
    assert "words came" in edited.summary
    assert edited.link == f"{told.origin}/article/1/changes?from=1&to=2"


@pytest.mark.parametrize(
    ("query", "new", "changed"),
    [
        ("q=duong", [1], [1]),
        ("q=%C4%91%C6%B0%E1%BB%9Dng&exact=1", [1], [1]),
        ("q=ca", [4, 1], [4, 1]),
        ("site=bao-khac", [2], []),
        ("section=Kinh+t%E1%BA%BF", [4], [4]),
        ("q=kh%C3%B4ng-c%C3%B3-ch%E1%BB%AF-n%C3%A0y", [], []),
    ],
)
def test_a_feed_is_of_what_the_search_finds(told: Served, query: str, new: list[int], changed: list[int]) -> None:
    found = [read(told, f"/feed/{name}.atom?{query}") for name in ("new", "changes")]

    numbers = [[int(re.findall(r"/article/(\d+)", entry.link)[0]) for entry in feed.entries] for feed in found]
    assert numbers == [new, changed]


def test_ids_are_each_its_own_and_the_same_at_the_next_look_in_another_language(told: Served) -> None:
    for address in ("/feed/new.atom", "/feed/changes.atom?q=ca"):
        first, second = (read(told, address, language) for language in ("en", "vi"))

        ids = [entry.id for entry in first.entries]
        assert ids == [entry.id for entry in second.entries]
        assert len(set(ids)) == len(ids) > 1
        assert all(each.startswith("tag:luubao,2026:") for each in (first.feed.id, *ids))
        assert first.feed.title != second.feed.title


def test_f75_f78_what_a_page_brought_is_text_without_controls(told: Served) -> None:
    text = told.get("/feed/new.atom").text

    hostile = read(told, "/feed/new.atom").entries[1]
    assert "<script>" not in text
    assert "\u202e" not in text
    assert "javascript:" not in text
    assert hostile.title.startswith("Tựa ")


@pytest.mark.parametrize("address", ["/", "/?q=duong&site=bao&page=2", "/article/1", "/health"])
def test_each_page_names_its_feeds_and_a_search_those_of_its_own(told: Served, address: str) -> None:
    page = told.get(address).text

    query = "?q=duong&amp;site=bao" if "q=" in address else ""
    for name in ("new", "changes"):
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', page)
        assert f"/feed/{name}.atom{query}" in found


def test_a_reader_that_has_the_latest_is_told_so(told: Served) -> None:
    first = told.get("/feed/new.atom")
    tag = first.headers["etag"]

    again = told.get("/feed/new.atom", if_none_match=f'"older", W/{tag}')
    others = [
        told.get("/feed/new.atom", if_none_match='"older"'),
        told.get("/feed/new.atom", language="vi", if_none_match=tag),
        told.get("/feed/changes.atom", if_none_match=tag),
        told.get("/", if_none_match="*"),
    ]

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == first.headers["vary"]
    assert [answer.status_code for answer in others] == [200] * 4


def test_a_feed_that_cannot_be_asked_so_is_told(told: Served) -> None:
    assert told.get("/feed/new.atom?month=2023-13").status_code == 400


@given(st.text(max_size=60), st.text(max_size=30))
def test_f73_whatever_a_text_holds_the_feed_is_xml(text: str, name: str) -> None:
    entry = Entry("tag:x", text, "2026-03-01T08:00:00Z", "http://127.0.0.1/", text, text, text, (name,), name, "vi")

    root = ET.fromstring(written(Feed("tag:y", text, "http://127.0.0.1/", text, "vi", [entry])))  # noqa: S314 -- our own

    assert root.findtext("a:entry/a:updated", namespaces=ATOM) == root.findtext("a:updated", namespaces=ATOM)
