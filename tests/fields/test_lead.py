"""The lead, where it has markup of its own."""

from __future__ import annotations

import pytest

from scraper import parse

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
TITLE = "Mùa cá cơm ở Phan Rí về sớm hơn mọi năm"
LEAD = "Cá về sớm nửa tháng, bến Phan Rí sáng đèn suốt đêm và giá vẫn giữ ở mức cao."
TEXT = (
    "<p>Mùa gió nam về, ghe lưới vây cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng hôm sau.</p>"
    "<p>Người làm nước mắm chờ sẵn ở cầu cảng, cân cá xong là muối ngay, mỗi mẻ ba cá một muối như xưa.</p>"
)


@pytest.mark.parametrize(
    "html",
    [
        f'<article><h1>{TITLE}</h1><h2 class="sapo">{LEAD}</h2><div>{TEXT}</div></article>',
        f'<article><h1>{TITLE}</h1><p class="article-lead">{LEAD}</p><div>{TEXT}</div></article>',
        f'<article><h1>{TITLE}</h1><div class="content"><div class="standfirst">{LEAD}</div>{TEXT}</div></article>',
        f"<article><h1>{TITLE}</h1><div><p><strong>{LEAD}</strong></p>{TEXT}</div></article>",
    ],
)
def test_finds_the_lead_and_keeps_it_once_in_the_body(html: str) -> None:
    article = parse(f"<html><body>{html}</body></html>".encode(), URL, sites=())

    assert article.lead == LEAD
    assert article.body.startswith(LEAD)
    assert article.body.count(LEAD) == 1


def test_a_story_without_a_lead_has_none() -> None:
    article = parse(f"<html><body><h1>{TITLE}</h1><div>{TEXT}</div></body></html>".encode(), URL, sites=())

    assert article.lead is None


def test_what_holds_the_whole_text_is_no_lead_whatever_it_is_called() -> None:
    text = "<br><br>".join(["The wall will be raised by forty centimetres before the storms, the council said."] * 3)
    page = f"<h1>Harbour wall to be raised</h1><div itemprop='description articleBody'>{text}</div>"

    assert parse(page.encode(), "https://paper.example/a-1.html", sites=()).lead is None
