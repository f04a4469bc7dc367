"""One page has one URL, and no text is too strange to be asked about."""

from __future__ import annotations

import re

import pytest

from scraper.errors import BadUrl
from scraper.urls import (
    _host_and_port,
    alias_key,
    article_id,
    authority_of,
    canonical,
    host_of,
    is_fetchable,
    is_plain_target,
    join,
    normal,
    registrable,
    same_site,
    shown,
    split,
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Have each claim worked out anew, and not remembered from another test."""
    for remembers in (split, registrable, _host_and_port):
        remembers.cache_clear()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://BAO.VN", "https://bao.vn/"),
        ("https://bao.vn:443/a", "https://bao.vn/a"),
        ("http://bao.vn:80/a", "http://bao.vn/a"),
        ("http://bao.vn:443/a", "http://bao.vn:443/a"),
        ("https://bao.vn:/a", "https://bao.vn/a"),
        ("https://bao.vn./a", "https://bao.vn/a"),
        ("https://bao.vn/a#phần-2", "https://bao.vn/a"),
        ("https://bao.vn/a?", "https://bao.vn/a"),
        ("https://bao.vn?x=1", "https://bao.vn/?x=1"),
        ("https://bao.vn/a/./b/../c", "https://bao.vn/a/c"),
        ("https://bao.vn/../../a", "https://bao.vn/a"),
        ("https://bao.vn/a/..", "https://bao.vn/"),
        ("https://bao.vn/a/%2e%2e/b", "https://bao.vn/b"),
        ("https://bao.vn/.well-known/x..y", "https://bao.vn/.well-known/x..y"),
        ("https://bao.vn/a//b", "https://bao.vn/a//b"),
        ("https://bao.vn/bài viết", "https://bao.vn/b%C3%A0i%20vi%E1%BA%BFt"),
        ("https://bao.vn/%c3%a0", "https://bao.vn/%C3%A0"),
        ("https://bao.vn/%7Etin/%2d", "https://bao.vn/~tin/-"),
        ("https://bao.vn/a%2Fb", "https://bao.vn/a%2Fb"),
        ("https://bao.vn/100%", "https://bao.vn/100%25"),
        ("https://bao.vn/%zz", "https://bao.vn/%25zz"),
        ("https://bao.vn/tìm?q=đường+phố&b=2", "https://bao.vn/t%C3%ACm?q=%C4%91%C6%B0%E1%BB%9Dng+ph%E1%BB%91&b=2"),
        ("https://báo.vn/", "https://xn--bo-mia.vn/"),
        ("https://BÁO.vn/", "https://xn--bo-mia.vn/"),
        ("https://xn--bo-mia.vn/", "https://xn--bo-mia.vn/"),
        ("https://ba%6F.vn/", "https://bao.vn/"),
        ("https://bao。vn/", "https://bao.vn/"),
        ("https:\\\\bao.vn\\a", "https://bao.vn/a"),
        ("https:/bao.vn/a", "https://bao.vn/a"),
        ("https:////bao.vn/a", "https://bao.vn/a"),
        ("  https://bao.vn/a\r\n", "https://bao.vn/a"),
        ("https://ba\to.vn/a\nb", "https://bao.vn/ab"),
        ("https://bao.vn/a\0b", "https://bao.vn/a%00b"),
        ("https://bao.vn/a\ud800b", "https://bao.vn/a%EF%BF%BDb"),
        ("https://bao.vn/a?b=c\\d", "https://bao.vn/a?b=c%5Cd"),
        ("https://tin_tuc.bao.vn/", "https://tin_tuc.bao.vn/"),
        ("http://127.1/", "http://127.0.0.1/"),
        ("http://0x7F.0.0.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://017700000001/", "http://127.0.0.1/"),
        ("http://[::FFFF:7F00:1]:8080/", "http://[::ffff:7f00:1]:8080/"),
        ("http://localhost:8000/a", "http://localhost:8000/a"),
    ],
)
def test_a_url_has_one_normal_form_and_keeps_it(url: str, expected: str) -> None:
    assert normal(url) == expected
    assert normal(expected) == expected
    assert is_fetchable(url)


@pytest.mark.parametrize(
    "junk",
    [
        "", " ", "bao.vn", "//bao.vn/", "/a", "ftp://bao.vn/", "file:///etc/passwd", "javascript:alert(1)",
        "data:text/html,x", "mailto:a@bao.vn", "http://", "http:///", "https://?x", "https://#a", "http://:80/",
        "http://a..b/", "http://.a/", "http://-a.vn/", "http://a-.vn/", "http://xn--a/", "http://xn--/",
        "http://bao.vn:99999/", "http://bao.vn:0/", "http://bao.vn:-1/", "http://bao.vn:8x/", "http://bao.vn:٣/",
        "http://u:p@bao.vn/", "http://u@bao.vn/", "http://@bao.vn/", "http://[::1/", "http://[::1%25eth0]/",
        "http://[gg::]/", "http://]/", "http://a b/", "http://a<b/", "http://a%00b/", "http://a%2fb/",
        "http://" + "a" * 64 + ".vn/", "http://" + "a." * 130 + "vn/", "http://1.2.3.4.5/", "http://256.1.1.1/",
        "http://1.2.3/4"[:-2] + ".08/", "http://0x100000000/", "http://bao.1/", "http://\ud800.vn/",
        "http://bao.vn/" + "a" * 2083, "http://bao.vn/" + "ế" * 400, "http://" + "ế" * 2000 + "/",
    ],
)  # fmt: skip
def test_junk_is_no_url_and_says_so_in_one_line(junk: str) -> None:
    with pytest.raises(BadUrl) as caught:
        canonical(junk)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert not is_fetchable(junk)
    assert host_of(junk) is None
    assert authority_of(junk) is None


@pytest.mark.parametrize("text", ["[gg::]", "[::1%25eth0]", "[1.2.3.4]", "[]"])
def test_what_is_no_address_in_brackets_is_no_host_where_python_does_not_look_itself(text: str) -> None:
    with pytest.raises(ValueError, match="its host is no name that can exist"):
        _host_and_port(text)


def test_f87_a_password_in_a_url_is_never_shown() -> None:
    with pytest.raises(BadUrl) as caught:
        canonical("https://thu:matkhau@bao.vn/a")

    assert "matkhau" not in str(caught.value)
    assert "matkhau" not in shown("https:\\\\thu:matkhau@bao.vn/")
    assert "matkhau" not in shown("//thu:matkhau@bao.vn/")
    assert "matkhau" not in shown("ftp://thu:mat@matkhau@bao.vn/")


def test_a_url_is_shown_without_control_characters_and_not_endlessly() -> None:
    told = shown("http://bao.vn/\x1b[2J\x9b\u202e" + "a" * 10_000)

    assert told.isprintable()
    assert len(told) == 200
    assert told.startswith("http://bao.vn/\ufffd[2J\ufffd\ufffdaaa")
    assert told.endswith("a…")


@pytest.mark.parametrize("chars", [1, 199, 200])
def test_a_url_of_up_to_200_characters_is_shown_whole(chars: int) -> None:
    assert shown("đ" * chars) == "đ" * chars


@pytest.mark.parametrize("password", ["mat khau", "mat\tkhau", "mat@khau", "khau" * 1_000, "mật khẩu\x1b"])
def test_f87_no_part_of_a_password_is_shown_however_long_or_odd(password: str) -> None:
    assert shown(f"https://thu:{password}@bao.vn/a?x=@b") == "https://bao.vn/a?x=@b"


@pytest.mark.parametrize(
    ("target", "is_plain"),
    [
        ("/tin/cau-moi-1.html?trang=2&a=b", True),
        ("/" + "a" * 499, True),
        ("/" + "a" * 500, False),
        ("/tin/../cau", False),
        ("/tin/./cau", False),
        ("/cầu", False),
        ("/%41", False),
        ("tin", False),
    ],
)
def test_a_path_is_plain_where_nothing_need_be_worked_out(target: str, *, is_plain: bool) -> None:
    assert is_plain_target(target) is is_plain
    if is_plain:
        assert split(f"https://bao.vn{target}").target == target


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://bao.vn/a?utm_source=x&utm_medium=y", "https://bao.vn/a"),
        ("https://bao.vn/a?p=2&fbclid=IwAR0&q=1", "https://bao.vn/a?p=2&q=1"),
        ("https://bao.vn/a?fbclid=Iw=AR=0&q=1", "https://bao.vn/a?q=1"),
        ("https://bao.vn/a?gclid=1&UTM_Campaign=2&zarsrc=31", "https://bao.vn/a"),
        ("https://bao.vn/a?b=2&a=1", "https://bao.vn/a?b=2&a=1"),
        ("https://bao.vn/a?PHPSESSID=0123&id=7", "https://bao.vn/a?id=7"),
        ("https://bao.vn/a;jsessionid=0A1B?id=7", "https://bao.vn/a?id=7"),
        ("https://bao.vn/a?sid=0123456789abcdef0123&id=7", "https://bao.vn/a?id=7"),
        ("https://bao.vn/a?sid=12&id=7", "https://bao.vn/a?sid=12&id=7"),
        ("https://bao.vn/a?utm=1&source=2&ref=3", "https://bao.vn/a?utm=1&source=2&ref=3"),
        ("https://bao.vn/a?&&id=7&", "https://bao.vn/a?id=7"),
    ],
)
def test_tracking_and_session_parameters_do_not_name_a_page(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "alias",
    [
        "https://bao.vn/tin-1.html",
        "http://bao.vn/tin-1.html",
        "https://www.bao.vn/tin-1.html",
        "http://www.bao.vn:80/tin-1.html",
        "https://m.bao.vn/tin-1.html",
        "https://amp.bao.vn/tin-1.html",
        "https://www.bao.vn/tin-1.amp.html",
        "https://bao.vn/tin-1.html/amp",
        "https://bao.vn/tin-1.html/amp/",
        "https://bao.vn/amp/tin-1.html",
        "https://bao.vn/tin-1.html?amp=1",
        "https://bao.vn/tin-1.html?print=1&utm_source=zalo",
        "https://bao.vn/tin-1.html#comment",
        "https://bao.vn/tin-1.html/",
    ],
)
def test_the_ways_to_one_article_have_one_alias_key(alias: str) -> None:
    assert alias_key(alias) == "bao.vn/tin-1.html"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://bao.vn/tin-1.html", "https://bao.vn/tin-2.html"),
        ("https://bao.vn/a", "https://video.bao.vn/a"),
        ("https://bao.vn/?p=1", "https://bao.vn/?p=2"),
        ("https://bao.vn/ampere", "https://bao.vn/ere"),
        ("https://bao.vn/amp", "https://bao.vn/ampli"),
        ("https://m.vn/a", "https://vn/a"),
        ("https://bao.vn:8443/a", "https://bao.vn/a"),
    ],
)
def test_different_articles_keep_different_alias_keys(one: str, other: str) -> None:
    assert alias_key(one) != alias_key(other)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("tin.html", "https://bao.vn/muc/tin.html"),
        ("/tin.html", "https://bao.vn/tin.html"),
        ("../tin.html", "https://bao.vn/tin.html"),
        ("?p=2", "https://bao.vn/muc/trang?p=2"),
        ("#top", "https://bao.vn/muc/trang"),
        ("", "https://bao.vn/muc/trang"),
        ("//khac.vn/a", "https://khac.vn/a"),
        ("\\\\khac.vn\\a", "https://khac.vn/a"),
        ("http://khac.vn", "http://khac.vn/"),
        (" /tin\n.html ", "https://bao.vn/tin.html"),
        ("/a?utm_source=x", "https://bao.vn/a?utm_source=x"),
        ("/bài", "https://bao.vn/b%C3%A0i"),
        ("javascript:void(0)", None),
        ("JavaScript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("mailto:toasoan@bao.vn", None),
        ("tel:+84", None),
        ("data:text/html,a", None),
        ("http://", None),
        ("https:?x", None),
        ("//", None),
        ("//[", None),
        ("http://[::1", None),
        ("http://u:p@bao.vn/", None),
        ("x" * 3000, None),
        ("http://bao.vn:99999/", None),
    ],
)
def test_a_link_becomes_absolute_or_nothing(href: str, expected: str | None) -> None:
    assert join("https://bao.vn/muc/trang", href) == expected


@pytest.mark.parametrize("base", ["", "nothing", "javascript:1", "http://[", "https://u:p@bao.vn/"])
def test_a_link_from_a_base_that_is_no_url_leads_nowhere_or_where_it_says(base: str) -> None:
    assert join(base, "https://bao.vn/a?b") == "https://bao.vn/a?b"
    assert join(base, "tin.html") in {None, "https://bao.vn/tin.html"}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.baobinhthuan.com.vn", "baobinhthuan.com.vn"),
        ("baobinhthuan.com.vn", "baobinhthuan.com.vn"),
        ("vnexpress.net", "vnexpress.net"),
        ("thethao.vnexpress.net", "vnexpress.net"),
        ("binhthuan.gov.vn", "binhthuan.gov.vn"),
        ("stttt.binhthuan.gov.vn", "binhthuan.gov.vn"),
        ("a.org.vn", "a.org.vn"),
        ("b.a.edu.vn", "a.edu.vn"),
        ("x.net.vn", "x.net.vn"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("abc.net.au", "abc.net.au"),
        ("www.smh.com.au", "smh.com.au"),
        ("asahi.co.jp", "asahi.co.jp"),
        ("toa.blogspot.com", "toa.blogspot.com"),
        ("vov.vn", "vov.vn"),
        ("gov.vn", "gov.vn"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
    ],
)
def test_the_registrable_domain_is_what_someone_registered(host: str, expected: str) -> None:
    assert registrable(host) == expected


def test_one_site_is_one_registrable_domain_on_any_scheme_and_port() -> None:
    assert same_site("https://www.bao.com.vn/a", "http://video.bao.com.vn:8080/")
    assert not same_site("https://bao.com.vn/", "https://khac.com.vn/")
    assert not same_site("https://127.0.0.1/", "https://127.0.0.2/")
    assert not same_site("no url", "no url")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"-(?P<id>\d+)\.html", "114280"),
        (r"-(\d+)\.html", "114280"),
        (re.compile(r"(ten)-.*?(?P<id>\d+)"), "114280"),
        (r"-\d+\.html", None),
        (r"/post(\d+)", None),
        (r"(nothing)?-\d+", None),
    ],
)
def test_the_newspapers_own_id_stands_in_the_url(pattern: str, expected: str | None) -> None:
    assert article_id("https://bao.vn/ten-bai-114280.html", pattern) == expected


def test_the_parts_tell_authority_and_target() -> None:
    parts = split("https://bao.vn:8443/a/b?c=d#e")

    assert (parts.authority, parts.target) == ("https://bao.vn:8443", "/a/b?c=d")
    assert authority_of("http://[::1]:8000/x") == "http://[::1]:8000"


@pytest.mark.parametrize(
    "url", ["https://bao.vn", "http://www.bao.vn/", "https://bao.vn/amp/", "https://m.bao.vn/?amp=1"]
)
def test_every_way_to_a_front_page_has_one_alias_key(url: str) -> None:
    assert alias_key(url) == "bao.vn/"
