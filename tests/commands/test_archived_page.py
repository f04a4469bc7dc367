"""F78, F79: a kept page in the browser runs nothing, loads nothing, sends nothing, and says what it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from commands.archived_page import POLICY, harmless

URL = "https://bao.example/tin-1.html"
AT = datetime(2026, 1, 31, 12, 5, tzinfo=UTC)
PAGE = """<!doctype html><html lang="vi"><head>
<title>Cá &amp; <b>tôm</b></title><base href="http://evil.example/">
<meta http-equiv="refresh" content="0;url=//evil.example">
<link rel="stylesheet" href="//evil.example/a.css"><link rel="dns-prefetch" href="//evil.example">
<script>alert(1)</script><style>p { color: red; background: url(//evil.example/b.png) }</style></head>
<body onload="alert(2)" background="//evil.example/c.png">
<h1 onclick=alert(3) class="tit" style="color: navy">Bến cá</h1><!-- comment --><p>Giá &lt;cá&gt; tăng.</p>
<img src="//evil.example/d.png" srcset="e.png 2x" alt="thuyền về" onerror=alert(4)>
<img src="data:image/png;base64,AAAA">
<img src="data:image/svg+xml,<svg onload=alert(5)>">
<noscript><img src="//evil.example/f.png" title="</noscript>"></noscript>
<a href="/tin-2.html" ping="//evil.example" target="_top">tin sau</a><a href=" java\tscript:alert(6)">x</a>
<a href="data:text/html,<script>alert(7)</script>">y</a>
<iframe src="//evil.example" srcdoc="<script>alert(8)</script>"></iframe><object data="//evil.example"></object>
<form action="//evil.example"><input name=q><button formaction="//evil.example">Gửi</button></form>
<svg><a xlink:href="javascript:alert(9)"><text>z</text></a><style><img src=x onerror=alert(10)></style></svg>
<table><tr><td colspan=2>ô</td></tr></table><video src="//evil.example/g.mp4" autoplay></video>
<template><script>alert(12)</script></template><x-player><p>trong thẻ lạ</p></x-player>
<style>@import "//evil.example/h.css"; div { display: none !important }</style>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(11)&gt;"></math>
</body></html>"""

LOADS = (
    "src",
    "srcset",
    "href",
    "action",
    "formaction",
    "data",
    "background",
    "poster",
    "ping",
    "srcdoc",
    "xlink:href",
)


def shown(markup: str) -> LexborHTMLParser:
    return LexborHTMLParser(harmless(markup, url=URL, captured_at=AT, told="Article 7, version 2"))


def acting(page: LexborHTMLParser) -> list[str]:
    """Return the elements and attributes by which a page could run, load or send something."""
    found = [
        str(node.tag) for node in page.css("script, iframe, object, embed, form, input, button, link, base, svg, math")
    ]
    metas = [node.html or "" for node in page.css("meta[http-equiv]")]
    found += [meta for meta in metas if "Content-Security-Policy" not in meta]
    for node in page.css("*"):
        found += [
            f"{name}={value}"
            for name, value in node.attributes.items()
            if name.startswith("on")
            or (name in LOADS and name != "href" and not (value or "").startswith("data:image/png;"))
            or (name == "href" and not re.match(r"https?://", value or ""))
        ]
    return found


def test_f79_nothing_of_the_page_can_act() -> None:
    page = shown(PAGE)

    assert acting(page) == []
    assert [node.attributes["href"] for node in page.css("a[href]")] == [URL, "https://bao.example/tin-2.html"]


def test_f79_the_policy_is_the_first_thing_in_the_head() -> None:
    html = harmless(PAGE, url=URL, captured_at=AT, told="Article 7")

    head = html.partition("<head>")[2].lstrip()
    assert head.startswith(
        '<meta http-equiv="Content-Security-Policy" content="sandbox; default-src &#x27;none&#x27;; '
    )
    assert "style-src 'unsafe-inline'; img-src data:;" in POLICY


def test_what_the_page_shows_stays() -> None:
    page = shown(PAGE)

    text = " ".join((page.body.text() if page.body else "").split())
    assert "Bến cá" in text
    assert "Giá <cá> tăng." in text
    assert "Gửi" in text
    assert "trong thẻ lạ" in text
    assert [node.attributes for node in page.css("h1")] == [{"class": "tit", "style": "color: navy"}]
    assert page.css("img")[0].attributes == {"alt": "thuyền về"}
    assert page.css("td")[0].attributes == {"colspan": "2"}


def test_f78_a_line_above_tells_what_it_is_and_the_page_cannot_hide_it() -> None:
    markup = "<style>div{display:none!important}</style><div style='position:fixed;top:0;z-index:99999'>fake</div>"

    banner = shown(markup).css("body > div")[0]

    assert banner.text().startswith("Article 7, version 2, fetched 2026-01-31 12:05 UTC, shown without scripts")
    assert URL in banner.text()
    assert "display: block !important" in (banner.attributes["style"] or "")


@pytest.mark.parametrize("url", ['https://bao.example/"><script>alert(1)</script>', "javascript:alert(1)"])
def test_f78_an_address_is_text(url: str) -> None:
    page = LexborHTMLParser(harmless("<p>x</p>", url=url, captured_at=AT, told="<script>"))

    assert acting(page) in ([], ["href=#"])


def test_a_page_nested_beyond_reason_is_written() -> None:
    assert "sâu" in harmless("<div>" * 3_000 + "sâu", url=URL, captured_at=AT, told="x")


@given(st.lists(st.sampled_from(re.findall(r"<[^>]*>|[^<>]+", PAGE)), max_size=30).map("".join))
def test_f79_pieces_of_hostile_pages_in_any_order_do_nothing(markup: str) -> None:
    assert acting(shown(markup)) == []
