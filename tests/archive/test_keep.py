"""What keeping an outcome leaves in the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from archive import queries, snapshots
from archive.connect import reading
from archive.errors import ArchiveError
from archive.store import Archive
from scraper.models import Article, Kind, Page, Role, Verdict, Visit
from scraper.urls import alias_key
from tests.archive.kit import (
    BODY,
    NOW,
    VIETNAM,
    article_of,
    failed_of,
    page_of,
    rows,
    task_of,
    url_of,
    value,
    visit_of,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_first_visit_makes_an_article_with_one_version(archive: Archive) -> None:
    assert archive.keep(visit_of(url_of(1))) is Verdict.NEW

    assert rows(archive, "SELECT number, cause FROM versions") == [(1, "created")]
    assert value(archive, "SELECT version_id FROM articles") == 1


def test_unchanged_visits_add_a_row_but_no_body_and_no_version(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    before = value(archive, "SELECT sum(length(data)) FROM snapshots")

    verdicts = [archive.keep(visit_of(url_of(1), at=NOW + n * HOUR)) for n in (1, 2, 3)]

    assert verdicts == [Verdict.SAME] * 3
    assert value(archive, "SELECT count(*) FROM captures") == 4
    assert value(archive, "SELECT count(DISTINCT body_sha256) FROM captures") == 4  # the pages did differ
    assert value(archive, "SELECT sum(length(data)) FROM snapshots") == before
    assert value(archive, "SELECT count(*) FROM versions") == 1
    assert value(archive, "SELECT last_seen_at FROM articles") == "2026-03-01T11:00:00Z"
    assert value(archive, "SELECT last_changed_at FROM articles") == "2026-03-01T08:00:00Z"


def test_an_edit_makes_a_second_version_and_keeps_the_first(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(visit_of(url_of(1), BODY + " Bổ sung.", at=NOW + HOUR)) is Verdict.CHANGED

    assert rows(archive, "SELECT number, cause, body LIKE '%Bổ sung.' FROM versions") == [
        (1, "created", 0),
        (2, "edited", 1),
    ]
    with reading(archive.path) as connection:
        first, second = (queries.raw_page(connection, 1, version=n) for n in (1, 2))
    assert b"B\xe1\xbb\x95 sung" not in first
    assert b"B\xe1\xbb\x95 sung" in second


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Tựa khác"},
        {"lead": "Dẫn khác"},
        {"authors": ("Người khác",)},
        {"published_at": date(2023, 3, 30)},
        {"source_name": "baokhac.example.vn"},
        {"images": ()},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_field_is_an_edit(archive: Archive, changed: dict[str, Any]) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(visit_of(url_of(1), at=NOW + HOUR, **changed)) is Verdict.CHANGED


@pytest.mark.parametrize(
    "changed",
    [{"links": ()}, {"related": ()}, {"tags": ("mới",)}, {"modified_at": NOW}, {"canonical_url": url_of(1)}],
    ids=lambda changed: next(iter(changed)),
)
def test_what_pages_make_anew_at_each_visit_is_no_edit(archive: Archive, changed: dict[str, Any]) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(visit_of(url_of(1), at=NOW + HOUR, **changed)) is Verdict.SAME


def test_a_signed_picture_address_is_no_edit(archive: Archive) -> None:
    visit = visit_of(url_of(1))
    archive.keep(visit)
    assert visit.article is not None
    image = replace(visit.article.images[0], url="https://anh.example.vn/a.jpg?v=2")

    assert archive.keep(visit_of(url_of(1), at=NOW + HOUR, images=(image,))) is Verdict.SAME


def test_an_article_comes_out_as_it_went_in(archive: Archive) -> None:
    visit = visit_of(url_of(1), tags=("giao thông",), language="vi", lead="Dẫn", source_published_at=date(2023, 3, 28))
    assert visit.article is not None
    archive.keep(visit)

    with reading(archive.path) as connection:
        shown = queries.show(connection, url_of(1), key=alias_key)

    expected = visit.article.to_dict()
    assert {name: shown[name] for name in expected} == expected
    assert (shown["id"], shown["site"], shown["version"], shown["state"]) == (1, "bao", 1, "live")


@pytest.mark.parametrize(
    "at",
    [
        datetime.fromisoformat("2023-03-29T05:23:00+07:00"),
        datetime.fromisoformat("2023-03-28T22:23:00-03:30"),
        datetime.fromisoformat("2023-03-29T05:23:00"),
        date(2023, 3, 29),
        None,
    ],
    ids=str,
)
def test_a_date_comes_out_with_its_offset_its_precision_and_its_local_day(
    archive: Archive, at: datetime | date | None
) -> None:
    visit = visit_of(url_of(1), published_at=at)
    assert visit.article is not None
    archive.keep(visit)

    with reading(archive.path) as connection:
        shown = queries.show(connection, "1")
        older = queries.show(connection, "1", version=1)

    expected = visit.article.to_dict()
    for found in (shown, older):
        assert found["published_at"] == expected["published_at"]
        assert found["published_on"] == expected["published_on"]


def test_an_older_version_is_shown_with_its_own_fields(archive: Archive) -> None:
    first = visit_of(url_of(1))
    assert first.article is not None
    archive.keep(first)
    archive.keep(visit_of(url_of(1), BODY + "!", title="Tựa mới", published_at=None, authors=("Khác",), at=NOW + HOUR))

    with reading(archive.path) as connection:
        shown = queries.show(connection, "1", version=1)

    expected = first.article.to_dict()
    assert {name: shown[name] for name in expected} == expected


# --- one article, many URLs -------------------------------------------------------------------------------------------


def test_f58_five_urls_of_an_article_are_one_article(archive: Archive) -> None:
    address = "bao.example.vn/tin-1.html"
    urls = [f"https://{address}", f"http://{address}", f"https://www.{address}", f"https://m.{address}?utm_source=x"]

    verdicts = [archive.keep(visit_of(url)) for url in urls]
    verdicts.append(archive.keep(visit_of("https://bao.example.vn/in/1?a=1", canonical_url=urls[0])))

    assert verdicts == [Verdict.NEW, *[Verdict.SAME] * 4]
    assert value(archive, "SELECT count(*) FROM articles") == 1
    with reading(archive.path) as connection:
        found = {queries.find(connection, url) for url in [*urls, "https://bao.example.vn/in/1?a=1"]}
    assert found == {1}


def test_a_url_never_met_is_found_by_its_key(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    with reading(archive.path) as connection:
        assert queries.find(connection, "http://www.bao.example.vn/tin-1.html#top", key=alias_key) == 1


def test_the_url_shown_is_the_canonical_one(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1) + "?trang=1", canonical_url=url_of(1)))

    assert value(archive, "SELECT url FROM articles") == url_of(1)


@pytest.mark.parametrize(
    "claimed", ["https://bao.example.vn/", "https://www.khac.example.com/tin-1.html", "javascript:alert(1)", "http://["]
)
def test_a_canonical_url_that_cannot_be_is_not_believed(archive: Archive, claimed: str) -> None:
    archive.keep(visit_of(url_of(1), canonical_url=claimed))
    archive.keep(visit_of(url_of(2), "Bài khác hẳn.", title="Khác", canonical_url=claimed))

    assert rows(archive, "SELECT url FROM articles") == [(url_of(1),), (url_of(2),)]


def test_one_canonical_url_on_all_pages_does_not_make_them_one_article(archive: Archive) -> None:
    claimed = "https://bao.example.vn/tin-tuc"
    archive.keep(visit_of(url_of(1), canonical_url=claimed))

    assert archive.keep(visit_of(url_of(2), "Bài khác hẳn.", title="Khác", canonical_url=claimed)) is Verdict.NEW
    assert archive.keep(visit_of(claimed, "Trang chuyên mục.", title="Chuyên mục")) is Verdict.NEW

    with reading(archive.path) as connection:
        assert [queries.find(connection, url) for url in (url_of(1), url_of(2), claimed)] == [1, 2, 3]


def test_the_same_text_at_another_address_is_a_duplicate_and_both_are_found(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(visit_of("https://cong.example.org/bai/9", BODY.upper())) is Verdict.NEW

    assert rows(archive, "SELECT id, duplicate_of FROM articles") == [(1, None), (2, 1)]
    with reading(archive.path) as connection:
        unique = queries.list_articles(connection, queries.Filters(unique=True))
    assert [row["id"] for row in unique] == [1]


def test_short_texts_that_are_alike_are_no_duplicates(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1), "Đang cập nhật."))
    archive.keep(visit_of(url_of(2), "Đang cập nhật."))

    assert rows(archive, "SELECT duplicate_of FROM articles") == [(None,), (None,)]


def _redirected(old: str, new: str, body: str = BODY, **values: object) -> Visit:
    hop = page_of(old, b"moved", status=301)
    page = replace(page_of(new, body.encode()), requested_url=old, redirects=(hop,), fetched_at=NOW + HOUR)
    return Visit(task_of(old), page, article_of(new, body, **values))


def test_an_article_that_moved_stays_one_and_the_move_is_noted(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(_redirected(url_of(1), url_of(2))) is Verdict.SAME

    assert rows(archive, "SELECT url FROM articles") == [(url_of(2),)]
    assert rows(archive, "SELECT kind, note FROM events") == [("moved", url_of(2))]
    assert rows(archive, "SELECT url, outcome FROM captures ORDER BY id")[-1] == (url_of(1), "redirect")


def test_a_redirect_to_another_host_is_kept_as_a_rename(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    there = "https://bao-moi.example/tin-1.html"

    assert archive.keep(_redirected(url_of(1), there)) is Verdict.SAME

    assert rows(archive, "SELECT kind, note FROM events") == [("moved", there)]
    assert rows(archive, "SELECT url, met_as FROM urls ORDER BY url") == [(there, "fetched"), (url_of(1), "fetched")]


def test_an_article_gone_that_redirects_to_another_does_not_become_it(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(_redirected(url_of(1), url_of(2), "Bài khác hẳn.", title="Khác")) is Verdict.NEW

    assert value(archive, "SELECT count(*) FROM versions WHERE article_id = 1") == 1
    with reading(archive.path) as connection:
        assert queries.find(connection, url_of(1)) == 1
        assert queries.find(connection, url_of(2)) == 2


# --- failures, removals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["blocked", "paywall", "soft_not_found", "not_found", "timeout", "http_error"])
def test_a_failure_never_replaces_a_good_version(archive: Archive, code: str) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(failed_of(url_of(1), code, page=page_of(url_of(1), b"Just a moment"))) is Verdict.FAILED

    assert value(archive, "SELECT count(*) FROM versions") == 1
    assert rows(archive, "SELECT code, url FROM failures") == [(code, url_of(1))]
    assert value(archive, "SELECT count(*) FROM snapshots") == 1


def test_a_page_our_reader_failed_on_is_kept_but_only_the_latest(archive: Archive) -> None:
    for n in range(3):
        page = page_of(url_of(1), b"<font>" * (n + 1) * 50, at=NOW + n * DAY)
        archive.keep(failed_of(url_of(1), "parse_timeout", page=page, at=page.fetched_at))

    assert value(archive, "SELECT length FROM snapshots") == 900
    assert value(archive, "SELECT count(*) FROM captures") == 3
    assert value(archive, "SELECT count(*) FROM articles") == 0


def test_a_much_shorter_page_never_replaces_a_good_version_and_is_kept_beside_it(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1), BODY * 3))

    assert archive.keep(visit_of(url_of(1), "Mời bạn đăng nhập để đọc tiếp bài này.", at=NOW + DAY)) is Verdict.FAILED
    assert archive.keep(visit_of(url_of(1), BODY * 2, at=NOW + 2 * DAY)) is Verdict.CHANGED

    assert rows(archive, "SELECT code FROM failures") == [("much_shorter",)]
    assert rows(archive, "SELECT body FROM versions ORDER BY number") == [(BODY * 3,), (BODY * 2,)]
    assert value(archive, "SELECT count(*) FROM captures WHERE outcome = 'much_shorter' AND snapshot_id IS NOT NULL")


def test_an_article_is_removed_when_three_answers_over_a_day_say_so(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    states = []
    for hours in (1, 2, 3, 26):
        archive.keep(failed_of(url_of(1), "not_found", at=NOW + hours * HOUR))
        states.append(value(archive, "SELECT state FROM articles"))

    assert states == ["missing", "missing", "missing", "removed"]
    assert [row[0] for row in rows(archive, "SELECT kind FROM events")] == ["missing", "removed"]


def test_an_article_that_comes_back_is_restored(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(failed_of(url_of(1), "not_found", at=NOW + HOUR))

    assert archive.keep(visit_of(url_of(1), at=NOW + DAY)) is Verdict.SAME

    assert rows(archive, "SELECT state, missing_count, missing_since FROM articles") == [("live", 0, None)]
    assert [row[0] for row in rows(archive, "SELECT kind FROM events")] == ["missing", "restored"]


def test_f16_a_304_is_a_visit_without_body(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    answer = page_of(url_of(1), status=304, at=NOW + HOUR)

    assert archive.keep(Visit(task_of(url_of(1)), replace(answer, body=b""))) is Verdict.SAME

    assert rows(archive, "SELECT status, snapshot_id FROM captures WHERE id = 2") == [(304, None)]
    assert value(archive, "SELECT last_seen_at FROM articles") == "2026-03-01T09:00:00Z"


def test_an_article_that_suddenly_reads_as_a_listing_keeps_its_good_version(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    assert archive.keep(visit_of(url_of(1), "Tin 1\n\nTin 2", kind=Kind.LISTING, at=NOW + HOUR)) is Verdict.SAME

    assert rows(archive, "SELECT kind FROM articles") == [("article",)]
    assert value(archive, "SELECT count(*) FROM versions") == 1


def test_a_page_that_first_read_as_no_article_becomes_one(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1), kind=Kind.OTHER))

    assert archive.keep(visit_of(url_of(1), at=NOW + HOUR)) is Verdict.CHANGED

    assert rows(archive, "SELECT kind FROM articles") == [("article",)]


def test_what_is_kept_under_a_url_is_told(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))

    found = archive.lookup("http://m.bao.example.vn/tin-1.html")

    assert found is not None
    assert (found["id"], found["authors"]) == (1, ["Đỗ Thị Hòa"])
    assert archive.lookup(url_of(2)) is None


# --- listings ---------------------------------------------------------------------------------------------------------


def test_of_a_listing_the_latest_body_is_kept_and_every_visit(archive: Archive) -> None:
    url = "https://bao.example.vn/thoi-su"
    for n in range(4):
        page = page_of(url, b"<a>" * (n + 100), at=NOW + n * HOUR)
        assert archive.keep(Visit(task_of(url, Role.LISTING), page)) is Verdict.LISTED

    assert value(archive, "SELECT count(*) FROM captures") == 4
    assert rows(archive, "SELECT length FROM snapshots") == [(309,)]
    assert value(archive, "SELECT count(*) FROM captures WHERE headers IS NOT NULL") == 1


def test_a_listing_that_is_fetched_by_hand_keeps_its_latest_text(archive: Archive) -> None:
    url = "https://bao.example.vn/"
    archive.keep(visit_of(url, "Tin 1", kind=Kind.LISTING))

    assert archive.keep(visit_of(url, "Tin 2", kind=Kind.LISTING, at=NOW + HOUR)) is Verdict.LISTED

    assert rows(archive, "SELECT body FROM versions") == [("Tin 2",)]
    assert value(archive, "SELECT count(*) FROM snapshots") == 1


def test_a_front_page_is_not_listed_among_articles_unless_asked(archive: Archive) -> None:
    archive.keep(visit_of("https://bao.example.vn/", "Tin 1", kind=Kind.LISTING))

    with reading(archive.path) as connection:
        assert queries.list_articles(connection) == []
        assert len(queries.list_articles(connection, queries.Filters(kinds=("listing",)))) == 1


# --- text -------------------------------------------------------------------------------------------------------------


def test_f73_hostile_text_is_kept_clean(archive: Archive) -> None:
    title = "Nu\0l \ud83d lẻ, ca\u0302\u0301p ghép"
    page = Page(url_of(1), url_of(1), 200, (("X-\udcff", "\ud800"),), b"", NOW, reason="\udcc3")

    archive.keep(Visit(task_of(url_of(1)), page, article_of(url_of(1), "\ud800" + BODY, title=title)))

    assert value(archive, "SELECT title FROM versions") == "Nul \ufffd lẻ, cấp ghép"
    assert value(archive, "SELECT body FROM versions").startswith("\ufffd")


def test_f73_endless_marks_over_one_letter_do_not_hold_up_who_keeps_them(archive: Archive) -> None:
    marks = "\u0301\u0323" * 250_000

    archive.keep(Visit(task_of(url_of(1)), page_of(url_of(1)), article_of(url_of(1), BODY + marks)))  # not an hour

    assert value(archive, "SELECT length(body) FROM versions") > len(marks)


def test_f57_an_empty_page_is_kept(archive: Archive) -> None:
    page = replace(page_of(url_of(1)), body=b"")

    assert archive.keep(Visit(task_of(url_of(1)), page, Article(url_of(1), Kind.OTHER))) is Verdict.NEW

    with reading(archive.path) as connection:
        assert queries.raw_page(connection, 1) == b""


def test_f57_a_page_at_the_limit_is_kept_and_a_longer_one_refused_with_the_reason(archive: Archive) -> None:
    body = bytes(snapshots.MAX_BODY_BYTES)

    with archive.transaction() as connection:
        assert snapshots.get(connection, snapshots.put(connection, body)) == body
        with pytest.raises(ArchiveError, match="longer than"):
            snapshots.put(connection, body + b"1")


def test_the_exchange_is_kept_as_it_was(archive: Archive) -> None:
    page = replace(
        page_of(url_of(1), b"<p>" * 400),
        headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Thứ", "tự")),
        request_headers=(("Host", "bao.example.vn"),),
        wire_body=b"gzipped",
        server_address="203.0.113.9:443",
        reason="Tốt",
    )
    archive.keep(Visit(task_of(url_of(1)), page, article_of(url_of(1))))

    from archive.captures import page_of as kept_page

    kept = kept_page(archive.connection, 1)

    assert (kept.headers, kept.request_headers, kept.reason) == (page.headers, page.request_headers, page.reason)
    assert (kept.body, kept.fetched_at, kept.server_address) == (page.body, page.fetched_at, page.server_address)
    assert rows(archive, "SELECT wire_length, body_length FROM captures") == [(7, 1200)]


def test_a_run_counts_what_its_pages_brought(archive: Archive) -> None:
    archive.start_run("crawl", {"sites": ["bao"]}, NOW)
    archive.keep(visit_of(url_of(1)))
    archive.keep(visit_of(url_of(1), at=NOW + HOUR))
    archive.keep(failed_of(url_of(2), "timeout"))
    archive.end_run(3, NOW + HOUR)

    with reading(archive.path) as connection:
        [run] = queries.runs(connection)
    assert (run["new"], run["same"], run["failed"], run["exit_code"]) == (1, 1, 1, 3)
    assert run["arguments"] == {"sites": ["bao"]}


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-05:00"])
def test_an_article_dated_at_the_end_of_time_is_kept(archive: Archive, written: str) -> None:
    assert archive.keep(visit_of(url_of(1), published_at=datetime.fromisoformat(written))) is Verdict.NEW


def test_a_column_with_one_title_and_one_canonical_url_is_another_article_each_day(archive: Archive) -> None:
    for day in (1, 2):
        verdict = archive.keep(
            visit_of(
                url_of(day),
                body=f"Sáng mồng {day}, vàng miếng mua vào thấp hơn hôm trước. " * 6,
                title="Giá vàng hôm nay",
                canonical_url="https://bao.example.vn/gia-vang.html",
                published_at=datetime(2026, 2, day, 6, 0, tzinfo=VIETNAM),
            )
        )
        assert verdict is Verdict.NEW


def test_an_article_that_claims_the_url_of_another_is_shown_at_its_own(archive: Archive) -> None:
    archive.keep(visit_of(url_of(1)))
    archive.keep(visit_of(url_of(2), "Một bài hoàn toàn khác. " * 10, title="Tít khác", canonical_url=url_of(1)))

    assert rows(archive, "SELECT url FROM articles ORDER BY id") == [(url_of(1),), (url_of(2),)]
