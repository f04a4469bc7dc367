"""The archive open for writing: keeps outcomes, one transaction each. The only writer."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archive import captures, duplicates, queries, roots
from archive.articles import Articles, Seen
from archive.backfill import Backfill, MayHold
from archive.connect import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    Transaction,
    check_identity,
    errors_of,
    open_reader,
    open_writer,
    prepare_writer,
)
from archive.content import clean, utc_text
from archive.errors import ArchiveError, ArchiveReadOnly, MigrationNeeded, NotAnArchive
from archive.frontier import Result, SqliteFrontier
from archive.lock import RunLock
from archive.schedule import NOT_FOUND, Came
from archive.scraping import Scraping
from scraper.errors import MuchShorter
from scraper.models import Failed, Kind, Outcome, Page, Role, Verdict, Visit

HTTP_NOT_MODIFIED = 304
NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links say: FAT, exFAT, many network shares."""

MOST_COMPARED = 20_000  # texts, when a run ends: half a minute; an old archive's others wait for the next
BODY_KEPT_CODES = frozenset({"parse_failed", "parse_timeout", "parse_memory", "parser_crash", MuchShorter.code})


class Mode(StrEnum):
    """What an archive is opened for."""

    READ = "read"
    WRITE = "write"  # beside another writer: fetch, import
    EXCLUSIVE = "exclusive"  # alone: crawl and all that works through the whole file


