"""Newspapers whose server answers each request as the dice fall: right in many ways, or wrong in every way we know."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from dataclasses import dataclass, field

from tests.servers.broken import bomb, never_a_page
from tests.servers.hostile import DOCUMENTS
from tests.servers.raw import NOT_FOUND, Request, Script, answer, redirect

ARTICLES, HOSTILE = 15, 1  # of each newspaper
SENTENCE = "người dân hai bờ sông đi lại dễ dàng hơn, hàng hóa về chợ sớm hơn trước"
ROBOTS = answer(b"User-agent: *\nDisallow: /cam/\n", Content_Type="text/plain")


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


def title_of(name: str, number: int) -> str:
    return f"Cầu số {number} ở {name} thông xe sau ba năm thi công"


def paragraphs_of(name: str, number: int) -> list[str]:
    return [f"Nhịp {n} của cầu số {number} ở {name}: {SENTENCE}." for n in range(1, 10)]


def article_page(name: str, number: int) -> bytes:
    title, body = title_of(name, number), "".join(f"<p>{text}</p>" for text in paragraphs_of(name, number))
    return f"<!doctype html><html lang=vi><title>{title}</title><article><h1>{title}</h1>{body}</article>".encode()


def right(body: bytes) -> list[bytes]:
    """Return whole answers with this body, each in its way."""
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:half], body[half:]))
    return [
        answer(body),
        answer(body, Connection="close"),
        answer(gzip.compress(body), Content_Encoding="gzip"),
        answer(zlib.compress(body), Content_Encoding="deflate"),
        answer(body, ETag='"always"', Last_Modified="Sun, 01 Mar 2026 08:00:00 GMT"),
        answer(b"").partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50 + answer(body),
        answer(body, **{f"X_{n}": "x" for n in range(300)}),
    ]


def wrong(body: bytes) -> list[bytes | Script]:
    """Return answers from which nothing may be kept as the page that this body is."""
    packed = gzip.compress(body)
    return [
        *never_a_page(),
        drip,
        answer(body[: len(body) // 2], Content_Length=str(len(body)), Connection="close"),
        answer(packed[:-20], Content_Encoding="gzip"),
        answer(packed[:-8] + b"\1" * 8, Content_Encoding="gzip"),
        answer(gzip.compress(b"") * 5_000, Content_Encoding="gzip"),
        answer(bomb(20), "404 Not Found", Content_Encoding="gzip"),
        answer(bomb(20, wbits=15), Content_Encoding="deflate"),
        answer(body, **{f"X_{n}": "x" for n in range(3_000)}),
        answer(body, "999 Whatever"),
        answer(body, "401 Who are you"),
        answer(body, "451 Not for you"),
        answer(body, Content_Type="application/pdf"),
        answer(b"%PDF-1.7 " + body),
        answer(b"<title>Just a moment...</title>cf <p>", CF_Mitigated="challenge"),
        answer("<title>Không tìm thấy trang</title><h1>404</h1><p>Không tìm thấy trang.".encode()),
        answer(b"", "429 Slow", Retry_After="1"),
        answer(b"", "503 Busy", Retry_After="100000"),
        redirect("/x" * 35_000),
        redirect("data:text/html,tin"),
        redirect("/"),
        redirect("/", "301 Moved Permanently"),
        b"HTTP/0.9\r\n\r\n" + body,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + body,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n" + body,
    ]  # fmt: skip


@dataclass
class Fire:
    """Chooses the answers of one newspaper; the same for the same name and order of requests."""

    name: str
    share_wrong: float = 0.3
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.name)  # noqa: S311 -- a test that can be repeated

    def __call__(self, request: Request) -> bytes | Script:
        if request.target == "/robots.txt":
            return self._dice.choice(wrong(b"x")) if self._dice.random() < 0.1 else ROBOTS
        body = self._body(request.target)
        if body is None:
            return NOT_FOUND
        return self._dice.choice(wrong(body) if self._dice.random() < self.share_wrong else right(body))

    def _body(self, target: str) -> bytes | None:
        kind, _, number = target.removesuffix(".html").partition("-")
        match kind:
            case "/tin":
                return article_page(self.name, int(number))
            case "/la":
                return self._dice.choice(list(DOCUMENTS.values()))()
            case "/":
                links = "".join(f"<p><a href={path}>{path}: {SENTENCE}</a>" for path in paths())
                return f"<title>{self.name}</title>{links}".encode()
            case "/sitemap.xml":
                return (
                    f"<urlset>{''.join(f'<url><loc>http://x{path}</loc></url>' for path in paths())}</urlset>".encode()
                )
            case "/feed.xml":
                items = "".join(f"<item><title>{path}</title><link>{path}</link></item>" for path in paths())
                return f"<rss version='2.0'><channel><title>{self.name}</title>{items}</channel></rss>".encode()
            case _:
                return None


def paths() -> list[str]:
    """Return the paths of a newspaper's articles, and of what only looks like some."""
    first = 100_001
    return [f"/tin-{first + n}.html" for n in range(ARTICLES)] + [f"/la-{first + n}.html" for n in range(HOSTILE)]
