from __future__ import annotations

import pytest

from scraper import sites
from scraper.discover.scope import Scope
from scraper.errors import BadUrl
from scraper.models import Role
from scraper.seeds import role_of, seed_of_site, seed_of_url

SITE = "https://bao.example"


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/", Role.LISTING),
        ("/thoi-su", Role.LISTING),
        ("/thoi-su/trang-2.htm", Role.LISTING),
        ("/sitemap.xml", Role.SITEMAP),
        ("/sitemaps/sitemap-2025-06.xml.gz", Role.SITEMAP),
        ("/rss/home.rss", Role.FEED),
        ("/feed/", Role.FEED),
        ("/thoi-su/cau-moi-thong-xe-100231.html", Role.ARTICLE),
    ],
)
def test_what_a_url_is_fetched_for_is_guessed_from_its_form(path: str, role: Role) -> None:
    assert role_of(SITE + path) is role


def test_a_front_page_stands_for_the_whole_newspaper_and_a_section_for_itself() -> None:
    assert seed_of_url("https://bao.example").home == "https://bao.example/"
    assert seed_of_url("https://bao.example/thoi-su").home is None


def test_a_url_of_a_known_site_is_crawled_under_its_name() -> None:
    seed = seed_of_url("https://vnexpress.net/kinh-doanh", sites.shipped())

    assert seed.site == "vnexpress"
    assert {task.site for task in seed.tasks} == {"vnexpress"}
    assert "https://vnexpress.net/a" in seed.scope


def test_a_site_begins_with_its_front_page_its_sections_and_its_sitemaps() -> None:
    for site in sites.shipped():
        seed = seed_of_site(site)

        assert site.home in {task.url for task in seed.tasks}
        assert len(seed.tasks) == len({task.url for task in seed.tasks})
        assert all(task.url in seed.scope for task in seed.tasks if task.role is Role.LISTING)


@pytest.mark.parametrize(
    "text", ["", "ftp://bao.example/", "https://", "javascript:alert(1)", "https://a:b@bao.example/"]
)
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(BadUrl):
        seed_of_url(text)


def test_the_scope_of_a_newspaper_is_its_domain_and_no_other() -> None:
    scope = seed_of_url("https://www.bao.example/").scope

    assert "http://the-thao.bao.example/a" in scope
    assert "https://bao.example.evil.example/a" not in scope
    assert "https://notbao.example/a" not in scope
    assert "junk" not in scope
    assert 7 not in Scope(frozenset({"bao.example"}))
