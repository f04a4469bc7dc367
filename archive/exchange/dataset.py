"""A dataset: what very many pages said, as Parquet; its columns and places, and records of articles from its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.content import clean, content_sha256, page_sha256, utc_text
from archive.errors import BadRecord
from archive.exchange import fields
from archive.exchange.parquet import library
from archive.exchange.rebuilding import Record
from archive.exchange.records import FORM as RECORD_FORM
from scraper.models import Failed, Link, Visit

FORM = 1
"""Raised when a dataset is written in another way."""

NAME = "luubao-dataset.json"
"""By which a dataset is known: what it is, and what each column means."""

ARTICLES, FAILURES, SOURCES, DUPLICATES = "articles", "failures", "sources", "duplicates"
"""The folders: two tables, what was read to its end, and what `--duplicates` found."""

AS_JSON = ("blocks", "provenance")
"""Columns whose values differ in form from one to the next."""


class By(StrEnum):
    """Into which files articles go."""

    SITE_MONTH = "site-month"
    MONTH = "month"  # for files of very many newspapers, which would make as many small files

    def folder(self, site: str, month: str) -> str:
        """Return where an article stands, below the dataset."""
        first = f"site={quote(site, safe='')}/" if self is By.SITE_MONTH else ""
        return f"{ARTICLES}/{first}month={month}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a page stands: in which file or archive, and there at which byte, or under which id."""

    source: str
    offset: int | None = None  # None in an archive
    record_id: str = ""


_SEEN = {
    "site": fields.FLAT["site"],
    "month": "month in which it appeared; where the page does not tell, in which it was visited",
    "requested_url": "address that was asked for; differs from url after redirects",
    "captured_at": "when the page was asked for, UTC",
    "status": "status of the answer",
    "page_length": fields.LIGHT["page_length"],
    "wire_length": "bytes of the page as sent",
    "page_sha256": fields.LIGHT["page_sha256"],
    "content_sha256": fields.LIGHT["content_sha256"],
    "reader_version": fields.LIGHT["reader_version"],
    "rules_hash": fields.LIGHT["rules_hash"],
}
_POINTER = {
    "source": "file or archive that has the page",
    "source_offset": "byte at which the record, or its gzip member, begins there; null in an archive",
    "record_id": "WARC-Record-ID; in an archive capture:ID",
}
_ARTICLE = (
    "url", "canonical_url", "kind", "title", "lead", "body", "blocks", "published_at", "published_on", "modified_at",
    "authors", "section", "tags", "language", "source_name", "source_published_at", "images", "related", "links",
    "word_count", "rights", "provenance",
)  # fmt: skip
_OF_PAGE = {
    "url": "address of the page",
    "links": "all other links of the page: url, title, relation",
    "blocks": fields.WHOLE["blocks"] + ", as JSON",
    "provenance": fields.WHOLE["provenance"] + ", as JSON",
}
COLUMNS = {name: (fields.WHOLE | _OF_PAGE)[name] for name in _ARTICLE} | _SEEN | _POINTER
"""The columns of articles, and what each means: those of an article, then of the visit, then where the page stands."""

FAILURE_COLUMNS = {
    "code": "class of the failure: not_found, blocked, parse_timeout, damaged_record, …",
    "message": "what was wrong, for people",
    "url": "address of the page; null: the record does not come so far",
    "site": fields.FLAT["site"],
    "captured_at": _SEEN["captured_at"],
} | _POINTER  # fmt: skip

_NUMBERS = frozenset({"word_count", "status", "page_length", "wire_length", "source_offset"})


def article_schema() -> Any:  # noqa: ANN401 -- a library without types
    """Return the schema of articles; raises ExchangeError where pyarrow is not installed."""
    return _schema(tuple(COLUMNS))


def failure_schema() -> Any:  # noqa: ANN401 -- as above
    """Return the schema of failures, as `article_schema`."""
    return _schema(tuple(FAILURE_COLUMNS))


def _schema(names: tuple[str, ...]) -> Any:  # noqa: ANN401 -- as above
    pa, _ = library()
    link = pa.struct([(name, pa.string()) for name in ("url", "title", "relation")])
    picture = pa.struct([(name, pa.string()) for name in ("url", "caption", "credit", "alt")])
    truths = {"tdm_reservation", "is_free"}
    rights = ("robots", "tdm_reservation", "tdm_policy", "licence", "is_free")
    kinds = {
        "published_on": pa.date32(),
        "captured_at": pa.timestamp("us", tz="UTC"),
        "authors": pa.list_(pa.string()),
        "tags": pa.list_(pa.string()),
        "images": pa.list_(picture),
        "related": pa.list_(link),
        "links": pa.list_(link),
        "rights": pa.struct([(name, pa.bool_() if name in truths else pa.string()) for name in rights]),
    } | {name: pa.int64() for name in _NUMBERS}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


