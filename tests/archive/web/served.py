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
from archive.web.replay import replaying
from archive.web.serving import Server, listen, origin_of, port_of
from commands.single_article import key
from scraper.charset import decode_html


@dataclass(frozen=True, slots=True)
class Served:
    """Where it answers."""

    origin: str
    path: Path
    client: httpx.Client
    replay_origin: str

    def get(self, address: str, *, language: str = "en", **headers: str) -> httpx.Response:
        """Ask as a browser does; redirects are not followed."""
        asked = {"accept-language": language} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(self.origin + address, headers=asked)


@contextmanager
def serving(path: Path) -> Iterator[Served]:
    """Serve an archive until the block ends."""
    listener, beside = listen(), listen()
    port, replay_port = port_of(listener), port_of(beside)
    web = Web(path, key, decode_html, origin_of(port), origin_of(replay_port))
    with closing(Application(web, hosts=hosts_of(port))) as application:
        kept_pages = replaying(web, port=replay_port, framed_by=port)
        server = Server([(application.asgi, listener), (kept_pages, beside)])
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            with httpx.Client(verify=False, timeout=30) as client:  # noqa: S501 -- http alone; a context takes long to make
                yield Served(web.origin, path, client, web.replay_origin)
        finally:
            server.stop()
            thread.join()
