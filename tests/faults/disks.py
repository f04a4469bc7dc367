"""Small disks of a test's own, full or not to be written: real file systems, mounted for one process alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CANNOT_MOUNT = 77

EXT4 = 'truncate -s 8M "$0.img" && mkfs.ext4 -q "$0.img" && mount -o loop "$0.img" "$0"'
TMPFS = 'mount -t tmpfs -o size=8m tmpfs "$0"'
FAR = f'{TMPFS} && echo "server:/export $0 nfs4 rw 0 0" > "$0.mounts" && mount --bind "$0.mounts" /proc/$$/mounts'
"""A disk that Linux says to be another machine's, to the one process alone."""

SCRIPT = '{{ {mount} ;}} 2>/dev/null || exit 77; exec "$@"'


def on_disk(mount: str, deed: Callable[..., None], folder: Path, *args: str) -> None:
    """Mount a disk and let a function of a test's module work on it, in a process of its own; it is handed the folder.

    What it asserts fails the test. Skips the test where nothing may be mounted. The mount goes with the process.
    """
    unshare = shutil.which("unshare")
    if unshare is None or os.getuid() != 0:
        pytest.skip("a small file system of its own needs root and unshare")
    place = folder / "disk"
    place.mkdir()
    script = f"import sys; from pathlib import Path; from {deed.__module__} import {deed.__name__} as deed; "
    script += "deed(Path(sys.argv[1]), *sys.argv[2:])"
    shell = [unshare, "-m", "sh", "-c", SCRIPT.format(mount=mount), str(place)]
    command = [*shell, sys.executable, "-c", script, str(place), *args]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)

    if done.returncode == CANNOT_MOUNT:
        pytest.skip("no file system may be mounted here")
    assert done.returncode == 0, done.stderr
