"""An article again from a record of ours, looked at closely: the file may come from anyone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from archive.errors import BadRecord
from scraper.models import (
    Article,
    Block,
    BlockKind,
    Image,
    Kind,
    Link,
    Provenance,
    Rejected,
    Relation,
    Rights,
)

T = TypeVar("T")
K = TypeVar("K", bound=StrEnum)
Record = Mapping[str, Any]


def article_of(record: Record) -> Article:
    """Return the article that a record tells of; raises BadRecord."""
    return Article(
        url=text(record, "url"),
        kind=one_of(Kind, record, "kind"),
        canonical_url=maybe(text, record, "canonical_url"),
        title=maybe(text, record, "title"),
        lead=maybe(text, record, "lead"),
        body=text(record, "body"),
        blocks=tuple(_block(each) for each in objects(record, "blocks")),
        published_at=maybe(moment, record, "published_at"),
        modified_at=maybe(moment, record, "modified_at"),
        authors=texts(record, "authors"),
        section=maybe(text, record, "section"),
        tags=texts(record, "tags"),
        language=maybe(text, record, "language"),
        source_name=maybe(text, record, "source_name"),
        source_published_at=maybe(moment, record, "source_published_at"),
        images=tuple(_image(each) for each in objects(record, "images")),
        related=tuple(_link(each) for each in objects(record, "related")),
        links=tuple(_short_link(each) for each in _list(record.get("links"), "links")),
        rights=_rights(mapping(record, "rights")),
        provenance={name: _provenance(each) for name, each in mapping(record, "provenance").items()},
    )


def _block(record: Record) -> Block:
    kind = one_of(BlockKind, record, "kind")
    match kind:
        case BlockKind.LIST:
            return Block(kind, items=texts(record, "items"), is_ordered=record.get("ordered") is True)
        case BlockKind.TABLE:
            rows = record.get("rows")
            return Block(kind, rows=tuple(texts({"row": row}, "row") for row in _list(rows, "rows")))
        case BlockKind.IMAGE:
            return Block(kind, image=_image(record) if "url" in record else None)
        case BlockKind.HEADING:
            return Block(kind, text(record, "text"), level=maybe(number, record, "level"))
        case _:
            return Block(kind, text(record, "text"))


def _image(record: Record) -> Image:
    return Image(text(record, "url"), *(maybe(text, record, name) for name in ("caption", "credit", "alt")))


def _link(record: Record) -> Link:
    return Link(text(record, "url"), maybe(text, record, "title"), one_of(Relation, record, "relation"))


def _short_link(parts: object) -> Link:
    if not isinstance(parts, list) or len(parts) != len(Link._fields):
        raise BadRecord("links: not all of it are lists of address, title and relation")
    return _link(dict(zip(Link._fields, parts, strict=True)))


def _rights(record: Record) -> Rights:
    return Rights(
        robots=maybe(text, record, "robots"),
        tdm_reservation=maybe(truth, record, "tdm_reservation"),
        tdm_policy=maybe(text, record, "tdm_policy"),
        licence=maybe(text, record, "licence"),
        is_free=maybe(truth, record, "is_free"),
    )


def _provenance(record: object) -> Provenance:
    if not isinstance(record, Mapping):
        raise BadRecord("provenance: no object")
    rejected = objects(record, "rejected") if "rejected" in record else ()
    reasons = tuple(Rejected(text(one, "source"), text(one, "value"), text(one, "reason")) for one in rejected)
    return Provenance(text(record, "source"), reasons)


# --- single values ----------------------------------------------------------------------------------------------------


def maybe(read: Callable[[Record, str], T], record: Record, name: str) -> T | None:
    """Return a value that may be missing."""
    return None if record.get(name) is None else read(record, name)


def text(record: Record, name: str) -> str:
    """Return a text; raises BadRecord."""
    value = record.get(name)
    if not isinstance(value, str):
        raise BadRecord(f"{name}: no text")
    return value


def number(record: Record, name: str) -> int:
    """Return a whole number that SQLite can hold; raises BadRecord."""
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise BadRecord(f"{name}: no whole number")
    return value


def seconds(record: Record, name: str) -> float:
    """Return a length of time; raises BadRecord."""
    value = record.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise BadRecord(f"{name}: no number")
    return float(value)


def truth(record: Record, name: str) -> bool:
    """Return yes or no; raises BadRecord."""
    value = record.get(name)
    if not isinstance(value, bool):
        raise BadRecord(f"{name}: neither true nor false")
    return value


def texts(record: Record, name: str) -> tuple[str, ...]:
    """Return a list of texts; raises BadRecord."""
    values = _list(record.get(name), name)
    if not all(isinstance(value, str) for value in values):
        raise BadRecord(f"{name}: not all of it is text")
    return tuple(values)


def objects(record: Record, name: str) -> tuple[Record, ...]:
    """Return a list of objects; raises BadRecord."""
    values = _list(record.get(name), name)
    if not all(isinstance(value, Mapping) for value in values):
        raise BadRecord(f"{name}: not all of it are objects")
    return tuple(values)


def mapping(record: Record, name: str) -> Record:
    """Return an object; raises BadRecord."""
    value = record.get(name)
    if not isinstance(value, Mapping):
        raise BadRecord(f"{name}: no object")
    return value


def one_of(kinds: type[K], record: Record, name: str) -> K:
    """Return a value of a closed set; raises BadRecord."""
    try:
        return kinds(text(record, name))
    except ValueError as error:
        raise BadRecord(f"{name}: {text(record, name)[:40]!r} is not known here") from error


def moment(record: Record, name: str) -> datetime | date:
    """Return a time or, where there is no more, a day; raises BadRecord."""
    written = text(record, name)
    try:
        return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
    except ValueError as error:
        raise BadRecord(f"{name}: no time as ISO 8601 writes it") from error


def utc(record: Record, name: str) -> str:
    """Return a time of ours as the file has it: ISO 8601 in UTC, ended by Z; raises BadRecord."""
    written = text(record, name)
    if not written.endswith("Z"):
        raise BadRecord(f"{name}: no time in UTC")
    moment(record, name)
    return written


def digest(record: Record, name: str) -> bytes:
    """Return a SHA-256; raises BadRecord."""
    try:
        found = bytes.fromhex(text(record, name))
    except ValueError:
        found = b""
    if len(found) != 32:  # noqa: PLR2004 -- bytes of a SHA-256
        raise BadRecord(f"{name}: no SHA-256")
    return found


def _list(value: object, name: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise BadRecord(f"{name}: no list")
    return value
