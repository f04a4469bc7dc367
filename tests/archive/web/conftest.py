"""An archive on a real socket: the application in a thread of this process, asked over loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.web.busy import keep_busy
from tests.archive.web.served import Served, serving
from tests.archive.web.stories import keep_stories


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of a few articles in two newspapers."""
    path = tmp_path_factory.mktemp("web") / "archive.db"
    keep_stories(path)
    return path


@pytest.fixture(scope="session")
def served(stories: Path) -> Iterator[Served]:
    with serving(stories) as served:
        yield served


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an archive of many runs."""
    path = tmp_path_factory.mktemp("busy") / "archive.db"
    keep_busy(path)
    with serving(path) as served:
        yield served
