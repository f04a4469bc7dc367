"""What fuzzing begins with: small inputs of our own that are right, and words that mean something in them."""

from __future__ import annotations

import gzip
import json
import zlib

from commands.newspaper import Newspaper
from commands.newspaper.answers import answer
from tests.archive.kit import NOW

BASE = "https://bao.example.vn"
PAGE = b"<html lang=vi><title>Tin</title><article><h1>C\xe1\xba\xa7u</h1><p>Tin</p></article>"
SITEMAP = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://bao.example.vn/'
    b"tin-100001.html</loc><lastmod>2026-03-01T08:00:00+07:00</lastmod></url></urlset>"
)
INDEX = SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"<url>", b"<sitemap>").replace(b"</url>", b"</sitemap>")
FEED = (
    b'<rss version="2.0"><channel><title>B</title><item><title>Tin</title><link>https://bao.example.vn/tin-100001.html'
    b"</link><pubDate>Sun, 01 Mar 2026 08:00:00 +0700</pubDate></item></channel></rss>"
)
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tin</title><link href="/tin-100001.html"/>'
    b"<updated>2026-03-01T08:00:00Z</updated></entry></feed>"
)
JSON_FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "url": f"{BASE}/tin-100001.html", "title": "Tin", "date_published": "2026-03-01T08:00:00Z"}],
}).encode()  # fmt: skip
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)
WARC = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://bao.example.vn/tin-100001.html\r\n"
    b"WARC-Date: 2026-03-01T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
) % (len(HTTP), HTTP)
RECORD = {
    "luubao": 1, "url": f"{BASE}/tin-100001.html", "site": "bao", "kind": "article", "title": "Tin", "body": "Tin.",
    "published_at": "2026-03-01T08:00:00+07:00", "authors": ["Lan"], "blocks": [{"kind": "paragraph", "text": "Tin."}],
    "images": [{"url": f"{BASE}/a.jpg", "caption": "Cầu"}], "rights": {}, "provenance": {}, "version": 1,
    "versions": [], "urls": [], "events": [], "links": [], "cause": "created", "content_sha256": "00" * 32,
}  # fmt: skip
JSONL = json.dumps(RECORD, ensure_ascii=False).encode() + b"\n"
ROBOTS = (
    b"User-agent: *\nDisallow: /cam/*$\nAllow: /cam/tin\nCrawl-delay: 5\nRequest-rate: 1/5\nSitemap: /sitemap.xml\n"
)


def _pages() -> list[bytes]:
    """Return pages of the demo's newspaper: one of each layout."""
    edition = Newspaper(clock=lambda: NOW).edition(BASE)
    chosen = {story.layout: story for story in edition.stories}
    return [answer(edition, story.path).body for story in chosen.values()]


def of(target: str) -> list[bytes]:
    """Return what fuzzing a target begins with."""
    return [*_pages(), PAGE] if target == "page" else SEEDS[target]


SEEDS: dict[str, list[bytes]] = {
    "decode": [b"\0" + gzip.compress(PAGE, mtime=0), b"\1" + zlib.compress(PAGE), b"\3tin"],
    "text": [b"utf-8\n" + PAGE, b"windows-1258\n" + PAGE, b"\n\xff\xfe<\0p\0>\0", b"gbk\n\x81\x40"],
    "listing": [PAGE.replace(b"<p>Tin</p>", b"<a href=/tin-%d.html>Tin so %d</a>" % (n, n)) for n in (100001, 2)],
    "robots": [ROBOTS, b"\xef\xbb\xbfuser-agent: luubao/1.0 (x)\nallow: /%e3%83%84\n", b"<html>"],
    "sitemap": [SITEMAP, INDEX, gzip.compress(SITEMAP, mtime=0), b"https://bao.example.vn/tin-1.html\n"],
    "feed": [FEED, ATOM, JSON_FEED],
    "url": [
        b"https://bao.example.vn/a/../b?utm_source=x&a=%41#c", b"//xn--bo-mia.vn:8443/\xc4\x91", b"http://[::1]:80/",
        b"http://0x7f.1/", b"http:\\\\a:b@bao.vn\\", b"../a;sid=1?amp=1", b"shttp://bao.vn/\xed\xa0\x80",
    ],
    "query": ['đường "Lê Duẩn" -xăng OR giá*'.encode(), b"title:tin site:bao since:2026-01 until:2026-03-01 NEAR("],
    "import": [WARC, gzip.compress(WARC, mtime=0), JSONL, PAGE],
}  # fmt: skip

_WORDS = {
    "decode": r"\x1f\x8b\x08 \x78\x9c \0\0\xff\xff",
    "text": r"<meta␣charset=utf-7> rot13 idna \xef\xbb\xbf \xfe\xff \x1b$B utf-16le",
    "page": r"""<p> </article> <table><tr><td> <template> <select> <svg> <!-- <![CDATA[ &#xD800; \0 [[[[
        "datePublished":1e999 <script␣type="application/ld+json">{"@type":"NewsArticle","author":
        </script> <time␣datetime= Theo␣ <a␣href='
        <meta␣property=og:title␣content= <figure><img␣srcset='a␣1x,' 01/13/2026␣25:61""",
    "listing": "<a␣href= <li> <base␣href= rel=next ?page=99999999999 <h2> javascript: //",
    "robots": r"User-agent: * $ Disallow:␣/ Crawl-delay:␣1e999 Request-rate:␣1/0s \0 \r # %",
    "sitemap": """<loc> <url> <!ENTITY␣a␣'b'> <!DOCTYPE␣x> &a; <lastmod> 9999-12-31T23:59:59-14:00 xmlns:a='b'
        <![CDATA[""",
    "feed": """<item> <link> <pubDate> <content:encoded> xml:base='//' <!DOCTYPE␣x> "items":[ null 1e400 [[[[""",
    "url": r"@ : // \\ %2e % ? # [ ] xn-- . 0x \t \xe3\x80\x82 \xef\xbc\x8f ;sid= &utm_a=",
    "query": r"""" ␣OR␣ - * ^ NEAR( : since: \0 \xcc\xa3 ' ) {title␣body}:""",
    "import": r"""WARC/1.0\r\n \r\n\r\n Content-Length:␣99999999999999999999 WARC-Type:␣revisit
        Transfer-Encoding:␣chunked\r\n WARC-Date:␣9999-99-99 "luubao":␣1, null 1e999 -1 999999999999999999999999
        "\\ud800" [[[[ {} PK\x03\x04""",
}
WORDS = {
    target: tuple(word.replace("␣", " ").encode().decode("unicode_escape").encode("latin-1") for word in words.split())
    for target, words in _WORDS.items()
}
"""Words by target that a blind hand would hardly hit; ␣ is a space."""
