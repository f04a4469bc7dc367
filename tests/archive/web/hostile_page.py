"""A page of our own that tries all that a page can: to run, to load, to send, to lead away."""

from __future__ import annotations

from html import escape
from pathlib import Path

from scraper.models import Role, Task, Visit
from tests.archive.kit import NOW, article_of, open_archive, page_of, url_of

PLAIN_TEXT = "Bến cá sáng nay đông hơn mọi ngày."
RAN = "document.title = 'ran'; new Image().src = '{remote}/ran'"
PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Bến cá</title>
<base href="{remote}/base/">
<meta http-equiv="refresh" content="0;url={remote}/refresh">
<meta http-equiv="x-dns-prefetch-control" content="on"><meta name="referrer" content="unsafe-url">
<link rel="preconnect" href="{remote}"><LINK/rel=preconnect crossorigin href={remote}>
<link rel="dns-prefetch" href="{remote}"><link rel="prefetch" href="{remote}/prefetch">
<link rel="prerender" href="{remote}/prerender"><link rel="preload" as="image" href="{remote}/preload">
<link rel="modulepreload" href="{remote}/module"><link rel="icon" href="{remote}/icon">
<link rel="stylesheet" href="{remote}/sheet.css"><link rel="manifest" href="{remote}/manifest">
<link rel="alternate stylesheet" href="{remote}/other.css"><link rel="search" href="{remote}/search">
<style>@import url({remote}/import.css); @font-face {{ font-family: x; src: url({remote}/font) }}
body {{ background: url({remote}/background); font-family: x }} li {{ list-style-image: url({remote}/list) }}
p {{ color: rgb(1, 2, 3) }}</style>
<script src="{remote}/script.js"></script><script>{ran}; fetch('{remote}/fetch')</script>
<script type="module">import '{remote}/import.js'</script>
<script type="speculationrules">{{"prefetch": [{{"urls": ["{remote}/speculation"]}}]}}</script>
</head><body onload="{ran}" background="{remote}/body">
<h1>Bến cá</h1><p>{text}</p><ul><li>tôm</li></ul>
<img src="{remote}/picture" onerror="{ran}"><img srcset="{remote}/set 2x" attributionsrc="{remote}/attribution">
<img src="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>&lt;/svg>">
<picture><source srcset="{remote}/source"><img></picture><input type="image" src="{remote}/input">
<noscript><img src="{remote}/noscript"><link rel="preconnect" href="{remote}"></noscript>
<a id="link" href="/article/2" ping="{remote}/ping">tin sau</a> <a href="javascript:{ran}">mã</a>
<a id="away" href="{remote}/away">đi</a> <a id="top" target="_top" href="{remote}/top">ra ngoài</a>
<iframe src="{remote}/frame"></iframe><iframe src="javascript:{ran}"></iframe>
<iframe srcdoc="<script>{ran}</script><img src='{remote}/srcdoc'><link rel='preconnect' href='{remote}'>"></iframe>
<object data="{remote}/object"></object><embed src="{remote}/embed"><frameset><frame src="{remote}/frames"></frameset>
<form id="form" action="{remote}/form" method="post"><input name="q" autofocus onfocus="{ran}">
<button>Gửi</button></form>
<video src="{remote}/video" poster="{remote}/poster" autoplay></video><audio src="{remote}/audio" autoplay></audio>
<video autoplay><source src="{remote}/film"><track default src="{remote}/track"></video>
<svg onload="{ran}"><image href="{remote}/svg"/><use href="{remote}/use#a"/><script>{ran}</script>
<foreignObject><link rel="preconnect" href="{remote}"></foreignObject>
<a href="javascript:{ran}"><text y="20">z</text></a><animate attributeName="x" onbegin="{ran}" dur="1s"/></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(11)&gt;"></math>
<details open ontoggle="{ran}"><summary>thêm</summary></details><marquee onstart="{ran}">chạy</marquee>
</body></html>"""


def hostile(*remotes: str) -> str:
    """Return the page, that reaches for each of these origins in turn."""
    return "\n".join(PAGE.format(remote=remote, ran=RAN.format(remote=remote), text=PLAIN_TEXT) for remote in remotes)


def keep_pages(path: Path, *pages: tuple[bytes, str]) -> None:
    """Keep pages, each with its Content-Type, as captures 1, 2 and so on, each read as an article."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for number, (body, content_type) in enumerate(pages, 1):
            url = url_of(number)
            page = page_of(url, body, headers=(("Content-Type", content_type),) if content_type else ())
            article = article_of(url, f"Bài số {number}. " * 30, title=f"Bài {number}", language="vi")
            archive.keep(Visit(Task(url, Role.ARTICLE, "bao"), page, article))
        archive.end_run(0, NOW)


def quoted(text: str) -> str:
    return escape(text, quote=True)
