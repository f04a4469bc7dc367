"""Parquet: a table for programs, some hundred rows at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from archive.errors import ExchangeError
from archive.exchange.choice import Chosen, Tick
from archive.exchange.tables import columns, rows

BATCH = 500
_NUMBERS = frozenset({"id", "version", "word_count", "duplicate_of", "page_length"})
_LISTS = frozenset({"authors", "tags"})
_AS_JSON = frozenset({"rights"})


def write(chosen: Chosen, target: BinaryIO, tick: Tick, *, is_light: bool = False) -> None:
    """Write the articles; raises ExchangeError where pyarrow is not installed."""
    pa, parquet = library()
    schema = _schema(pa, columns(is_light=is_light))
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in _batches(rows(chosen, tick, is_light=is_light)):
            writer.write_table(pa.Table.from_pylist([_row(row) for row in batch], schema=schema))


def require_library() -> None:
    """Raise ExchangeError where pyarrow is not installed."""
    library()


def library() -> tuple[Any, Any]:
    """Return pyarrow and its room for Parquet; raises ExchangeError where they are not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 -- an extra, and 0.2 s
        from pyarrow import parquet  # noqa: PLC0415 -- as above
    except ImportError as error:
        reason = "Parquet needs pyarrow: pip install pyarrow where luubao is, or take the extra luubao[parquet]"
        raise ExchangeError(reason) from error
    return pa, parquet


def _schema(pa: Any, names: Iterable[str]) -> Any:  # noqa: ANN401 -- a library without types
    pictures = pa.list_(pa.struct([(name, pa.string()) for name in ("url", "caption", "credit", "alt")]))

    def kind(name: str) -> Any:  # noqa: ANN401 -- as above
        if name in _NUMBERS:
            return pa.int64()
        if name in _LISTS:
            return pa.list_(pa.string())
        return {"published_on": pa.date32(), "images": pictures}.get(name, pa.string())

    return pa.schema([(name, kind(name)) for name in names])


def _row(row: dict[str, Any]) -> dict[str, Any]:
    day = row.get("published_on")
    told = {name: json.dumps(row[name], ensure_ascii=False) for name in _AS_JSON & row.keys()}
    return row | told | {"published_on": date.fromisoformat(day) if day else None}


def _batches(found: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(found, BATCH)):
        yield batch
