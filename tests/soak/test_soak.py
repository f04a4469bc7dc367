"""Twenty newspapers crawled for an hour while they edit, remove and fail: memory, files and log stay as they are.

LUUBAO_SOAK_SECONDS sets the length: 3,600 in `make soak`. LUUBAO_SOAK_DELAY is the pause at a host, in seconds.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import pytest

import scraper.errors
from commands.newspaper import Newspaper, Request, Response, Server, serve

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("LUUBAO_SOAK_SECONDS", "60"))
DELAY_SECONDS = float(os.environ.get("LUUBAO_SOAK_DELAY", "1"))
SITES = 20
BETWEEN_CHANGES_SECONDS = 5.0
FAILING_SHARE = 0.02  # of the requests for articles
WARM_SHARE = 1 / 3  # of the time: what is taken until then is no leak

MORE_MEMORY = 1.1 if SECONDS >= 600 else 1.3  # SQLite's cache and the keys remembered take minutes to fill
MORE_FILES = 4
MAX_LOG_MB = 100


class Trouble:
    """Answers some requests for articles with 500 or 429, as the dice fall."""

    def __init__(self) -> None:
        self._dice = random.Random(7)  # noqa: S311 -- any trouble will do
        self.count = 0

    def __call__(self, request: Request) -> Response | None:
        if not request.path.endswith(".html") or self._dice.random() > FAILING_SHARE:
            return None
        self.count += 1
        if self._dice.random() < 0.5:
            return Response(500, (("Content-Type", "text/html"),), b"<p>500")
        return Response(429, (("Content-Type", "text/html"), ("Retry-After", "1")), b"<p>429")


class Editors:
    """Edit, remove, restore and publish, until told to stop."""

    def __init__(self, servers: list[Server]) -> None:
        self._servers = servers
        self._dice = random.Random(8)  # noqa: S311 -- as above
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.changes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        removed: list[tuple[Newspaper, Any]] = []
        while not self._stop.wait(BETWEEN_CHANGES_SECONDS):
            paper = self._dice.choice(self._servers).newspaper
            slug = self._dice.choice(paper.articles).slug
            self.changes += 1
            match self._dice.randrange(4):
                case 0 if len(paper.articles) > 20:
                    removed.append((paper, paper.remove(slug)))
                case 1 if removed:
                    owner, story = removed.pop(0)
                    owner.restore(story)
                case 2 if self.changes < 500:
                    paper.publish(f"Tin thêm số {self.changes} của ngày hôm nay ở bến cá", "<p>" + "Cá về bến. " * 40)
                case _:
                    paper.edit(slug, title=f"Tựa đề được sửa lần thứ {self.changes} trong ngày")


def samples_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def known_codes() -> set[str]:
    kinds = [value for value in vars(scraper.errors).values() if isinstance(value, type)]
    return {kind.code for kind in kinds if issubclass(kind, scraper.errors.ScraperError)}


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def crawl_for_long(archive: Path, file: Path, servers: list[Server]) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, str(Path(__file__).with_name("long_crawl.py"))]
    arguments = [str(archive), str(file), str(SECONDS), str(DELAY_SECONDS), *(server.url("/") for server in servers)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([*script, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.soak
def test_f93_a_long_crawl_of_troubled_newspapers_takes_no_more_and_more(tmp_path: Path) -> None:
    archive, file = tmp_path / "archive.db", tmp_path / "samples.jsonl"
    trouble = Trouble()
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(Newspaper(), host=f"127.0.2.{n + 1}")) for n in range(SITES)]
        for server in servers:
            server.fault("*", trouble)
        with Editors(servers) as editors:
            ended = crawl_for_long(archive, file, servers)
        requests = sum(len(server.requests) for server in servers)

    assert ended.returncode == 0, ended.stderr
    samples = samples_of(file)
    warm, last = samples[int(len(samples) * WARM_SHARE) : -1], samples[-1]
    tell(samples, warm, requests, trouble.count, editors.changes)
    early, late = warm[: len(warm) // 4 + 1], warm[-(len(warm) // 4 + 1) :]
    assert middle(late, "resident_mb") <= middle(early, "resident_mb") * MORE_MEMORY
    assert middle(late, "open_files") <= middle(early, "open_files") + MORE_FILES
    assert max(s["log_mb"] for s in samples) < MAX_LOG_MB
    assert set(last["errors"]) <= known_codes() - {"error", "network", "bad_answer", "parse_failed", "parser_crash"}
    assert not re.search("Traceback|Warning", ended.stderr), ended.stderr
    assert rows(archive, "PRAGMA integrity_check") == [("ok",)]
    assert rows(archive, "SELECT count(*) FROM versions WHERE cause = 'edited'")[0][0] > 0
    assert trouble.count > 0


def middle(samples: list[dict[str, Any]], name: str) -> float:
    return float(statistics.median(sample[name] for sample in samples))


def tell(samples: list[dict[str, Any]], warm: list[dict[str, Any]], requests: int, troubles: int, changes: int) -> None:
    """Print the figures, for `pytest -s`."""
    last = samples[-1]
    tenths = [samples[len(samples) * n // 10] for n in range(10)] + [last]
    lines = [
        (
            f"{last['at'] - samples[0]['at']:.0f} s, {SITES} sites, {last['round']} crawls, {requests} requests, "
            f"{troubles} answered 500 or 429, {changes} changes by the editors"
        ),
        f"kept: {last['kept']}; errors: {last['errors']}",
    ]
    for name in ("resident_mb", "open_files", "log_mb"):
        shown = " ".join(f"{sample[name]:.1f}" for sample in tenths)
        lines.append(f"{name}, at each tenth: {shown}; most after the first third: {max(s[name] for s in warm):.1f}")
    print("", *lines, sep="\n")  # noqa: T201 -- as the docstring says
