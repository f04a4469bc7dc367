"""Makes the page of an article in the layout of its story."""

from __future__ import annotations

import json
import unicodedata
from html import escape
from typing import Any

from commands.newspaper import setting
from commands.newspaper.frames import framed, menu
from commands.newspaper.paper import NAME, Edition
from commands.newspaper.setting import template
from commands.newspaper.stories import Layout, Story


def article_page(edition: Edition, story: Story) -> bytes:
    """Return the page of a story, in the charset and normal form that its layout sends."""
    html = _PAGES[story.layout](edition, story)
    return encoded(unicodedata.normalize("NFD", html) if story.is_decomposed else html, story.charset)


def amp_page(edition: Edition, story: Story) -> bytes:
    """Return the AMP twin of a story's page."""
    fields = _common(edition, story) | {
        "time": _full_time(story),
        "lead": escape(_lead(story)),
        "body": setting.body(edition, story),
        "byline": _byline(story, '<p class="author">{}</p>'),
        "jsonld": _jsonld(_news_article(edition, story)),
    }
    return template("amp").substitute(fields).encode()


def print_page(edition: Edition, story: Story) -> bytes:
    """Return the page for the printer, which robots.txt forbids."""
    text = setting.body(edition, story, Layout.TABLE)
    head = f'<meta charset="utf-8"><meta name="robots" content="noindex"><title>{escape(story.title)}</title>'
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1>{escape(story.title)}</h1>{text}</body></html>".encode()


def encoded(html: str, charset: str) -> bytes:
    """Encode a page; what the charset lacks becomes a character reference.

    windows-1258 has few letters with a tone mark: the others are a letter followed by a combining mark.
    """
    if charset != "windows-1258":
        return html.encode(charset)
    return "".join(map(_split_tone, html)).encode("cp1258", "xmlcharrefreplace")


