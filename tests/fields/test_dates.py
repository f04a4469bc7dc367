"""The date of the article among all dates of its page."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scraper import parse
from scraper.models import Article, iso

URL = "https://bao.example.vn/cau-moi-qua-song-124375.html"
TEXT = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của hơn bốn trăm học sinh trong xã. "
PARAGRAPHS = "".join(f"<p>{TEXT}Đó là phần thứ {n} của bài viết này.</p>" for n in ("nhất", "hai", "ba", "tư"))


def read(
    *,
    head: str = "",
    top: str = "",
    above: str = "",
    last: str = "",
    below: str = "",
    url: str = URL,
    fetched_at: datetime | None = None,
) -> Article:
    page = f"""<html lang="vi"><head><meta charset="utf-8"><title>Cầu mới qua sông</title>{head}</head><body>{top}
    <div class="main"><h1>Cầu mới qua sông đã thông xe sáng nay</h1>{above}
    <div class="content">{PARAGRAPHS}{last}</div>{below}</div></body></html>"""
    return parse(page.encode(), url, sites=(), fetched_at=fetched_at)


def published(**parts: str) -> str | None:
    return iso(read(**parts).published_at)  # type: ignore[arg-type]


def jsonld(pairs: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Cầu mới", {pairs}}}</script>'


def test_json_ld_gives_publication_and_change_and_not_creation() -> None:
    head = jsonld(
        '"dateCreated": "2026-03-06T22:00:00+07:00", "datePublished": "2026-03-07T08:01:53+07:00", '
        '"dateModified": "2026-03-07T09:30:00+07:00"'
    )

    article = read(head=head)

    assert iso(article.published_at) == "2026-03-07T08:01:53+07:00"
    assert iso(article.modified_at) == "2026-03-07T09:30:00+07:00"
    assert article.provenance["published_at"].source == "jsonld:datePublished"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:published_time" content="2025-10-11T10:02:08+0700">', "2025-10-11T10:02:08+07:00"),
        ('<meta name="pubdate" content="2025-10-11T03:02:08Z">', "2025-10-11T10:02:08+07:00"),
        ('<meta name="pubdate" content="2025-10-11 10:02:08">', "2025-10-11T10:02:08+07:00"),
        ('<meta itemprop="datePublished" content="2025-10-11">', "2025-10-11"),
        ('<meta itemprop="datePublished" content="2025-10-11T00:00:00Z">', "2025-10-11"),
        ('<meta value="2025-10-11T10:02:08+07:00" name="article:published_time">', "2025-10-11T10:02:08+07:00"),
    ],
)
def test_meta_gives_the_time_with_the_newspapers_offset(head: str, expected: str) -> None:
    assert published(head=head) == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ('<span class="date">Thứ bảy, 7/3/2026, 00:05 (GMT+7)</span>', "2026-03-07T00:05:00+07:00"),
        ("<p>07-03-2026 - 00:01 AM</p>", "2026-03-07T00:01:00+07:00"),
        ("<p><span>Thứ Bảy, </span><span>07/03/2026</span> | <span>08:47</span></p>", "2026-03-07T08:47:00+07:00"),
        ('<time datetime="2026-03-07T08:47:00+07:00">hôm nay</time>', "2026-03-07T08:47:00+07:00"),
        ('<p class="author">Lê An - 07/03/2026 08:47</p>', "2026-03-07T08:47:00+07:00"),
        ("<p>Ngày đăng: 21 tháng 02 năm 2026</p>", "2026-02-21"),
    ],
)
def test_the_date_line_under_the_headline_is_the_articles(above: str, expected: str) -> None:
    assert published(above=above) == expected


def test_a_line_that_tells_both_times_gives_both() -> None:
    article = read(above='<p class="date">Đăng ngày 06/03/2026, 08:00 | Cập nhật 07/03/2026, 09:30</p>')

    assert iso(article.published_at) == "2026-03-06T08:00:00+07:00"
    assert iso(article.modified_at) == "2026-03-07T09:30:00+07:00"


def test_the_time_of_the_update_stands_in_where_the_page_shows_no_other() -> None:
    article = read(above='<p class="date">Cập nhật: 08:47, 07/03/2026</p>')

    assert iso(article.published_at) == "2026-03-07T08:47:00+07:00"
    assert article.provenance["published_at"].source.endswith(":modified")


def test_an_update_does_not_outvote_the_publication() -> None:
    head = jsonld('"datePublished": "2026-03-06T08:00:00+07:00"')
    head += '<meta property="article:published_time" content="2026-03-07T08:47:00+07:00">'
    above = '<p class="date">Cập nhật: 08:47, 07/03/2026</p>'

    assert published(head=head, above=above) == "2026-03-06T08:00:00+07:00"


def test_a_day_gives_way_to_a_time_on_that_day() -> None:
    head = jsonld('"datePublished": "2026-03-07"')

    assert published(head=head, above="<p>07/03/2026 - 08:47</p>") == "2026-03-07T08:47:00+07:00"


@pytest.mark.parametrize(
    "trap",
    [
        {"top": "<div id='clock'>Thứ Năm, 13/6/2024</div>"},
        {"top": "<div>Thứ Năm, 13/6/2024</div>"},
        {"top": "<div class='time-now'>13/6/2024 10:20</div>"},
        {"below": "<h3>Xem nhiều</h3><ul><li><a href='/mot-hai-ba-1245.html'>Một hai ba bốn</a> 12/06/2024</li></ul>"},
        {"below": "<ul><li><a href='/mot-hai-ba-bon-1245.html'>Một hai ba bốn năm (Ngày đăng 12/6/2024)</a></li></ul>"},
        {"below": "<div class='comments'><p class='date'>12/06/2024 08:00</p><p>Hay quá</p></div>"},
        {"below": "<footer>Giấy phép số 12/GP ngày 12/06/2024. © 2024 Báo Sông Lớn</footer>"},
        {"last": f"<p>{TEXT} Cầu khởi công ngày 12/6/2024 và làm trong hai năm liền mới xong được.</p>"},
        {"below": "".join(f"<div class='card'><span class='date'>1{n}/06/2024</span></div>" for n in range(5))},
        {"below": "<article><h3><a href='/x'>Tin</a></h3><time datetime='2024-06-12T08:00'>12/6</time></article>"},
    ],
    ids=[
        "clock",
        "plain clock",
        "clock with time",
        "popular",
        "listed",
        "comment",
        "licence",
        "sentence",
        "cards",
        "card",
    ],
)
def test_a_date_of_something_else_is_never_the_articles(trap: dict[str, str]) -> None:
    assert published(**trap) is None


MENU = "".join(f"<a href='/m{n}'>Mục {n}</a> " for n in range(9))
NEWS = "".join(
    f"<p><a href='/tin-khac-{n}-trong-ngay.html'>Tin khác trong ngày, số {n} của báo</a></p>" for n in range(25)
)


@pytest.mark.parametrize(
    "clock",
    [
        f"<div class='top'>Thứ Bảy, 28/11/2026, 09:12</div>{MENU}",
        f"<div class='top'>28/11/2026 09:12</div>{MENU}",
        f"<div class='top'>Cập nhật lúc 09:12 ngày 28/11/2026</div>{MENU}",
        "<nav>Saturday, November 28, 2026 9:12</nav>",
    ],
)
def test_the_clock_of_the_page_is_never_the_articles_date(clock: str) -> None:
    other = "<div class='date'>Cập nhật: 12/03/2024 08:15</div>"

    assert published(top=clock, below=NEWS) is None
    assert published(top=clock, below=NEWS, above=other) == "2024-03-12T08:15:00+07:00"


def test_a_time_that_a_script_writes_into_an_empty_element_is_read() -> None:
    assert published(above="<span><x-time data-timestamp='1710206100'></x-time></span>") == "2024-03-12T08:15:00+07:00"


def test_a_time_element_may_show_more_than_its_attribute_tells() -> None:
    line = "<time datetime='2024-03-12'>12/03/2024 08:15</time><span>2 phút đọc</span>"

    assert published(above=line) == "2024-03-12T08:15:00+07:00"


def test_rdfa_tells_the_date() -> None:
    line = "<span property='schema:datePublished' content='2024-03-12T08:15:00+07:00'>hôm qua</span>"

    assert published(above=line) == "2024-03-12T08:15:00+07:00"


def test_an_update_above_the_headline_stands_in_too() -> None:
    line = "<p>Cập nhật ngày: 12/03/2024 08:15:00</p>"
    page = f"<div class='main'>{line}<h1>Cầu mới thông xe sáng nay</h1>{PARAGRAPHS}</div>"

    assert iso(parse(page.encode(), URL, sites=()).published_at) == "2024-03-12T08:15:00+07:00"


def test_rejected_dates_stand_in_the_provenance_with_the_reason() -> None:
    article = read(top="<div>Thứ Năm, 13/6/2024</div>", above="<p>07/03/2026 - 08:47</p>")

    rejected = article.provenance["published_at"].rejected

    assert [(r.value, r.reason) for r in rejected] == [("2024-06-13", "looks like today's date in the page's header")]


def test_a_date_that_cannot_be_is_refused_with_a_reason() -> None:
    article = read(above="<p>Thứ Hai, 07/03/2026 - 08:47</p>")

    assert article.published_at is None
    assert "was no" in article.provenance["published_at"].rejected[0].reason


def test_a_date_after_the_fetch_is_refused() -> None:
    now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    head = jsonld('"datePublished": "2036-03-07T08:00:00+07:00"')

    article = read(head=head, fetched_at=now)

    assert article.published_at is None
    assert article.provenance["published_at"].rejected[0].reason == "later than the page was fetched"


def test_a_date_before_the_web_is_refused_unless_structured_data_tell_it() -> None:
    assert published(above="<p class='date'>07/03/1975 - 08:47</p>") is None
    assert published(head=jsonld('"datePublished": "1975-03-07"')) == "1975-03-07"


def test_the_day_in_the_url_is_the_last_resort() -> None:
    url = "https://bao.example.vn/2026/03/07/cau-moi.html"

    assert published(url=url) == "2026-03-07"
    assert published(url=url, above="<p>07/03/2026 - 08:47</p>") == "2026-03-07T08:47:00+07:00"


def test_relative_times_count_only_beside_the_fetch() -> None:
    above = '<span class="time">20 phút trước</span>'
    now = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)

    assert published(above=above) is None
    assert iso(read(above=above, fetched_at=now).published_at) == "2026-03-07T09:40:00+07:00"


@pytest.mark.parametrize(
    ("url", "lang", "expected"),
    [
        ("https://a.example.vn/x-12345.html", "vi", "2026-07-03T08:47:00+07:00"),
        ("https://a.example.de/x-12345.html", "de", "2026-07-03T08:47:00+02:00"),
        ("https://a.example.co.uk/x-12345.html", "en", "2026-07-03T08:47:00+01:00"),
        ("https://a.example.com/x-12345.html", "ja", "2026-07-03T08:47:00+09:00"),
        ("https://a.example.com/x-12345.html", "en-GB", "2026-07-03T08:47:00+01:00"),
        ("https://a.example.com/x-12345.html", "en", "2026-03-07T08:47:00"),
        ("https://a.example.com/x-12345.html", "es", "2026-07-03T08:47:00"),
    ],
)
def test_host_and_language_decide_zone_and_order(url: str, lang: str, expected: str) -> None:
    body = "".join(f"<p>{'word ' * 30}.</p>" for _ in range(4))
    page = f'<html lang="{lang}"><body><h1>Words and more words</h1><p class="date">03/07/2026 - 08:47</p>{body}</body>'

    assert iso(parse(page.encode(), url, sites=()).published_at) == expected


def test_the_date_that_page_and_data_agree_on_outvotes_a_lone_one() -> None:
    head = jsonld('"datePublished": "2020-01-01T00:10:00+07:00"')
    head += '<meta property="article:published_time" content="2026-03-07T08:47:00+07:00">'

    assert published(head=head, above='<p class="date">07/03/2026 - 08:47</p>') == "2026-03-07T08:47:00+07:00"


def test_a_local_time_marked_as_utc_is_read_as_the_page_shows_it() -> None:
    head = jsonld('"datePublished": "2026-03-07T08:47:12Z"')

    assert published(head=head, above="<p>07/03/2026 - 08:47</p>") == "2026-03-07T08:47:12+07:00"
    assert published(head=head, above="<p>07/03/2026 - 15:47</p>") == "2026-03-07T15:47:12+07:00"


def test_a_change_before_the_publication_is_refused() -> None:
    head = jsonld('"datePublished": "2026-03-07T08:00:00+07:00", "dateModified": "2020-03-07T08:00:00+07:00"')

    assert read(head=head).modified_at is None


def reference_page(content: str) -> bytes:
    """Return a page laid out as the portal's: today's date, no metadata, `(source) date`, lists with dates."""
    return f"""<html><head><meta charset="utf-8"><title>Cổng thông tin</title></head><body>
    <div>Thứ Năm, 13/6/2024</div><div>Xã bên sông: Cả làng cùng dựng cây cầu mới</div>
    <table><tr><td><img src="a.jpg"></td></tr><tr><td>Bà con vui ngày thông xe.</td></tr></table>{content}
    <p>(baosonglon.example) 29/03/2023, 05:23</p><div>Gửi cho bạn bè</div>
    <h3>Các tin khác</h3><ul>
    <li><a href="/Home/tin/1111/Tin-khac-thu-nhat-cua-xa">Tin khác thứ nhất của xã</a> (Ngày đăng 12/6/2024)</li>
    <li><a href="/Home/tin/1112/Tin-khac-thu-hai-cua-xa">Tin khác thứ hai của xã</a> (Ngày đăng 11/6/2024)</li></ul>
    <h3>Xem nhiều nhất</h3><ul><li><a href="/Home/tin/1113/Tin-xem-nhieu-nhat-xa">Tin xem nhiều nhất xã</a></li></ul>
    </body></html>""".encode()


@pytest.mark.parametrize("content", [PARAGRAPHS, f"<div class='content'>{PARAGRAPHS}</div>"], ids=["flat", "boxed"])
def test_the_time_of_the_source_stands_in_for_that_of_the_portal(content: str) -> None:
    article = parse(reference_page(content), "https://congxa.example/Home/A/B/13535/Cau", sites=())

    assert iso(article.published_at) == "2023-03-29T05:23:00+07:00"
    assert article.published_on == date(2023, 3, 29)
    assert article.source_name == "baosonglon.example"
    assert iso(article.source_published_at) == "2023-03-29T05:23:00+07:00"
    assert "source" in article.provenance["published_at"].source
    assert [link.title for link in article.related] == ["Tin khác thứ nhất của xã", "Tin khác thứ hai của xã"]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_machines_zone_changes_nothing(zone: str) -> None:
    root = Path(__file__).parents[2]
    code = "import sys; from scraper import parse; print(parse(sys.stdin.buffer.read(), sys.argv[1]).published_at)"

    printed = subprocess.run(
        [sys.executable, "-c", code, "https://congxa.example/Home/A/B/13535/Cau"],
        input=reference_page(PARAGRAPHS),
        env=os.environ | {"TZ": zone},
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout

    assert printed.decode().strip() == "2023-03-29 05:23:00+07:00"
