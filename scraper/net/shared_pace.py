"""When any process of this user last asked a host, and which one asks it now: a fetch beside a crawl waits too.

One file of a fixed form has a place for each host, found by a hash of its name; the few that share a place share a
pace. It holds times alone, and no names. A place is locked while its host is asked; the lock ends with its process.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

try:
    import fcntl
except ImportError:  # native Windows: each process keeps the pace for itself
    fcntl = None  # type: ignore[assignment]

PLACES = 65_536
MAX_REST_SECONDS = 3600.0
"""A rest that would end later was written before the machine was started anew, and its clock with it."""

_TIMES = struct.Struct("<3d")


@dataclass(frozen=True, slots=True)
class Times:
    """What was seen of a host; times by the monotonic clock, which all processes share."""

    started_at: float  # of the last request
    answer_seconds: float
    held_until: float  # the server asked for rest


class SharedPace:
    """The places of all hosts, in a file that the processes of one user share; of no effect where it cannot be had."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = None
        if fcntl is not None:
            with suppress(OSError):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self) -> None:
        """Give back all places."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def take(self, host: str) -> bool:
        """Take a host's place; tell whether it was free."""
        if self._file is None:
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, _TIMES.size, _offset(host))
        except (BlockingIOError, PermissionError):  # which of them is the system's choice
            return False
        except OSError:  # a file system without locks
            self.close()
        return True

    def times(self, host: str, now: float) -> Times | None:
        """Return what was last seen of a host whose place is taken; None for nothing, or nothing of this clock."""
        told = b""
        with suppress(OSError):
            told = os.pread(self._file, _TIMES.size, _offset(host)) if self._file is not None else b""
        times = Times(*_TIMES.unpack(told)) if len(told) == _TIMES.size else None
        return times if times is not None and _can_be(times, now) else None

    def give_back(self, host: str, seen: Times | None) -> None:
        """Give back a host's place, with what was seen; None: nothing new."""
        if self._file is None:
            return
        with suppress(OSError):  # a full disk: the others keep to the delay from what they know
            if seen is not None:
                os.pwrite(self._file, _TIMES.pack(seen.started_at, seen.answer_seconds, seen.held_until), _offset(host))
        with suppress(OSError):
            fcntl.lockf(self._file, fcntl.LOCK_UN, _TIMES.size, _offset(host))


def _can_be(times: Times, now: float) -> bool:
    is_begun = 0 < times.started_at <= now
    return is_begun and 0 <= times.answer_seconds <= MAX_REST_SECONDS and times.held_until <= now + MAX_REST_SECONDS


def _offset(host: str) -> int:
    return int.from_bytes(blake2b(host.encode(), digest_size=8).digest()) % PLACES * _TIMES.size
