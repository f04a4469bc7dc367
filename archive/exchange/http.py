"""An HTTP message as bytes in a WARC record, and as the values of a Page: nothing is lost in between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.errors import BadRecord
from scraper.models import Headers

MAX_HEAD_BYTES = 256 * 1024
ORIGINAL = "X-Archive-Orig-"
"""What web archives put before a header that is no longer true of the body as they have it."""

_REWRITTEN = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"(HTTP/\d(?:\.\d)?)\s+(\d{3})(?:\s(.*))?", re.ASCII | re.DOTALL)
_REQUEST = re.compile(r"[A-Z]{3,10} \S+(?: HTTP/\d(?:\.\d)?)?")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, its body as it stands in the record."""

    http_version: str
    status: int
    reason: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the values of a header joined by commas, or None."""
        values = [value for each, value in self.headers if each.lower() == name.lower()]
        return ", ".join(values) if values else None


def answer_in(block: bytes) -> Answer:
    """Read a response; raises BadRecord."""
    first, headers, body = _parts(block)
    match = _STATUS.fullmatch(first)
    if match is None:
        raise BadRecord("no answer of HTTP")
    return Answer(match[1], int(match[2]), match[3] or "", headers, body)


def request_headers_in(block: bytes) -> Headers:
    """Read the headers of a request; empty where it is none."""
    try:
        first, headers, _ = _parts(block)
    except BadRecord:
        return ()
    return headers if _REQUEST.fullmatch(first) else ()


def _parts(block: bytes) -> tuple[str, Headers, bytes]:
    end = _END.search(block, 0, MAX_HEAD_BYTES)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    if end is None and len(block) > MAX_HEAD_BYTES:
        raise BadRecord("headers without an end")
    lines = re.split(r"\r?\n", head.decode("latin-1"))
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        if line[:1] in {" ", "\t"} and headers:  # a folded line (RFC 9112, 5.2)
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name.strip(), value.strip()))
    return lines[0], tuple(headers), body


def head_bytes(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Write the first line and headers, the empty line included, as the bytes they came as."""
    lines = [first, *(f"{name}: {value}" for name, value in headers), "", ""]
    text = "\r\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:  # not of our own making: there every character was a byte
        return text.encode("utf-8", "replace")


# --- bodies without their codings -------------------------------------------------------------------------------------


def rewritten(headers: Headers, length: int) -> Headers:
    """Return the headers as they are true of a body whose codings are undone; those that no longer are get a mark."""
    told = {name.lower(): value for name, value in headers}
    is_coded = bool(told.keys() & {"content-encoding", "transfer-encoding"})
    if not is_coded and told.get("content-length", str(length)) == str(length):
        return headers
    kept = tuple((ORIGINAL + name if name.lower() in _REWRITTEN else name, value) for name, value in headers)
    return (*kept, ("Content-Length", str(length)))


def restored(headers: Headers) -> Headers:
    """Return the headers as they came, from what `rewritten` made of them."""
    marked = {ORIGINAL.lower() + name for name in _REWRITTEN}
    if not any(name.lower() in marked for name, _ in headers):
        return headers
    kept = [pair for pair in headers if pair[0].lower() not in _REWRITTEN]
    return tuple((name[len(ORIGINAL) :] if name.lower() in marked else name, value) for name, value in kept)


def without_chunks(body: bytes) -> bytes:
    """Return a body whose transfer coding is undone (RFC 9112, 7.1); raises BadRecord where it does not keep to it."""
    out, at = bytearray(), 0
    while True:
        match = _CHUNK.match(body, at)
        if match is None:
            raise BadRecord("chunks that do not fit each other")
        length = int(match[1], 16)
        if length == 0:
            return bytes(out)
        at = match.end() + length
        if at > len(body):
            raise BadRecord("the last chunk is missing")
        out += body[match.end() : at]
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
