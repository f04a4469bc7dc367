from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.differences import Change, changes
from commands.rendering import as_html, as_markdown

ARTICLE: dict[str, Any] = {
    "url": "https://bao.example/tin-1.html",
    "title": "Đường *Lê Duẩn* <mở rộng>",
    "published_at": "2023-03-29T05:23:00+07:00",
    "authors": ["K. Hằng"],
    "section": "Thời sự",
    "source_name": "TTXVN",
    "blocks": [
        {"kind": "paragraph", "text": "- Không phải danh sách"},
        {"kind": "heading", "level": None, "text": "1. Mục"},
        {"kind": "list", "ordered": True, "items": ["một", "hai"]},
        {"kind": "quote", "text": "lời\nnói"},
        {"kind": "table", "rows": [["a|b", "c"], ["d"]]},
        {
            "kind": "image",
            "url": "https://bao.example/a b.jpg",
            "caption": "Chú thích",
            "credit": "Ảnh: H",
            "alt": None,
        },
    ],
    "related": [{"url": "https://bao.example/tin-2.html", "title": "Tin [khác]"}],
}


def test_markdown_says_what_the_article_says_and_nothing_in_it_is_markup() -> None:
    assert as_markdown(ARTICLE) == (
        r"""# Đường \*Lê Duẩn\* \<mở rộng\>

2023-03-29 05:23 (+07:00) · K. Hằng · Thời sự · from TTXVN

<https://bao.example/tin-1.html>

\- Không phải danh sách

## \1. Mục

1. một
2. hai

> lời
> nói

| a\|b | c |
| --- | --- |
| d |  |

![](<https://bao.example/a%20b.jpg>)

*Chú thích (Ảnh: H)*

## Related

- [Tin \[khác\]](<https://bao.example/tin-2.html>)"""
    )


def test_html_is_a_page_that_can_run_and_load_nothing_but_pictures() -> None:
    page = as_html(ARTICLE)

    assert "default-src 'none'; img-src http: https: data:" in page
    assert "<h1>Đường *Lê Duẩn* &lt;mở rộng&gt;</h1>" in page
    assert "<ol><li>một</li><li>hai</li></ol>" in page
    assert '<a href="https://bao.example/tin-2.html">Tin [khác]</a>' in page


@given(st.text(st.characters()))
def test_no_text_becomes_a_tag_or_a_link(text: str) -> None:
    article = ARTICLE | {
        "title": text,
        "url": text,
        "blocks": [{"kind": "paragraph", "text": text}, {"kind": "image", "url": text, "alt": text, "caption": text}],
        "related": [{"url": text, "title": text}],
    }

    page = as_html(article)

    assert page.count("<") == as_html(article | {"title": "x"}).count("<")
    assert "javascript:" not in page.replace(text, "")
    assert as_markdown(article).encode()


def test_what_changed_is_told_field_by_field_and_paragraph_by_paragraph() -> None:
    old = {
        "title": "Cũ",
        "lead": None,
        "authors": ["A"],
        "body": "một\n\nhai\n\nba",
        "images": [{"url": "u", "caption": "x"}],
    }
    new = {"title": "Mới", "lead": None, "authors": ["A"], "body": "một\n\nhai sửa\n\nba\n\nbốn", "images": []}

    assert changes(old, new) == [
        Change("title", "Cũ", "Mới"),
        Change("text", "hai", "hai sửa"),
        Change("text", None, "bốn"),
        Change("picture", "x", None),
    ]
    assert changes(old, old) == []
