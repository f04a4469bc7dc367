from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.article_urls import LIKELY, is_article_url, is_section_url, shape_of

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"


@pytest.mark.parametrize(
    "url",
    [
        "https://bao.example/cau-moi-thong-xe-124375.html",
        "https://bao.example/cau-moi-post100231.html",
        "https://bao.example/cau-moi-thong-xe-a12345.html",
        "https://bao.example/thoi-su/cau-moi-thong-xe-937595.ldo",
        "https://bao.example/cau-moi-thong-xe-188260307102244359.chn",
        "https://bao.example/tin/202506/cau-moi-thong-xe-3f2a91c/",
        "https://bao.example/tin/cau-moi-i731502/",
        "https://news.example/yeni-kopru-acildi-3700034-gundem",
        "https://bao.example/Home/Tin/Trong-nuoc/100231/Cau-moi-thong-xe",
        "https://news.example/2025/06/12/bridge-opens/",
        "https://news.example/world/2025-06-12/bridge/95254",
        "https://news.example/news/articles/c8xvpe2z4nko",
        "https://news.example/story/4f9b2c1e-0d53-4b7a-9a38-5d0b6f1c7e21",
        "https://news.example/news/politics/11333783",
        "https://news.example/articleshow/112898501.cms",
        "https://news.example/bridge-opens-after-three-years-of-work",
        "https://news.example/view.php?article_id=100231",
        "https://news.example/news/橋が開通しました三年ぶりの工事を終えて",
    ],
)
def test_urls_of_articles_are_known_by_their_form(url: str) -> None:
    assert is_article_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://bao.example/",
        "https://bao.example/thoi-su",
        "https://bao.example/thoi-su/chinh-tri.htm",
        "https://bao.example/tai-chinh-chung-khoan-d6/",
        "https://bao.example/topic/ha-noi-26482",
        "https://bao.example/sea-games-33/topic-28312.html",
        "https://bao.example/su-kien/459-quan-tri-nhan-su.chn",
        "https://bao.example/chu-de/bau-cu-quoc-hoi-khoa-xvi-va-hoi-dong-nhan-dan-276.htm",
        "https://bao.example/tag/cau-moi-thong-xe-sau-ba-nam",
        "https://bao.example/tac-gia/nguyen-van-an-100231.html",
        "https://bao.example/thong-tin-toa-soan.htm",
        "https://bao.example/anh/cau-moi-thong-xe-124375.jpg",
        "https://bao.example/rss/thoi-su.rss",
        "https://news.example/category/world-news",
        "https://news.example/about-us/our-team-and-history",
        "https://news.example/privacy-policy",
    ],
)
def test_urls_of_other_pages_are_not_taken_for_articles(url: str) -> None:
    assert not is_article_url(url)


@pytest.mark.parametrize("path", ["thoi-su", "thoi-su/chinh-tri.htm", "the-gioi/", "kinh-te/tai-chinh/ngan-hang"])
def test_urls_of_sections_are_known_by_their_form(path: str) -> None:
    assert is_section_url(f"https://bao.example/{path}")


@pytest.mark.parametrize("path", ["tag/cau", "a-124375.html", "2025/06/12/", "a?x=1", "logo.png", "a/b/c/d", "lien-he"])
def test_what_cannot_be_a_section_is_none(path: str) -> None:
    assert not is_section_url(f"https://bao.example/{path}")


@given(st.text(max_size=200))
def test_any_url_has_a_shape(text: str) -> None:
    assert shape_of(f"https://bao.example/{text}").evidence <= 20


def test_most_urls_of_real_articles_are_known_by_their_form_alone() -> None:
    index = CORPUS / "index.jsonl"
    if not index.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
    articles = [
        row["url"] for row in rows if row["truth"].get("kind") != "listing" and not row["id"].startswith("wcxb")
    ]
    listings = [row["url"] for row in rows if row["truth"].get("kind") == "listing"]

    likely = sum(shape_of(url).evidence >= LIKELY for url in articles)

    assert likely / len(articles) >= 0.9
    assert not any(map(is_article_url, listings))
