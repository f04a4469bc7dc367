"""What the frontier remembers of tasks, hosts and servers that lie, through the real file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from archive import tombstones
from archive.frontier import Before, Result, host_of
from archive.revisits import COUNTED_AT_ONCE, is_whole_wanted, liars
from archive.schedule import Came
from archive.scraping import Scraping
from archive.store import Archive
from scraper.models import Found, Role, Task, Visit
from scraper.urls import alias_key
from tests.archive.kit import (
    NOW,
    SITE,
    failed_of,
    open_archive,
    page_of,
    rows,
    task_of,
    url_of,
    value,
    visit_of,
)

HOUR = timedelta(hours=1)
FRONT = "https://bao.example.vn/"
MODIFIED = "Sun, 01 Mar 2026 08:00:00 GMT"


def take(archive: Archive, now: datetime = NOW, *, site: str = SITE, busy: frozenset[str] = frozenset()) -> Task | None:
    return archive.frontier.next_due(now, busy_hosts=busy, sites=frozenset({site}))


def listing(*found: Found, url: str = FRONT, at: datetime = NOW, role: Role = Role.LISTING) -> Visit:
    return Visit(task_of(url, role), page_of(url, at=at), found=found)


def article(number: int, modified_at: datetime | None = None) -> Found:
    return Found(url_of(number), Role.ARTICLE, modified_at=modified_at)


def erase(archive: Archive, url: str) -> None:
    tombstones.bury(archive.connection, "url", [tombstones.url_tombstone(alias_key(url))], "2026-03-01T08:00:00Z")


def visited(url: str, at: datetime, etag: str, text: str = "") -> Visit:
    headers = (("ETag", etag), ("Last-Modified", MODIFIED))
    return replace(
        visit_of(url, f"Tin {text}. " * 40, at=at), page=replace(page_of(url, text.encode(), at=at), headers=headers)
    )


# --- a task comes back whole ------------------------------------------------------------------------------------------


def test_a_task_is_taken_with_all_that_the_last_visit_left(archive: Archive) -> None:
    task = Task(url_of(1), Role.ARTICLE, SITE, depth=3)
    archive.frontier.seed([task], NOW)
    assert take(archive) == task

    archive.keep(replace(visited(url_of(1), NOW, '"a"'), task=task))

    assert take(archive, NOW + HOUR) == replace(task, etag='"a"', last_modified=MODIFIED)


def test_a_task_that_failed_is_taken_again_in_the_same_run_when_it_is_due(archive: Archive) -> None:
    archive.frontier.seed([task_of(url_of(1))], NOW)
    assert take(archive) is not None

    archive.keep(failed_of(url_of(1), "timeout"))

    assert take(archive) is None
    again = take(archive, NOW + HOUR)
    assert again is not None
    assert again.attempts == 1


def test_an_article_moved_for_good_keeps_its_depth(archive: Archive) -> None:
    page = replace(page_of(url_of(2)), requested_url=url_of(1), redirects=(page_of(url_of(1), status=308),))
    task = Task(url_of(1), Role.ARTICLE, SITE, depth=4)
    archive.keep(replace(visit_of(url_of(2)), task=task, page=page))

    assert take(archive, NOW + HOUR) == Task(url_of(2), Role.ARTICLE, SITE, 4, etag='"abc"')


def test_hosts_that_join_while_others_are_busy_are_asked(archive: Archive) -> None:
    archive.frontier.seed([Task("https://a.vn/1", Role.ARTICLE, SITE), Task("https://a.vn/2", Role.ARTICLE, SITE)], NOW)
    assert take(archive, busy=frozenset({"a.vn"})) is None
    assert take(archive, busy=frozenset({"a.vn", "elsewhere.vn"})) is None

    archive.frontier.seed([Task("https://b.vn/1", Role.ARTICLE, SITE)], NOW)

    assert take(archive, busy=frozenset({"a.vn"})) == Task("https://b.vn/1", Role.ARTICLE, SITE)


# --- what articles and lists name ------------------------------------------------------------------------------------


def test_what_an_article_names_waits_behind_what_a_list_names(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1), found=(article(2),)))
    archive.keep(listing(article(3)))

    assert rows(archive, "SELECT url, priority FROM frontier WHERE last_fetched_at IS NULL ORDER BY priority") == [
        (url_of(3), 1),
        (url_of(2), 2),
    ]


def test_the_day_that_a_sitemap_gives_an_article_is_remembered(archive: Archive) -> None:
    archive.keep(listing(article(1, NOW.replace(tzinfo=None)), article(2), role=Role.SITEMAP, url=f"{FRONT}s.xml"))

    named = rows(archive, "SELECT named_at FROM frontier WHERE role = 'article' ORDER BY url")
    assert named == [("2026-03-01T08:00:00Z",), (None,)]


def test_an_article_is_known_by_its_number_under_another_address(path: Path) -> None:
    def number(url: str) -> str | None:
        return f"bao:{url[-8:-5]}" if "tin" in url else None

    with open_archive(path, Scraping(alias_key, "1", number=number)) as archive:
        archive.keep(listing(Found(f"{FRONT}tin-cu-777.html", Role.ARTICLE), Found(f"{FRONT}muc", Role.LISTING)))
        archive.keep(listing(Found(f"{FRONT}tin-moi-777.html", Role.ARTICLE), at=NOW + HOUR))

        assert archive.frontier.is_known(f"{FRONT}tin-khac-777.html")
        assert not archive.frontier.is_known(f"{FRONT}tin-khac-778.html")
        assert value(archive, "SELECT count(*) FROM frontier") == 3
        assert rows(archive, "SELECT named, known, gaps FROM lists") == [(1, 1, 0)]


def test_days_are_told_of_articles_that_are_kept(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(visit_of(url_of(2), published_at=None))

    assert archive.frontier.days_of([url_of(1), url_of(2), url_of(3)]) == {url_of(1): date(2023, 3, 29)}


def test_what_was_erased_by_order_is_named_asked_for_and_followed_no_more(archive: Archive) -> None:
    for url in (url_of(1), f"{FRONT}muc"):
        erase(archive, url)

    archive.frontier.seed([task_of(url_of(1))], NOW)
    archive.frontier.after(task_of(url_of(1)), Result(Came.SAME, NOW, "same"))

    assert take(archive) is None
    assert archive.frontier.add_named(task_of(f"{FRONT}muc", Role.LISTING), [article(2)], NOW, run_id=None) == 0
    assert archive.frontier.add_found(task_of(url_of(3)), [article(1), article(4)], NOW) == 1


def test_a_gap_wakes_the_other_lists_of_the_newspaper_unless_the_list_goes_on(archive: Archive) -> None:
    run_id = archive.start_run("crawl", {}, NOW)
    other, next_page = f"{FRONT}muc", Found(f"{FRONT}?trang=2", Role.LISTING, is_next_page=True)
    for hours, found in enumerate([(article(1),), (article(2), next_page), (article(3),)]):
        archive.keep(listing(article(9), url=other, at=NOW + hours * HOUR))
        archive.keep(listing(*found, at=NOW + hours * HOUR + timedelta(minutes=11)))
        due_at = value(archive, "SELECT due_at FROM frontier WHERE url = ?", other)
        is_woken = due_at == f"2026-03-01T{8 + hours:02}:11:00Z"
        assert is_woken is (hours == 2)

    gaps = "SELECT gaps, gap_run_id FROM lists JOIN frontier f ON f.id = frontier_id WHERE f.url = ?"
    assert rows(archive, gaps, FRONT) == [(2, run_id)]


def test_a_list_that_names_what_it_named_has_no_gap(archive: Archive) -> None:
    archive.keep(listing(article(1)))
    archive.keep(listing(article(2), url=f"{FRONT}muc"))
    front = task_of(FRONT, Role.LISTING)

    assert not archive.frontier.has_gap(front, [url_of(3), url_of(1)])
    assert archive.frontier.has_gap(front, [url_of(3), url_of(2)])


def test_a_later_page_of_a_list_that_grew_is_read_again(archive: Archive) -> None:
    later = Found(f"{FRONT}?trang=2", Role.LISTING, is_next_page=True)
    archive.keep(listing(article(1), later))
    archive.keep(listing(article(2), url=later.url))
    assert value(archive, "SELECT state FROM frontier WHERE url = ?", later.url) == "done"

    archive.keep(listing(article(3), later, at=NOW + HOUR))

    row = "SELECT state, due_at, depth FROM frontier WHERE url = ?"
    assert rows(archive, row, later.url) == [("pending", "2026-03-01T09:00:00Z", 0)]


def test_what_a_transaction_undid_is_not_taken_for_written(archive: Archive) -> None:
    archive.frontier.seed([task_of(url_of(1))], NOW)
    assert take(archive, busy=frozenset({"bao.example.vn"})) is None
    found = [Found("https://b.vn/tin-9.html", Role.ARTICLE)]
    with suppress(ZeroDivisionError), archive.transaction():
        archive.frontier.add_found(task_of(url_of(1)), found, NOW)
        archive.frontier.revisits.note_lie(SITE, "bao.example.vn", NOW)
        raise ZeroDivisionError

    archive.frontier.forget()
    archive.frontier.add_found(task_of(url_of(1)), found, NOW)

    assert take(archive, busy=frozenset({"bao.example.vn"})) == Task("https://b.vn/tin-9.html", Role.ARTICLE, SITE, 1)
    assert not archive.frontier.revisits.is_liar(SITE, "bao.example.vn")


def test_a_place_that_was_only_guessed_and_is_not_there_is_visited_no_more(archive: Archive) -> None:
    guess = task_of(f"{FRONT}sitemap.xml", Role.SITEMAP)
    archive.frontier.seed([guess], NOW)

    archive.frontier.close(guess, Result(Came.SAME, NOW, "not_there"))

    assert rows(archive, "SELECT state, last_code FROM frontier") == [("done", "not_there")]
    assert take(archive, NOW + 9999 * HOUR) is None


# --- may a 304 be believed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "hours", "is_wanted"),
    [
        (Role.ARTICLE, 23.9, False), (Role.ARTICLE, 24, True), (Role.LISTING, 5.9, False), (Role.LISTING, 6, True),
        (Role.FEED, 6, True), (Role.SITEMAP, 5.9, False),
    ],
)  # fmt: skip
def test_a_list_is_asked_for_whole_after_six_hours_and_an_article_after_a_day(
    role: Role, hours: float, *, is_wanted: bool
) -> None:
    assert is_whole_wanted(role, "2026-03-01T08:00:00Z", NOW + hours * HOUR) is is_wanted
    assert not is_whole_wanted(role, None, NOW + 1000 * HOUR)


@pytest.mark.parametrize(
    ("before", "now", "would"),
    [
        (('"a"', None), ('"a"', None), True),
        (('"a"', None), ('"b"', None), False),
        (('"a"', MODIFIED), ('"b"', MODIFIED), False),
        (('"a"', MODIFIED), (None, MODIFIED), False),
        ((None, MODIFIED), (None, MODIFIED), True),
        ((None, MODIFIED), (None, "later"), False),
        ((None, None), (None, None), False),
    ],
)
def test_a_server_would_say_not_modified_by_its_etag_and_else_by_its_date(
    before: tuple[str | None, str | None], now: tuple[str | None, str | None], *, would: bool
) -> None:
    result = Result(Came.CHANGED, NOW, "changed", etag=now[0], last_modified=now[1])

    assert Before(1, 3, *before, None).would_be_304(result) is would


def test_one_lie_has_its_host_asked_for_whole_pages_from_then_on_and_no_other(archive: Archive) -> None:
    honest = "https://that.example.vn/tin-1.html"
    for at, text in ((0, "cũ"), (30, "mới")):
        archive.keep(visited(url_of(1), NOW + at * HOUR, '"same"', text))
        archive.keep(visited(honest, NOW + at * HOUR, f'"{text}"', text))

    with_validators = {task.url: task.etag for _ in range(2) if (task := take(archive, NOW + 99 * HOUR))}

    assert with_validators == {url_of(1): None, honest: '"mới"'}
    assert liars(archive.connection) == [{"site": SITE, "host": "bao.example.vn", "lies": 1}]


def test_a_change_that_was_asked_for_with_a_condition_is_no_lie(archive: Archive) -> None:
    task = replace(task_of(url_of(1)), etag='"same"')
    archive.keep(visited(url_of(1), NOW, '"same"', "cũ"))
    archive.keep(replace(visited(url_of(1), NOW + HOUR, '"same"', "mới"), task=task))
    archive.keep(visited(url_of(2), NOW, '"same"', "cũ"))
    archive.keep(visited(url_of(2), NOW + HOUR, '"same"', "cũ"))

    assert liars(archive.connection) == []


# --- a budget a host and day -----------------------------------------------------------------------------------------


def test_a_budget_that_is_spent_is_remembered_over_runs_and_new_the_next_day(path: Path) -> None:
    with open_archive(path) as archive:
        for _ in range(2 * COUNTED_AT_ONCE + 1):
            archive.frontier.revisits.count(SITE, "bao.example.vn", NOW)
        archive.frontier.revisits.note_lie(SITE, "b.example.vn", NOW)
    with open_archive(path) as archive:
        archive.frontier.revisits.a_day = 2 * COUNTED_AT_ONCE + 1

        assert archive.frontier.revisits.spent_hosts(NOW) == ["bao.example.vn"]
        assert archive.frontier.revisits.spent_hosts(NOW + 24 * HOUR) == []
        assert archive.frontier.revisits.is_liar(SITE, "b.example.vn")
        assert not archive.frontier.revisits.is_liar(SITE, "bao.example.vn")

        archive.frontier.revisits.count(SITE, "bao.example.vn", NOW + 24 * HOUR)
        assert archive.frontier.revisits.spent_hosts(NOW + 24 * HOUR) == []
        assert rows(archive, "SELECT day, revisits FROM host_revisits WHERE lies = 0") == [("2026-03-02", 1)]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://BAO.vn:8443/a", "bao.vn"), ("https://báo.vn/", "xn--bo-mia.vn"), ("http://[::1]/", "::1"),
        ("http://[", ""), ("khong phai url", ""), ("http://" + "á" * 70 + ".vn/", ""),
    ],
)  # fmt: skip
def test_the_host_of_a_task_is_in_ascii_or_empty(url: str, host: str) -> None:
    assert host_of(url) == host
