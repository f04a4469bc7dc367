"""An archive of its own for each test that asks for one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Archive
from tests.archive.kit import open_archive


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive once, which takes 30 ms; each test has a copy."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    open_archive(path).close()
    return path


@pytest.fixture
def archive(empty: Path, path: Path) -> Iterator[Archive]:
    shutil.copy(empty, path)
    with open_archive(path) as opened:
        yield opened
