"""Which links may be of a range of days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.discover.span import Days, days_in
from scraper.models import Found, Role

MAY = Days(date(2023, 5, 1), date(2023, 5, 31))
URL = "https://bao.example.vn/cau-moi-1.html"
ON = date(2023, 5, 12)


@pytest.mark.parametrize(
    ("path", "role", "expected"),
    [
        ("/sitemap-2023-05.xml", Role.SITEMAP, MAY),
        ("/sitemaps/articles-202305.xml.gz", Role.SITEMAP, MAY),
        ("/sitemap.xml?yyyy=2023&mm=05", Role.SITEMAP, Days(date(2023, 1, 1), date(2023, 12, 31))),
        ("/sitemap_2023_5_12.xml", Role.SITEMAP, Days(ON, ON)),
        ("/2023/5/sitemap.xml", Role.SITEMAP, MAY),
        ("/sitemap-2023.xml", Role.SITEMAP, Days(date(2023, 1, 1), date(2023, 12, 31))),
        ("/sitemap-17.xml", Role.SITEMAP, None),
        ("/post-sitemap20231.xml", Role.SITEMAP, None),
        ("/2023/05/12/cau-moi.html", Role.ARTICLE, Days(ON, ON)),
        ("/news/2023-05-12/bridge", Role.ARTICLE, Days(ON, ON)),
        ("/2023/05/cau-moi/", Role.ARTICLE, MAY),
        ("/cau-moi-20230512193102580.htm", Role.ARTICLE, Days(ON, ON)),
        ("/cau-moi-20230512.html", Role.ARTICLE, None),
        ("/cau-moi-202305.html", Role.ARTICLE, None),
        ("/2023/02/31/cau-moi.html", Role.ARTICLE, None),
    ],
)
def test_days_are_read_in_urls_where_nothing_else_can_be_meant(path: str, role: Role, expected: Days | None) -> None:
    assert days_in(f"https://bao.example.vn{path}", role) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Found(URL, Role.ARTICLE), True),
        (
            Found(URL, Role.ARTICLE, modified_at=datetime(2023, 4, 1, tzinfo=UTC)),
            False,
        ),
        (
            Found(URL, Role.ARTICLE, modified_at=datetime(2024, 4, 1, tzinfo=UTC)),
            True,
        ),
        (Found("https://bao.example.vn/2023/06/01/cau-moi.html", Role.ARTICLE), True),  # 31 May further west
        (Found("https://bao.example.vn/2023/06/02/cau-moi.html", Role.ARTICLE), False),
        (Found("https://bao.example.vn/sitemap-2023-04.xml", Role.SITEMAP), True),  # as above
        (Found("https://bao.example.vn/sitemap-2023-03.xml", Role.SITEMAP), False),
        (Found("https://bao.example.vn/1.xml", Role.SITEMAP, modified_at=datetime(2023, 4, 1, tzinfo=UTC)), False),
        (Found("https://bao.example.vn/2020/01/", Role.LISTING), True),
    ],
)
def test_a_link_may_be_of_the_days_unless_something_says_otherwise(link: Found, *, expected: bool) -> None:
    assert MAY.may_hold(link) is expected


def test_an_articles_own_day_decides_where_it_is_kept() -> None:
    link = Found(URL, Role.ARTICLE)

    assert MAY.may_hold(link, ON)
    assert not MAY.may_hold(link, date(2023, 6, 2))
