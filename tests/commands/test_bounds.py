"""What bounds a crawl, what it leaves in a log, and whom it tells that it went well."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.connect import open_reader
from archive.errors import DiskFull
from archive.queries import runs
from archive.reports import pages_since
from archive.room import LEAST_FREE_BYTES, Room, Watch
from commands import output
from commands.bounds import Bounds
from commands.closing import Crawled
from commands.crawl_options import CrawlOptions
from commands.exits import ExitCode, UsageProblem
from commands.joining import policy_of, run_to_the_end, sources_of
from commands.logs import LogPlan, logging_to, without_secrets
from commands.newspaper import Newspaper, Server, serve
from commands.pings import ping
from commands.run_options import LogFormat
from scraper.budget import Manners
from scraper.models import Outcome, Role, Task, Verdict
from scraper.tally import Event, Happening
from tests.servers import raw

GB = 1000**3
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def paper() -> Iterator[Server]:
    with serve(Newspaper()) as server:
        yield server


# --- budgets and room -------------------------------------------------------------------------------------------------


def test_a_budget_of_the_day_counts_what_earlier_runs_had(paper: Server, tmp_path: Path) -> None:
    path, host = tmp_path / "a.db", "127.0.0.1"
    options = CrawlOptions(
        delay_seconds=0, allow_private=True, per_site={host: Manners(max_pages=6, max_pages_day=10)}, max_pages=50
    )

    def crawl_at(now: datetime) -> Crawled:
        return run_to_the_end(path, [paper.url("/")], options=options, clock=lambda: now)

    brought = [crawl_at(NOW + timedelta(hours=hours)) for hours in (0, 1, 2)]

    assert [done.tally.pages for done in brought] == [6, 4, 0]
    assert all(
        done.notes == (f"{host}: its budget is spent, and more is due; a later crawl goes on",) for done in brought
    )
    with closing(open_reader(path)) as connection:
        assert pages_since(connection, NOW - timedelta(days=1)) == {host: 10}


def test_a_delay_for_one_newspaper_outweighs_its_rules_and_one_for_all_outweighs_both() -> None:
    sources, wished = sources_of(["tuoitre"]), {"tuoitre": Manners(delay_seconds=7), "x.vn": Manners(delay_seconds=3)}

    policy = policy_of(CrawlOptions(per_site=wished), sources)
    for_all = policy_of(CrawlOptions(per_site=wished, delay_seconds=1), sources)

    assert [policy.delay_of_host(host) for host in ("tuoitre.vn", "x.vn", "y.vn")] == [7, 3, 2]
    assert for_all.delay_of_host("tuoitre.vn") == 1


@pytest.mark.parametrize(
    ("room", "objection", "warning"),
    [
        (Room(5 * GB, 90 * GB), None, None),
        (Room(17 * GB, 90 * GB, most=20 * GB), None, None),
        (Room(19 * GB, 90 * GB, most=20 * GB), None, "has 19 GB of the 20 GB that max_archive_gb allows; there"),
        (Room(20 * GB, 90 * GB, most=20 * GB), "has 20 GB of the 20 GB that max_archive_gb allows; raise it", "has"),
        (Room(GB, LEAST_FREE_BYTES - 1), "its disk has 0.2 GB left; make room", None),
    ],
)
def test_an_archive_warns_before_its_room_is_used_up(room: Room, objection: str | None, warning: str | None) -> None:
    assert (room.objection() or "").startswith(objection or "")
    assert (room.warning() or "").startswith(warning or "")
    assert (room.objection() is None, room.warning() is None) == (objection is None, warning is None)


def test_a_crawl_pauses_where_the_archive_is_full_and_the_next_does_not_begin(paper: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    run_to_the_end(path, [paper.url("/")], options=CrawlOptions(delay_seconds=0, allow_private=True, max_pages=1))
    limit = path.stat().st_size + 100_000
    options = CrawlOptions(delay_seconds=0, allow_private=True, max_archive_bytes=limit)

    done = run_to_the_end(path, [paper.url("/")], options=options)

    assert done.code is ExitCode.DISK_LOW
    assert 0 < done.tally.pages < 60
    assert "paused: " in done.notes[0]
    assert "that max_archive_gb allows; raise it" in done.notes[0]
    with pytest.raises(DiskFull, match="that max_archive_gb allows"):
        run_to_the_end(path, [paper.url("/")], options=options)
    with closing(open_reader(path)) as connection:
        assert [run["exit_code"] for run in runs(connection)] == [7, 0]


def test_a_disk_that_runs_low_sets_the_stop_once_and_a_user_who_stops_is_told_of_that(tmp_path: Path) -> None:
    free = iter([10 * GB, 1])
    bounds = Bounds(Watch(tmp_path / "a.db", free=lambda _path: next(free)), {})
    stop = asyncio.Event()
    keep = bounds.watching(lambda _outcome: Verdict.NEW, stop)
    outcome: Outcome = None  # type: ignore[assignment] # not looked at

    stops = [keep(outcome) and stop.is_set() for _ in range(20)]

    assert stops == [False] * 8 + [True] * 12
    assert bounds.code(ExitCode.PARTIAL) is ExitCode.DISK_LOW
    assert bounds.code(ExitCode.INTERRUPTED) is ExitCode.INTERRUPTED


# --- the log ----------------------------------------------------------------------------------------------------------


def failed(url: str, message: str) -> Event:
    return Event(Happening.KEPT, "x.vn", Task(url, Role.ARTICLE, "x"), Verdict.FAILED, "http_error", message)


def test_a_log_tells_what_came_of_each_url_what_was_said_and_how_it_ended(tmp_path: Path) -> None:
    file = tmp_path / "luubao.log"

    def run() -> None:
        with logging_to(LogPlan(file), "luubao crawl") as tell:
            tell(failed("https://x.vn/a", "https://x.vn/a: 500 \x1b[2J"))
            output.say("Warning: http://me:hunter2@p.x:1 is slow")
            logging.getLogger("scraper.net.fetch").info("robots")
            logging.getLogger("httpcore").info("nothing that matters")
            raise DiskFull("its disk is full")

    with pytest.raises(DiskFull):
        run()

    lines = [line.split(" ", 1)[1] for line in file.read_text().splitlines()]
    assert lines == [
        "INFO luubao crawl begins",
        r"WARNING failed https://x.vn/a: 500 \x1b[2J",
        "INFO Warning: http://…@p.x:1 is slow",
        "INFO robots",
        "ERROR luubao crawl: DiskFull: its disk is full",
    ]
    assert not [handler for handler in logging.getLogger().handlers if "luubao.log" in str(handler)]


def test_a_log_of_json_has_an_object_a_line_and_old_files_are_kept_so_many(tmp_path: Path) -> None:
    file = tmp_path / "luubao.log"

    with logging_to(LogPlan(file, LogFormat.JSON, max_size="2kB", files=3), "luubao crawl") as tell:
        for number in range(60):
            tell(failed(f"https://x.vn/{number}", f"https://x.vn/{number}: 404, đã gỡ"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["luubao.log", "luubao.log.1", "luubao.log.2"]
    last = json.loads(file.read_text().splitlines()[-2])
    assert (last["level"], last["url"], last["code"]) == ("warning", "https://x.vn/59", "http_error")
    assert "đã gỡ" in last["message"]


def test_f60_a_log_and_its_old_files_are_their_users_alone_and_one_that_is_there_keeps_its_rights(
    tmp_path: Path,
) -> None:
    mine, theirs = tmp_path / "mine.log", tmp_path / "theirs.log"
    theirs.touch(mode=0o640)
    before = os.umask(0)
    try:
        for file in (mine, theirs):
            with logging_to(LogPlan(file, max_size="1kB", files=2), "luubao crawl") as tell:
                for number in range(20):
                    tell(failed(f"https://x.vn/{number}", f"https://x.vn/{number}: 404"))
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"mine.log": 0o600, "mine.log.1": 0o600, "theirs.log": 0o600, "theirs.log.1": 0o640}


def test_a_log_that_cannot_be_written_is_told_before_the_work_begins(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=r"--log .*No such file or directory; name a file"):
        logging_to(LogPlan(tmp_path / "none" / "x.log"), "luubao crawl").__enter__()


@pytest.mark.parametrize(
    "text",
    [
        "http://me:hunter2@x.vn/",
        "Cookie: hunter2",
        "https://x.vn/?token=hunter2&a=1",
        "password=hunter2",
        "'api_key': 'hunter2'",
        "Authorization: Basic hunter2",
        "Proxy-Authorization: Bearer hunter2",
    ],
)
def test_f87_no_secret_gets_into_a_log(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


# --- the ping ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (raw.answer(b"OK"), None),
        (raw.answer(b"", "404 Not Found"), "the ping to 127.0.0.1 was answered with 404"),
        (raw.redirect("/elsewhere"), "the ping to 127.0.0.1 came to nothing: more than 0 redirects"),
    ],
)
def test_a_ping_is_one_request_that_robots_does_not_forbid_and_its_url_is_not_repeated(
    reply: bytes, told: str | None
) -> None:
    async def act() -> tuple[raw.Server, str | None]:
        replies = {"/hunter2": reply, "/robots.txt": raw.answer(b"User-agent: *\nDisallow: /")}
        async with raw.Server(replies) as server:
            url = f"{server.url}/hunter2"
            return server, await asyncio.to_thread(ping, url, contact="me@x.vn", proxy=None)

    server, found = asyncio.run(act())

    assert found == told
    assert server.targets == ["/hunter2"]
    assert "me@x.vn" in (server.requests[0].header("user-agent") or "")
