"""What the work of a worker gives for each role of a page, with what it names or without."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from commands.newspaper import Newspaper
from commands.newspaper.answers import answer
from scraper.models import Page, Role, Task
from scraper.reading import read_for_article, read_page

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
EDITION = Newspaper(clock=lambda: NOW).edition(BASE)


def page(path: str) -> Page:
    response = answer(EDITION, path)
    return Page(BASE + path, BASE + path, response.status, response.headers, response.body, NOW)


PAGES = {"a front page": "/", "a section": f"/{EDITION.sections[0].id}", "an article": EDITION.stories[0].path}


@pytest.mark.parametrize(("kind", "role", "depth"), list(product(PAGES, (Role.ARTICLE, Role.LISTING), (0, 1))))
def test_reading_for_the_article_gives_the_same_one_and_nothing_to_follow(kind: str, role: Role, depth: int) -> None:
    one, task = page(PAGES[kind]), Task(BASE + PAGES[kind], role, "bao", depth=depth)

    whole, alone = read_page(one, task), read_for_article(one, task)

    assert alone.article == whole.article
    assert alone.found == ()
    assert whole.found


@pytest.mark.parametrize(("path", "role"), [("/sitemap.xml", Role.SITEMAP), ("/rss/home.rss", Role.FEED)])
def test_lists_for_machines_have_no_article(path: str, role: Role) -> None:
    one, task = page(path), Task(BASE + path, role, "bao")

    assert read_for_article(one, task).article is None
    assert read_page(one, task).article is None
