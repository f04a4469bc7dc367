"""Patterns of rules: dates in words, and regexes that cannot take for ever."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.models import iso
from scraper.sites.patterns import (
    MAX_SUBJECT_CHARS,
    MAX_WAYS,
    BadDateForm,
    date_pattern,
    kept,
    read_date,
    ways,
)

ZONE = "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("day/month/year hour:minute", "07/03/2026 08:01 GMT+7", "2026-03-07T08:01:00+07:00"),
        ("day/month/year, hour:minute", "Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07T00:05:00+07:00"),
        ("day-month-year - hour:minute", "07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
        ("hour:minute, day/month/year", "05:23, 29/03/2023", "2023-03-29T05:23:00+07:00"),
        ("hour:minute | day/month/year", "08:09|18/01/2026 GMT+7", "2026-01-18T08:09:00+07:00"),
        ("day/month/year hour:minute ampm", "18/01/2018 3:06 PM", "2018-01-18T15:06:00+07:00"),
        ("day/month/year hour:minute ampm", "18/01/2018 15:06 PM (GMT+7)", "2018-01-18T15:06:00+07:00"),
        ("day/month/year hour:minute ampm", "18/01/2018 12:06 AM", "2018-01-18T00:06:00+07:00"),
        ("day/month/year hour:minute ampm", "18/01/2018 3:06 CH", "2018-01-18T15:06:00+07:00"),
        ("ngày day tháng month năm year", "ngày 21 tháng 09 năm 2025", "2025-09-21"),
        ("year-month-day hour:minute:second", "2025-09-21 01:02:03", "2025-09-21T01:02:03+07:00"),
        ("day/month/year", "Thứ Năm, 13/6/2024", "2024-06-13"),
        ("day/month/year", "31/02/2024", None),
        ("day/month/year hour:minute", "13/6/2024 25:00", None),
        ("day/month/year", "113/6/2024", None),
        ("day/month/year", "13/6/20245", None),
        ("day/month/year hour:minute", "13/6/2024", None),
    ],
)
def test_reads_a_date_as_the_form_says(form: str, text: str, expected: str | None) -> None:
    assert iso(read_date(form, text, ZONE)) == expected


@pytest.mark.parametrize(
    "form", ["", "day/month", "dd/mm/yyyy", "%d/%m/%Y", "day/month/year hh:mm", "day/day/month/year", "year"]
)
def test_refuses_a_form_that_names_no_day(form: str) -> None:
    with pytest.raises(BadDateForm):
        date_pattern(form)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), st.text(max_size=20))
def test_a_day_written_in_the_form_is_read_back(day: date, before: str) -> None:
    text = f"{before} {day.day}/{day.month}/{day.year}"

    found = read_date("day/month/year", text, ZONE)

    assert found == day or any(character.isdigit() for character in before)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a*)*b",
        r"(a|a)*b",
        r"(.*)(.*)(.*)x",
        r"(\w+\s?)+:",
        "(a?){40}a{40}",
        r"(a)\1{1,9}",
        "(a{1,9}){1,99}",
    ],
)
def test_a_pattern_that_could_take_for_ever_has_too_many_ways(pattern: str) -> None:
    assert ways(pattern) > MAX_WAYS


@pytest.mark.parametrize(
    "pattern",
    [
        r"-(\d+)\.html$",
        r"^\(([\w.-]+)\) \d{1,2}/\d{1,2}/\d{4}, \d{2}:\d{2}$",
        "^(?:Theo )?(.{2,80})$",
        "a|b|cd",
        "(?=x).+",
    ],
)
def test_a_pattern_of_the_usual_kind_passes(pattern: str) -> None:
    assert ways(pattern) <= MAX_WAYS


def test_f72_the_worst_pattern_that_passes_is_done_with_a_megabyte_in_a_second() -> None:
    pattern = r".*,.*;"
    assert ways(pattern) <= MAX_WAYS

    started = time.process_time()
    found = kept(pattern, "," * 1_000_000)

    assert found is None
    assert time.process_time() - started < 1.0


@given(st.text(alphabet="ab.(|)?*+{1,3}", max_size=12))
def test_whatever_compiles_has_a_count_of_ways(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        return

    assert 1 <= ways(pattern) <= 10**12


def test_keeps_the_first_group_or_all_that_matched() -> None:
    assert kept("Theo (.{1,40})", "Theo Hồ Hương") == "Hồ Hương"
    assert kept(r"\d{4}", "năm 2026") == "2026"
    assert kept(r"\d{4}", "x" * MAX_SUBJECT_CHARS + "2026") is None
