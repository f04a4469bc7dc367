"""What does the exit code of a command say: one enum, and one table from errors to codes."""

from __future__ import annotations

from enum import IntEnum
from typing import Self

from archive import errors as kept
from scraper import errors as fetched


class ExitCode(IntEnum):
    """The codes; each has its meaning beside it, in one sentence."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Make a code that knows its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    OK = 0, "All that was asked was done; a search without hits is one that was done."
    ERROR = 1, "It could not be done; the message says why."
    USAGE = 2, "The command was not understood: an unknown option, a bad date, an empty query, a URL that is none."
    PARTIAL = 3, "Some of it was done, and some URLs failed; what was done is kept."
    LOCKED = 4, "Another crawl is at work on this archive; the message names its process."
    BLOCKED = 5, "robots.txt forbids what was asked, or could not be had, which forbids it too."
    DAMAGED = 6, "The archive is damaged, or the file is no archive of luubao."
    DISK_LOW = 7, "The disk is full or nearly so; nothing was lost."
    STALE = 8, "A site has given nothing new for longer than was asked."
    MIGRATION_NEEDED = 9, "The archive is of another version of luubao; the message says which."
    INTERRUPTED = 130, "Stopped by Ctrl-C (SIGINT), after what was in hand had been kept."
    TERMINATED = 143, "Stopped by SIGTERM or SIGHUP, after what was in hand had been kept."


class UsageProblem(Exception):
    """What the user typed cannot be done; the message says what to type instead."""


CODES: dict[type[Exception], ExitCode] = {
    UsageProblem: ExitCode.USAGE,
    fetched.ScraperError: ExitCode.ERROR,
    fetched.BadUrl: ExitCode.USAGE,
    fetched.RobotsDenied: ExitCode.BLOCKED,
    fetched.RobotsUnreachable: ExitCode.BLOCKED,
    kept.ArchiveError: ExitCode.ERROR,
    kept.NotAnArchive: ExitCode.DAMAGED,
    kept.ArchiveDamaged: ExitCode.DAMAGED,
    kept.NewerArchive: ExitCode.MIGRATION_NEEDED,
    kept.MigrationNeeded: ExitCode.MIGRATION_NEEDED,
    kept.ArchiveLocked: ExitCode.LOCKED,
    kept.DiskFull: ExitCode.DISK_LOW,
    kept.QueryError: ExitCode.USAGE,
    kept.QueryStopped: ExitCode.ERROR,
}
"""Class of error -> code; a class that is missing has the code of its nearest base."""


def exit_code(error: Exception) -> ExitCode:
    """Return the code of an expected error: that of the nearest of its classes in the table."""
    return next((CODES[base] for base in type(error).__mro__ if base in CODES), ExitCode.ERROR)


def code_of_failures(codes: list[str], *, done: int) -> ExitCode:
    """Return the code of a run in which URLs failed, by the codes of their errors, and `done` others did not."""
    if not codes:
        return ExitCode.OK
    if done:
        return ExitCode.PARTIAL
    blocked = {fetched.RobotsDenied.code, fetched.RobotsUnreachable.code}
    return ExitCode.BLOCKED if set(codes) <= blocked else ExitCode.ERROR
