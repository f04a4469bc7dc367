"""What a reader should find on a page: the expected values that tests compare with what was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.newspaper.stories import Layout, Photo, Piece, PieceKind, Story


@dataclass(frozen=True, slots=True)
class Truth:
    """The expected values of one article. URLs are paths on the newspaper's host."""

    slug: str
    path: str  # the canonical one
    layout: Layout
    title: str
    lead: str | None  # None where the page marks none
    pieces: tuple[Piece, ...]  # what follows the lead, in reading order; boxes to other stories left out
    published_at: datetime
    modified_at: datetime | None  # None where the page does not tell
    authors: tuple[str, ...]
    section: str | None  # its name; None where the page does not tell
    tags: tuple[str, ...]
    source_name: str | None
    source_published_at: datetime | None
    related: tuple[str, ...]  # paths, inside the text and after it, in the order of first appearance
    photos: tuple[Photo, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the running text: lead, paragraphs and quotes; no headings, no lists."""
        kinds = (PieceKind.PARAGRAPH, PieceKind.QUOTE)
        return ((self.lead,) if self.lead else ()) + tuple(p.text for p in self.pieces if p.kind in kinds)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings inside the text."""
        return tuple(piece.text for piece in self.pieces if piece.kind is PieceKind.HEADING)

    @property
    def items(self) -> tuple[str, ...]:
        """Return the items of all lists inside the text."""
        return tuple(item for piece in self.pieces for item in piece.items)

    @property
    def captions(self) -> tuple[str, ...]:
        """Return the captions without their credits."""
        return tuple(photo.caption for photo in self.photos)

    @property
    def credits(self) -> tuple[str | None, ...]:
        """Return who took each picture; None where the page does not tell."""
        return tuple(photo.credit for photo in self.photos)


def truth_of(story: Story, section: str, related: tuple[str, ...]) -> Truth:
    """Return what the page of a story should be read as: its layout leaves out some of what the editors know."""
    is_full = story.layout is Layout.FULL
    is_bare = story.layout is Layout.BARE
    return Truth(
        slug=story.slug,
        path=story.path,
        layout=story.layout,
        title=story.title,
        lead=story.lead,
        pieces=tuple(piece for piece in story.pieces if piece.kind is not PieceKind.SEE),
        published_at=story.source_published_at or story.published_at if is_bare else story.published_at,
        modified_at=story.modified_at if is_full else None,
        authors=() if is_bare else story.authors,
        section=None if is_bare else section,
        tags=story.tags if is_full else (),
        source_name=story.source_name,
        source_published_at=story.source_published_at,
        related=related,
        photos=story.photos,
    )
