"""Who works in the archive: one lock beside the file, with process and command inside. A killed holder frees it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from archive.errors import ArchiveLocked, ArchiveReadOnly


class RunLock:
    """Held by crawl, compact, reparse, merge, prune and migrate; fetch and import write beside it.

    The kernel holds it (flock), so it goes with the process that held it, however that ended; what the file says is for
    the message alone.
    """

    def __init__(self, archive: Path, command: str) -> None:
        self.path = archive.with_name(archive.name + ".lock")
        self._archive = archive
        self._command = command
        self._lock = FileLock(self.path, timeout=0, mode=0o600, is_singleton=False)

    def acquire(self) -> None:
        """Take the lock; raise ArchiveLocked, which names the holder, or ArchiveReadOnly."""
        try:
            self._lock.acquire()
        except Timeout as error:
            pid, command = self._holder()
            raise ArchiveLocked(self._archive, pid=pid, command=command) from error
        except OSError as error:
            reason = f"its lock {self.path.name} cannot be written: {error.strerror}"
            raise ArchiveReadOnly(reason, path=self._archive) from error
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        facts = {"pid": os.getpid(), "command": self._command, "started_at": started_at}
        with suppress(OSError):  # a full disk: the lock holds all the same
            self.path.write_text(json.dumps(facts) + "\n", encoding="utf-8")

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def _holder(self) -> tuple[int | None, str | None]:
        with suppress(OSError, ValueError, KeyError, TypeError):  # it may be writing this very moment
            facts = json.loads(self.path.read_text(encoding="utf-8"))
            return int(facts["pid"]), str(facts["command"])
        return None, None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def require_free(archive: Path, command: str) -> None:
    """Raise ArchiveLocked where a command holds the archive; a look before work whose result it would waste."""
    if os.path.exists(archive):  # noqa: PTH110 -- as in Archive.open
        with RunLock(archive.resolve(), command):
            pass
