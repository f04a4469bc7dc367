from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.traps import is_trap, page_number

SITE = "https://bao.example"


@pytest.mark.parametrize(
    "path",
    [
        "/a/a/a/tin-1.html",
        "/tin/anh/tin/anh/tin/anh/",
        "/" + "/".join(f"x{n}" for n in range(13)),
        "/thoi-su?sort=asc",
        "/thoi-su?PHPSESSID=0123456789abcdef",
        "/thoi-su;jsessionid=ABC",
        "/thoi-su?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9",
        "/lich?year=2031&month=4",
        "/calendar/2031/04",
        "/thoi-su?p=99999",
        "/thoi-su/trang-123456.htm",
        "/tim-kiem?q=cau",
        "/search/cau",
        "/dang-nhap?next=/",
        "/wp-login.php?x",
        "/tin-100231.html?replytocom=5",
    ],
)
def test_f37_urls_that_lead_round_and_round_are_traps(path: str) -> None:
    assert is_trap(SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/thoi-su",
        "/thoi-su?p=2",
        "/thoi-su/trang-40.htm",
        "/kinh-doanh-p20",
        "/thoi-su/cau-moi-thong-xe-100231.html",
        "/2025/06/12/chinh-tri/cau-moi/",
        "/tin?id=100231",
        "/the-thao/bong-da/bong-da-nu-100231.html",
        "/research/cau-moi-100231.html",
        "/xem-lich-cup-dien-thang-6-100231.html",
    ],
)
def test_a_newspapers_own_urls_are_no_traps(path: str) -> None:
    assert not is_trap(SITE + path)


@pytest.mark.parametrize(
    ("path", "number"),
    [("/a", 1), ("/a?p=7", 7), ("/a?page=12&x=1", 12), ("/a/trang-3.htm", 3), ("/a/page/4/", 4), ("/a-p5", 5)],
)
def test_the_number_of_a_listings_page_is_read_from_its_url(path: str, number: int) -> None:
    assert page_number(SITE + path) == number


@given(st.text(max_size=300))
def test_any_path_is_judged_without_an_error(path: str) -> None:
    assert is_trap(f"{SITE}/{path}") in {True, False}
