"""A crawl that is killed at any instant, and run again, ends with the archive of one that was not: the real command.

LUUBAO_KILL_ROUNDS sets how many are killed at work, each with a new archive: 100 and more in `make soak`, few here.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from commands.newspaper import Newspaper, Server, serve
from tests.crawl_scene import rows

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("LUUBAO_KILL_ROUNDS", "1"))
STARTED_SECONDS = 0.3  # before that Python still loads
IN_HAND = 16 + 1  # pages fetched and not yet kept, and the one on its way: Limits.pages_in_hand

KEPT = """
SELECT urls.url, versions.number, versions.title, hex(versions.content_sha256), captures.snapshot_id IS NOT NULL
FROM urls JOIN articles ON articles.id = urls.article_id
JOIN versions ON versions.article_id = articles.id
JOIN captures ON captures.id = versions.capture_id
WHERE urls.met_as = 'fetched' ORDER BY urls.url, versions.number
"""
WITHOUT_SNAPSHOT = """
SELECT articles.url FROM articles LEFT JOIN versions ON versions.id = articles.version_id
LEFT JOIN captures ON captures.id = versions.capture_id
LEFT JOIN snapshots ON snapshots.id = captures.snapshot_id WHERE snapshots.id IS NULL
"""


def start_crawl(path: Path, url: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "cli",
        "crawl",
        url,
        "--delay",
        "0",
        "--allow-private",
        "-q",
        "--archive",
        str(path),
    ]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)


def crawl_to_the_end(path: Path, url: str) -> None:
    process = start_crawl(path, url)
    _, errors = process.communicate(timeout=120)
    assert process.returncode in {0, 3}, errors.decode()  # 3: a page of the newspaper is gone


def kill_in_mid_crawl(path: Path, url: str, *, after_seconds: float) -> bool:
    """Start a crawl and kill it; return whether it was still at work."""
    process = start_crawl(path, url)
    time.sleep(after_seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def asked_again(server: Server) -> int:
    """Return how many articles were asked for twice; none may be asked for a third time."""
    asked = Counter(request.target for request in server.requests if request.path.endswith(".html"))
    assert max(asked.values()) <= 2
    return sum(count == 2 for count in asked.values())


@pytest.mark.faults
def test_f41_a_killed_crawl_run_again_ends_with_the_same_archive(tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    dice = random.Random(41)  # noqa: S311 -- instants, not secrets
    killed = 0
    kept_before: list[int] = []
    repeated: list[int] = []
    with serve(Newspaper()) as server:
        began = time.monotonic()
        crawl_to_the_end(whole, server.url("/"))
        took = time.monotonic() - began
        expected = rows(whole, KEPT)

        while killed < ROUNDS:
            torn = tmp_path / f"torn-{len(repeated)}.db"
            server.forget_requests()
            is_hit = kill_in_mid_crawl(torn, server.url("/"), after_seconds=dice.uniform(STARTED_SECONDS, took))
            killed += is_hit
            took = took if is_hit else max(took * 0.9, 2 * STARTED_SECONDS)  # the machine is faster than it was
            kept_before.append(len(rows(torn, KEPT)) if torn.exists() else 0)
            crawl_to_the_end(torn, server.url("/"))
            repeated.append(asked_again(server))

            assert rows(torn, KEPT) == expected
            assert rows(torn, WITHOUT_SNAPSHOT) == []
            assert rows(torn, "PRAGMA integrity_check") == [("ok",)]
            torn.unlink()

    assert max(repeated) <= IN_HAND
    print(  # noqa: T201 -- the figures, with pytest -s
        f"{len(repeated)} rounds, {killed} killed at work with {min(kept_before)} to {max(kept_before)} "
        f"of {len(expected)} articles kept; {sum(repeated)} were asked for again, {max(repeated)} at most in a round"
    )
