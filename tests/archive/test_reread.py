"""An edit is the newspaper's, never ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.scraping import Scraping
from archive.versions import Hashes, verdict_of
from scraper.errors import ParseTimeout
from scraper.models import Article, Kind, Page, Verdict, Visit
from tests.archive.kit import BODY, NOW, SCRAPING, article_of, open_archive, page_of, rows, task_of, url_of

URL = url_of(1)


def read_better(page: Page) -> Article:
    """Read as tomorrow's reader does: it sees the last word, which today's misses."""
    return article_of(URL, page.body.decode())


def read_today(page: Page) -> Article:
    return article_of(URL, page.body.decode().removesuffix(" Hết."))


def visit(text: str, read: Callable[[Page], Article], *, hours: int) -> Visit:
    page = page_of(URL, text.encode(), at=NOW + timedelta(hours=hours))
    return Visit(task_of(URL), page, read(page))


BETTER = replace(SCRAPING, reader_version="2", reread=read_better)
OTHER_RULES = replace(SCRAPING, rules_hash=lambda _url: "abc", reread=read_better)
FIRST = BODY + " Hết."
EDITED = BODY + " Thêm. Hết."


@pytest.mark.parametrize("scraping", [BETTER, OTHER_RULES], ids=["reader", "rules"])
@pytest.mark.parametrize(
    ("text", "verdict", "causes"),
    [
        (FIRST, Verdict.REREAD, ["created", "re-read"]),
        (EDITED, Verdict.CHANGED, ["created", "re-read", "edited"]),
    ],
    ids=["page unchanged", "page edited"],
)
def test_a_better_reader_makes_a_re_read_version_and_only_the_newspaper_an_edit(
    path: Path, scraping: Scraping, text: str, verdict: Verdict, causes: list[str]
) -> None:
    with open_archive(path) as archive:
        archive.keep(visit(FIRST, read_today, hours=0))

    with open_archive(path, scraping) as archive:
        assert archive.keep(visit(text, read_better, hours=1)) is verdict
        assert archive.keep(visit(text, read_better, hours=2)) is Verdict.SAME

    assert [row[0] for row in rows(path, "SELECT cause FROM versions ORDER BY number")] == causes


def test_a_re_read_version_leans_on_the_old_page_and_dates_no_edit(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit(FIRST, read_today, hours=0))

    with open_archive(path, BETTER) as archive:
        archive.keep(visit(FIRST + "<!-- khác -->"[:0], read_better, hours=1))

    assert rows(path, "SELECT capture_id, reader_version FROM versions") == [(1, "1"), (1, "2")]
    assert rows(path, "SELECT last_changed_at FROM articles") == [("2026-03-01T08:00:00Z",)]


def test_another_reader_that_reads_the_same_makes_no_version(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit(FIRST, read_today, hours=0))

    with open_archive(path, replace(BETTER, reread=read_today)) as archive:
        assert archive.keep(visit(FIRST, read_today, hours=1)) is Verdict.SAME
        assert archive.keep(visit(EDITED, read_today, hours=2)) is Verdict.CHANGED

    assert [row[0] for row in rows(path, "SELECT cause FROM versions")] == ["created", "edited"]


def test_a_better_reader_may_tell_that_a_page_was_no_article(path: Path) -> None:
    def read_as_listing(page: Page) -> Article:
        return replace(read_today(page), kind=Kind.LISTING)

    with open_archive(path) as archive:
        archive.keep(visit(FIRST, read_today, hours=0))

    with open_archive(path, replace(BETTER, reread=read_as_listing)) as archive:
        assert archive.keep(visit(FIRST, read_as_listing, hours=1)) is Verdict.REREAD

    assert rows(path, "SELECT kind FROM articles") == [("listing",)]


def fail_to_read(page: Page) -> Article:
    raise ParseTimeout(page.url, "took too long")


@pytest.mark.parametrize("reread", [None, fail_to_read])
def test_what_nobody_can_tell_is_not_held_against_the_newspaper(
    path: Path, reread: Callable[[Page], Article] | None
) -> None:
    with open_archive(path) as archive:
        archive.keep(visit(FIRST, read_today, hours=0))

    with open_archive(path, replace(BETTER, reread=reread)) as archive:
        assert archive.keep(visit(EDITED, read_better, hours=1)) is Verdict.REREAD

    assert [row[0] for row in rows(path, "SELECT cause FROM versions")] == ["created", "re-read"]


@pytest.mark.parametrize(
    ("hashes", "has_other_reader", "expected"),
    [
        (Hashes(b"a", b"a"), False, Verdict.SAME),
        (Hashes(b"a", b"a", b"b"), True, Verdict.SAME),
        (Hashes(b"a", b"b"), False, Verdict.CHANGED),
        (Hashes(b"a", b"b", b"b"), True, Verdict.REREAD),
        (Hashes(b"a", b"b", b"a"), True, Verdict.CHANGED),
        (Hashes(b"a", b"b", b"c"), True, Verdict.CHANGED),
        (Hashes(b"a", b"b", None), True, Verdict.REREAD),
    ],
)
def test_the_decision_is_a_table(hashes: Hashes, has_other_reader: bool, expected: Verdict) -> None:  # noqa: FBT001 -- a column of the table
    assert verdict_of(hashes, has_other_reader=has_other_reader) is expected
