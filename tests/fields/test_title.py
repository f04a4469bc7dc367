"""The headline, and what pretends to be it."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.fields.title import without_outlet

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
TITLE = "Mùa cá cơm ở Phan Rí về sớm hơn mọi năm"
TEXT = (
    "<p>Mùa gió nam về, ghe lưới vây cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng hôm sau.</p>"
    "<p>Người làm nước mắm chờ sẵn ở cầu cảng, cân cá xong là muối ngay, mỗi mẻ ba cá một muối như xưa.</p>"
)


def title_of(head: str, body: str) -> str | None:
    return parse(f"<html><head>{head}</head><body>{body}</body></html>".encode(), URL, sites=()).title


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", f"<h1>{TITLE}</h1><div>{TEXT}</div>"),
        (f"<title>{TITLE} | Báo Biển</title>", f"<h1>Báo Biển</h1><div><h1>{TITLE}</h1>{TEXT}</div>"),
        (f"<title>{TITLE}</title>", f"<h1 class=breadcrumb>Xã hội</h1><h1>{TITLE}</h1><div>{TEXT}</div>"),
        (
            f"<title>{TITLE}</title>",
            f"<h1><a href=/><img src=logo.png alt='Báo Biển'></a></h1><h2>{TITLE}</h2><div>{TEXT}</div>",
        ),
        (f"<title>{TITLE} - Báo Biển</title>", f"<div class=tieude>{TITLE}</div><div>{TEXT}</div>"),
        (f'<meta property="og:title" content="{TITLE}">', f"<div>{TEXT}</div>"),
        (f"<title>{TITLE}</title>", f"<div>{TEXT}</div>"),
        ('<meta property="og:title" content="Cá cơm về sớm ở Phan Rí">', f"<h1>{TITLE}</h1><div>{TEXT}</div>"),
        ("<title>Báo Biển</title>", f"<div><font size=5>{TITLE}</font></div><div>{TEXT}</div>"),
        ("<title>Báo Biển</title>", f"<div><b>{TITLE}</b></div><div>{TEXT}</div>"),
        (
            f'<meta property="og:title" content="{TITLE}">',
            f"<h1><span>Hải sản</span> <span>{TITLE}</span></h1><div>{TEXT}</div>",
        ),
    ],
)
def test_takes_the_visible_headline(head: str, body: str) -> None:
    assert title_of(head, body) == TITLE


@pytest.mark.parametrize(
    ("whole", "outlet", "expected"),
    [
        ("Cá về sớm - Báo Biển", "Báo Biển", "Cá về sớm"),
        ("Báo Biển | Cá về sớm", "Báo Biển", "Cá về sớm"),
        ("Cá về sớm, giá vẫn cao ở Phan Rí | Tin tức", "", "Cá về sớm, giá vẫn cao ở Phan Rí"),
        ("Phan Rí - Mũi Né: con đường mới của làng biển", "", "Phan Rí - Mũi Né: con đường mới của làng biển"),
        ("Cá về sớm", "Báo Biển", "Cá về sớm"),
    ],
)
def test_drops_the_name_of_the_outlet(whole: str, outlet: str, expected: str) -> None:
    assert without_outlet(whole, outlet, "") == expected
