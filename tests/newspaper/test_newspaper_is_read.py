"""The reader reads every page of the demo newspaper as its truth says, without the rules of any site."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from commands.newspaper import Layout, Newspaper, Piece, PieceKind, Story, Truth
from commands.newspaper.answers import answer
from commands.newspaper.setting import photo_path
from scraper import parse
from scraper.models import Article, Block, BlockKind, Kind, Relation

NOW = datetime(2025, 7, 2, 3, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
NEWSPAPER = Newspaper(clock=lambda: NOW)
EDITION = NEWSPAPER.edition(BASE)
KINDS = {
    PieceKind.PARAGRAPH: BlockKind.PARAGRAPH,
    PieceKind.HEADING: BlockKind.HEADING,
    PieceKind.QUOTE: BlockKind.QUOTE,
    PieceKind.LIST: BlockKind.LIST,
    PieceKind.PHOTO: BlockKind.IMAGE,
}

every_story = pytest.mark.parametrize("story", EDITION.stories, ids=lambda s: f"{s.layout}:{s.slug}")


def truth_of(story: Story) -> Truth:
    return EDITION.truth(story)


@cache
def read(path: str) -> Article:
    response = answer(EDITION, path)
    assert response.status == 200
    return parse(response.body, BASE + path, headers=response.headers, fetched_at=NOW, sites=())


def without_dateline(text: str | None, story: Story) -> str | None:
    return text.removeprefix(story.dateline or "") if text else text


def shown(block: Block, story: Story) -> tuple[BlockKind, object]:
    match block.kind:
        case BlockKind.LIST:
            return block.kind, block.items
        case BlockKind.IMAGE:
            return block.kind, block.image and block.image.url
        case _:
            return block.kind, without_dateline(block.text, story)


def expected(piece: Piece, story: Story) -> tuple[BlockKind, object]:
    content: object = piece.items or piece.text
    return KINDS[piece.kind], BASE + photo_path(story, piece.photo) if piece.photo else content


@every_story
def test_kind_and_title(story: Story) -> None:
    article = read(story.path)

    assert (article.kind, article.title) == (Kind.ARTICLE, story.title)


@every_story
def test_published_at(story: Story) -> None:
    article, truth = read(story.path), truth_of(story)

    assert article.published_at == truth.published_at
    assert article.published_on == truth.published_at.date()


@every_story
def test_modified_at(story: Story) -> None:
    modified_at = read(story.path).modified_at

    assert modified_at in {truth_of(story).modified_at, story.published_at if story.layout is Layout.FULL else None}


@every_story
def test_lead(story: Story) -> None:
    assert without_dateline(read(story.path).lead, story) == truth_of(story).lead


@every_story
def test_blocks_in_reading_order(story: Story) -> None:
    truth = truth_of(story)
    lead = [(BlockKind.PARAGRAPH, truth.lead)] if truth.lead else []

    blocks = [shown(block, story) for block in read(story.path).blocks]

    assert blocks == lead + [expected(piece, story) for piece in truth.pieces]


@every_story
def test_body_has_the_running_text_and_nothing_that_stands_around_it(story: Story) -> None:
    article, truth = read(story.path), truth_of(story)

    paragraphs = [without_dateline(text, story) for text in article.body.split("\n\n")]

    assert [text for text in paragraphs if text in truth.paragraphs] == list(truth.paragraphs)
    known = {*truth.paragraphs, *truth.headings, *truth.items, "\n".join(truth.items)}
    assert [text for text in paragraphs if text not in known and not _is_list(text or "", truth)] == []


def _is_list(text: str, truth: Truth) -> bool:
    return bool(truth.items) and all(any(item in line for item in truth.items) for line in text.splitlines())


@every_story
def test_authors(story: Story) -> None:
    assert read(story.path).authors == truth_of(story).authors


@every_story
def test_captions_and_credits(story: Story) -> None:
    images = read(story.path).images

    assert [(image.caption, image.credit) for image in images] == [(p.caption, p.credit) for p in story.photos]
    assert [image.url for image in images] == [BASE + photo_path(story, photo) for photo in story.photos]


@every_story
def test_related(story: Story) -> None:
    article = read(story.path)

    related = [link.url for link in article.related]

    assert related == [BASE + path for path in truth_of(story).related]
    assert {link.relation for link in article.related} <= {Relation.RELATED, Relation.INLINE}


@every_story
def test_titles_of_related_links_have_no_date_glued_to_them(story: Story) -> None:
    titles = {BASE + other.path: other.title for other in EDITION.stories}

    for link in read(story.path).related:
        assert link.title == titles[link.url]


@every_story
def test_popular_links_are_told_apart(story: Story) -> None:
    article = read(story.path)
    elsewhere = {link.url for link in article.related} | {BASE + o.path for o in EDITION.others_than(story)}
    popular = {BASE + other.path for other in EDITION.popular()} - elsewhere

    named = {link.url for link in article.links if link.relation is Relation.POPULAR}

    assert popular - named - {BASE + story.path} == set()


@every_story
def test_source(story: Story) -> None:
    article, truth = read(story.path), truth_of(story)

    assert article.source_name == truth.source_name
    assert article.source_published_at == truth.source_published_at


@every_story
def test_section_tags_and_language(story: Story) -> None:
    article, truth = read(story.path), truth_of(story)

    assert article.section == truth.section
    assert article.tags == truth.tags
    assert article.language == "vi"


@every_story
def test_canonical_url(story: Story) -> None:
    canonical = read(story.path).canonical_url

    has_link = story.layout in {Layout.FULL, Layout.PORTAL}
    assert canonical == (BASE + story.path if has_link else None)


def test_twins_of_a_page_read_the_same() -> None:
    story = next(story for story in EDITION.stories if story.has_amp)
    article, amp = read(story.path), read(f"/amp{story.path}")

    for path in (*story.aliases, f"{story.path}?utm_source=zalo"):
        assert read(path).body == article.body
        assert read(path).canonical_url == BASE + story.path
    assert (amp.title, amp.body, amp.authors) == (article.title, article.body, article.authors)
    assert (amp.published_at, amp.canonical_url) == (article.published_at, BASE + story.path)


def test_a_reprint_has_the_text_of_its_original() -> None:
    story = next(story for story in EDITION.stories if story.reprint_of)
    original = EDITION.find(story.reprint_of or "")
    assert original

    for text in truth_of(story).paragraphs:
        assert text in read(story.path).body
        assert text in read(original.path).body


@pytest.mark.parametrize(
    "path", ["/", "/thoi-su", "/thoi-su?p=2", "/nong-nghiep/trang-2.htm", "/tin-moi-nhat", "/y-te", "/giao-duc"]
)
def test_lists_are_listings(path: str) -> None:
    article = read(path)

    assert article.kind is Kind.LISTING
    assert article.published_at is None
