"""What the tests of faults share: the real command, a newspaper on loopback, and an archive of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import kept, luubao, newspaper

__all__ = ["kept", "luubao", "newspaper"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"
