"""Articles out of a dataset of `luubao extract`, as records: those of what was read to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from archive.errors import BadRecord
from archive.exchange.choice import Tick
from archive.exchange.dataset import ARTICLES, COLUMNS, SOURCES, record_of
from archive.exchange.parquet import library
from archive.exchange.rebuilding import Record

ROWS_AT_ONCE = 200


def records_in(folder: Path, tick: Tick) -> Iterator[Record | BadRecord]:
    """Yield the articles of a dataset, and in place of what cannot be read an error that names it.

    Raises ExchangeError where pyarrow is not installed.
    """
    library()
    notes = sorted((folder / SOURCES).glob("*.json"))
    for number, note in enumerate(notes):
        tick("files", number, len(notes))
        try:
            names = [str(name) for name in json.loads(note.read_bytes())["files"]]
        except (ValueError, KeyError, TypeError):
            yield BadRecord(f"{note.name}: is damaged; what it tells of is left out")
            continue
        for name in names:
            if name.startswith(f"{ARTICLES}/"):
                yield from _in_file(folder, name)


def _in_file(folder: Path, name: str) -> Iterator[Record | BadRecord]:
    pa, parquet = library()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        yield BadRecord(f"{name}: lies outside of the dataset")
        return
    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(COLUMNS)):
                yield from (_record(row, name) for row in _rows(batch))
    except (pa.ArrowException, OSError) as error:
        yield BadRecord(f"{name}: {str(error).splitlines()[0][:200]}")


def _rows(batch: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 -- a library without types
    """Yield the rows; one with what Python has no value for is empty, such as a day of the year 5 million."""
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError):
        rows = [batch.slice(at, 1) for at in range(batch.num_rows)]
        yield from chain.from_iterable(map(_rows, rows)) if len(rows) > 1 else [{}]


def _record(row: Mapping[str, Any], name: str) -> Record | BadRecord:
    try:
        return record_of(row)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return BadRecord(f"{name}: {str(row.get('url') or 'a row')[:200]}: no article of luubao")
