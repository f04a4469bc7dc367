"""Which file system holds a path, and whether it is one of another machine."""

from __future__ import annotations

import os
from pathlib import Path

NETWORKED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"})
"""File systems whose locks and shared memory SQLite cannot rely on (sqlite.org/wal.html, 1)."""


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
