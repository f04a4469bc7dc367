from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scraper.errors import Blocked, HttpStatus, NotFound, NotHtml, Paywalled, ScraperError, SoftNotFound
from scraper.judge import objection_to_answer, objection_to_article, stub_of
from scraper.models import Article, Kind, Link, Page, Relation, Rights, Role, Task, Visit
from scraper.reader import parse

URL = "https://bao.example/cau-moi-thong-xe-100231.html"
TASK = Task(URL, Role.ARTICLE, "bao.example")
NEWS = b"<html><body><h1>Tin</h1>" + b"<p>Hai bo song di lai de dang hon.</p>" * 12 + b"</body></html>"


def page_of(body: bytes = NEWS, status: int = 200, **headers: str) -> Page:
    sent = {"content_type": "text/html; charset=utf-8"} | headers
    lines = tuple((name.replace("_", "-"), value) for name, value in sent.items())
    return Page(URL, URL, status, lines, body, datetime(2025, 1, 1, tzinfo=UTC))


def article_of(words: int = 0, **fields: object) -> Article:
    facts: dict[str, object] = {"kind": Kind.OTHER, "title": "Tin", "body": " ".join(["chữ"] * words)} | fields
    return Article(url=URL, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, Blocked), (402, Blocked), (403, Blocked), (407, Blocked), (429, Blocked), (451, Blocked),
        (404, NotFound), (410, NotFound),
        (400, HttpStatus), (405, HttpStatus), (418, HttpStatus), (500, HttpStatus), (503, HttpStatus),
        (999, HttpStatus), (300, HttpStatus), (302, HttpStatus),
    ],
)  # fmt: skip
def test_a_status_other_than_success_is_an_error_by_its_kind(status: int, expected: type[ScraperError]) -> None:
    objection = objection_to_answer(page_of(status=status), TASK)

    assert type(objection) is expected
    assert str(status) in str(objection)


@pytest.mark.parametrize("status", [200, 203, 206, 304])
def test_success_and_not_modified_are_no_errors(status: int) -> None:
    assert objection_to_answer(page_of(status=status), TASK) is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n\x1a\n....", "text/html; charset=utf-8"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"PK\x03\x04...", "application/octet-stream"),
        (b"\0\0<\0\0", ""),
        (b'{"a": 1}', "application/json"),
        (b"....", "video/mp4"),
    ],
)
def test_f33_what_is_no_html_by_its_bytes_or_its_type_is_not_read(body: bytes, content_type: str) -> None:
    assert isinstance(objection_to_answer(page_of(body, content_type=content_type), TASK), NotHtml)


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/xhtml+xml", "TEXT/HTML;charset=x", "", "text/plain"]
)
def test_f33_html_is_read_even_where_the_server_does_not_tell_its_type(content_type: str) -> None:
    assert objection_to_answer(page_of(content_type=content_type), TASK) is None


@pytest.mark.parametrize(
    "body",
    [
        (
            b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script><p>x</p>"
            b"<script src=/cdn-cgi/challenge-platform/h/b></script>"
        ),
        b"<title>Attention Required! | Cloudflare</title><div class=cf-error-details></div>",
        b"<html><script src=https://geo.captcha-delivery.com/c.js></script></html>",
        b"<div id=px-captcha></div><script>window._pxAppId='x'</script>",
        b"<iframe src=/_Incapsula_Resource?x=1></iframe>Request unsuccessful. Incapsula incident ID: 1",
        b"<title>DDoS-Guard</title><script src=/.well-known/ddos-guard/js></script>",
        b"<script src=/aes.min.js></script><script src=slowaes.js></script><script>document.cookie='__test='</script>",
    ],
)
def test_f35_a_challenge_page_is_blocked_whatever_its_status(body: bytes) -> None:
    assert isinstance(objection_to_answer(page_of(body), TASK), Blocked)
    assert isinstance(objection_to_answer(page_of(body, status=503, cf_mitigated="challenge"), TASK), Blocked)


def test_f35_an_article_about_challenge_pages_is_an_article() -> None:
    about = NEWS.replace(b"</body>", b"<p>Just a moment... _cf_chl_opt /cdn-cgi/challenge-platform/</p></body>")

    assert objection_to_answer(page_of(about), TASK) is None


def test_f34_an_article_that_redirects_to_the_front_page_is_gone() -> None:
    front = replace(page_of(), url="https://bao.example/", redirects=(page_of(b"", 302),))

    assert isinstance(objection_to_answer(front, TASK), SoftNotFound)
    assert objection_to_answer(front, replace(TASK, role=Role.LISTING)) is None


def test_an_article_that_redirects_to_its_new_address_is_no_error() -> None:
    moved = replace(page_of(), url="https://bao.example/moi/cau-moi-100231.html", redirects=(page_of(b"", 301),))

    assert objection_to_answer(moved, TASK) is None


