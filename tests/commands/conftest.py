"""The real command in a process of its own, on a newspaper on loopback and archives in temporary folders.

It is forked from a process that has the imports behind it (tests/warm.py), unless what stands before it, or a
variable that an interpreter reads at its start, asks for a start of its own.
"""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.store import Archive, Mode
from commands.newspaper import Newspaper, Server, serve
from scraper.models import Article, Page, Role, Task, Visit
from tests import warm

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "cli")
SECONDS = 60

Luubao = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


def run(
    *args: str | Path, stdin: str | bytes = "", cwd: Path | None = None, before: Sequence[str] = (), **env: str
) -> subprocess.CompletedProcess[str]:
    """Run luubao, with what is to stand before it; its output is decoded as UTF-8, strictly."""
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    if not before and warm.suits(env):
        return warm.run(*args, stdin=given, env=env, cwd=cwd or Path.cwd(), seconds=SECONDS)
    done = subprocess.run(
        [*before, *COMMAND, *map(str, args)],
        input=given,
        capture_output=True,
        timeout=SECONDS,
        env=environment(**env),
        cwd=cwd,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_on_terminal(*args: str | Path, columns: int = 80, **env: str) -> str:
    """Run luubao with a terminal as stdin, stdout and stderr; return all that the terminal got."""
    ours, theirs = pty.openpty()
    screen = {"COLUMNS": str(columns), "LINES": "40", "TERM": "xterm-256color", "PAGER": "cat"}
    environ = environment(**screen | env)
    pid = warm.warm().start([*map(str, args)], env=environ, cwd=Path.cwd(), streams=[theirs] * 3)
    os.close(theirs)
    got = b"".join(_until_closed(ours))
    os.close(ours)
    warm.warm().wait(pid, SECONDS)
    return got.decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    while select.select([terminal], [], [], SECONDS)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # EIO: the last holder of the other end has closed it
            return
        if not chunk:
            return
        yield chunk


@pytest.fixture
def luubao() -> Luubao:
    return run


@pytest.fixture
def on_terminal() -> Callable[..., str]:
    return run_on_terminal


@pytest.fixture(scope="session")
def newspaper() -> Iterator[Server]:
    """A newspaper that no test changes."""
    with serve(Newspaper()) as server:
        yield server


@pytest.fixture(scope="session")
def kept(newspaper: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the whole newspaper, that no test changes."""
    path = tmp_path_factory.mktemp("kept") / "archive.db"
    done = run("crawl", newspaper.url("/"), "--allow-private", "--delay", "0", "--archive", path)
    assert "new" in done.stdout, done.stderr
    return path


def keep_article(path: Path, article: Article, body: bytes = b"<html><p>page</p></html>") -> None:
    """Keep one article, made by the test, as a crawl would."""
    page = Page(article.url, article.url, 200, (("Content-Type", "text/html"),), body, datetime.now(UTC))
    with Archive.open(path, mode=Mode.WRITE) as archive:
        archive.keep(Visit(Task(article.url, Role.ARTICLE, "hostile"), page, article))


@pytest.fixture
def keep() -> Callable[..., None]:
    return keep_article
