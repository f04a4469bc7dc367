"""How the file is opened: what it must be, with which settings, and what SQLite's errors mean."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from archive.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveMissing,
    ArchiveReadOnly,
    DiskError,
    DiskFull,
    MigrationNeeded,
    NewerArchive,
    NotAnArchive,
    QueryError,
    QueryStopped,
)
from archive.mounts import is_networked

APPLICATION_ID = 0x4C555542  # "LUUB"
SCHEMA_VERSION = 7  # PRAGMA user_version; archive/migrations.py makes it
BUSY_SECONDS = 10.0
HEADER_BYTES = 100
MAX_VALUE_BYTES = 20_000_000
MAX_SQL_BYTES = 100_000
OPCODES_A_LOOK = 20_000  # of SQLite's machine between two looks at the clock


# --- opening ----------------------------------------------------------------------------------------------------------


def open_reader(
    path: Path, *, limit_seconds: float | None = None, is_shared: bool = False, busy_seconds: float = BUSY_SECONDS
) -> sqlite3.Connection:
    """Open an archive for reading alone: nothing asked through it can write, attach or run on for ever.

    `limit_seconds` ends each question that takes longer (QueryStopped); None lets it run. `is_shared` lets other
    threads use and close it, one at a time. `busy_seconds` it waits for another process. Raises ArchiveError.
    """
    path = _existing(path)
    _check_unless_open(path)
    with errors_of(path):
        try:
            connection = _connect_reader(path, "mode=ro", is_shared=is_shared, busy_seconds=busy_seconds)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _UNWRITABLE or _has_log(path):
                raise
            connection = _connect_reader(path, "mode=ro&immutable=1", is_shared=is_shared, busy_seconds=busy_seconds)
    if limit_seconds is not None:
        set_time_limit(connection, limit_seconds)
    return connection


# SQLite makes a log beside a file in WAL mode even to read it, which a folder that may not be written forbids. Where no
# log is left over, the file is whole by itself, and may be read as one that nobody changes.
_UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_DIRECTORY})


def _connect_reader(path: Path, options: str, **settings: Any) -> sqlite3.Connection:  # noqa: ANN401 -- handed on
    connection = _connect(path, options, **settings)
    try:
        check_schema(connection, path)
        for pragma in ("query_only = ON", "trusted_schema = OFF", "mmap_size = 268435456"):
            connection.execute(f"PRAGMA {pragma}")
        confine(connection)
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _has_log(path: Path) -> bool:
    """Tell whether a write-ahead log with something in it stands beside the file."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


@contextmanager
def reading(path: Path, *, limit_seconds: float | None = None) -> Iterator[sqlite3.Connection]:
    """Open as `open_reader` and close afterwards; what SQLite raises in between comes out as ArchiveError."""
    connection = open_reader(path, limit_seconds=limit_seconds)
    try:
        with errors_of(path):
            yield connection
    finally:
        connection.close()


