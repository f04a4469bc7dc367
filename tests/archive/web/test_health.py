"""The page that tells how the archive does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.web import figures
from archive.web.labels import Labels
from tests.archive.kit import open_archive
from tests.archive.web.busy import DAYS, SITES
from tests.archive.web.served import Served, serving


def table(page: str, figure: str) -> list[list[str]]:
    """Return the cells of the table beneath a chart."""
    found = LexborHTMLParser(page).css(f'figure[aria-labelledby="{figure}"] tbody tr')
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in found]


def test_each_chart_has_its_numbers_in_a_table_beneath(busy: Served) -> None:
    answer = busy.get("/health?days=35")

    page = LexborHTMLParser(answer.text)
    charts = page.css("figure svg[role=img]")
    assert answer.status_code == 200
    assert len(charts) == len(page.css("figure table")) == 7
    articles = table(answer.text, "articles")
    total = sum(int(number) for _, number in articles)
    assert f"{total} in all" in answer.text
    assert articles[0][0] == "28 February 2026"
    assert [row[0] for row in table(answer.text, "failed")] == ["timeout", "not_found", "robots_denied"]
    assert {row[0] for row in table(answer.text, "coverage")} == set(SITES)
    assert table(answer.text, "runs")[0][0] == f"crawl {DAYS}"


def test_a_field_that_comes_less_often_than_before_is_named(busy: Served) -> None:
    page = busy.get("/health").text

    told = re.search(rf"Less often than before: {SITES[1]}, authors: (\d+% → 0%)\.", page)
    assert told is not None
    assert {row[0]: row[4] for row in table(page, "drift")}[SITES[1]] == told[1]


def test_days_and_newspaper_narrow_what_is_told(busy: Served) -> None:
    short, one = (busy.get(address).text for address in ("/health?days=30", f"/health?site={SITES[0]}&days=365"))

    assert len(table(short, "articles")) == 30
    assert len(table(one, "articles")) == 53
    assert [row[0] for row in table(one, "coverage")] == [SITES[0]]
    assert table(one, "failed") == []
    assert 'href="/health?site=bao&amp;days=30"' in one


@pytest.mark.parametrize(
    ("language", "written", "axis"),
    [("en", "1,234", ["0", "1,000", "2,000"]), ("vi", "1.234", ["0", "1.000", "2.000"])],
)
def test_numbers_are_written_as_the_language_does_in_sentence_table_and_picture(
    language: str, written: str, axis: list[str]
) -> None:
    t = Labels(language)
    run = dict.fromkeys(("changed", "same", "failed", "exit_code"), 0) | {"command": "crawl", "id": 1, "new": 1234}
    run |= {"started_at": "2026-03-01T00:00:00Z", "ended_at": "2026-03-02T02:03:04Z"}

    days = figures.of_days("articles", {date(2026, 3, 1): 1234}, t)
    runs = figures.of_runs([run], t)

    assert days.told.count(written) == 2
    assert (days.rows[0][1], runs.rows[0][3]) == (written, written)
    assert f">{written}<" in runs.svg
    assert re.findall(r">([\d.,]+)<", days.svg) == axis
    assert runs.rows[0][2] == "26:03:04"


@pytest.mark.parametrize("query", ["days=0", "days=x", "days=1801", "days=-1"])
def test_days_that_are_none_are_told(busy: Served, query: str) -> None:
    answer = busy.get(f"/health?{query}")

    assert answer.status_code == 400
    assert "is no number from 1 to 1800" in answer.text


def test_an_archive_with_nothing_in_it_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    open_archive(path).close()

    with serving(path) as served:
        page = served.get("/health", language="vi")

    assert page.status_code == 200
    assert "Chưa có lần chạy nào." in page.text
    assert "<svg" not in page.text