def _split_tone(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in parts[1:] if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else letter


def _full_page(edition: Edition, story: Story) -> str:
    fields = _common(edition, story) | {
        "time": _full_time(story),
        "lead": escape(_lead(story)),
        "body": setting.body(edition, story),
        "byline": _byline(story, '<p class="detail-author">{}</p>'),
        "tags": _tags(story),
        "related": _related_box(edition, story, '<div class="box-lienquan"><h3>Tin liên quan</h3><ul>{}</ul></div>'),
        "others": setting.items(edition.others_than(story)),
    }
    return framed(edition, _full_head(edition, story), template("full").substitute(fields))


def _table_page(edition: Edition, story: Story) -> str:
    fields = _common(edition, story) | {
        "time": f"{setting.weekday(story.published_at)}, {story.published_at:%d/%m/%Y | %H:%M}",
        "lead": f'<p class="sapo"><strong>{escape(_lead(story))}</strong></p>' if story.lead else "",
        "body": setting.body(edition, story),
        "byline": _byline(story, '<p style="text-align:right"><strong>{}</strong></p>'),
        "related": _related_box(edition, story, '<div class="lienquan"><h3>Bài liên quan</h3><ul>{}</ul></div>'),
        "others": setting.dated_items(edition.others_than(story), "Ngày đăng %d/%m/%Y"),
    }
    head = f"<title>{escape(story.title)} | {NAME}</title>"
    return framed(edition, head, template("table").substitute(fields))


def _bare_page(edition: Edition, story: Story) -> str:
    day = edition.now
    appeared_at = story.source_published_at or story.published_at
    fields = _common(edition, story) | {
        "today": f"{setting.weekday(day)}, {day.day}/{day.month}/{day.year}",
        "menu": menu(edition),
        "body": setting.body(edition, story),
        "source": f"({escape(story.source_name or 'baobengio.example')}) {appeared_at:%d/%m/%Y, %H:%M}",
        "others": setting.dated_items(edition.others_than(story)),
        "popular": setting.dated_items(edition.popular()),
    }
    return template("bare").substitute(fields)


def _portal_page(edition: Edition, story: Story) -> str:
    fields = _common(edition, story) | {
        "clock": setting.clock(edition.now),
        "menu": menu(edition),
        "time": f"Ngày đăng: {story.published_at:%d-%m-%Y - %I:%M %p}",
        "lead": f'<p class="news-intro"><b>{escape(_lead(story))}</b></p>' if story.lead else "",
        "body": setting.body(edition, story),
        "byline": _byline(story, '<div align="right"><b>{}</b></div>'),
        "related": _related_box(edition, story, '<div class="block-title">Xem thêm:</div><ul>{}</ul>'),
        "popular": setting.items(edition.popular()),
    }
    return template("portal").substitute(fields)


_PAGES = {
    Layout.FULL: _full_page,
    Layout.TABLE: _table_page,
    Layout.BARE: _bare_page,
    Layout.PORTAL: _portal_page,
}


def _common(edition: Edition, story: Story) -> dict[str, str]:
    return {
        "title": escape(story.title),
        "path": escape(story.path),
        "url": escape(edition.base_url + story.path),
        "number": str(story.number),
        "charset": story.charset,
        "section": escape(edition.section(story.section).name),
        "section_path": f"/{story.section}",
    }


def _lead(story: Story) -> str:
    return (story.dateline or "") + (story.lead or "")


def _full_time(story: Story) -> str:
    return f"{setting.clock(story.published_at)} (GMT+7)"


def _byline(story: Story, form: str) -> str:
    printed = story.byline or " - ".join(story.authors)
    source = form.format(f"Theo {escape(story.source_name)}") if story.source_name else ""
    return (form.format(escape(printed)) if printed else "") + source


def _tags(story: Story) -> str:
    links = " ".join(f'<a href="/tu-khoa/{n}">{escape(tag)}</a>' for n, tag in enumerate(story.tags))
    return f'<div class="detail-tags"><span>Từ khóa:</span> {links}</div>' if story.tags else ""


def _related_box(edition: Edition, story: Story, form: str) -> str:
    related = edition.related_to(story)
    return form.format(setting.items(related)) if related else ""


def _full_head(edition: Edition, story: Story) -> str:
    url = edition.base_url + story.path
    fragments = [
        f"<title>{escape(story.title)} | {NAME}</title>",
        f'<link rel="canonical" href="{escape(url)}">',
        _amp_link(edition, story),
        *(f'<meta {kind}="{name}" content="{escape(value)}">' for kind, name, value in _metas(edition, story)),
        _jsonld(_news_article(edition, story)),
        _jsonld(_breadcrumb(edition, story)),
    ]
    return setting.lines(filter(None, fragments))


def _amp_link(edition: Edition, story: Story) -> str:
    return f'<link rel="amphtml" href="{edition.base_url}/amp{story.path}">' if story.has_amp else ""


def _metas(edition: Edition, story: Story) -> list[tuple[str, str, str]]:
    image = [("property", "og:image", edition.base_url + setting.photo_path(story, p)) for p in story.photos[:1]]
    return [
        ("name", "description", story.lead or story.title),
        ("name", "keywords", ", ".join(story.tags)),
        ("property", "og:site_name", NAME),
        ("property", "og:type", "article"),
        ("property", "og:title", story.title),
        ("property", "og:description", story.lead or story.title),
        ("property", "og:url", edition.base_url + story.path),
        *image,
        ("property", "article:published_time", story.published_at.isoformat()),
        ("property", "article:modified_time", story.changed_at.astimezone(story.published_at.tzinfo).isoformat()),
        ("property", "article:section", edition.section(story.section).name),
        *(("property", "article:tag", tag) for tag in story.tags),
    ]


def _news_article(edition: Edition, story: Story) -> dict[str, Any]:
    """Describe the story; the outlet stands as author, as on many newspapers, though people wrote it."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": edition.base_url + story.path},
        "headline": story.title,
        "description": story.lead or story.title,
        "image": [edition.base_url + setting.photo_path(story, photo) for photo in story.photos],
        "datePublished": story.published_at.isoformat(),
        "dateModified": story.changed_at.astimezone(story.published_at.tzinfo).isoformat(),
        "author": {"@type": "Organization", "name": NAME},
        "publisher": {"@type": "Organization", "name": NAME, "logo": edition.base_url + "/logo.svg"},
    }


def _breadcrumb(edition: Edition, story: Story) -> dict[str, Any]:
    section = edition.section(story.section)
    steps = [("Trang chủ", "/"), (section.name, f"/{section.id}")]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "item": {"@id": edition.base_url + path, "name": name}}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def _jsonld(node: dict[str, Any]) -> str:
    text = json.dumps(node, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
