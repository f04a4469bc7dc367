"""Makes what machines read: robots.txt, sitemaps, feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape

from commands.newspaper.paper import NAME, Edition
from commands.newspaper.stories import Story

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
FEED_SIZE = 20


def robots_txt(edition: Edition) -> bytes:
    """Return robots.txt: no searching, no pages for the printer; where the sitemaps are."""
    return (
        "# Báo Bến Gió\nUser-agent: *\nDisallow: /tim-kiem\nDisallow: /in/\nAllow: /\n\n"
        f"Sitemap: {edition.base_url}/sitemap.xml\nSitemap: {edition.base_url}/sitemap-news.xml\n"
    ).encode()


def sitemap_index(edition: Edition) -> bytes:
    """Return the index of the sitemaps, one a month, newest first."""
    entries = (
        f"<sitemap><loc>{edition.base_url}/sitemap-{month}.xml</loc>"
        f"<lastmod>{_newest(of_month(edition, month)).isoformat(timespec='seconds')}</lastmod></sitemap>"
        for month in months(edition)
    )
    return _xml(f"<sitemapindex {SITEMAP}>", entries, "</sitemapindex>")


def month_sitemap(edition: Edition, month: str) -> bytes | None:
    """Return the sitemap of a month such as `2025-03`, or None if nothing was published in it."""
    stories = of_month(edition, month)
    entries = (
        f"<url><loc>{escape(edition.base_url + story.path)}</loc>"
        f"<lastmod>{_changed(story).isoformat(timespec='seconds')}</lastmod></url>"
        for story in stories
    )
    return _xml(f"<urlset {SITEMAP}>", entries, "</urlset>") if stories else None


def news_sitemap(edition: Edition) -> bytes:
    """Return the sitemap of the ten newest stories, with their titles and times."""
    entries = (
        f"<url><loc>{escape(edition.base_url + story.path)}</loc><news:news><news:publication><news:name>{NAME}"
        "</news:name><news:language>vi</news:language></news:publication><news:publication_date>"
        f"{story.published_at.isoformat()}</news:publication_date><news:title>{escape(story.title)}</news:title>"
        "</news:news></url>"
        for story in edition.stories[:10]
    )
    return _xml(f"<urlset {SITEMAP} {NEWS}>", entries, "</urlset>")


def rss(edition: Edition, stories: Iterable[Story], title: str) -> bytes:
    """Return an RSS 2.0 feed; as on many newspapers its links carry tracking parameters."""
    entries = (
        f"<item><title>{escape(story.title)}</title>"
        f"<link>{escape(f'{edition.base_url}{story.path}?utm_source=rss&utm_medium=feed')}</link>"
        f'<guid isPermaLink="false">{story.number}</guid><pubDate>{format_datetime(story.published_at)}</pubDate>'
        f"<description><![CDATA[{story.lead or ''}]]></description></item>"
        for story in list(stories)[:FEED_SIZE]
    )
    head = f"<title>{escape(title)}</title><link>{edition.base_url}/</link><language>vi</language>"
    return _xml(f'<rss version="2.0"><channel>{head}', entries, "</channel></rss>")


def months(edition: Edition) -> list[str]:
    """Return the months in which something was published, newest first."""
    return list(dict.fromkeys(f"{story.published_at:%Y-%m}" for story in edition.stories))


def of_month(edition: Edition, month: str) -> list[Story]:
    """Return the stories of a month such as `2025-03`."""
    return [story for story in edition.stories if f"{story.published_at:%Y-%m}" == month]


def _changed(story: Story) -> datetime:
    return story.changed_at.astimezone(story.published_at.tzinfo)


def _newest(stories: Iterable[Story]) -> datetime:
    return max(_changed(story) for story in stories)


def _xml(opening: str, entries: Iterable[str], closing: str) -> bytes:
    return (PROLOGUE + opening + "\n" + "\n".join(entries) + "\n" + closing + "\n").encode()
