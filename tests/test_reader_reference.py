"""The page that all extractors fail on: no metadata, today's date above, a title in a plain div, lists below."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from scraper import parse
from scraper.models import Article, BlockKind

SEED = Path(__file__).parents[1] / ".." / "shared" / "seed" / "reference-article.txt"
URL = "https://portal.example/Home/Tin-tuc/2023/14503/Phoi-hop.aspx"
TITLE = "Bình Thuận: Giữ vườn thanh long qua mùa hạn, góp sức của cả xóm nhỏ"
CAPTION = "Tổ nước của xóm nạo kênh trước ngày mở cống."
HEADINGS = ("Sát với đồng ruộng", "Cùng nhau lâu dài")
PARAGRAPHS: dict[str, tuple[str, ...]] = {
    "Sát với đồng ruộng": (
        (
            "Theo tổ trưởng tổ nước, từ đầu năm đến nay xóm đã chia nước theo giờ, cử người canh cống và ghi sổ; "
            "nhờ vậy 561 hộ không hộ nào phải bỏ vườn. Năm ngoái, 86 mô hình tưới nhỏ giọt được làm thử ở ba thôn."
        ),
        (
            "Song song đó, các cụ già trong xóm đi từng nhà nhắc nhau giữ rừng đầu nguồn. Nổi rõ, chuyện tranh nước "
            "ở đường Lê Duẩn đã yên; bà con ký một bản thỏa thuận bằng tay, treo ở nhà văn hóa…"
        ),
    ),
    "Cùng nhau lâu dài": (
        (
            "Thời gian tới, xóm sẽ đào thêm hai ao trữ nước, mỗi ao chừng 2.000 mét khối, và mở lớp dạy sửa bơm cho "
            "thanh niên. “Làm chung thì nhẹ, làm riêng thì nặng”, ông Tư nói khi buổi họp vừa tan."
        ),
        "Ngoài ra, trường học nhận trồng bóng mát dọc bờ kênh để từ đó con đường đi học mát hơn mỗi mùa hè.",
    ),
}
SOURCE_LINE = "(baobinhthuan.com.vn) 29/03/2023, 05:23"
FETCHED_AT = datetime(2024, 6, 13, 3, 0, tzinfo=UTC)


def page(today: str, title: str, caption: str, sections: dict[str, tuple[str, ...]], source: str) -> bytes:
    """Lay the article out as the portal does: tables, bold lines for headings, and nothing about itself."""
    rows = []
    for heading, paragraphs in sections.items():
        rows.append(f"<p><strong>{escape(heading)}</strong></p>")
        rows.extend(f'<p style="text-align: justify">{escape(text)}</p>' for text in paragraphs)
    other = [("Khai mạc hội thi bơi thuyền trên sông Cà Ty", "12/06/2024"), ("Chợ nổi họp lại sau lũ", "11/06/2024")]
    seen = [("Lịch cắt nước tuần này của khu phố", "01/06/2024"), ("Giá thanh long ruột đỏ nhích lên", "30/05/2024")]
    return f"""<html><head><meta charset="utf-8"><title>Cổng thông tin</title></head><body>
    <div id="header"><img src="/images/banner.png" width="980"><div class="menu"><a href="/">Trang chủ</a>
    <a href="/lien-he">Liên hệ</a></div><span>{escape(today)}</span></div>
    <table width="980"><tr><td valign="top" width="700">
      <div class="tieudeTin"><b>{escape(title)}</b></div>
      <div class="noidungTin">
        <table align="center"><tbody><tr><td><img src="/upload/2023/03/29/anh-lon.jpg" width="600"></td></tr>
        <tr><td>{escape(caption)}</td></tr></tbody></table>
        {"".join(rows)}
        <p align="right">{escape(source)}</p>
      </div>
      <div><a href="mailto:?subject=tin">Gửi cho bạn bè</a></div>
      <div><b>Các tin khác</b><ul>{_items(other)}</ul></div>
    </td><td valign="top"><div><b>Xem nhiều nhất</b><ul>{_items(seen)}</ul></div></td></tr></table>
    <div>Bản quyền thuộc về Cổng thông tin. Giấy phép số 12/GP.</div></body></html>""".encode()


def _items(news: list[tuple[str, str]]) -> str:
    return "".join(f'<li><a href="/tin/{n}.aspx">{escape(t)}</a> ({day})</li>' for n, (t, day) in enumerate(news))


@pytest.fixture
def article() -> Article:
    html = page("Thứ Năm, 13/6/2024", TITLE, CAPTION, PARAGRAPHS, SOURCE_LINE)
    return parse(html, URL, sites=(), fetched_at=FETCHED_AT)


def test_reference_layout_gives_the_title_of_a_plain_div(article: Article) -> None:
    assert article.title == TITLE


def test_reference_layout_gives_the_caption_of_the_row_below_the_picture(article: Article) -> None:
    assert [image.caption for image in article.images] == [CAPTION]
    assert article.images[0].url == "https://portal.example/upload/2023/03/29/anh-lon.jpg"


def test_reference_layout_gives_bold_lines_as_headings(article: Article) -> None:
    assert tuple(block.text for block in article.blocks if block.kind is BlockKind.HEADING) == HEADINGS


def test_reference_layout_gives_the_whole_body_and_nothing_else(article: Article) -> None:
    expected = [text for heading, texts in PARAGRAPHS.items() for text in (heading, *texts)]

    assert article.body.split("\n\n") == expected


def test_reference_layout_is_an_article_of_the_day_that_the_source_line_tells(article: Article) -> None:
    assert article.kind == "article"
    assert article.published_on is not None
    assert article.published_on.isoformat() == "2023-03-29"


def test_reference_article_itself_comes_out_whole() -> None:
    if not SEED.exists():
        pytest.skip(f"{SEED} is not here")
    lines = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    today, title, caption, source = lines[0], lines[1], lines[2], lines[-4]
    sections: dict[str, tuple[str, ...]] = {}
    for line in lines[3:-4]:
        if len(line) < 60:
            sections[line] = ()
        else:
            heading = list(sections)[-1]
            sections[heading] = (*sections[heading], line)

    found = parse(page(today, title, caption, sections, source), URL, sites=(), fetched_at=FETCHED_AT)

    assert found.title == title
    assert [image.caption for image in found.images] == [caption]
    assert [b.text for b in found.blocks if b.kind is BlockKind.HEADING] == list(sections)
    assert found.body.split("\n\n") == [text for heading, texts in sections.items() for text in (heading, *texts)]
    assert found.to_dict()["published_at"] == "2023-03-29T05:23:00+07:00"
    assert found.source_name == "baobinhthuan.com.vn"
