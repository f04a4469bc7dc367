"""What the tests of datasets share: sources read into one in this process, and its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyarrow import dataset as arrow

from archive.exchange.dataset import By
from commands.joining import known_sites
from scale.dataset import Dataset
from scale.extract import Reader
from scale.run import Done, Report, read_here
from scale.sources import units_of
from scraper.reading import read_page
from tests.archive.exchange_kit import no_tick

KNOWN = known_sites()
HERE = Reader(lambda task, page: read_page(page, task), KNOWN, threads=2)


def read_into(folder: Path, *sources: Path, by: By | None = None, said: list[str] | None = None) -> Done:
    """Read sources into a dataset, as luubao extract does."""
    dataset = Dataset.open(str(folder), by, luubao_version="test")
    report = Report((said if said is not None else []).append, no_tick)
    return read_here(units_of([str(each) for each in sources]), dataset, HERE, report)


def rows_of(folder: Path, table: str = "articles") -> list[dict[str, Any]]:
    """Return the rows of a table, in whatever order."""
    return list(arrow.dataset(folder / table, format="parquet").to_table().to_pylist())
