"""Pages made to be slow: each is read in seconds, and says nothing it should not."""

from __future__ import annotations

import time

import pytest

from scraper import parse

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
TEXT = "Mùa gió nam về, ghe lưới vây cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng hôm sau, ai cũng vui."
MAX_SECONDS = 15.0
"""Of processor time, on a slow and busy machine; what is quadratic takes minutes."""

PAGES = {
    "title of bars": f"<title>{'a | ' * 50_000}</title><meta property=og:site_name content=a><h1>a</h1><p>{TEXT}</p>",
    "srcset of commas": f"<p>{TEXT}</p><img srcset='{',' * 200_000}'><img srcset='{'a,' * 100_000}'><p>{TEXT}</p>",
    "thousands of headings": "<h2>Một đầu đề khá dài của hôm nay</h2>" * 20_000 + f"<p>{TEXT}</p>",
    "thousands of pictures": f"<p>{TEXT}</p>" + "<img src=a.jpg>" * 30_000 + f"<p>{TEXT}</p>",
    "thousands of figures": f"<p>{TEXT}</p>" + "<figure><img src=a.jpg><figcaption>x</figcaption></figure>" * 8_000,
    "thousands of breaks": f"{TEXT}<br><br>" * 5_000,
    "deep lists": "<ul><li>" * 1_500 + TEXT,
    "deep figures": "<figure class=widget>" * 1_500 + f"<img src=a.jpg><figcaption>{TEXT}</figcaption>",
    "deep boxes": "<div class=related>" * 1_500 + TEXT,
    "deep bold": "<b>" * 1_500 + TEXT,
    "open brackets": f"<p>{TEXT}</p><figure><img src=a.jpg><figcaption>{'(Ảnh: ' * 20_000}</figcaption></figure>",
    "endless white space": f"<p>{TEXT}{' ' * 500_000}</p><p>{TEXT}</p>",
    "endless class": f"<div class='{'a ' * 300_000}'><p>{TEXT}</p></div>",
    "endless word": f"<h1>{'ă' * 300_000}</h1><p>{TEXT}</p>",
    "dates of a line": f"<h1>Tin</h1><time>{'01/02/2023 ' * 100_000}</time><p>{TEXT}</p>",
    "marks over a letter": f"<h1>a{chr(0x301) + chr(0x323)}</h1><p>a{(chr(0x301) + chr(0x323)) * 200_000} {TEXT}</p>",
    "tables in tables": "<table><tr><td>" * 400 + TEXT,
}


@pytest.mark.faults
@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES.keys())
def test_f67_a_page_made_to_be_slow_is_read_in_seconds(html: str) -> None:
    start = time.process_time()

    article = parse(f"<html><body>{html}</body></html>".encode(), URL, sites=())

    assert time.process_time() - start < MAX_SECONDS
    assert len(article.title or "") <= 1000
