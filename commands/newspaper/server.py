"""Serves the newspaper on loopback: HTTP/1.1 with keep-alive, gzip and conditions, and a log of all requests."""

from __future__ import annotations

import contextlib
import gzip
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from commands.newspaper.answers import Response, answer, unless_unchanged
from commands.newspaper.paper import Newspaper

GZIP_FROM_BYTES = 256

Connection = socket.socket | tuple[bytes, socket.socket]
"""What the base class calls a request: for TCP always a socket."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came, and the status of what was said to it."""

    at: float  # seconds of time.monotonic() when its first line was read
    method: str
    target: str  # path and query as sent
    headers: tuple[tuple[str, str], ...]
    status: int = 0  # 0 for a raw answer
    connection: int = 0  # number of the connection it came over, from 1

    @property
    def path(self) -> str:
        """Return the target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None if it was not sent."""
        return next((value for n, value in self.headers if n.lower() == name.lower()), None)


Responder = Callable[[Request], Response | None]
"""Answers in the newspaper's place; None lets the newspaper answer. It may sleep."""


class Server(ThreadingHTTPServer):
    """The newspaper's server; made by `serve`."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, newspaper: Newspaper, address: tuple[str, int]) -> None:
        self.newspaper = newspaper
        self._log: list[Request] = []
        self._faults: dict[str, Responder] = {}
        self._open: set[socket.socket] = set()
        self._connections = 0
        self._lock = threading.Lock()
        super().__init__(address, Handler)

    @property
    def base_url(self) -> str:
        """Return the newspaper's address, without a slash at its end."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def url(self, path: str = "/") -> str:
        """Return the absolute URL of a path."""
        return self.base_url + path

    @property
    def requests(self) -> tuple[Request, ...]:
        """Return all requests so far, in the order of their answers."""
        with self._lock:
            return tuple(self._log)

    def forget_requests(self) -> None:
        """Start the log anew."""
        with self._lock:
            self._log.clear()

    def fault(self, path: str, responder: Responder) -> None:
        """Let a responder answer for a path (without query); `*` is every path that has none of its own."""
        with self._lock:
            self._faults[path] = responder

    def heal(self, path: str) -> None:
        """Let the newspaper answer for the path again."""
        with self._lock:
            self._faults.pop(path, None)

    def respond(self, request: Request) -> Response:
        """Return the answer to a request, a fault's or the newspaper's."""
        with self._lock:
            responder = self._faults.get(request.path) or self._faults.get("*")
        if responder and (response := responder(request)):
            return response
        headers = {name.lower(): value for name, value in request.headers}
        return unless_unchanged(answer(self.newspaper.edition(self.base_url), request.target), headers)

    def note(self, request: Request) -> None:
        """Write a request into the log."""
        with self._lock:
            self._log.append(request)

    def process_request(self, request: Connection, client_address: object) -> None:
        """Remember the connection, so that closing the server can end it."""
        with self._lock:
            self._open.add(_socket_of(request))
            self._connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Connection) -> None:
        """Forget the connection, and end it."""
        with self._lock:
            self._open.discard(_socket_of(request))
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End all connections that are still open."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the other side was faster
                    connection.shutdown(socket.SHUT_RDWR)

    @property
    def connections(self) -> int:
        """Return how many connections were made so far."""
        with self._lock:
            return self._connections

    def handle_error(self, request: Connection, client_address: object) -> None:
        """Say nothing of a client that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads requests from one connection and writes the answers."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "baobengio"
    sys_version = ""
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Number the connection."""
        super().setup()
        self.number = self.server.connections

    def do_GET(self) -> None:
        """Answer a GET."""
        request = Request(time.monotonic(), self.command, self.path, tuple(self.headers.items()), 0, self.number)
        response = self.server.respond(request)
        self.server.note(_answered(request, response))
        if response.raw is not None:
            self.wfile.write(response.raw)
            self.close_connection = True
            return
        self._send(_compressed(response, request))

    do_HEAD = do_GET  # noqa: N815 - the name that the base class calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the terminal quiet: the server's log is in memory."""

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        has_length = any(name.lower() == "content-length" for name, _ in response.headers)
        if response.status != HTTPStatus.NOT_MODIFIED and not has_length:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and response.body:
            self.wfile.write(response.body)


@contextlib.contextmanager
def serve(newspaper: Newspaper, host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Serve the newspaper on a thread until the block is left; port 0 takes a free one."""
    server = Server(newspaper, (host, port))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="newspaper")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()


def _answered(request: Request, response: Response) -> Request:
    status = 0 if response.raw is not None else response.status
    return replace(request, status=status)


def _socket_of(connection: Connection) -> socket.socket:
    return connection if isinstance(connection, socket.socket) else connection[1]


def _compressed(response: Response, request: Request) -> Response:
    """Gzip texts for those who take it; an answer that has a coding of its own stays as it is."""
    names = {name.lower(): value for name, value in response.headers}
    is_text = names.get("content-type", "").startswith(("text/", "application/rss", "image/svg"))
    takes_gzip = "gzip" in (request.header("Accept-Encoding") or "")
    if not (is_text and takes_gzip) or "content-encoding" in names or len(response.body) < GZIP_FROM_BYTES:
        return response
    headers = (*response.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    return Response(response.status, headers, gzip.compress(response.body, 6, mtime=0))
