"""A crawl that is killed at any instant, and run again, ends with the archive of one that was not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands.newspaper import Newspaper, serve
from tests.crawl_scene import rows

ROOT = Path(__file__).parents[1]
ROUNDS = int(os.environ.get("LUUBAO_KILL_ROUNDS", "6"))

CRAWL = """
import sys
from pathlib import Path
from tests.crawl_scene import crawl_once
crawl_once(Path(sys.argv[1]), sys.argv[2])
"""

KEPT = """
SELECT urls.url, versions.number, versions.title, hex(versions.content_sha256), captures.snapshot_id IS NOT NULL
FROM urls JOIN articles ON articles.id = urls.article_id
JOIN versions ON versions.article_id = articles.id
JOIN captures ON captures.id = versions.capture_id
WHERE urls.met_as = 'fetched' ORDER BY urls.url, versions.number
"""


def start_crawl(path: Path, url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CRAWL, str(path), url], cwd=ROOT, stderr=subprocess.PIPE)


def crawl_to_the_end(path: Path, url: str) -> None:
    process = start_crawl(path, url)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()


def kill_in_mid_crawl(path: Path, url: str, *, after_seconds: float) -> None:
    process = start_crawl(path, url)
    time.sleep(after_seconds)
    process.kill()
    process.communicate()
    assert process.returncode in {0, -signal.SIGKILL}


@pytest.mark.faults
def test_f41_a_killed_crawl_run_again_ends_with_the_same_archive(tmp_path: Path) -> None:
    whole, torn = tmp_path / "whole.db", tmp_path / "torn.db"
    dice = random.Random(41)  # noqa: S311 -- instants, not secrets
    with serve(Newspaper()) as server:
        began = time.monotonic()
        crawl_to_the_end(whole, server.url("/"))
        took = time.monotonic() - began

        for _ in range(ROUNDS):
            kill_in_mid_crawl(torn, server.url("/"), after_seconds=dice.uniform(0.2, took))
        crawl_to_the_end(torn, server.url("/"))

    assert rows(torn, KEPT) == rows(whole, KEPT)
    assert all(has_snapshot for *_, has_snapshot in rows(torn, KEPT))
    assert rows(torn, "PRAGMA integrity_check") == [("ok",)]
