from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.records import json_text
from commands.text import (
    MARK_OFF,
    MARK_ON,
    link_target,
    marked,
    padded,
    shortened,
    visible,
    visible_text,
    width,
    wrapped,
)

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
any_text = st.text(st.characters())  # lone surrogates among them


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("a\u202eb", r"a\u202eb"),
        ("một\r\nhai\tba", "một hai ba"),
        ("a\u2028b", r"a\u2028b"),
        ("\ud83d", r"\ud83d"),
        ("đường Lê Duẩn", "đường Lê Duẩn"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_controls_and_bidi_are_shown_and_letters_stay(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(any_text)
def test_nothing_a_terminal_acts_on_is_left(text: str) -> None:
    assert not UNSAFE.search(visible(text))
    assert not UNSAFE.search(visible_text(text).replace("\n", ""))
    assert not UNSAFE.search(marked(text, [(0, len(text) // 2)]))


@given(any_text)
def test_json_says_the_same_and_holds_nothing_a_terminal_acts_on(text: str) -> None:
    written = json_text({"text": text})

    assert not UNSAFE.search(written)
    assert written.encode("utf-8")
    assert json.loads(written)["text"] == re.sub("[\ud800-\udfff]", "\ufffd", text)


def test_json_is_readable_in_vietnamese_and_has_no_word_for_infinity() -> None:
    assert json_text({"title": "đường", "rank": float("inf")}) == '{"title": "đường", "rank": null}'


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("đường", 5),
        ("\u0111u\u031bo\u031b\u0300ng", 5),
        ("新聞", 4),
        ("ｆ", 2),
        ("e\u0301\u0323", 1),
        ("👍", 2),
        ("a\u200bb", 2),
        ("", 0),
    ],
)
def test_width_counts_wide_letters_twice_and_marks_not_at_all(text: str, cells: int) -> None:
    assert width(text) == cells
    assert width(padded(text, 10)) == 10


@given(any_text, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, cells: int) -> None:
    line = visible(text)

    lines = wrapped(line, cells)

    assert all(width(piece) <= cells for piece in lines)
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")


@given(any_text, st.integers(1, 40))
def test_shortened_lines_fit(text: str, cells: int) -> None:
    assert width(shortened(visible(text), cells)) <= cells


def test_a_line_is_broken_between_words() -> None:
    assert wrapped("mở rộng đường Lê Duẩn", 10) == ["mở rộng", "đường Lê", "Duẩn"]
    assert wrapped("https://example.com/long", 10) == ["https://ex", "ample.com/", "long"]


def test_marks_stand_round_the_places_and_cannot_be_forged() -> None:
    forged = f"a{MARK_ON}b"

    assert marked("đường Lê Duẩn", [(6, 8)]) == f"đường {MARK_ON}Lê{MARK_OFF} Duẩn"
    assert marked(forged, []) == "a\ufffdb"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://bao.vn/tin-1.html?a=1&b=[2]#x", "https://bao.vn/tin-1.html?a=1&b=[2]#x"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("https://bao.vn/đường", "https://bao.vn/%C4%91%C6%B0%E1%BB%9Dng"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://ai.do@bao.vn/", None),
        ("https://bao.vn/a b", None),
        ("https://bao.vn/\x1b]8;;x", None),
        ("https://bao.vn/\u202egnp", None),
        ("https://báo.vn/", None),
        ("https://bao.vn/" + "x" * 2000, None),
        ("", None),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str, target: str | None) -> None:
    assert link_target(url) == target
