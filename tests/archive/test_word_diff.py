from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.differences import Change, changes
from archive.word_diff import Run, What, WordDiff, marked
from commands.diff_page import as_page


def diff(before: str | None, after: str | None) -> str:
    return marked(WordDiff().runs(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Cầu mở sáng nay.", "Cầu mở chiều nay.", "Cầu mở [-sáng-]{+chiều+} nay."),
        ("Giá 1.000.000 đồng", "Giá 1.200.000 đồng", "Giá [-1.000.000-]{+1.200.000+} đồng"),
        ("Lúc 05:23, tại bến cá", "Lúc 06:00, tại bến cá", "Lúc [-05:23-]{+06:00+}, tại bến cá"),
        ("một hai ba", "một hai ba bốn", "một hai ba {+bốn+}"),
        ("một hai ba bốn", "hai ba bốn", "[-một-] hai ba bốn"),
        ("một hai, ba", "một hai ba", "một hai[-,-] ba"),
        (None, "mới", "{+mới+}"),
        ("cũ", None, "[-cũ-]"),
        ("chẳng có gì chung", "hoàn toàn khác", "[-chẳng có gì chung-]{+hoàn toàn khác+}"),
        ("một  hai", "một hai", "một hai"),
    ],
)
def test_words_are_shown_in_the_place_of_others(before: str | None, after: str | None, shown: str) -> None:
    assert diff(before, after) == shown


def test_one_spelling_of_a_letter_is_another_s() -> None:
    text = "Đường Lê Duẩn mở rộng"

    assert WordDiff().runs(unicodedata.normalize("NFD", text), text) == [Run(What.SAME, text)]


@given(st.text(st.sampled_from("ab ,.\nđ")), st.text(st.sampled_from("ab ,.\nđ")))
def test_what_stays_and_comes_is_the_new_text_and_what_stays_and_goes_has_the_old_words(
    before: str, after: str
) -> None:
    runs = WordDiff().runs(before, after)

    assert "".join(run.text for run in runs if run.what is not What.GONE) == after
    old = "".join(run.text for run in runs if run.what is not What.COME)
    assert "".join(old.split()) == "".join(before.split())


def test_a_text_that_would_take_hours_to_compare_is_told_as_a_whole() -> None:
    before, after = "a b " * 20_000, "b a c " * 20_000
    began = time.process_time()

    runs = WordDiff().runs(before, after)

    assert [run.what for run in runs] == [What.GONE, What.COME]
    assert time.process_time() - began < 20  # hours, without a bound


def test_many_texts_share_one_bound() -> None:
    comparing = WordDiff(max_cost=1000)

    seen = [len(comparing.runs("một hai ba bốn năm sáu bảy", "một hai ba bốn lăm sáu bảy")) for _ in range(30)]

    assert seen[0] == 4
    assert seen[-1] == 2


def test_an_inserted_paragraph_does_not_make_the_next_ones_look_edited() -> None:
    old = {"body": "Đoạn một nói về cầu.\n\nĐoạn hai nói về đường phố."}
    new = {"body": "Tin mới chèn vào đầu.\n\nĐoạn một nói về cầu Gió.\n\nĐoạn hai nói về đường."}

    assert changes(old, new) == [
        Change("text", None, "Tin mới chèn vào đầu."),
        Change("text", "Đoạn một nói về cầu.", "Đoạn một nói về cầu Gió."),
        Change("text", "Đoạn hai nói về đường phố.", "Đoạn hai nói về đường."),
    ]


def test_a_page_of_differences_escapes_all_and_runs_nothing() -> None:
    hostile = "<script>alert(1)</script> & 'x' \ud800"
    version = {"number": 1, "cause": "<b>", "read_at": "2026-03-01T08:00:00Z"}
    facts = {"title": hostile, "url": "javascript:alert(1)", "from": version, "to": version | {"number": 2}}

    page = as_page(facts, [(Change("title", hostile, hostile + " mới"), WordDiff().runs(hostile, hostile + " mới"))])

    assert "<script" not in page
    assert 'href="#"' in page
    assert "<ins> mới</ins>" in page
    assert "default-src 'none'" in page
    page.encode()
