"""The piece of a text that is shown for a hit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.fold import fold
from archive.snippets import pattern_of, snippet
from archive.words import understand

WORDS = st.lists(st.sampled_from(["đường", "Lê", "Duẩn", "biển,", "một", "hai.\n\n", "x" * 30]), max_size=200)
PATTERN = pattern_of(understand("duong OR le").terms)


@given(WORDS)
def test_highlights_stand_on_the_words_and_no_word_is_cut(words: list[str]) -> None:
    text = " ".join(words)

    shown = snippet(text, PATTERN, chars=80)

    assert all(fold(shown.text[a:b]) in ("duong", "le") for a, b in shown.highlights)
    assert set(shown.text.split()) <= set(text.split())
    assert len(shown.text) <= 80
    assert bool(shown.highlights) == ("đường" in words or "Lê" in words)


def test_the_piece_with_the_most_different_words_is_shown() -> None:
    text = "lê " + "một hai ba bốn " * 40 + "đường Lê Duẩn" + " năm sáu bảy" * 40

    shown = snippet(text, PATTERN)

    assert "đường Lê Duẩn" in shown.text
    assert shown.has_before
    assert shown.has_after


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    shown = snippet("Một hai ba. " * 100, PATTERN, chars=30)

    assert (shown.text, shown.highlights, shown.has_before, shown.has_after) == (
        "Một hai ba. Một hai ba. Một",
        (),
        False,
        True,
    )


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Đường\nlê", PATTERN).text == "Đường lê"
