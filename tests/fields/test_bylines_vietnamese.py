"""Who wrote a Vietnamese story: lines under the headline and signatures at its end, with and without class names."""

from __future__ import annotations

import pytest

from scraper import parse

TITLE = "Cầu mới qua sông đã thông xe sáng nay"
TEXT = "Cây cầu mới qua sông đã thông xe, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
STORY = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))
RIGHT = 'style="text-align:right"'


def authors_of(*, above: str = "", last: str = "") -> tuple[str, ...]:
    page = (
        f'<html lang="vi"><title>{TITLE}</title><body><div class="menu"><a href="/x">Thời sự</a></div>'
        f'<div class="main"><h1>{TITLE}</h1>{above}<div class="content">{STORY}{last}</div></div></body></html>'
    )
    return parse(page.encode(), "https://baovidu.vn/cau-moi-qua-song-124375.html", sites=()).authors


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("<div><span>Lê An</span> <span>20/11/2026 08:15</span></div>", ("Lê An",)),
        ("<div>Lê An, 20/11/2026 08:15</div>", ("Lê An",)),
        ("<div>08:15 20/11/2026 | Lê An</div>", ("Lê An",)),
        ("<div>Thứ Sáu, 20/11/2026 08:15 - Lê An</div>", ("Lê An",)),
        ("<ul><li>Lê An</li><li>20/11/2026 08:15</li></ul>", ("Lê An",)),
        ("<div><b>Lê An</b><br>20/11/2026 08:15</div>", ("Lê An",)),
        ("<p>Ngày tạo: 20/11/2026 | <span>Tác giả: Lê An</span> | Lượt xem: 99</p>", ("Lê An",)),
        ("<p>Đăng ngày 20/11/2026 bởi <a href='/x'>Lê An</a></p>", ("Lê An",)),
        ("<div>Theo Lê An | Báo Ví Dụ | 20/11/2026</div>", ("Lê An",)),
        ("<div><i class='fa fa-user'></i> Lê An <i class='fa fa-clock-o'></i> 20/11/2026</div>", ("Lê An",)),
        ("<div><a href='/le-an-tac-gia123.html'>Lê An</a></div>", ("Lê An",)),
        ("<div class='author'><span>Lê An</span><span>Hà My</span></div>", ("Lê An", "Hà My")),
        ("<div class='author'><span>Lê An</span> <span>Thứ Sáu, 20/11/2026</span></div>", ("Lê An",)),
        ("<p>Hà Nội - 20/11/2026 08:15</p>", ()),
        ("<p>Kinh Tế - 20/11/2026 08:15</p>", ()),
        ("<p>Tin Tức Sự Kiện | 20/11/2026</p>", ()),
        ("<p>Nghe Đọc Bài - 20/11/2026 08:15</p>", ()),
        ("<p>Theo TTXVN | 20/11/2026</p>", ()),
        ("<p>Tác giả: Đang cập nhật</p>", ()),
        ("<p class='author'>Ban Thời Sự</p>", ()),
    ],
)
def test_the_line_under_the_headline_names_the_author(above: str, expected: tuple[str, ...]) -> None:
    assert authors_of(above=above) == expected


def test_the_foot_of_a_page_with_a_short_text_names_no_author() -> None:
    foot = "<div class='ft'><p>Phó tổng biên tập: Đỗ Thu, Vũ Hà</p><p>Giấy phép số 4 cấp ngày 01/07/2022</p></div>"
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{TEXT}</p><p>{TEXT}</p>{foot}"

    assert parse(page.encode(), "https://baovidu.vn/cau-moi-qua-song-124375.html", sites=()).authors == ()


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (f"<p {RIGHT}><strong>Lê An</strong><br><i>(Theo Reuters)</i></p>", ("Lê An",)),
        (f"<p {RIGHT}><strong>Lê An</strong><br><strong>Hà My</strong></p>", ("Lê An", "Hà My")),
        (f"<p {RIGHT}>Bài, ảnh:<br><strong>Lê An</strong></p>", ("Lê An",)),
        (f"<p {RIGHT}><strong>Lê An/<a href='/'>Báo Ví Dụ</a></strong></p>", ("Lê An",)),
        (f"<p {RIGHT}><strong>(L.A)</strong></p>", ("L.A",)),
        ("<p><strong>(Lê An)</strong></p>", ("Lê An",)),
        ("<p><strong>Lê An </strong>(TTXVN)</p>", ("Lê An",)),
        (f"<p>{TEXT}<strong>Lê An</strong></p>", ("Lê An",)),
        (f"{TEXT}<br><br>{TEXT}<br><br><b>Lê An</b>", ("Lê An",)),
        (f"<p>{TEXT}<strong>Quan trọng nhất là đường đến trường</strong></p>", ()),
        (f"<p {RIGHT}><strong>Phòng VH-XH</strong></p>", ()),
        (f"<p {RIGHT}><strong>Video: Lê An</strong></p>", ()),
        ("<p><strong>BBT</strong></p>", ()),
        ("<p><strong>Hết</strong></p>", ()),
        ("<p>Facebook</p>", ()),
    ],
)
def test_the_last_lines_name_the_author(last: str, expected: tuple[str, ...]) -> None:
    assert authors_of(last=last) == expected
