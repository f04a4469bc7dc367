"""Entries as an Atom feed (RFC 4287): pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from archive.harmless import safe_address, seen

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00Z"
"""When a feed without entries changed last: it has to say something."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_NO_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader of feeds is told of once."""

    id: str
    title: str
    updated: str  # RFC 3339
    link: str
    original: str  # the newspaper's own address
    published: str | None = None  # None, or no whole time: not told
    summary: str | None = None
    authors: Sequence[str] = ()
    category: str | None = None
    language: str = "und"  # BCP 47, of title and summary


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries, the latest first."""

    id: str
    title: str
    address: str  # of the feed itself
    link: str  # of the page that shows the same
    language: str
    entries: Sequence[Entry]


def written(feed: Feed) -> str:
    """Return the feed as XML."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", max((entry.updated for entry in feed.entries), default=NEVER))
    _add(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed.address})
    _add(root, "link", {"rel": "alternate", "type": "text/html", "href": feed.link})
    _add(root, "generator", "luubao")
    _add(_add(root, "author"), "name", "luubao")
    for entry in feed.entries:
        _write(_add(root, "entry", {"xml:lang": entry.language}), entry)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _write(element: ET.Element, entry: Entry) -> None:
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated)
    if entry.published and _TIME.fullmatch(entry.published):
        _add(element, "published", entry.published)
    _add(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.link})
    original = safe_address(entry.original)
    if original != "#":
        _add(element, "link", {"rel": "via", "href": original})
    for name in filter(None, map(_clean, entry.authors)):
        _add(_add(element, "author"), "name", name)
    if entry.category:
        _add(element, "category", {"term": entry.category})
    if entry.summary:
        _add(element, "summary", entry.summary)


def _add(parent: ET.Element, tag: str, value: str | Mapping[str, str] = "") -> ET.Element:
    """Add an element with a text, or with attributes."""
    attributes = {} if isinstance(value, str) else {name: _clean(text) for name, text in value.items()}
    element = ET.SubElement(parent, tag, attributes)
    if isinstance(value, str) and value:
        element.text = _clean(value)
    return element


def _clean(text: str) -> str:
    """Take out what XML may not hold, and what turns the order of a text round."""
    return _NO_XML.sub("", seen(text))
