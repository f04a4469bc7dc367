"""HTTP exchanges as rows: what was asked, what was said, when, by whom; and a Page again from a row."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from archive import roots, snapshots
from archive.content import clean, from_utc_text, page_sha256, to_json, utc_text
from archive.dictionaries import Place, choose
from archive.errors import NotKept
from scraper.models import Page, Verdict

ADD = """
INSERT INTO captures (run_id, url, requested_url, redirected_to, fetched_at, status, reason, http_version,
  request_headers, headers, server_address, wire_length, wire_sha256, body_length, body_sha256, snapshot_id,
  waited_seconds, first_byte_seconds, total_seconds, outcome)
VALUES (:run_id, :url, :requested_url, :redirected_to, :fetched_at, :status, :reason, :http_version,
  :request_headers, :headers, :server_address, :wire_length, :wire_sha256, :body_length, :body_sha256, :snapshot_id,
  :waited_seconds, :first_byte_seconds, :total_seconds, :outcome)
"""


def add(
    connection: sqlite3.Connection, page: Page, *, run_id: int | None, outcome: str, is_kept: bool, site: str = ""
) -> int:
    """Keep an exchange and the redirects before it, with the body where `is_kept`; return its id.

    `site` is whose pages the body is compressed against; empty: nobody's.
    """
    snapshot_id = _put_body(connection, page, outcome, site) if is_kept else None
    values = _values(page) | {"run_id": run_id, "outcome": outcome, "snapshot_id": snapshot_id, "redirected_to": None}
    capture_id = int(connection.execute(ADD, values).lastrowid or 0)
    for redirect in page.redirects:
        values = _values(redirect) | {"run_id": run_id, "outcome": "redirect", "snapshot_id": None}
        connection.execute(ADD, values | {"redirected_to": capture_id})
    return capture_id


def _put_body(connection: sqlite3.Connection, page: Page, outcome: str, site: str) -> int:
    is_edit = outcome in _EDITS
    place = Place(site, page.url, page.fetched_at, is_article=is_edit or outcome == Verdict.NEW, is_edit=is_edit)
    return snapshots.put(connection, page.body, choose=lambda: choose(connection, place, page.body))


_EDITS = frozenset({Verdict.CHANGED, Verdict.REREAD})


def _values(page: Page) -> dict[str, Any]:
    wire = page.wire_body
    url, requested_url = clean(page.url), clean(page.requested_url)
    return {
        "url": url,
        "requested_url": None if requested_url == url else requested_url,
        "fetched_at": utc_text(page.fetched_at, timespec="microseconds"),
        "status": page.status,
        "reason": clean(page.reason),
        "http_version": page.http_version,
        "request_headers": to_json(page.request_headers),
        "headers": to_json(page.headers),
        "server_address": page.server_address,
        "wire_length": len(page.body if wire is None else wire),
        "wire_sha256": None if wire is None else hashlib.sha256(wire).digest(),
        "body_length": len(page.body),
        "body_sha256": page_sha256(page.body),
        "waited_seconds": page.timings.waited_seconds,
        "first_byte_seconds": page.timings.first_byte_seconds,
        "total_seconds": page.timings.total_seconds,
    }


def keep_latest_only(connection: sqlite3.Connection, url: str, capture_id: int) -> None:
    """Drop the bodies and headers of earlier visits to a listing; that they took place, and the digests, stay."""
    earlier = connection.execute(_EARLIER, {"url": clean(url), "id": capture_id}).fetchall()
    for old_id, snapshot_id, is_stripped, is_needed, is_sealed_whole in earlier:
        if is_stripped:
            return
        if is_needed:
            continue
        if is_sealed_whole:
            roots.take_out(connection, "capture", [old_id])
        connection.execute(_STRIP, {"id": old_id})
        if snapshot_id is not None:
            snapshots.release(connection, snapshot_id)


_EARLIER = """
SELECT id, snapshot_id, headers IS NULL, EXISTS (SELECT 1 FROM versions WHERE capture_id = c.id),
  outcome IN ('new', 'changed', 're-read', 'same')
FROM captures c WHERE url = :url AND id < :id ORDER BY id DESC LIMIT 100
"""
_STRIP = "UPDATE captures SET snapshot_id = NULL, headers = NULL, request_headers = NULL WHERE id = :id"


def page_of(connection: sqlite3.Connection, capture_id: int) -> Page:
    """Return the kept exchange as a Page, without its redirects; raise NotKept where its body is not kept."""
    cursor = connection.execute("SELECT * FROM captures WHERE id = ?", (capture_id,))
    values = cursor.fetchone()
    if values is None:
        raise NotKept(f"no capture {capture_id}")
    row = dict(zip((column[0] for column in cursor.description), values, strict=True))
    if row["snapshot_id"] is None:
        raise NotKept(f"the page of capture {capture_id} is not kept: its text was that of an earlier one")
    return Page(
        requested_url=row["requested_url"] or row["url"],
        url=row["url"],
        status=row["status"],
        headers=_headers(row["headers"]),
        body=snapshots.get(connection, row["snapshot_id"]),
        fetched_at=from_utc_text(row["fetched_at"]),
        reason=row["reason"],
        http_version=row["http_version"],
        request_headers=_headers(row["request_headers"]),
        server_address=row["server_address"],
    )


def _headers(text: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text or "[]"))