@pytest.mark.parametrize(
    "text",
    [
        "404 - Không tìm thấy trang", "Page not found", "Trang bạn yêu cầu không tồn tại", "Seite nicht gefunden",
        "Page introuvable", "Página no encontrada", "Страница не найдена", "ページが見つかりません", "Lỗi 404", "404",
        "Bài viết đã bị xóa",
    ],
)  # fmt: skip
def test_f34_a_page_that_says_there_is_no_page_is_no_article(text: str) -> None:
    in_title = article_of(title=text)
    in_body = article_of(title="Báo Vĩnh Lâm", body=f"Rất tiếc! {text}. Mời bạn quay lại trang chủ.")

    assert isinstance(objection_to_article(page_of(), in_title), SoftNotFound)
    if text not in {"404", "Lỗi 404"}:
        assert isinstance(objection_to_article(page_of(), in_body), SoftNotFound)


def test_f34_a_real_article_about_a_missing_page_is_kept() -> None:
    long = article_of(200, title="Vì sao báo mạng hay gặp lỗi page not found", kind=Kind.ARTICLE)
    short_but_dated = article_of(20, title="Không tìm thấy trang sổ đỏ gốc", published_at=date(2025, 1, 1))

    assert objection_to_article(page_of(), long) is None
    assert objection_to_article(page_of(), short_but_dated) is None


@pytest.mark.parametrize("title", ["410 tỷ đồng xây cầu", "404 hộ dân nhận đất", "Quốc lộ 404 thông xe"])
def test_a_number_in_a_headline_is_no_status(title: str) -> None:
    assert objection_to_article(page_of(), article_of(20, title=title)) is None


def test_a_short_photo_story_is_kept() -> None:
    assert objection_to_article(page_of(), article_of(12, kind=Kind.ARTICLE, title="Chiều xuống trên bến cũ")) is None


def test_f35_a_paywall_stub_is_no_article_and_a_whole_text_marked_as_paid_is_one() -> None:
    paid = Rights(is_free=False)

    assert isinstance(objection_to_article(page_of(), article_of(30, rights=paid, kind=Kind.ARTICLE)), Paywalled)
    assert objection_to_article(page_of(), article_of(400, rights=paid, kind=Kind.ARTICLE)) is None
    assert objection_to_article(page_of(), article_of(30, rights=Rights(is_free=True))) is None


def test_f35_an_empty_shell_of_scripts_is_no_article() -> None:
    shell = page_of(
        b"<html><head><title>Tin</title></head><body><div id='root'></div><script src=a.js></script></body>"
    )
    link = Link("https://bao.example/a", "A", Relation.OTHER)

    assert isinstance(objection_to_article(shell, article_of(0)), Blocked)
    assert objection_to_article(shell, article_of(0, links=(link,))) is None
    assert objection_to_article(page_of(), article_of(0)) is None


def test_a_listing_is_never_a_soft_404() -> None:
    assert objection_to_article(page_of(), article_of(0, kind=Kind.LISTING, title="404")) is None


def test_sitemaps_are_judged_by_status_alone() -> None:
    task = replace(TASK, role=Role.SITEMAP)

    assert objection_to_answer(page_of(b"\x1f\x8b...", content_type="application/gzip"), task) is None
    assert isinstance(objection_to_answer(page_of(status=404), task), NotFound)


SHELL = b"<title>Tin</title><div id='root'></div><script src=a.js></script>"
OF_A_BROWSER = "the site asks for a browser (a challenge page)"
MOVED_HOME = replace(page_of(), url="https://bao.example/", redirects=(page_of(b"", 302),))


@pytest.mark.parametrize(
    ("page", "url", "told"),
    [
        (page_of(status=404), URL, "404, there is no such page"),
        (page_of(status=403), URL, "403, the site refuses this crawler"),
        (page_of(status=503), URL, "the server answers 503"),
        (page_of(status=403, x_amzn_waf_action="challenge"), URL, f"403, {OF_A_BROWSER}"),
        (page_of(cf_mitigated="Challenge"), URL, OF_A_BROWSER),
        (page_of(b"<title>DDoS-Guard</title>"), URL, OF_A_BROWSER),
        (page_of(b" \n%PDF-1.7"), URL, "a PDF, no page"),
        (page_of(content_type="video/mp4; codecs=avc; x=1"), URL, "video/mp4, no page"),
        (page_of(b"\0", content_type=""), URL, "of no known type, no page"),
        (MOVED_HOME, "https://bao.example/", "the server leads to its front page; the article is gone"),
    ],
)
def test_an_answer_is_refused_in_words_that_name_the_page_and_what_is_wrong(page: Page, url: str, told: str) -> None:
    objection = objection_to_answer(page, TASK)

    assert str(objection) == f"{url}: {told}"
    assert getattr(objection, "status", page.status) == page.status


