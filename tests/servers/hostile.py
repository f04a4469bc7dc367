"""Documents made to hurt whoever reads them: each by its name, and a function that makes its bytes."""

from __future__ import annotations

import random
from collections.abc import Callable

TEXT = "Ghe về bến lúc gà gáy, cá cơm đầy khoang, người mua đứng chờ dọc kè đá tới sáng. "
START = "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Bến cá</title></head><body>"
MB = 1_000_000

Document = Callable[[], bytes]


def _page(inside: str) -> bytes:
    return (START + inside + f"<p>{TEXT}</p>").encode()


def _noise(count: int) -> bytes:
    return random.Random(67).randbytes(count)  # noqa: S311 -- any bytes will do, the same each time


def _attributes(count: int) -> str:
    return " ".join(f"a{n}=1" for n in range(count))


def _doctype_laughs() -> bytes:
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE h [<!ENTITY l0 "ha">{names}]><html><body><p>&l9;</p></body></html>'.encode()


def _structured(json: str) -> bytes:
    return _page(f'<script type="application/ld+json">{json}</script><h1>Bến cá</h1>')


DOCUMENTS: dict[str, Document] = {
    # depth and number of elements
    "depth": lambda: _page("<div>" * 100_000),
    "depth of lists": lambda: _page("<ul><li>" * 20_000),
    "depth of tables": lambda: _page("<table><tr><td>" * 1_000),
    "depth of templates": lambda: _page("<template>" * 50_000),
    "depth of quotes": lambda: _page("<blockquote><p>" * 2_000),
    "many small elements": lambda: _page("<i></i>" * 40_000),
    "definitions never closed": lambda: _page("<dd><dt>" * 10_000),
    "forms": lambda: _page("<form><input>" * 20_000),
    "selects": lambda: _page("<select><option>" * 20_000),
    "options": lambda: _page("<select>" + "<option>" * 16_000),
    "buttons": lambda: _page("<button><p>" * 10_000),
    # what the adoption agency and foster parenting do
    "fonts": lambda: _page("".join(f"<p><font size={n}>" for n in range(3_500))),
    "bold without end": lambda: _page("<b>" * 8_000),
    "bold and paragraphs": lambda: _page("<b><i><u><p>" * 2_000 + "</b></i></u>" * 2_000),
    "links in links": lambda: _page("<a href=/x><p>" * 2_000),
    "nobr": lambda: _page("<nobr><div>" * 5_000),
    "tables and links": lambda: _page("<table>" * 5_000 + "<a>" * 5_000),
    "text in tables": lambda: _page("<table>" + f"{TEXT}<tr>" * 4_000),
    "svg and math in tables": lambda: _page("<table><svg><foreignObject><math><mi><p>" * 3_000),
    "cdata in svg": lambda: _page("<svg><![CDATA[" + "]]" * 500_000),
    "frames": lambda: b"<html><frameset>" + b"<frame src=/x>" * 20_000,
    # tokens that never end
    "an open tag": lambda: _page("<a href='" + TEXT * 30_000),
    "an open comment": lambda: _page("<!--" * 1_250_000),
    "a huge doctype": lambda: b"<!doctype html " + b"x" * 4 * MB + b"><p>tin</p>",
    "an open title": f"<title>{TEXT * 3_000}".encode,
    "an open textarea": lambda: _page("<textarea>" + "<p>" * MB),
    "plain text": lambda: _page("<plaintext>" + "</p>" * 500_000),
    "scripts in comments": lambda: _page("<script><!--<script>" * 50_000),
    "open angles": lambda: b"<" * MB,
    # attributes
    "attributes": lambda: _page(f"<p {_attributes(100_000)}>"),
    "one attribute again and again": lambda: _page("<p " + "class=a " * 30_000 + ">"),
    "a class of many words": lambda: _page("<div class='" + "author date " * 30_000 + f"'><p>{TEXT}</p></div>"),
    "a picture of nine megabytes": lambda: _page("<img src='data:image/png;base64," + "iVBOR" * 1_800_000 + "'>"),
    "candidates of one picture": lambda: _page("<figure><img srcset='" + "/a.jpg 1x, " * 200_000 + "'></figure>"),
    "links": lambda: _page("".join(f"<a href='/tin-{n}.html'>Tin số {n} hôm nay</a>" for n in range(6_000))),
    "bases": lambda: _page("<base href='javascript:1'>" * 10_000 + "<a href=x>x</a>"),
    # characters
    "entities": lambda: _page("&amp;&NotEqualTilde;&#x110;&#1114112;&nosuch" * 50_000),
    "surrogates": lambda: _page("<p>&#xD800;&#xDFFF;") + b"\xed\xa0\x80\xed\xbf\xbf" * 50_000,
    "nul": lambda: _page("<p>") + b"\0tin\0" * 200_000 + b"<p\0 cl\0ass=\0x>",
    "noise": lambda: b"<html><body><p>" + _noise(300_000),
    "broken utf-8": lambda: _page("<p>") + TEXT.encode()[1::2] * 5_000,
    "utf-16 without a mark": lambda: (START + TEXT * 500).encode("utf-16-le"),
    "combining marks": lambda: _page("<h1>a" + "\u0301\u0323" * 300_000 + "</h1>"),
    "turned around": lambda: _page("<p>" + "\u202e\u2066\u200f" * 50_000),
    "white space": lambda: _page("<p>a" + " \u00a0\u3000\t" * 300_000 + "b</p>"),
    "one word": lambda: _page("<h1>" + "ă" * MB + "</h1>"),
    "one paragraph": lambda: _page("<p>" + TEXT * 12_000),
    # what the reader looks for, too much of it
    "headings": lambda: _page("<h1>Cá về bến trong một ngày nắng</h1>" * 4_000),
    "figures": lambda: _page("<figure><img src=a.jpg><figcaption>Ảnh: A</figcaption></figure>" * 3_000),
    "dates": lambda: _page("<time>" + "01/02/2023 " * 60_000 + "</time><p>" + "1/1/" * 200_000),
    "bylines": lambda: _page("<p class=author>" + "Theo (Ảnh: Nguyễn Văn " * 10_000),
    "breaks": lambda: _page(f"{TEXT}<br><br>" * 3_000),
    "brackets of json": lambda: _structured('{"@graph":' + "[" * MB),
    "objects of json": lambda: _structured('{"@type":"NewsArticle","author":' + '{"a":' * 100_000),
    "numbers of json": lambda: _structured('{"@type":"NewsArticle","datePublished":' + "9" * MB + ',"headline":NaN}'),
    "metas": lambda: _page("<meta property='article:tag' content='cá'>" * 10_000),
    "meta refresh never closed": lambda: b"<meta refresh " * 300_000,
    "laughs": _doctype_laughs,
    "nothing": lambda: b"",
    "one angle": lambda: b"<",
}  # fmt: skip
