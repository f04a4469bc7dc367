"""A page that someone saved: bare, or with the answer's head before it, as curl -i and wget --save-headers write it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.errors import BadRecord, ExchangeError
from archive.exchange import http
from archive.exchange.mementos import as_captured
from archive.exchange.warc_in import Captured, Decode
from scraper.errors import ScraperError
from scraper.models import Headers, Page

MAX_BYTES = 64 * 2**20
HEAD = b"HTTP/"


def captured_in(path: Path, url: str, *, decode: Decode) -> Captured:
    """Return a saved page as if it had been asked for when the file was written; raises ExchangeError."""
    if path.stat().st_size > MAX_BYTES:
        raise ExchangeError("is larger than any page", path=path)
    content, saved_at = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    status, headers, body = 200, Headers(), content
    if content.startswith(HEAD):
        try:
            answer = http.answer_in(content)
            status, headers, body = answer.status, answer.headers, _body(answer, url, decode)
        except (BadRecord, ScraperError) as error:
            raise ExchangeError(
                f"begins as an answer of HTTP, and cannot be read: {error.reason}", path=path
            ) from error
    page, memento = as_captured(Page(url, url, status, headers, body, saved_at))
    return Captured(page, memento)


def _body(answer: http.Answer, url: str, decode: Decode) -> bytes:
    """Undo the content coding, which the programs that save pages often have done."""
    if answer.body.lstrip()[:1] == b"<":
        return answer.body
    return decode(answer.body, answer.header("content-encoding"), url)
