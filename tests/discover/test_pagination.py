from __future__ import annotations

import pytest

from scraper.discover.pagination import next_page, next_page_by_rule, split_page

SITE = "https://bao.example"


@pytest.mark.parametrize(
    ("this", "following"),
    [
        ("/thoi-su", "/thoi-su?p=2"),
        ("/thoi-su?p=2", "/thoi-su?p=3"),
        ("/thoi-su.htm", "/thoi-su/trang-2.htm"),
        ("/thoi-su/trang-9.htm", "/thoi-su/trang-10.htm"),
        ("/thoi-su", "/thoi-su-p2"),
        ("/thoi-su-d6/", "/thoi-su-d6/p2"),
        ("/thoi-su/", "/thoi-su/page/2/"),
        ("/thoi-su/page/2/", "/thoi-su/page/3/"),
        ("/thoi-su", "/thoi-su/page-2"),
        ("/thoi-su.html", "/thoi-su-trang-2.html"),
        ("/tin?chuyen-muc=3", "/tin?chuyen-muc=3&page=2"),
        ("/", "/?page=2"),
        ("/", "/page/2/"),
    ],
)
def test_the_next_page_is_known_by_its_number(this: str, following: str) -> None:
    links = [(SITE + following, "2", False), (SITE + "/khac?p=2", "2", False), (SITE + this, "1", False)]

    assert next_page(SITE + this, links) == SITE + following


def test_rel_next_decides() -> None:
    links = [(f"{SITE}/a?p=2", "2", False), (f"{SITE}/a?after=xyz", "", True)]

    assert next_page(f"{SITE}/a", links) == f"{SITE}/a?after=xyz"


def test_the_last_page_has_none_after_it() -> None:
    links = [(f"{SITE}/a?p={n}", str(n), False) for n in range(1, 6)]

    assert next_page(f"{SITE}/a?p=5", links) is None


def test_a_leap_by_words_is_taken_only_where_the_next_number_is_missing() -> None:
    leap = (f"{SITE}/a/p11", ">>>", False)

    assert next_page(f"{SITE}/a", [(f"{SITE}/a/p2", "2", False), leap]) == f"{SITE}/a/p2"
    assert next_page(f"{SITE}/a", [leap]) == f"{SITE}/a/p11"


def test_the_page_of_another_listing_is_not_the_next() -> None:
    assert next_page(f"{SITE}/kinh-te", [(f"{SITE}/the-thao?p=2", "2", False)]) is None


def test_an_article_that_ends_in_a_number_is_no_page_of_a_listing() -> None:
    assert split_page(f"{SITE}/the-gioi/cup-2026-100231.html") == ("bao.example/the-gioi/cup-2026-100231", 1)


@pytest.mark.parametrize(
    ("url", "template", "following"),
    [
        (f"{SITE}/kinh-te", "{section}-p{page}", f"{SITE}/kinh-te-p2"),
        (f"{SITE}/kinh-te-p9", "{section}-p{page}", f"{SITE}/kinh-te-p10"),
        (f"{SITE}/kinh-te.htm", "{section}/trang-{page}", f"{SITE}/kinh-te/trang-2.htm"),
        (f"{SITE}/kinh-te/trang-2.htm", "{section}/trang-{page}", f"{SITE}/kinh-te/trang-3.htm"),
        (f"{SITE}/kinh-te-d6/", "{section}p{page}", f"{SITE}/kinh-te-d6/p2"),
        (f"{SITE}/kinh-te?p=2", "{section}?p={page}", f"{SITE}/kinh-te?p=3"),
    ],
)
def test_a_rule_gives_the_next_page_where_the_site_has_no_link_to_it(url: str, template: str, following: str) -> None:
    assert next_page_by_rule(url, template) == following
