"""The lists, sitemaps and feeds of the demo newspaper lead to every article, and by few wrong ways."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

import pytest

from commands.newspaper import Newspaper
from commands.newspaper.answers import answer
from scraper.discover.listings import read_listing
from scraper.discover.sitemaps import read_sitemap
from scraper.models import Found, Page, Role

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
EDITION = Newspaper(clock=lambda: NOW).edition(BASE)
PATHS = {story.path for story in EDITION.stories}


@cache
def page(path: str) -> Page:
    response = answer(EDITION, path)
    return Page(BASE + path, BASE + path, response.status, response.headers, response.body, NOW)


def paths(found: Iterable[Found], role: Role) -> list[str]:
    return [link.url.removeprefix(BASE).partition("?utm_")[0] for link in found if link.role is role]


def walked(path: str) -> tuple[list[str], int]:
    """Return the articles that a listing and the pages after it name, and the number of pages."""
    articles: list[str] = []
    pages = 0
    following: list[str] = [path]
    while following and pages < 20:
        found = read_listing(page(following[0]), None)
        articles += paths(found, Role.ARTICLE)
        following = [link.url.removeprefix(BASE) for link in found if link.is_next_page]
        pages += 1
    return articles, pages


@pytest.mark.parametrize("section", [section.id for section in EDITION.sections])
def test_walking_a_section_meets_all_of_its_articles(section: str) -> None:
    articles, pages = walked(f"/{section}")

    assert {story.path for story in EDITION.of(section)} <= set(articles)
    assert set(articles) <= PATHS
    assert pages == -(-len(EDITION.of(section)) // 10)


def test_walking_the_newest_meets_every_article() -> None:
    articles, pages = walked("/tin-moi-nhat")

    assert set(articles) == PATHS
    assert pages == 5


def test_the_front_page_leads_to_all_sections_and_forbidden_pages_are_no_articles() -> None:
    found = read_listing(page("/"), None)

    assert {f"/{section.id}" for section in EDITION.sections} <= set(paths(found, Role.LISTING))
    assert not any(path.startswith(("/in/", "/tim-kiem", "/van-ban/")) for path in paths(found, Role.ARTICLE))


def test_the_sitemaps_lead_to_every_article_with_its_time() -> None:
    index = read_sitemap(page("/sitemap.xml"), None)

    found = [link for path in paths(index, Role.SITEMAP) for link in read_sitemap(page(path), None)]

    assert sorted(paths(found, Role.ARTICLE)) == sorted(PATHS)
    assert {link.url.removeprefix(BASE): link.modified_at for link in found} == {
        story.path: story.changed_at for story in EDITION.stories
    }


@pytest.mark.parametrize("path", ["/rss/home.rss", "/sitemap-news.xml"])
def test_feed_and_news_sitemap_give_the_newest_with_titles(path: str) -> None:
    found = read_sitemap(page(path), None)

    newest = EDITION.stories[: len(found)]
    assert len(found) >= 10
    assert paths(found, Role.ARTICLE) == [story.path for story in newest]
    assert [link.title for link in found] == [story.title for story in newest]
