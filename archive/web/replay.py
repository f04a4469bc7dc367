"""Kept pages as they were, on an origin of their own: an application for a second port, apart from all our pages.

What it answers may do nothing: no script, no form, no request, by the policy sent with it and by what is taken out of
it (archive/loads.py). It sets no cookie, and only our own page may show it in a frame.
"""

from __future__ import annotations

import asyncio
import re
from html import escape

from archive.captures import page_of
from archive.connect import reading
from archive.errors import ArchiveDamaged, ArchiveError, NotKept
from archive.harmless import seen
from archive.loads import out_of_reach
from archive.web.answers import Web
from archive.web.guards import App, Receive, Scope, Send, guarded, hosts_of
from scraper.models import Page

POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
MAX_SHOWN_BYTES = 20_000_000  # a page that is longer keeps a browser busy for minutes
LIMIT_SECONDS = 10.0

_PATH = re.compile(r"/capture/([1-9][0-9]{0,17})")
_MARKUP = ("html", "xhtml")
_WORDS = ("text/", "xml", "json")


def replaying(web: Web, *, port: int, framed_by: int) -> App:
    """Return the application for a port: /capture/ID is the page of a capture; `framed_by` is the port of our pages."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- a GET has no body
        status, kind, body = await asyncio.to_thread(_answered, web, scope["path"])
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return guarded(answer, hosts_of(port), headers=headers_of(hosts_of(framed_by)))


def headers_of(framed_by: list[str]) -> tuple[tuple[bytes, bytes], ...]:
    """Return what is said with every answer."""
    origins = " ".join(f"http://{host}" for host in framed_by if not host.startswith("["))  # a policy knows no IPv6
    named = {
        "content-security-policy": f"{POLICY}; frame-ancestors {origins}",
        "connection-allowlist": "()",  # of the browsers that know it: none is connected to, be a link pressed
        "x-dns-prefetch-control": "off",  # else each name in a link is looked up
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }
    return tuple((name.encode(), value.encode()) for name, value in named.items())


def _answered(web: Web, asked: str) -> tuple[int, str, bytes]:
    """Return status, type and body."""
    found = _PATH.fullmatch(asked)
    if found is None:
        return _told(404, "Not here: /capture/ID is the page of a capture.")
    try:
        with reading(web.path, limit_seconds=LIMIT_SECONDS) as connection:
            page = page_of(connection, int(found[1]))
    except NotKept as error:
        return _told(404, str(error))
    except ArchiveDamaged as error:
        return _told(500, f"This page is not shown: {error}. luubao verify tells what else is damaged.")
    except ArchiveError as error:
        return _told(503, str(error))
    return _shown(page, web)


def _shown(page: Page, web: Web) -> tuple[int, str, bytes]:
    if is_too_long(page):
        return _told(413, f"This page has {len(page.body):,} bytes, more than a browser should be given.")
    kind = kind_of(page)
    if kind is None:
        return _told(415, f"This is no page but {page.header('content-type')}; it is kept, and not shown here.")
    text = web.decode(page.body, page.header("content-type"))
    return 200, f"{kind}; charset=utf-8", (out_of_reach(text) if kind == "text/html" else text).encode()


def is_too_long(page: Page) -> bool:
    """Tell whether a browser should not be given a page."""
    return len(page.body) > MAX_SHOWN_BYTES


def kind_of(page: Page) -> str | None:
    """Return as what a kept body may be shown; None where it is neither a page nor text."""
    named = (page.header("content-type") or "text/html").partition(";")[0].strip().lower()
    if any(word in named for word in _MARKUP):
        return "text/html"
    return "text/plain" if any(word in named for word in _WORDS) else None


def _told(status: int, words: str) -> tuple[int, str, bytes]:
    page = f'<!doctype html><html lang="en"><title>luubao</title><p role="alert">{escape(seen(words))}</p></html>'
    return status, "text/html; charset=utf-8", page.encode()
