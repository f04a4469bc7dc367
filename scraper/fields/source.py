"""Whose text a reprint is, and when it appeared there: `(baobinhthuan.com.vn) 29/03/2023, 05:23`, `Theo TTXVN`."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from scraper.document import TEXT, Document
from scraper.fields import date_formats, signs
from scraper.fields.candidates import Candidate, Chosen, first
from scraper.fields.date_lines import Moment
from scraper.fields.names import is_name, is_outlet
from scraper.fields.region import Region, block_of
from scraper.fields.signs import Sign
from scraper.fields.zones import is_month_first, localised, zone_of
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import one_line
from scraper.urls import host_of, registrable

MAX_LINE_CHARS = 140
MAX_NAME_CHARS = 60
MIN_KEY_CHARS = 4
NEAR_END_CHARS = 600  # of text after the body, in which a source line may stand
MAX_LAST_LINES = 8  # of the body
MAX_NEXT_LINES = 6  # below the body

_BRACKETED = re.compile(r"^\s*[(\[](?P<name>[^()\[\]]{2,60})[)\]]\s*[-–:|,]?\s*(?P<rest>\S.*)$", re.DOTALL)
_LABELLED = re.compile(
    r"^\s*[(\[]?\s*(?:(?:nguồn(?: tin| bài)?|source|quelle|fuente|fonte|bron|kilde|källa|źródło|zdroj|kaynak|sumber"
    r"|источник|джерело|出典|来源|來源|출처)\s*[:：]|theo)\s*(?P<name>[^()\[\]]{2,90}?)\s*[)\]]?\s*\.?\s*$",
    re.IGNORECASE,
)
_THEO = re.compile(r"^\s*[(\[]?\s*theo\b", re.IGNORECASE)
_DOMAIN = re.compile(r"^(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,12}(?:\.[a-z]{2})?$", re.IGNORECASE)
_PICTURE = re.compile(r"^\s*(?:ảnh|hình|photo|foto|bild|image|video|clip)\b", re.IGNORECASE)
_CALENDAR = re.compile(r"^(?:thứ|chủ nhật|gmt|utc|am|pm|cập nhật|updated|theo dõi)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """Whose text it is, and when it appeared there; the time is None where the line does not tell it."""

    name: str
    published_at: Moment | None = None


def choose(
    document: Document, *, language: str | None = None, body: int | None = None, site: Site | None = None
) -> Chosen[Source] | None:
    """Choose the source of a reprint; None where the page names none.

    `body` is the number of the text's container. A date beside the name in brackets is the time at the source. A person
    after `Theo` is an author and no source.
    """
    found = chain(_of_rules(document, site), _lines(document, body, language), _of_structure(document))
    return first(found, lambda c: "the newspaper itself" if is_own(document.url, c.value.name) else None)


def is_own(url: str, name: str) -> bool:
    """Tell whether a name is the newspaper's at this URL: `Báo Lào Cai điện tử` of baolaocai.vn."""
    label = _key(registrable(host_of(url) or "").split(".")[0])
    key = _key(name)
    return bool(label and key) and (label in key or (len(key) >= MIN_KEY_CHARS and key in label))


def _key(text: str) -> str:
    """Return the letters and digits of a text, without accents and in lower case."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(mark for mark in plain if mark.isalnum())


def _of_rules(document: Document, site: Site | None) -> Iterator[Candidate[Source]]:
    times = apply.candidates(site, "source_published_at", document)
    for hit in apply.candidates(site, "source_name", document):
        found = date_formats.machine_readable(times[0].text) if times else None
        dated = date_formats.find(times[0].text) if times and found is None else ()
        value = found or (dated[0].value if dated else None)
        yield Candidate(hit.source, Source(hit.text.strip("() "), _local(document, value, document.language)))


def _lines(document: Document, body: int | None, language: str | None) -> Iterator[Candidate[Source]]:
    """Yield what the lines at the end of the text and below it say, the last line of the text first."""
    end = Region(document, None, body).end
    if body is None or end is None:
        return
    for i in [*_last(document, body, end), *_next(document, end)]:
        text = document.text(i)
        if len(text) > MAX_LINE_CHARS or _PICTURE.match(text):
            continue
        bracketed = _bracketed(document, text, language)
        if bracketed:
            yield Candidate("line:(source) date", bracketed, i)
        labelled = _labelled(text)
        if labelled:
            yield Candidate("line:source", Source(labelled), i)


def _bracketed(document: Document, text: str, language: str | None) -> Source | None:
    match = _BRACKETED.match(text)
    if not match or _CALENDAR.match(match["name"]):
        return None
    dates = date_formats.find(match["rest"], month_first=is_month_first(document.url, language))
    is_date_alone = bool(dates) and len(match["rest"]) - (dates[0].end - dates[0].start) <= 8  # noqa: PLR2004 - "| GMT+7"
    if not is_date_alone or dates[0].problem or not (_DOMAIN.match(match["name"]) or is_outlet(match["name"])):
        return None
    return Source(one_line(match["name"]), _local(document, dates[0].value, language))


def _labelled(text: str) -> str | None:
    match = _LABELLED.match(text)
    if not match:
        return None
    name = one_line(match["name"]).strip(" .,:;-–")
    if _THEO.match(text) and not (is_outlet(name) or _DOMAIN.match(name) or name.isupper()):
        return None
    return name if len(name) <= MAX_NAME_CHARS and len(name.split()) <= 8 else None  # noqa: PLR2004 - a name, no sentence


def _local(document: Document, value: Moment | None, language: str | None) -> Moment | None:
    if not hasattr(value, "hour"):
        return value
    return localised(value, zone_of(document.url, language or document.language))  # type: ignore[arg-type]


def _of_structure(document: Document) -> Iterator[Candidate[Source]]:
    for name in ("article:source", "source", "original-source", "news_source"):
        for text in document.meta.get(name, ()):
            if len(text) <= MAX_NAME_CHARS and "://" not in text and not is_name(text):
                yield Candidate(f"meta:{name}", Source(text))
                return


def _last(document: Document, body: int, end: int) -> list[int]:
    return _blocks(document, range(end - 1, body, -1), MAX_LAST_LINES)


def _next(document: Document, end: int) -> list[int]:
    limit = document.chars[end] + NEAR_END_CHARS if end < len(document.chars) else 0
    stop = min(bisect_right(document.chars, limit), len(document.tags))
    found = _blocks(document, range(end, stop), MAX_NEXT_LINES)
    refused = (Sign.COMMENT, Sign.RELATED, Sign.FEED, Sign.POPULAR, Sign.SIDE)
    return [i for i in found if not signs.of(document).covers(i, *refused)]


def _blocks(document: Document, numbers: range, limit: int) -> list[int]:
    found: list[int] = []
    for i in numbers:
        if document.tags[i] == TEXT:
            block = block_of(document, i)
            if block not in found:
                found.append(block)
            if len(found) >= limit:
                break
    return found
