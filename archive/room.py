"""May an archive grow on: how much it has of what it may have, and of what the disk has left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import DiskFull
from archive.ground import free_bytes

GB = 1000**3
LEAST_FREE_BYTES = 200_000_000  # of the disk: a crawl pauses while there is still room to finish and to tidy up
WARNED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Room:
    """What an archive takes, and what it may take. Sizes in bytes."""

    used: int
    free: int  # on the disk
    most: int | None = None  # None: as much as the disk has
    least_free: int = LEAST_FREE_BYTES

    def objection(self) -> str | None:
        """Return why nothing more may be kept, None where it may."""
        if self.most is not None and self.used >= self.most:
            return (
                f"has {gb(self.used)} of the {gb(self.most)} that max_archive_gb allows; raise it, or begin another "
                "archive: docs/operations.md"
            )
        if self.free < self.least_free:
            return f"its disk has {gb(self.free)} left; make room there (at least {gb(self.least_free)})"
        return None

    def warning(self) -> str | None:
        """Return what to know before the room is used up, None while there is enough."""
        if self.most is None or self.used < WARNED_SHARE * self.most:
            return None
        return f"has {gb(self.used)} of the {gb(self.most)} that max_archive_gb allows; there the crawl pauses"


def gb(count: int) -> str:
    """Write bytes in GB, as the limit is written."""
    return f"{count / GB:,.3g} GB"


def used_bytes(path: Path) -> int:
    """Return the bytes of an archive and of its log; 0 where there is none."""
    return path.stat().st_size + log_bytes(path) if path.exists() else 0


def log_bytes(path: Path) -> int:
    """Return the bytes of the write-ahead log beside an archive; 0 where there is none."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size
    except FileNotFoundError:  # the last to close the archive folds it and takes it away
        return 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the room of one archive."""

    path: Path
    most: int | None = None
    free: Callable[[Path], int] = free_bytes

    def look(self) -> Room:
        """Return how much room there is now."""
        return Room(used_bytes(self.path), self.free(self.path), self.most)

    def require(self) -> None:
        """Raise DiskFull where nothing more may be kept; an archive that is not there yet may be made."""
        if not self.path.parent.is_dir():
            return
        if objection := self.look().objection():
            raise DiskFull(objection, path=self.path)
