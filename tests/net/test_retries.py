"""Whether and when to ask again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ConnectError, ConnectionLost, DnsError
from scraper.net.policy import FetchPolicy
from scraper.net.retries import MAX_RETRY_AFTER_SECONDS, backoff_seconds, max_retries, retry_after

NOW = datetime(2026, 3, 7, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("1e3", None),
        ("9" * 400, MAX_RETRY_AFTER_SECONDS),
        ("Sat, 07 Mar 2026 12:01:30 GMT", 90.0),
        ("Saturday, 07-Mar-26 12:01:30 GMT", 90.0),
        ("Sat Mar  7 12:01:30 2026", 90.0),
        ("Sat, 07 Mar 2026 19:01:30 +0700", 90.0),
        ("Sat, 07 Mar 2026 12:01:30 -0000", 90.0),
        ("Sat, 07 Mar 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_SECONDS),
        ("Sat, 99 Mar 2026 12:01:30 GMT", None),
        ("Sat, 07 Mar 99999 12:01:30 GMT", None),
    ],
)
def test_both_forms_of_retry_after_are_read_and_junk_says_nothing(value: str | None, expected: float | None) -> None:
    assert retry_after(value, NOW) == expected


@given(st.text(max_size=60))
def test_no_retry_after_raises_or_asks_for_less_than_nothing(value: str) -> None:
    seconds = retry_after(value, NOW)

    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("retry", "least", "most"), [(1, 0.5, 1), (2, 1, 2), (3, 2, 4), (6, 16, 32), (7, 30, 60), (99, 30, 60)]
)
def test_waits_double_up_to_a_minute_with_jitter(retry: int, least: float, most: float) -> None:
    policy = FetchPolicy()

    assert backoff_seconds(retry, policy, jitter=lambda: 0.0) == least
    assert backoff_seconds(retry, policy, jitter=lambda: 1.0) == most


@pytest.mark.parametrize(
    ("retries", "connect_retries", "connected", "unconnected"), [(5, 2, 5, 2), (1, 2, 1, 1), (0, 0, 0, 0)]
)
def test_a_host_that_cannot_be_reached_is_asked_less_often_again(
    retries: int, connect_retries: int, connected: int, unconnected: int
) -> None:
    policy = FetchPolicy(retries=retries, connect_retries=connect_retries)

    assert max_retries(ConnectionLost("https://bao.vn/", "reset"), policy) == connected
    assert max_retries(ConnectError("https://bao.vn/", "refused"), policy) == unconnected
    assert max_retries(DnsError("https://bao.vn/", "no"), policy) == unconnected
