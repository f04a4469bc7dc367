"""Is the archive what was written? The file, every hash, every reference, the search index, the roots."""

from __future__ import annotations

import random
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import roots, snapshots
from archive.connect import check_schema, errors_of
from archive.errors import ArchiveDamaged, ArchiveError
from archive.fold import fold
from archive.ground import require_archive
from archive.snapshots import ROW_COLUMNS

CANARIES = 40
MANY = 10_000  # faults told; a file with more is lost anyway
TABLES = ("articles", "versions", "captures", "snapshots", "dictionaries", "images", "links", "events", "runs")

Tick = Callable[[str, int, int], None]
"""Told how far the work is: what is being checked, how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row; without a row, with a table or the file."""

    table: str
    row_id: int | None  # None: the table, or the file, as a whole
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.what}" if self.row_id is not None else f"{self.table}: {self.what}"


@dataclass(slots=True)
class Report:
    """What a check found."""

    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    pages_checked: int = 0
    unsealed: int = 0  # versions added since the last run ended: no root covers them yet
    is_scrubbed: bool = True  # False: an erasure was stopped before the words were out of index, free pages and log
    root: str | None = None  # of the last run, in hexadecimal; None: no run has ended yet

    def tell(self, table: str, row_id: int | None, what: str) -> None:
        """Note a fault."""
        if len(self.faults) < MANY:
            self.faults.append(Fault(table, row_id, what))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is checked."""

    is_quick: bool = False  # neither the hashes of pages nor those of rows
    sample: int | None = None  # pages hashed, chosen at random; None: all
    against: str | None = None  # root that a run must have, in hexadecimal


def verify(path: Path, scope: Scope = Scope(), *, tick: Tick = lambda *_: None) -> Report:
    """Check an archive and report what is wrong; nothing is changed.

    Raises ArchiveError where it cannot be opened at all, QueryError where `against` is no root.
    """
    if scope.against is not None:
        roots.as_root(scope.against)
    require_archive(path)
    report = Report()
    with errors_of(path), closing(_opened(path)) as connection:
        for check in (_file, _references, _dictionaries, _search, _rows, _pages):
            try:
                check(connection, scope, report, tick)
            except (sqlite3.DatabaseError, ArchiveDamaged) as error:  # a damaged page of the file ends one check
                report.tell("file", None, f"cannot be read on: {error}")
    return report


def _opened(path: Path) -> sqlite3.Connection:
    """Open for reading, one view for all checks."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
    check_schema(connection, path)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("BEGIN")
    return connection


# --- what SQLite can tell ---------------------------------------------------------------------------------------------


