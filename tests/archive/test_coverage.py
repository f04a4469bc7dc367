"""What lists named, what was kept of it, and why the rest is missing."""

from __future__ import annotations

from datetime import date, timedelta

from archive.coverage import DayFrom, by_day, targets
from archive.store import Archive
from scraper.models import Found, Kind, Role, Visit
from tests.archive.kit import NOW, SITE, failed_of, page_of, task_of, url_of, visit_of

FRONT = "https://bao.example.vn/"
SECTION = "https://bao.example.vn/thoi-su"
SITEMAP = "https://bao.example.vn/sitemap.xml"
DAY = timedelta(days=1)


def visit_list(archive: Archive, url: str, role: Role, *numbers: int) -> None:
    found = tuple(Found(url_of(n), Role.ARTICLE, modified_at=NOW - 9 * DAY if n == 4 else None) for n in numbers)
    task = task_of(url, role)
    archive.keep(Visit(task, page_of(url, f"{url} {numbers}".encode()), found=found))


def test_every_article_that_a_list_named_is_kept_or_missing_for_a_reason(archive: Archive) -> None:
    front = Found(SECTION, Role.LISTING)
    archive.keep(
        Visit(task_of("https://bao.example.vn/", Role.LISTING), page_of("https://bao.example.vn/"), None, (front,))
    )
    visit_list(archive, SECTION, Role.LISTING, 1, 2, 3, 4, 5, 6)
    visit_list(archive, SITEMAP, Role.SITEMAP, 1, 4)
    archive.keep(visit_of(url_of(1), section="Thời sự"))
    archive.keep(visit_of(url_of(2), "Một trang khác.", kind=Kind.OTHER))
    archive.keep(failed_of(url_of(3), "robots_denied"))
    archive.keep(failed_of(url_of(5), "host_parked", retry_after_seconds=9.0))
    archive.connection.execute("UPDATE frontier SET due_at = '2026-04-01T00:00:00Z' WHERE url = ?", (url_of(6),))

    found = targets(archive.connection, SITE, since=None, until=None, now=NOW + DAY)
    records = list(by_day(target for target in found if target.url != url_of(901)))

    assert {target.url: target.missing for target in found if target.url != url_of(901)} == {
        url_of(1): None,
        url_of(2): "no article",
        url_of(3): "robots_denied",
        url_of(4): "never tried",
        url_of(5): "host_parked",
        url_of(6): "due later",
    }
    assert [(r["day"], r["section"], r["sitemap"], r["listing"], r["kept"], r["missing"]) for r in records] == [
        ("2026-03-01", "Thời sự", 0, 3, 0, 3),
        ("2026-02-20", "Thời sự", 1, 1, 0, 1),
        ("2023-03-29", "Thời sự", 1, 2, 1, 1),
    ]
    assert records[0]["day_from"] == {str(DayFrom.FIRST_NAMED): 3}
    assert records[1]["day_from"] == {str(DayFrom.LIST): 1}
    assert records[2]["day_from"] == {str(DayFrom.ARTICLE): 2}


def test_the_days_asked_for_bound_what_is_told(archive: Archive) -> None:
    visit_list(archive, SECTION, Role.LISTING, 1, 4)

    found = targets(archive.connection, SITE, since=date(2026, 2, 1), until=date(2026, 2, 28), now=NOW)

    assert [target.url for target in found] == [url_of(4)]
