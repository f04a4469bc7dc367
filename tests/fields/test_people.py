"""Bylines: who is named, and who is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import parse
from scraper.fields import names

URL = "https://bao.example.vn/cau-moi-qua-song-124375.html"
TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
PARAGRAPHS = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))


def authors_of(
    *, head: str = "", above: str = "", last: str = "", below: str = "", lang: str = "vi", url: str = URL
) -> tuple[str, ...]:
    text = PARAGRAPHS if lang == "vi" else "<p>" + "Plain words of a plain story, one after another. " * 6 + "</p>"
    page = f"""<html lang="{lang}"><head><meta charset="utf-8"><title>Cầu mới qua sông</title>{head}</head><body>
    <div class="main"><h1>Cầu mới qua sông đã thông xe sáng nay</h1>{above}
    <div class="content">{text}{last}</div>{below}</div></body></html>"""
    return parse(page.encode(), url, sites=()).authors


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("K. Hằng", ("K. Hằng",)),
        ("T.H", ("T.H",)),
        ("T.H.", ("T.H.",)),
        ("Tin, ảnh: P.Y", ("P.Y",)),
        ("Bài, ảnh: Nguyễn Văn An, Trần Thị Bình", ("Nguyễn Văn An", "Trần Thị Bình")),
        ("Hà Thu (tổng hợp)", ("Hà Thu",)),
        ("Theo Hồ Hương", ("Hồ Hương",)),
        ("Phóng viên Lê An", ("Lê An",)),
        ("PV Lê An - CTV Hà My", ("Lê An", "Hà My")),
        ("Bài và ảnh: H.Hà", ("H.Hà",)),
        ("Lê An (Theo The Daily News)", ("Lê An",)),
        ("Minh Anh Xem các bài viết của tác giả", ("Minh Anh",)),
        ("Nguyên Minh - 07/03/2026 08:47", ("Nguyên Minh",)),
        ("Thanh Tùng/TTXVN", ("Thanh Tùng",)),
        ("Von Anna Maier und Jan Schulz", ("Anna Maier", "Jan Schulz")),
        ("By Mary O'Neil, Tom Lee and Ann Ray", ("Mary O'Neil", "Tom Lee", "Ann Ray")),
        ("By Mary Lee | The Daily News", ("Mary Lee",)),
        ("Por María de la Cruz y Juan Pérez", ("María de la Cruz", "Juan Pérez")),
        ("Par Jean Petit", ("Jean Petit",)),
        ("di Anna Rossi", ("Anna Rossi",)),
        ("Tekst: Kari Holm", ("Kari Holm",)),
        ("Mary Lee@marylee mary@bao.example", ("Mary Lee",)),
        ("Mary Lee, Staff Writer", ("Mary Lee",)),
        ("김민수 기자 minsu@bao.example", ("김민수",)),
        ("山田 太郎", ("山田 太郎",)),
        ("Иван Петров и Анна Белова", ("Иван Петров", "Анна Белова")),
        ("MINH ANH và 1 tác giả khác", ("MINH ANH",)),
        ("Lê An thực hiện", ("Lê An",)),
        ("Được viết bởi Lê An", ("Lê An",)),
        ("Bài: Lê An. Đồ họa: Hà My", ("Lê An",)),
        ("Lê An, Bài và ảnh", ("Lê An",)),
        ("Theo Lê An/Vietnam+", ("Lê An",)),
        ("Lê An - Đài PTTH", ("Lê An",)),
        ("Submitted by Mary Lee", ("Mary Lee",)),
        ("Text: Anna Maier Foto: Jan Schulz", ("Anna Maier",)),
        ("Anna Rossi, inviata alle isole", ("Anna Rossi",)),
        ("Anna Lis, PAP", ("Anna Lis",)),
        ("Mary Lee, CNN", ("Mary Lee",)),
        ("MARY LEE FOR THEPAPERONLINE", ("MARY LEE",)),
        ("Mary Lee, home affairs correspondent, and Tom Ray", ("Mary Lee", "Tom Ray")),
        ("by Mary Lee on November 20, 2026", ("Mary Lee",)),
        ("By Mary Simon November 20, 2026", ("Mary Simon",)),
        ("Von Anna Maier, BR", ("Anna Maier",)),
        ("Bởi", ()),
        ("P.V", ()),
        ("PV - CTV", ()),
        ("Theo NLĐ", ()),
        ("Theo Dân Trí", ()),
        ("Theo Thanh Niên", ()),
        ("Theo Người Lao Động", ()),
    ],
)
def test_names_the_people_of_a_byline(byline: str, expected: tuple[str, ...]) -> None:
    assert names.names(byline) == expected


@pytest.mark.parametrize(
    "byline",
    [
        "Theo TTXVN",
        "Nhóm PV",
        "Báo Sông Lớn điện tử",
        "Ảnh: Nguyễn An",
        "Donnerstag",
        "The Daily News",
        "東京新聞デジタル",
        "an.nguyen.van",
        "annguyenvan",
        "By",
        "12:30",
        "https://bao.example/an",
    ],
)
def test_names_nobody_where_a_byline_has_no_person(byline: str) -> None:
    assert names.names(byline) == ()


@given(st.text(max_size=400))
def test_every_name_stands_in_its_byline(byline: str) -> None:
    assert all(word in byline for name in names.names(byline) for word in name.strip(".").split())


def test_a_page_without_author_has_none() -> None:
    assert authors_of() == ()


def test_the_outlet_of_the_structured_data_is_no_author_of_a_vietnamese_page() -> None:
    head = """<meta name="author" content="Báo Sông Lớn">
    <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Cầu mới",
    "author": {"@type": "Organization", "name": "Báo Sông Lớn"}}</script>"""

    assert authors_of(head=head) == ()


def test_people_of_the_structured_data_are_authors() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Cầu mới",
    "author": [{"@type": "Person", "name": "Theo L&ecirc; An"}, {"@type": "Person", "name": "B&#236;nh Minh"}]}
    </script>"""

    assert authors_of(head=head) == ("Lê An", "Bình Minh")


