"""What an archive stands on: the disk that holds the file, and the SQLite that writes it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from archive.connect import check_file
from archive.errors import ArchiveMissing

SOUND_SQLITE = (3, 51, 3)
"""Before it, two connections that write and fold the log at one instant may damage a file (sqlite.org/wal.html, 11)."""


def sqlite_warning(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Return what to know of this SQLite, None where there is nothing."""
    if version >= SOUND_SQLITE:
        return None
    found, wanted = (".".join(map(str, each)) for each in (version[:3], SOUND_SQLITE))
    return f"SQLite {found} has a rare fault in its log, mended in {wanted}: let one process write at a time"


def require_archive(path: Path) -> None:
    """Raise ArchiveMissing where there is no file, and as `check_file` where it is no archive."""
    if not path.exists():
        raise ArchiveMissing("there is no archive; name another file", path=path)
    check_file(path)


def free_bytes(path: Path) -> int:
    """Return the free bytes of the disk that holds a file or folder."""
    return shutil.disk_usage(path if path.is_dir() else path.parent).free
