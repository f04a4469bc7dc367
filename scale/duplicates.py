"""Which articles of a whole dataset have nearly one text: MinHash and its bands by Daft, groups put together here.

Fourteen bands of eight hashes over runs of five words: two texts that share 0.8 of their runs are found with a chance
of 0.92, 0.9 with 0.999, 0.5 with 0.05. Pairs are not compared again. What this machine holds is one pair of numbers for
each article that has a double, and band in which it has one.
"""

from __future__ import annotations

import os
from typing import Any

from archive.errors import ExchangeError
from archive.exchange.dataset import ARTICLES, DUPLICATES
from archive.exchange.parquet import library
from scale.dataset import Dataset
from scale.places import Place

BANDS, ROWS = 14, 8
WORDS_OF_RUN = 5
MIN_WORDS = 30  # a shorter text is no sign
COLUMNS = ("url", "site", "captured_at", "source", "source_offset", "record_id")


def require_daft() -> Any:  # noqa: ANN401 -- a module
    """Return Daft, which tells nobody that it runs; raises ExchangeError where it is not installed."""
    os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
    os.environ.setdefault("DAFT_SHOW_QUERY_ID", "0")
    try:
        import daft  # noqa: PLC0415 -- an extra, and 1 s
    except ImportError as error:
        raise ExchangeError("--duplicates needs Daft: pip install 'luubao[scale]' where luubao is") from error
    return daft


def find(dataset: Dataset, *, on_ray: bool = False) -> int:
    """Write the table of groups in place of an earlier one; return how many groups there are.

    `on_ray`: by the cluster that this process has joined. Raises ExchangeError where Daft is not installed.
    """
    daft = require_daft()
    if on_ray:
        daft.set_runner_ray(noop_if_initialized=True)
    else:
        daft.set_runner_native()
    folder = dataset.root / ARTICLES
    if not folder.names(recursive=True):
        return 0
    articles = daft.read_parquet(f"{_whole(folder)}/**/*.parquet", hive_partitioning=False)
    articles = articles.where(daft.col("word_count") >= MIN_WORDS).with_column("id", _id(daft))
    firsts = _firsts(_edges(daft, articles))
    pa, _ = library()
    numbers = {"id": list(firsts), "group": list(firsts.values())}
    groups = daft.from_arrow(pa.table({name: pa.array(each, pa.uint64()) for name, each in numbers.items()}))
    found = groups.join(articles.select("id", *COLUMNS), on="id").exclude("id").sort(["group", "captured_at", "url"])
    return _write(found, dataset)


def _id(daft: Any) -> Any:  # noqa: ANN401 -- as above
    col, text = daft.col, daft.DataType.string()
    return (col("source") + "#" + col("source_offset").cast(text).fill_null("") + "#" + col("record_id")).hash()


def _edges(daft: Any, articles: Any) -> Any:  # noqa: ANN401 -- as above
    """Return pairs of ids that share a band: each with the least of the band."""
    col = daft.col
    text = col("body").normalize(remove_punct=True, lowercase=True, nfd_unicode=False, white_space=True)
    signed = text.minhash(num_hashes=BANDS * ROWS, ngram_size=WORDS_OF_RUN, seed=1)
    band = _banded(daft)(signed).alias("band")
    bands = articles.select(col("id"), band).explode("band")
    shared = bands.groupby("band").agg(col("id").min().alias("first"), col("id").count().alias("count"))
    shared = shared.where(col("count") > 1).select("band", "first")
    return bands.join(shared, on="band").where(col("id") != col("first")).select("id", "first").distinct()


def _banded(daft: Any) -> Any:  # noqa: ANN401 -- as above
    """Return a function from signatures to one number for each of their bands."""
    import numpy as np  # noqa: PLC0415 -- comes with Ray

    mix = np.random.default_rng(1).integers(1, 2**63, size=(BANDS, ROWS), dtype=np.uint64) | np.uint64(1)

    def banded(signatures: Any) -> Any:  # noqa: ANN401 -- as above
        rows = np.array(signatures.to_pylist(), dtype=np.uint64).reshape(-1, BANDS, ROWS)
        return list((rows * mix).sum(axis=2, dtype=np.uint64).tolist())

    return daft.func.batch(return_dtype=daft.DataType.list(daft.DataType.uint64()))(banded)


def _firsts(edges: Any) -> dict[int, int]:  # noqa: ANN401 -- as above
    """Return for each article that has a double the id that stands for its group."""
    parents: dict[int, int] = {}

    def root(each: int) -> int:
        while (parent := parents.setdefault(each, each)) != each:
            parents[each] = each = parents[parent]
        return each

    for batch in edges.to_arrow_iter():
        for one, other in zip(batch.column("id").to_pylist(), batch.column("first").to_pylist(), strict=True):
            low, high = sorted((root(one), root(other)))
            parents[high] = low
    return {each: root(each) for each in list(parents)}


def _write(found: Any, dataset: Dataset) -> int:  # noqa: ANN401 -- as above
    place = dataset.root / DUPLICATES
    found = found.collect()
    found.write_parquet(_whole(place), write_mode="overwrite")
    groups = found.select("group").distinct().count_rows()
    return int(groups)


def _whole(place: Place) -> str:
    return place.path if place.is_local else place.name
