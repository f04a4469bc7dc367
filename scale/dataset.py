"""A dataset being written: a unit is in it whole, once what was read is noted, or not at all.

Files are written under other names and moved into place. Before the first is moved a note says which will be
(`NAME.placing`), after the last another takes its place that says what was read. Whoever finds the first of the two
alone, after a kill, reads the unit again; its files have the same names, and one that is no more is deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from uuid import uuid4

from archive.connect import errors_of
from archive.content import utc_text
from archive.errors import ArchiveReadOnly, ExchangeError
from archive.exchange import dataset as form
from archive.exchange.dataset import By
from scale.places import Place, place_of, write_through
from scale.sources import Unit
from scale.spool import Group, Spool
from scraper.reader import READER_VERSION

PARTS = ".parts"
DONE, PLACING = ".json", ".placing"
READ_AGAIN = "delete it, and what it tells of is read again"

T = TypeVar("T")
File = tuple[str, Callable[[BinaryIO], None]]
"""Where a file goes, below the dataset, and what writes it."""


@dataclass(slots=True)
class Counts:
    """What was in a unit."""

    articles: int = 0
    failed: int = 0  # pages that are no article: gone, refused, not to be read within the limits
    damaged: int = 0  # records that cannot be read
    listings: int = 0
    revisits: int = 0  # visits that found nothing new: the page stands elsewhere
    no_pages: int = 0  # feeds, pictures and the like

    def add(self, others: Mapping[str, int]) -> None:
        """Add what was in another."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + others.get(name, 0))

    def to_dict(self) -> dict[str, int]:
        """Return JSON-ready values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(slots=True)
class Rows:
    """What was read of a unit."""

    articles: Spool
    failures: Spool
    counts: Counts = field(default_factory=Counts)


class Dataset:
    """A folder of Parquet files, here or in an object store."""

    def __init__(self, root: Place, by: By, *, luubao_version: str) -> None:
        self.root = root
        self.by = by
        self.luubao_version = luubao_version

    @classmethod
    def open(cls, name: str, by: By | None, *, luubao_version: str) -> Dataset:
        """Return a dataset, made where there is none; raises ExchangeError where it is of another form."""
        root = place_of(name)
        if root.is_local and root.path != "/" and Path(root.path).is_file():
            raise ExchangeError("is a file; name a folder", path=Path(name))
        head = root / form.NAME
        if head.size() is None:
            by = by or By.SITE_MONTH
            told: dict[str, Any] = {"luubao_dataset": form.FORM, "by": str(by), "luubao_version": luubao_version}
            told |= {form.ARTICLES: form.COLUMNS, form.FAILURES: form.FAILURE_COLUMNS}
            head.write(lambda file: _write_json(file, told))
            return cls(root, by, luubao_version=luubao_version)
        told = _json_of(head)
        if told.get("luubao_dataset") != form.FORM or told.get("by") not in list(By):
            raise ExchangeError(f"{head.name}: is of a form that this luubao does not know; name another folder")
        if by not in (None, told["by"]):
            raise ExchangeError(f"{name}: is parted by {told['by']}; leave out --by {by}, or name another folder")
        return cls(root, By(told["by"]), luubao_version=luubao_version)

    # --- what was done ------------------------------------------------------------------------------------------------

    def finished(self) -> set[str]:
        """Return the keys of the units that are in it, whole."""
        names = [name for name, _ in (self.root / form.SOURCES).names()]
        return {name.removesuffix(DONE) for name in names if name.endswith(DONE)}

    def is_current(self, unit: Unit) -> bool:
        """Tell whether a unit that is finished is as long as it was then; raises ExchangeError."""
        return _noted(self._note(unit, DONE), "size", int) == unit.size

    def _note(self, unit: Unit, ending: str) -> Place:
        return self.root / f"{form.SOURCES}/{unit.key}{ending}"

    def require_writable(self) -> None:
        """Raise ArchiveReadOnly where nothing can be put in, before hours of reading."""
        if self.root.is_local and not os.access(self.root.path, os.W_OK):
            raise ArchiveReadOnly(
                "may not be written; mind its rights, or name another folder", path=Path(self.root.name)
            )

    # --- putting in ---------------------------------------------------------------------------------------------------

    def put(self, unit: Unit, rows: Rows) -> None:
        """Put in what was read of a unit, in place of what an earlier reading left; raises ArchiveError."""
        files = self._files(unit, rows)
        names = [name for name, _ in files]
        earlier = self._earlier(unit)
        note = {"files": sorted({*names, *earlier})}
        self._place(unit, files, before=lambda: self._note(unit, PLACING).write(lambda file: _write_json(file, note)))
        told: dict[str, Any] = {"source": unit.name, "piece": unit.piece and list(unit.piece), "size": unit.size}
        told |= {"luubao_version": self.luubao_version, "reader_version": READER_VERSION}
        told |= {"finished_at": utc_text(datetime.now(UTC)), "counts": rows.counts.to_dict(), "files": names}
        for name in earlier - set(names):
            (self.root / name).delete()
        self._note(unit, DONE).write(lambda file: _write_json(file, told))
        self._note(unit, PLACING).delete()

    def _earlier(self, unit: Unit) -> set[str]:
        """Return the files that an earlier reading of the unit put in, or was about to; no other, whatever is noted."""
        noted: set[str] = set()
        for ending in (PLACING, DONE):
            with suppress(FileNotFoundError):
                noted.update(map(str, _noted(self._note(unit, ending), "files", list)))
        return {name for name in noted if name.endswith(f"/{unit.key}.parquet") and ".." not in name.split("/")}

    def _files(self, unit: Unit, rows: Rows) -> list[File]:
        name = f"{unit.key}.parquet"
        by_folder = groupby(sorted(rows.articles.groups(), key=self._folder), key=self._folder)
        files = [(f"{folder}/{name}", _writer(rows.articles, list(groups))) for folder, groups in by_folder]
        if rows.failures.rows:
            files.append((f"{form.FAILURES}/{name}", _writer(rows.failures, rows.failures.groups())))
        return files

    def _folder(self, group: Group) -> str:
        return self.by.folder(*group)

    def _place(self, unit: Unit, files: Sequence[File], *, before: Callable[[], None]) -> None:
        """Write the files and let each take its name; `before` the first does so, a note is made."""
        if not self.root.is_local:
            before()
            for name, fill in files:
                (self.root / name).write(fill)
            return
        root = Path(self.root.path)
        for left in (root / PARTS).glob(f"{unit.key}-*"):
            shutil.rmtree(left, ignore_errors=True)
        parts = root / PARTS / f"{unit.key}-{uuid4().hex[:8]}"
        with errors_of(Path(self.root.name)):
            parts.mkdir(parents=True)
            try:
                for number, (_, fill) in enumerate(files):
                    write_through(parts / str(number), fill)
                before()
                for number, (name, _) in enumerate(files):
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (parts / str(number)).replace(root / name)
            except FileNotFoundError as error:
                raise ExchangeError(
                    "another run puts the same source into this dataset; let one of them end"
                ) from error
            finally:
                shutil.rmtree(parts, ignore_errors=True)


def _writer(spool: Spool, groups: Sequence[Group]) -> Callable[[BinaryIO], None]:
    return lambda file: spool.write(file, groups)


def _write_json(file: BinaryIO, value: Mapping[str, Any]) -> None:
    file.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


def _json_of(place: Place) -> dict[str, Any]:
    try:
        value = json.loads(place.read())
    except ValueError as error:
        raise ExchangeError(f"{place.name}: is damaged; {READ_AGAIN}") from error
    if not isinstance(value, dict):
        raise ExchangeError(f"{place.name}: is nothing that luubao wrote; {READ_AGAIN}")
    return value


def _noted(place: Place, name: str, kind: type[T]) -> T:
    """Return what a note says under a name."""
    value = _json_of(place).get(name)
    if not isinstance(value, kind):
        raise ExchangeError(f"{place.name}: does not say {name!r} as luubao writes it; {READ_AGAIN}")
    return value
