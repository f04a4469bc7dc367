"""Text as it is kept."""

from __future__ import annotations

import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from scraper.text import nfc

JOINER = "\u034f"


@given(st.text(alphabet="aơđ \u0301\u0323\u031b\u05b0—", max_size=60))
def test_text_is_composed_as_the_standard_has_it(text: str) -> None:
    assert unicodedata.is_normalized("NFC", nfc(text))
    assert nfc(text) == unicodedata.normalize("NFC", text) or JOINER in nfc(text)


def test_a_row_of_signs_is_left_alone() -> None:
    assert nfc("e\u0323\u0302" + "—" * 100) == "ệ" + "—" * 100


def test_f73_half_a_million_marks_over_one_letter_are_composed_at_once_and_all_kept() -> None:
    marks = "\u0301\u0323" * 250_000
    start = time.process_time()

    composed = nfc("a" + marks)

    assert time.process_time() - start < 15  # an hour, in the order the standard asks for
    assert sorted(unicodedata.normalize("NFD", composed).replace(JOINER, "")[1:]) == sorted(marks)
