"""Tells whether an answer is the page that was asked for, or an error, a challenge, a paywall, a soft 404.

Conservative: a real article must never be judged away. What a text says of itself counts only where there is hardly
any other text; where an article was read, its body speaks for it.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from scraper.errors import Blocked, HttpStatus, MuchShorter, NotFound, NotHtml, Paywalled, ScraperError, SoftNotFound
from scraper.models import Article, Failed, Kind, Page, Role, Task, Visit

HTTP_NOT_MODIFIED = 304
REFUSALS = frozenset({401, 402, 403, 407, 429, 451})
GONE = frozenset({404, 410})

SHORT_BODY_WORDS = 60
"""A body shorter than this is hardly an article, and may be a notice, a stub or a shell."""

NOTICE_WORDS = 40
"""What says "no such page" in place of a page says little more."""

SNIFFED_BYTES = 1024
CHALLENGE_BYTES = 150_000
"""Challenge pages are small; Cloudflare's with its script has 20 to 90 kB."""

MAX_PARAGRAPHS_OF_CHALLENGE = 5
"""Cloudflare's own pages have up to four; an article about them has more."""

HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
UNTOLD_TYPES = ("", "application/octet-stream", "binary/octet-stream", "unknown/unknown")

MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a zip file or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x1cftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
)

CHALLENGES = (
    (b"/cdn-cgi/challenge-platform/", b"_cf_chl_opt"),
    (b"<title>just a moment...</title>", b"cf"),
    (b"<title>attention required! | cloudflare</title>", b"cf-"),
    (b"ddos-guard", b"<title>ddos-guard</title>"),
    (b"_incapsula_resource", b"incident"),
    (b"captcha-delivery.com", b"geo.captcha-delivery.com"),
    (b"px-captcha", b"window._pxappid"),
    (b"/_sec/cp_challenge/", b"sec-if-cpt"),
    (b"awswafcookiedomainlist", b"challenge.js"),
    (b"sucuri_cloudproxy_js", b"<script>"),
    (b"slowaes.js", b"document.cookie"),
    (b"/.within.website/x/cmd/anubis", b"anubis_challenge"),
)
"""Marks of challenge pages; both of a pair must stand on the page, so that an article about one is none."""

NOT_FOUND_TEXTS = tuple(
    unicodedata.normalize("NFC", text)
    for text in (
        "page not found", "404 not found", "error 404", "404 error", "page cannot be found", "page can't be found",
        "page can’t be found", "page you requested could not be found", "page you are looking for",
        "no longer available", "không tìm thấy trang", "trang không tồn tại", "không tồn tại",
        "không tìm thấy nội dung", "không tìm thấy bài viết", "bài viết đã bị xóa", "bài viết không tồn tại",
        "nội dung không tồn tại", "đường dẫn không tồn tại", "liên kết không tồn tại", "trang bạn tìm kiếm",
        "trang bạn yêu cầu", "trang bạn đang tìm", "page non trouvée", "page introuvable", "cette page n'existe",
        "cette page n’existe", "seite nicht gefunden", "seite konnte nicht gefunden", "seite existiert nicht",
        "página no encontrada", "no se ha encontrado la página", "no se encontró la página", "página não encontrada",
        "pagina non trovata", "pagina niet gevonden", "sidan kunde inte hittas", "sidan hittades inte",
        "siden blev ikke fundet", "siden ble ikke funnet", "sivua ei löytynyt", "strona nie została znaleziona",
        "nie znaleziono strony", "stránka nenalezena", "страница не найдена", "сторінку не знайдено",
        "sayfa bulunamadı", "halaman tidak ditemukan", "ไม่พบหน้า", "ページが見つかりません", "お探しのページ",
        "页面不存在", "找不到页面", "找不到網頁", "페이지를 찾을 수 없", "पृष्ठ नहीं मिला", "الصفحة غير موجودة",
    )
)  # fmt: skip

BARE_NUMBER = re.compile(r"(?:error|lỗi)?\s*(?:404|410)(?:\s*(?:error|[-–—|:!]\s.*|[.!]))?", re.IGNORECASE)
FRONT_PATHS = frozenset({"", "index.html", "index.htm", "index.php", "home", "trang-chu", "trang-chu.html", "vi", "vn"})
SHELL = re.compile(rb"""<(?:div|main|app-root)[^>]{0,100}(?:id=["']?(?:root|app|__next|__nuxt|main)\b|app-root)""")
SHELL_ELEMENTS = 5