@pytest.mark.parametrize(
    ("page", "article", "told"),
    [
        (
            page_of(),
            article_of(30, rights=Rights(is_free=False)),
            "only 30 words are shown; the article is for subscribers",
        ),
        (page_of(), article_of(title="404"), "the server answers 200, and the page says that there is no such page"),
        (page_of(SHELL), article_of(), "the page is an empty shell that only a browser fills"),
    ],
)
def test_a_text_is_refused_in_words_that_name_the_page_and_what_is_wrong(
    page: Page, article: Article, told: str
) -> None:
    assert str(objection_to_article(page, article)) == f"{URL}: {told}"


@pytest.mark.parametrize("content_type", ["application/rss+xml", "application/atom+xml; charset=utf-8", "text/xml"])
def test_what_is_xml_by_its_type_is_read(content_type: str) -> None:
    assert objection_to_answer(page_of(content_type=content_type), TASK) is None


def test_f35_a_small_page_that_bears_one_mark_of_a_challenge_is_none() -> None:
    assert objection_to_answer(page_of(b"<title>Tin</title><p>Tin ngan"), TASK) is None
    assert objection_to_answer(page_of(b"<title>Tin</title><script>_cf_chl_opt</script>"), TASK) is None


@pytest.mark.parametrize(("paragraphs", "is_blocked"), [(5, True), (6, False)])
def test_f35_a_page_of_more_than_five_paragraphs_is_no_challenge(paragraphs: int, *, is_blocked: bool) -> None:
    page = page_of(b"<title>DDoS-Guard</title>" + b"<p>x" * paragraphs)

    assert (objection_to_answer(page, TASK) is not None) is is_blocked


@pytest.mark.parametrize(
    ("requested", "reached", "is_gone"),
    [
        (URL, "https://bao.example/INDEX.html", True),
        (URL, "https://bao.example/trang-chu/", True),
        (URL, "https://bao.example/?p=100231", False),
        ("https://bao.example/index.html", "https://bao.example/", False),
    ],
)
def test_f34_an_article_is_gone_where_only_the_front_page_is_left(
    requested: str, reached: str, *, is_gone: bool
) -> None:
    page = replace(page_of(), requested_url=requested, url=reached, redirects=(page_of(b"", 301),))

    assert (objection_to_answer(page, TASK) is not None) is is_gone


def test_the_front_page_asked_for_as_an_article_is_what_was_asked_for() -> None:
    assert objection_to_answer(replace(page_of(), url="https://bao.example/"), TASK) is None


@pytest.mark.parametrize(("words", "is_refused"), [(59, True), (60, False)])
def test_f35_sixty_words_are_an_article_whatever_the_page_says_of_its_price(words: int, *, is_refused: bool) -> None:
    article = article_of(words, rights=Rights(is_free=False))

    assert (objection_to_article(page_of(), article) is not None) is is_refused


@pytest.mark.parametrize(("words", "is_refused"), [(35, True), (45, False)])
def test_f34_what_a_text_says_of_a_page_counts_where_there_is_hardly_other_text(
    words: int, *, is_refused: bool
) -> None:
    article = article_of(title="Tin", body="Không tìm thấy trang sổ. " + "chữ " * (words - 5))

    assert (objection_to_article(page_of(), article) is not None) is is_refused


@pytest.mark.parametrize(
    ("more", "is_shell"),
    [(b"<a href=/x>x</a><p>x</p>" * 2, True), (b"<a href=/x>x</a>" * 3 + b"<p>x" * 3, False), (b"<p>x" * 6, False)],
)
def test_f35_a_shell_with_links_and_paragraphs_of_its_own_is_a_page(more: bytes, *, is_shell: bool) -> None:
    assert (objection_to_article(page_of(SHELL + more), article_of()) is not None) is is_shell


def test_a_page_without_text_and_without_a_place_for_scripts_is_no_shell() -> None:
    assert objection_to_article(page_of(b"<title>Tin</title>"), article_of()) is None


def test_a_part_of_what_was_kept_is_a_failure_that_keeps_its_page() -> None:
    failed = stub_of(Visit(TASK, page_of(), article_of(20)))

    assert (failed.task, failed.code, failed.page) == (TASK, "much_shorter", page_of())
    assert failed.failed_at == page_of().fetched_at
    assert failed.message == f"{URL}: the page has only a part of the article that was kept; the version before stays"


CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"


@pytest.mark.faults
def test_no_real_page_is_judged_away() -> None:
    index = CORPUS / "index.jsonl"
    if not index.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    refused = []
    for row in map(json.loads, index.read_text(encoding="utf-8").splitlines()):
        body = gzip.decompress((CORPUS / row["path"]).read_bytes())
        page = replace(page_of(body), url=row["url"], requested_url=row["url"])
        objection = objection_to_answer(page, TASK) or objection_to_article(page, parse(body, row["url"]))
        refused += [str(objection)] if objection else []

    assert refused == []
