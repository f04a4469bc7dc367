"""The counts beside a list are those of the articles that are there, whatever befell them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive.connect import reading
from archive.facets import Counted, facets
from archive.merge import merge
from archive.prune import prune
from archive.queries import Filters, count_articles, list_articles
from archive.store import Archive
from archive.words import understand
from tests.archive.generated import visits
from tests.archive.kit import NOW, open_archive, rows, url_of, visit_of

ANEW = "SELECT facet, site, value, count(DISTINCT id) FROM facet_values GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
KEPT = "SELECT * FROM facet_counts ORDER BY 1, 2, 3"
LATER = NOW + timedelta(days=3)


def test_counts_follow_what_is_kept_edited_merged_and_erased(archive: Archive, tmp_path: Path) -> None:
    for number in range(1, 6):
        archive.keep(visit_of(url_of(number), f"Bài số {number} của báo. " * 30, section=f"Mục {number % 2}"))
    archive.keep(visit_of(url_of(1), "Nay đã khác. " * 30, at=LATER, section="Mục 1", authors=("An", "Bình", "An")))
    archive.keep(visit_of(url_of(2), "Nay đã khác nữa. " * 30, at=LATER, section=None, authors=()))
    archive.connection.execute("UPDATE articles SET kind = 'other' WHERE id = 3")
    with open_archive(tmp_path / "other.db") as other:
        other.keep(visit_of(url_of(9), "Từ kho khác. " * 30, authors=("Cúc",), published_at=date(2024, 5, 6)))
    archive.start_run("merge", {}, LATER)
    merge(archive, tmp_path / "other.db")
    archive.end_run(0, LATER)
    before_erasure = rows(archive, KEPT)

    prune(archive, [1], now=LATER)

    assert ("author", "bao", "An", 1) in before_erasure
    assert ("month", "bao", "2024-05", 1) in before_erasure
    assert ("section", "bao", "Mục 1", 2) in before_erasure
    assert rows(archive, KEPT) == rows(archive, ANEW)
    assert not [row for row in rows(archive, KEPT) if row[2] in {"An", "Bình"}]


def test_what_is_counted_already_and_what_is_counted_anew_are_one(archive: Archive) -> None:
    for visit in visits(60, words=30, is_light=True):
        archive.keep(visit)

    for filters in (Filters(), Filters(sites=("bao1", "bao2"))):
        already = facets(archive.connection, None, filters)
        anew = facets(archive.connection, understand("duan"), filters)

        assert already == anew
    assert already.articles == 24
    assert already.by["site"] == [Counted("bao1", 12), Counted("bao2", 12)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(author="An"), 60),
        (Filters(author="an"), 0),
        (Filters(author='"'), 0),
        (Filters(section="Mục 3"), 9),
        (Filters(since=date(2999, 1, 1)), 0),
        (Filters(until=date(9999, 12, 31), since=date(1, 1, 1)), 60),
    ],
)
def test_filters_are_counted_as_they_are_listed(archive: Archive, filters: Filters, expected: int) -> None:
    for visit in visits(60, words=30, is_light=True):
        archive.keep(visit)

    assert facets(archive.connection, None, filters).articles == expected
    assert count_articles(archive.connection, filters) == expected


def test_a_day_at_the_edge_of_the_clock_is_found_by_its_local_date(archive: Archive, path: Path) -> None:
    for number, hours in enumerate((-23, -14, 0, 14, 23), 1):
        at = datetime(2023, 3, 29, 5, 23, tzinfo=timezone(timedelta(hours=hours)))
        archive.keep(visit_of(url_of(number), f"Giờ {hours}. " * 30, published_at=at))

    with reading(path) as connection:
        found = list_articles(connection, Filters(since=date(2023, 3, 29), until=date(2023, 3, 29)))

    assert len(found) == 5


def test_only_the_latest_are_looked_at_where_very_many_have_the_words(archive: Archive) -> None:
    for visit in visits(12, words=60, is_light=True):
        archive.keep(visit)

    some = facets(archive.connection, understand("duan"), most=5)
    every = facets(archive.connection, understand("duan"), most=12)

    assert (some.articles, some.is_whole) == (5, False)
    assert some.by["month"] == [Counted("2024-01", 5)]
    assert (every.articles, every.is_whole) == (12, True)