def objection_to_answer(page: Page, task: Task) -> ScraperError | None:
    """Return why this answer is not what was asked for, before it is read; None where nothing speaks against it."""
    refusal = _objection_to_status(page)
    if refusal is not None or page.status == HTTP_NOT_MODIFIED or task.role in {Role.SITEMAP, Role.FEED}:
        return refusal
    return _objection_to_type(page) or _objection_to_challenge(page) or _objection_to_home(page, task)


def objection_to_article(page: Page, article: Article) -> ScraperError | None:
    """Return why what was read is no article to keep as such; None where nothing speaks against it."""
    if article.word_count >= SHORT_BODY_WORDS or article.kind is Kind.LISTING:
        return None
    if article.rights.is_free is False:
        return Paywalled(page.url, f"only {article.word_count} words are shown; the article is for subscribers")
    if article.published_at is None and _says_not_found(article):
        return SoftNotFound(page.url, "the server answers 200, and the page says that there is no such page")
    if _is_shell(page, article):
        return Blocked(page.url, "the page is an empty shell that only a browser fills")
    return None


def stub_of(visit: Visit) -> Failed:
    """Return the failure that a visit proved to be when it was to be kept: a part of what was kept before."""
    told = "the page has only a part of the article that was kept; the version before stays"
    error = MuchShorter(visit.page.url, told)
    return Failed(visit.task, error.code, str(error), visit.page.fetched_at, visit.page)


def _objection_to_status(page: Page) -> ScraperError | None:
    status, url = page.status, page.url
    if status < 300 or status == HTTP_NOT_MODIFIED:  # noqa: PLR2004 -- RFC 9110, 15.3: 2xx is success
        return None
    if status in GONE:
        return NotFound(url, f"{status}, there is no such page", status=status)
    if _has_challenge_header(page):
        return Blocked(url, f"{status}, the site asks for a browser (a challenge page)")
    if status in REFUSALS:
        return Blocked(url, f"{status}, the site refuses this crawler")
    return HttpStatus(url, f"the server answers {status}", status=status)


def _has_challenge_header(page: Page) -> bool:
    return (page.header("cf-mitigated") or "").lower() == "challenge" or page.header("x-amzn-waf-action") is not None


def _objection_to_type(page: Page) -> ScraperError | None:
    """Compare what the server says the body is with what its first bytes say."""
    content_type = (page.header("content-type") or "").partition(";")[0].strip().lower()
    start = page.body[:SNIFFED_BYTES].lstrip()
    magic = next((name for mark, name in MAGIC if start.startswith(mark)), None)
    if magic is not None:
        return NotHtml(page.url, f"{magic}, no page")
    if content_type in HTML_TYPES or content_type.endswith("+xml"):
        return None
    if content_type in UNTOLD_TYPES and b"<" in start and b"\0" not in start:
        return None
    return NotHtml(page.url, f"{content_type or 'of no known type'}, no page")


def _objection_to_challenge(page: Page) -> ScraperError | None:
    if _has_challenge_header(page):
        return Blocked(page.url, "the site asks for a browser (a challenge page)")
    if len(page.body) > CHALLENGE_BYTES or page.body.count(b"<p") > MAX_PARAGRAPHS_OF_CHALLENGE:
        return None
    text = page.body.lower()
    if any(all(mark in text for mark in pair) for pair in CHALLENGES):
        return Blocked(page.url, "the site asks for a browser (a challenge page)")
    return None


def _objection_to_home(page: Page, task: Task) -> ScraperError | None:
    """Refuse the front page as the answer to an article: so some newspapers say that it is gone."""
    if task.role is not Role.ARTICLE or not page.redirects or _is_front(page.requested_url):
        return None
    if _is_front(page.url):
        return SoftNotFound(page.url, "the server leads to its front page; the article is gone")
    return None


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/").lower() in FRONT_PATHS and not parts.query


def _says_not_found(article: Article) -> bool:
    """Tell whether the headline, or a text too short for news, says that there is no page."""
    title = (article.title or "").strip()
    said = (title if article.word_count > NOTICE_WORDS else f"{title}\n{article.body}").casefold()
    return BARE_NUMBER.fullmatch(title) is not None or any(text in said for text in NOT_FOUND_TEXTS)


def _is_shell(page: Page, article: Article) -> bool:
    """Tell whether the page has nothing to read but a mount point for scripts."""
    if article.word_count or (article.title and article.links) or len(page.body) > CHALLENGE_BYTES:
        return False
    text = page.body.lower()
    return SHELL.search(text) is not None and text.count(b"<a ") + text.count(b"<p") <= SHELL_ELEMENTS
