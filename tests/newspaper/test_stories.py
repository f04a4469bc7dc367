"""The texts of the demo newspaper, and the markup they are typed in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest

from commands.newspaper import Layout, Newspaper, Photo, Piece, PieceKind, Story, pieces_of

STORIES = Newspaper().edition().stories
BY_SLUG = {story.slug: story for story in STORIES}


def test_markup_gives_every_kind_of_piece() -> None:
    text = """
        Một đoạn
        hai dòng.

        ## Đề mục

        > Lời trích.

        - một
        - hai
          ba

        [ảnh: a.png | Chú thích. | Hoài Thu]

        [xem: bai-khac]
    """

    assert pieces_of(text) == (
        Piece(PieceKind.PARAGRAPH, "Một đoạn hai dòng."),
        Piece(PieceKind.HEADING, "Đề mục"),
        Piece(PieceKind.QUOTE, "Lời trích."),
        Piece(PieceKind.LIST, items=("một", "hai ba")),
        Piece(PieceKind.PHOTO, photo=Photo("a.png", "Chú thích.", "Hoài Thu")),
        Piece(PieceKind.SEE, "bai-khac"),
    )


def test_a_credit_may_be_left_out() -> None:
    [piece] = pieces_of("[ảnh: a.png | Chú thích.]")

    assert piece.photo == Photo("a.png", "Chú thích.", None)


def test_there_are_forty_articles_and_more_over_five_sections() -> None:
    sections = Counter(story.section for story in STORIES)

    assert len(STORIES) >= 40
    assert len(sections) == 5
    assert sum(count > 10 for count in sections.values()) >= 2, "two sections and more have a second page"


def test_every_layout_is_used_often() -> None:
    layouts = Counter(story.layout for story in STORIES)

    assert min(layouts[layout] for layout in Layout) >= 8


def test_slugs_and_numbers_are_unique() -> None:
    assert len({story.slug for story in STORIES}) == len(STORIES)
    assert len({story.number for story in STORIES}) == len(STORIES)


def test_numbers_grow_with_the_time_of_publication() -> None:
    in_order = sorted(STORIES, key=lambda story: story.number)

    assert all(before.published_at < after.published_at for before, after in pairwise(in_order))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_text_is_nfc_long_enough_and_leads_nowhere_dead(story: Story) -> None:
    paragraphs = [piece.text for piece in story.pieces if piece.kind is PieceKind.PARAGRAPH]
    named = [*story.related, *(piece.text for piece in story.pieces if piece.kind is PieceKind.SEE)]

    assert unicodedata.is_normalized("NFC", repr(story))
    assert 3 <= len(paragraphs) <= 10
    assert all(re.search(r"[.!?…”:]$", text) for text in paragraphs)
    assert set(named) <= BY_SLUG.keys() - {story.slug}
    assert story.layout is not Layout.FULL or story.related


def test_several_stories_speak_of_duong_le_duan() -> None:
    assert sum("đường Lê Duẩn" in repr(story) for story in STORIES) >= 8


def test_the_texts_have_every_vietnamese_letter() -> None:
    letters = {letter for story in STORIES for letter in repr(story).lower() if letter.isalpha()}
    vowels = [base + tone for base in "aăâeêioôơuưy" for tone in ("", *"\u0300\u0301\u0309\u0303\u0323")]

    assert {unicodedata.normalize("NFC", vowel) for vowel in vowels} | {"đ"} <= letters


def test_the_special_pages_are_there() -> None:
    reprint = next(story for story in STORIES if story.reprint_of)

    assert reprint.pieces == tuple(p for p in BY_SLUG[reprint.reprint_of or ""].pieces if p.kind is not PieceKind.SEE)
    assert reprint.source_name
    assert any(story.is_decomposed for story in STORIES)
    assert any(story.charset == "windows-1258" for story in STORIES)
    assert any(story.has_amp and story.aliases and story.moved_from for story in STORIES)
    assert max(len(piece.items) for story in STORIES for piece in story.pieces) > 15
