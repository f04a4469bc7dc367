"""The pages of the demo newspaper: what each layout shows, and that it shows the truth."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from html import unescape

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from commands.newspaper import Edition, Layout, Newspaper, Story
from commands.newspaper.answers import Response, answer

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
NEWSPAPER = Newspaper(clock=lambda: NOW)
EDITION = NEWSPAPER.edition("http://127.0.0.1:8000")
STORIES = EDITION.stories


def get(path: str, edition: Edition = EDITION) -> Response:
    return answer(edition, path)


def html_of(story: Story) -> str:
    return unicodedata.normalize("NFC", get(story.path).body.decode(story.charset.replace("windows-", "cp")))


def text_of(html: str) -> str:
    return " ".join(LexborHTMLParser(html).text(separator=" ").split())


def one(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    node = tree.css_first(selector)
    assert node is not None, selector
    return node


def first(layout: Layout) -> Story:
    return next(story for story in STORIES if story.layout is layout and story.charset == "utf-8")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_page_shows_all_of_its_truth(story: Story) -> None:
    truth = NEWSPAPER.article(story.slug)

    shown = text_of(html_of(story))

    for text in (truth.title, *truth.paragraphs, *truth.headings, *truth.items, *truth.captions, *truth.authors):
        assert text in shown


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_page_links_to_its_related_articles_in_the_order_of_the_truth(story: Story) -> None:
    related = NEWSPAPER.article(story.slug).related

    html = html_of(story)

    places = [html.index(f'href="{path}"') for path in related]
    assert places or story.layout is Layout.PORTAL
    assert places == sorted(places)


def test_only_the_full_layout_has_structured_data() -> None:
    for story in STORIES:
        html = html_of(story)

        assert ("application/ld+json" in html) == (story.layout is Layout.FULL)
        assert ('property="og:title"' in html) == (story.layout is Layout.FULL)


def test_json_ld_gives_the_time_and_names_the_outlet_as_author() -> None:
    story = first(Layout.FULL)

    script = one(LexborHTMLParser(html_of(story)), 'script[type="application/ld+json"]')
    node = json.loads(script.text())

    assert datetime.fromisoformat(node["datePublished"]) == story.published_at
    assert node["author"]["@type"] == "Organization"
    assert node["mainEntityOfPage"]["@id"] == EDITION.base_url + story.path


def test_the_bare_layout_has_the_traits_of_the_reference_page() -> None:
    story = first(Layout.BARE)

    tree = LexborHTMLParser(html_of(story))
    text = text_of(html_of(story))

    assert not tree.css("h1, h2, h3, h4, meta[name], meta[property], time, figure, [itemprop]")
    assert text.index("Thứ Tư, 2/7/2025") < text.index(story.title), "today's date is in the header"
    assert one(tree, "title").text() not in story.title
    assert f"({story.source_name}) {story.source_published_at:%d/%m/%Y, %H:%M}" in text
    assert text.index("Gửi cho bạn bè") < text.index("Các tin khác") < text.index("Xem nhiều nhất")
    assert [cell.text(strip=True) for cell in tree.css(".chitiet table tr:nth-child(2) td")] == [
        f"{photo.caption} Ảnh: {photo.credit}" if photo.credit else photo.caption for photo in story.photos
    ]
    assert all("/20" in item.text() for item in tree.css("ul li")), "every item has a date of its own"


def test_the_table_layout_ends_its_text_with_a_bold_byline_on_the_right() -> None:
    story = first(Layout.TABLE)

    tree = LexborHTMLParser(html_of(story))

    byline = tree.css("#noidung > p")[-1]
    assert byline.attributes["style"] == "text-align:right"
    assert one(byline, "strong").text() == story.byline or " - ".join(story.authors)
    assert len(tree.css("table.image tr")) == 2


def test_the_portal_layout_parts_paragraphs_by_line_breaks() -> None:
    story = first(Layout.PORTAL)

    content = one(LexborHTMLParser(html_of(story)), ".news-content")

    assert not content.css("p")
    assert len(content.css("br")) > 4


def test_one_page_is_sent_decomposed() -> None:
    story = next(story for story in STORIES if story.is_decomposed)

    text = get(story.path).body.decode()

    assert unicodedata.is_normalized("NFD", text)
    assert not unicodedata.is_normalized("NFC", text)


def test_one_page_is_sent_in_windows_1258_and_says_so() -> None:
    story = next(story for story in STORIES if story.charset == "windows-1258")

    response = get(story.path)
    html = response.body.decode("cp1258")

    assert dict(response.headers)["Content-Type"] == "text/html; charset=windows-1258"
    assert unescape(story.title) in unicodedata.normalize("NFC", html)
    assert "&#" not in html, "the charset has every letter of the text"


def test_one_story_is_reached_by_several_urls_and_each_names_the_canonical_one() -> None:
    story = next(story for story in STORIES if story.has_amp)
    paths = [story.path, f"{story.path}?utm_source=zalo&fbclid=x", *story.aliases, f"/amp{story.path}"]

    for path in paths:
        response = get(path)
        canonical = one(LexborHTMLParser(response.body), 'link[rel="canonical"]')

        assert response.status == 200
        assert canonical.attributes["href"] == EDITION.base_url + story.path

    moved = get(story.moved_from[0])
    assert (moved.status, dict(moved.headers)["Location"]) == (301, EDITION.base_url + story.path)


def test_text_that_looks_like_markup_is_shown_and_not_run() -> None:
    newspaper = Newspaper(clock=lambda: NOW)
    paths = []
    for n, layout in enumerate(Layout):
        title = f"Bài {n} <script>alert(1)</script> & “thử”"
        article = newspaper.publish(title, "Một đoạn <b>đậm</b> & $title ${x}.\n\n" * 3, layout=layout, lead="<i>")
        paths.append(article.path)

    for path in paths:
        html = get(path, newspaper.edition()).body.decode()

        assert "<script>alert" not in html
        assert "<b>đậm" not in html
        assert "&lt;b&gt;đậm&lt;/b&gt; &amp; $title ${x}." in html


def test_a_story_without_pictures_authors_and_lead_still_has_its_page() -> None:
    newspaper = Newspaper(clock=lambda: NOW)

    for n, layout in enumerate(Layout):
        article = newspaper.publish(f"Tin ngắn {n}", "Chỉ một đoạn.", layout=layout)

        assert get(article.path, newspaper.edition()).status == 200
        assert article.lead is None
