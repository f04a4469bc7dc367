"""What every test gets: no network but loopback, and a home of its own.

LUUBAO_EXAMPLES sets how many examples Hypothesis makes for a claim that names no number: 1000 in `make soak`, few here.
Where CI is set they are the same each time, so that a change is judged by what it changes; elsewhere they are new ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from commands.defaults import CONFIG_ENVIRONMENT
from commands.setting_checks import SETTINGS
from tests.faults.catalogue import numbers_of
from tests.faults.outcomes import Outcomes

LOOPBACK = ["127.0.0.0/8", "::1", "localhost"]

settings.register_profile(
    "luubao",
    max_examples=int(os.environ.get("LUUBAO_EXAMPLES", "40")),
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],  # how fast the machine is, is no claim of a test
)
settings.load_profile("luubao")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the workers of xdist send theirs to the one that started them
        config.pluginmanager.register(Outcomes())


def pytest_runtest_setup() -> None:
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `faults` each test that is named for a fault by its number: test_f21_…"""
    for item in items:
        if numbers_of(item.name):
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the tests out of the user's own archive, settings and environment."""
    folder = Path(mkdtemp(dir=homes))  # pytest's own would look through those of all tests before, to number it
    monkeypatch.setenv("HOME", str(folder))
    settings = [setting.environment for setting in SETTINGS]
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", CONFIG_ENVIRONMENT, *settings):
        monkeypatch.delenv(name, raising=False)
    return folder
