"""Pages as WARC 1.1, for replay and for other archives: the same archive gives the same file, byte for byte."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from archive import snapshots
from archive.errors import ArchiveDamaged, NotKept
from archive.exchange import http
from archive.exchange.choice import Chosen, Tick
from archive.exchange.records import as_json, json_text, version_record, versions_of
from scraper.models import Headers, Verdict

Row = Mapping[str, Any]

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_TEXT = "urn:luubao:revisit:same-text"
"""Of our own: the page differed, and its article said the same; the page was not kept."""

READ = "urn:luubao:read:"
"""Before the address in what was read from a page: under the bare one, pywb would serve it in place of the page."""

HTTP_NOT_MODIFIED = 304
_IDS = uuid.UUID("5b0e1f4c-54e1-5a86-9d5c-6c7575626121")


@dataclass(frozen=True, slots=True)
class Written:
    """One record as it stands in the file: what an index says of it."""

    kind: str
    url: str
    date: str
    status: int
    mime: str
    digest: str
    offset: int
    length: int


Note = Callable[[Written], None]


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """First line and headers as the bytes they came as; warcio would escape or refuse what is not ASCII."""

    def __init__(self, protocol: str, rest: str, headers: Headers, *, status: int = 0) -> None:
        super().__init__(rest, [], protocol=protocol)
        self.status = status
        self.mime = next((value for name, value in headers if name.lower() == "content-type"), "")
        self._bytes = http.head_bytes(f"{protocol} {rest}", headers)

    def compute_headers_buffer(self, _header_filter: object = None) -> None:
        """Hand over the bytes."""
        self.headers_buff = self._bytes

    def __bool__(self) -> bool:
        return True


class _Writer(WARCWriter):  # type: ignore[misc]  # as above
    """Compresses each record by itself, at level 6: half the work of warcio's 9, for a hundredth more bytes."""

    def write_record(self, record: Any, _params: object = None) -> None:  # noqa: ANN401 -- warcio's
        self._write_warc_record(_Member(self.out), record)


class _Member:
    """One record on its way into the file, as a gzip member."""

    def __init__(self, out: BinaryIO) -> None:
        self._packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self._out = out

    def write(self, content: bytes) -> None:
        self._out.write(self._packer.compress(content))

    def flush(self) -> None:
        """End the member; warcio calls it once, at the end."""
        self._out.write(self._packer.flush())


@dataclass(slots=True)
class Lost:
    """What could not be written."""

    without_page: int = 0  # visits whose page was never here: their article came without
    damaged: int = 0  # visits whose page does not come out of the archive any more


