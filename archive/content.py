"""How an Article stands in the file and comes out of it again, and what makes two readings the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import zstandard

from scraper.models import Article, Provenance, iso
from scraper.text import nfc

ZSTD_LEVEL = 3
MIN_WORDS_TO_COMPARE = 30  # a shorter body ("Đang cập nhật") is no sign that two pages are one text
MAX_LINKS_BYTES = 20_000_000
_PACKER = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
_UNPACKER = zstandard.ZstdDecompressor()


def clean(text: str) -> str:
    """Return text that the file can hold: NFC, without NUL, and U+FFFD in place of lone surrogates."""
    if text.isascii():
        return text.replace("\0", "")
    try:
        text.encode()  # a look at each letter in Python took half the time of keeping a page
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return nfc(text).replace("\0", "")


def clean_or_none(text: str | None) -> str | None:
    """Return as `clean`; None stays None."""
    return None if text is None else clean(text)


def to_json(value: object) -> str:
    """Write JSON as the file keeps it: compact, letters as they are."""
    return clean(_ENCODER.encode(value))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # json.dumps would make one at each call


@lru_cache(maxsize=64)  # one page's times are written a dozen times
def utc_text(moment: datetime, *, timespec: str = "seconds") -> str:
    """Write an aware time in UTC, "2023-03-28T22:23:00Z"; a naive one without the Z."""
    if moment.tzinfo is None:
        return moment.isoformat(timespec=timespec)
    with suppress(OverflowError):  # "0001-01-01T00:00:00+07:00", by which .NET means no date: before year 1 in UTC
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def from_utc_text(text: str) -> datetime:
    """Read what `utc_text` wrote."""
    return datetime.fromisoformat(text)


# --- what makes a version ---------------------------------------------------------------------------------------------


def content_sha256(article: Article) -> bytes:
    """Hash the fields whose change is an edit of the newspaper's.

    Not among them: links, tags, the time of the last change and the addresses' queries of pictures, which many pages
    make anew at each visit.
    """
    pictures = [[urlsplit(i.url).path if _is_split(i.url) else i.url, i.caption, i.credit] for i in article.images]
    fields = [
        str(article.kind),
        article.title, article.lead, article.body, iso(article.published_at), list(article.authors), article.section,
        article.source_name, iso(article.source_published_at), pictures, article.rights.to_dict(),
    ]  # fmt: skip
    return hashlib.sha256(to_json(fields).encode()).digest()


def _is_split(url: str) -> bool:
    try:
        return bool(urlsplit(url).path)
    except ValueError:  # urlsplit refuses "http://[" and such
        return False


@lru_cache(maxsize=2)
def page_sha256(body: bytes) -> bytes:
    """Hash a page, once for all who ask while it is being kept."""
    return hashlib.sha256(body).digest()


@lru_cache(maxsize=2)
def body_sha256(body: str) -> bytes | None:
    """Hash the words of a body, whatever their case and spacing; None where they are too few to tell texts apart."""
    words = clean(body).casefold().split()
    return hashlib.sha256(" ".join(words).encode()).digest() if len(words) >= MIN_WORDS_TO_COMPARE else None


# --- into the file ----------------------------------------------------------------------------------------------------


def version_values(article: Article) -> dict[str, Any]:
    """Return the columns of `versions` that come from the article itself."""
    plain = {
        "title": article.title, "lead": article.lead, "body": article.body, "section": article.section,
        "language": article.language, "source_name": article.source_name, "canonical_url": article.canonical_url,
    }  # fmt: skip
    return {name: clean_or_none(value) for name, value in plain.items()} | date_values(article) | {
        "content_sha256": content_sha256(article),
        "body_sha256": body_sha256(article.body),
        "blocks": to_json([block.to_dict() for block in article.blocks]),
        "modified_at": iso(article.modified_at),
        "source_published_at": iso(article.source_published_at),
        "authors": to_json(list(article.authors)),
        "tags": to_json(list(article.tags)),
        "word_count": article.word_count,
        "rights": to_json(article.rights.to_dict()),
        "provenance": to_json({name: _provenance(value) for name, value in article.provenance.items()}),
        "other_links": _packed_links(article),
    }  # fmt: skip


def date_values(article: Article) -> dict[str, Any]:
    """Return the four columns of the date of publication: instant, offset, precision and local day."""
    at = article.published_at
    values: dict[str, Any] = {"published_at": None, "published_offset_minutes": None, "published_precision": None}
    if isinstance(at, datetime):
        offset = at.utcoffset()
        values["published_at"] = utc_text(at)
        values["published_offset_minutes"] = None if offset is None else round(offset.total_seconds() / 60)
    if at is not None:
        values["published_precision"] = "second" if isinstance(at, datetime) else "day"
    return values | {"published_on": iso(article.published_on)}


def sort_at(article: Article) -> str | None:
    """Return what "newest" goes by: the instant of publication in UTC, a day from its beginning; None without date."""
    at = article.published_at
    if isinstance(at, datetime):
        return utc_text(at).removesuffix("Z") + "Z"
    return f"{at.isoformat()}T00:00:00Z" if at else None


def image_rows(article: Article, version_id: int) -> list[tuple[Any, ...]]:
    """Return the rows of `images` for a version."""
    return [
        (version_id, n, clean(i.url), clean_or_none(i.caption), clean_or_none(i.credit), clean_or_none(i.alt))
        for n, i in enumerate(article.images)
    ]


def link_rows(article: Article, version_id: int) -> list[tuple[Any, ...]]:
    """Return the rows of `links` for a version: what the newspaper calls related."""
    return [
        (version_id, n, clean(link.url), clean_or_none(link.title), str(link.relation))
        for n, link in enumerate(article.related)
    ]


def _provenance(provenance: Provenance) -> dict[str, Any]:
    """Return what `Article.to_dict` gives, which would write the whole article out for it."""
    rejected = [{"source": r.source, "value": r.value, "reason": r.reason} for r in provenance.rejected]
    return {"source": provenance.source, "rejected": rejected}


def _packed_links(article: Article) -> bytes:
    """Pack all other links: a page has a hundred, the same on each page of a site, which is more text than its body."""
    return _packed([[link.url, link.title, str(link.relation)] for link in article.links])


def packed_links(links: Iterable[Mapping[str, Any]]) -> bytes:
    """Pack what `unpacked_links` gives."""
    return _packed([[link["url"], link["title"], link["relation"]] for link in links])


def _packed(links: list[list[Any]]) -> bytes:
    return _PACKER.compress(to_json(links).encode())


def unpacked_links(packed: bytes) -> list[dict[str, Any]]:
    """Return the links of `other_links` as `Article.to_dict` names them."""
    return [
        {"url": url, "title": title, "relation": relation} for url, title, relation in json.loads(links_json(packed))
    ]


def links_json(packed: bytes) -> str:
    """Return the links of `other_links` as JSON: a list of [url, title, relation]."""
    return _UNPACKER.decompress(packed, max_output_size=MAX_LINKS_BYTES).decode()


# --- out of the file --------------------------------------------------------------------------------------------------


def published_at(row: Mapping[str, Any]) -> datetime | date | None:
    """Return the date of publication of a row of `versions`, as the reader gave it."""
    if row["published_at"] is None:
        return date.fromisoformat(row["published_on"]) if row["published_on"] else None
    at = from_utc_text(row["published_at"])
    if row["published_offset_minutes"] is None:
        return at
    return at.astimezone(timezone(timedelta(minutes=row["published_offset_minutes"])))
