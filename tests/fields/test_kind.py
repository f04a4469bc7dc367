"""Articles told from listings."""

from __future__ import annotations

from scraper import parse

SENTENCE = (
    "Mùa gió nam về, ghe lưới vây cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng hôm sau, ai cũng vui."
)
TEASERS = "".join(
    f'<li><h3><a href="/tin-{n}.html">Đầu đề khá dài của tin số {n} trong ngày</a></h3><p>{SENTENCE}</p></li>'
    for n in range(20)
)


def kind_of(html: str, path: str) -> str:
    return str(parse(f"<html><body>{html}</body></html>".encode(), f"https://bao.example{path}", sites=()).kind)


def test_a_story_is_an_article() -> None:
    assert (
        kind_of(f"<h1>Mùa cá về</h1><div>{f'<p>{SENTENCE}</p>' * 4}</div>", "/xa-hoi/mua-ca-ve-123456.html")
        == "article"
    )


def test_a_story_among_teasers_of_others_is_an_article() -> None:
    html = f"<h1>Mùa cá về</h1><div>{f'<p>{SENTENCE}</p>' * 12}</div><ul>{TEASERS}</ul>"

    assert kind_of(html, "/xa-hoi/mua-ca-ve-123456.html") == "article"


def test_headlines_with_summaries_are_a_listing() -> None:
    assert kind_of(f"<h1>Xã hội</h1><ul>{TEASERS}</ul>", "/xa-hoi") == "listing"


def test_the_front_page_is_a_listing() -> None:
    assert kind_of(f"<h1>Báo Biển</h1><div>{f'<p>{SENTENCE}</p>' * 4}</div><ul>{TEASERS}</ul>", "/") == "listing"


def test_a_page_with_next_to_nothing_is_neither() -> None:
    assert kind_of("<p>Không tìm thấy trang.</p>", "/khong-co") == "other"