@dataclass(slots=True)
class WarcFile:
    """A WARC file being written."""

    out: BinaryIO
    note: Note = lambda _written: None
    lost: Lost = field(default_factory=Lost)
    _writer: Any = None
    _met: dict[bytes, tuple[str, Row]] = field(default_factory=dict)  # in one article: body -> digest, visit

    def __post_init__(self) -> None:
        self._writer = _Writer(self.out, gzip=False, warc_version="1.1")

    def write_info(self, software: str, date: str) -> None:
        """Write the record that says who wrote the file; `date` is that of its last visit, so that it is stable."""
        fields = {"software": software, "format": "WARC File Format 1.1", "conformsTo": WARC_1_1}
        block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
        named = {"WARC-Record-ID": _id("warcinfo", software, date), "WARC-Date": date}
        self._write("", "warcinfo", named, block, mime="application/warc-fields")

    def write_article(self, connection: sqlite3.Connection, article_id: int) -> None:
        """Write all visits to an article, in the order of their time, each with what was read from it."""
        self._met.clear()
        latest: Row | None = None
        read = {row["capture_id"]: row for row in versions_of(connection, article_id)}  # the first of a visit's counts
        site = connection.execute("SELECT site FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
        for visit in connection.execute(_VISITS, {"id": article_id}).fetchall():
            version = read.get(visit["id"])
            body = self._body(connection, visit)
            if body is not None:
                self._write_response(visit, body)
                latest = visit
            elif latest is not None and visit["outcome"] == Verdict.SAME:
                self._write_revisit(visit, latest)
            else:
                self.lost.without_page += version is not None and visit["snapshot_id"] is None
                self._write_without_body(visit)
            self._write_request(visit)
            if version is not None:
                self._write_metadata(visit, {"site": site} | version_record(connection, version, parse=as_json))

    def _body(self, connection: sqlite3.Connection, visit: Row) -> bytes | None:
        """Return the page of a visit; None where none is kept, or where it is damaged, which is counted."""
        if visit["snapshot_id"] is None:
            return None
        try:
            return snapshots.get(connection, visit["snapshot_id"])
        except (ArchiveDamaged, NotKept):
            self.lost.damaged += 1
            return None

    # --- the records of one visit -------------------------------------------------------------------------------------

    def _write_response(self, visit: Row, body: bytes) -> None:
        digest = _digest(body)
        self._met[visit["body_sha256"]] = digest, visit
        named = _named(visit, "response") | {"WARC-Payload-Digest": digest}
        self._write_answer(visit, "response", named, body)

    def _write_without_body(self, visit: Row) -> None:
        """Write an answer whose body is not kept: a redirect, a refusal, a page that is gone."""
        named = _named(visit, "response")
        if visit["body_length"]:
            named["WARC-Truncated"] = "unspecified"
        self._write_answer(visit, "response", named, b"")

    def _write_revisit(self, visit: Row, latest: Row) -> None:
        """Write a visit that found nothing new, with where the page stands that it found."""
        digest, same = self._met.get(visit["body_sha256"], (None, latest))
        profile = NOT_MODIFIED if visit["status"] == HTTP_NOT_MODIFIED else IDENTICAL if digest else SAME_TEXT
        told = digest or f"sha256:{base64.b32encode(visit['body_sha256']).decode()}"
        named = _named(visit, "revisit") | {
            "WARC-Profile": profile,
            "WARC-Refers-To": _record_id("response", same),
            "WARC-Refers-To-Target-URI": same["url"],
            "WARC-Refers-To-Date": same["fetched_at"],
        }
        if profile != NOT_MODIFIED:
            named["WARC-Payload-Digest"] = told
        self._write_answer(visit, "revisit", named, b"")

    def _write_answer(self, visit: Row, kind: str, named: dict[str, str], body: bytes) -> None:
        headers = _headers(visit["headers"])
        length = len(body) if kind == "response" else None
        told = headers if length is None else http.rewritten(headers, length)
        told_status = f"{visit['status']} {visit['reason']}"
        head = _Head(visit["http_version"] or "HTTP/1.1", told_status, told, status=visit["status"])
        self._write(visit["url"], kind, named, body, head=head)

    def _write_request(self, visit: Row) -> None:
        headers = _headers(visit["request_headers"])
        if not headers:
            return
        parts = urlsplit(visit["url"])
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = _named(visit, "request") | {"WARC-Concurrent-To": _record_id(_kind_of(visit), visit)}
        self._write(visit["url"], "request", named, b"", head=_Head("GET", f"{target} HTTP/1.1", headers))

    def _write_metadata(self, visit: Row, said: Mapping[str, Any]) -> None:
        block = json_text(said).encode("utf-8", "replace")
        named = _named(visit, "metadata") | {"WARC-Refers-To": _record_id("response", visit)}
        self._write(READ + visit["url"], "metadata", named, block, mime="application/json")

    def _write(
        self, url: str, kind: str, named: dict[str, str], block: bytes, *, head: _Head | None = None, mime: str = ""
    ) -> None:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type=mime,
            warc_headers_dict=named,
            http_headers=head,
        )
        offset = self.out.tell()
        self._writer.write_record(record)
        digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
        status, mime_of_page = (head.status, head.mime) if head else (0, "")
        length = self.out.tell() - offset
        self.note(Written(kind, url, named["WARC-Date"], status, mime_of_page, digest, offset, length))


WARC_1_1 = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def write(chosen: Chosen, out: BinaryIO, tick: Tick, *, software: str, note: Note = lambda _written: None) -> Lost:
    """Write the articles' pages; return what could not be written."""
    file = WarcFile(out, note)
    file.write_info(software, chosen.latest_at())
    for article_id in chosen.each(tick):
        file.write_article(chosen.connection, article_id)
    return file.lost


def _kind_of(visit: Row) -> str:
    return "revisit" if visit["snapshot_id"] is None and visit["outcome"] == Verdict.SAME else "response"


def _named(visit: Row, kind: str) -> dict[str, str]:
    """Return the named fields that all records of a visit have."""
    address = (visit["server_address"] or "").rpartition(":")[0].strip("[]")
    named = {"WARC-Record-ID": _record_id(kind, visit), "WARC-Date": visit["fetched_at"]}
    return named | ({"WARC-IP-Address": address} if address and kind != "metadata" else {})


def _record_id(kind: str, visit: Row) -> str:
    told = (visit[name] for name in ("url", "requested_url", "fetched_at", "status"))
    return _id(kind, *told, visit["body_sha256"].hex())


def _id(*facts: object) -> str:
    return f"<urn:uuid:{uuid.uuid5(_IDS, json.dumps(facts))}>"


def _digest(body: bytes) -> str:
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


def _headers(text: str | None) -> Headers:
    pairs: Iterable[tuple[str, str]] = json.loads(text or "[]")
    return tuple((name, value) for name, value in pairs)


_VISITS = """
WITH own AS (
  SELECT id FROM captures WHERE outcome <> 'redirect' AND url IN (SELECT url FROM urls WHERE article_id = :id)
  UNION SELECT capture_id FROM versions WHERE article_id = :id)
SELECT * FROM captures WHERE id IN (SELECT id FROM own) OR redirected_to IN (SELECT id FROM own)
ORDER BY fetched_at, redirected_to IS NULL, id
"""
