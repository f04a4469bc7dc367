"""Which site a URL belongs to, and what its rules say of the URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.sites import Site, article_id, find, is_article_url, load, shipped

HEAD = 'id = "lang"\nname = "Báo Làng"\nhome = "https://baolang.vn/"\nhosts = ["baolang.vn", "langbao.com.vn"]\n'
SEEN = '\n[verified]\nstatus = "verified"\non = 2026-03-07\n'


@pytest.fixture
def site(tmp_path: Path) -> Site:
    path = tmp_path / "lang.toml"
    path.write_text(
        HEAD + r"article_url = '-\d{4}\.html$'" + "\n" + r"article_id = '-(\d{4})\.html$'" + SEEN, encoding="utf-8"
    )
    return load(path)


@pytest.mark.parametrize(
    "url",
    [
        "https://baolang.vn/a",
        "http://www.baolang.vn:80/a",
        "https://m.baolang.vn",
        "https://amp.baolang.vn/a?x=1",
        "https://LANGBAO.com.vn./",
        "https://www.langbao.com.vn/",
    ],
)
def test_finds_a_site_by_host_alias_and_mirror(site: Site, url: str) -> None:
    assert find((site,), url) is site


@pytest.mark.parametrize(
    "url",
    [
        "https://en.baolang.vn/",
        "https://baolang.vn.evil.com/",
        "https://xbaolang.vn/",
        "baolang.vn",
        "",
        "https://[",
        "x:",
    ],
)
def test_finds_none_for_other_hosts_and_for_what_is_no_url(site: Site, url: str) -> None:
    assert find((site,), url) is None


def test_of_two_sites_with_one_host_the_first_has_it(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD.replace('"lang"', '"own"'), encoding="utf-8")
    own = load(path)

    assert find((own, site), "https://baolang.vn/") is own
    assert find([site, own], "https://baolang.vn/") is site


def test_without_sites_none_is_found() -> None:
    assert find((), "https://tuoitre.vn/") is None


def test_tells_articles_by_the_rule_and_their_id(site: Site) -> None:
    assert is_article_url(site, "https://baolang.vn/hoi-lang-1234.html") is True
    assert is_article_url(site, "https://baolang.vn/hoi-lang") is False
    assert article_id(site, "https://m.baolang.vn/khac-1234.html") == "1234"
    assert article_id(site, "https://baolang.vn/") is None


def test_a_url_longer_than_any_newspapers_is_no_article(site: Site) -> None:
    assert is_article_url(site, "https://baolang.vn/" + "a" * 600 + "-1234.html") is False


def test_a_rule_that_was_never_seen_to_hold_does_not_say_no(tmp_path: Path) -> None:
    path = tmp_path / "lang.toml"
    path.write_text(HEAD + r"article_url = '-\d{4}\.html$'", encoding="utf-8")
    unverified = load(path)

    assert is_article_url(unverified, "https://baolang.vn/hoi-lang-1234.html") is True
    assert is_article_url(unverified, "https://baolang.vn/hoi-lang-mo-som-hon-moi-nam.htm") is None


def test_a_site_without_a_rule_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "lang.toml"
    path.write_text(HEAD, encoding="utf-8")

    assert is_article_url(load(path), "https://baolang.vn/hoi-lang-1234.html") is None


@pytest.mark.parametrize(
    ("name", "article", "number", "other"),
    [
        ("tuoitre", "https://tuoitre.vn/cho-noi-20260307081500123.htm", "20260307081500123", "https://tuoitre.vn/thoi-su.htm"),
        ("vnexpress", "https://vnexpress.net/lang-chieu-5040001.html", "5040001", "https://vnexpress.net/topic/ha-noi-26482"),
        ("cafef", "https://cafef.vn/kho-lanh-188260307094000123.chn", "188260307094000123", "https://cafef.vn/xa-hoi.chn"),
        ("baochinhphu", "https://baochinhphu.vn/a-102260301095100123.htm", "102260301095100123", "https://baochinhphu.vn/chu-de/a-276.htm"),
        ("baodautu", "https://baodautu.vn/xuong-gom-d530001.html", "530001", "https://baodautu.vn/kinh-doanh-d3/"),
        ("baolaocai", "https://baolaocai.vn/nep-nha-post400001.html", "400001", "https://baolaocai.vn/doi-song/"),
        ("baobinhthuan", "https://baobinhthuan.com.vn/cang-ca-124001.html", "124001", "https://baobinhthuan.com.vn/tin-tuc"),
        ("danvan", "http://danvan.vn/Home/A/B/16000/Slug", "16000", "http://danvan.vn/Home/A/B"),
        ("laodong", "https://laodong.vn/xa-hoi/a-b-937595.ldo", "937595", "https://laodong.vn/xa-hoi/"),
        ("genk", "https://genk.vn/a-b-20210801123151694.chn", "20210801123151694", "https://genk.vn/mobile.chn"),
        ("plo", "https://plo.vn/a-b-post812345.html", "812345", "https://plo.vn/phap-luat/"),
        ("baokhanhhoa", "https://baokhanhhoa.vn/xa-hoi/202603/hoi-lang-0a1b2c3/", "0a1b2c3", "https://baokhanhhoa.vn/xa-hoi/"),
    ],
)  # fmt: skip
def test_shipped_sites_know_their_articles_by_address(name: str, article: str, number: str, other: str) -> None:
    site = find(shipped(), article)

    assert site is not None
    assert site.id == name
    assert is_article_url(site, article) is True
    assert article_id(site, article) == number
    assert is_article_url(site, other) is not True
