"""What stands before every page: only our own names, only reading, and what the browser may do with the answer.

A page of the web that makes its own name lead to 127.0.0.1 (DNS rebinding) sends that name as Host, and is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

METHODS = frozenset({"GET", "HEAD"})
NAMES = ("127.0.0.1", "localhost", "[::1]")
DATASETTES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the pages that Datasette makes itself: its own scripts from its own files, none within a page."""

ALWAYS = (
    (b"content-security-policy", DATASETTES_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


Headers = Sequence[tuple[bytes, bytes]]


def guarded(app: App, hosts: Iterable[str], *, headers: Headers = ALWAYS) -> App:
    """Return the application behind the guards; `hosts` is what Host may say, with the port.

    `headers` go with every answer, whose own of the same name they leave.
    """
    allowed = frozenset(host.lower() for host in hosts)

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = _refusal(scope, allowed)
            await (_refuse(send, *refusal) if refusal else app(scope, receive, _with_headers(send, headers)))

    return guard


def hosts_of(port: int) -> list[str]:
    """Return what Host may say for a server on a port of this machine; browsers leave out 80."""
    return [f"{name}:{port}" for name in NAMES] + (list(NAMES) if port == 80 else [])  # noqa: PLR2004 -- http's own


def _refusal(scope: Scope, allowed: frozenset[str]) -> tuple[int, str] | None:
    """Return status and words where a request is not answered at all."""
    hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1 or hosts[0] not in allowed:
        return 403, "This server answers to its own address on this machine alone.\n"
    if scope["method"] not in METHODS:
        return 405, "Nothing can be changed from the web: GET and HEAD only.\n"
    return None if _is_served(scope["path"]) else (404, "Not here.\n")


def _is_served(path: str) -> bool:
    r"""Tell whether a path may reach Datasette at all.

    It redirects a path with a slash at its end to the one without; to a browser //host and /\host are other hosts.
    Below /-/ is its own switchboard: tokens, messages, settings.
    """
    if "//" in path or "\\" in path:
        return False
    return not path.startswith("/-/") or path.startswith("/-/static/")


async def _refuse(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *ALWAYS]
    headers += [(b"allow", b"GET, HEAD")] if status == 405 else []  # noqa: PLR2004 -- RFC 9110, 15.5.6
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})


def _with_headers(send: Send, always: Headers) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message.get("headers", []) if name.lower() != b"set-cookie"]
            names = {name.lower() for name, _ in headers}
            message["headers"] = [*headers, *((n, v) for n, v in always if n not in names)]
        await send(message)

    return sent
