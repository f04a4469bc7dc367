"""Makes the pages that are lists of others: the front page, sections, the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from commands.newspaper import setting
from commands.newspaper.frames import framed
from commands.newspaper.paper import NAME, PAGE_SIZE, Edition
from commands.newspaper.setting import photo_path, template
from commands.newspaper.stories import Section, Story

NEWEST = Section("tin-moi-nhat", "Tin mới nhất")


def front_page(edition: Edition) -> bytes:
    """Return the front page: the newest story large, the next ones, and the newest of each section."""
    main = template("front").substitute(
        focus=lines_of_entries(edition.stories[:1]),
        latest=setting.items(edition.stories[1:9]),
        blocks=setting.lines(_block(edition, section) for section in edition.sections),
        notices=setting.lines(_notices(edition)),
    )
    return framed(edition, f"<title>{NAME} – Tin tức tỉnh Bến Gió</title>", main).encode()


def listing_page(edition: Edition, section: Section, page: int) -> bytes | None:
    """Return one page of a section's list, ten stories each, or None if it has no such page."""
    stories = edition.stories if section is NEWEST else edition.of(section.id)
    shown = stories[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if page < 1 or not shown:
        return None
    last = -(-len(stories) // PAGE_SIZE)
    main = template("listing").substitute(
        name=escape(section.name), entries=lines_of_entries(shown), pages=_pagination(section, page, last)
    )
    return framed(edition, _head(edition, section, page, last), main).encode()


def page_path(section: Section, page: int) -> str:
    """Return the path of one page of a section's list."""
    if page == 1:
        return f"/{section.id}"
    return f"/{section.id}/trang-{page}.htm" if section.pages_by == "path" else f"/{section.id}?p={page}"


def lines_of_entries(stories: Sequence[Story]) -> str:
    """Return stories as lists show them: picture, title, time, lead."""
    return setting.lines(map(_entry, stories))


def _notices(edition: Edition) -> Iterator[str]:
    """Link to stories by other addresses than their own, as old notices do."""
    for story in edition.stories:
        for path in (*story.moved_from, *story.aliases):
            yield f'<li><a href="{escape(path)}">{escape(story.title)}</a></li>'


def _entry(story: Story) -> str:
    return (
        f'<div class="story">{_thumb(story)}<h3 class="story-title">{setting.link(story)}</h3>'
        f'<span class="time">{story.published_at:%d/%m/%Y %H:%M}</span>'
        f'<p class="summary">{escape(story.lead or "")}</p></div>'
    )


def _thumb(story: Story) -> str:
    if not story.photos:
        return ""
    image = f'<img src="{photo_path(story, story.photos[0])}" alt="" width="240">'
    return f'<a class="thumb" href="{escape(story.path)}">{image}</a>'


def _block(edition: Edition, section: Section) -> str:
    stories = edition.of(section.id)[:4]
    title = f'<h2><a href="/{section.id}">{escape(section.name)}</a></h2>'
    lists = f"{lines_of_entries(stories[:1])}<ul>{setting.items(stories[1:])}</ul>"
    return f'<section class="block">{title}{lists}</section>'


def _pagination(section: Section, page: int, last: int) -> str:
    links = [
        f'<a href="{page_path(section, n)}">{n}</a>' if n != page else f'<span class="active">{n}</span>'
        for n in range(1, last + 1)
    ]
    more = f'<a rel="next" href="{page_path(section, page + 1)}">Trang sau »</a>' if page < last else ""
    return " ".join([*links, more]) if last > 1 else ""


def _head(edition: Edition, section: Section, page: int, last: int) -> str:
    suffix = f" - Trang {page}" if page > 1 else ""
    fragments = [
        f"<title>{escape(section.name)}{suffix} | {NAME}</title>",
        f'<link rel="canonical" href="{edition.base_url}{page_path(section, page)}">',
        f'<link rel="next" href="{page_path(section, page + 1)}">' if page < last else "",
        '<meta property="og:type" content="website">',
    ]
    return setting.lines(filter(None, fragments))
