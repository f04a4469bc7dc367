"""What the newspaper calls itself on a page: a name that is no headline."""

from __future__ import annotations

import re
import unicodedata

from scraper.document import Document
from scraper.text import folded
from scraper.urls import host_of, registrable

MIN_LABEL_CHARS = 5
MAX_LETTERS_BESIDE = 12
"""Of a name that holds the host's: `Báo Bình Thuận điện tử` at binhthuan.vn."""
MAX_NAME_CHARS = 60
_PART = re.compile(r"\s+[|–—\-·•»«:]+\s+|\s*[|•»：｜]\s*|:\s+")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_PLAIN = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "s"})


def name_of(document: Document) -> str:
    """Return the outlet's name as metadata give it, else the part of `<title>` that the host spells; "" for neither."""
    told = document.first_meta("og:site_name", "application-name")
    return told or next((part for part in _PART.split(document.head_title) if is_of_host(part, document.url)), "")


def is_of_host(text: str, url: str) -> bool:
    """Tell whether the letters of a name are those of the host: `Northport News` at northport-news.example."""
    host = registrable(host_of(url) or "") or ""
    label = _letters(host.partition(".")[0])
    letters = _letters(text) if 0 < len(text) <= MAX_NAME_CHARS else ""
    if not label or not letters:
        return False
    holds = len(label) >= MIN_LABEL_CHARS and label in letters and len(letters) <= len(label) + MAX_LETTERS_BESIDE
    return letters == label or letters == _letters(host) or holds


def names_of(document: Document) -> frozenset[str]:
    """Return the outlet's names, folded: what links to the front page are called, and what the host spells."""
    homes = {
        "/",
        *(f"{scheme}://{host_of(document.url) or ''}{end}" for scheme in ("http", "https") for end in ("", "/")),
    }
    found: set[str] = set()
    for i, href in document.with_attribute("href").items():
        if href in homes and document.tags[i] == "a":
            pictures = document.between(i, document.ends[i], "img")
            found |= {
                document.text(i),
                document.attribute(i, "title"),
                *(document.attribute(j, "alt") for j in pictures),
            }
    shown = [document.text(i) for i in document.by_tag.get("h1", ()) if document.length(i) <= MAX_NAME_CHARS]
    found.update(text for text in (document.head_title, *shown) if is_of_host(text, document.url))
    return frozenset({folded(name) for name in found} - {""})


def _letters(text: str) -> str:
    plain = "".join(mark for mark in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(mark))
    return _NO_LETTER.sub("", plain.translate(_PLAIN))
