"""Sets the pieces of stories in HTML, as each layout does it. Strings in, safe HTML out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from commands.newspaper.paper import Edition
from commands.newspaper.stories import Layout, Photo, Piece, PieceKind, Story

TEMPLATES = Path(__file__).with_name("templates")
DAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@cache
def template(name: str) -> Template:
    """Return one of the newspaper's templates."""
    return Template((TEMPLATES / f"{name}.html").read_text("utf-8"))


def weekday(moment: datetime) -> str:
    """Return the day of the week: `Thứ Năm`."""
    return DAYS[moment.weekday()]


def clock(moment: datetime) -> str:
    """Write the clock of the page header: `Thứ Năm, 13/06/2024, 09:05`."""
    return f"{weekday(moment)}, {moment:%d/%m/%Y, %H:%M}"


def lines(fragments: Iterable[str]) -> str:
    """Put fragments one below the other."""
    return "\n".join(fragments)


def link(story: Story, *, extra: str = "") -> str:
    """Return a link to a story, its title as text; `extra` is HTML that follows the title inside the link."""
    return f'<a href="{escape(story.path)}">{escape(story.title)}{extra}</a>'


def items(stories: Iterable[Story]) -> str:
    """Return list items that link to stories."""
    return lines(f"<li>{link(story)}</li>" for story in stories)


def dated_items(stories: Iterable[Story], form: str = "%d/%m/%Y") -> str:
    """Return list items that link to stories, each with its own date inside the link."""
    dated = ((story, f' <span class="date">({story.published_at:{form}})</span>') for story in stories)
    return lines(f"<li>{link(story, extra=extra)}</li>" for story, extra in dated)


def photo_path(story: Story, photo: Photo) -> str:
    """Return the path of a picture; as on many newspapers it has the day in it."""
    return f"/images/{story.published_at:%Y/%m/%d}/{photo.file}"


def body(edition: Edition, story: Story, layout: Layout | None = None) -> str:
    """Set the text of a story as its layout, or another one, does it."""
    setter = SETTERS[layout or story.layout]
    return lines(filter(None, (setter(edition, story, piece) for piece in story.pieces)))


def _full(edition: Edition, story: Story, piece: Piece) -> str:
    match piece.kind:
        case PieceKind.PHOTO if piece.photo:
            return _figure(story, piece.photo)
        case PieceKind.SEE:
            other = edition.find(piece.text)
            return f'<div class="box-xemthem" data-type="related-inline">{_teaser(other)}</div>' if other else ""
        case PieceKind.HEADING:
            return f"<h3>{escape(piece.text)}</h3>"
        case _:
            return _running(piece)


def _figure(story: Story, photo: Photo) -> str:
    credit = f' <span class="credit">Ảnh: {escape(photo.credit)}</span>' if photo.credit else ""
    image = f'<img src="{photo_path(story, photo)}" alt="{escape(photo.caption)}" width="640" height="360">'
    return f"<figure>{image}<figcaption>{escape(photo.caption)}{credit}</figcaption></figure>"


def _teaser(story: Story) -> str:
    image = f'<img src="{photo_path(story, story.photos[0])}" alt="" width="120" height="68">' if story.photos else ""
    return f"<strong>Xem thêm</strong> {image}{link(story)}"


def _running(piece: Piece) -> str:
    match piece.kind:
        case PieceKind.QUOTE:
            return f"<blockquote><p>{escape(piece.text)}</p></blockquote>"
        case PieceKind.LIST:
            return f"<ul>{lines(f'<li>{escape(item)}</li>' for item in piece.items)}</ul>"
        case _:
            return f"<p>{escape(piece.text)}</p>"


def _table(_edition: Edition, story: Story, piece: Piece) -> str:
    match piece.kind:
        case PieceKind.PHOTO if piece.photo:
            return _picture_table(story, piece.photo, "image", "image_desc")
        case PieceKind.SEE:
            return ""
        case PieceKind.HEADING:
            return f'<p class="muc"><strong>{escape(piece.text)}</strong></p>'
        case _:
            return _running(piece)


def _picture_table(story: Story, photo: Photo, table_class: str, caption_class: str) -> str:
    image = f'<img src="{photo_path(story, photo)}" border="0" width="500">'
    caption = f"<em>{escape(_glued(photo))}</em>" if caption_class else escape(_glued(photo))
    classes = (f' class="{table_class}"' if table_class else "", f' class="{caption_class}"' if caption_class else "")
    return (
        f'<table{classes[0]} align="center" border="0"><tbody><tr><td>{image}</td></tr>'
        f'<tr><td{classes[1]} align="center">{caption}</td></tr></tbody></table>'
    )


def _glued(photo: Photo) -> str:
    return f"{photo.caption} Ảnh: {photo.credit}" if photo.credit else photo.caption


def _bare(_edition: Edition, story: Story, piece: Piece) -> str:
    match piece.kind:
        case PieceKind.PHOTO if piece.photo:
            return _picture_table(story, piece.photo, "", "")
        case PieceKind.SEE:
            return ""
        case PieceKind.HEADING:
            return f"<p><b>{escape(piece.text)}</b></p>"
        case _:
            return _running(piece)


def _portal(_edition: Edition, story: Story, piece: Piece) -> str:
    match piece.kind:
        case PieceKind.PHOTO if piece.photo:
            image = f'<img src="{photo_path(story, piece.photo)}" width="480" />'
            return f"<center>{image}<br /><em>{escape(_glued(piece.photo))}</em></center>"
        case PieceKind.SEE:
            return ""
        case PieceKind.HEADING:
            return f"<b>{escape(piece.text)}</b><br /><br />"
        case PieceKind.LIST:
            return _running(piece)
        case _:
            return f"{escape(piece.text)}<br /><br />"


SETTERS: dict[Layout, Callable[[Edition, Story, Piece], str]] = {
    Layout.FULL: _full,
    Layout.TABLE: _table,
    Layout.BARE: _bare,
    Layout.PORTAL: _portal,
}
