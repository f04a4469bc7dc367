"""A vocabulary finds what each of its patterns finds, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fields import signs
from scraper.fields.class_words import Vocabulary
from scraper.fields.signs import Sign, signs_of

EACH = {
    sign: re.compile("|".join(re.sub(r"<([a-z-]+\??)>", r"(?<![a-z])\1(?![a-z])", words).split()))
    for sign, words in signs._WORDS.items()
}

LETTERS = st.characters(min_codepoint=33, max_codepoint=126)
"""Of one word: what ASCII prints but the space."""


@pytest.mark.parametrize("sign", EACH)
def test_a_word_in_which_a_pattern_finds_something_bears_its_sign(sign: Sign) -> None:
    @given(st.from_regex(EACH[sign], alphabet=LETTERS))
    def holds(word: str) -> None:
        assert all(s in signs_of(word) for s, pattern in EACH.items() if pattern.search(word.lower().strip()))
        assert all(EACH[s].search(word.lower().strip()) for s in signs_of(word))

    holds()


@pytest.mark.parametrize(
    ("patterns", "word", "is_found"),
    [
        ("by-?line tac-?gia", "x-tacgia", True),
        ("by-?line tac-?gia", "X-TacGia", True),
        ("by-?line tac-?gia", "entry-content", False),
        ("more-?(?:news|links) <ads?>", "more-stories", False),
        ("more-?(?:news|links) <ads?>", "top-ads", True),
        ("more-?(?:news|links) <ads?>", "header", False),
        ("(?<!a)widget(?!s?-?(?:content|body))", "awidget", False),
        ("date datetime-box", "my-datetime-box", True),
        ("dat[ae]s datex", "datex", True),  # a core that begins with another
        ("tag tail-end", "tail-ended-tags", True),
    ],
)
def test_it_reads_each_word_by_the_patterns_whose_letters_it_has(patterns: str, word: str, is_found: bool) -> None:  # noqa: FBT001
    assert bool(Vocabulary({"told": patterns}).meanings(f"a {word} b")) is is_found


def test_a_word_has_every_meaning_that_fits() -> None:
    vocabulary = Vocabulary({"person": "author", "line": "author(?!i) date"})

    assert vocabulary.meanings("author") == {"person", "line"}
    assert vocabulary.meanings("authority") == {"person"}
    assert vocabulary.meanings("authority date") == {"person", "line"}
