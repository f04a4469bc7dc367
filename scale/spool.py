"""Rows of one unit on their way into a dataset: on the disk, so that memory stays flat, until all of them are known."""

from __future__ import annotations

import mmap
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, BinaryIO, Self

from archive.exchange.dataset import storable
from archive.exchange.parquet import library

BATCH = 100
ROWS_AT_ONCE = 1_000  # of a Parquet file, in memory

Group = tuple[str, str]
"""Site and month."""


class Spool:
    """A table without a name on the disk; it is gone when it is closed, or the process is."""

    def __init__(self, schema: Any) -> None:  # noqa: ANN401 -- a library without types
        pa, _ = library()
        self.rows = 0
        self._schema = schema
        self._file = tempfile.TemporaryFile(prefix="luubao-")  # noqa: SIM115 -- __exit__ closes it
        self._writer = pa.ipc.new_file(self._file, schema)
        self._waiting: list[dict[str, Any]] = []
        self._batches = 0
        self._places: dict[Group, dict[int, list[int]]] = defaultdict(dict)  # group -> batch -> rows of it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, row: dict[str, Any]) -> None:
        """Add a row."""
        group = (str(row.get("site") or ""), str(row.get("month") or ""))
        self._places[group].setdefault(self._batches, []).append(len(self._waiting))
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) >= BATCH:
            self._write()

    def groups(self) -> list[Group]:
        """Return the sites and months of the rows."""
        return sorted(self._places)

    def write(self, out: BinaryIO, groups: Sequence[Group]) -> None:
        """Write the rows of these groups as Parquet, group by group, each in the order in which it came."""
        pa, parquet = library()
        options = {"compression": "zstd", "write_page_checksum": True}
        with parquet.ParquetWriter(out, self._schema, **options) as writer:
            for pieces in self._at_once(groups):
                writer.write_table(pa.Table.from_batches(pieces, schema=self._schema))

    def _at_once(self, groups: Sequence[Group]) -> Iterator[list[Any]]:
        pa, _ = library()
        reader, pieces, rows = self._reader(), [], 0
        for group in groups:
            for number, places in self._places[group].items():
                batch = reader.get_batch(number)
                is_whole = len(places) == batch.num_rows
                pieces.append(batch if is_whole else batch.take(pa.array(places, pa.int64())))
                rows += len(places)
                if rows >= ROWS_AT_ONCE:
                    yield pieces
                    pieces, rows = [], 0
        if pieces:
            yield pieces

    def _write(self) -> None:
        pa, _ = library()
        try:
            batch = pa.RecordBatch.from_pylist(self._waiting, schema=self._schema)
        except UnicodeEncodeError:
            batch = pa.RecordBatch.from_pylist([storable(row) for row in self._waiting], schema=self._schema)
        self._writer.write_batch(batch)
        self._waiting.clear()
        self._batches += 1

    def _reader(self) -> Any:  # noqa: ANN401 -- as above
        pa, _ = library()
        if self._writer is not None:
            if self._waiting:
                self._write()
            self._writer.close()
            self._writer = None
            self._file.flush()
        return pa.ipc.open_file(pa.py_buffer(mmap.mmap(self._file.fileno(), 0, prot=mmap.PROT_READ)))
