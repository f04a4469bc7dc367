"""Each exit code, reached by the real command where no other test of this folder reaches it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess

from commands.exits import ExitCode
from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]


class Closed(BaseHTTPRequestHandler):
    """A site whose robots.txt lets nobody in."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"User-agent: *\nDisallow: /\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def closed_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Closed) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tin-1.html"
        finally:
            server.shutdown()
            thread.join()


def test_5_robots_txt_forbids_it(luubao: Luubao, tmp_path: Path) -> None:
    with closed_site() as url:
        fetched = luubao("fetch", url, "--allow-private", "--archive", tmp_path / "a.db")
        crawled = luubao("crawl", url, "--allow-private", "--archive", tmp_path / "a.db")

    assert (fetched.returncode, crawled.returncode) == (5, 5)
    assert "robots.txt" in fetched.stderr
    assert "1 failed (1 robots_denied)" in crawled.stdout


def test_6_the_archive_is_damaged(luubao: Luubao, kept: Path, tmp_path: Path) -> None:
    damaged = Path(shutil.copy(kept, tmp_path / "a.db"))
    with damaged.open("r+b") as file:
        file.truncate(damaged.stat().st_size // 2)

    done = luubao("list", "-n", "0", "--archive", damaged)

    assert done.returncode == 6
    assert "restore a backup" in done.stderr


def test_7_the_disk_is_full_and_nothing_kept_is_lost(luubao: Luubao, newspaper: Server, tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    options = f"--allow-private --delay 0 -q --archive {archive}"
    script = f"ulimit -f 400; exec {sys.executable} -m cli crawl {newspaper.url('/')} {options}"

    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    again = luubao("crawl", newspaper.url("/"), "--allow-private", "--delay", "0", "--archive", archive)

    assert done.returncode == 7, done.stderr
    assert done.stderr.count("\n") == 1
    assert "no room left on the disk" in done.stderr
    assert again.returncode == 3
    assert int(luubao("list", "--count", "--archive", archive).stdout) > 40


def test_9_the_archive_is_of_a_newer_luubao(luubao: Luubao, kept: Path, tmp_path: Path) -> None:
    newer = Path(shutil.copy(kept, tmp_path / "a.db"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 999")

    for command in (["list"], ["crawl", "https://example.invalid/"]):
        done = luubao(*command, "--archive", newer)

        assert done.returncode == 9
        assert "upgrade luubao" in done.stderr


def test_1_a_bug_keeps_its_traceback(kept: Path) -> None:
    script = "import cli, commands.entry as e; raise SystemExit(e.run(lambda **_: 1 / 0))"

    done = subprocess.run(
        [sys.executable, "-c", script, str(kept)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr


def test_ctrl_c_is_told_in_a_line_by_a_command_that_has_nothing_in_hand(tmp_path: Path) -> None:
    pipe = tmp_path / "pages.warc"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "cli", "import", str(pipe), "--archive", str(tmp_path / "a.db")]

    started = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    with pipe.open("wb"):  # opens once the command has opened it to read
        started.send_signal(signal.SIGINT)
        _, told = started.communicate()

    assert (started.returncode, told) == (ExitCode.INTERRUPTED, "luubao: stopped\n")
