"""What an editor of the newspaper writes: a story, its pieces, and the small markup they are typed in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

TEXTS = Path(__file__).with_name("texts")


class Layout(StrEnum):
    """How a page is set; the newspaper has changed its CMS more than once."""

    FULL = "full"  # JSON-LD, Open Graph, figure and figcaption, boxes inside and after the text
    TABLE = "table"  # an older CMS: picture and caption in a table, byline last, right-aligned and bold
    BARE = "bare"  # no metadata at all, today's date on top, the source and its time below the text
    PORTAL = "portal"  # paragraphs parted by <br><br>, captions centred below the picture


class PieceKind(StrEnum):
    """What a piece of a story's text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    PHOTO = "photo"
    SEE = "see"  # a box inside the text that leads to another story


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a story: the name of its file, its caption, and who took it."""

    file: str
    caption: str
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a story's text; which values are set depends on the kind."""

    kind: PieceKind
    text: str = ""  # paragraph, heading, quote; of a see box: the slug of the other story
    items: tuple[str, ...] = ()  # list
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A story as the editors have it, whatever the layout shows of it."""

    slug: str
    number: int  # the id in its URL
    section: str  # id of the section
    title: str
    published_at: datetime
    pieces: tuple[Piece, ...]
    lead: str | None = None
    dateline: str | None = None  # the outlet's mark before the lead, such as `BBG - `
    layout: Layout = Layout.FULL
    authors: tuple[str, ...] = ()
    byline: str | None = None  # as printed, where that is more than the names
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # slugs
    modified_at: datetime | None = None  # None: never edited
    reprint_of: str | None = None  # slug of the story whose text this one has
    source_name: str | None = None  # whose text it is, as printed
    source_published_at: datetime | None = None  # when it appeared there
    charset: str = "utf-8"
    is_decomposed: bool = False  # the page is sent in NFD
    has_amp: bool = False
    aliases: tuple[str, ...] = ()  # other paths that give the same page
    moved_from: tuple[str, ...] = ()  # old paths that redirect here

    @property
    def path(self) -> str:
        """Return the path of the page on the newspaper's host."""
        return f"/{self.section}/{self.slug}-{self.number}.html"

    @property
    def changed_at(self) -> datetime:
        """Return when the page last changed."""
        return self.modified_at or self.published_at

    @property
    def photos(self) -> tuple[Photo, ...]:
        """Return the pictures in reading order."""
        return tuple(piece.photo for piece in self.pieces if piece.photo)


class Facts(TypedDict, total=False):
    """What may be said of a story, or changed in it, besides its text."""

    slug: str
    number: int
    title: str
    published_at: datetime
    modified_at: datetime
    lead: str | None
    dateline: str | None
    layout: Layout
    authors: tuple[str, ...]
    byline: str | None
    tags: tuple[str, ...]
    related: tuple[str, ...]
    source_name: str | None
    source_published_at: datetime | None
    charset: str
    is_decomposed: bool
    has_amp: bool
    aliases: tuple[str, ...]
    moved_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the newspaper."""

    id: str
    name: str
    pages_by: str = "query"  # `query`: /thoi-su?p=2, `path`: /thoi-su/trang-2.htm


def read_texts(folder: Path = TEXTS) -> tuple[tuple[Section, ...], tuple[Story, ...]]:
    """Read the sections and stories of a folder, one TOML file a section, in the order of the file names."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
    sections = tuple(Section(file["id"], file["name"], file["pages_by"]) for file in files)
    stories = [_story(file["id"], entry) for file in files for entry in file["story"]]
    return sections, tuple(_with_borrowed_text(stories))


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Read the markup of a text: blocks parted by blank lines.

    `## ` opens a heading, `> ` a quote, `- ` the items of a list; `[ảnh: file | caption | credit]` is a picture and
    `[xem: slug]` a box that leads to another story. All else is a paragraph; its lines are joined.
    """
    return tuple(_piece(block.strip()) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _piece(block: str) -> Piece:
    if block.startswith("## "):
        return Piece(PieceKind.HEADING, block[3:])
    if block.startswith("> "):
        return Piece(PieceKind.QUOTE, _joined(block[2:]))
    if block.startswith("- "):
        return Piece(PieceKind.LIST, items=tuple(_joined(item) for item in re.split(r"(?:^|\n)\s*- ", block)[1:]))
    if box := re.fullmatch(r"\[ảnh:(.+)\]", block, re.DOTALL):
        file, caption, credit, *_ = [*(part.strip() for part in _joined(box[1]).split("|")), ""]
        return Piece(PieceKind.PHOTO, photo=Photo(file, caption, credit or None))
    if box := re.fullmatch(r"\[xem:(.+)\]", block):
        return Piece(PieceKind.SEE, box[1].strip())
    return Piece(PieceKind.PARAGRAPH, _joined(block))


def _joined(lines: str) -> str:
    return " ".join(lines.split())


def _story(section: str, entry: dict[str, Any]) -> Story:
    facts: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
    facts["layout"] = Layout(facts.get("layout", "full"))
    facts["pieces"] = pieces_of(facts.pop("text", ""))
    return Story(section=section, **facts)


def _with_borrowed_text(stories: list[Story]) -> Iterator[Story]:
    by_slug = {story.slug: story for story in stories}
    for story in stories:
        yield replace(story, pieces=_reprinted(by_slug[story.reprint_of])) if story.reprint_of else story


def _reprinted(story: Story) -> tuple[Piece, ...]:
    return tuple(piece for piece in story.pieces if piece.kind is not PieceKind.SEE)
