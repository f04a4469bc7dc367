"""The demo newspaper's stories as an archive, kept as a crawl would, without a network or a reader."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from commands.newspaper.stories import PieceKind, Story, read_texts
from scraper.models import Article, Image, Kind, Page, Role, Task, Visit
from tests.archive.kit import NOW, open_archive

SITE = "bengio"
PROSE = (PieceKind.PARAGRAPH, PieceKind.HEADING, PieceKind.QUOTE)


def url_of(story: Story) -> str:
    """Return the address under which a story is kept."""
    return f"https://{SITE}.example.vn/{story.slug}-{story.number}.html"


def visit_of(story: Story, section: str) -> Visit:
    """Return the visit to a story's page."""
    texts = [story.lead or "", *(piece.text for piece in story.pieces if piece.kind in PROSE)]
    texts += [" ".join(piece.items) for piece in story.pieces if piece.items]
    article = Article(
        url_of(story),
        Kind.ARTICLE,
        title=story.title,
        lead=story.lead,
        body="\n\n".join(filter(None, texts)),
        published_at=story.published_at,
        authors=story.authors,
        section=section,
        source_name=story.source_name,
        source_published_at=story.source_published_at,
        images=tuple(Image(f"https://anh.example.vn/{p.file}", p.caption, p.credit) for p in story.photos),
    )
    url, at = article.url, NOW + timedelta(minutes=story.number - 100_000)
    page = Page(url, url, 200, (("Content-Type", "text/html"),), article.body.encode(), at)
    return Visit(Task(url, Role.ARTICLE, SITE), page, article)


def told_archive(path: Path) -> None:
    """Keep all stories."""
    sections, stories = read_texts()
    names = {section.id: section.name for section in sections}
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for story in stories:
            archive.keep(visit_of(story, names[story.section]))
        archive.end_run(0, NOW)
