"""Listings of many shapes are listings, and articles with much around them are articles."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scraper import parse

SENTENCES = (
    "Sáng nay, bến cá Gành Ngói đông hơn mọi ngày vì ghe về sớm tránh gió, giá cá cơm nhích lên từng chút.",
    "Ban quản lý cảng cho biết sẽ nạo vét luồng vào tháng sau để tàu lớn có thể cập bến khi nước ròng.",
    "Chị Năm bán bánh căn đầu chợ kể, khách đến ăn sáng đông gấp đôi tuần trước, than hồng đỏ từ ba giờ.",
    "Trường tiểu học trên đảo khai giảng lớp bơi miễn phí cho bốn mươi em, thầy dạy là bộ đội biên phòng.",
)
HEADLINES = (
    "Ngư dân Cửa Sò trúng mùa cá cơm, giá cao nhất ba năm",
    "Hồ Đá Xếp tích nước sớm cho vụ hè thu",
    "Tháp hải đăng trăm tuổi mở cửa đón khách tham quan",
    "Tuyến xe buýt số 5 nối bãi biển với bến xe",
)
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("thoi-su", "kinh-te", "van-hoa", "the-thao"))
FOOT = "<footer><p>Cơ quan chủ quản: Tỉnh ủy. Giấy phép số 12/GP-BTTTT cấp ngày 1/2/2020. Ghi rõ nguồn khi phát hành lại thông tin.</p></footer>"  # noqa: E501 -- a foot as they are


def headline(n: int) -> str:
    return f"{HEADLINES[n % 4]} (kỳ {n})"


def summary(n: int) -> str:
    return f"{SENTENCES[n % 4]}"


def link(n: int) -> str:
    return f'<a href="/thoi-su/tin-{100000 + n}.html">{headline(n)}</a>'


def cards(count: int, *, with_summary: bool = True) -> str:
    text = "<p>{}</p>" if with_summary else ""
    return "".join(
        f'<div class="item"><a href="/thoi-su/tin-{100000 + n}.html"><img src="/{n}.jpg"></a><h3>{link(n)}</h3>'
        f"{text.format(summary(n))}</div>"
        for n in range(count)
    )


def kind_of(html: str, path: str, head: str = "") -> str:
    page = f"""<html lang="vi"><head><title>Thời sự - Báo Bến Gió</title>{head}</head>
    <body><nav><ul>{MENU}</ul></nav>{html}{FOOT}</body></html>"""
    return str(parse(page.encode(), f"https://bao.example.vn{path}", sites=()).kind)


BIG = f'<div class="top"><h2>{link(90)}</h2><p>{SENTENCES[0]} {SENTENCES[1]} {SENTENCES[2]} {SENTENCES[3]}</p></div>'
SHAPES: dict[str, tuple[str, str]] = {
    "section with summaries": ("/thoi-su", cards(20)),
    "short section": ("/giao-duc", f'<h1>Giáo dục</h1><div class="list">{cards(6)}</div>'),
    "section without summaries": ("/thoi-su", cards(24, with_summary=False)),
    "second page of a section": ("/thoi-su/trang-2.htm", cards(15)),
    "one big lead story": ("/thoi-su", f"{BIG}{cards(12)}"),
    "one big lead story, the rest bare": ("/thoi-su", f"{BIG}{cards(20, with_summary=False)}"),
    "index of photo stories": ("/anh", "".join(f'<figure><a href="/anh/{n}.html"><img src="/{n}.jpg"></a><figcaption><a href="/anh/{n}.html">{headline(n)}</a></figcaption></figure>' for n in range(16))),  # noqa: E501 -- markup
    "index of videos": ("/video", "".join(f'<div class="video"><a href="/video/{n}.html">{headline(n)}</a><span>03:1{n % 10}</span></div>' for n in range(18))),  # noqa: E501 -- markup
    "tag": ("/tu-khoa/ca-com", f"<h1>Từ khóa: cá cơm</h1>{cards(10)}"),
    "search": ("/tim-kiem?q=ca+com", f"<h1>Kết quả tìm kiếm</h1><p>Có 240 kết quả cho “cá cơm”.</p>{cards(10)}"),
    "table of the old days": ("/thoi-su.asp", "<table>" + "".join(f'<tr><td><img src="/{n}.jpg"></td><td><b>{link(n)}</b><br>{summary(n)} <a href="/x{n}">Xem tiếp</a></td></tr>' for n in range(10)) + "</table>"),  # noqa: E501 -- markup
    "table of a portal, dates behind the headlines": ("/tin.aspx", "<table>" + "".join(f"<tr><td>{link(n)} <span>(19/11/2025)</span><br>{summary(n)}</td></tr>" for n in range(10)) + "</table>"),  # noqa: E501 -- markup
    "headline and summary in one link": ("/thoi-su", "".join(f'<a class="card" href="/tin-{100000 + n}.html"><h3>{headline(n)}</h3><p>{summary(n)}</p></a>' for n in range(12))),  # noqa: E501 -- markup
    "list of links with dates": ("/tin-moi-nhat", "<ul>" + "".join(f"<li><span>0{n % 9 + 1}/07/2025</span> {link(n)}</li>" for n in range(30)) + "</ul>"),  # noqa: E501 -- markup
    "home in blocks": ("/index.html", "".join(f'<section><h2><a href="/m{m}">Mục {m}</a></h2>{cards(5)}</section>' for m in range(5))),  # noqa: E501 -- markup
    "topic with an introduction": ("/chu-de/bien-dao", f"<h1>Biển đảo</h1><p>{SENTENCES[1]} {SENTENCES[2]}</p>{cards(14)}"),  # noqa: E501 -- markup
    "author's page": ("/tac-gia/le-an", f'<h1>Lê An</h1><p class="bio">{SENTENCES[3]}</p>{cards(10)}'),
}  # fmt: skip


@pytest.mark.parametrize(("path", "html"), SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(
    "head", ["", '<meta property="og:type" content="website">', '<meta property="og:type" content="article">']
)
def test_is_a_listing(path: str, html: str, head: str) -> None:
    assert kind_of(html, path, head) == "listing"


def story(paragraphs: int) -> str:
    return "".join(f"<p>{SENTENCES[n % 4]} {SENTENCES[(n + 1) % 4]}</p>" for n in range(paragraphs))


ARTICLES: dict[str, Callable[[], str]] = {
    "alone": lambda: story(5),
    "with cards below": lambda: f"<article>{story(4)}</article><div class='list'>{cards(12)}</div>",
    "with bare headlines below": lambda: f"<article>{story(3)}</article><div class='list'>{cards(20, with_summary=False)}</div>",  # noqa: E501 -- markup
    "with related links between paragraphs": lambda: "".join(f"<p>{SENTENCES[n % 4]} {SENTENCES[(n + 1) % 4]}</p><p><b>{link(n)}</b></p>" for n in range(4)) + story(4),  # noqa: E501 -- markup
    "round-up of headings that are links": lambda: story(2) + "".join(f'<h2><a href="https://other.example/{n}">{headline(n)}</a></h2>{story(2)}' for n in range(5)),  # noqa: E501 -- markup
    "photo essay": lambda: story(1) + "".join(f'<figure><img src="/{n}.jpg"><figcaption>{SENTENCES[n % 4]}</figcaption></figure>' for n in range(8)),  # noqa: E501 -- markup
    "short notice": lambda: f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>",
}  # fmt: skip


@pytest.mark.parametrize("make", ARTICLES.values(), ids=ARTICLES)
def test_is_an_article(make: Callable[[], str]) -> None:
    html = f"<main><h1>{HEADLINES[0]}</h1><time datetime='2025-07-02T08:00:00+07:00'>02/07/2025</time>{make()}</main>"

    assert kind_of(html, "/thoi-su/ngu-dan-trung-mua-100409.html") == "article"


def test_a_short_item_among_many_headlines_is_an_article_where_the_data_say_so() -> None:
    data = f"""<title>{HEADLINES[0]} - Báo Bến Gió</title><script type="application/ld+json">{{"@type": "NewsArticle",
    "headline": "{HEADLINES[0]}", "datePublished": "2025-07-02T08:00:00+07:00"}}</script>"""
    page = f"<html><head>{data}</head><body><h1>{HEADLINES[0]}</h1><p>{SENTENCES[0]}</p>{cards(20)}</body></html>"

    assert str(parse(page.encode(), "https://bao.example.vn/tin-9", sites=()).kind) == "article"
