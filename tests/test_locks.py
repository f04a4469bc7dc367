"""The lock files name all that pyproject.toml wants, so that each `make` target sets up what it runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CORE, EXTRAS = PROJECT["project"]["dependencies"], PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", CORE),
        ("requirements-dev.lock", CORE + GROUPS["dev"]),
        ("requirements-scale.lock", CORE + EXTRAS["scale"] + GROUPS["dev"]),
        ("requirements-peers.lock", GROUPS["peers"]),
        ("requirements-tools.lock", CORE + GROUPS["tools"]),
    ],
)
def test_a_lock_names_all_that_is_wanted_and_no_index(lock: str, wanted: list[str]) -> None:
    text = (ROOT / lock).read_text()
    locked = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))

    assert {re.split(r"[\[<>=; ]", each)[0] for each in wanted} <= locked
    assert "://" not in text
