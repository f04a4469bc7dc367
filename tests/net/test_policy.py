from __future__ import annotations

import pytest

from scraper.net.policy import FetchPolicy


@pytest.mark.parametrize(
    ("host", "expected"),
    [("bao.example", 5.0), ("www.bao.example", 5.0), ("m.bao.example", 5.0), ("example", 2.0), ("khac.example", 2.0)],
)
def test_a_host_with_a_delay_of_its_own_has_it_under_its_other_names(host: str, expected: float) -> None:
    policy = FetchPolicy(delay_seconds=2.0, host_delays_seconds={"bao.example": 5.0})

    assert policy.delay_of_host(host) == expected
