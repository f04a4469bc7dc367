"""Our export served by pywb: the answers are the stored bytes, for 200 URLs."""

from __future__ import annotations

import http.client
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from scraper.models import Headers, Visit
from tests.archive.exchange_kit import write_warc
from tests.archive.kit import NOW, open_archive, rows, visit_of

pytestmark = pytest.mark.soak

PEERS = Path(__file__).parents[2] / ".venv-peers" / "bin"
URLS = 200
START_SECONDS = 60
CODINGS: tuple[Headers, ...] = (
    (("Content-Type", "text/html; charset=utf-8"),),
    (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "77")),
    (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), ("X-Báo", "đ".encode().decode("latin-1"))),
)


def visit(number: int) -> Visit:
    """Return a visit whose page has bytes of every kind, and whose URL has odd ones."""
    dice = random.Random(number)  # noqa: S311 -- any bytes will do
    url = f"https://bao.example.vn/tin-{number}.html" + ("?B=2&a=%C4%90" if number % 3 == 0 else "")
    body = b"<!doctype html><html><head></head><body>" + dice.randbytes(dice.randrange(20_000)) + b"</body></html>"
    first = visit_of(url, f"Tin số {number}. " * 20)
    return replace(first, page=replace(first.page, body=body, headers=CODINGS[number % len(CODINGS)]))


@contextmanager
def served(folder: Path, warc: Path) -> Iterator[int]:
    """Serve a WARC file with pywb on loopback, and give the port."""
    for arguments in (("init", "kept"), ("add", "kept", str(warc))):
        subprocess.run([PEERS / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    server = subprocess.Popen(
        [PEERS / "wayback", "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("pywb does not start")


@pytest.mark.skipif(not (PEERS / "wayback").exists(), reason="no .venv-peers; make peers makes it")
def test_pywb_serves_the_stored_bytes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_archive(path) as archive:
        for number in range(URLS):
            archive.keep(visit(number))
        first = visit(0)
        archive.keep(replace(first, page=replace(first.page, fetched_at=NOW.replace(hour=20))))  # a revisit
    stored = dict(rows(path, "SELECT url, fetched_at FROM captures WHERE snapshot_id IS NOT NULL"))
    bodies = {visit(number).page.url: visit(number).page.body for number in range(URLS)}

    served_bodies = {}
    with served(tmp_path, write_warc(path, tmp_path / "kept.warc.gz")) as port:
        for url in stored:
            served_bodies[url] = _body(port, f"/kept/20260301080000id_/{quote(url, safe=':/?&=%')}")
        revisited = _body(port, f"/kept/20260301200000id_/{quote(first.page.url, safe=':/?&=%')}")

    assert len(stored) == URLS
    assert served_bodies == bodies
    assert revisited == first.page.body


def _body(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "identity", "Connection": "close"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200, path
    return content
