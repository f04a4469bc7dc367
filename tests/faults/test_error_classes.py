"""Every class of error and every exit code is reached by the real thing: a crawl through the gate, or the command.

What takes more than this, such as a disk that fails, is reached by the tests that ELSEWHERE names.
"""

from __future__ import annotations

import asyncio
import sqlite3
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeVar

import pytest
import trustme

from archive import errors as kept
from archive.errors import ArchiveError
from archive.store import Archive, Mode
from commands.exits import CODES, ExitCode, UsageProblem
from scraper import errors, sites
from scraper.crawl import crawl, utc_now
from scraper.errors import ScraperError
from scraper.models import Article, Kind, Page, Role, Task, Visit
from scraper.net.fetch import Fetcher
from scraper.net.guard import NoSuchHost
from scraper.reading import Reading, read_page
from scraper.seeds import seed_of_url
from scraper.workers import Readers, WorkerLimits
from tests.crawl_scene import open_archive, rows
from tests.faults.catalogue import TESTS
from tests.servers.broken import hang_up, stall
from tests.servers.gate import names, quick
from tests.servers.raw import Reply, Server, answer, redirect
from tests.worker_deeds import crash_on_request, eat_on_request, hang_on_request

Tree = TypeVar("Tree", bound=Exception)
Luubao = Callable[..., CompletedProcess[str]]

STORY = "<p>Người dân hai bờ sông đi lại dễ dàng hơn, hàng hóa về chợ sớm hơn trước, giá cả cũng nhẹ đi.</p>"
PAID = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'


def page(title: str, body: str, head: str = "") -> bytes:
    return answer(f"<html lang=vi><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}".encode())


REPLIES: dict[str, Reply | list[Reply]] = {
    "truncated": answer(b"half", Content_Length="1000", Connection="close"),
    "protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "connection_lost": hang_up,
    "timeout": stall,
    "too_large": answer(b"", Content_Length=str(11 << 20)),
    "bad_encoding": answer(b"plain", Content_Encoding="gzip"),
    "bad_redirect": redirect("javascript:alert(1)"),
    "too_many_redirects": redirect("/too_many_redirects-100001.html"),
    "http_error": answer(b"", "418 Teapot"),
    "not_found": answer(b"", "404 Not Found"),
    "not_html": answer(b"%PDF-1.7", Content_Type="application/pdf"),
    "blocked": answer(b"", "403 Forbidden"),
    "paywall": page("Cầu mới thông xe", STORY, PAID),
    "soft_not_found": page("Không tìm thấy trang", "<p>Mời bạn quay lại trang chủ."),
    "much_shorter": page("Cầu mới thông xe", f"<article>{STORY * 4}"),
    "robots_denied": answer(b"never seen"),
    "parse_timeout": answer(b"<html>hang"),
    "parse_memory": answer(b"<html>eat"),
    "parser_crash": answer(b"<html>crash"),
    "parse_failed": answer(b"<html>a bug"),
}
"""What a server answers -> the code of the failure that is kept. Each stands under an address of its own."""

BY_THE_COMMAND = {"bad_url"}
NEVER_RAISED = {"error", "refused", "network", "bad_answer"}  # what others have in common


def descendants(root: type[Tree]) -> Iterator[type[Tree]]:
    yield root
    for child in root.__subclasses__():
        yield from descendants(child)


def deed(page: Page, task: Task) -> Reading:
    """Read a page, or come to grief over it, as its body says."""
    if b"a bug" in page.body:
        raise ZeroDivisionError
    for word, do in ((b"hang", hang_on_request), (b"eat", eat_on_request), (b"crash", crash_on_request)):
        if word in page.body:
            return do(page, task)
    return read_page(page, task)


def keep_the_whole(archive: Archive, url: str) -> None:
    """Keep an article as an earlier crawl found it."""
    seen = Page(url, url, 200, (("Content-Type", "text/html"),), b"<p>whole", utc_now() - timedelta(days=2))
    archive.keep(
        Visit(Task(url, Role.ARTICLE, "bao.vn"), seen, Article(url, Kind.ARTICLE, title="Cầu", body="từ " * 900))
    )


