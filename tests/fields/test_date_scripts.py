"""Dates that stand in the scripts of a page and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from scraper import parse

TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
BODY = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))


def day(script: str, *, shown: str = "") -> tuple[date | None, str]:
    page = f"<html lang=vi><title>Cầu mới</title><body><h1>Cầu mới qua sông</h1>{shown}{script}{BODY}"
    article = parse(page.encode(), "https://bao.example.vn/cau-moi.html", sites=())
    told = article.provenance.get("published_at")
    return article.published_at, told.source if told else ""


@pytest.mark.parametrize(
    ("script", "expected", "source"),
    [
        ("<script>showDate('2024/04/17 01:43:09')</script>", "2024-04-17", "script:call"),
        ("<script>document.write(fmt('17/04/2024'))</script>", "2024-04-17", "script:call"),
        (
            '<script>var page = {"publishDate": "2024-04-17T08:30:00+07:00", "id": 7};</script>',
            "2024-04-17",
            "script:data",
        ),
        ("<script>dataLayer.push({datePublished: '2024-04-17'})</script>", "2024-04-17", "script:data"),
        ('<script>a={"pubDate":"20240417"}; b={"pubDate":"2024-04-17 10:00"}</script>', "2024-04-17", "script:data"),
    ],
)
def test_a_page_that_shows_no_date_has_the_one_of_its_scripts(script: str, expected: str, source: str) -> None:
    found, told = day(script)

    assert str(found)[:10] == expected
    assert told == source


@pytest.mark.parametrize(
    "script",
    [
        '<script>list=[{"publishDate":"2024-04-17"},{"publishDate":"2024-04-11"}]</script>',  # several articles
        "<script>start('2024-04-17'); more('something else'); load({})</script>",  # no call that writes a date alone
        '<script src="/x.js">show("2024-04-17")</script>',
        '<script>{"publishDate":"2024-13-45"}</script>',
        '<script>{"modifiedDate":"2024-04-17"}</script>',
        '<script>var version = "2024-04-17";</script>',
    ],
)
def test_what_may_be_of_something_else_is_no_date(script: str) -> None:
    assert day(script)[0] is None


def test_a_date_that_the_page_shows_is_the_one() -> None:
    found, told = day("<script>showDate('2024/04/17')</script>", shown="<p class=date>16/04/2024 10:00</p>")

    assert str(found)[:10] == "2024-04-16"
    assert told.startswith("line:")
