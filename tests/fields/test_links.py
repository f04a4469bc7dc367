"""Links: related, popular, of a section, other."""

from __future__ import annotations

import time

import pytest

from scraper import parse
from scraper.fields.link_titles import without_date
from scraper.models import Article, Relation

URL = "https://bao.example.vn/cau-moi-qua-song-124375.html"
TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
PARAGRAPHS = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))


def link(number: int, *, more: str = "") -> str:
    return f'<a href="/tin-so-{number}-cua-bao-12{number:04}.html">Tin số {number} của báo hôm nay</a>{more}'


def items(*numbers: int) -> str:
    return "<ul>" + "".join(f"<li>{link(n)}</li>" for n in numbers) + "</ul>"


def read(*, inside: str = "", below: str = "", beside: str = "") -> Article:
    page = f"""<html lang="vi"><head><meta charset="utf-8"><title>Cầu mới</title></head><body>
    <nav><a href="/thoi-su">Thời sự</a><a href="/kinh-te">Kinh tế</a></nav>
    <div class="main"><h1>Cầu mới qua sông đã thông xe sáng nay</h1>
    <div class="content">{PARAGRAPHS}{inside}{PARAGRAPHS}</div>{below}</div>
    <div class="side">{beside}</div></body></html>"""
    return parse(page.encode(), URL, sites=())


def numbers(article: Article) -> list[int]:
    return [int(found.url.rsplit("-12", 1)[1].removesuffix(".html")) for found in article.related]


@pytest.mark.parametrize(
    "label",
    ["Tin liên quan", "TIN LIÊN QUAN:", "Bài liên quan", "Tham khảo thêm", "Tin bài liên quan", "Các tin khác",
     "Tin cùng chuyên mục", "Đọc thêm", "Những tin cũ hơn", "Tin tức mới", "Bài viết gần đây", "Tin cùng danh mục",
     "Thông tin liên quan", "Bài viết tương tự", "Mời bạn đọc thêm", "Có thể bạn chưa biết", "Related articles",
     "Mehr zum Thema", "Lire aussi", "関連記事"],
)  # fmt: skip
def test_a_box_under_such_a_label_is_related(label: str) -> None:
    article = read(below=f"<div><h3>{label}</h3>{items(1, 2)}</div>")

    assert numbers(article) == [1, 2]
    assert label.rstrip(":") in article.provenance["related"].source


@pytest.mark.parametrize("label", ["Xem nhiều nhất", "Đọc nhiều", "Tin đọc nhiều", "Most read", "Meistgelesen"])
def test_a_box_under_such_a_label_is_popular(label: str) -> None:
    article = read(below=f"<div><h3>{label}</h3>{items(1, 2)}</div>")

    assert article.related == ()
    assert [f.relation for f in article.links if "tin-so" in f.url] == [Relation.POPULAR] * 2


def test_other_news_are_related_only_where_nothing_more_explicit_stands() -> None:
    feed = f"<div><h3>Các tin khác</h3>{items(3, 4)}</div>"

    assert numbers(read(below=feed)) == [3, 4]
    assert numbers(read(below=f"<div><h3>Tin liên quan</h3>{items(1)}</div>{feed}")) == [1]


def test_boxes_on_a_flat_page_end_at_the_next_label() -> None:
    below = f"<h3>Các tin khác</h3>{items(1, 2)}<h3>Xem nhiều nhất</h3>{items(3)}"

    assert numbers(read(below=below)) == [1, 2]


@pytest.mark.parametrize(
    "inside",
    [
        f"<p>&gt;&gt; {link(1)}</p>",
        f"<p><b>Xem thêm:</b> {link(1)}</p>",
        f"<div class='box-lien-quan'>{link(1)}</div>",
        f"<div type='RelatedOneNews'>{link(1, more='<p>Một dòng giới thiệu ngắn.</p>')}</div>",
        f"<p><strong>{link(1)}</strong></p>",
    ],
    ids=["arrows", "see also", "class", "type", "nothing but a link"],
)
def test_boxes_inside_the_text_are_related_inline(inside: str) -> None:
    article = read(inside=inside)

    assert numbers(article) == [1]
    assert article.related[0].relation is Relation.INLINE


def test_links_in_sentences_and_topics_are_not_related() -> None:
    inside = f"<p>{TEXT} Theo {link(1)}, {TEXT}</p>"
    tags = '<div class="tags"><a href="/tag/cau-moi-qua-song-12.html">cầu mới qua sông</a></div>'

    article = read(inside=inside, below=tags)

    assert article.related == ()
    assert Relation.OTHER in {f.relation for f in article.links if "tin-so" in f.url}