@dataclass(frozen=True, slots=True)
class Hosts:
    """Servers that fail before a page is asked for, and the URL that leads to each."""

    urls: dict[str, str]
    servers: tuple[Server, ...]


@asynccontextmanager
async def failing_hosts() -> AsyncIterator[Hosts]:
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("bon.vn").configure_cert(certificate)
    async with (
        Server({"/robots.txt": answer(b"", "503 Busy")}) as unreachable,
        Server({"*": answer(b"", "503 Busy", Retry_After="3600")}) as resting,
        Server(tls=certificate) as untrusted,
    ):
        async with Server() as closed:
            nobody = closed
        urls = {
            "robots_unreachable": f"http://mot.vn:{unreachable.port}",
            "host_parked": f"http://hai.vn:{resting.port}",
            "connect": f"http://ba.vn:{nobody.port}",
            "tls": f"https://bon.vn:{untrusted.port}",
            "dns": "http://no-such-newspaper.vn",
            "port_refused": "http://nam.vn:22",
            "address_refused": "http://169.254.169.254",
        }
        yield Hosts(urls, (unreachable, resting, untrusted, nobody))


def test_every_class_of_failure_is_kept_by_its_code(tmp_path: Path) -> None:
    paths = {code: f"/{code}-100001.html" for code in REPLIES}
    denied = answer(f"User-agent: *\nDisallow: {paths['robots_denied']}".encode())
    replies = {paths[code]: reply for code, reply in REPLIES.items()} | {"/robots.txt": denied}
    known = names({name: ["127.0.0.1"] for name in ("bao.vn", "mot.vn", "hai.vn", "ba.vn", "bon.vn")})

    async def scene() -> dict[str, str]:
        async with Server(replies) as server, failing_hosts() as others:
            policy = quick(server, *others.servers, read_seconds=1.0, retries=1)
            urls = {code: f"http://bao.vn:{server.port}{path}" for code, path in paths.items()}
            urls |= {code: f"{url}/tin-100001.html" for code, url in others.urls.items()}
            seeds = [seed_of_url(url, sites.shipped()) for url in urls.values()]
            with open_archive(tmp_path / "a.db") as archive:
                keep_the_whole(archive, urls["much_shorter"])
                async with (
                    Fetcher(policy, resolver=known) as fetcher,
                    Readers(read_page=deed, limits=WorkerLimits(seconds=3.0)) as readers,
                ):
                    await crawl(seeds, fetcher=fetcher, readers=readers, frontier=archive.frontier, keep=archive.keep)
            return urls

    urls = asyncio.run(scene())

    assert set(rows(tmp_path / "a.db", "SELECT DISTINCT code, url FROM failures")) == set(urls.items())
    assert set(urls) | NEVER_RAISED | BY_THE_COMMAND == {kind.code for kind in descendants(ScraperError)}
    assert not set(urls) & NEVER_RAISED


# --- errors of the archive, and what only a command meets -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scene:
    """A command that fails, and how it says so."""

    args: tuple[str, ...]
    code: ExitCode
    said: str
    prepare: Callable[[Path], object] = lambda _archive: None


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:20_000])


