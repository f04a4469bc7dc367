"""Answers of web servers out of WARC files: of wget, Heritrix, Browsertrix, CC-NEWS, web archives, and our own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Generic, TypeVar
from urllib.parse import unquote, urljoin

from archive.errors import BadRecord
from archive.exchange import http
from archive.exchange.http import Answer
from archive.exchange.mementos import Memento, as_captured
from archive.exchange.warc_records import Record, is_digest_of, records_in
from scraper.errors import BadEncoding, ScraperError
from scraper.models import Headers, Page

Decode = Callable[[bytes, str | None, str], bytes]
"""Undo the content codings of a body, within bounds: body, Content-Encoding, URL; raises ScraperError."""

PARTIAL = 206
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
FIRST_YEAR, LAST_YEAR = 1990, 2200
MAX_REDIRECTS = 10  # as many as a crawl follows
A_MOMENT = timedelta(hours=1)
REMEMBERED = 5_000  # requests and redirects whose answer or end may still come
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Captured:
    """A page out of a file. Of a revisit the body stands elsewhere: in the answer at a URL, at a time if told."""

    page: Page
    memento: Memento | None = None
    same_as: tuple[str, datetime | None] | None = None  # None: the body is here
    is_cut: bool = False  # the record says that the body was not kept whole
    record_id: str = ""  # of the record of WARC; empty where it has none, or the page is of another file
    offset: int | None = None  # as Record.offset; None where the page is of another file


class _Remembered(Generic[T]):
    """What may be asked for soon; the oldest is forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, T] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        self._kept[key] = value
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def get(self, key: str) -> T | None:
        return self._kept.get(key)

    def take(self, key: str) -> T | None:
        return self._kept.pop(key, None)


def captured_in(stream: BinaryIO, *, decode: Decode) -> Iterator[Captured | BadRecord]:
    """Yield the pages of a file in the order they stand, each with the redirects that led to it.

    Answers that are no pages are passed over; what cannot be read is an error in its place.
    """
    reading = _Reading(decode)
    for record in records_in(stream):
        if isinstance(record, BadRecord):
            yield record
            continue
        try:
            yield from reading.take(record)
        except (BadRecord, ScraperError) as error:
            yield BadRecord(f"byte {record.at:,}: {record.url[:200]}: {error.reason}", offset=record.offset)
    yield from reading.rest()


