"""What a file to import is, told by its first bytes, and all that is in it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, BinaryIO, cast

from archive.errors import BadRecord, ExchangeError
from archive.exchange import html_in, jsonl, wacz_in, warc_in
from archive.exchange.dataset import is_dataset
from archive.exchange.rebuilding import Record
from archive.exchange.warc_in import Captured, Decode
from archive.exchange.warc_records import GZIP_MAGIC, first_bytes

SNIFFED_BYTES = 1024
Tick = Callable[[str, int, int], None]
Item = Captured | Record | BadRecord
"""A page to be read, an article that was read, or what is wrong where one should stand."""


class Kind(StrEnum):
    """What can be imported."""

    WARC = "warc"
    WACZ = "wacz"
    JSONL = "jsonl"
    HTML = "html"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import."""

    path: Path
    kind: Kind
    url: str | None = None  # of a saved page: where it was


def source_of(path: Path, url: str | None = None) -> Source:
    """Look at a file or a dataset; raises ExchangeError where it is nothing that can be imported."""
    if is_dataset(path):
        return Source(path, Kind.DATASET)
    try:
        with path.open("rb") as file:
            start = file.read(SNIFFED_BYTES)
            file.seek(0)
            unpacked = first_bytes(file, SNIFFED_BYTES) if start.startswith(GZIP_MAGIC) else start
    except OSError as error:
        raise ExchangeError(f"{error.strerror}; name a file", path=path) from error
    kind = _kind_of(start, unpacked.removeprefix(b"\xef\xbb\xbf").lstrip(), path)
    if kind is None:
        raise ExchangeError("is no WARC or WACZ file, no JSON lines of luubao, and no saved page", path=path)
    return Source(path, kind, url)


def is_warc(path: Path) -> bool:
    """Tell whether a file is one of WARC."""
    try:
        return source_of(path).kind is Kind.WARC
    except ExchangeError:
        return False


def _kind_of(start: bytes, unpacked: bytes, path: Path) -> Kind | None:
    endings = {ending.lower() for ending in path.suffixes}
    if start.startswith(b"PK\x03\x04"):
        return Kind.WACZ
    if unpacked.startswith(b"WARC/") or ".warc" in endings:
        return Kind.WARC
    if unpacked.startswith(b"{"):
        return Kind.JSONL
    is_page = start.startswith(html_in.HEAD) or b"<" in start or endings & {".html", ".htm", ".xhtml"}
    return Kind.HTML if is_page and not start.startswith(GZIP_MAGIC) else None


def items_in(source: Source, *, decode: Decode, tick: Tick) -> Iterator[Item]:
    """Yield what is in a file, in order; `tick` hears how many kilobytes of it are read. Raises ExchangeError."""

    def seen_whole(file: IO[bytes]) -> BinaryIO:
        return watched(file, source.path.name, source.path.stat().st_size, tick)

    match source.kind:
        case Kind.HTML:
            yield html_in.captured_in(source.path, source.url or "", decode=decode)
        case Kind.JSONL:
            with source.path.open("rb") as file:
                is_packed = file.read(2) == GZIP_MAGIC
                file.seek(0)
                seen = seen_whole(file)
                yield from jsonl.records_in(_unpacked(seen) if is_packed else seen)
        case Kind.WARC:
            with source.path.open("rb") as file:
                yield from warc_in.captured_in(seen_whole(file), decode=decode)
        case Kind.DATASET:
            from archive.exchange import dataset_in  # noqa: PLC0415 -- for this kind alone

            yield from dataset_in.records_in(source.path, tick)
        case Kind.WACZ:
            for each in wacz_in.warcs_in(source.path):
                if isinstance(each, BadRecord):
                    yield each
                else:
                    name, length, stream = each
                    yield from warc_in.captured_in(watched(stream, name, length, tick), decode=decode)


def _unpacked(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream))


def watched(file: IO[bytes], name: str, length: int, tick: Tick) -> BinaryIO:
    """Return a file that tells how many kilobytes of it are read."""
    return cast("BinaryIO", _Watched(file, name, length, tick))


class _Watched:
    """A file that tells how far it is read."""

    def __init__(self, file: IO[bytes], name: str, length: int, tick: Tick) -> None:
        self._file = file
        self._kilobytes = length // 1000
        self._told = -1
        self._read_bytes = 0
        self._name = name
        self._tick = tick

    def read(self, count: int = -1) -> bytes:
        return self._tell(self._file.read(count))

    def readline(self, count: int = -1) -> bytes:
        return self._tell(self._file.readline(count))

    def _tell(self, content: bytes) -> bytes:
        self._read_bytes += len(content)
        done = self._read_bytes // 1000
        if done != self._told:
            self._told = done
            self._tick(f"{self._name}, kB", done, self._kilobytes)
        return content
