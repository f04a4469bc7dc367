"""Files on this machine and in object stores alike, by path or by URL (s3://, gs://)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from archive.connect import errors_of
from archive.errors import ExchangeError
from archive.exchange.parquet import library

WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder: the file system that has it, its path there, and how the user calls it."""

    system: Any  # pyarrow.fs.FileSystem
    path: str
    name: str

    @property
    def is_local(self) -> bool:
        """Tell whether it lies on this machine."""
        return bool(self.system.type_name == "local")

    def __truediv__(self, below: str) -> Place:
        return Place(self.system, f"{self.path}/{below}", f"{self.name}/{below}")

    def size(self) -> int | None:
        """Return the bytes of a file; None where there is none. Raises ExchangeError."""
        with self._errors():
            info = self.system.get_file_info(self.path)
        return int(info.size) if info.is_file else None

    def names(self, *, recursive: bool = False) -> list[tuple[str, int]]:
        """Return the paths of the files in a folder, below it, and their bytes; none where there is no folder."""
        from pyarrow import fs  # noqa: PLC0415 -- an extra

        selector = fs.FileSelector(self.path, allow_not_found=True, recursive=recursive)
        with self._errors():
            found = self.system.get_file_info(selector)
        return sorted((info.path[len(self.path) + 1 :], int(info.size)) for info in found if info.is_file)

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """Open a file to read, its bytes as they lie there; raises ExchangeError."""
        with self._errors():
            file = self.system.open_input_stream(self.path, compression=None, buffer_size=1 << 20)
        with file:
            yield cast("BinaryIO", file)

    def read(self) -> bytes:
        """Return what is in a file; raises ExchangeError."""
        with self.reading() as file:
            return file.read()

    def write(self, fill: Callable[[BinaryIO], None]) -> None:
        """Write a file that is there whole or not at all; raises DiskFull, ExchangeError."""
        if not self.is_local:
            with self._errors(), self.system.open_output_stream(self.path, compression=None) as file:
                fill(file)  # an object is there once it is closed
            return
        path = Path(self.path)
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                write_through(part, fill)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def delete(self) -> None:
        """Delete a file; one that is not there is well so."""
        with suppress(FileNotFoundError), self._errors():
            self.system.delete_file(self.path)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise what the file system says as ours: one line that names the place."""
        from pyarrow import ArrowException  # noqa: PLC0415 -- an extra

        with errors_of(Path(self.name)):
            try:
                yield
            except FileNotFoundError:
                raise
            except (OSError, ArrowException) as error:
                if isinstance(error, OSError) and error.errno is not None and self.is_local:
                    raise
                raise ExchangeError(f"{self.name}: {_first_line(error)}") from error


def write_through(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Write a file of this machine, down to the disk."""
    with path.open("wb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


def place_of(name: str) -> Place:
    """Return the place of a path or URL; raises ExchangeError for a URL that is none, and where pyarrow is missing.

    What follows the bucket in a URL is the name of the object as it is, with spaces, accents and % signs, and nothing
    of it is unescaped.
    """
    library()
    from pyarrow import fs  # noqa: PLC0415 -- an extra

    scheme, is_url, rest = name.partition("://")
    if not name:
        raise ExchangeError("a name is empty; write a path, s3://BUCKET/… or gs://BUCKET/…")
    if not is_url:
        return Place(fs.LocalFileSystem(), str(Path(name).expanduser().absolute()), name)
    bucket, _, key = rest.partition("/")
    try:
        system, root = _store(f"{scheme}://{bucket}")
    except ValueError as error:
        raise ExchangeError(f"{name}: {error}; write a path, s3://BUCKET/… or gs://BUCKET/…") from error
    return Place(system, f"{root}/{key}".rstrip("/"), name.rstrip("/"))


@cache
def _store(bucket: str) -> tuple[Any, str]:
    """Return the file system of a bucket, and what paths in it begin with; raises ValueError."""
    from pyarrow import ArrowException, fs  # noqa: PLC0415 -- an extra

    try:
        system, root = fs.FileSystem.from_uri(bucket)
    except (ArrowException, OSError) as error:
        raise ValueError(_first_line(error)) from error
    if not root:
        raise ValueError("there is no bucket in it")
    return system, root


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def is_wild(name: str) -> bool:
    """Tell whether a name stands for several files."""
    return bool(WILD & set(name.partition("://")[2] or name))


def matching(name: str) -> list[tuple[str, int]]:
    """Return the files of an object store that a name with wildcards stands for, and their bytes."""
    start = min(at for at in (name.find(each, name.index("://") + 3) for each in WILD) if at >= 0)
    folder = name[: name.rindex("/", 0, start)]
    found = place_of(folder).names(recursive=True)
    return [(f"{folder}/{path}", size) for path, size in found if fnmatchcase(f"{folder}/{path}", name)]
