"""Crawls the same newspapers over and over in one process, as cron would, and writes down what it holds meanwhile.

    python tests/soak/long_crawl.py ARCHIVE SAMPLES SECONDS DELAY URL...

Between two crawls the clock goes on by six hours, so that articles are due again. SAMPLES gets one JSON object a line.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands.crawl_options import CrawlOptions
from commands.joining import run_crawl

BETWEEN_CRAWLS = timedelta(hours=6)
BETWEEN_SAMPLES_SECONDS = 2.0


def sample(archive: Path) -> dict[str, float]:
    """Return resident memory in MB, open files, and the size of the write-ahead log in MB."""
    resident_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    log = archive.with_name(archive.name + "-wal")
    return {
        "resident_mb": resident_pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        "open_files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 -- one directory entry less is one file less open
        "log_mb": log.stat().st_size / 1e6 if log.exists() else 0.0,
    }


class Samples:
    """Takes a sample now and then on a thread of its own."""

    def __init__(self, archive: Path, file: Path) -> None:
        self._archive = archive
        self._file = file
        self.facts: dict[str, object] = {"round": 0}

    def write(self, **more: object) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"at": time.monotonic(), **self.facts, **sample(self._archive), **more}) + "\n")

    def go_on(self) -> None:
        while True:
            self.write()
            time.sleep(BETWEEN_SAMPLES_SECONDS)


def ahead_by(time_ahead: timedelta) -> Callable[[], datetime]:
    """Return a clock that is so much ahead of the computer's."""
    return lambda: datetime.now(UTC) + time_ahead


def main() -> None:
    archive, file, seconds, delay, *targets = sys.argv[1:]
    samples = Samples(Path(archive), Path(file))
    ends = time.monotonic() + float(seconds)
    errors: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    ahead = timedelta()
    threading.Thread(target=samples.go_on, daemon=True).start()
    while time.monotonic() < ends:
        left = max(ends - time.monotonic(), 1.0)
        options = CrawlOptions(max_seconds=left, delay_seconds=float(delay), allow_private=True)
        tally = run_crawl(Path(archive), targets, options=options, clock=ahead_by(ahead))
        errors.update(tally.errors)
        verdicts.update(str(verdict) for verdict in tally.verdicts.elements())
        ahead += BETWEEN_CRAWLS
        samples.facts = {"round": int(str(samples.facts["round"])) + 1, "errors": dict(errors), "kept": dict(verdicts)}
    samples.write(is_last=True)


if __name__ == "__main__":
    main()
