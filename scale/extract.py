"""Read the pages of one unit into a dataset, each within the limits of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from archive.connect import errors_of
from archive.errors import BadRecord
from archive.exchange.dataset import Pointer, article_row, article_schema, damage_row, failure_row, failure_schema
from archive.exchange.sources import Tick
from archive.exchange.warc_in import Captured
from scale.dataset import Counts, Dataset, Rows
from scale.sources import Unit, captured_in
from scale.spool import Spool
from scraper import sites
from scraper.errors import BadUrl, ParserCrash
from scraper.models import Kind, Page, Role, Task, Visit
from scraper.reader import READER_VERSION
from scraper.reading import Reading
from scraper.recorded import Read, ahead, outcome_of, with_normal_urls
from scraper.sites import Site

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What pages are read with."""

    read: Read
    known: Sequence[Site]
    threads: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of one item: rows for the two tables, and what to count it as."""

    counted: str
    article: Row | None = None
    failure: Row | None = None


def extract(unit: Unit, dataset: Dataset, reader: Reader, tick: Tick = lambda *_: None) -> Counts:
    """Read a unit into the dataset; raises ArchiveError, and then nothing of the unit is in it."""
    temporary = errors_of(Path(gettempdir()))
    with temporary, Spool(article_schema()) as articles, Spool(failure_schema()) as failures:
        rows = Rows(articles, failures)
        for read in _read_all(unit, reader, tick):
            setattr(rows.counts, read.counted, getattr(rows.counts, read.counted) + 1)
            if read.article is not None:
                articles.add(read.article)
            if read.failure is not None:
                failures.add(read.failure)
        dataset.put(unit, rows)
    return rows.counts


def _read_all(unit: Unit, reader: Reader, tick: Tick) -> Iterator[_Read]:
    read = replace(reader, read=_twice(reader.read))

    def work(item: Captured | BadRecord) -> _Read:
        if isinstance(item, BadRecord):
            return _Read("damaged", failure=damage_row(item, unit.name))
        return _read_one(item, Pointer(unit.name, item.offset, item.record_id), read)

    for _, made in ahead(captured_in(unit, tick), work, threads=reader.threads):
        if made is not None:
            yield made


def _read_one(captured: Captured, pointer: Pointer, reader: Reader) -> _Read:
    if captured.same_as is not None:
        return _Read("revisits")
    try:
        page = with_normal_urls(captured.page)
    except BadUrl:
        return _Read("no_pages")
    outcome = outcome_of(page, read=reader.read, known=reader.known, is_cut=captured.is_cut)
    if outcome is None:
        return _Read("no_pages")
    if not isinstance(outcome, Visit):
        return _Read("failed", failure=failure_row(outcome, pointer))
    if not _is_kept(outcome):
        return _Read("listings")
    site = sites.find(reader.known, page.url)
    rules_hash = site.rules_hash if site else ""
    row = article_row(outcome, pointer, reader_version=READER_VERSION, rules_hash=rules_hash)
    return _Read("articles", article=row)


def _is_kept(visit: Visit) -> bool:
    """Tell whether an archive would keep what was read as an article."""
    article = visit.article
    return article is not None and (visit.task.role is Role.ARTICLE or article.kind is not Kind.LISTING)


def _twice(read: Read) -> Callable[[Task, Page], Reading]:
    """Return what reads a page again where its reader died: most often by another's hand, as for want of memory."""

    def read_twice(task: Task, page: Page) -> Reading:
        try:
            return read(task, page)
        except ParserCrash:
            return read(task, page)

    return read_twice
