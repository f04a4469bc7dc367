"""JSON lines: an article a line, whole enough to come back as it was."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from archive.captures import ADD as ADD_CAPTURE
from archive.content import clean, content_sha256, to_json
from archive.errors import BadRecord
from archive.exchange import records
from archive.exchange.choice import Chosen, Tick
from archive.exchange.rebuilding import (
    Record,
    article_of,
    digest,
    maybe,
    moment,
    number,
    objects,
    seconds,
    text,
    utc,
)
from archive.versions import Cause, Reading
from archive.versions import add as add_version
from scraper.models import Article

MAX_LINE_BYTES = 64 * 2**20
CUT = b"(damaged)"
"""Stands for a line that cannot be unpacked."""

Key = Callable[[str], str]


def lines(chosen: Chosen, tick: Tick, *, with_versions: bool = False, is_light: bool = False) -> Iterator[str]:
    """Yield the articles as lines of JSON; `is_light` without a word of text."""
    for article_id in chosen.each(tick):
        if is_light:
            record = records.light_record(chosen.connection, article_id)
        else:
            parse = records.as_json
            record = records.record(chosen.connection, article_id, with_versions=with_versions, parse=parse)
        yield records.json_text(record) + "\n"


# --- back -------------------------------------------------------------------------------------------------------------


def records_in(stream: BinaryIO) -> Iterator[Record | BadRecord]:
    """Yield the records of a file, and in place of a line that is none an error that names it."""
    at = 0
    while line := _line(stream):
        at += 1
        if not line.strip():
            continue
        try:
            yield _record_in(line)
        except BadRecord as error:
            yield BadRecord(f"line {at}: {error.reason}")
        if line is CUT or len(line) > MAX_LINE_BYTES:
            return  # where the next line begins cannot be told without reading on for ever


def _line(stream: BinaryIO) -> bytes:
    try:
        return stream.readline(MAX_LINE_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return CUT


def _record_in(line: bytes) -> Record:
    if line is CUT:
        raise BadRecord("the compressed file is damaged; what follows cannot be read")
    if len(line) > MAX_LINE_BYTES:
        raise BadRecord(f"longer than {MAX_LINE_BYTES:,} bytes; it and what follows is left out")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRecord("no JSON") from error
    if not isinstance(record, dict) or "luubao" not in record:
        raise BadRecord("no article of luubao; `luubao export jsonl` writes such lines")
    if record["luubao"] != records.FORM:
        raise BadRecord("written by another luubao, in a form that this one does not know")
    return record


def add(connection: sqlite3.Connection, record: Record, *, key: Key, run_id: int | None) -> None:
    """Add the article of a record to an archive that does not have it. Call it inside a transaction.

    Raises BadRecord, also where a text is not what its own hash says.
    """
    readings = [_said(record, version) for version in (*_older(record), record)]
    readings.sort(key=lambda reading: number(reading[0], "version"))
    rows = [_capture_rows(each) for each, _ in readings]
    article = _article_row(record)
    urls, events = _url_rows(record, key), _event_rows(record)
    connection.execute("INSERT OR IGNORE INTO sites VALUES (?, ?)", (article["site"], article["first_seen_at"]))
    article_id = int(connection.execute(_ADD_ARTICLE, article).lastrowid or 0)
    for (each, said), (visit, led) in zip(readings, rows, strict=True):
        capture_id = _add_capture(connection, visit, led, run_id)
        add_version(connection, _reading(each, article_id, capture_id), said)
    connection.execute(_TIMES, article | {"id": article_id})
    connection.executemany(_ADD_URL, (values | {"article_id": article_id} for values in urls))
    connection.executemany(_ADD_EVENT, (values | {"article_id": article_id} for values in events))


def _said(whole: Record, version: Record) -> tuple[Record, Article]:
    said = article_of({**whole, **version})
    if digest(version, "content_sha256") != content_sha256(said):
        raise BadRecord(f"{said.url[:200]}: its text is not what its hash says")
    return version, said


def _older(record: Record) -> tuple[Record, ...]:
    return objects(record, "versions") if "versions" in record else ()


def _reading(record: Record, article_id: int, capture_id: int) -> Reading:
    try:
        cause = Cause(text(record, "cause"))
    except ValueError as error:
        raise BadRecord("cause: not known here") from error
    told = (text(record, name) for name in ("reader_version", "rules_hash"))
    return Reading(article_id, capture_id, cause, utc(record, "read_at"), *told)


def _article_row(record: Record) -> dict[str, Any]:
    states = {"live", "missing", "removed"}
    if text(record, "state") not in states:
        raise BadRecord(f"state: none of {', '.join(sorted(states))}")
    times = {name: utc(record, name) for name in ("first_seen_at", "last_seen_at", "last_changed_at")}
    plain = {name: clean(text(record, name)) for name in ("url", "site", "kind", "state")}
    missing = {"missing_count": number(record, "missing_count"), "missing_since": maybe(utc, record, "missing_since")}
    return plain | times | missing


def _url_rows(record: Record, key: Key) -> list[dict[str, Any]]:
    rows = []
    for each in objects(record, "urls"):
        url, met_as = clean(text(each, "url")), text(each, "met_as")
        if met_as not in {"fetched", "redirect", "canonical"}:
            raise BadRecord(f"met_as: {met_as[:40]!r} is not known here")
        rows.append({"url": url, "key": key(url), "met_as": met_as, "first_seen_at": utc(each, "first_seen_at")})
    return rows


def _event_rows(record: Record) -> list[dict[str, Any]]:
    rows = []
    for each in objects(record, "events"):
        if text(each, "kind") not in {"missing", "removed", "restored", "moved"}:
            raise BadRecord(f"kind of an event: {text(each, 'kind')[:40]!r} is not known here")
        note = maybe(text, each, "note")
        rows.append({"kind": each["kind"], "happened_at": utc(each, "happened_at"), "note": note and clean(note)})
    return rows


def _capture_rows(record: Record) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    visit = record.get("capture")
    if not isinstance(visit, Mapping):
        raise BadRecord("capture: no object")
    return _capture_row(visit), [_capture_row(each) for each in objects(visit, "redirects")]


def _capture_row(visit: Record) -> dict[str, Any]:
    moment(visit, "fetched_at")
    times = ("waited_seconds", "first_byte_seconds", "total_seconds")
    return {
        "url": clean(text(visit, "url")),
        "requested_url": maybe(text, visit, "requested_url"),
        "fetched_at": utc(visit, "fetched_at"),
        "reason": clean(text(visit, "reason")),
        "http_version": clean(text(visit, "http_version")),
        "server_address": maybe(text, visit, "server_address"),
        "outcome": clean(text(visit, "outcome")),
        "wire_sha256": maybe(digest, visit, "wire_sha256"),
        "body_sha256": digest(visit, "body_sha256"),
        "snapshot_id": None,
    } | {name: number(visit, name) for name in ("status", "wire_length", "body_length")} | {
        name: seconds(visit, name) for name in times
    } | {name: _headers(visit, name) for name in ("request_headers", "headers")}  # fmt: skip


def _headers(visit: Record, name: str) -> str | None:
    if visit.get(name) is None:
        return None
    pairs = visit[name]
    is_pairs = isinstance(pairs, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)  # noqa: PLR2004 -- name, value
        for pair in pairs
    )
    if not is_pairs:
        raise BadRecord(f"{name}: no list of names and values")
    return to_json(pairs)


def _add_capture(
    connection: sqlite3.Connection, visit: dict[str, Any], led: list[dict[str, Any]], run_id: int | None
) -> int:
    """Add a visit, unless an earlier version of the article was read from it too, and the redirects before it."""
    same = "SELECT id FROM captures WHERE url = :url AND fetched_at = :fetched_at AND body_sha256 = :body_sha256"
    known = connection.execute(same, visit).fetchone()
    if known is not None:
        return int(known[0])
    capture_id = int(connection.execute(ADD_CAPTURE, visit | {"run_id": run_id, "redirected_to": None}).lastrowid or 0)
    for each in led:
        connection.execute(ADD_CAPTURE, each | {"run_id": run_id, "redirected_to": capture_id})
    return capture_id


_ADD_ARTICLE = """
INSERT INTO articles (url, site, kind, sort_at, first_seen_at, last_seen_at, last_changed_at, state, missing_count,
  missing_since)
VALUES (:url, :site, :kind, :first_seen_at, :first_seen_at, :last_seen_at, :last_changed_at, :state, :missing_count,
  :missing_since)
"""
_TIMES = "UPDATE articles SET last_changed_at = :last_changed_at WHERE id = :id"
_ADD_URL = """
INSERT OR IGNORE INTO urls (url, alias_key, article_id, met_as, first_seen_at)
VALUES (:url, :key, :article_id, :met_as, :first_seen_at)
"""
_ADD_EVENT = """
INSERT INTO events (article_id, kind, happened_at, note) VALUES (:article_id, :kind, :happened_at, :note)
"""
