"""What is imported gathers in a small archive of its own, which is merged into the real one a batch at a time.

So an import is kept by the same code as a crawl, takes its place in the history of articles that are known already,
whichever came first, leaves out what was erased by order, and changes nothing the second time.
"""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive import captures, reports
from archive.connect import errors_of
from archive.content import clean, page_sha256, utc_text
from archive.errors import BadRecord, NotKept
from archive.exchange import jsonl
from archive.exchange.mementos import Memento
from archive.exchange.rebuilding import Record, text
from archive.merge import Merged, merge
from archive.store import Archive, Mode
from scraper.models import Failed, Outcome, Page, Verdict

BATCH = 1_000  # outcomes; a kill loses no more than the batch in hand, and a second import brings it


@dataclass(slots=True)
class Brought:
    """What an import brought."""

    merged: Merged = field(default_factory=Merged)
    verdicts: Counter[Verdict] = field(default_factory=Counter)  # of pages, as a crawl counts them
    articles: int = 0  # records of JSON lines
    known: int = 0  # was kept already, and not read again


class Intake:
    """The way into an archive that is open and has a run. Use it in a `with`: what is left is merged at the end."""

    def __init__(self, archive: Archive, *, batch: int = BATCH) -> None:
        self.brought = Brought()
        self._archive = archive
        self._batch = batch
        self._key = archive.scraping.keys()
        self._folder = _folder_beside(archive.path)
        self._small: Archive | None = None
        self._met: dict[str, datetime] = {}  # key of each URL in the batch -> its last visit
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self._hand_over()
        finally:
            self._drop()
            shutil.rmtree(self._folder, ignore_errors=True)

    def is_known(self, page: Page, *, is_without_body: bool = False) -> bool:
        """Tell whether this very visit is kept already, and what it said too."""
        values = {
            "url": clean(page.url),
            "fetched_at": utc_text(page.fetched_at, timespec="microseconds"),
            "status": page.status,
            "body_sha256": None if is_without_body else page_sha256(page.body),
        }
        with errors_of(self._archive.path):
            is_known = self._archive.connection.execute(_KNOWN, values).fetchone() is not None
        self.brought.known += is_known
        return is_known

    def body_of(self, url: str, at: datetime | None) -> bytes | None:
        """Return the page that was kept for a URL at a time, or the last before it; None where none is."""
        for archive in (self._small, self._archive):
            if archive is None:
                continue
            values = {
                "url": clean(url),
                "from": None if at is None else utc_text(at, timespec="microseconds"),
                "to": None if at is None else utc_text(at + timedelta(seconds=1), timespec="microseconds"),
            }
            row = archive.connection.execute(_KEPT_PAGE, values).fetchone()
            with suppress(NotKept):
                if row is not None:
                    return captures.page_of(archive.connection, row[0]).body
        return None

    def addresses_of(self, url: str) -> list[str]:
        """Return the addresses under which the article was fetched that has this one, or a variant of it."""
        values = {"key": self._key(url)}
        open_ones = [archive for archive in (self._small, self._archive) if archive is not None]
        return [row[0] for archive in open_ones for row in archive.connection.execute(_FETCHED, values)]

    def keep(self, outcome: Outcome, memento: Memento | None = None) -> Verdict:
        """Keep what a page said, with the time of its own visit; raises ArchiveError."""
        page = outcome.page
        url, at = outcome.task.url, outcome.failed_at if isinstance(outcome, Failed) else outcome.page.fetched_at
        key = self._key(page.url if page else url)
        if self._count >= self._batch and key not in self._met:
            self._hand_over()
        if self._met.get(key, at) > at:  # it is older than what the batch knows of the page: history is told in order
            self._hand_over()
        small = self._opened()
        verdict = small.keep(outcome)
        if memento is not None and page is not None:
            with small.transaction() as connection:
                _note_memento(connection, page, memento)
        self._met[key] = at
        self._count += 1
        self.brought.verdicts[verdict] += 1
        return verdict

    def add(self, record: Record) -> None:
        """Add the article of a record; raises BadRecord, ArchiveError."""
        key = self._key(text(record, "url"))
        if self._count >= self._batch or key in self._met:
            self._hand_over()
        small = self._opened()
        try:
            with small.transaction() as connection:
                jsonl.add(connection, record, key=self._key, run_id=small.run_id)
        except (OverflowError, UnicodeError) as error:
            raise BadRecord(f"{text(record, 'url')[:200]}: {error}") from error
        self._met[key] = datetime.min.replace(tzinfo=UTC)
        self._count += 1
        self.brought.articles += 1

    # --- the small archive --------------------------------------------------------------------------------------------

    def _opened(self) -> Archive:
        if self._small is None:
            path = self._folder / "batch.db"
            self._small = Archive.open(path, mode=Mode.WRITE, scraping=self._archive.scraping)
            self._small.connection.execute("PRAGMA synchronous = OFF")  # if the machine stops, the batch is read again
            with self._small.transaction() as connection:
                self._small.run_id = _copy_run(self._archive, connection)
        return self._small

    def _hand_over(self) -> None:
        """Merge the batch into the archive, and begin another."""
        small = self._small
        if small is None:
            return
        with small.transaction() as connection:
            for table in ("frontier", "hosts"):  # an import asks for nothing
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- one of two
        path = small.path
        self._drop(keep_file=True)
        _add(self.brought.merged, merge(self._archive, path))
        with self._archive.transaction() as connection:
            connection.execute(_FIRST_WITH_TEXT, {"run_id": self._archive.run_id})
        self._remove(path)

    def _drop(self, *, keep_file: bool = False) -> None:
        small, self._small = self._small, None
        self._met.clear()
        self._count = 0
        if small is not None:
            small.close()
            if not keep_file:
                self._remove(small.path)

    def _remove(self, path: Path) -> None:
        for each in self._folder.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)


