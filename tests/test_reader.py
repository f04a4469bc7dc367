"""parse() as a whole: whatever the bytes, the same article for the same page, and nothing made up."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper import parse
from scraper.models import Article
from scraper.text import one_line

URL = "https://bao.example/thoi-su/nuoc-ve-dong-som-123456.html"
HEADLINE = "Nước về đồng sớm, nông dân Hàm Thuận xuống giống"
PARAGRAPHS = (
    "Sáng nay, nước từ hồ Sông Quao đã về tới cuối kênh, sớm hơn mọi năm nửa tháng; bà con mừng ra mặt.",
    "Ông Năm Thành, 62 tuổi, nói nhà ông có sáu công ruộng, năm ngoái bỏ hoang vì hạn, năm nay quyết gieo lại.",
    "Theo trạm thủy nông, lượng nước trong hồ đủ tưới cho 1.200 ha, nếu mỗi xã giữ đúng lịch đã ghi với nhau.",
)
PAGE = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>{HEADLINE} - Báo Đồng</title><meta property="og:site_name" content="Báo Đồng">
<meta property="og:title" content="{HEADLINE}"></head><body>
<nav class="menu"><a href="/">Trang chủ</a> <a href="/thoi-su">Thời sự</a></nav>
<main><article><h1 class="title">{HEADLINE}</h1><div class="content">
<figure><img src="/anh/kenh.jpg" alt="kênh"><figcaption>Nước về kênh N2. Ảnh: Hà Lan</figcaption></figure>
{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</div></article></main>
<footer>Bản quyền của Báo Đồng, cấm sao chép dưới mọi hình thức khi chưa được đồng ý.</footer></body></html>"""


def read(html: str, url: str = URL) -> Article:
    return parse(html.encode(), url, sites=())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600))
def test_never_raises_on_any_bytes(html: bytes) -> None:
    parse(html, URL, sites=()).to_dict()


TAGS = (
    "<p> </p> <div> </div> <table><tr><td> </table> <h1> </h1> <figure> <figcaption> </figure> <li> <ul> <br> <br><br> "
    "<a\thref=/x-1.html> </a> <script> </script> <noscript> <b> </b> <svg> <template> <!-- --> <img\tsrc=a.jpg> "
    "<div\tclass=related> <meta\tname=author\tcontent=Lan>"
)
TEXTS = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":1,"author":[null]}</script>',
    "Một câu chuyện dài, kể lại từ đầu làng đến cuối xóm.",
    "29/03/2023, 05:23",
    "Ảnh: Lan",
    "\x00",
    "\ud800",
    "ư\u0301",
)
PIECES = st.sampled_from([*TAGS.split(" "), *TEXTS])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=60))
def test_never_raises_on_tag_soup(pieces: list[str]) -> None:
    article = parse("".join(pieces).encode("utf-8", "surrogatepass"), URL, sites=())

    assert article.body.encode("utf-8") is not None


@pytest.mark.parametrize("url", ["", "nonsense", "file:///tmp/a.html", "http://[", "https://bao.example/\x00"])
def test_never_raises_on_any_url(url: str) -> None:
    assert read(PAGE, url).title == HEADLINE


def test_nested_elements_by_the_thousand_do_not_overflow() -> None:
    deep = "<i>" * 3000 + "sâu" + "</i>" * 3000

    assert "\n\n".join(PARAGRAPHS) in read(PAGE.replace("<footer>", deep + "<footer>")).body


def test_reads_title_body_caption_and_credit() -> None:
    article = read(PAGE)

    assert article.kind == "article"
    assert article.title == HEADLINE
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert [(i.url, i.caption, i.credit, i.alt) for i in article.images] == [
        ("https://bao.example/anh/kenh.jpg", "Nước về kênh N2.", "Hà Lan", "kênh")
    ]


def test_reads_a_page_in_decomposed_letters_as_its_composed_twin() -> None:
    twin = unicodedata.normalize("NFD", PAGE)

    assert twin != PAGE
    assert read(twin).to_dict() == read(PAGE).to_dict()


def test_composes_no_url() -> None:
    address = unicodedata.normalize("NFD", "/anh/kênh.jpg")

    article = read(unicodedata.normalize("NFD", PAGE).replace("/anh/kenh.jpg", address))

    assert "e%CC%82" in article.images[0].url


def test_order_of_attributes_changes_nothing() -> None:
    turned = PAGE.replace('<meta property="og:title" content=', '<meta id="x" content=').replace(
        f'"{HEADLINE}"></head>', f'"{HEADLINE}" property="og:title"></head>'
    )
    turned = turned.replace('<img src="/anh/kenh.jpg" alt="kênh">', '<img alt="kênh" src="/anh/kenh.jpg">')

    assert read(turned).to_dict() == read(PAGE).to_dict()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["", " ", "\n", "\t\n  "]), min_size=1, max_size=8))
def test_white_space_between_block_tags_changes_nothing(gaps: list[str]) -> None:
    tags = iter(range(10_000))
    block = re.compile(
        r"(?<=>)\s*(?=</?(?:p|div|figure|figcaption|h1|article|main|footer|nav|body|html|head|meta|title)\b)"
    )

    spaced = block.sub(lambda _: gaps[next(tags) % len(gaps)], PAGE)

    assert read(spaced).to_dict() == read(PAGE).to_dict()


def test_says_nothing_that_the_page_does_not() -> None:
    article = read("<html><body><p>Xin chào.</p></body></html>")

    assert article.title is None
    assert article.lead is None
    assert article.authors == ()
    assert article.published_at is None
    assert article.images == ()


def test_never_takes_a_hidden_description_for_the_body() -> None:
    description = "Tóm tắt chỉ có trong mã nguồn, không ai đọc thấy trên trang báo này bao giờ cả."
    html = PAGE.replace("</head>", f'<meta name="description" content="{description}"></head>')

    article = read(html)

    assert description not in article.body
    assert article.lead is None


def test_every_paragraph_of_the_body_is_on_the_page() -> None:
    page_text = one_line(re.sub("<[^>]+>", " ", PAGE))

    assert all(text in page_text for text in read(PAGE).body.split("\n\n"))


def test_names_the_source_of_each_value_and_why_others_were_refused() -> None:
    provenance = read(PAGE.replace("<nav", "<h1>Báo Đồng</h1><nav")).provenance

    assert provenance["title"].source == "html:h1"
    assert ("Báo Đồng", "it is the name of the outlet") in [(r.value, r.reason) for r in provenance["title"].rejected]
    assert provenance["body"].source.startswith("heuristic:")
