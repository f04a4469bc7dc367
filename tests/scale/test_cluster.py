"""The same on a cluster of Ray, of two workers on this machine: `make test-scale`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pyarrow import dataset as arrow

from commands.newspaper import Newspaper, serve
from tests.archive.kit import rows as ask
from tests.scale.ccnews import pages, write_news

pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(find_spec("ray") is None, reason="no Ray here; make test-scale has it"),
]
PAGES = int(os.environ.get("LUUBAO_SCALE_PAGES", "96"))
FILES = 4
PAPERS = int(os.environ.get("LUUBAO_SCALE_PAPERS", "4"))
SHARDS = 4 if PAPERS > 4 else 2


def luubao(*args: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "cli", *map(str, args)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = arrow.dataset(folder / "articles", format="parquet").to_table().to_pylist()
    return sorted(rows, key=lambda row: (row["source"], row["source_offset"]))


def below(parent: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that they have."""
    with suppress(OSError):  # it has ended meanwhile
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            for pid in map(int, children.read_text().split()):
                yield pid
                yield from below(pid)


def command_of(pid: int) -> bytes:
    """Return the command line of a process; nothing where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def kill_one(run: subprocess.Popen[str], called: bytes) -> None:
    """Kill a process of a run by what stands in its command line, once there is one."""
    while True:
        assert run.poll() is None, run.communicate()[1]
        for pid in below(run.pid):
            if called in command_of(pid):
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    return
        time.sleep(0.05)


def test_rows_are_those_read_here_whatever_is_killed(tmp_path: Path) -> None:
    sources = [tmp_path / f"{number}.warc.gz" for number in range(FILES)]
    for number, source in enumerate(sources):
        write_news(source, PAGES // FILES, first=number * PAGES // FILES)
    here = luubao("extract", *sources, "-o", tmp_path / "here", "--json")
    assert json.loads(here.communicate()[0])["articles"] == PAGES
    there: list[str | Path] = [
        "extract",
        *sources,
        "-o",
        tmp_path / "there",
        "--runner",
        "ray",
        "--workers",
        "2",
        "--json",
    ]

    first = luubao(*there)
    kill_one(first, b"ray::run_here")
    kill_one(first, b"--only")
    while not list((tmp_path / "there/sources").glob("*.json")):
        time.sleep(0.05)
        assert first.poll() is None
    first.kill()
    first.communicate()
    second = luubao(*there)
    told = json.loads(second.communicate()[0])

    assert second.returncode == 0
    assert told["files"] + told["files_read_earlier"] == FILES
    assert told["files_read_earlier"] >= 1
    assert len(rows_of(tmp_path / "here")) == PAGES
    assert rows_of(tmp_path / "there") == rows_of(tmp_path / "here")


def test_sigterm_ends_a_run_with_its_own_code_and_all_that_it_started(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 48)

    run = luubao("extract", tmp_path / "a.warc.gz", "-o", tmp_path / "set", "--runner", "ray", "--workers", "1")
    while not (tasks := [pid for pid in below(run.pid) if b"--only" in command_of(pid)]):
        time.sleep(0.05)
        assert run.poll() is None
    run.terminate()
    _, told = run.communicate()

    assert (run.returncode, told) == (143, "luubao: stopped\n")
    assert not [pid for pid in tasks if b"--only" in command_of(pid)]


def test_an_address_where_no_cluster_is_is_told_in_one_line(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 1)

    run = luubao(
        "extract", tmp_path / "a.warc.gz", "-o", tmp_path / "set", "--runner", "ray", "--address", "127.0.0.1:1"
    )
    _, told = run.communicate()

    assert run.returncode == 1
    assert "127.0.0.1:1" in told
    assert told.count("\n") == 1


def test_shards_on_ray_have_every_article_once_though_one_is_killed(tmp_path: Path) -> None:
    manners = ("--delay", "0", "--allow-private", "--max-revisits", "0")
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(Newspaper(), f"127.9.1.{n}")) for n in range(1, PAPERS + 1)]
        alone = luubao("crawl", servers[0].url("/"), *manners, "-q", "--archive", tmp_path / "alone.db")
        alone.communicate()
        everything = ("--runner", "ray", "--shards", str(SHARDS), "--archive", tmp_path / "news.db")
        run = luubao("crawl", *(server.url("/") for server in servers), *manners, *everything)
        while not any(_articles(path) for path in tmp_path.glob("news-*.db")):
            time.sleep(0.1)
            assert run.poll() is None
        kill_one(run, b"--shard")
        out, told = run.communicate()

    archives = sorted(tmp_path.glob("news-*.db"))
    merged = luubao("merge", *archives, "--archive", tmp_path / "news.db")
    merged.communicate()

    expected = {row[0].split("/", 3)[3] for row in ask(tmp_path / "alone.db", "SELECT url FROM articles")}
    found = Counter(row[0].split("/", 2)[2] for row in ask(tmp_path / "news.db", "SELECT url FROM articles"))
    hosts = [server.base_url.split("/")[2] for server in servers]
    assert run.returncode in {0, 3}, told
    assert out.count("shard ") == SHARDS, told
    assert f"luubao merge {tmp_path}/news-*-of-{SHARDS}.db --archive {tmp_path}/news.db joins them" in told
    assert expected
    assert found == dict.fromkeys((f"{host}/{path}" for host in hosts for path in expected), 1)
    assert ask(tmp_path / "news.db", "SELECT max(number) FROM versions") == [(1,)]


def _articles(path: Path) -> int:
    with suppress(Exception):  # it is just being made
        return int(ask(path, "SELECT count(*) FROM articles")[0][0])
    return 0


def test_near_duplicates_are_grouped_over_the_whole_dataset(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 96)  # two newspapers with the same forty-eight stories

    run = luubao("extract", tmp_path / "a.warc.gz", "-o", tmp_path / "set", "--duplicates", "--json")
    groups = json.loads(run.communicate()[0])["groups_of_duplicates"]

    rows = arrow.dataset(tmp_path / "set/duplicates", format="parquet").to_table().to_pylist()
    paths = {url: url.split("/", 3)[3] for url, _, _ in pages(96)}
    members: dict[int, set[str]] = {}
    for row in rows:
        members.setdefault(row["group"], set()).add(paths[row["url"]])
    assert groups == len(members) > 40
    assert sum(len(each) == 1 for each in members.values()) >= groups - 3  # two stories of a day may share a text
