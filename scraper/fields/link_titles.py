"""What a link is called: its headline, without the dates, counts and teasers that stand in the same link."""

from __future__ import annotations

import re

from scraper.document import TEXT, Document
from scraper.fields import date_formats, signs
from scraper.fields.signs import Sign
from scraper.text import one_line

MAX_TITLE_CHARS = 300
MIN_TITLE_CHARS = 10  # that must be left when a date is cut off
MAX_DATE_CHARS = 40  # of a date line
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_ARROWS = " \t>»›•|·-–—▶►+"
_DATED = re.compile(r"\d\d")
_OPEN_END = re.compile(r"[\s(\[|•,–-]*(?:ngày đăng|đăng ngày|ngày|posted|published)?[\s:(\[|•,–-]*$", re.IGNORECASE)


def title_of(document: Document, i: int) -> str:
    """Return the title of link i: its heading, else its text, else what its picture says; "" where it has none."""
    end = document.ends[i]
    if end == i + 2 and i + 1 in document.lines:
        return without_date(document.lines[i + 1][:MAX_TITLE_CHARS].strip(_ARROWS))
    texts = document.between(i, end, TEXT)
    if not texts:
        return _of_attributes(document, i)
    dates = _dates(document, i)
    if len(texts) == 1 and not dates:
        text = document.texts[texts[0]]
    else:
        part = _heading(document, i) or i
        text = document.raw_text(part, document.ends[part], without=dates - {part})
    return without_date(one_line(text)[:MAX_TITLE_CHARS].strip(_ARROWS)) or _of_attributes(document, i)


def without_date(text: str) -> str:
    """Cut a date off the end of a title, if it stands in brackets or has a time of day.

    `Giá vàng hôm nay 7/3/2026` stays: there the date is of the headline.
    """
    if not _DATED.search(text, max(0, len(text) - 30)):
        return text
    for found in date_formats.find(text):
        before, after = text[: found.start], text[found.end :]
        is_apart = before.rstrip().endswith(("(", "[", "|")) or hasattr(found.value, "hour") or "đăng" in before[-12:]
        if is_apart and not after.strip(" )]|.-"):
            title = _OPEN_END.sub("", before)
            return title if len(title) >= MIN_TITLE_CHARS else text
    return text


def _heading(document: Document, i: int) -> int | None:
    """Return the number of the heading in link i; None where it has none with a text."""
    tags, end = document.tags, document.ends[i]
    if _HEADINGS.isdisjoint(tags[i:end]):
        return None
    return next((j for j in range(i, end) if tags[j] in _HEADINGS and document.length(j)), None)


def _dates(document: Document, i: int) -> set[int]:
    """Return the elements in node i that are dates and not the headline."""
    start, end = i + 1, document.ends[i]
    called = signs.of(document).between(start, end, Sign.DATE)
    dates = {j for j in called if document.length(j) <= MAX_DATE_CHARS}
    return dates.union(document.between(start, end, "time"))


def _of_attributes(document: Document, i: int) -> str:
    title = one_line(document.attribute(i, "title"))
    pictures = document.between(i, document.ends[i], "img")
    return title or next((alt for j in pictures if (alt := one_line(document.attribute(j, "alt")))), "")
