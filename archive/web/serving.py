"""Applications on ports of this machine, until they are stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from archive.web.guards import App

HOST = "127.0.0.1"
STOP_SECONDS = 3  # for answers that are under way
MAX_HEAD_BYTES = 16 * 1024
MAX_AT_ONCE = 200


def listen(port: int = 0) -> socket.socket:
    """Take a port of this machine alone; 0 is any free one. Raises OSError where it is taken."""
    # asyncio turns off Nagle's wait, 40 ms a page, only where a socket names its protocol
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def port_of(listener: socket.socket) -> int:
    """Return the port that was taken."""
    return int(listener.getsockname()[1])


def origin_of(port: int) -> str:
    """Return what the addresses of a port begin with."""
    return f"http://{HOST}:{port}"


class Server:
    """Answers on listeners, each for its application, until one of them ends: then all do."""

    def __init__(self, served: Sequence[tuple[App, socket.socket]]) -> None:
        self._servers = [_Quiet(_config(app)) for app, _ in served]
        self._listeners = [listener for _, listener in served]

    def run(self) -> None:
        """Answer until `stop`; in the main thread Ctrl-C and SIGTERM stop it too."""
        try:
            asyncio.run(self._serve())
        finally:
            for listener in self._listeners:
                listener.close()

    def stop(self) -> None:
        """End within moments, once what is under way is answered; from any thread."""
        for server in self._servers:
            server.should_exit = True

    async def _serve(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)
        both = zip(self._servers, self._listeners, strict=True)
        tasks = [asyncio.create_task(server.serve([listener])) for server, listener in both]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.stop()
        await asyncio.gather(*tasks)


class _Quiet(uvicorn.Server):
    """A server that leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: several servers would take them from each other."""
        yield


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        limit_concurrency=MAX_AT_ONCE,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
    )
