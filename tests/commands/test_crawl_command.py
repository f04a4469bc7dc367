"""luubao crawl as cron and people run it: what it prints, what it ends with, what it leaves."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.connect import open_reader
from archive.queries import count_articles, list_articles, runs
from commands.crawl import introduce
from commands.newspaper import Newspaper, Server, serve

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
SUMMARY = re.compile(
    r"\d+ new, \d+ changed, \d+ same, \d+ failed( \(.*\))?; "
    r"\d+ requests to 1 host(, [\d.]+ for each article kept)?, [\d.]+ k?M?B in [\d.]+ s\n"
)


@pytest.fixture
def own_newspaper() -> Iterator[Server]:
    """A newspaper that the test may change."""
    with serve(Newspaper()) as server:
        yield server


def crawl(luubao: Luubao, server: Server, archive: Path, *options: str) -> CompletedProcess[str]:
    return luubao("crawl", server.url("/"), "--allow-private", "--delay", "0", "--archive", archive, *options)


def titles(archive: Path) -> list[str]:
    with closing(open_reader(archive)) as connection:
        return sorted(article["title"] for article in list_articles(connection, limit=None))


def test_off_a_terminal_a_crawl_prints_one_line(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    done = crawl(luubao, newspaper, tmp_path / "a.db")

    assert SUMMARY.fullmatch(done.stdout)
    assert done.stderr == "Hint: tell newspapers how to reach you: --contact URL|MAIL, or LUUBAO_CONTACT.\n"


def test_the_contact_is_sent_and_no_hint_given(luubao: Luubao, own_newspaper: Server, tmp_path: Path) -> None:
    done = crawl(luubao, own_newspaper, tmp_path / "a.db", "--max-pages", "1", "--contact", "https://library.example/")

    agents = {dict(request.headers)["User-Agent"] for request in own_newspaper.requests}
    assert done.stderr == ""
    assert len(agents) == 1
    assert re.fullmatch(r"luubao/\S+ \(\+https://library\.example/\)", agents.pop())


def test_a_second_crawl_fetches_no_article_again_and_needs_no_address(
    luubao: Luubao, own_newspaper: Server, tmp_path: Path
) -> None:
    archive = tmp_path / "a.db"
    crawl(luubao, own_newspaper, archive)
    own_newspaper.forget_requests()

    done = luubao("crawl", "--allow-private", "--delay", "0", "--archive", archive)

    articles = {article.path for article in own_newspaper.newspaper.articles}
    assert done.stdout.startswith("0 new, 0 changed, ")
    assert done.returncode == 0
    assert not articles & {request.path for request in own_newspaper.requests}


def test_the_run_is_recorded(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    archive = tmp_path / "a.db"

    done = crawl(luubao, newspaper, archive, "--max-pages", "5")

    with closing(open_reader(archive)) as connection:
        (run,) = runs(connection)
    assert run["exit_code"] == done.returncode
    assert run["ended_at"]
    assert run["arguments"]["targets"] == [newspaper.url("/")]
    assert run["arguments"]["max_pages"] == 5
    assert run["arguments"]["allow_private"] is True


def test_quiet_prints_nothing(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    done = crawl(luubao, newspaper, tmp_path / "a.db", "--max-pages", "3", "-q")

    assert (done.stdout, done.stderr) == ("", "")


def test_json_prints_the_record(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    done = crawl(luubao, newspaper, tmp_path / "a.db", "--max-pages", "5", "--json")

    record = json.loads(done.stdout)
    assert record["pages"] == 5
    assert record["end"] == "max pages"
    assert record["exit_code"] == done.returncode


def test_simulate_names_the_articles_and_fetches_and_keeps_none(
    luubao: Luubao, own_newspaper: Server, tmp_path: Path
) -> None:
    archive = tmp_path / "a.db"

    done = crawl(luubao, own_newspaper, archive, "--simulate")

    named = {line.split("\t")[0] for line in done.stdout.splitlines()}
    articles = {article.path for article in own_newspaper.newspaper.articles}
    assert {own_newspaper.url(path) for path in articles} <= named
    assert not articles & {request.path for request in own_newspaper.requests}
    with closing(open_reader(archive)) as connection:
        assert count_articles(connection) == 0
        assert runs(connection) == []


def test_a_page_that_is_gone_makes_the_run_partial_and_is_listed(luubao: Luubao, newspaper: Server, kept: Path) -> None:
    done = luubao("runs", "--failed", "1", "--format", "jsonl", "--archive", kept)
    listed = luubao("runs", "--format", "json", "--archive", kept)

    (failure,) = map(json.loads, done.stdout.splitlines())
    assert failure["code"] == "not_found"
    assert failure["url"].startswith(newspaper.url("/"))
    assert json.loads(listed.stdout)[0]["exit_code"] == 3


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)], ids=str
)
def test_f40_a_signal_ends_a_crawl_whole_and_the_next_one_goes_on(
    luubao: Luubao, own_newspaper: Server, tmp_path: Path, *, number: signal.Signals, code: int
) -> None:
    archive = tmp_path / "a.db"
    command = [sys.executable, "-m", "cli", "crawl", own_newspaper.url("/"), "--allow-private", "--delay", "0.05"]
    process = subprocess.Popen(
        [*command, "--archive", str(archive)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while len(own_newspaper.requests) < 45:
        time.sleep(0.02)

    os.kill(process.pid, number)
    out, err = process.communicate(timeout=30)
    before = titles(archive)
    again = crawl(luubao, own_newspaper, archive)

    assert process.returncode == code
    assert "stopped; the next crawl goes on here" in out
    assert "Traceback" not in err
    assert 0 < len(before) < len(titles(archive))
    assert again.returncode in {0, 3}  # the lock is free; one link of the newspaper leads nowhere
    assert len(titles(archive)) >= 48


def test_on_a_terminal_a_crawl_shows_how_it_goes(
    on_terminal: Callable[..., str], newspaper: Server, tmp_path: Path
) -> None:
    shown = on_terminal("crawl", newspaper.url("/"), "--allow-private", "--delay", "0", "--archive", tmp_path / "a.db")

    assert re.search(r"\d+ pages \(\d+ lists\) in [\d.]+ s, [\d.]+/s", shown)
    assert "404, there is no such page" in " ".join(shown.split())


def test_rules_that_no_one_has_tried_are_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    introduce(["baobinhthuan"], "https://library.example/")

    said = capsys.readouterr().err
    assert said.startswith("Note: the rules for baobinhthuan are unverified: ")
    assert said.count("\n") == 1


def test_an_address_that_never_gave_a_page_is_not_crawled_again_unasked(tmp_path: Path, luubao: Luubao) -> None:
    archive = tmp_path / "archive.db"
    luubao("crawl", "http://127.0.0.1:9/", "--archive", archive)

    done = luubao("crawl", "--archive", archive)

    assert done.returncode == 2
    assert "name a newspaper" in done.stderr
