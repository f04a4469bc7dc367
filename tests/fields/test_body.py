"""Where the story stands, on pages that no rule knows."""

from __future__ import annotations

import pytest

from scraper import parse

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
STORY = (
    "Con đường đất chạy dọc bờ biển Hàm Tiến đã được rải nhựa từ đầu tháng, xe cộ qua lại êm hơn trước nhiều.",
    "Bà Sáu bán cá ở chợ nói mỗi sáng bà đỡ mất nửa giờ, cá lên tới chợ còn tươi, khách mua cũng vui hơn.",
    "Xã dự tính năm sau làm tiếp hai cây số cuối, nối với đường lớn, để học trò khỏi lội bùn khi mưa xuống.",
)
TITLE = "Đường mới về làng biển Hàm Tiến"
OTHER = "Một tin khác của hôm nay, cũng dài và cũng có dấu chấm, dấu phẩy, nhưng không thuộc về bài này chút nào."
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)


def body_of(html: str) -> list[str]:
    return parse(f"<html><body>{html}</body></html>".encode(), URL, sites=()).body.split("\n\n")


def test_double_breaks_part_paragraphs_and_single_ones_do_not() -> None:
    html = f"<div id='noidung'>{STORY[0]}<br><br>{STORY[1]}<br/>{STORY[2]}</div>"

    assert body_of(html) == [STORY[0], f"{STORY[1]} {STORY[2]}"]


def test_bare_text_between_elements_is_a_paragraph() -> None:
    html = f"<div>{STORY[0]}<div>{STORY[1]}</div>{STORY[2]}</div>"

    assert body_of(html) == list(STORY)


def test_divs_serve_as_paragraphs() -> None:
    assert body_of("<section>" + "".join(f"<div>{text}</div>" for text in STORY) + "</section>") == list(STORY)


def test_tables_that_lay_out_the_page_are_no_tables() -> None:
    html = f"<table><tr><td width=160><a href=/>Trang chủ</a></td><td>{PARAGRAPHS}</td></tr></table>"

    assert body_of(html) == list(STORY)


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="tin-lien-quan"><p>{OTHER}</p></div>',
        f'<div class="related-news"><a href="/khac-1.html">Tin khác</a><p>{OTHER}</p></div>',
        f"<aside><p>{OTHER}</p></aside>",
        f'<div class="newsletter-box"><p>{OTHER}</p></div>',
        f'<form><p>{OTHER}</p><input name="email"></form>',
        f'<div id="comments"><p>{OTHER}</p></div>',
        f'<div class="cookie-consent"><p>{OTHER}</p></div>',
        f'<div style="display: none"><p>{OTHER}</p></div>',
        f"<script>document.write('{OTHER}')</script>",
        f"<p><script>var quangcao = '{OTHER}';</script></p>",
        '<p><a href="/khac-2.html">Đọc thêm: chuyện của người giữ đèn biển ở mũi Kê Gà</a></p>',
        "<p>&gt;&gt; Xem thêm: chuyện của người giữ đèn biển</p>",
        "<p>Quảng cáo</p>",
        '<div class="share">Chia sẻ qua Facebook</div>',
    ],
)
def test_a_story_split_by_a_box_comes_out_whole_and_alone(box: str) -> None:
    text = box.join(f"<p>{text}</p>" for text in STORY)
    html = f"<article><h1>{TITLE}</h1><div>{text}</div></article>"

    assert body_of(html) == list(STORY)


def test_teasers_below_the_story_are_not_of_it() -> None:
    teasers = "".join(
        f'<li><h3><a href="/{n}.html">Đầu đề của tin số {n} hôm nay</a></h3><p>{OTHER}</p></li>' for n in range(9)
    )

    assert body_of(f"<div><div>{PARAGRAPHS}</div><div><ul>{teasers}</ul></div></div>") == list(STORY)


def test_a_second_article_below_is_not_of_it() -> None:
    second = f"<section><h1>Chợ nổi họp lại sau mùa lũ lớn</h1><p>{OTHER}</p><p>{OTHER}</p><p>{OTHER}</p></section>"
    html = f"<title>{TITLE}</title><section><h1>{TITLE}</h1>{PARAGRAPHS}</section>"

    assert body_of(html + second) == list(STORY)


def test_a_wrapper_named_after_its_sidebar_keeps_its_story() -> None:
    side = f'<div class="sidebar"><p>{OTHER}</p></div>'
    html = f'<div class="page has-sidebar share-on"><div class="main">{PARAGRAPHS}</div>{side}</div>'

    assert body_of(html) == list(STORY)


def test_a_footer_longer_than_the_story_is_not_the_story() -> None:
    html = f"<div><h1>Đường mới về làng</h1><p>{STORY[0]}</p></div><footer>{f'<p>{OTHER}</p>' * 8}</footer>"

    assert body_of(html) == [STORY[0]]


def test_signature_at_the_right_is_not_of_the_text() -> None:
    assert body_of(f'<div>{PARAGRAPHS}<p style="text-align:right"><strong>K. Hằng</strong></p></div>') == list(STORY)


@pytest.mark.parametrize(
    "sentences",
    [
        (
            "今朝、港に新しい船が入り、町の人びとが手を振って迎えた。",
            "船長は六十二歳で、この海を四十年走ってきたという。",
        ),
        (
            "오늘 아침 새 배가 항구에 들어왔고, 마을 사람들이 손을 흔들며 맞았다.",
            "선장은 예순두 살로, 사십 년을 이 바다에서 보냈다고 했다.",
        ),
        (
            "Сегодня утром в порт вошло новое судно, и весь посёлок вышел его встречать.",
            "Капитану шестьдесят два года, сорок из них он провёл в море.",
        ),
        (
            "دخلت الميناء صباح اليوم سفينة جديدة، وخرج أهل البلدة للترحيب بها.",
            "قال القبطان إنه أمضى أربعين عاما في هذا البحر، ولم ير مثل هذا اليوم.",
        ),
    ],
)
def test_finds_the_story_in_any_script(sentences: tuple[str, ...]) -> None:
    links = "".join(f'<li><a href="/{n}">{sentences[0][:12]} {n}</a></li>' for n in range(12))
    html = f"<ul>{links}</ul><div>{''.join(f'<p>{text}</p>' for text in sentences)}</div>"

    assert body_of(html) == list(sentences)