def test_a_reference_to_a_person_is_followed() -> None:
    head = """<script type="application/ld+json">{"@graph": [{"@type": "Person", "@id": "#1", "name": "Ann Ray"},
    {"@type": "NewsArticle", "headline": "A bridge", "author": {"@id": "#1"}}]}</script>"""

    assert authors_of(head=head, lang="en") == ("Ann Ray",)


@pytest.mark.parametrize(
    "above",
    [
        '<p class="author">Lê An</p>',
        '<div class="tac-gia"><a href="/tac-gia/le-an-1.html">Lê An</a> Xem các bài viết của tác giả</div>',
        '<a rel="author" href="/u/1">Lê An</a>',
        '<span itemprop="author"><span itemprop="name">Lê An</span></span>',
        '<div class="byline">Lê An - 07/03/2026 08:47</div>',
        "<p>Tác giả: Lê An</p>",
        '<p class="meta"><a href="/autoren/le-an">Lê An</a></p>',
    ],
)
def test_the_byline_under_the_headline_names_the_author(above: str) -> None:
    assert authors_of(above=above) == ("Lê An",)


@pytest.mark.parametrize(
    "last",
    [
        '<p style="text-align: right;"><strong>Lê An</strong></p>',
        '<p style="text-align:right">L.A</p>',
        "<p><strong>Lê An</strong></p>",
        "<p><b>Tin, ảnh: Lê An</b></p>",
        '<p align="right">Lê An</p>',
        "<div><span>Lê An</span></div>",
    ],
)
def test_the_name_that_ends_a_vietnamese_text_is_its_author(last: str) -> None:
    assert authors_of(last=last) in {("Lê An",), ("L.A",)}


@pytest.mark.parametrize(
    "last",
    [
        '<p style="text-align:right"><strong>Theo TTXVN</strong></p>',
        "<p><strong>Xem thêm</strong></p>",
        "<p><strong>Vì sao chọn cầu này?</strong></p>",
        '<p style="text-align:right">Ảnh: Lê An</p>',
    ],
)
def test_a_source_a_label_or_a_question_that_ends_the_text_is_no_author(last: str) -> None:
    assert authors_of(last=last) == ()


def test_authors_of_comments_and_of_other_stories_are_not_the_articles() -> None:
    below = """<div class="comments"><p class="comment-author">Trần Bình</p><p>Cầu đẹp quá.</p></div>
    <div class="related"><a href="/tin-khac-mot-hai-124374.html">Tin khác một hai ba</a>
    <span class="author">Phạm Cường</span></div>"""

    assert authors_of(below=below) == ()


def test_the_photographer_is_no_author() -> None:
    above = '<figure><img src="a.jpg"><figcaption>Cầu mới. <span class="author">Phạm Cường</span></figcaption></figure>'

    assert authors_of(above=above) == ()


def test_a_desk_in_the_place_of_the_byline_is_taken_where_nobody_is_named() -> None:
    above = '<p class="byline">Von Redaktion Flussbote</p>'

    assert authors_of(above=above, lang="de", url="https://flussbote.example.de/a-1.html") == ("Redaktion Flussbote",)


def test_an_author_is_named_once() -> None:
    above = '<div class="byline">By <a rel="author" href="/a">Ann Ray</a>, <a rel="author" href="/a">ANN RAY</a></div>'

    assert authors_of(above=above, lang="en") == ("Ann Ray",)
