"""The processor time that a command takes with all that it starts, those among it for which nobody waits.

luubao forks its readers from a process that ends after it: an orphan then, which is adopted here and waited for.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ADOPTS_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)


@dataclass(frozen=True, slots=True)
class Took:
    """What a command took, in seconds."""

    processor: float
    clock: float


def run(
    command: Sequence[object],
    *,
    check: bool,
    **options: Any,  # noqa: ANN401 -- those of subprocess.run
) -> tuple[subprocess.CompletedProcess[str], Took]:
    """Run a command; return how it ended and what it took."""
    ctypes.CDLL(None).prctl(ADOPTS_ORPHANS, 1)
    known, before, began = set(children(os.getpid())), os.times(), time.perf_counter()
    done = subprocess.run([str(word) for word in command], check=check, **options)
    clock = time.perf_counter() - began
    while orphans := set(children(os.getpid())) - known:
        for orphan in orphans:
            os.waitpid(orphan, 0)
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return done, Took(processor, clock)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started or adopted, and not waited for."""
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def descendants(pid: int) -> Iterator[int]:
    """Yield them, those that they started, and so on."""
    for child in children(pid):
        yield child
        yield from descendants(child)
