"""Charts: what they draw, to whom they tell it, and that a stranger's name in them stays a name."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web.charts import WIDTH, Bar, Cell, Named, Stack, columns, grid, rounded_up, rows

NAMED = Named("articles", "Articles a day", "12 in all.")
NAMES = st.text(max_size=40)
COUNTS = st.integers(min_value=0, max_value=10**9)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 -- our own


def looks(svg: str, look: str) -> list[dict[str, float]]:
    found = [node for node in parsed(svg) if node.tag == "rect" and node.get("class") == look]
    return [{name: float(node.get(name, 0)) for name in ("x", "y", "width", "height")} for node in found]


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in parsed(svg) if node.tag == "text"]


def test_a_column_is_as_high_as_its_count_is_to_the_top_of_the_axis() -> None:
    svg = columns(NAMED, [Bar("1 Mar", 0), Bar("2 Mar", 5), Bar("3 Mar", 10)], "good")

    assert [round(place["height"]) for place in looks(svg, "good")] == [0, 55, 110]
    assert texts(svg)[:3] == ["0", "5", "10"]


@pytest.mark.parametrize(
    ("count", "top"),
    [(0, 2), (1, 2), (3, 4), (5, 10), (10, 10), (41, 50), (60, 100), (101, 200), (999, 1000)],
)
def test_an_axis_ends_at_an_even_number(count: int, top: int) -> None:
    assert rounded_up(count) == top


def test_the_parts_of_a_bar_stand_one_after_another_and_their_sum_beside_it() -> None:
    svg = rows(NAMED, [Stack("bao", (30, 10)), Stack("bao-khac", (0, 20))], ("good", "bad"))

    first, second = looks(svg, "good"), looks(svg, "bad")
    assert first[0]["x"] + first[0]["width"] == pytest.approx(second[0]["x"], abs=0.5)
    assert first[0]["width"] == pytest.approx(3 * second[0]["width"], abs=0.5)
    assert texts(svg) == ["bao", "40", "bao-khac", "20"]


def test_a_share_fills_its_cell_from_below_and_one_that_fell_is_framed_too() -> None:
    svg = grid(NAMED, ["title", "authors", "tags"], [("bao", [Cell(1.0), Cell(0.5, has_fallen=True), Cell(None)])])

    whole, half = looks(svg, "good")[0], looks(svg, "bad")[0]
    assert half["height"] == pytest.approx(whole["height"] / 2)
    assert half["y"] + half["height"] == pytest.approx(whole["y"] + whole["height"])
    assert len(looks(svg, "fallen")) == len(looks(svg, "unknown")) == 1


def test_a_chart_is_one_picture_with_a_title_and_a_description() -> None:
    svg = parsed(columns(NAMED, [Bar("a", 1)], "good"))

    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == [node.get("id") for node in svg if node.get("id")]
    assert [(node.tag, node.text) for node in svg][:2] == [("title", "Articles a day"), ("desc", "12 in all.")]


@given(st.lists(st.tuples(NAMES, COUNTS), max_size=70), NAMES)
def test_f78_whatever_the_names_and_counts_a_chart_is_xml_within_its_width(
    named: list[tuple[str, int]], title: str
) -> None:
    heads = [name for name, _ in named][:9]

    drawn = [
        columns(Named("a", title, title), [Bar(*each) for each in named], "good"),
        rows(Named("b", title, title), [Stack(name, (count, 0)) for name, count in named], ("good", "bad")),
        grid(Named("c", title, title), heads, [(name, [Cell(0.3)] * len(heads)) for name, _ in named]),
    ]

    for svg in drawn:
        for node in parsed(svg).iter("rect"):
            assert 0 <= float(node.get("x", 0)) + float(node.get("width", 0)) <= WIDTH + 1
        assert "\x1b" not in svg
        assert "\u202e" not in svg
