from __future__ import annotations

import pytest

from scraper.circuit import LONGEST_SERIES, Circuit


def after(*codes: str | None) -> Circuit:
    circuit = Circuit()
    for code in codes:
        circuit = circuit.after(code)
    return circuit


@pytest.mark.parametrize("code", ["blocked", "http_error", "timeout", "connect", "dns", "tls", "truncated"])
def test_a_series_of_refusals_opens_the_circuit_and_one_less_does_not(code: str) -> None:
    assert not after(*[code] * (LONGEST_SERIES - 1)).is_open
    assert after(*[code] * LONGEST_SERIES).is_open


def test_one_good_answer_ends_a_series() -> None:
    most = ["blocked"] * (LONGEST_SERIES - 1)

    assert not after(*most, None, *most).is_open


def test_a_missing_page_is_an_answer_and_ends_a_series() -> None:
    most = ["http_error"] * (LONGEST_SERIES - 1)

    assert not after(*most, "not_found", "http_error").is_open


@pytest.mark.parametrize("code", ["robots_unreachable", "host_parked", "address_refused"])
def test_what_holds_for_the_whole_host_opens_it_at_once(code: str) -> None:
    assert after(code).is_open
    assert after("blocked", code) == Circuit(failures_in_a_row=2, is_open=True)


@pytest.mark.parametrize("code", ["robots_denied", "port_refused", "bad_url"])
def test_what_was_not_asked_says_nothing_of_the_host(code: str) -> None:
    most = ["blocked"] * (LONGEST_SERIES - 1)

    assert after(*[code] * 100) == Circuit()
    assert after(*most, code, "blocked").is_open


def test_an_open_circuit_stays_open_for_the_run() -> None:
    assert after("host_parked", None, None).is_open