def of_schema(number: int) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        with closing(sqlite3.connect(archive)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")

    return change


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
SCENES: dict[type[Exception], Scene] = {
    errors.BadUrl: Scene(("fetch", "http://xn--a/"), ExitCode.USAGE, "no name that can exist"),
    UsageProblem: Scene(("crawl", "nosuchpaper"), ExitCode.USAGE, "no newspaper 'nosuchpaper'; see luubao sites list"),
    kept.ArchiveMissing: Scene(("list",), ExitCode.ERROR, "there is no archive", Path.unlink),
    kept.NotAnArchive: Scene(("list",), ExitCode.DAMAGED, "is no SQLite file", lambda a: a.write_text("notes\n" * 99)),
    kept.NewerArchive: Scene(("list",), ExitCode.MIGRATION_NEEDED, "upgrade luubao to open it", of_schema(99)),
    kept.MigrationNeeded: Scene(("list",), ExitCode.MIGRATION_NEEDED, "run luubao migrate", of_schema(1)),
    kept.ArchiveDamaged: Scene(("list",), ExitCode.DAMAGED, "is cut short", cut),
    kept.QueryError: Scene(("search", "-x"), ExitCode.USAGE, "only words to leave out"),
    kept.QueryStopped: Scene(("sql", ENDLESS, "--max-time", "1s"), ExitCode.ERROR, "the question took too long"),
    kept.ExchangeError: Scene(("import", "/dev/null"), ExitCode.ERROR, "is no WARC or WACZ file"),
    kept.NotKept: Scene(("show", "999"), ExitCode.ERROR, "no article 999"),
}


@pytest.fixture
def empty(path: Path) -> Path:
    with Archive.open(path, mode=Mode.WRITE):
        return path


@pytest.mark.parametrize("kind", SCENES, ids=lambda kind: kind.__name__)
def test_an_error_ends_a_command_with_the_code_of_its_class_and_one_line(
    luubao: Luubao, empty: Path, kind: type[Exception]
) -> None:
    scene = SCENES[kind]
    scene.prepare(empty)

    done = luubao(*scene.args, "--archive", empty)

    assert done.returncode == scene.code == CODES[next(base for base in kind.__mro__ if base in CODES)]
    assert scene.said in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_bad_record_is_named_and_the_others_come(luubao: Luubao, empty: Path, tmp_path: Path) -> None:
    with open_archive(tmp_path / "other.db") as other:
        keep_the_whole(other, "http://bao.vn/tin-1.html")
    good = luubao("export", "jsonl", "--output", "-", "--archive", tmp_path / "other.db").stdout
    (tmp_path / "x.jsonl").write_text('{"luubao": 1\n' + good, encoding="utf-8")

    done = luubao("import", tmp_path / "x.jsonl", "--archive", empty)

    assert (done.returncode, done.stderr) == (ExitCode.PARTIAL, "line 1: no JSON\n")
    assert done.stdout.startswith("1 new article")


ELSEWHERE: dict[type[Exception] | ExitCode, str] = {
    kept.ArchiveLocked: "faults/test_concurrency.py::test_f48_of_two_crawls_the_second_ends_at_once",
    kept.ArchiveReadOnly: "faults/test_disk_faults.py::test_f47_on_a_disk_that_may_not_be_written",
    kept.DiskError: "faults/test_disk_faults.py::test_f46_a_crawl_on_a_disk_that_fails_says_so",
    kept.DiskFull: "faults/test_disk_faults.py::test_f45_a_full_disk_ends_each_command_with_7",
    kept.BadRecord: "faults/test_error_classes.py::test_a_bad_record_is_named",
    NoSuchHost: "commands/test_bad_input.py::test_an_unknown_host_is_said_to_be_unknown",
    ExitCode.OK: "commands/test_doctor.py::test_a_sound_archive_passes",
    ExitCode.PARTIAL: "commands/test_crawl_command.py::test_a_page_that_is_gone_makes_the_run_partial",
    ExitCode.LOCKED: "faults/test_concurrency.py::test_f48_of_two_crawls_the_second_ends_at_once",
    ExitCode.BLOCKED: "commands/test_exit_codes_reached.py::test_5_robots_txt_forbids_it",
    ExitCode.DISK_LOW: "faults/test_disk_faults.py::test_f45_a_full_disk_ends_each_command_with_7",
    ExitCode.STALE: "commands/test_run_records.py::test_a_newspaper_without_anything_new_for_too_long",
    ExitCode.INTERRUPTED: "commands/test_crawl_command.py::test_f40_a_signal_ends_a_crawl_whole",
    ExitCode.TERMINATED: "commands/test_crawl_command.py::test_f40_a_signal_ends_a_crawl_whole",
}


def test_every_class_and_every_code_is_reached() -> None:
    classes = {*descendants(ScraperError), *descendants(ArchiveError)}
    by_crawl = {kind for kind in descendants(ScraperError) if kind is not NoSuchHost and kind is not errors.BadUrl}
    codes = {scene.code for scene in SCENES.values()} | {code for code in ELSEWHERE if isinstance(code, ExitCode)}

    assert classes - by_crawl - {ArchiveError} <= {*SCENES, *ELSEWHERE}
    assert codes == set(ExitCode)
    for name in ELSEWHERE.values():
        path, _, test = name.partition("::")
        assert f"def {test}" in (TESTS / path).read_text(encoding="utf-8"), name
