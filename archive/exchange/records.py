"""An article as a record that leaves nothing out but its page: fields, readings, visits, URLs and events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from archive.content import links_json, published_at
from archive.exchange.choice import require
from scraper.models import iso

Row = Mapping[str, Any]
FORM = 1
"""Raised when a record is written in another way."""

ARTICLE_FIELDS = (
    "id", "url", "site", "kind", "state", "first_seen_at", "last_seen_at", "last_changed_at", "missing_count",
    "missing_since",
)  # fmt: skip
PLAIN_FIELDS = (
    "title", "lead", "body", "published_on", "modified_at", "section", "language", "source_name",
    "source_published_at", "canonical_url", "word_count", "cause", "read_at", "reader_version", "rules_hash",
)  # fmt: skip
JSON_FIELDS = ("blocks", "authors", "tags", "rights", "provenance")
CAPTURE_FIELDS = (
    "url", "requested_url", "fetched_at", "status", "reason", "http_version", "server_address", "wire_length",
    "body_length", "waited_seconds", "first_byte_seconds", "total_seconds", "outcome",
)  # fmt: skip
HASHES = ("content_sha256", "body_sha256")


class Json(str):
    """A value that is JSON already, as the file has it; `json_text` writes it as it is."""

    __slots__ = ()


Parse = Callable[[str], Any]
"""What is made of JSON in the file: values by `json.loads`, or texts that stay as they are by `as_json`."""


def as_json(text: str) -> Any:  # noqa: ANN401 -- as json.loads
    """Return JSON of one line as it is, once it is seen to be JSON: reading takes a third of writing it again."""
    value = json.loads(text)
    return value if "\n" in text else Json(text)


def json_text(values: Row) -> str:
    """Write an object as compact JSON."""
    text = _ENCODER.encode({name: value for name, value in values.items() if type(value) is not Json})
    written = "".join(f',"{name}":{value}' for name, value in values.items() if type(value) is Json)
    return f"{text[:-1]}{written}}}" if written else text


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def record(
    connection: sqlite3.Connection, article_id: int, *, with_versions: bool = False, parse: Parse = json.loads
) -> dict[str, Any]:
    """Return an article: its current version's fields on top, older versions in a list where asked for."""
    article = require(connection.execute(_ARTICLE, (article_id,)).fetchone(), f"article {article_id}")
    current = require(connection.execute(_CURRENT, (article_id,)).fetchone(), f"the text of article {article_id}")
    whole: dict[str, Any] = {"luubao": FORM} | {name: article[name] for name in ARTICLE_FIELDS}
    whole["duplicate_of"] = article["duplicate_url"]
    whole |= version_record(connection, current, parse=parse)
    whole |= {name: _made(article[name], parse) for name in ("urls", "events")}
    if with_versions:
        older = connection.execute(_OLDER, (article_id, article["version_id"])).fetchall()
        versions = [version_record(connection, row, parse=parse) for row in older]
        whole["versions"] = Json(f"[{','.join(map(json_text, versions))}]") if parse is as_json else versions
    return whole


def versions_of(connection: sqlite3.Connection, article_id: int) -> list[Row]:
    """Return the rows of an article's versions, as `version_record` takes them, the latest first."""
    return connection.execute(_ALL, (article_id,)).fetchall()


def _made(text: str, parse: Parse) -> Any:  # noqa: ANN401 -- as Parse
    """Return JSON that SQLite has just made, and which need not be looked at."""
    return Json(text) if parse is as_json else json.loads(text)


def light_record(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """Return what an article is known by, without a word of it: ids, times, hashes."""
    row = require(connection.execute(_LIGHT, (article_id,)).fetchone(), f"article {article_id}")
    return {name: row[name].hex() if isinstance(row[name], bytes) else row[name] for name in row.keys()}  # noqa: SIM118 -- sqlite3.Row is no dict


def version_record(connection: sqlite3.Connection, row: Row, *, parse: Parse = json.loads) -> dict[str, Any]:
    """Return a version with its pictures, links and visit; `row` is of `versions_of`."""
    values: dict[str, Any] = {"version": row["number"]} | {name: row[name] for name in PLAIN_FIELDS}
    values["published_at"] = iso(published_at(row))
    values |= {name: parse(row[name]) for name in JSON_FIELDS}
    values |= {name: row[name].hex() if row[name] else None for name in HASHES}
    values |= {name: _made(row[name], parse) for name in ("images", "related")}
    values["links"] = parse(links_json(row["other_links"]))
    values["capture"] = capture_record(connection, row["capture_id"])
    return values


def capture_record(connection: sqlite3.Connection, capture_id: int) -> dict[str, Any]:
    """Return a visit, with the redirects that led to it."""
    row = require(connection.execute(_CAPTURE, (capture_id,)).fetchone(), f"visit {capture_id}")
    led = connection.execute(_REDIRECTS, (capture_id,)).fetchall() if row["is_led"] else []
    return capture_values(row) | {"redirects": [capture_values(each) for each in led]}


def capture_values(row: Row) -> dict[str, Any]:
    """Return the columns of a row of `captures` as JSON has them."""
    values = {name: row[name] for name in CAPTURE_FIELDS}
    values |= {name: json.loads(row[name]) if row[name] else None for name in ("request_headers", "headers")}
    return values | {name: row[name].hex() if row[name] else None for name in ("wire_sha256", "body_sha256")}


_ARTICLE = """
SELECT a.*, (SELECT url FROM articles d WHERE d.id = a.duplicate_of) AS duplicate_url,
  (SELECT json_group_array(json_object('url', url, 'met_as', met_as, 'first_seen_at', first_seen_at))
    FROM (SELECT * FROM urls WHERE article_id = a.id ORDER BY first_seen_at, rowid)) AS urls,
  (SELECT json_group_array(json_object('kind', kind, 'happened_at', happened_at, 'note', note))
    FROM (SELECT * FROM events WHERE article_id = a.id ORDER BY id)) AS events
FROM articles a WHERE a.id = ?
"""
_VERSION = """
SELECT v.*,
  (SELECT json_group_array(json_object('url', url, 'caption', caption, 'credit', credit, 'alt', alt))
    FROM (SELECT * FROM images WHERE version_id = v.id ORDER BY position)) AS images,
  (SELECT json_group_array(json_object('url', url, 'title', title, 'relation', relation))
    FROM (SELECT * FROM links WHERE version_id = v.id ORDER BY position)) AS related
FROM versions v
"""
_CURRENT = f"{_VERSION} WHERE v.id = (SELECT version_id FROM articles WHERE id = ?)"  # noqa: S608 -- a constant
_OLDER = f"{_VERSION} WHERE v.article_id = ? AND v.id <> ? ORDER BY v.number"
_ALL = f"{_VERSION} WHERE v.article_id = ? ORDER BY v.number DESC"
_CAPTURE = """
SELECT c.*, EXISTS (SELECT 1 FROM captures WHERE redirected_to = c.id) AS is_led FROM captures c WHERE c.id = ?
"""
_REDIRECTS = "SELECT * FROM captures WHERE redirected_to = ? ORDER BY id"
_LIGHT = """
SELECT a.id, a.url, a.site, a.kind, a.state, a.published_on, a.first_seen_at, a.last_seen_at, a.last_changed_at,
  v.number AS version, v.word_count, v.language, v.reader_version, v.rules_hash, v.content_sha256, v.body_sha256,
  c.fetched_at, c.body_sha256 AS page_sha256, c.body_length AS page_length
FROM articles a JOIN versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id WHERE a.id = ?
"""
