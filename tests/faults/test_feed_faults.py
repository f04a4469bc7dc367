"""F71: feeds as they come: HTML instead, wrong encoding, no dates, relative links, ten thousand items."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discover.feeds import MAX_ITEMS, read_feed
from scraper.errors import ParseFailed
from scraper.models import Found, Page, Role

URL = "https://bao.example.vn/rss/thoi-su.rss"
ARTICLE = "https://bao.example.vn/thoi-su/cau-moi-thong-xe-sau-ba-nam-100231.html"
AT = datetime(2026, 1, 12, 0, 30, tzinfo=UTC)
ITEM = "<item><title>Cầu mới thông xe</title><link>{}</link>{}</item>"
RSS = "<rss version='2.0'><channel><title>Báo</title>{}</channel></rss>"
DATED = ITEM.format(ARTICLE, "<pubDate>Mon, 12 Jan 2026 07:30:00 +0700</pubDate>")


def feed(body: str | bytes, content_type: str = "application/rss+xml") -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(URL, URL, 200, (("Content-Type", content_type),), content, datetime.now(UTC))


FORMS = {
    "rss 2.0": RSS.format(DATED),
    "rss 0.91": f"<rss version='0.91'><channel>{DATED}</channel></rss>",
    "rss 1.0": f"""<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'
        xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='{URL}'/><item rdf:about='{ARTICLE}'>
        <title>Cầu mới thông xe</title><link>{ARTICLE}</link><dc:date>2026-01-12T07:30:00+07:00</dc:date>
        </item></rdf:RDF>""",
    "atom": f"""<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>&lt;b&gt;Cầu mới&lt;/b&gt; thông xe
        </title><link rel='enclosure' href='/anh.jpg'/><link href='{ARTICLE}'/>
        <updated>2026-01-12T07:30:00+07:00</updated></entry></feed>""",
    "permalink as guid": RSS.format(DATED.replace("<link>", "<guid>").replace("</link>", "</guid>")),
    "relative links": RSS.format(DATED.replace("https://bao.example.vn", "")),
    "byte order mark": "\ufeff" + RSS.format(DATED),
    "blank lines first": "\n\n  " + RSS.format(DATED),
    "a bare ampersand": RSS.format("<description>Dầu & khí</description>" + DATED),
    "cut short": RSS.format(DATED + "<item><title>Bài sau bị cắt")[:-20],
    "an unclosed tag before": RSS.format("<description><br></description>" + DATED),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_f71_each_form_of_feed_gives_url_title_and_time(body: str) -> None:
    found = read_feed(feed(body))

    assert found[:1] == (Found(ARTICLE, Role.ARTICLE, "Cầu mới thông xe", AT),)


@pytest.mark.parametrize("content_type", ["text/html", "application/xml; charset=iso-8859-1", "text/xml", "", "a/x"])
def test_f71_a_wrong_content_type_hides_no_item(content_type: str) -> None:
    assert [link.url for link in read_feed(feed(RSS.format(DATED), content_type))] == [ARTICLE]


def test_f71_a_wrong_declared_encoding_hides_no_item() -> None:
    body = "<?xml version='1.0' encoding='us-ascii'?>" + RSS.format(DATED)

    assert [link.url for link in read_feed(feed(body))] == [ARTICLE]


@pytest.mark.parametrize("date", ["", "<pubDate>hôm qua</pubDate>", "<pubDate>0000-00-00</pubDate>", "<pubDate/>"])
def test_f71_an_item_without_a_date_is_found_all_the_same(date: str) -> None:
    assert read_feed(feed(RSS.format(ITEM.format(ARTICLE, date)))) == (
        Found(ARTICLE, Role.ARTICLE, "Cầu mới thông xe"),
    )


@pytest.mark.parametrize(
    "body", ["<!doctype html><html><body><p>Trang không tồn tại</p></body></html>", "", "không có gì", "\x89PNG\r\n"]
)
def test_f71_what_is_no_feed_is_a_failure(body: str) -> None:
    with pytest.raises(ParseFailed):
        read_feed(feed(body, "text/html"))


def test_f71_a_feed_without_items_is_no_failure() -> None:
    assert read_feed(feed(RSS.format(""))) == ()


@pytest.mark.faults
def test_f71_ten_thousand_items_are_read_and_no_more() -> None:
    items = "".join(ITEM.format(f"/tin-moi-trong-ngay-{100_000 + n}.html", "") for n in range(MAX_ITEMS // 10))
    began = time.process_time()

    found = read_feed(feed(RSS.format(items * 11)))

    assert len(found) == MAX_ITEMS // 10
    assert time.process_time() - began < 20


def test_f71_a_file_of_this_machine_is_not_read() -> None:
    body = "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + RSS.format(ITEM.format(ARTICLE, "")).replace(
        "Cầu mới thông xe", "&a;"
    )

    assert "root:" not in str(read_feed(feed(body)))


def test_a_link_that_is_no_article_is_left_out() -> None:
    links = ["/", "/tag/cau-duong", "javascript:void(0)", "mailto:a@b.vn", "/anh/cau.jpg"]

    assert read_feed(feed(RSS.format("".join(ITEM.format(link, "") for link in links)))) == ()


def test_the_next_page_of_a_feed_is_named() -> None:
    body = FORMS["atom"].replace("<entry>", "<link rel='next' href='?paged=2'/><entry>", 1)

    assert read_feed(feed(body))[-1] == Found(f"{URL}?paged=2", Role.FEED, is_next_page=True)


def test_a_sitemap_in_the_place_of_a_feed_is_read_as_one() -> None:
    assert [link.url for link in read_feed(feed(f"<urlset><url><loc>{ARTICLE}</loc></url></urlset>"))] == [ARTICLE]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*"<>&;/'\"]![-", "<item>", "<rss>", "<!DOCTYPE ", "<![", "&#", "a", "é", "link"])))
def test_no_text_breaks_the_reading_of_a_feed(parts: list[str]) -> None:
    with suppress(ParseFailed):
        read_feed(feed("<rss><channel>" + "".join(parts)))
