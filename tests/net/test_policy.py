from __future__ import annotations

import pytest

from scraper.net.policy import FetchPolicy, luubao_version, user_agent


@pytest.mark.parametrize(
    ("host", "expected"),
    [("bao.example", 5.0), ("www.bao.example", 5.0), ("m.bao.example", 5.0), ("example", 2.0), ("khac.example", 2.0)],
)
def test_a_host_with_a_delay_of_its_own_has_it_under_its_other_names(host: str, expected: float) -> None:
    policy = FetchPolicy(delay_seconds=2.0, host_delays_seconds={"bao.example": 5.0})

    assert policy.delay_of_host(host) == expected


def test_the_user_agent_names_a_contact_that_can_stand_in_a_header_and_refuses_any_other() -> None:
    name = f"luubao/{luubao_version()}"

    assert user_agent(None) == name
    assert user_agent(" bao@example.vn ") == f"{name} (+bao@example.vn)"
    for contact in ("báo@example.vn", "a\r\nX: y", "a)b", "a(b", "a\\b"):
        with pytest.raises(ValueError, match="cannot stand in the User-Agent; give a URL or an e-mail address"):
            user_agent(contact)
