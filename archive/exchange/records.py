"""An article as a record that leaves nothing out but its page: fields, readings, visits, URLs and events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.content import published_at, unpacked_links
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


def record(connection: sqlite3.Connection, article_id: int, *, with_versions: bool = False) -> dict[str, Any]:
    """Return an article: its current version's fields on top, older versions in a list where asked for."""
    article = require(connection.execute(_ARTICLE, (article_id,)).fetchone(), f"article {article_id}")
    whole: dict[str, Any] = {"luubao": FORM} | {name: article[name] for name in ARTICLE_FIELDS}
    whole["duplicate_of"] = article["duplicate_url"]
    whole |= version_record(
        connection, require(_row(connection, article["version_id"]), f"article {article_id}'s text")
    )
    whole["urls"] = [dict(row) for row in connection.execute(_URLS, (article_id,))]
    whole["events"] = [dict(row) for row in connection.execute(_EVENTS, (article_id,))]
    if with_versions:
        older = connection.execute(_OLDER, (article_id, article["version_id"])).fetchall()
        whole["versions"] = [version_record(connection, row) for row in older]
    return whole


def light_record(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """Return what an article is known by, without a word of it: ids, times, hashes."""
    row = require(connection.execute(_LIGHT, (article_id,)).fetchone(), f"article {article_id}")
    return {name: row[name].hex() if isinstance(row[name], bytes) else row[name] for name in row.keys()}  # noqa: SIM118 -- sqlite3.Row is no dict


def _row(connection: sqlite3.Connection, version_id: int) -> Any:  # noqa: ANN401 -- a row, or None
    return connection.execute("SELECT * FROM versions WHERE id = ?", (version_id,)).fetchone()


def version_record(connection: sqlite3.Connection, row: Row) -> dict[str, Any]:
    """Return a row of `versions` with its pictures, links and visit."""
    values: dict[str, Any] = {"version": row["number"]} | {name: row[name] for name in PLAIN_FIELDS}
    values["published_at"] = iso(published_at(row))
    values |= {name: json.loads(row[name]) for name in JSON_FIELDS}
    values |= {name: row[name].hex() if row[name] else None for name in HASHES}
    values["images"] = [dict(image) for image in connection.execute(_IMAGES, (row["id"],))]
    values["related"] = [dict(link) for link in connection.execute(_LINKS, (row["id"],))]
    values["links"] = unpacked_links(row["other_links"])
    values["capture"] = capture_record(connection, row["capture_id"])
    return values


def capture_record(connection: sqlite3.Connection, capture_id: int) -> dict[str, Any]:
    """Return a visit, with the redirects that led to it."""
    row = require(connection.execute(_CAPTURE, (capture_id,)).fetchone(), f"visit {capture_id}")
    led = connection.execute(_REDIRECTS, (capture_id,)).fetchall()
    return capture_values(row) | {"redirects": [capture_values(each) for each in led]}


def capture_values(row: Row) -> dict[str, Any]:
    """Return the columns of a row of `captures` as JSON has them."""
    values = {name: row[name] for name in CAPTURE_FIELDS}
    values |= {name: json.loads(row[name]) if row[name] else None for name in ("request_headers", "headers")}
    return values | {name: row[name].hex() if row[name] else None for name in ("wire_sha256", "body_sha256")}


_ARTICLE = """
SELECT a.*, (SELECT url FROM articles d WHERE d.id = a.duplicate_of) AS duplicate_url FROM articles a WHERE a.id = ?
"""
_URLS = "SELECT url, met_as, first_seen_at FROM urls WHERE article_id = ? ORDER BY first_seen_at, rowid"
_EVENTS = "SELECT kind, happened_at, note FROM events WHERE article_id = ? ORDER BY id"
_OLDER = "SELECT * FROM versions WHERE article_id = ? AND id <> ? ORDER BY number"
_IMAGES = "SELECT url, caption, credit, alt FROM images WHERE version_id = ? ORDER BY position"
_LINKS = "SELECT url, title, relation FROM links WHERE version_id = ? ORDER BY position"
_CAPTURE = "SELECT * FROM captures WHERE id = ?"
_REDIRECTS = "SELECT * FROM captures WHERE redirected_to = ? ORDER BY id"
_LIGHT = """
SELECT a.id, a.url, a.site, a.kind, a.state, a.published_on, a.first_seen_at, a.last_seen_at, a.last_changed_at,
  v.number AS version, v.word_count, v.language, v.reader_version, v.rules_hash, v.content_sha256, v.body_sha256,
  c.fetched_at, c.body_sha256 AS page_sha256, c.body_length AS page_length
FROM articles a JOIN versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id WHERE a.id = ?
"""
