"""The application on a socket of this machine, in a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from archive.web.answers import Web
from archive.web.app import Application
from archive.web.guards import hosts_of
from archive.web.serving import Server, listen, port_of
from commands.single_article import key


@dataclass(frozen=True, slots=True)
class Served:
    """Where it answers."""

    origin: str
    path: Path
    client: httpx.Client

    def get(self, address: str, *, language: str = "en", **headers: str) -> httpx.Response:
        """Ask as a browser does; redirects are not followed."""
        asked = {"accept-language": language} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(self.origin + address, headers=asked)


@contextmanager
def serving(path: Path) -> Iterator[Served]:
    """Serve an archive until the block ends."""
    listener = listen()
    port = port_of(listener)
    with closing(Application(Web(path, key), hosts=hosts_of(port))) as application:
        server = Server([(application.asgi, listener)])
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            with httpx.Client(verify=False, timeout=30) as client:  # noqa: S501 -- http alone; a context takes long to make
                yield Served(f"http://127.0.0.1:{port}", path, client)
        finally:
            server.stop()
            thread.join()
