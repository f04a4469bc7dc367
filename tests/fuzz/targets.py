"""What is thrown at junk: each function takes any bytes, and raises only where a promise is broken.

Declared errors are caught here. What comes out is held to its bounds, and can be written down as UTF-8 and JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.connect import open_reader
from archive.errors import ArchiveError, QueryError
from archive.exchange.sources import source_of
from archive.search import search
from archive.store import Archive
from commands.importing import import_all
from scraper import charset, parse, urls
from scraper.discover.feeds import read_feed
from scraper.discover.sitemaps import read_sitemap
from scraper.errors import BadUrl, ParseFailed, ScraperError
from scraper.models import Found, Page, Role, Task
from scraper.net.decode import decode_body
from scraper.net.robots import MAX_SITEMAPS, parse_robots
from scraper.reading import Reading, read_page
from tests.archive.kit import NOW, open_archive, url_of, visit_of

URL = "https://bao.example.vn/thoi-su/ben-ca-dong-ghe-100409.html"
MAX_DECODED = 100_000
MAX_FOUND = 200_000
CODINGS = ("gzip", "deflate", "gzip, deflate", "identity", "br", "gzip, gzip, gzip")

Target = Callable[[bytes], None]


def page_of(body: bytes, url: str = URL) -> Page:
    return Page(url, url, 200, (("Content-Type", "text/html"),), body, NOW)


def decode(data: bytes) -> None:
    """Undo codings: within the bound, or a classed error that names the URL."""
    coding = CODINGS[data[0] % len(CODINGS)] if data else None
    try:
        body = decode_body(data[1:], coding, url=URL, max_bytes=MAX_DECODED)
    except ScraperError:
        return
    assert len(body) <= MAX_DECODED


def text(data: bytes) -> None:
    """Decode to text: what comes out can be encoded, and is never more letters than there were bytes."""
    label, _, body = data.partition(b"\n")
    text = charset.decode_html(body, f"text/html; charset={label.decode('latin-1')}")
    text.encode()
    assert len(text) <= len(body)


def page(data: bytes) -> None:
    """Read a page: what it says is JSON, and no longer than the page."""
    article = parse(data, URL, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    json.dumps(article.to_dict(), allow_nan=False).encode()
    assert len(article.title or "") <= 1000
    assert len(article.body) <= 4 * len(data) + 1000


def robots(data: bytes) -> None:
    """Read a robots.txt: it answers for any URL, and its delay is a number."""
    rules = parse_robots(data, url="https://bao.example.vn/robots.txt")
    for url in (URL, "https://bao.example.vn/", "https://bao.example.vn/?a=%41*$"):
        assert rules.allows(url) in {True, False}
    assert len(rules.sitemaps) <= MAX_SITEMAPS
    assert rules.crawl_delay_seconds is None or rules.crawl_delay_seconds >= 0
    assert all(map(urls.is_fetchable, rules.sitemaps))


def sitemap(data: bytes) -> None:
    """Read a sitemap: URLs that can be fetched, or a classed error."""
    with suppress(ParseFailed):
        _check_found(read_sitemap(page_of(data, "https://bao.example.vn/sitemap.xml")))


def feed(data: bytes) -> None:
    """Read a feed, as `sitemap`."""
    with suppress(ParseFailed):
        _check_found(read_feed(page_of(data, "https://bao.example.vn/rss")))


def _check_found(found: tuple[Found, ...]) -> None:
    assert len(found) <= MAX_FOUND
    for link in found:
        assert urls.is_fetchable(link.url)
        (link.title or "").encode()


def listing(data: bytes) -> None:
    """Read a listing with all that is asked of one."""
    with suppress(ParseFailed):
        reading = read_page(page_of(data), Task(URL, Role.LISTING, "bao.example.vn"))
        _check_found(reading.found)


def url(data: bytes) -> None:
    """Take a URL apart: one normal form, that stays so, or BadUrl."""
    typed = data.decode("utf-8", "surrogateescape" if data[:1] == b"s" else "replace")
    for base in (URL, "", typed[: len(typed) // 2]):
        joined = urls.join(base, typed)
        assert joined is None or urls.normal(joined) == joined
    assert urls.shown(typed).isprintable()
    try:
        normal, canonical, key = urls.normal(typed), urls.canonical(typed), urls.alias_key(typed)
    except BadUrl:
        assert not urls.is_fetchable(typed)
        return
    assert normal.isascii()
    assert len(normal) <= urls.MAX_URL_CHARS
    assert urls.normal(normal) == normal
    assert urls.canonical(canonical) == canonical
    assert urls.alias_key(canonical) == key


def query(data: bytes) -> None:
    """Search for anything: hits, or an error that says what to do."""
    typed = data.decode("utf-8", "replace")
    with suppress(QueryError):
        hits = search(open_reader(_library().path), typed)
        assert len(hits) <= 20


def imported(data: bytes) -> None:
    """Import a file of anything: an archive that is sound, or an error that names the file."""
    library = _library()
    file = library.path.with_name("file")
    file.write_bytes(data)
    told: list[str] = []
    with suppress(ArchiveError):
        import_all(library, [source_of(file, URL)], read=_read, known=(), say=told.append)
    assert all(len(line) < 2_000 for line in told)


def _read(task: Task, page: Page) -> Reading:
    return read_page(page, task)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="luubao-fuzz-")


@cache
def _library() -> Archive:
    """Return an archive of three articles that lives as long as this process."""
    archive = open_archive(Path(_folder().name) / "archive.db")
    archive.start_run("import", {}, NOW)
    for number in range(3):
        archive.keep(visit_of(url_of(number), title=f"Tin số {number}"))
    return archive


TARGETS: dict[str, Target] = {
    "decode": decode,
    "text": text,
    "page": page,
    "robots": robots,
    "sitemap": sitemap,
    "feed": feed,
    "listing": listing,
    "url": url,
    "query": query,
    "import": imported,
}
