"""A real Chromium that reaches nothing but this machine, and a server that stands in for all the rest of the web."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

BINARY = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
SECONDS = 5
PATIENCE_MS = 30_000  # of a machine that does much else


def _binary() -> str:
    """Return the browser's program; where there is none the test is skipped."""
    return BINARY or pytest.skip("no Chromium here: apt-get install chromium")


class StandIn:
    """Whoever a page may reach for: takes every connection, writes down what it was asked, answers with one page."""

    def __init__(self, page: str = "") -> None:
        self.page = page
        self.hits: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.hits.append("connected")
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(SECONDS)
            line = connection.recv(4096).split(b"\r\n")[0].decode("latin-1")
            self.hits.append(line if line.isprintable() else "TLS")
            body = self.page.encode() if line.startswith("GET /page ") else b""
            lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(body)}", "Connection: close"]
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)


@contextmanager
def launched() -> Iterator[Browser]:
    """Open the browser; no name leads anywhere but this machine."""
    rules = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, "--disable-background-networking", f"--host-resolver-rules={rules}"]
        browser = playwright.chromium.launch(executable_path=_binary(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def browsing(
    profile: Path, *, elsewhere: int, log: Path | None = None, rebound: int | None = None
) -> Iterator[BrowserContext]:
    """Open the browser with a profile of its own, as people use it: a private window connects for fewer hints.

    All names under .example lead to the port `elsewhere`, all others nowhere; rebound.example to another port of this
    machine. `log` is where the browser writes down every request, look-up and connection of its own.
    """
    rebinding = f"MAP rebound.example 127.0.0.1:{rebound}, " if rebound else ""
    rules = f"{rebinding}MAP *.example 127.0.0.1:{elsewhere}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}"] + ([f"--log-net-log={log}"] if log else [])
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=_binary(),
            args=arguments,
            ignore_default_args=["--disable-background-networking"],  # it would leave out preconnect
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context
        finally:
            context.close()
