"""What machines read of the demo newspaper: robots.txt, sitemaps, feeds, listings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser

from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

from commands.newspaper import Edition, Newspaper
from commands.newspaper.answers import answer

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def edition_of(newspaper: Newspaper) -> Edition:
    return newspaper.edition(BASE)


def get(edition: Edition, url: str) -> bytes:
    response = answer(edition, url.removeprefix(BASE))
    assert response.status == 200, url
    return response.body


def locations(body: bytes) -> list[tuple[str, datetime]]:
    return [
        (entry.findtext(f"{MAP}loc", ""), datetime.fromisoformat(entry.findtext(f"{MAP}lastmod", "")))
        for entry in fromstring(body.decode())
    ]


def article_links(body: bytes) -> list[str]:
    links = [node.attributes["href"] or "" for node in LexborHTMLParser(body).css("main a[href]")]
    return [link for link in dict.fromkeys(links) if re.search(r"-\d{6}\.html$", link)]


def test_robots_names_sitemaps_that_are_there_and_forbids_searching_and_printing() -> None:
    edition = edition_of(Newspaper())
    robots = RobotFileParser()

    robots.parse(get(edition, "/robots.txt").decode().splitlines())

    assert [answer(edition, url.removeprefix(BASE)).status for url in robots.site_maps() or []] == [200, 200]
    assert not robots.can_fetch("luubao", f"{BASE}/tim-kiem?q=x")
    assert not robots.can_fetch("luubao", f"{BASE}/in/100287")
    assert robots.can_fetch("luubao", f"{BASE}/thoi-su")
    assert robots.can_fetch("luubao", f"{BASE}/tin-moi-nhat")


def test_the_sitemaps_name_every_article_once_with_the_time_of_its_last_change() -> None:
    newspaper = Newspaper(clock=lambda: NOW)
    edition = edition_of(newspaper)

    months = locations(get(edition, "/sitemap.xml"))
    entries = [entry for url, _ in months for entry in locations(get(edition, url))]

    assert sorted(entries) == sorted((BASE + story.path, story.changed_at) for story in edition.stories)
    for url, newest in months:
        assert newest == max(changed_at for _, changed_at in locations(get(edition, url)))


def test_an_edit_moves_the_lastmod_of_the_article_and_of_its_month() -> None:
    newspaper = Newspaper(clock=lambda: NOW)
    story = newspaper.edition().find("ho-da-xep-tich-nuoc-som-cho-vu-he-thu")
    assert story

    newspaper.edit(story.slug, title="Tít mới", at=NOW)

    edition = edition_of(newspaper)
    assert dict(locations(get(edition, "/sitemap.xml")))[f"{BASE}/sitemap-2025-05.xml"] == NOW
    assert dict(locations(get(edition, "/sitemap-2025-05.xml")))[BASE + story.path] == NOW


def test_the_news_sitemap_has_titles_and_times() -> None:
    edition = edition_of(Newspaper())

    body = get(edition, "/sitemap-news.xml").decode()

    for story in edition.stories[:10]:
        assert f"<news:title>{story.title}</news:title>" in body
        assert f"<news:publication_date>{story.published_at.isoformat()}</news:publication_date>" in body


def test_the_feed_has_the_twenty_newest_with_tracking_parameters() -> None:
    edition = edition_of(Newspaper())

    entries = fromstring(get(edition, "/rss/home.rss").decode()).findall("./channel/item")

    assert [entry.findtext("link") for entry in entries] == [
        f"{BASE}{story.path}?utm_source=rss&utm_medium=feed" for story in edition.stories[:20]
    ]
    assert [parsedate_to_datetime(entry.findtext("pubDate", "")) for entry in entries] == [
        story.published_at for story in edition.stories[:20]
    ]
    assert answer(edition, "/rss/y-te.rss").status == 200
    assert answer(edition, "/rss/the-thao.rss").status == 404


def test_the_pages_of_a_section_have_ten_stories_each_and_lead_to_one_another() -> None:
    edition = edition_of(Newspaper())

    for section in ("thoi-su", "nong-nghiep", "van-hoa", "giao-duc", "y-te", "tin-moi-nhat"):
        url, found, pages = f"/{section}", [], 0
        while url:
            body = get(edition, url)
            links = article_links(body)
            found += links
            pages += 1
            following = LexborHTMLParser(body).css_first('main a[rel="next"]')
            url = following.attributes["href"] or "" if following else ""
            assert len(links) == 10 or not url

        stories = edition.stories if section == "tin-moi-nhat" else edition.of(section)
        assert found == [story.path for story in stories]
        assert pages == -(-len(stories) // 10)


def test_both_ways_of_paging_are_there() -> None:
    edition = edition_of(Newspaper())

    assert b'rel="next" href="/thoi-su?p=2"' in get(edition, "/thoi-su")
    assert b'rel="next" href="/van-hoa/trang-2.htm"' in get(edition, "/van-hoa")
    for path in ("/thoi-su?p=9", "/thoi-su?p=0", "/van-hoa/trang-9.htm", "/the-thao", "/the-thao/trang-1.htm"):
        assert answer(edition, path).status == 404


def test_the_front_page_has_a_pdf_a_dead_link_and_an_old_address() -> None:
    edition = edition_of(Newspaper())

    links = [node.attributes["href"] or "" for node in LexborHTMLParser(get(edition, "/")).css("main a[href]")]
    statuses = {answer(edition, link).status for link in links}

    assert statuses == {200, 301, 404}
    assert [answer(edition, link).body[:5] for link in links if link.endswith(".pdf")] == [b"%PDF-"]


def test_a_removed_article_is_named_nowhere_and_its_page_is_gone() -> None:
    newspaper = Newspaper(clock=lambda: NOW)
    slug = "khoi-cong-khu-tai-dinh-cu-go-muoi"

    story = newspaper.remove(slug, status=410)

    edition = edition_of(newspaper)
    for path in (story.path, f"/amp{story.path}", *story.aliases, *story.moved_from):
        assert answer(edition, path).status == 410
    for path in ("/", "/thoi-su", "/tin-moi-nhat?p=2", "/sitemap-2025-04.xml", "/sitemap.xml"):
        assert slug.encode() not in get(edition, path)
    assert all(story.path not in article.related for article in newspaper.articles)

    newspaper.restore(story)
    assert answer(edition_of(newspaper), story.path).status == 200


def test_a_moved_article_redirects_from_its_old_address() -> None:
    newspaper = Newspaper(clock=lambda: NOW)
    old = newspaper.article("mua-ca-com-duoc-gia")

    new = newspaper.edit(old.slug, slug="mua-ca-com-bac-trieu")

    edition = edition_of(newspaper)
    assert (new.slug, new.title) == ("mua-ca-com-bac-trieu", old.title)
    assert dict(answer(edition, old.path).headers)["Location"] == BASE + new.path
    assert answer(edition, new.path).status == 200
    assert [article.title for article in newspaper.articles].count(old.title) == 2, "itself and its reprint"


def test_what_is_published_now_is_on_top_everywhere() -> None:
    newspaper = Newspaper(clock=lambda: NOW)

    article = newspaper.publish("Mưa lớn ở Đá Chồng", "Một đoạn tin.", published_at=NOW - timedelta(minutes=5))

    edition = edition_of(newspaper)
    assert article.path == "/thoi-su/mua-lon-o-da-chong-100416.html"
    assert article_links(get(edition, "/"))[0] == article.path
    assert article_links(get(edition, "/thoi-su"))[0] == article.path
    assert article.path.encode() in get(edition, "/rss/home.rss")
