"""How does a file stand, at a look: what a check-up asks of an archive, without holding up a crawl."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from archive.connect import check_schema, errors_of, set_time_limit


def quick_fault(path: Path, *, limit_seconds: float) -> str | None:
    """Return the first fault in the structure of the file, None where there is none.

    Raises QueryStopped where the look takes longer, and ArchiveError where the file cannot be read.
    """
    with errors_of(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        check_schema(connection, path)
        set_time_limit(connection, limit_seconds)
        told = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return None if told == "ok" else str(told)


def holder(path: Path) -> tuple[int, str] | None:
    """Return process and command that last took the archive's lock; None where none did. It may have ended since."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        facts = json.loads(path.with_name(f"{path.name}.lock").read_text(encoding="utf-8"))
        return int(facts["pid"]), str(facts["command"])
    return None