def _file(connection: sqlite3.Connection, scope: Scope, report: Report, tick: Tick) -> None:
    tick("the file", 0, 1)
    pragma = "quick_check" if scope.is_quick else "integrity_check"
    for (line,) in connection.execute(f"PRAGMA {pragma}(100)"):
        if line != "ok":
            report.tell("file", None, line)
    for table in TABLES:
        report.counts[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- a table of ours
    tick("the file", 1, 1)


def _references(connection: sqlite3.Connection, _scope: Scope, report: Report, _tick: Tick) -> None:
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        report.tell(table, row_id, f"refers to a row of {parent} that is not there")
    for table, row_id, what in connection.execute(_REFERENCES):
        report.tell(table, row_id, what)


_REFERENCES = """
SELECT 'articles', id, 'has no version' FROM articles WHERE version_id IS NULL
UNION ALL
SELECT 'articles', a.id, 'shows a version of another article' FROM articles a
JOIN versions v ON v.id = a.version_id WHERE v.article_id <> a.id
UNION ALL
SELECT 'snapshots', s.id, 'leans on one that leans on another' FROM snapshots s
JOIN snapshots b ON b.id = s.base_id WHERE b.base_id IS NOT NULL
UNION ALL
SELECT 'signatures', s.article_id, 'is of a version that the article never had' FROM signatures s
LEFT JOIN versions v ON v.id = s.version_id WHERE v.article_id IS NOT s.article_id
UNION ALL
SELECT 'bands', b.article_id, 'are of an article that has no signature' FROM bands b
LEFT JOIN signatures s ON s.article_id = b.article_id WHERE s.signature IS NULL GROUP BY b.article_id
UNION ALL
SELECT 'signatures', s.article_id, 'is not found by its first band' FROM signatures s
WHERE s.signature IS NOT NULL AND NOT EXISTS
  (SELECT 1 FROM bands b WHERE b.key = substr(s.signature, 1, 8) AND b.article_id = s.article_id)
UNION ALL
SELECT 'duplicates', min(article_id), 'is alone in its group' FROM duplicates GROUP BY group_id HAVING count(*) = 1
UNION ALL
SELECT 'captures', c.id, 'has another page than it names' FROM captures c
JOIN snapshots s ON s.id = c.snapshot_id WHERE s.sha256 <> c.body_sha256
"""


# --- hashes -----------------------------------------------------------------------------------------------------------


def _dictionaries(connection: sqlite3.Connection, _scope: Scope, report: Report, _tick: Tick) -> None:
    for (dictionary_id,) in connection.execute("SELECT id FROM dictionaries").fetchall():
        try:
            snapshots.dictionary(connection, dictionary_id)
        except ArchiveDamaged as error:
            report.tell("dictionaries", dictionary_id, error.reason)


def _pages(connection: sqlite3.Connection, scope: Scope, report: Report, tick: Tick) -> None:
    if scope.is_quick:
        return
    total = report.counts.get("snapshots", 0)
    chosen = _sampled(connection, scope.sample) if scope.sample is not None else None
    total = total if chosen is None else len(chosen)
    for row in _page_rows(connection, chosen):
        try:
            _check_page(connection, row)
        except ArchiveError as error:
            report.tell("snapshots", row[0], error.reason)
        report.pages_checked += 1
        if report.pages_checked % 100 == 0:
            tick("pages", report.pages_checked, total)


def _check_page(connection: sqlite3.Connection, row: Any) -> None:  # noqa: ANN401 -- a row as sqlite3 gives it
    snapshot_id, crc32, *columns = row
    snapshots.unpacked(connection, snapshot_id, tuple(columns))
    if crc32 is not None and zlib.crc32(columns[2]) != crc32:
        raise ArchiveDamaged(f"snapshot {snapshot_id} comes out right, but is not stored as it was written")


def _page_rows(connection: sqlite3.Connection, chosen: list[int] | None) -> Iterator[Any]:
    """Yield rows of snapshots; a cell that cannot be read ends a scan, so that each row has a question of its own."""
    if chosen is None:
        chosen = [row[0] for row in connection.execute("SELECT id FROM snapshots NOT INDEXED ORDER BY id")]
    sql = f"SELECT id, crc32, {ROW_COLUMNS} FROM snapshots LEFT JOIN payloads ON snapshot_id = id WHERE id = ?"  # noqa: S608 -- a constant
    for snapshot_id in chosen:
        row = connection.execute(sql, (snapshot_id,)).fetchone()
        if row is not None:
            yield row


def _sampled(connection: sqlite3.Connection, size: int) -> list[int]:
    ids = [row[0] for row in connection.execute("SELECT id FROM snapshots")]
    return sorted(random.SystemRandom().sample(ids, min(size, len(ids))))


def _rows(connection: sqlite3.Connection, scope: Scope, report: Report, tick: Tick) -> None:
    """Check the hashes of rows, and the chain of roots."""
    last = roots.last_root(connection)
    report.root = last.hex() if last else None
    mark = "SELECT coalesce((SELECT value FROM marks WHERE name = 'sealed version'), 0)"
    unscrubbed = "SELECT 1 FROM marks WHERE name = 'to be scrubbed'"
    report.is_scrubbed = connection.execute(unscrubbed).fetchone() is None
    report.unsealed = connection.execute(f"SELECT count(*) FROM versions WHERE id > ({mark})").fetchone()[0]  # noqa: S608 -- a constant
    roots.check_chain(connection, report.tell, scope.against)
    if not scope.is_quick or scope.against is not None:
        total, done = connection.execute("SELECT count(*) FROM seals WHERE row_id > 0").fetchone()[0], 0

        def one_more() -> None:
            nonlocal done
            done += 1
            if done % 500 == 0:
                tick("rows", done, total)

        roots.check_rows(connection, report.tell, one_more)


# --- the search index -------------------------------------------------------------------------------------------------


def _search(connection: sqlite3.Connection, _scope: Scope, report: Report, tick: Tick) -> None:
    """Ask the index for words that are known to be there, đ among them, as written and folded."""
    tick("search", 0, 1)
    for article_id, what in connection.execute(_INDEXED):
        report.tell("search_index", article_id, what)
    for article_id, title, body in connection.execute(_WITH_D, {"limit": CANARIES}).fetchall():
        word = _word_with_d(f"{title or ''} {body}")
        for spelling in {word, fold(word)} if word else ():
            hit = connection.execute(_HIT, {"word": f'"{spelling}"', "id": article_id}).fetchone()
            if hit is None:
                report.tell("search_index", article_id, f"does not find {spelling!r}, which the article has")
    tick("search", 1, 1)


def _word_with_d(text: str) -> str | None:
    """Return a word of letters alone that has đ; None where there is none."""
    return next((word for word in text.split() if word.isalpha() and "đ" in word.lower()), None)


_INDEXED = """
SELECT a.id, 'the article is not in the index' FROM articles a
WHERE a.id NOT IN (SELECT id FROM search_index_docsize)
UNION ALL
SELECT d.id, 'the index has an article that is gone' FROM search_index_docsize d
WHERE d.id NOT IN (SELECT id FROM articles)
"""
_WITH_D = """
SELECT a.id, v.title, v.body FROM articles a JOIN versions v ON v.id = a.version_id
WHERE v.title LIKE '%đ%' OR v.body LIKE '%đ%' ORDER BY a.id DESC LIMIT :limit
"""
_HIT = "SELECT 1 FROM search_index WHERE search_index MATCH :word AND rowid = :id"
