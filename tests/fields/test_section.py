"""Section and tags."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.models import Article

TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "


def read(*, head: str = "", above: str = "", below: str = "") -> Article:
    page = f"""<html lang="vi"><head><meta charset="utf-8">{head}</head><body>{above}
    <h1>Cầu mới qua sông</h1><div class="content"><p>{TEXT * 3}</p><p>{TEXT * 3}</p></div>{below}</body></html>"""
    return parse(page.encode(), "https://baoxa.example/cau-moi-124375.html", sites=())


def jsonld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


STEPS = """{"@type": "BreadcrumbList", "itemListElement": [
  {"@type": "ListItem", "position": 3, "item": {"name": "Cầu mới qua sông"}},
  {"@type": "ListItem", "position": 1, "name": "Trang chủ"},
  {"@type": "ListItem", "position": 2, "item": {"@id": "/x", "name": "Giao thông"}}]}"""


@pytest.mark.parametrize(
    ("parts", "section"),
    [
        ({"head": '<meta property="article:section" content="Thời sự">'}, "Thời sự"),
        ({"head": jsonld('{"@type": "NewsArticle", "articleSection": ["Kinh tế", "Tin"]}')}, "Kinh tế"),
        ({"head": jsonld(STEPS)}, "Giao thông"),
        ({"above": '<ul class="breadcrumb"><li><a href="/">Trang chủ</a><li><a href="/v">Văn hóa</a></ul>'}, "Văn hóa"),
        ({}, None),
        ({"head": '<meta property="article:section" content="Cầu mới qua sông">'}, None),
    ],
    ids=["meta", "jsonld", "steps", "breadcrumb", "none", "headline"],
)
def test_the_page_names_its_section(parts: dict[str, str], section: str | None) -> None:
    assert read(**parts).section == section


@pytest.mark.parametrize(
    ("parts", "tags"),
    [
        (
            {"head": '<meta property="article:tag" content="cầu"><meta property="article:tag" content="sông">'},
            ("cầu", "sông"),
        ),
        ({"head": '<meta name="news_keywords" content="cầu, sông, Cầu">'}, ("cầu", "sông")),
        ({"head": jsonld('{"@type": "NewsArticle", "keywords": "cầu, sông"}')}, ("cầu", "sông")),
        ({"below": '<div class="tags"><a href="/t/1">#cầu</a> <a href="/t/2">sông</a></div>'}, ("cầu", "sông")),
        ({"below": '<p><a rel="tag" href="/t/1">cầu</a></p>'}, ("cầu",)),
        ({}, ()),
    ],
    ids=["meta", "keywords", "jsonld", "box", "rel", "none"],
)
def test_the_page_names_its_topics(parts: dict[str, str], tags: tuple[str, ...]) -> None:
    assert read(**parts).tags == tags


def test_topics_of_a_menu_are_not_the_articles() -> None:
    above = '<div class="hot-tags"><a href="/t/1">bầu cử</a><a href="/t/2">giá vàng</a></div>'

    assert read(above=above).tags == ()


FOLDER = "https://bao.example.vn/nong-nghiep/trong-dua-luoi-100262.html"


def section_above(line: str, *, url: str = FOLDER, head: str = "<title>Trồng dưa lưới</title>") -> str | None:
    text = "Vụ thứ ba, dưa đạt hai tấn rưỡi mỗi nghìn mét vuông, độ ngọt mười bốn độ, bán tại vườn hết trong ba ngày."
    menu = '<div><a href="/">Trang chủ</a> <a href="/thoi-su">Thời sự</a> <a href="/nong-nghiep">Nông nghiệp</a></div>'
    page = (
        f"<html><head>{head}</head><body>{menu}{line}<h1>Trồng dưa lưới trong nhà màng</h1><p>{text}</p><p>{text}</p>"
    )
    return parse(page.encode(), url, sites=()).section


@pytest.mark.parametrize(
    "line",
    [
        '<div class="cat"><a href="/nong-nghiep">Nông nghiệp</a></div>',
        '<p><a href="/nong-nghiep/">Nông nghiệp</a></p>',
        '<p><a href="/">Trang chủ</a> &gt; <a href="/nong-nghiep.html">Nông nghiệp</a></p>',
        '<p><a href="https://bao.example.vn/nong-nghiep">Nông nghiệp</a></p>',
    ],
)
def test_the_link_to_the_folder_of_the_page_names_the_section(line: str) -> None:
    assert section_above(line) == "Nông nghiệp"


@pytest.mark.parametrize(
    "line",
    [
        "",
        '<p><a href="/thoi-su">Thời sự</a></p>',
        '<p><a href="https://other.example/nong-nghiep">Nông nghiệp</a></p>',
        '<p><a href="/nong">Nông</a></p>',
        '<p><a href="/">Báo Quê</a></p>',
    ],
)
def test_a_menu_or_a_link_elsewhere_names_no_section(line: str) -> None:
    assert section_above(line) is None


def test_keywords_that_name_the_newspaper_alone_are_no_topics() -> None:
    def tags(keywords: str) -> tuple[str, ...]:
        head = f'<title>Trồng dưa - Báo Sông Lớn</title><meta name="keywords" content="{keywords}">'
        return parse(f"<html><head>{head}</head><body><h1>Trồng dưa</h1></body></html>".encode(), FOLDER, sites=()).tags

    assert tags("Sông Lớn, tin tức") == ()
    assert tags("Sông Lớn, dưa lưới") == ("Sông Lớn", "dưa lưới")
