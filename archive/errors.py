"""What can go wrong with an archive.

    ArchiveError
    ├── ArchiveMissing         there is no such file
    ├── NotAnArchive           a directory, another program's file, or a header that is damaged
    ├── NewerArchive           made by a later luubao
    ├── MigrationNeeded        made by an earlier luubao, and to be upgraded first
    ├── ArchiveLocked          another process works in it
    ├── ArchiveReadOnly        the file or its folder may not be written
    ├── ArchiveDamaged         bytes of the file are not what was written
    ├── DiskError              the disk does not read or write
    │   └── DiskFull           it has no room
    ├── QueryError             a search or a question that cannot be understood
    │   └── QueryStopped       a question that took longer, or gave more, than it may
    ├── ExchangeError          a file to import cannot be read, or one to export not be written
    │   └── BadRecord          a record in it that is none of ours, or damaged
    └── NotKept                no such article, snapshot or run

Each message names the file, what was wrong and what to do; the facts stand in attributes.
"""

from __future__ import annotations

from pathlib import Path


class ArchiveError(Exception):
    """Base of all that can go wrong with an archive; `path` is the file, None where no file is meant."""

    def __init__(self, reason: str, *, path: Path | None = None) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.reason = reason
        self.path = path


class ArchiveMissing(ArchiveError):
    """There is no such file."""


class NotAnArchive(ArchiveError):
    """The path names something that is no archive of luubao."""


class NewerArchive(ArchiveError):
    """The file has a schema that this luubao does not know yet."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        super().__init__(f"has schema {found}, this luubao knows up to {known}; upgrade luubao to open it", path=path)
        self.found = found
        self.known = known


class MigrationNeeded(ArchiveError):
    """The file has an older schema."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        reason = f"has schema {found} and needs {known}; run luubao migrate"
        super().__init__(reason, path=path)
        self.found = found
        self.known = known


class ArchiveLocked(ArchiveError):
    """Another process works in the archive; `pid` and `command` tell which, None where that is not known."""

    def __init__(self, path: Path, *, pid: int | None = None, command: str | None = None) -> None:
        who = f"`{command}` (process {pid})" if pid else "another process"
        super().__init__(f"in use by {who}; wait until it ends, or stop it", path=path)
        self.pid = pid
        self.command = command


class ArchiveReadOnly(ArchiveError):
    """The file or its folder may not be written."""


class ArchiveDamaged(ArchiveError):
    """Bytes of the file are not what was written."""


class DiskError(ArchiveError):
    """The disk does not read or write."""


class DiskFull(DiskError):
    """The disk, or a limit on the size of files, leaves no room."""


class QueryError(ArchiveError):
    """A search or a question that cannot be understood."""


class QueryStopped(QueryError):
    """A question that took longer, or gave more, than it may."""


class ExchangeError(ArchiveError):
    """A file to import cannot be read, or one to export not be written."""


class BadRecord(ExchangeError):
    """A record that is none of ours, or damaged; `offset` as that of a record of WARC, None where it is not known."""

    def __init__(self, reason: str, *, path: Path | None = None, offset: int | None = None) -> None:
        super().__init__(reason, path=path)
        self.offset = offset


class NotKept(ArchiveError):
    """The archive holds nothing under this id or URL."""
