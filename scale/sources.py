"""What is to be read: WARC files here and in object stores, and pieces of archives, each a unit that is done or not."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from archive.connect import errors_of, open_reader
from archive.errors import ArchiveMissing, BadRecord, ExchangeError
from archive.exchange import pages_out, warc_in
from archive.exchange.pages_out import Piece
from archive.exchange.sources import Tick, is_warc, watched
from archive.exchange.warc_in import Captured
from scale.places import is_wild, matching, place_of
from scraper.recorded import decode

SQLITE = b"SQLite format 3\0"
WARCS = (".warc", ".warc.gz")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read in one go, and is in the dataset whole or not at all: a WARC file, or a piece of an archive."""

    name: str  # whole path, or URL
    size: int  # bytes; of a piece its pages
    piece: Piece | None = None  # None: a WARC file

    @property
    def key(self) -> str:
        """Return what its files in the dataset are called: the same at each call, another for each unit."""
        whole = self.name if self.piece is None else f"{self.name}#{self.piece.first}"
        stem = "".join(c if c.isalnum() and c.isascii() else "-" for c in self.name.rpartition("/")[2].split(".")[0])
        return f"{stem[:40]}-{sha256(whole.encode()).hexdigest()[:16]}"

    @property
    def told(self) -> str:
        """Return how people call it."""
        short = self.name.rpartition("/")[2]
        return short if self.piece is None else f"{short}, visits {self.piece.first:,} to {self.piece.last:,}"


def units_of(names: Sequence[str]) -> list[Unit]:
    """Return what names stand for, each once; raises ArchiveError for one that is nothing that can be read."""
    found: dict[str, Unit] = {}
    for name in names:
        units = _remote(name) if "://" in name else [unit for path in _paths(name) for unit in _local(path)]
        if not units:
            raise ExchangeError(f"{name}: there is no WARC file and no page; name files, folders or archives")
        found |= {unit.key: unit for unit in units}
    return list(found.values())


def _remote(name: str) -> list[Unit]:
    place = place_of(name)
    size = place.size()
    if size is not None:
        return [Unit(name, size)]
    if is_wild(name):
        return [Unit(each, size) for each, size in matching(name)]
    return [Unit(f"{place.name}/{each}", size) for each, size in place.names() if each.endswith(WARCS)]


def _paths(name: str) -> list[Path]:
    if not name:
        raise ExchangeError("a SOURCE is empty; name WARC files or archives")
    path = Path(name).expanduser()
    if not path.exists() and is_wild(name):
        return [Path(each) for each in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 -- may begin with /
    return sorted(each for each in path.iterdir() if each.name.endswith(WARCS)) if path.is_dir() else [path]


def _local(path: Path) -> list[Unit]:
    path = path.absolute()
    try:
        with path.open("rb") as file:
            is_archive = file.read(len(SQLITE)) == SQLITE
    except FileNotFoundError as error:
        raise ArchiveMissing("there is no such file; name WARC files or archives", path=path) from error
    if is_archive:
        with closing(open_reader(path)) as connection, errors_of(path):
            return [Unit(str(path), piece.pages, piece) for piece in pages_out.pieces(connection)]
    if not is_warc(path):
        raise ExchangeError("is neither a WARC file nor an archive", path=path)
    return [Unit(str(path), path.stat().st_size)]


def captured_in(unit: Unit, tick: Tick) -> Iterator[Captured | BadRecord]:
    """Yield the pages of a unit, each with where it stands, and errors in place of what cannot be read."""
    if unit.piece is not None:
        path = Path(unit.name)
        with closing(open_reader(path)) as connection, errors_of(path):
            yield from pages_out.captured_in(connection, unit.piece)
        return
    with place_of(unit.name).reading() as file:
        seen = watched(file, unit.told, unit.size, tick)
        yield from warc_in.captured_in(seen, decode=decode)
