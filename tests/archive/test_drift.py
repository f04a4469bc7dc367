"""What is told of fields that come less often than they did, and what is left untold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import drift
from archive.drift import FALL, LEAST, of_site
from archive.scraping import Scraping
from scraper.models import Provenance
from scraper.urls import alias_key
from tests.archive.kit import NOW, SITE, open_archive, url_of, visit_of

LEAD = Provenance("html:h2.sapo")
META = Provenance("meta:description")
TITLE = Provenance("html:h1")


def keep(path: Path, count: int, *, start: int = 0, version: str = "1", **sources: Provenance) -> None:
    """Keep so many articles whose title, and the fields named, came from these candidates."""
    with open_archive(path, Scraping(key=alias_key, reader_version=version)) as archive:
        for number in range(start, start + count):
            values: dict[str, Any] = {"provenance": {"title": TITLE, **sources}, "body": f"Bài số {number}."}
            archive.keep(visit_of(url_of(number), at=NOW + timedelta(minutes=number), **values))


def found(path: Path, latest: int = LEAST) -> list[tuple[str, str]]:
    with open_archive(path) as archive:
        return [(fall.field, fall.what) for fall in of_site(archive.connection, SITE, latest=latest)]


def test_a_field_that_is_filled_no_more_is_told_with_its_shares(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", 40, lead=LEAD)
    keep(tmp_path / "a.db", 20, start=40)

    with open_archive(tmp_path / "a.db") as archive:
        (fall,) = of_site(archive.connection, SITE)

    assert (fall.site, fall.field, fall.what, fall.candidate) == (SITE, "lead", "filled", "html:h2.sapo")
    assert (fall.share_before, fall.share_now) == (1.0, 0.0)
    assert (fall.articles_before, fall.articles_now) == (40, 20)


def test_a_field_that_another_candidate_gives_now_is_told_with_both(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", 40, lead=LEAD)
    keep(tmp_path / "a.db", 20, start=40, lead=META)

    with open_archive(tmp_path / "a.db") as archive:
        (fall,) = of_site(archive.connection, SITE)

    assert (fall.field, fall.what) == ("lead", "candidate")
    assert (fall.candidate, fall.candidate_now) == ("html:h2.sapo", "meta:description")


def test_what_stayed_as_it_was_is_not_told(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", 80, lead=LEAD)

    assert found(tmp_path / "a.db") == []


def test_a_few_articles_tell_nothing(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", LEAST - 1, lead=LEAD)
    keep(tmp_path / "a.db", LEAST, start=LEAST - 1)

    assert found(tmp_path / "a.db") == []


def test_articles_read_by_another_version_of_the_reader_are_not_compared(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", 40, lead=LEAD)
    keep(tmp_path / "a.db", 30, start=40, version="2")

    assert found(tmp_path / "a.db") == []


def test_a_label_in_the_words_of_the_page_is_one_candidate_however_it_reads(tmp_path: Path) -> None:
    keep(tmp_path / "a.db", 40, related=Provenance("label:Tin liên quan"))
    keep(tmp_path / "a.db", 20, start=40, related=Provenance("label:Xem thêm"))

    assert found(tmp_path / "a.db") == []


@pytest.mark.parametrize(
    ("before", "now", "is_told"),
    [
        (1.0, 0.65, True),
        (1.0, 0.75, False),  # a fall of less than FALL
        (0.5, 0.2, False),  # chance does that now and then in twenty articles
        (0.0, 0.0, False),
        (0.4, 1.0, False),  # a rise
    ],
)
def test_a_fall_is_told_where_it_is_wide_and_no_chance(before: float, now: float, is_told: bool) -> None:  # noqa: FBT001 -- a table
    assert FALL == 0.3

    earlier = drift.measured([{"lead": "html:p"}] * round(200 * before) + [{}] * round(200 * (1 - before)))
    later = drift.measured([{"lead": "html:p"}] * round(20 * now) + [{}] * round(20 * (1 - now)))

    assert bool(drift.falls(SITE, earlier, later)) is is_told


def test_the_last_articles_are_found_without_a_walk_through_the_archive(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db") as archive:
        plan = archive.connection.execute(
            f"EXPLAIN QUERY PLAN {drift._LATEST}",
            {"site": SITE, "limit": 220},
        ).fetchall()

    steps = " ".join(str(row[3]) for row in plan)
    assert "articles_latest" in steps
    assert "SCAN" not in steps
    assert "TEMP B-TREE" not in steps
