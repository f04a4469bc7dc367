"""What is fetched next, through the real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.store import Archive
from scraper.models import Found, Kind, Role, Task, Visit
from tests.archive.kit import NOW, SITE, failed_of, open_archive, page_of, rows, task_of, url_of, value, visit_of

HOUR = timedelta(hours=1)
FRONT = "https://bao.example.vn/"


def next_url(archive: Archive, now: datetime = NOW, *busy: str, sites: tuple[str, ...] = (SITE,)) -> str | None:
    task = archive.frontier.next_due(now, busy_hosts=frozenset(busy), sites=frozenset(sites))
    return task.url if task else None


def count_due(archive: Archive, now: datetime = NOW) -> int:
    return archive.frontier.count_due(now, sites=frozenset({SITE}))


def listing(*found: Found, at: datetime = NOW, role: Role = Role.LISTING, url: str = FRONT) -> Visit:
    return Visit(task_of(url, role), page_of(url, at=at), found=found)


def found(number: int, modified_at: datetime | None = None) -> Found:
    return Found(url_of(number), Role.ARTICLE, modified_at=modified_at)


def test_a_seed_is_due_at_once_and_taken_once(archive: Archive) -> None:
    archive.frontier.seed([task_of(FRONT, Role.LISTING)], NOW)

    assert count_due(archive) == 1
    assert next_url(archive) == FRONT
    assert next_url(archive) is None


def test_a_section_goes_before_an_article_that_was_named_with_it(archive: Archive) -> None:
    archive.frontier.seed([task_of(url_of(1)), task_of(FRONT, Role.LISTING)], NOW)

    assert [next_url(archive), next_url(archive)] == [FRONT, url_of(1)]


def test_a_task_in_hand_when_the_crawl_dies_is_due_in_the_next(path: Path) -> None:
    with open_archive(path) as archive:
        archive.frontier.seed([task_of(FRONT, Role.LISTING)], NOW)
        assert next_url(archive) == FRONT

    with open_archive(path) as archive:
        assert next_url(archive) == FRONT


def test_a_second_run_fetches_only_what_is_new_or_due(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(listing(found(1), found(2)))

    assert next_url(archive, NOW + timedelta(minutes=5)) == url_of(2)
    assert next_url(archive, NOW + timedelta(minutes=5)) is None
    assert next_url(archive, NOW + 2 * HOUR) == FRONT
    assert next_url(archive, NOW + 2 * HOUR) == url_of(1)


def test_known_listings_go_first_then_news_then_new_listings_then_backlog_then_revisits(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(listing(found(2, NOW - 90 * HOUR), found(3, NOW - HOUR), role=Role.SITEMAP, url=FRONT + "s.xml"))
    archive.keep(listing(Found(FRONT + "muc", Role.LISTING), found(4)))

    later = NOW + 2 * HOUR
    order = [next_url(archive, later) for _ in range(7)]

    assert order == [FRONT + "s.xml", FRONT, url_of(3), url_of(4), FRONT + "muc", url_of(2), url_of(1)]


def test_busy_hosts_and_other_sites_are_passed_over(archive: Archive) -> None:
    archive.frontier.seed(
        [Task("http://a.example/1", Role.ARTICLE, "a"), Task("http://b.example/1", Role.ARTICLE, "b")], NOW
    )

    assert next_url(archive, NOW, "a.example", sites=("a",)) is None
    assert next_url(archive, NOW, "a.example", sites=("a", "b")) == "http://b.example/1"
    assert next_url(archive, NOW, sites=("b",)) is None
    assert next_url(archive, NOW, sites=("a", "b")) == "http://a.example/1"


def test_a_url_is_known_in_every_variant(archive: Archive) -> None:
    archive.frontier.seed([task_of(url_of(1))], NOW)

    assert archive.frontier.is_known("http://www.bao.example.vn/tin-1.html?utm_source=x#top")
    assert not archive.frontier.is_known(url_of(2))


@pytest.mark.parametrize("url", ["", "http://[", "khong phai url", "http://\ud800/", "x" * 9999, "javascript:1"])
def test_f38_junk_urls_break_nothing(archive: Archive, url: str) -> None:
    archive.frontier.seed([task_of(url)], NOW)
    archive.keep(listing(Found(url, Role.ARTICLE), at=NOW))

    assert archive.frontier.is_known(url)
    assert archive.keep(failed_of(url, "bad_url")) == "failed"


def test_seeds_are_made_due_again_whatever_became_of_them(archive: Archive) -> None:
    archive.keep(listing())
    archive.keep(failed_of(url_of(1), "not_html"))
    assert count_due(archive) == 0

    archive.frontier.seed([task_of(FRONT, Role.LISTING), task_of(url_of(1))], NOW)

    assert count_due(archive) == 2


def test_what_an_article_links_to_is_one_deeper_and_a_next_page_is_not(archive: Archive) -> None:
    visit = listing(found(1), Found(FRONT + "trang-2", Role.LISTING, is_next_page=True))
    archive.keep(replace(visit, task=replace(visit.task, depth=3)))

    assert rows(archive, "SELECT url, depth FROM frontier WHERE last_fetched_at IS NULL ORDER BY url") == [
        (url_of(1), 4),
        (FRONT + "trang-2", 3),
    ]


def test_an_article_a_sitemap_says_to_have_changed_becomes_due(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(visit_of(url_of(1), at=NOW + 2 * HOUR))
    assert count_due(archive, NOW + 4 * HOUR) == 0

    archive.keep(listing(found(1, NOW + 3 * HOUR), role=Role.SITEMAP, at=NOW + 4 * HOUR))

    assert next_url(archive, NOW + 4 * HOUR) == url_of(1)


@pytest.mark.parametrize("named_at", [NOW - HOUR, NOW, (NOW - HOUR).replace(tzinfo=None), None])
def test_an_article_a_sitemap_names_with_an_older_date_does_not(archive: Archive, named_at: datetime | None) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(listing(found(1, named_at), role=Role.SITEMAP, at=NOW))

    assert count_due(archive, NOW + timedelta(minutes=5)) == 0


def test_a_sitemap_that_writes_the_time_of_asking_wakes_nothing_within_the_hour(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(visit_of(url_of(1), at=NOW + HOUR))

    soon = NOW + HOUR + timedelta(minutes=5)
    archive.keep(listing(found(1, soon), role=Role.SITEMAP, at=soon))

    assert rows(archive, "SELECT due_at FROM frontier WHERE role = 'article'") == [("2026-03-01T10:00:00Z",)]


def test_a_page_that_proves_to_be_a_listing_is_visited_as_one(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1), kind=Kind.LISTING))

    assert rows(archive, "SELECT role, priority, interval_seconds FROM frontier") == [("listing", 0, 600.0)]


def test_a_redirect_on_the_same_host_is_followed_from_then_on(archive: Archive) -> None:
    hop = page_of(url_of(1), status=301)
    page = replace(page_of(url_of(2)), requested_url=url_of(1), redirects=(hop,))
    archive.keep(replace(visit_of(url_of(2)), task=task_of(url_of(1)), page=page))

    assert archive.frontier.is_known(url_of(1))
    assert archive.frontier.is_known(url_of(2))
    assert count_due(archive, NOW) == 0
    assert next_url(archive, NOW + 2 * HOUR) == url_of(2)
    assert next_url(archive, NOW + 2 * HOUR) is None


def test_validators_of_the_kept_answer_are_sent_again_after_a_304_and_a_failure(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(Visit(task_of(url_of(1)), replace(page_of(url_of(1), status=304), headers=())))
    archive.keep(failed_of(url_of(1), "timeout"))

    task = archive.frontier.next_due(NOW + 9 * HOUR, busy_hosts=frozenset(), sites=frozenset({SITE}))

    assert task is not None
    assert (task.etag, task.attempts) == ('"abc"', 1)


def test_f15_a_host_that_asked_for_a_pause_is_left_alone_whole(archive: Archive) -> None:
    archive.frontier.seed([task_of(url_of(1)), task_of(url_of(2))], NOW)
    archive.keep(failed_of(url_of(1), "host_parked", retry_after_seconds=2 * 3600.0))

    assert next_url(archive, NOW + HOUR) is None
    assert {next_url(archive, NOW + 2 * HOUR) for _ in range(2)} == {url_of(1), url_of(2)}


def test_a_listing_that_names_nothing_new_is_asked_less_often(archive: Archive) -> None:
    for hours, numbers in enumerate([(1,), (1,), (1, 2)]):
        archive.keep(listing(*map(found, numbers), at=NOW + hours * HOUR))

    assert value(archive, "SELECT interval_seconds FROM frontier WHERE role = 'listing'") == pytest.approx(720)


def test_what_fetch_keeps_beside_a_crawl_is_known_to_it(path: Path) -> None:
    with open_archive(path) as crawl:
        with Archive.open(path, mode="write", scraping=crawl.scraping) as fetch:
            fetch.keep(visit_of(url_of(1)))

        assert crawl.frontier.is_known(url_of(1))
        assert count_due(crawl, NOW) == 0


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-05:00"])
def test_a_sitemap_with_a_date_at_the_end_of_time_is_kept(archive: Archive, written: str) -> None:
    visit = listing(found(1, datetime.fromisoformat(written)), role=Role.SITEMAP)

    archive.keep(visit)
    archive.keep(replace(visit, page=page_of(FRONT, at=NOW + HOUR)))

    assert archive.frontier.is_known(url_of(1))


def test_a_seed_is_asked_for_at_the_address_that_was_typed_last(archive: Archive) -> None:
    archive.frontier.seed([task_of("https://bao.example.vn/", Role.LISTING)], NOW)
    archive.frontier.seed([task_of("https://www.bao.example.vn/", Role.LISTING)], NOW)

    assert next_url(archive, NOW, "bao.example.vn") == "https://www.bao.example.vn/"


def test_a_redirect_for_the_time_being_does_not_end_the_visits_to_an_article(archive: Archive) -> None:
    hop = page_of(url_of(1), status=302)
    page = replace(page_of("https://bao.example.vn/bao-tri.html"), requested_url=url_of(1), redirects=(hop,))
    archive.keep(replace(visit_of(url_of(2)), task=task_of(url_of(1)), page=page))

    assert next_url(archive, NOW + 2 * HOUR) == url_of(1)


def test_an_article_given_up_while_its_newspaper_was_down_is_asked_for_when_it_is_named_again(archive: Archive) -> None:
    archive.keep(listing(found(1)))
    for hours in range(8):
        archive.keep(failed_of(url_of(1), "connect", at=NOW + hours * HOUR))
    archive.keep(listing(found(1), at=NOW + 8 * HOUR))
    assert next_url(archive, NOW + 9 * HOUR, sites=(SITE,)) == FRONT

    archive.keep(listing(found(1), at=NOW + 32 * HOUR))
    assert next_url(archive, NOW + 32 * HOUR) == url_of(1)

    archive.keep(failed_of(url_of(1), "connect", at=NOW + 32 * HOUR))
    assert value(archive, "SELECT state FROM frontier WHERE url = ?", url_of(1)) == "failed"


def test_a_page_that_is_not_there_is_not_asked_for_again_because_a_listing_names_it(archive: Archive) -> None:
    archive.keep(listing(found(1)))
    for days in range(3):
        archive.keep(failed_of(url_of(1), "not_found", at=NOW + days * 24 * HOUR))

    archive.keep(listing(found(1), at=NOW + 99 * HOUR))

    assert value(archive, "SELECT state FROM frontier WHERE url = ?", url_of(1)) == "failed"


def test_what_was_planned_while_the_clock_was_years_ahead_is_due_when_it_is_right_again(archive: Archive) -> None:
    ahead = NOW + 10 * 365 * 24 * HOUR
    archive.keep(replace(visit_of(url_of(1)), page=page_of(url_of(1), at=ahead)))
    archive.keep(failed_of(url_of(2), "robots_unreachable", at=ahead))
    archive.keep(visit_of(url_of(3)))

    archive.frontier.seed([task_of(FRONT, Role.LISTING)], NOW)

    assert next_url(archive, NOW) == FRONT
    assert {next_url(archive, NOW) for _ in range(3)} == {url_of(1), url_of(2), None}


def test_a_damaged_frontier_is_told_as_an_error_of_the_archive(archive: Archive) -> None:
    archive.connection.execute("DROP TABLE frontier")

    with pytest.raises(ArchiveError):
        archive.frontier.next_due(NOW, busy_hosts=frozenset(), sites=frozenset({SITE}))
    with pytest.raises(ArchiveError):
        archive.frontier.is_known(FRONT)


def test_known_articles_are_asked_for_within_a_budget_a_host_and_day(archive: Archive) -> None:
    archive.frontier.revisits.a_day = 1
    for number in (1, 2):
        archive.keep(visit_of(url_of(number)))
    archive.keep(listing(found(3)))
    later = NOW + 2 * HOUR

    assert [next_url(archive, later), next_url(archive, later)] == [FRONT, url_of(3)]
    first = next_url(archive, later)
    assert first is not None
    archive.keep(visit_of(first, at=later))
    assert next_url(archive, later) is None
    assert next_url(archive, NOW + 24 * HOUR) == ({url_of(1), url_of(2)} - {first}).pop()


def test_a_list_never_read_has_a_gap_unless_a_sitemap_names_what_it_names(archive: Archive) -> None:
    archive.keep(listing(found(1), found(2), role=Role.SITEMAP, url=f"{FRONT}sitemap.xml"))
    archive.keep(listing(found(3)))
    section = task_of(f"{FRONT}thoi-su", Role.LISTING)

    assert archive.frontier.has_gap(section, [url_of(1), url_of(3)])
    assert not archive.frontier.has_gap(section, [url_of(1), url_of(2)])
    assert not archive.frontier.has_gap(section, [])