class _Reading:
    """The records of one file, put together."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
        self._held: tuple[str, Captured] | None = None  # id of its record; its request may come after it
        self._requests: _Remembered[Headers] = _Remembered()
        self._redirects: _Remembered[Page] = _Remembered()  # by where they lead
        self._dates: _Remembered[tuple[str, datetime]] = _Remembered()  # where a payload stood, by its digest

    def take(self, record: Record) -> Iterator[Captured]:
        """Take up a record, and yield the pages that are whole now."""
        match record.kind:
            case "request":
                self._take_request(record)
            case "response" | "revisit" | "resource":
                yield from self.rest()
                captured = self._captured(record)
                if captured is not None:
                    self._held = (record.fields.get("warc-record-id", ""), captured)

    def rest(self) -> Iterator[Captured]:
        """Yield the page that waits for its request."""
        if self._held is None:
            return
        captured, self._held = self._held[1], None
        page = captured.page
        if page.status in REDIRECTS and page.header("location"):
            with suppress(ValueError):
                self._redirects.put(_bare(urljoin(page.url, _as_meant(page.header("location") or ""))), page)
            return
        yield captured

    def _take_request(self, record: Record) -> None:
        headers = http.request_headers_in(record.block)
        if self._held is not None and record.fields.get("warc-concurrent-to") == self._held[0] != "":
            captured = self._held[1]
            if captured.memento is None:
                page = replace(captured.page, request_headers=headers)
                self._held = (self._held[0], replace(captured, page=page))
            return
        for name in ("warc-record-id", "warc-concurrent-to"):
            if record.fields.get(name):
                self._requests.put(record.fields[name], headers)

    def _captured(self, record: Record) -> Captured | None:
        """Return what a record tells of a page; None where it is of something else."""
        if not record.url.startswith(("http://", "https://")):
            return None
        answer = _answer(record)
        if answer is None or not _may_be_page(answer):
            return None
        at = _date(record)
        wire, body = (b"", b"") if record.kind == "revisit" else self._body(record, answer)
        page = Page(
            record.url,
            record.url,
            answer.status,
            http.restored(answer.headers),
            body,
            at,
            reason=answer.reason,
            http_version=answer.http_version,
            request_headers=self._request_headers(record),
            wire_body=None if wire == body else wire,
            server_address=record.fields.get("warc-ip-address") or None,
        )
        page, memento = as_captured(_led(page, self._redirects_to(page)))
        same_as = self._same_as(record, page) if record.kind == "revisit" else None
        self._note_digest(record, page)
        is_cut = "warc-truncated" in record.fields or page.status == PARTIAL
        return Captured(page, memento, same_as, is_cut, record.record_id, record.offset)

    def _request_headers(self, record: Record) -> Headers:
        names = (record.fields.get("warc-concurrent-to", ""), record.fields.get("warc-record-id", ""))
        found = [self._requests.take(name) for name in names]
        return found[0] or found[1] or ()

    def _redirects_to(self, page: Page) -> tuple[Page, ...]:
        """Return the redirects that led to a page a moment before, the first one first."""
        led: list[Page] = []
        url = page.url
        while (hop := self._redirects.take(_bare(url))) is not None and len(led) < MAX_REDIRECTS:
            if abs(page.fetched_at - hop.fetched_at) > A_MOMENT:
                break
            led.insert(0, hop)
            url = hop.url
        return tuple(led)

    def _body(self, record: Record, answer: Answer) -> tuple[bytes, bytes]:
        """Return the body as sent and as meant, once it fits its digest; raises BadRecord, ScraperError."""
        raw, told = answer.body, record.fields.get("warc-payload-digest")
        is_chunked = "chunked" in (answer.header("transfer-encoding") or "").lower()
        whole = raw
        if is_chunked:
            try:
                whole = http.without_chunks(raw)
            except BadRecord:
                if raw[:8].strip()[:1] not in {b"<", b"\x1f"}:  # many writers undo the chunks and leave the header
                    raise
        body = self._decoded(record, answer, whole)
        if all(is_digest_of(told, each) is False for each in (raw, whole, body)):
            raise BadRecord("not what its digest says")
        return whole, body

    def _decoded(self, record: Record, answer: Answer, whole: bytes) -> bytes:
        coding = answer.header("content-encoding")
        try:
            return self._decode(whole, coding, record.url)
        except BadEncoding:
            if whole.lstrip()[:1] == b"<":  # the coding was undone, and the header left
                return whole
            raise

    def _same_as(self, record: Record, page: Page) -> tuple[str, datetime | None]:
        """Return where the body of a revisit stands."""
        by_digest = self._dates.get(record.fields.get("warc-payload-digest", ""))
        url = record.fields.get("warc-refers-to-target-uri", "").strip("<> ")
        date = record.fields.get("warc-refers-to-date")
        if url:
            return url, _moment(date or "")
        return by_digest or (page.url, None)

    def _note_digest(self, record: Record, page: Page) -> None:
        told = record.fields.get("warc-payload-digest")
        if told and record.kind == "response":
            self._dates.put(told, (page.url, page.fetched_at))


def _answer(record: Record) -> Answer | None:
    if record.kind == "resource":
        kind = record.fields.get("content-type", "")
        return Answer("HTTP/1.1", 200, "OK", (("Content-Type", kind),) if kind else (), record.block)
    if record.kind == "revisit" and not record.block.strip():
        return Answer("HTTP/1.1", 200, "OK", (), b"")
    return http.answer_in(record.block)


def _may_be_page(answer: Answer) -> bool:
    """Tell whether an answer is a page, a redirect or a refusal, and no picture, script or style sheet."""
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if answer.status not in {200, 203, PARTIAL} or kind in PAGE_TYPES or kind.endswith("+xml"):
        return True
    return kind in {"", "text/plain"} and (not answer.body or answer.body.lstrip()[:1] == b"<")


def _led(page: Page, redirects: tuple[Page, ...]) -> Page:
    if not redirects:
        return page
    asked = redirects[0].url
    return replace(page, requested_url=asked, redirects=tuple(replace(hop, requested_url=asked) for hop in redirects))


def _date(record: Record) -> datetime:
    told = record.fields.get("warc-date", "")
    found = _moment(told)
    if found is None:
        raise BadRecord(f"no date that can be: {told[:40]!r}")
    return found


def _moment(told: str) -> datetime | None:
    """Read a time as WARC 1.0 and 1.1 write it, in UTC, with up to nine digits after the second; None for what is none.

    There was no web before 1990, and what comes from far in the future comes from a wrong clock.
    """
    try:
        found = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _as_meant(location: str) -> str:
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _bare(url: str) -> str:
    """Return a URL as redirects are matched: without fragment, and whatever characters were escaped."""
    return unquote(url.partition("#")[0])
