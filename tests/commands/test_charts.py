"""Bars in the terminal: what they add up, and how wide they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.series import filled
from commands.charts import bars_of, drawn
from commands.text import width

Luubao = Callable[..., CompletedProcess[str]]
FIRST = date(2026, 3, 1)


def counts(days: int) -> dict[date, int]:
    return {FIRST + timedelta(days=number): number % 7 for number in range(days)}


@pytest.mark.parametrize(
    ("days", "bars", "unit"), [(1, 1, "a day"), (62, 62, "a day"), (63, 9, "a week"), (500, 17, "in 30 days")]
)
def test_many_days_are_drawn_by_the_week_and_more_by_thirty_days(days: int, bars: int, unit: str) -> None:
    made = bars_of("edits", counts(days))

    assert len(made.counts) == bars
    assert sum(made.counts) == sum(counts(days).values())
    assert made.firsts[0] == FIRST
    assert made.title.startswith(f"Edits {unit} since 2026-03-01: ")


@pytest.mark.parametrize("cells", [40, 80, 120])
@pytest.mark.parametrize("days", [1, 30, 62])
def test_a_chart_is_no_wider_than_its_room_and_has_its_highest_bar_at_the_top(cells: int, days: int) -> None:
    title, *lines = drawn(bars_of("articles", counts(days) | {FIRST: 9}), cells)

    assert "9 at most" in title
    assert max(map(width, lines)) <= cells
    assert lines[1].startswith("9┤")
    assert "█" in lines[1]
    assert "03-01" in lines[-1]


def test_days_stand_in_the_same_place_whatever_came_and_bear_their_year_where_there_is_more_than_one() -> None:
    days = dict.fromkeys(counts(700), 0)

    early, late = (drawn(bars_of("edits", days | {day: 3}), 80) for day in (FIRST, FIRST + timedelta(days=699)))

    assert early[-1] == late[-1]
    assert early[-1].split()[:2] == ["2026-03", "2026-06"]


def test_a_day_on_which_nothing_came_has_its_place() -> None:
    assert list(filled({"2026-03-02": 4}, FIRST, 3).values()) == [0, 4, 0]


def test_charts_on_a_pipe_are_plain_text_of_eighty_cells(luubao: Luubao, kept: Path) -> None:
    done = luubao("stats", "--chart", "--archive", kept)

    assert "\x1b" not in done.stdout
    assert max(map(width, done.stdout.splitlines())) <= 80
    assert [line.split(" ", 1)[0] for line in done.stdout.splitlines() if " since " in line] == [
        "Articles",
        "Edits",
        "Failures",
    ]
    assert "Failures a day" in done.stdout


def test_charts_on_a_terminal_are_coloured_unless_told_otherwise(on_terminal: Callable[..., str], kept: Path) -> None:
    coloured, plain = (on_terminal("stats", "--chart", "--archive", kept, **env) for env in ({}, {"NO_COLOR": "1"}))

    assert "\x1b[31m" in coloured
    assert "\x1b" not in plain


def test_the_series_are_had_as_json(luubao: Luubao, kept: Path) -> None:
    series = json.loads(luubao("stats", "--chart", "--days", "7", "--json", "--archive", kept).stdout)

    assert len(series["failures"]) == 7
    assert sum(series["failures"].values()) == 1
    assert set(series) == {"archive", "articles", "edits", "failures"}


def test_one_table_can_be_had_alone_and_whole(luubao: Luubao, kept: Path) -> None:
    months = luubao("stats", "--by", "month", "--archive", kept).stdout.splitlines()
    outcomes = dict(
        line.split("\t") for line in luubao("stats", "--by", "outcome", "--archive", kept).stdout.splitlines()
    )
    whole = json.loads(luubao("stats", "--json", "--archive", kept).stdout)

    assert len(months) == len(whole["by_month"])
    assert int(outcomes["new"]) >= whole["articles"]


def test_how_often_each_field_was_found_and_by_what_is_told(luubao: Luubao, kept: Path) -> None:
    rows = json.loads(luubao("stats", "--by", "field", "--json", "--archive", kept).stdout)["by_field"]
    printed = luubao("stats", "--by", "field", "--archive", kept).stdout

    title = next(row for row in rows if row["field"] == "title")
    assert (title["site"], title["filled"], title["candidate"]) == ("127.0.0.1", 1.0, "html:h1")
    assert 0.5 < title["by_candidate"] <= title["filled"]
    assert f"127.0.0.1\ttitle\t{title['articles']}\t1.0\t" in printed


def test_figures_can_be_narrowed_to_a_newspaper(luubao: Luubao, kept: Path) -> None:
    here, elsewhere = (
        json.loads(luubao("stats", "--site", site, "--json", "--archive", kept).stdout)
        for site in ("127.0.0.1", "tuoitre")
    )

    assert [row["site"] for row in here["by_site"]] == ["127.0.0.1"]
    assert elsewhere["by_site"] == elsewhere["by_section"] == elsewhere["by_failure"] == []
