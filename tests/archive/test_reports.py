"""What is known of a run afterwards: when it told, when it was killed, and what is still to be fetched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive import reports
from archive.errors import NotKept
from archive.store import Archive
from scraper.models import Found, Role
from tests.archive.kit import NOW, SITE, failed_of, open_archive, page_of, url_of, visit_of

REPORT = {"seconds": 4.5, "requests": 9, "body_bytes": 1234, "sites": {SITE: {"new": 1}}, "drift": []}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def run_one(archive: Archive) -> int:
    """Keep one article, and fail at five others."""
    run_id = archive.start_run("crawl", {"targets": ["bao"]}, NOW)
    archive.keep(visit_of(url_of(1)))
    for number in range(2, 6):
        archive.keep(failed_of(url_of(number), "not_found", page=page_of(url_of(number), status=404)))
    archive.keep(failed_of(url_of(6), "timeout"))
    return run_id


def test_the_record_has_the_counts_the_report_and_the_failures_by_class(path: Path) -> None:
    with open_archive(path) as archive:
        run_id = run_one(archive)
        with archive.transaction() as connection:
            reports.write(connection, run_id, REPORT)
        archive.end_run(3, NOW)

        record = reports.record(archive.connection, run_id)

    assert (record["new"], record["failed"], record["exit_code"]) == (1, 5, 3)
    assert (record["requests"], record["seconds"], record["sites"]) == (9, 4.5, {SITE: {"new": 1}})
    assert [(one["code"], one["count"], len(one["examples"])) for one in record["failures"]] == [
        ("not_found", 4, 3),
        ("timeout", 1, 1),
    ]
    assert record["failures"][1]["examples"] == [{"url": url_of(6), "message": f"{url_of(6)}: timeout"}]
    assert record["is_whole"] is True


def test_of_a_run_that_was_killed_all_is_known_that_its_pages_left(path: Path) -> None:
    with open_archive(path) as archive:
        run_id = run_one(archive)

        record = reports.record(archive.connection, run_id)

    assert (record["new"], record["failed"], record["ended_at"]) == (1, 5, None)
    assert record["requests"] == 5  # the timeout had no answer
    assert record["body_bytes"] > 0
    assert record["last_fetched_at"].startswith("2026-03-01T08:00")
    assert record["is_whole"] is False


def test_a_run_that_is_none_is_said_to_be_none(path: Path) -> None:
    with open_archive(path) as archive, pytest.raises(NotKept, match="no run 7; luubao runs lists"):
        reports.record(archive.connection, 7)


def test_a_url_that_failed_is_written_once_and_not_if_it_was_had_later(path: Path) -> None:
    with open_archive(path) as archive:
        run_id = run_one(archive)
        archive.keep(failed_of(url_of(6), "timeout", at=NOW + timedelta(minutes=1)))
        archive.keep(visit_of(url_of(3), at=NOW + timedelta(minutes=2)))

        urls = list(reports.failed_urls(archive.connection, run_id))

    assert urls == [url_of(2), url_of(4), url_of(5), url_of(6)]


def test_a_site_last_gave_something_new_when_its_last_article_was_first_seen(path: Path) -> None:
    later = NOW + timedelta(hours=5)
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        archive.keep(visit_of(url_of(2), at=later))
        archive.keep(visit_of(url_of(1), "Một bài đã sửa, dài hơn trước.", at=NOW + timedelta(hours=9)))

        assert reports.latest_new(archive.connection, [SITE, "none"]) == {SITE: later}


def test_the_queue_parts_what_is_due_from_what_comes_later(path: Path) -> None:
    found = tuple(Found(url_of(number), Role.ARTICLE) for number in (10, 11))
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1), found=found))

        waiting = reports.queue(archive.connection, [SITE], NOW + timedelta(minutes=1))

    assert (waiting.due, waiting.later) == (2, 1)  # the article itself is seen again later
    assert waiting.next_at is not None
    assert waiting.next_at > NOW
