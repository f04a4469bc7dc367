"""What a kept page would load: how much, and what is taken out of it although no policy would stop it. F79."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from archive.loads import Missing, missing, out_of_reach

PAGE = """<!doctype html><html><head>
<link rel="stylesheet" href="/a.css"><link rel='preload STYLESHEET' href=b.css><link rel=icon href=i.png>
<link rel="stylesheet" href="data:text/css,p{}">
<style>@import "c.css"; p { color: red }</style>
<script src="/a.js"></script><script>document.write('<img src="x.png">')</script>
<script type="application/ld+json">{"image": "<img src='y.png'>"}</script>
</head><body><!-- <img src="old.png"> -->
<img src="a.jpg" alt="a > b"><img alt='x' data-src="b.jpg" src="data:image/gif;base64,R0"><img srcset="c.jpg 2x">
<img src="data:image/png;base64,AAAA"><img alt="none">
<noscript><img src="b.jpg"></noscript>
<iframe src="//khac.example"></iframe><embed src=x><object data=y></object>
<VIDEO poster="p.jpg"><source src=v.mp4></VIDEO><audio src=a.mp3></audio>
<imgx src="no.png"><p title="a">chữ</p>
</body></html>"""


def test_what_a_page_would_load_is_counted_and_what_it_only_speaks_of_is_not() -> None:
    assert missing(PAGE) == Missing(pictures=3, scripts=2, styles=3, frames=3, players=2)
    assert missing("<!doctype html><p>Chỉ có chữ.</p>").counts() == {}


@pytest.mark.parametrize(
    "piece",
    ["<img ", "<img src='", '<link rel="', "<!--", "<!-- --> ", "<noscript>", "<script>", "<style>", "<", "a=", "\n\n"],
)
def test_f72_a_page_that_never_closes_what_it_opens_is_read_in_the_time_of_any_other(piece: str) -> None:
    began = time.process_time()
    page = piece * (500_000 // len(piece))

    missing(page)
    out_of_reach(page)

    assert time.process_time() - began < 5  # a fifth of a second; without bound it is hours


@pytest.mark.parametrize(
    ("tag", "rewritten"),
    [
        ('<link rel="preconnect" href="//evil.example">', '<bgsound rel="preconnect" href="//evil.example">'),
        ("<LINK/rel=preconnect>", "<bgsound/rel=preconnect>"),
        ("<link\n\trel=dns-prefetch>", "<bgsound\n\trel=dns-prefetch>"),
        ("<noscript><link\x0crel=x></noscript>", "<noscript><bgsound\x0crel=x></noscript>"),
        ("<iframe src=//evil.example>", "<iframe src=about:blank srcdoc=&#32;  src=//evil.example>"),
        ('<iframe srcdoc="&lt;link>">', '<iframe src=about:blank srcdoc=&#32;  srcdoc="&lt;link>">'),
        ("<frame src=x>", "<frame src=about:blank srcdoc=&#32;  src=x>"),
        ("<iframe/src=x>", "<iframe src=about:blank srcdoc=&#32; /src=x>"),
        ('<p title="<iframe>">', '<p title="<iframe src=about:blank srcdoc=&#32; >">'),
        ("<links><frames><img>", "<links><frames><img>"),
    ],
)
def test_f79_links_and_frames_reach_for_nothing(tag: str, rewritten: str) -> None:
    page = out_of_reach(f"<!doctype html>{tag}<p>chữ</p>")

    assert page == f'<!doctype html><base target="_blank">{rewritten}<p>chữ</p>'
    for node in LexborHTMLParser(page).css("link, iframe, frame"):
        assert (node.tag != "link", node.attributes["src"], (node.attributes["srcdoc"] or "").strip()) == (
            True,
            "about:blank",
            "",
        )


@pytest.mark.parametrize(
    ("page", "begins"),
    [
        ("<!DOCTYPE html><html lang=vi>", '<!DOCTYPE html><base target="_blank"><html lang=vi>'),
        ("\n<!-- a --> <!-- b -->\n<!doctype html>", '\n<!-- a --> <!-- b -->\n<!doctype html><base target="_blank">'),
        ("<html><head>", '<base target="_blank"><html><head>'),
    ],
)
def test_links_open_nowhere_and_the_page_keeps_its_mode(page: str, begins: str) -> None:
    assert out_of_reach(page) == begins


@given(st.text(alphabet="<>!-/= \"'linkframesrcdo\n"))
def test_f79_whatever_a_page_says_no_link_or_frame_reaches_for_anything(text: str) -> None:
    page = LexborHTMLParser(out_of_reach(text))

    for node in page.css("link, iframe, frame"):
        assert (node.tag != "link", node.attributes["src"], (node.attributes["srcdoc"] or "").strip()) == (
            True,
            "about:blank",
            "",
        )
    assert missing(text) is not None
