from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.sitemaps import MAX_ENTRIES, read_sitemap
from scraper.errors import ParseFailed
from scraper.models import Found, Page, Role
from tests.bombs import gzip_bomb

URL = "https://bao.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ARTICLE = "https://bao.example/thoi-su/cau-moi-thong-xe-sau-ba-nam-100231.html"


def read(body: bytes | str) -> tuple[Found, ...]:
    content = body.encode() if isinstance(body, str) else body
    page = Page(URL, URL, 200, (("Content-Type", "application/xml"),), content, datetime.now(UTC))
    return read_sitemap(page)


def urlset(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>' + "".join(entries) + "</urlset>"


def entry(url: str = ARTICLE, lastmod: str = "") -> str:
    return f"<url><loc> {url}\n</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "") + "</url>"


def test_a_urlset_names_articles_and_sections_each_with_its_time() -> None:
    found = read(urlset(entry(lastmod="2025-06-12T07:30:00+07:00"), entry("https://bao.example/thoi-su", "2025-06-13")))

    assert found[0].url == ARTICLE
    assert found[0].role is Role.ARTICLE
    assert found[0].modified_at == datetime.fromisoformat("2025-06-12T07:30:00+07:00")
    assert found[1].role is Role.LISTING
    assert found[1].modified_at == datetime(2025, 6, 13)  # noqa: DTZ001 -- naive, as the sitemap wrote it


def test_an_index_names_sitemaps_and_the_latest_changed_come_first() -> None:
    parts = [("2024-01", "2024-01-31"), ("2025-06", "2025-06-12T01:00:00Z"), ("old", ""), ("2025-05", "2025-05-31")]
    items = [
        f"<sitemap><loc>https://bao.example/sitemap-{name}.xml</loc><lastmod>{time}</lastmod></sitemap>"
        for name, time in parts
    ]

    found = read(f"<sitemapindex {NS}>{''.join(items)}</sitemapindex>")

    assert [link.url.rpartition("-")[2] for link in found] == [
        "06.xml",
        "05.xml",
        "01.xml",
        "https://bao.example/sitemap-old.xml".rpartition("-")[2],
    ]
    assert {link.role for link in found} == {Role.SITEMAP}


def test_a_news_sitemap_gives_titles_and_dates() -> None:
    news = (
        f'<urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"<url><image:image><image:loc>https://bao.example/a.jpg</image:loc><image:title>Ảnh</image:title></image:image>"
        f"<loc>{ARTICLE}</loc><news:news><news:publication><news:name>Báo</news:name></news:publication>"
        "<news:publication_date>2025-06-12T07:30:00+07:00</news:publication_date>"
        "<news:title>Cầu mới thông xe</news:title></news:news></url></urlset>"
    )

    (link,) = read(news)

    assert link == Found(ARTICLE, Role.ARTICLE, "Cầu mới thông xe", datetime.fromisoformat("2025-06-12T07:30:00+07:00"))


def test_feeds_and_plain_lists_serve_as_sitemaps() -> None:
    rss = (
        "<rss version='2.0'><channel><title>Báo</title><link>https://bao.example/</link><item><title>Cầu mới</title>"
        f"<link>{ARTICLE}</link><pubDate>Thu, 12 Jun 2025 07:30:00 +0700</pubDate></item></channel></rss>"
    )
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Cầu mới</title><link rel='self' href='/x'/>"
        f"<link href='{ARTICLE}'/><updated>2025-06-12T07:30:00+07:00</updated></entry></feed>"
    )
    expected = (Found(ARTICLE, Role.ARTICLE, "Cầu mới", datetime.fromisoformat("2025-06-12T07:30:00+07:00")),)

    assert read(rss) == expected
    assert read(atom) == expected
    assert read(f"{ARTICLE}\n\nhttps://bao.example/thoi-su\n")[0] == Found(ARTICLE, Role.ARTICLE)


def test_a_gzip_file_is_read_as_what_is_in_it() -> None:
    assert read(gzip.compress(urlset(entry()).encode())) == read(urlset(entry()))


def test_relative_locations_and_a_byte_order_mark_are_read() -> None:
    body = b"\xef\xbb\xbf\n" + urlset(entry("/thoi-su/cau-moi-thong-xe-sau-ba-nam-100231.html")).encode()

    assert read(body)[0].url == ARTICLE


@pytest.mark.parametrize(
    "body",
    [
        urlset(entry(ARTICLE + "?a=1&b=2")),
        urlset(entry(), entry())[:-30],
        urlset(entry()).replace('encoding="UTF-8"', 'encoding="bogus"'),
        "\n\n\n" + urlset(entry()),
        urlset(entry()).replace("</urlset>", "</urlset><script>x</script>"),
    ],
    ids=["bare-ampersand", "cut-short", "unknown-encoding", "blank-lines-first", "two-roots"],
)
def test_a_broken_sitemap_gives_what_can_be_made_out(body: str) -> None:
    assert read(body)[0].url.startswith(ARTICLE)


@pytest.mark.parametrize(
    "lastmod", ["hôm nay", "2025-13-45", "0000-00-00", "99999999999999999999", "-", "Thu, 99 Foo 2025"]
)
def test_a_time_that_is_none_is_left_out(lastmod: str) -> None:
    assert read(urlset(entry(lastmod=lastmod)))[0].modified_at is None


LAUGHS = (
    '<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]><urlset {NS}><url><loc>&j;</loc></url></urlset>"
)


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        f'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset {NS}><url><loc>&x;</loc></url></urlset>',
        f'<!DOCTYPE u [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><urlset {NS}></urlset>',
    ],
    ids=["billion-laughs", "file", "external-dtd"],
)
def test_f69_entities_are_refused(body: str) -> None:
    with pytest.raises(ParseFailed, match="entities"):
        read(body)


def test_f69_elements_nested_too_deep_end_the_reading() -> None:
    with pytest.raises(ParseFailed):
        read("<a>" * 200_000)


def test_f21_half_a_gzip_file_is_not_taken_for_a_short_sitemap() -> None:
    packed = gzip.compress("".join(urlset(entry()) for _ in range(50)).encode())

    with pytest.raises(ParseFailed, match="damaged"):
        read(packed[: len(packed) // 2])


def test_f70_a_gzip_bomb_is_refused_before_it_is_large() -> None:
    with pytest.raises(ParseFailed, match="50 MB"):
        read(gzip_bomb(200))


def test_f70_no_more_entries_are_taken_than_the_protocol_allows() -> None:
    body = urlset(
        *(entry(f"https://bao.example/cau-moi-thong-xe-{n}.html") for n in range(100_000, 100_001 + MAX_ENTRIES))
    )

    assert len(read(body)) == MAX_ENTRIES


def test_a_sitemap_without_entries_names_nothing() -> None:
    assert read(urlset()) == ()


@pytest.mark.parametrize("body", ["", "<html><body><h1>404</h1></body></html>", "{}", "\x1f\x8b"])
def test_what_is_no_sitemap_is_said_to_be_none(body: str) -> None:
    with pytest.raises(ParseFailed):
        read(body.encode("latin-1"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = read(body)
    except ParseFailed:
        return
    assert all(link.url.startswith("http") for link in found)
