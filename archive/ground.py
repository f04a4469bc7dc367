"""What an archive stands on: the disk that holds the file, and the SQLite that writes it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

from archive.connect import check_file
from archive.errors import ArchiveMissing

NETWORKED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"})
"""File systems whose locks and shared memory SQLite cannot rely on (sqlite.org/wal.html, 1)."""


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


def file_system(path: Path, mounts: str | None = None) -> str:
    """Return the type of the file system that holds a path, "" where it cannot be told; `mounts` as /proc/mounts."""
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:  # no Linux
            return ""
    wanted = os.path.realpath(path)
    best = ("", "")
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) > 2 and _is_within(wanted, _unescaped(parts[1])) and len(parts[1]) >= len(best[0]):  # noqa: PLR2004 -- fstab(5)
            best = (parts[1], parts[2])
    return best[1]


def is_networked(path: Path, mounts: str | None = None) -> bool:
    """Tell whether a path lies on a disk of another machine, where a write-ahead log is not safe."""
    return file_system(path, mounts) in NETWORKED


def _is_within(path: str, folder: str) -> bool:
    return folder in ("/", path) or path.startswith(folder + "/")


def _unescaped(folder: str) -> str:
    return folder.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
