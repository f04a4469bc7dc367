from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import times
from commands.exits import UsageProblem

NOW = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=7)))  # still February in UTC


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01-31", date(2026, 1, 31), date(2026, 1, 31)),
        ("2026-1-5", date(2026, 1, 5), date(2026, 1, 5)),
        ("31/01/2026", date(2026, 1, 31), date(2026, 1, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("today", date(2026, 3, 1), date(2026, 3, 1)),
        ("Yesterday", date(2026, 2, 28), date(2026, 2, 28)),
        ("7d", date(2026, 2, 22), date(2026, 2, 22)),
        ("2w", date(2026, 2, 15), date(2026, 2, 15)),
        ("12h", date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_a_day_is_the_users_own(text: str, first: date, last: date) -> None:
    assert times.first_day(text, NOW) == first
    assert times.last_day(text, NOW) == last


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("12h", datetime(2026, 2, 28, 6, 30, tzinfo=UTC)),
        ("today", datetime(2026, 2, 28, 17, 0, tzinfo=UTC)),
        ("2026-01-31T12:00", datetime(2026, 1, 31, 5, 0, tzinfo=UTC)),
        ("2026-01-31T12:00Z", datetime(2026, 1, 31, 12, 0, tzinfo=UTC)),
    ],
)
def test_an_instant_is_told_in_utc(text: str, instant: datetime) -> None:
    assert times.instant(text, NOW) == instant


@pytest.mark.parametrize(
    "text", ["", "foo", "2026-13", "2026-02-30", "30/02/2026", "0000", "999999w", "1d2h", "-1d", "2026-01-31T99:00"]
)
def test_what_is_no_date_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UsageProblem, match="no date"):
        times.instant(text, NOW)


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_problem(text: str) -> None:
    with suppress(UsageProblem):
        assert times.first_day(text, NOW) <= times.last_day(text, NOW)


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1800), ("12h", 43200), ("2D", 172800)])
def test_lengths_of_time_are_told_in_seconds(text: str, seconds: float) -> None:
    assert times.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "abc", "-5", "1.5h", "5 m"])
def test_what_is_no_length_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UsageProblem, match="no length of time"):
        times.seconds(text)