class Archive:
    """One archive file. Open it with `Archive.open`, in a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, scraping: Scraping, lock: RunLock | None) -> None:
        self.path = path
        self.connection = connection
        self.scraping = scraping
        self.run_id: int | None = None
        self.backfill: Backfill | None = None  # while a crawl walks into the past
        self._lock = lock
        self._articles = Articles(connection, scraping)
        self.frontier = SqliteFrontier(connection, scraping, writing=self.transaction, asking=partial(errors_of, path))

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        mode: Mode | str = Mode.READ,
        command: str = "luubao",
        scraping: Scraping | None = None,
    ) -> Archive:
        """Open an archive; the modes that write make one where there is none, and bring its schema up to date.

        `command` is what the lock tells others. Raises ArchiveError: ArchiveMissing, NotAnArchive, NewerArchive,
        ArchiveLocked, ArchiveReadOnly, ArchiveDamaged, DiskFull.
        """
        path, mode, scraping = Path(path), Mode(mode), scraping or Scraping()
        if mode is Mode.READ:
            return cls(path, open_reader(path), scraping, None)
        if not os.path.exists(path):  # noqa: PTH110 -- Path.exists raises where a name is too long
            create(path)
        path = path.resolve()
        lock = RunLock(path, command) if mode is Mode.EXCLUSIVE else None
        if lock:
            lock.acquire()
        try:
            connection = open_writer(path)
            _upgrade(connection, path)
        except BaseException:
            if lock:
                lock.release()
            raise
        return cls(path, connection, scraping, lock)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Keep all that happens inside, or nothing of it; raises ArchiveError for what SQLite raises."""
        is_kept = False
        try:
            with errors_of(self.path), Transaction(self.connection) as connection:
                yield connection
            is_kept = True
        finally:
            if not is_kept:
                self.frontier.forget()

    def close(self) -> None:
        """Close the file, fold the log into it, and let others in."""
        try:
            with suppress(sqlite3.Error):  # a reader in the way: the next one to close folds it
                self.connection.execute("PRAGMA busy_timeout = 500")
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.close()
        finally:
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- runs ---------------------------------------------------------------------------------------------------------

    def start_run(
        self, command: str, arguments: Mapping[str, Any], now: datetime, *, luubao_version: str | None = None
    ) -> int:
        """Begin a run: what is kept from here on is counted in it."""
        values = (command, json.dumps(dict(arguments), ensure_ascii=False, default=str), luubao_version, os.getpid())
        with self.transaction() as connection:
            sql = "INSERT INTO runs (command, arguments, luubao_version, pid, started_at) VALUES (?, ?, ?, ?, ?)"
            self.run_id = int(connection.execute(sql, (*values, utc_text(now))).lastrowid or 0)
        return self.run_id

    def end_run(self, exit_code: int, now: datetime) -> None:
        """End the run, seal what it added, and compare its articles with all others."""
        with self.transaction() as connection:
            sql = "UPDATE runs SET ended_at = ?, exit_code = ? WHERE id = ?"
            connection.execute(sql, (utc_text(now), int(exit_code), self.run_id))
            if self.run_id is not None:
                roots.seal(connection, self.run_id)
        self.run_id = None
        self.compare_new(most=MOST_COMPARED)

    def compare_new(self, *, most: int | None = None, tick: duplicates.Tick = lambda *_: None) -> None:
        """Link the articles kept since the last time with those that have nearly their text; `most` a limit."""
        with errors_of(self.path):
            duplicates.compare_new(self.connection, self.transaction, most=most, tick=tick)

    def begin_backfill(
        self, sites: Iterable[str], days: tuple[date, date], now: datetime, *, may_hold: MayHold
    ) -> Backfill:
        """Begin a walk through these days, or go on with it: what is kept from here on moves it forward."""
        asking = partial(errors_of, self.path)
        self.backfill = Backfill(self.frontier, self.connection, writing=self.transaction, asking=asking)
        self.backfill.begin(sites, days, now, may_hold=may_hold)
        return self.backfill

    def lookup(self, url: str) -> dict[str, Any] | None:
        """Return what is kept under a URL or a variant of it, as a list shows it; None where nothing is."""
        with errors_of(self.path):
            return queries.lookup(self.connection, url, key=self.scraping.keys())

    # --- keeping ------------------------------------------------------------------------------------------------------

    def keep(self, outcome: Outcome) -> Verdict:
        """Commit one outcome with all that follows from it, in one transaction; on return it is on the disk."""
        with self.transaction():
            verdict = self._keep_failed(outcome) if isinstance(outcome, Failed) else self._keep_visit(outcome)
            if self.backfill:
                self._walk_on(self.backfill, outcome)
            if self.run_id is not None:
                self.connection.execute(_COUNT[verdict], (self.run_id,))
        return verdict

    def _walk_on(self, backfill: Backfill, outcome: Outcome) -> None:
        backfill.after(outcome.task, failed=outcome.code if isinstance(outcome, Failed) else None)
        if isinstance(outcome, Visit):
            backfill.add_found(outcome)

    def _keep_missed(self, visit: Visit, code: str) -> Verdict:
        """Keep that there was nothing where a feed or a sitemap was looked for; it is not looked for again."""
        captures.add(self.connection, visit.page, run_id=self.run_id, outcome=code, is_kept=False)
        self.frontier.add_found(visit.task, visit.found, visit.page.fetched_at)
        self.frontier.close(visit.task, Result(Came.SAME, visit.page.fetched_at, code))
        return Verdict.LISTED

    def _keep_visit(self, visit: Visit) -> Verdict:
        if visit.missed:
            return self._keep_missed(visit, visit.missed)
        try:
            verdict = self._keep_page(visit)
        except MuchShorter as error:
            return self._keep_failed(Failed(visit.task, error.code, str(error), visit.page.fetched_at, visit.page))
        new_count = self._add_found(visit)
        has_news = verdict in (Verdict.NEW, Verdict.CHANGED) or (verdict is Verdict.LISTED and new_count > 0)
        result = _result(visit, verdict, Came.CHANGED if has_news else Came.SAME)
        self.frontier.after(visit.task, result)
        self.frontier.follow_redirect(visit.task, visit.page, result)
        return verdict

    def _add_found(self, visit: Visit) -> int:
        """Hand to the frontier what a page named; return how many URLs were not known before."""
        now = visit.page.fetched_at
        if visit.page.status == HTTP_NOT_MODIFIED:
            return 0
        if _role_of(visit) is Role.ARTICLE:
            return self.frontier.add_found(visit.task, visit.found, now)
        return self.frontier.add_named(visit.task, visit.found, now, run_id=self.run_id)

    def _keep_page(self, visit: Visit) -> Verdict:
        page, article = visit.page, visit.article
        if page.status == HTTP_NOT_MODIFIED:
            captures.add(self.connection, page, run_id=self.run_id, outcome=str(Verdict.SAME), is_kept=False)
            self._articles.seen_unchanged(page)
            return Verdict.SAME
        if article is not None and (visit.task.role is Role.ARTICLE or article.kind is not Kind.LISTING):
            return self._articles.keep(Seen(page, article, visit.task.site, self.run_id))
        site, outcome = visit.task.site, str(Verdict.LISTED)
        capture_id = captures.add(self.connection, page, run_id=self.run_id, outcome=outcome, is_kept=True, site=site)
        captures.keep_latest_only(self.connection, page.url, capture_id)
        return Verdict.LISTED

    def _keep_failed(self, failed: Failed) -> Verdict:
        capture_id = self._keep_answer(failed, failed.page) if failed.page else None
        values = {
            "run_id": self.run_id,
            "capture_id": capture_id,
            "url": clean(failed.task.url),
            "site": failed.task.site,
            "code": failed.code,
            "message": clean(failed.message),
            "failed_at": utc_text(failed.failed_at),
        }
        self.connection.execute(_ADD_FAILURE, values)
        if failed.code in NOT_FOUND:
            self._articles.missing(failed.task.url, failed.failed_at, failed.code)
        result = Result(
            Came.FAILED,
            failed.failed_at,
            failed.code,
            is_same_body=True,
            retry_after_seconds=failed.retry_after_seconds,
        )
        self.frontier.after(failed.task, result)
        return Verdict.FAILED

    def _keep_answer(self, failed: Failed, page: Page) -> int:
        """Keep the exchange of a failure; the body only where our reader failed, and only the latest."""
        is_kept = failed.code in BODY_KEPT_CODES
        site, outcome = failed.task.site, failed.code
        capture_id = captures.add(
            self.connection, page, run_id=self.run_id, outcome=outcome, is_kept=is_kept, site=site
        )
        if is_kept:
            captures.keep_latest_only(self.connection, page.url, capture_id)
        return capture_id


