"""Newspapers in shards: each in one of them, whichever machine asks; archives joined, pages handed on in parts."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from commands.exits import ExitCode, UsageProblem
from commands.newspaper import Newspaper, serve
from commands.sharding import Runner, checked_shard, checked_shards, code_of
from scale.cluster import Ran, run_here
from scale.shards import Shard, command_of, shard_of, shards
from scraper.seeds import seed_of_url
from tests.archive.kit import open_archive, rows, url_of, visit_of
from tests.commands.conftest import run

PAPERS, ARTICLES = 4, 2


def test_each_newspaper_is_in_one_shard_with_all_its_addresses_and_always_the_same() -> None:
    addresses = [f"https://{host}bao{n}.com.vn/tin.html" for n in range(300) for host in ("", "www.", "m.")]
    places = {url: [shard.number for shard in shards(4) if shard.has(seed_of_url(url))] for url in addresses}

    assert {len(found) for found in places.values()} == {1}
    assert all(len({tuple(places[url]) for url in addresses[n : n + 3]}) == 1 for n in range(0, 900, 3))
    assert min(Counter(found[0] for found in places.values()).values()) > 150
    assert [found[0] for found in list(places.values())[:12:3]] == [3, 2, 4, 4]


def test_a_shard_is_written_k_of_n() -> None:
    assert shard_of("2/4") == Shard(2, 4)
    assert Shard(2, 4).path(Path("a/news.db")) == Path("a/news-2-of-4.db")
    assert Shard(2, 4).path(Path("pages.warc.gz")) == Path("pages-2-of-4.warc.gz")
    for wrong in ("0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/99999999", "²/4", ""):
        with pytest.raises(UsageProblem, match="write 2/4"):
            checked_shard(wrong)
    for runner, address, count, shard in (
        (Runner.NATIVE, None, 4, None), (Runner.NATIVE, "a:1", None, None),
        (Runner.RAY, None, None, None), (Runner.RAY, None, 4, "1/4"),
    ):  # fmt: skip
        with pytest.raises(UsageProblem, match="--shard"):
            checked_shards(runner, address, count, shard)


def test_the_command_of_a_shard_is_that_of_all_without_where_they_run() -> None:
    typed = ["crawl", "--runner", "ray", "--shards=4", "--delay", "5", "--archive", "x.db", "--address=h:1",
             "--log=l", "--error-file", "e", "--", "a.vn"]  # fmt: skip

    command = command_of(Shard(1, 4), typed, Path("/d/x.db"), files={"--error-file": Path("/d/failed.txt")})

    assert command == [
        "crawl", "--delay", "5", "--error-file", "/d/failed-1-of-4.txt", "--archive", "/d/x.db", "--shard", "1/4",
        "--json", "--", "a.vn",
    ]  # fmt: skip


def test_shards_end_together_as_one_crawl_would() -> None:
    assert code_of([0, 0]) is ExitCode.OK
    assert code_of([0, 3, 1]) is ExitCode.PARTIAL
    assert code_of([1, 4]) is ExitCode.ERROR
    assert code_of([0, 8, 3]) is ExitCode.STALE
    assert code_of([8, 1]) is ExitCode.ERROR


def test_shards_crawl_their_own_newspapers_and_are_merged(tmp_path: Path) -> None:
    with ExitStack() as stack:
        paper = Newspaper()
        servers = [stack.enter_context(serve(paper, f"127.9.0.{n}")) for n in range(1, PAPERS + 1)]
        urls = [server.url(article.path) for server in servers for article in paper.articles[:ARTICLES]]
        for shard in ("1/2", "2/2"):
            ended = run("crawl", *urls, "--shard", shard, "--depth", "0", "--delay", "0", "--allow-private", "-q",
                        "--archive", tmp_path / "news.db")  # fmt: skip
            assert ended.returncode == 0, ended.stderr

    archives = [tmp_path / f"news-{n}-of-2.db" for n in (1, 2)]
    merged = run("merge", *archives, "--archive", tmp_path / "news.db")

    kept = [{row[0] for row in rows(path, "SELECT url FROM articles")} for path in (*archives, tmp_path / "news.db")]
    hosts = [{url.split("/")[2] for url in shard} for shard in kept]
    assert merged.returncode == 0, merged.stderr
    assert hosts[0]
    assert hosts[1]
    assert not hosts[0] & hosts[1]
    assert kept[0] | kept[1] == kept[2] == set(urls)


def test_a_shard_without_a_newspaper_is_well_so(tmp_path: Path) -> None:
    codes = [run("crawl", "https://a.invalid/", "--shard", f"{n}/64", "--simulate", "-q",
                 "--archive", tmp_path / "news.db").returncode for n in (1, 2)]  # fmt: skip

    assert 0 in codes


def test_pages_leave_in_parts_that_are_the_whole(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db") as archive:
        for number in range(7):
            archive.keep(visit_of(url_of(number), f"{'từ ' * 50}{number}"))

    ended = run("export", "warc", "--shards", "3", "-o", tmp_path / "pages.warc.gz", "--archive", tmp_path / "a.db")
    parts = sorted(tmp_path.glob("pages-*-of-3.warc.gz"))
    taken = run("import", *parts, "--archive", tmp_path / "b.db")

    assert ended.returncode == 0, ended.stderr
    assert len(parts) == 3
    assert "7 visits" in taken.stdout
    assert run("export", "csv", "--shards", "3", "-o", tmp_path / "x.csv").returncode == ExitCode.USAGE


def test_a_machine_with_another_luubao_is_told() -> None:
    ran = run_here(["extract", "nix.warc", "-o", "set"], "another")

    assert "a machine of the cluster has luubao" in ran.last_line
    assert Ran(7, "", "a\nluubao: no room\n").last_line == "no room"
