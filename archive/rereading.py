"""Kept pages read again: what today's reader and rules make of them, and a version of ours where that is other.

The archive is handed a function that reads. Only the page of an article's current version is read; the version stays,
and the new one is marked `re-read`. A page that says the same leaves a note in `confirmations`, so that what is stale
gets less with each page: work that was stopped goes on there.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from archive import captures, versions
from archive.content import clean, unpacked_links, utc_text
from archive.differences import Change, changed_fields
from archive.errors import ArchiveError
from archive.history import said
from archive.identity import Identity
from archive.queries import Filters
from archive.reread_report import Report
from archive.scraping import Scraping
from archive.store import Archive
from archive.versions import Cause
from scraper.errors import ScraperError
from scraper.models import Article, Kind, Page

BATCH = 50  # pages a transaction: half a second's work, which a kill takes

Read = Callable[[Iterable[Page]], Iterator[Article | ScraperError]]
"""Reads pages, and yields what each says, or why it cannot be read, in their order."""

Tick = Callable[[str, int, int], None]


class Candidate(NamedTuple):
    """An article whose page may be read again."""

    article_id: int
    version_id: int
    capture_id: int
    url: str  # of the page
    kind: str
    site: str


class Reread(NamedTuple):
    """A page that was read again."""

    candidate: Candidate
    page: Page
    outcome: Article | ScraperError
    changes: tuple[Change, ...]


def choose(
    connection: sqlite3.Connection,
    scraping: Scraping,
    *,
    filters: Filters,
    ids: Sequence[int] = (),
    is_stale: bool = False,
) -> list[Candidate]:
    """Return the articles that are meant; `ids` narrows to these, `is_stale` to those read by other rules or reader."""
    where, values = filters.where()
    sql = _CANDIDATES.format(where=where)
    rows = connection.execute(sql, values | {"ids": json.dumps(list(ids)), "all": not ids})
    return [
        Candidate(*row[:-2])
        for row in map(tuple, rows)
        if not is_stale or row[-2:] != (scraping.reader_version, scraping.rules_hash(row[3]))
    ]


_CANDIDATES = """
SELECT a.id, v.id, v.capture_id, c.url, a.kind, a.site, coalesce(f.reader_version, v.reader_version),
  coalesce(f.rules_hash, v.rules_hash)
FROM articles a JOIN versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id
LEFT JOIN confirmations f ON f.version_id = v.id
WHERE {where} AND (:all OR a.id IN (SELECT value FROM json_each(:ids))) ORDER BY a.id
"""


def reread(
    connection: sqlite3.Connection,
    chosen: Sequence[Candidate],
    read: Read,
    *,
    keep: Callable[[Reread], None] = lambda _reread: None,
    tick: Tick = lambda *_: None,
) -> Report:
    """Read the pages of articles again and report what is other than it was kept; `keep` is told of each page."""
    report = Report()
    waiting: deque[tuple[Candidate, Page]] = deque()

    def pages() -> Iterator[Page]:
        for candidate in chosen:
            try:
                page = captures.page_of(connection, candidate.capture_id)
            except ArchiveError as error:
                report.fail(candidate.article_id, candidate.url, "not_kept", error.reason)
                continue
            waiting.append((candidate, page))
            yield page

    for outcome in read(pages()):
        candidate, page = waiting.popleft()
        changes: tuple[Change, ...] = ()
        if isinstance(outcome, ScraperError):
            report.fail(candidate.article_id, candidate.url, outcome.code, str(outcome))
        else:
            changes = compare(connection, candidate, outcome)
            report.take(candidate.article_id, candidate.url, changes)
        keep(Reread(candidate, page, outcome, changes))
        tick("pages", report.pages + len(report.failed), len(chosen))
    return report


def compare(connection: sqlite3.Connection, candidate: Candidate, article: Article) -> tuple[Change, ...]:
    """Return what an article reads otherwise than its current version says.

    A listing that still is one says nothing: its text is that of other pages.
    """
    if candidate.kind == article.kind == Kind.LISTING:
        return ()
    row = connection.execute(_REST, (candidate.version_id,)).fetchone()
    if row is None:  # an erasure beside a dry run took it
        return ()
    blocks, other_links = row
    rest = {"kind": candidate.kind, "blocks": json.loads(blocks), "links": unpacked_links(other_links)}
    return changed_fields(said(connection, candidate.version_id) | rest, _as_kept(article.to_dict()))


_REST = "SELECT blocks, other_links FROM versions WHERE id = ?"


def _as_kept(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """Return a value as it would come out of the file."""
    match value:
        case str():
            return clean(value)
        case list():
            return [_as_kept(each) for each in value]
        case dict():
            return {key: _as_kept(each) for key, each in value.items()}
    return value


# --- writing ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counts:
    reread: int = 0
    same: int = 0
    failed: int = 0


class Rewriting:
    """Keeps what was read again, some dozens of pages a transaction. Use it in a `with`, inside a run."""

    def __init__(self, archive: Archive, clock: Callable[[], datetime]) -> None:
        self._archive = archive
        self._clock = clock
        self._identity = Identity(archive.connection, archive.scraping)
        self._waiting: list[Reread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or kind is KeyboardInterrupt:
            self.flush()

    def keep(self, reread: Reread) -> None:
        """Take what was read; it is on the disk some pages later, or after `flush`."""
        self._waiting.append(reread)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Commit what was taken."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        now, counts = utc_text(self._clock()), _Counts()
        with self._archive.transaction():
            for reread in waiting:
                self._keep(reread, now, counts)
            values = {"id": self._archive.run_id, "reread": counts.reread, "same": counts.same, "failed": counts.failed}
            self._archive.connection.execute(_COUNT, values)

    def _keep(self, reread: Reread, now: str, counts: _Counts) -> None:
        connection, candidate, article = self._archive.connection, reread.candidate, reread.outcome
        if isinstance(article, ScraperError):
            counts.failed += 1
            connection.execute(_ADD_FAILURE, self._failure(candidate, article, now))
            return
        current = connection.execute("SELECT version_id FROM articles WHERE id = ?", (candidate.article_id,)).fetchone()
        if current is None or current[0] != candidate.version_id:
            return  # a fetch beside us kept a newer one meanwhile, read by today's rules
        reader = (self._archive.scraping.reader_version, self._archive.scraping.rules_hash(candidate.url))
        if not reread.changes:
            counts.same += 1
            connection.execute(_CONFIRM, (candidate.version_id, *reader, now))
            return
        counts.reread += 1
        reading = versions.Reading(candidate.article_id, candidate.capture_id, Cause.REREAD, now, *reader)
        versions.add(connection, reading, article)
        self._identity.meet(candidate.article_id, reread.page, article)

    def _failure(self, candidate: Candidate, error: ScraperError, now: str) -> dict[str, Any]:
        return {
            "run_id": self._archive.run_id,
            "capture_id": candidate.capture_id,
            "url": candidate.url,
            "site": candidate.site,
            "code": error.code,
            "message": clean(str(error)),
            "failed_at": now,
        }


_CONFIRM = """
INSERT OR REPLACE INTO confirmations (version_id, reader_version, rules_hash, read_at) VALUES (?, ?, ?, ?)
"""
_COUNT = "UPDATE runs SET reread = reread + :reread, same = same + :same, failed = failed + :failed WHERE id = :id"
_ADD_FAILURE = """
INSERT INTO failures (run_id, capture_id, url, site, code, message, failed_at)
VALUES (:run_id, :capture_id, :url, :site, :code, :message, :failed_at)
"""
