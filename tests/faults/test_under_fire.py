"""Newspapers that answer each request with a fault drawn at random, crawled to the end by a process of its own.

LUUBAO_FAULT_REQUESTS is how many requests are sent at least: 10,000 in `make soak`, few here.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

import scraper.errors
from archive.verify import verify
from tests.crawl_scene import rows
from tests.servers.fire import Fire, paragraphs_of, title_of
from tests.servers.raw import Server

ROOT = Path(__file__).parents[2]
REQUESTS = int(os.environ.get("LUUBAO_FAULT_REQUESTS", "120"))
REQUESTS_EACH = 25
MAX_MB = 300
TOO_VAGUE = {"error", "refused", "network", "bad_answer"}
"""Codes of branches of the tree: that a failure has one of them says that nobody knew what it was."""


def known_codes() -> set[str]:
    kinds = [value for value in vars(scraper.errors).values() if isinstance(value, type)]
    return {kind.code for kind in kinds if issubclass(kind, scraper.errors.ScraperError)}


async def crawl_under_fire(archive: Path) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(Server({"*": (fire := Fire(f"bao{n}")), "/robots.txt": fire}, host))
            for n in range(max(REQUESTS // REQUESTS_EACH, 4))
            if (host := f"127.2.{n // 250}.{n % 250 + 1}")
        ]
        urls = "\n".join(f"{server.url}/" for server in servers)
        script = [str(Path(__file__).with_name("fire_crawl.py")), str(archive), str(REQUESTS)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *script, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate(urls.encode())
        assert (process.returncode, err.decode()) == (0, "")
        told: dict[str, Any] = json.loads(out)
        return told


@pytest.mark.faults
def test_whatever_its_servers_answer_a_crawl_ends_with_whole_articles_and_named_failures(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"

    told = asyncio.run(crawl_under_fire(archive))

    print(told)  # noqa: T201 -- for `pytest -s`
    assert told["requests"] >= REQUESTS
    assert set(told["ends"]) == {"nothing due"}
    assert told["peak_mb"] < MAX_MB
    assert told["verdicts"]["new"] > REQUESTS / 10
    check_kept(archive)
    assert verify(archive).faults == []


def check_kept(archive: Path) -> None:
    """Check that each article is the one its newspaper wrote, and each failure is one that has a name."""
    for url, title, body in rows(archive, "SELECT url, title, body FROM articles_view WHERE url LIKE '%/tin-%'"):
        number = int(str(url).rpartition("-")[2].removesuffix(".html"))
        name = re.findall("bao[0-9]+", str(title))[0]
        assert (title, str(body).split("\n\n")) == (title_of(name, number), paragraphs_of(name, number))
    assert rows(archive, "SELECT count(*) FROM versions WHERE number > 1 AND title LIKE 'Cầu số%'") == [(0,)]
    codes = {str(code) for (code,) in rows(archive, "SELECT DISTINCT code FROM failures")}
    assert codes <= known_codes() - TOO_VAGUE
    unread = "SELECT url FROM failures WHERE code = 'parse_failed' AND url NOT LIKE '%.xml'"
    assert rows(archive, unread) == []  # what is named as a sitemap may be none; any other page is read
