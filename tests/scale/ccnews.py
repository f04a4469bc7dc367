"""WARC files as CC-NEWS has them: pages of our own of many newspapers, and all that stands between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self
from uuid import NAMESPACE_URL, uuid5

from commands.newspaper.answers import answer as answer_of
from tests.archive.warc_kit import answer, packed, record, sha1
from tests.newspaper.test_newspaper_is_read import NEWSPAPER

STORIES = len(NEWSPAPER.edition("https://bao.example.vn").stories)
DATE = "2024-05-06T07:08:09Z"
ABOUT = b"robots: checked via crawler-commons\r\ndescription: News crawl for a test\r\nisPartOf: CC-NEWS\r\n"


def pages(count: int) -> Iterator[tuple[str, bytes, str]]:
    """Yield articles, each of another address, story by story, newspaper by newspaper: URL, body, Content-Type."""
    for number in range(count):
        if number % STORIES == 0:
            base = f"https://bao{number // STORIES}.vn"
            edition = NEWSPAPER.edition(base)
        path = edition.stories[number % STORIES].path
        response = answer_of(edition, path)
        kind = next(value for name, value in response.headers if name.lower() == "content-type")
        yield base + path, response.body, kind


class NewsWarc:
    """A WARC file in the form of CC-NEWS, open to be written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.offsets: dict[str, int] = {}  # of responses, by their URLs
        self._write("warcinfo", ABOUT, "", Content_Type="application/warc-fields")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def respond(self, url: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> None:
        """Write a request, the response and what the crawler noted."""
        self._write("request", b"GET / HTTP/1.1\r\nUser-Agent: a crawler\r\n\r\n", url)
        self.offsets[url] = self._file.tell()
        named = {"WARC_IP_Address": "192.0.2.7", "WARC_Payload_Digest": sha1(body)}
        response = self._write("response", answer(body, "Server: x", status=status, kind=kind), url, **named)
        self._write("metadata", b"fetchTimeMs: 12\r\n", url, WARC_Concurrent_To=response)

    def revisit(self, url: str) -> None:
        """Write that a page was as before."""
        self._write("revisit", b"", url, WARC_Payload_Digest="sha1:AAAA", WARC_Refers_To_Target_URI=url)

    def _write(self, kind: str, block: bytes, url: str, **fields: str) -> str:
        record_id = f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {self._file.tell()}')}>"
        self._file.write(packed(record(kind, block, url, DATE, WARC_Record_ID=record_id, **fields)))
        return record_id


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
