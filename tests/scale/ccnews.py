"""WARC files as CC-NEWS has them, by warcio: pages of our own of many newspapers, and all that stands between."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from commands.newspaper.answers import answer
from tests.newspaper.test_newspaper_is_read import NEWSPAPER

STORIES = len(NEWSPAPER.edition("https://bao.example.vn").stories)
DATE = "2024-05-06T07:08:09Z"


def pages(count: int) -> Iterator[tuple[str, bytes, str]]:
    """Yield articles, each of another address, story by story, newspaper by newspaper: URL, body, Content-Type."""
    for number in range(count):
        if number % STORIES == 0:
            base = f"https://bao{number // STORIES}.vn"
            edition = NEWSPAPER.edition(base)
        path = edition.stories[number % STORIES].path
        response = answer(edition, path)
        kind = next(value for name, value in response.headers if name.lower() == "content-type")
        yield base + path, response.body, kind


class NewsWarc:
    """A WARC file in the form of CC-NEWS, open to be written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.0")
        self.offsets: dict[str, int] = {}  # of responses, by their URLs
        info = {"robots": "checked via crawler-commons", "description": "News crawl for a test", "isPartOf": "CC-NEWS"}
        self._writer.write_record(self._writer.create_warcinfo_record("CC-NEWS-TEST.warc.gz", info))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def respond(self, url: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> str:
        """Write a request, the response and what the crawler noted; return the id of the response."""
        named = {"WARC-IP-Address": "192.0.2.7", "WARC-Date": DATE}
        request_head = StatusAndHeaders("GET / HTTP/1.1", [("User-Agent", "a crawler")], is_http_request=True)
        self._write(url, "request", b"", named, request_head)
        self.offsets[url] = self._file.tell()
        head = StatusAndHeaders(status, [("Content-Type", kind), ("Server", "x")], protocol="HTTP/1.1")
        record_id = self._write(url, "response", body, named, head)
        noted = {"WARC-Concurrent-To": record_id, "WARC-Date": DATE}
        self._write(url, "metadata", b"fetchTimeMs: 12\r\n", noted, None, "application/warc-fields")
        return record_id

    def revisit(self, url: str) -> None:
        """Write that a page was as before."""
        record = self._writer.create_revisit_record(url, "sha1:AAAA", url, DATE)
        self._writer.write_record(record)

    def _write(self, url: str, kind: str, block: bytes, named: dict[str, str], head: Any, mime: str = "") -> str:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type=mime,
            warc_headers_dict=dict(named),
            http_headers=head,
        )
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))


def write_news(path: Path, count: int, *, first: int = 0) -> dict[str, int]:
    """Write so many articles into a file, and between them what no article is; return where each response lies."""
    with NewsWarc(path) as warc:
        for number, (url, body, kind) in enumerate(pages(first + count)):
            if number < first:
                continue
            warc.respond(url, body, kind)
            if number % 10 == 0:
                warc.respond(f"https://anh.example.vn/{number}.jpg", b"\xff\xd8\xff\xe0 no page", "image/jpeg")
                warc.respond(f"{url}?mat", b"<h1>404</h1>", status="404 Not Found")
                warc.revisit(url)
        return warc.offsets
