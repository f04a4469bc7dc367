"""Whose text a reprint is."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.models import Article, iso

TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
PARAGRAPHS = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))


def read(last: str, *, url: str = "https://baoxa.example/cau-moi-124375.html") -> Article:
    page = f"""<html lang="vi"><head><meta charset="utf-8"><title>Cầu mới</title></head><body>
    <h1>Cầu mới qua sông đã thông xe</h1><div class="content">{PARAGRAPHS}{last}</div></body></html>"""
    return parse(page.encode(), url, sites=())


@pytest.mark.parametrize(
    ("last", "name"),
    [
        ("<p>(baosonglon.example) 29/03/2023, 05:23</p>", "baosonglon.example"),
        ("<p>Theo TTXVN</p>", "TTXVN"),
        ("<p>Theo Đài PT-TH Bến Gió</p>", "Đài PT-TH Bến Gió"),
        ("<p>Theo Đài Tiếng nói Việt Nam</p>", "Đài Tiếng nói Việt Nam"),
        ("<p><strong>(Theo TTXVN)</strong></p>", "TTXVN"),
        ("<p>Nguồn: Báo Sông Lớn</p>", "Báo Sông Lớn"),
        ("<p>Source: Reuters</p>", "Reuters"),
        ("<p>Quelle: dpa</p>", "dpa"),
    ],
)
def test_the_last_line_names_the_source(last: str, name: str) -> None:
    assert read(last).source_name == name


def test_the_date_beside_the_name_is_the_time_at_the_source() -> None:
    article = read("<p>(baosonglon.example) 29/03/2023, 05:23</p>")

    assert iso(article.source_published_at) == "2023-03-29T05:23:00+07:00"


@pytest.mark.parametrize(
    "last",
    [
        "",
        "<p>Theo Hồ Hương</p>",
        "<p>Theo dõi chúng tôi trên mạng xã hội</p>",
        "<p>(Thứ Năm) 29/03/2023, 05:23</p>",
        "<p>Ảnh: TTXVN</p>",
        "<p>Theo kế hoạch đã được duyệt từ năm ngoái thì cầu còn phải sơn lại một lần nữa.</p>",
    ],
)
def test_what_is_no_source_names_none(last: str) -> None:
    article = read(last)

    assert article.source_name is None
    assert article.source_published_at is None


def test_the_newspaper_itself_is_no_source() -> None:
    assert read("<p>Nguồn: Báo Sông Lớn</p>", url="https://baosonglon.example/cau-moi-124375.html").source_name is None
