"""What does a sitemap name: a urlset, an index of sitemaps, a news sitemap, a feed used as one, a list as plain text.

The formats: sitemaps.org 0.9, Google's news extension, RSS 2.0 and Atom 1.0, which sitemaps.org allows too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import islice
from xml.etree.ElementTree import Element, ParseError  # its types alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.discover.article_urls import is_article_url, is_section_url
from scraper.errors import BadEncoding, ParseFailed, TooLarge, Truncated
from scraper.models import Found, Page, Role
from scraper.net.decode import gunzip
from scraper.sites import Site
from scraper.urls import join

MAX_ENTRIES = 50_000
"""More than this in one file is against the protocol, and is cut."""

MAX_XML_BYTES = 50 << 20
"""Decompressed; the protocol's own limit."""

MAX_DEPTH = 12
"""Elements within elements; a sitemap has four."""

ENTRIES = {"url", "sitemap", "item", "entry"}
LINKS = {"loc", "link"}
TIMES = ("lastmod", "publication_date", "pubDate", "updated", "published")


def read_sitemap(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return what a sitemap or feed names, at most 50,000; an index names sitemaps, the latest changed first.

    Raises ParseFailed for what is none, for entities (a bomb, or a file of the reader's machine) and for what is too
    large. A file that breaks off or is not well-formed gives what can be made out.
    """
    xml = _inflated(page.body, page.url).lstrip(b"\xef\xbb\xbf \t\r\n")
    entries = _read_lines(xml) if xml[:4].lower() == b"http" else _read_xml(xml, page.url)
    found = [link for entry in entries if (link := _found(entry, page.url, site)) is not None]
    sitemaps = [link for link in found if link.role is Role.SITEMAP]
    return (*sorted(sitemaps, key=_recency, reverse=True), *(link for link in found if link.role is not Role.SITEMAP))


@dataclass(slots=True)
class _Entry:
    """One entry as written."""

    is_sitemap: bool = False
    url: str | None = None
    title: str | None = None
    times: dict[str, str] = field(default_factory=dict)


def _inflated(body: bytes, url: str) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[: MAX_XML_BYTES + 1]
    try:
        return gunzip(body, url=url, max_bytes=MAX_XML_BYTES)
    except TooLarge as error:
        raise ParseFailed(url, f"the sitemap is larger than {MAX_XML_BYTES >> 20} MB") from error
    except (BadEncoding, Truncated) as error:
        raise ParseFailed(url, f"the gzip file is damaged ({error.reason})") from error


def _read_lines(text: bytes) -> list[_Entry]:
    return [_Entry(url=line.strip()) for line in text.decode("utf-8", "replace").splitlines()[:MAX_ENTRIES]]


def _read_xml(xml: bytes, url: str) -> list[_Entry]:
    entries: list[_Entry] = []
    try:
        entries.extend(islice(_entries(xml), MAX_ENTRIES))
    except DefusedXmlException as error:
        raise ParseFailed(url, "the XML defines entities, which no sitemap needs") from error
    except (ParseError, ValueError, LookupError) as error:  # what expat says of an unknown encoding
        entries = _read_broken(xml)
        if not entries:
            raise ParseFailed(url, f"neither a sitemap nor a feed ({error})") from error
    if not entries and not _is_empty_sitemap(xml):
        raise ParseFailed(url, "neither a sitemap nor a feed")
    return entries


def _is_empty_sitemap(xml: bytes) -> bool:
    start = xml[:2_000].lower()
    return any(name in start for name in (b"<urlset", b"<sitemapindex", b"<rss", b"<feed", b"<rdf:rdf"))


def _entries(xml: bytes) -> Iterator[_Entry]:
    root: Element | None = None
    depth = 0
    for event, element in iterparse(BytesIO(xml), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if root is None:
            root = element
        if depth > MAX_DEPTH:
            raise ParseError("elements nested too deep")
        if event == "end" and _local(element) in ENTRIES:
            yield _entry(element)
            root.clear()  # what was read is let go


def _entry(element: Element) -> _Entry:
    entry = _Entry(is_sitemap=_local(element) == "sitemap")
    for part in element.iter():
        name, text = _local(part), (part.text or "").strip()
        if _is_of_media(part):
            continue
        if name in LINKS and entry.url is None and part.get("rel", "alternate") == "alternate":
            entry.url = text or part.get("href")
        elif name == "title" and entry.title is None:
            entry.title = text or None
        elif name in TIMES:
            entry.times[name] = text
    return entry


def _read_broken(xml: bytes) -> list[_Entry]:
    """Read what is no XML (a bare & in a URL, a file cut short) as a browser reads HTML: leniently."""
    tree = LexborHTMLParser(xml)
    entries = []
    for node in islice(tree.css("url, sitemap"), MAX_ENTRIES):
        entry = _Entry(
            is_sitemap=node.tag == "sitemap", url=_text_of(node, "loc"), title=_text_of(node, "news\\:title")
        )
        lastmod = _text_of(node, "lastmod")
        entry.times = {"lastmod": lastmod} if lastmod else {}
        entries.append(entry)
    return entries


def _text_of(node: LexborNode, selector: str) -> str | None:
    part = node.css_first(selector)
    return part.text().strip() or None if part else None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _is_of_media(element: Element) -> bool:
    """Tell whether the element belongs to the image or video extension, which has a loc and a title of its own."""
    namespace = element.tag.rpartition("}")[0]
    return "image" in namespace or "video" in namespace or "mrss" in namespace


def _found(entry: _Entry, base: str, site: Site | None) -> Found | None:
    url = join(base, entry.url) if entry.url else None
    if url is None:
        return None
    role = Role.SITEMAP if entry.is_sitemap else _role(url, site)
    modified_at = next((time for name in TIMES if (time := _time(entry.times.get(name, "")))), None)
    return Found(url, role, entry.title, modified_at) if role else None


def _role(url: str, site: Site | None) -> Role | None:
    """Tell articles from sections; what a rule or the form of the URL shows to be neither is left out."""
    if is_article_url(url, site):
        return Role.ARTICLE
    return Role.LISTING if is_section_url(url) else None


def _time(text: str) -> datetime | None:
    """Read a W3C date and time, or a feed's RFC 822 date; None for what is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, TypeError, IndexError, OverflowError):  # all of which parsedate_to_datetime raises
            continue
    return None


def _recency(link: Found) -> float:
    """Return when the entry was changed, to sort by; an unknown time is the oldest."""
    if link.modified_at is None:
        return float("-inf")
    moment = link.modified_at if link.modified_at.tzinfo else link.modified_at.replace(tzinfo=UTC)
    return moment.timestamp()