def test_a_teaser_below_the_last_paragraph_and_in_its_container_is_related() -> None:
    page = f"<h1>Cầu mới qua sông</h1><div class='content'>{PARAGRAPHS}<div><b>{link(1)}</b></div></div>"
    menu = f"<nav><div>{link(2)}</div></nav>"

    assert numbers(parse(page.encode(), URL, sites=())) == [1]
    assert numbers(parse(page.replace(f"<div><b>{link(1)}</b></div>", menu).encode(), URL, sites=())) == []


def test_lists_of_newer_and_of_older_news_are_taken_alike() -> None:
    lists = [
        f"<p><b>Những tin {age} hơn</b></p><ul class='related'>{items(n, n + 1)}</ul>"
        for n, age in ((1, "mới"), (3, "cũ"))
    ]

    assert numbers(read(below=f"<div>{''.join(lists)}</div>")) == [1, 2, 3, 4]


def test_a_label_over_links_that_line_breaks_part() -> None:
    below = (
        f"<b>Các tin đã đưa:</b><br>- {link(1)} (19/11)<br>- {link(2)} (18/11)<br>- {link(3)} (18/11)<br>- {link(4)}"
    )

    assert numbers(read(below=below)) == [1, 2, 3, 4]


def test_a_widget_within_the_article_is_not_beside_it() -> None:
    widget = f"<div class='box-widget'><h3 class='widget-title'>Các tin khác</h3>{items(1, 2)}</div>"

    assert numbers(read(below=widget)) == [1, 2]
    assert numbers(read(beside=widget)) == []


def test_a_popular_box_beside_the_article_does_not_stand_in_for_related() -> None:
    assert read(beside=f"<div class='most-read'>{items(1, 2)}</div>").related == ()


def test_related_links_of_another_newspaper_are_advertisements() -> None:
    below = (
        '<h3>Tin liên quan</h3><ul><li><a href="https://ads.example.com/mua-ngay-gia-tot-12345.html">Mua ngay</a></ul>'
    )

    assert read(below=below).related == ()


def test_navigation_is_of_sections() -> None:
    links = {found.title: found.relation for found in read().links}

    assert links["Thời sự"] is Relation.SECTION


def test_each_url_comes_once_with_the_first_title_it_has() -> None:
    picture = '<a href="/tin-so-1-cua-bao-120001.html"><img src="a.jpg"></a>'

    article = read(below=f"<h3>Tin liên quan</h3><div>{picture}{link(1)}{link(1)}</div>")

    assert [found.title for found in article.related] == ["Tin số 1 của báo hôm nay"]


def test_links_to_no_page_are_left_out() -> None:
    below = "".join(
        f'<a href="{href}">x</a>' for href in ("#top", "javascript:void(0)", "mailto:a@b.example", "tel:1", "")
    )

    assert all(found.url.startswith("https://") for found in read(below=below).links)


def test_the_heading_of_a_teaser_is_its_title_and_its_date_is_not() -> None:
    teaser = """<a href="/tin-so-1-cua-bao-120001.html"><h4>Tin số một của báo</h4><p>Dòng giới thiệu.</p></a>"""
    dated = (
        '<a href="/tin-so-2-cua-bao-120002.html">Tin số hai của báo <span class="date">(Ngày đăng 12/6/2024)</span></a>'
    )

    article = read(below=f"<h3>Tin liên quan</h3><div>{teaser}{dated}</div>")

    assert [found.title for found in article.related] == ["Tin số một của báo", "Tin số hai của báo"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Xã bên sông có cầu mới (12/06/2024)", "Xã bên sông có cầu mới"),
        ("Xã bên sông có cầu mới (Ngày đăng 12/06/2024)", "Xã bên sông có cầu mới"),
        ("Xã bên sông có cầu mới 12/06/2024 08:15", "Xã bên sông có cầu mới"),
        ("Giá vàng hôm nay 7/3/2026", "Giá vàng hôm nay 7/3/2026"),
        ("Xã bên sông có cầu mới", "Xã bên sông có cầu mới"),
    ],
)
def test_a_date_glued_to_a_title_is_cut_and_one_that_belongs_to_it_stays(text: str, title: str) -> None:
    assert without_date(text) == title


def test_a_section_page_has_no_related_links() -> None:
    boxes = "".join(f"<div><h3>Tin liên quan</h3>{items(*range(n, n + 6))}</div>" for n in range(1, 60, 6))
    page = f"<html lang='vi'><head><meta charset='utf-8'></head><body><h1>Thời sự</h1>{boxes}</body></html>"

    assert parse(page.encode(), "https://bao.example.vn/thoi-su", sites=()).related == ()


def test_ten_thousand_links_and_labels_cost_little_time() -> None:
    began = time.process_time()

    read(below="".join(f"<h3>Tin liên quan</h3>{link(n)}" for n in range(10_000)))

    assert time.process_time() - began < 5