def article_row(visit: Visit, pointer: Pointer, *, reader_version: str, rules_hash: str) -> dict[str, Any]:
    """Return what a page said as a row; the visit has an article."""
    page, article = visit.page, visit.article
    if article is None:
        raise ValueError("a visit without an article is no row")
    row = article.to_dict() | {"published_on": article.published_on}
    row |= {name: json.dumps(row[name], ensure_ascii=False) for name in AS_JSON}
    return row | _pointer_row(pointer) | {
        "site": visit.task.site,
        "month": f"{article.published_on or page.fetched_at:%Y-%m}",
        "requested_url": page.requested_url,
        "captured_at": page.fetched_at,
        "status": page.status,
        "page_length": len(page.body),
        "wire_length": len(page.body if page.wire_body is None else page.wire_body),
        "page_sha256": page_sha256(page.body).hex(),
        "content_sha256": content_sha256(article).hex(),
        "reader_version": reader_version,
        "rules_hash": rules_hash,
    }  # fmt: skip


def failure_row(failed: Failed, pointer: Pointer) -> dict[str, Any]:
    """Return a page that is no article as a row."""
    told = {"code": failed.code, "message": failed.message, "url": failed.task.url, "site": failed.task.site}
    return told | {"captured_at": failed.failed_at} | _pointer_row(pointer)


def damage_row(error: BadRecord, source: str) -> dict[str, Any]:
    """Return a record that cannot be read as a row."""
    told = {"code": "damaged_record", "message": error.reason, "url": None, "site": None, "captured_at": None}
    return told | _pointer_row(Pointer(source, error.offset))


def _pointer_row(pointer: Pointer) -> dict[str, Any]:
    return {"source": pointer.source, "source_offset": pointer.offset, "record_id": pointer.record_id}


def storable(value: Any) -> Any:  # noqa: ANN401 -- a value of a row
    """Return a value without what UTF-8 cannot hold: lone surrogates, which JSON in pages may hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {name: storable(each) for name, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list) else value


# --- back -------------------------------------------------------------------------------------------------------------


def is_dataset(path: Path) -> bool:
    """Tell whether a path is that of a dataset."""
    return (path / NAME).is_file()


def record_of(row: Mapping[str, Any]) -> Record:
    """Return an article as a record of JSON lines, which the import knows; the page itself is not with it.

    Read it was when it was visited, as if by a crawl: so versions stand in the order of the newspaper.
    """
    seen_at = utc_text(row["captured_at"].astimezone(UTC))
    told = {name: row[name] for name in _ARTICLE} | {name: json.loads(row[name]) for name in AS_JSON}
    told["published_on"] = row["published_on"] and row["published_on"].isoformat()
    told["links"] = [[link[name] for name in Link._fields] for link in row["links"]]
    times = dict.fromkeys(("first_seen_at", "last_seen_at", "last_changed_at"), seen_at)
    place = {"site": row["site"], "state": "live", "missing_count": 0, "missing_since": None}
    read = {name: row[name] for name in ("reader_version", "rules_hash", "content_sha256")}
    return told | times | place | read | {
        "luubao": RECORD_FORM,
        "version": 1,
        "cause": "created",
        "read_at": seen_at,
        "urls": _urls(row, seen_at),
        "events": [],
        "capture": _capture(row),
    }  # fmt: skip


def _urls(row: Mapping[str, Any], seen_at: str) -> list[dict[str, str]]:
    met = {clean(row["requested_url"]): "redirect"} | {clean(row["url"]): "fetched"}
    return [{"url": url, "met_as": met_as, "first_seen_at": seen_at} for url, met_as in met.items()]


def _capture(row: Mapping[str, Any]) -> dict[str, Any]:
    at: datetime = row["captured_at"].astimezone(UTC)
    nothing = dict.fromkeys(("server_address", "wire_sha256", "request_headers", "headers"))
    lengths = {"wire_length": row["wire_length"], "body_length": row["page_length"]}
    waits = dict.fromkeys(("waited_seconds", "first_byte_seconds", "total_seconds"), 0.0)
    return nothing | lengths | waits | {
        "url": row["url"],
        "requested_url": None if row["requested_url"] == row["url"] else row["requested_url"],
        "fetched_at": utc_text(at, timespec="microseconds"),
        "status": row["status"],
        "reason": "",
        "http_version": "",
        "outcome": "new",
        "body_sha256": row["page_sha256"],
        "redirects": [],
    }  # fmt: skip
