"""Where an export goes: written under another name, which it changes when it is whole; nothing is lost unasked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from archive.connect import errors_of
from archive.errors import ExchangeError

MANIFEST = ".manifest.json"


def manifest_of(path: Path) -> Path:
    """Return where the manifest of an export stands: beside it."""
    return path.with_name(path.name + MANIFEST)


def require_free(path: Path, *, force: bool, is_folder: bool = False) -> None:
    """Raise ExchangeError where the name is taken, or its folder is not there.

    `force` lets a file be replaced, and a folder that an export made, which its manifest tells.
    """
    if not path.parent.is_dir():
        raise ExchangeError(f"there is no folder {path.parent}; make it first", path=path)
    if not os.path.lexists(path):
        return
    if not force:
        raise ExchangeError("is there already; --force replaces it", path=path)
    if path.is_dir() and not (is_folder and manifest_of(path).is_file()):
        raise ExchangeError("is a folder that no export made; name another", path=path)


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write, mode 0600; it takes its name at the end, and leaves nothing where something goes wrong."""
    require_free(path, force=force)
    with errors_of(path):
        number, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(number, "w+b") as file:
                yield cast("BinaryIO", file)
                file.flush()
                os.fsync(file.fileno())
            require_free(path, force=force)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a folder to write in, mode 0700; it takes its name at the end, as `whole_file`."""
    require_free(path, force=force, is_folder=True)
    with errors_of(path):
        part = Path(tempfile.mkdtemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent))
        made, old = part / "made", part / "old"
        made.mkdir(mode=0o700)
        try:
            yield made
            require_free(path, force=force, is_folder=True)
            if path.exists():
                path.rename(old)
            made.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
