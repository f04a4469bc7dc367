"""Datasets that are damaged, or come from someone who means harm: told, and what is whole is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from archive.errors import BadRecord
from archive.exchange.dataset_in import records_in
from tests.archive.exchange_kit import no_tick
from tests.archive.warc_kit import answer, html, packed, record, write
from tests.scale.kit import read_into


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    pages = [packed(record("response", answer(html()), f"https://a.vn/tin-{number}.html")) for number in range(3)]
    read_into(tmp_path / "set", write(tmp_path / "a.warc.gz", *pages))
    return tmp_path / "set"


def file_of(dataset: Path) -> Path:
    [path] = (dataset / "articles").rglob("*.parquet")
    return path


def taken_and_refused(dataset: Path) -> tuple[int, int]:
    items = list(records_in(dataset, no_tick))
    refused = sum(isinstance(item, BadRecord) for item in items)
    return len(items) - refused, refused


DEEP = "[" * 100_000 + "]" * 100_000
NO_UTF_8 = [None, pa.array([0, 2, 2, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe")]
LINKS = pa.list_(pa.struct([(name, pa.string()) for name in ("url", "title", "relation")]))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("blocks", pa.array([DEEP, "[]", "[]"])),
        ("captured_at", pa.array([2**62, 0, 0], pa.timestamp("us", tz="UTC"))),
        ("published_on", pa.array([2**31 - 1, 0, 0], pa.int32()).cast(pa.date32())),
        ("title", pa.Array.from_buffers(pa.string(), 3, NO_UTF_8)),
        ("links", pa.array([None, [], []], LINKS)),
    ],
)
def test_a_row_that_is_no_article_costs_no_other(dataset: Path, column: str, values: Any) -> None:
    table = parquet.read_table(file_of(dataset), partitioning=None)
    parquet.write_table(table.set_column(table.column_names.index(column), column, values), file_of(dataset))

    assert taken_and_refused(dataset) == (2, 1)


def test_a_bit_that_flipped_is_told_wherever_it_stands(dataset: Path) -> None:
    whole = file_of(dataset).read_bytes()
    begin, end = 4, len(whole) - int.from_bytes(whole[-8:-4], "little") - 8  # the rest says what is where

    for at in range(begin, end, (end - begin) // 40):
        file_of(dataset).write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        taken, refused = taken_and_refused(dataset)
        assert (taken, bool(refused)) in {(0, True), (3, False)}  # of what no reader looks at nothing is lost


def test_a_note_leads_to_no_file_outside(dataset: Path, tmp_path: Path) -> None:
    [note] = (dataset / "sources").glob("*.json")
    file_of(dataset).rename(tmp_path / "x.parquet")
    note.write_text(json.dumps(json.loads(note.read_text()) | {"files": ["articles/../../x.parquet", "sources/x"]}))

    assert taken_and_refused(dataset) == (0, 1)