_COUNT = {
    verdict: f"UPDATE runs SET {verdict.name.lower()} = {verdict.name.lower()} + 1 WHERE id = ?"  # noqa: S608 -- names of columns, from an enum
    for verdict in Verdict
}

_ADD_FAILURE = """
INSERT INTO failures (run_id, capture_id, url, site, code, message, failed_at)
VALUES (:run_id, :capture_id, :url, :site, :code, :message, :failed_at)
"""


def _role_of(visit: Visit) -> Role:
    """Return what a page proved to be: it may be of another kind than its task said."""
    role = visit.task.role
    if visit.article is not None and role in (Role.ARTICLE, Role.LISTING):
        return Role.LISTING if visit.article.kind is Kind.LISTING else Role.ARTICLE
    return role


def _result(visit: Visit, verdict: Verdict, came: Came) -> Result:
    """Return what a visit means for the frontier."""
    page = visit.page
    return Result(
        came,
        page.fetched_at,
        str(verdict),
        role=_role_of(visit),
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        is_same_body=page.status == HTTP_NOT_MODIFIED,
    )


# --- the file itself --------------------------------------------------------------------------------------------------


def create(path: Path) -> None:
    """Make an empty archive, mode 0600. It takes its name when it is whole; another process may have been first."""
    if os.path.islink(path):  # noqa: PTH114 -- as in Archive.open
        raise NotAnArchive("is a symbolic link that leads nowhere; name the file itself", path=path)
    made = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with errors_of(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made.unlink(missing_ok=True)
            os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        reason = f"cannot be made: {error.strerror}; mind the rights of its folder"
        raise ArchiveReadOnly(reason, path=path) from error
    try:
        with errors_of(path):
            _fill(made)
            _name(made, path)
    finally:
        made.unlink(missing_ok=True)


def _name(made: Path, path: Path) -> None:
    """Give a finished file its name, unless another file has it."""
    try:
        os.link(made, path)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours, or it is taken
            made.replace(path)


def _fill(path: Path) -> None:
    from archive.migrations import migrate  # noqa: PLC0415 -- 0.1 s, for a new archive alone

    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum = NONE")
        prepare_writer(connection, path)
        with Transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection)
    finally:
        connection.close()


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an older schema up to date."""
    with errors_of(path):
        found = check_identity(connection, path)
        if found == SCHEMA_VERSION:
            return
        from archive.migrations import COPYING, migrate  # noqa: PLC0415 -- as in _fill

        if any(number > found for number in COPYING):
            raise MigrationNeeded(path, found=found, known=SCHEMA_VERSION)
        with Transaction(connection):
            migrate(connection)


Guard = AbstractContextManager[sqlite3.Connection]
__all__ = ["Archive", "ArchiveError", "Mode", "create"]