def _folder_beside(path: Path) -> Path:
    """Make a folder for batches, and take away those of imports that were killed."""
    prefix = f".{path.name}.import-"
    for left in path.parent.glob(f"{glob.escape(prefix)}*-*"):
        if not _is_alive(left.name.removeprefix(prefix).partition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=path.parent))


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except (PermissionError, ValueError):  # another user's, or no folder of ours
        return True
    return True


def end_import(archive: Archive, brought: Brought, *, seconds: float, report: Mapping[str, Any]) -> None:
    """Write into the record of the run what an import brought."""
    merged, verdicts = brought.merged, brought.verdicts
    seen = sum(verdicts[verdict] for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.REREAD, Verdict.SAME))
    counts = {
        "new": merged.articles,
        "changed": max(merged.versions - merged.articles, 0),
        "same": max(seen - merged.versions, 0),
        "listed": verdicts[Verdict.LISTED],
        "failed": verdicts[Verdict.FAILED],
    }
    told = {"seconds": seconds, "requests": 0, "body_bytes": 0} | dict(report)
    with archive.transaction() as connection:
        connection.execute(_COUNTS, counts | {"run_id": archive.run_id})
        reports.write(connection, archive.run_id or 0, told)


def _add(total: Merged, more: Merged) -> None:
    for name in ("articles", "versions", "visits", "pages", "erased"):
        setattr(total, name, getattr(total, name) + getattr(more, name))


def _copy_run(archive: Archive, connection: sqlite3.Connection) -> int | None:
    """Put the run into the small archive too, so that merging finds it to be the same."""
    row = archive.connection.execute(_RUN, (archive.run_id,)).fetchone()
    return None if row is None else int(connection.execute(_ADD_RUN, tuple(row)).lastrowid or 0)


def _note_memento(connection: sqlite3.Connection, page: Page, memento: Memento) -> None:
    values = {"url": clean(page.url), "at": utc_text(page.fetched_at, timespec="microseconds")}
    row = connection.execute(_LATEST_CAPTURE, values).fetchone()
    if row is not None:
        fetched_at = utc_text(memento.fetched_at, timespec="microseconds")
        connection.execute(_ADD_MEMENTO, (row[0], clean(memento.url), fetched_at))


# Of a run that was killed while it merged, a visit may be there and what it said not.
_KNOWN = """
SELECT 1 FROM captures c LEFT JOIN runs r ON r.id = c.run_id
WHERE c.url = :url AND c.fetched_at = :fetched_at AND c.status = :status
AND (:body_sha256 IS NULL OR c.body_sha256 = :body_sha256)
AND (r.id IS NULL OR r.ended_at IS NOT NULL OR EXISTS (SELECT 1 FROM versions WHERE capture_id = c.id))
"""
_KEPT_PAGE = """
SELECT id FROM captures WHERE url = :url AND snapshot_id IS NOT NULL AND (:from IS NULL OR fetched_at < :to)
ORDER BY fetched_at DESC LIMIT 1
"""
_FETCHED = "SELECT url FROM urls WHERE alias_key = :key AND met_as = 'fetched'"
_RUN = "SELECT command, arguments, luubao_version, pid, started_at FROM runs WHERE id = ?"
_ADD_RUN = "INSERT INTO runs (command, arguments, luubao_version, pid, started_at) VALUES (?, ?, ?, ?, ?)"
_LATEST_CAPTURE = """
SELECT id FROM captures WHERE url = :url AND fetched_at = :at AND redirected_to IS NULL ORDER BY id DESC LIMIT 1
"""
_ADD_MEMENTO = "INSERT OR IGNORE INTO mementos (capture_id, url, fetched_at) VALUES (?, ?, ?)"
_COUNTS = """
UPDATE runs SET new = :new, changed = :changed, same = :same, listed = :listed, failed = :failed WHERE id = :run_id
"""
# The first text of an article that another had earlier; in the small archive not all of them are known.
_FIRST_WITH_TEXT = """
UPDATE articles SET duplicate_of = (
    SELECT min(o.article_id) FROM versions v JOIN versions o ON o.body_sha256 = v.body_sha256
    WHERE v.article_id = articles.id AND v.number = 1 AND v.body_sha256 IS NOT NULL AND o.article_id < articles.id)
WHERE duplicate_of IS NULL AND id IN (
    SELECT article_id FROM versions WHERE capture_id IN (SELECT id FROM captures WHERE run_id = :run_id))
"""
