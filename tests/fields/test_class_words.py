"""The quick look at class words never misses what the patterns find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fields import boilerplate, signs
from scraper.fields.class_words import cores

PATTERNS = [*signs._EACH.values(), boilerplate._BOX, boilerplate._LINE]


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_what_a_pattern_finds_has_a_core_of_it(pattern: re.Pattern[str]) -> None:
    quick = cores(pattern.pattern)

    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert quick.search(text)

    holds()


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        ("by-?line|tac-?gia", "x-tacgia", True),
        ("by-?line|tac-?gia", "entry-content", False),
        ("more-?(?:news|links)|ads?(?![a-z])", "more-stories", True),  # the pattern itself decides
        ("(?<!a)widget(?!s?-?(?:content|body))", "w-idget", False),
        ("date|datetime", "dat", False),
    ],
)
def test_it_looks_for_the_longest_run_of_letters(pattern: str, text: str, is_found: bool) -> None:  # noqa: FBT001
    assert (cores(pattern).search(text) is not None) is is_found