def open_writer(path: Path) -> sqlite3.Connection:
    """Open an existing archive for writing; the schema may be older. Raises ArchiveError."""
    path = _existing(path)
    _check_unless_open(path)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise ArchiveReadOnly("may not be written; mind the rights of the file and of its folder", path=path)
    with errors_of(path):
        connection = _connect(path, "mode=rw")
        try:
            check_identity(connection, path)
            prepare_writer(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def prepare_writer(connection: sqlite3.Connection, path: Path) -> None:
    """Give a connection the settings that every writer has.

    A write-ahead log needs memory that all its processes share, which the disk of another machine does not give.
    `trusted_schema` stays on: with it off, SQLite before 3.41 refuses the triggers that keep the full-text index.
    """
    for pragma in (
        f"journal_mode = {'DELETE' if is_networked(path) else 'WAL'}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "journal_size_limit = 67108864",
        "cache_size = -16384",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _existing(path: Path) -> Path:
    """Return the file behind the path; raise ArchiveMissing where there is none."""
    try:
        return path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveMissing("there is no archive; `luubao fetch` or `luubao crawl` makes one", path=path) from error
    except PermissionError as error:
        raise ArchiveReadOnly("its folder may not be read", path=path) from error
    except RuntimeError as error:  # what Python before 3.13 says of a circle
        raise NotAnArchive("is a symbolic link that leads back to itself", path=path) from error
    except OSError as error:  # a circle of symbolic links, a name too long
        raise NotAnArchive(f"cannot be opened: {error.strerror}", path=path) from error


# --- what this process has open ---------------------------------------------------------------------------------------


class _Connection(sqlite3.Connection):
    """A connection that is remembered until it is closed."""

    def close(self) -> None:
        super().close()
        _open.pop(self, None)


_open: WeakKeyDictionary[_Connection, tuple[int, int]] = WeakKeyDictionary()  # device and inode of the file of each


def _connect(
    path: Path, options: str, *, is_shared: bool = False, busy_seconds: float = BUSY_SECONDS
) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{options}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        factory=_Connection,
        check_same_thread=not is_shared,
    )
    _open[connection] = _inode(path)
    return connection


def _inode(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_dev, facts.st_ino


def _check_unless_open(path: Path) -> None:
    """Check the file, unless this process has it open, and so has checked it.

    Closing a file drops every lock that the process has on it (POSIX, fcntl), SQLite's too: another process would then
    take itself for the last one, and remove the log in which this one still writes.
    """
    if not path.is_file() or _inode(path) not in set(_open.values()):
        check_file(path)


# --- what the file must be --------------------------------------------------------------------------------------------


def check_file(path: Path) -> None:
    """Read the header; raise NotAnArchive, ArchiveDamaged or ArchiveReadOnly where it is no archive's."""
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise NotAnArchive(f"is {what}; name a file, such as archive.db", path=path)
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except PermissionError as error:
        raise ArchiveReadOnly("may not be read; mind the rights of the file", path=path) from error
    if not header:
        raise NotAnArchive("is empty; restore a backup, or remove it to begin anew", path=path)
    if len(header) < HEADER_BYTES or not header.startswith(b"SQLite format 3\0"):
        raise NotAnArchive("is no SQLite file, or its first bytes are damaged; is it the right file?", path=path)
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise NotAnArchive("is the database of another program; name another file", path=path)
    _check_length(path, header)


def _check_length(path: Path, header: bytes) -> None:
    """Raise ArchiveDamaged where the file is shorter than its header says (SQLite file format, 1.3.7).

    With a write-ahead log beside it the pages may stand there.
    """
    if header[24:28] != header[92:96] or _has_log(path):
        return
    page_bytes = int.from_bytes(header[16:18])
    expected = int.from_bytes(header[28:32]) * (65536 if page_bytes == 1 else page_bytes)
    found = path.stat().st_size
    if found < expected:
        raise ArchiveDamaged(f"is cut short: {found:,} of {expected:,} bytes; restore a backup", path=path)


def check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema's version; raise NotAnArchive or NewerArchive where the file is not for us."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise NotAnArchive("is the database of another program; name another file", path=path)
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > SCHEMA_VERSION:
        raise NewerArchive(path, found=found, known=SCHEMA_VERSION)
    return found


def check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Raise as `check_identity`, and MigrationNeeded where the schema is older."""
    found = check_identity(connection, path)
    if found < SCHEMA_VERSION:
        raise MigrationNeeded(path, found=found, known=SCHEMA_VERSION)


# --- a reader that can do no harm -------------------------------------------------------------------------------------

_PRAGMAS = frozenset(
    {
        "data_version",
        "database_list",
        "foreign_key_list",
        "index_info",
        "index_list",
        "schema_version",
        "table_info",
        "table_list",
        "table_xinfo",
        "user_version",
    }
)
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
# printf('%.*c', 2000000000, 'x') works for ten seconds in which no progress handler is asked.
_FUNCTIONS_DENIED = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "printf", "format"})


def confine(connection: sqlite3.Connection) -> None:
    """Let a connection read and nothing else; mode=ro alone lets ATTACH and VACUUM INTO create files."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_SQL_BYTES)
    connection.set_authorizer(_authorize)


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Answer SQLite's question whether a statement may do this."""
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FUNCTIONS_DENIED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return sqlite3.SQLITE_OK  # FTS5 declares its columns by it; as a statement SQLite refuses it by itself
    return sqlite3.SQLITE_DENY


def set_time_limit(connection: sqlite3.Connection, seconds: float) -> None:
    """End what is asked through the connection `seconds` from now; to be set anew before each question."""
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > ends, OPCODES_A_LOOK)


# --- transactions -----------------------------------------------------------------------------------------------------


class Transaction:
    """All that happens inside is kept, or none of it. Begins with BEGIN IMMEDIATE, so that it waits for its turn.

    A plain BEGIN that reads first and then writes fails at once when another writes, whatever the busy timeout.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # an error inside, or a COMMIT that found the disk full
                self._connection.execute("ROLLBACK")


# --- SQLite's errors in our words -------------------------------------------------------------------------------------


@contextmanager
def errors_of(path: Path) -> Iterator[None]:
    """Raise what SQLite raises inside as ArchiveError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            raise
        raise _full(path) from error


def _translated(error: sqlite3.Error, path: Path) -> ArchiveError:
    """Return what an error of SQLite means for the user (its primary result code is the low byte)."""
    code = getattr(error, "sqlite_errorcode", None) or _CODES_OF_PYTHON.get(type(error), 0)
    if code == sqlite3.SQLITE_AUTH:
        return QueryError(f"{error}; only reading is allowed: SELECT", path=path)
    make: Callable[[Path], ArchiveError] | None = _MEANINGS.get(code & 0xFF)
    if make is not None:
        return make(path)
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return (
            _full(path)
            if _is_size_limited()
            else DiskError(f"the disk fails: {error}; nothing kept is lost", path=path)
        )
    return ArchiveError(f"SQLite says: {error}", path=path)


def _is_size_limited() -> bool:
    """Tell whether this process may write files of some size only (ulimit -f): SQLite calls that an I/O error."""
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def _full(path: Path) -> DiskFull:
    return DiskFull(
        "no room left on the disk, or under its quota; free some and run again, nothing kept is lost", path=path
    )


_CODES_OF_PYTHON: dict[type[sqlite3.Error], int] = {
    sqlite3.DataError: sqlite3.SQLITE_TOOBIG
}  # raised before SQLite is asked

_MEANINGS: dict[int, Callable[[Path], ArchiveError]] = {
    sqlite3.SQLITE_FULL: _full,
    sqlite3.SQLITE_BUSY: ArchiveLocked,
    sqlite3.SQLITE_LOCKED: ArchiveLocked,
    sqlite3.SQLITE_READONLY: lambda path: ArchiveReadOnly("may not be written; mind its rights", path=path),
    sqlite3.SQLITE_PERM: lambda path: ArchiveReadOnly("may not be opened; mind its rights", path=path),
    sqlite3.SQLITE_CANTOPEN: lambda path: ArchiveReadOnly(
        "cannot be opened: its folder may not be written, which a log left by another process needs", path=path
    ),
    sqlite3.SQLITE_CORRUPT: lambda path: ArchiveDamaged("is damaged; restore a backup, and keep this file", path=path),
    sqlite3.SQLITE_NOTADB: lambda path: NotAnArchive("is no SQLite file, or damaged at its beginning", path=path),
    sqlite3.SQLITE_INTERRUPT: lambda path: QueryStopped("the question took too long; ask for less", path=path),
    sqlite3.SQLITE_TOOBIG: lambda path: QueryError("a value or the question itself is too long", path=path),
}
