"""What a crawl tells of itself afterwards: luubao runs show, --json, --error-file, --stale-after."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.drift import Fall
from archive.reports import record, write
from commands.closing import close_run, told_fall
from commands.newspaper import Server
from scraper.models import Provenance, Verdict
from scraper.tally import Tally
from tests.archive.kit import NOW, SITE, failed_of, open_archive, url_of, visit_of

Luubao = Callable[..., CompletedProcess[str]]


def crawl(luubao: Luubao, server: Server, archive: Path, *options: str | Path) -> CompletedProcess[str]:
    return luubao(
        "crawl", server.url("/"), "--allow-private", "--delay", "0", "--contact", "https://library.example/",
        "--archive", archive, *options,
    )  # fmt: skip


def change(archive: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute(sql, values)


@pytest.fixture
def crawled(luubao: Luubao, newspaper: Server, tmp_path: Path) -> tuple[Path, CompletedProcess[str]]:
    """An archive after a short crawl with --json, and what that printed."""
    archive = tmp_path / "a.db"
    return archive, crawl(luubao, newspaper, archive, "--json", "--max-pages", "6")


def test_a_crawl_prints_the_same_record_as_runs_show(
    luubao: Luubao, crawled: tuple[Path, CompletedProcess[str]]
) -> None:
    archive, done = crawled

    shown = luubao("runs", "show", "--json", "--archive", archive)

    record = json.loads(done.stdout)
    assert json.loads(shown.stdout) == record
    assert record["pages"] == 6
    assert record["requests"] == 7  # robots.txt too
    assert record["sites"]["127.0.0.1"] == record["verdicts"]
    assert record["slowest_hosts"]["127.0.0.1"]["requests"] == 6
    assert record["drift"] == []
    assert record["luubao_version"]
    assert record["exit_code"] == done.returncode


def test_a_run_is_shown_with_its_failures_by_class(luubao: Luubao, kept: Path, newspaper: Server) -> None:
    shown = luubao("runs", "show", "1", "--archive", kept).stdout

    assert f"Run 1: luubao crawl {newspaper.url('/')}" in shown
    assert "for each article kept" in shown
    assert "\n1 not_found\n  http://127.0.0.1" in shown
    assert "404, there is no such page" in shown
    assert "exit code 3: Some of it was done" in shown


def test_a_run_that_was_killed_is_shown_with_what_it_brought(
    luubao: Luubao, crawled: tuple[Path, CompletedProcess[str]]
) -> None:
    archive, _ = crawled
    change(archive, "DELETE FROM run_reports")
    change(archive, "UPDATE runs SET ended_at = NULL, exit_code = NULL")

    shown = luubao("runs", "show", "--archive", archive)

    assert shown.returncode == 0
    assert "ended\tnot: it is at work, or was killed; last heard of at 20" in shown.stdout
    assert "asked\t6 requests, " in shown.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "7"), 1, "no run 7; luubao runs lists those there are"),
        (("show", "x"), 2, "'show x' is no run; luubao runs show 12 shows run 12"),
        (("shwo",), 2, "'shwo' is no run; luubao runs show 12 shows run 12"),
        (("show", "1", "2"), 2, "is no run"),
    ],
)
def test_a_run_that_is_none_is_refused(
    luubao: Luubao, kept: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = luubao("runs", *words, "--archive", kept)

    assert done.returncode == code
    assert said in done.stderr


def test_the_urls_that_failed_can_be_fed_back(luubao: Luubao, kept: Path, newspaper: Server, tmp_path: Path) -> None:
    failed = tmp_path / "failed.txt"

    luubao("runs", "show", "1", "--error-file", failed, "--archive", kept)
    again = luubao("fetch", "-i", failed, "--no-save", "--allow-private", "--delay", "0", "--archive", kept)

    (url,) = failed.read_text().splitlines()
    assert url.startswith(newspaper.url("/"))
    assert url in again.stderr + again.stdout


def test_a_crawl_in_which_nothing_failed_leaves_an_empty_file(
    luubao: Luubao, newspaper: Server, tmp_path: Path
) -> None:
    failed = tmp_path / "failed.txt"
    failed.write_text("https://of.an.earlier.run.example/\n")

    crawl(luubao, newspaper, tmp_path / "a.db", "--max-pages", "1", "--error-file", failed)

    assert failed.read_text() == ""


def test_a_file_that_cannot_be_written_is_told_before_the_crawl(
    luubao: Luubao, newspaper: Server, tmp_path: Path
) -> None:
    before = len(newspaper.requests)

    done = crawl(luubao, newspaper, tmp_path / "a.db", "--error-file", tmp_path / "none" / "failed.txt")

    assert done.returncode == 1
    assert "No such file or directory" in done.stderr
    assert len(newspaper.requests) == before


def test_a_newspaper_without_anything_new_for_too_long_ends_the_crawl_with_8(
    luubao: Luubao, newspaper: Server, crawled: tuple[Path, CompletedProcess[str]]
) -> None:
    archive, _ = crawled
    two_days_ago = f"{datetime.now(UTC) - timedelta(hours=50):%Y-%m-%dT%H:%M:%SZ}"
    change(archive, "UPDATE articles SET first_seen_at = ?", two_days_ago)
    change(archive, "UPDATE sites SET first_seen_at = ?", two_days_ago)
    change(archive, "UPDATE frontier SET state = 'done' WHERE role = 'article'")

    options = ("--max-pages", "1", "--quiet", "--stale-after")
    stale, fresh = (crawl(luubao, newspaper, archive, *options, time) for time in ("24h", "3d"))

    since = two_days_ago[:16].replace("T", " ")
    assert stale.returncode == 8
    assert stale.stderr == f"luubao: 127.0.0.1 has given nothing new since {since} UTC, for 50 h 00 min\n"
    assert fresh.returncode == 0
    assert fresh.stderr == ""


@pytest.mark.parametrize("command", [["runs", "show"], ["runs", "show", "--json"], ["stats", "--by", "section"]])
def test_what_failed_does_not_act_on_the_terminal(
    luubao: Luubao, on_terminal: Callable[..., str], tmp_path: Path, command: list[str]
) -> None:
    evil = "x\x1b]0;owned\x07\x1b[2J\u202e"
    with open_archive(tmp_path / "a.db") as archive:
        run_id = archive.start_run("crawl", {"targets": [evil]}, NOW)
        archive.keep(visit_of(url_of(1), section=evil))
        archive.keep(failed_of(url_of(2), evil, message=evil))
        report = {"seconds": 1, "requests": 1, "body_bytes": 1, "sites": {evil: {"new": 1}}, "parked": {evil: evil}}
        with archive.transaction() as connection:
            write(connection, run_id, report)
        archive.end_run(3, NOW)

    piped = luubao(*command, "--archive", tmp_path / "a.db")
    shown = on_terminal(*command, "--archive", tmp_path / "a.db")

    assert piped.returncode == 0, piped.stderr
    assert "owned" in piped.stdout
    for printed in (piped.stdout, re.sub(r"\x1b\[[\d;]*m", "", shown)):
        assert not set("\x1b\x07\u202e") & set(printed)


def test_a_field_that_drifts_is_told_by_the_run_that_sees_it_and_kept_in_its_report(tmp_path: Path) -> None:
    tally = Tally(requests=20)
    with open_archive(tmp_path / "a.db") as archive:
        run_id = archive.start_run("crawl", {}, NOW)
        for number in range(60):
            provenance = {"lead": Provenance("html:h2.sapo")} if number < 40 else {}
            tally.add("bao.example.vn", visit := visit_of(url_of(number), provenance=provenance), archive.keep(visit))
        tally.sites[SITE][Verdict.NEW] = 20  # as if the first forty had come in earlier runs

        (fall,) = close_run(archive, tally, ())

        assert told_fall(fall).startswith("bao: lead is found in 0% of the last 20 articles, of 100% before")
        assert record(archive.connection, run_id)["drift"] == [fall.to_dict()]


def test_a_newspaper_that_gave_nothing_new_is_not_looked_at_for_drift(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db") as archive:
        archive.start_run("crawl", {}, NOW)
        for number in range(60):
            provenance = {"lead": Provenance("html:h2.sapo")} if number < 40 else {}
            archive.keep(visit_of(url_of(number), provenance=provenance))

        assert close_run(archive, Tally(), ()) == ()


@pytest.mark.parametrize(
    ("fall", "told"),
    [
        (
            Fall("bao", "lead", "filled", "html:h2", 0.95, 0.1, None, 200, 20),
            "bao: lead is found in 10% of the last 20 articles, of 95% before; its template may have changed",
        ),
        (
            Fall("bao", "title", "candidate", "html:h1", 1.0, 0.0, "meta:og:title", 200, 20),
            "bao: title is found by html:h1 in 0% of the last 20 articles, of 100% before; most now by meta:og:title",
        ),
    ],
)
def test_a_fall_is_told_in_one_line(fall: Fall, told: str) -> None:
    assert told_fall(fall) == told


def test_a_crawl_ends_at_its_limit_of_bytes_and_of_depth(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    by_bytes = crawl(luubao, newspaper, tmp_path / "a.db", "--max-bytes", "20kB")
    by_depth = json.loads(crawl(luubao, newspaper, tmp_path / "b.db", "--depth", "0", "--json").stdout)

    assert by_bytes.stdout.endswith("ended by --max-bytes\n")
    assert by_depth["verdicts"].keys() == {"listed"}
