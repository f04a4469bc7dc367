"""What an article said, each time it said something else: rows that are added and never changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from archive.content import image_rows, link_rows, sort_at, version_values
from scraper.models import Article, Verdict

_ADD = """
INSERT INTO versions (article_id, number, capture_id, cause, read_at, reader_version, rules_hash, content_sha256,
  body_sha256, title, lead, body, blocks, published_at, published_offset_minutes, published_precision, published_on,
  modified_at, source_name, source_published_at, authors, section, tags, language, canonical_url, word_count, rights,
  provenance, other_links)
VALUES (:article_id, (SELECT coalesce(max(number), 0) + 1 FROM versions WHERE article_id = :article_id), :capture_id,
  :cause, :read_at, :reader_version, :rules_hash, :content_sha256,
  :body_sha256, :title, :lead, :body, :blocks, :published_at, :published_offset_minutes, :published_precision,
  :published_on, :modified_at, :source_name, :source_published_at, :authors, :section, :tags, :language,
  :canonical_url, :word_count, :rights, :provenance, :other_links)
"""

# The triggers of `articles` put the new words into the search index and take out the old.
_MAKE_CURRENT = """
UPDATE articles SET version_id = :version_id, kind = :kind, published_on = :published_on,
  sort_at = coalesce(:sort_at, first_seen_at), last_changed_at = iif(:is_edit, :read_at, last_changed_at)
WHERE id = :article_id
"""


class Cause(StrEnum):
    """Why there is a version."""

    CREATED = "created"
    EDITED = "edited"
    REREAD = "re-read"  # our reader or its rules changed, not the page


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose text a version is, from which exchange, read by what."""

    article_id: int
    capture_id: int
    cause: Cause
    read_at: str  # UTC
    reader_version: str
    rules_hash: str


def add(connection: sqlite3.Connection, reading: Reading, article: Article) -> int:
    """Add a version and make it the current one; return its id."""
    values: dict[str, Any] = _values(reading) | version_values(article)
    version_id = int(connection.execute(_ADD, values).lastrowid or 0)
    connection.executemany("INSERT INTO images VALUES (?, ?, ?, ?, ?, ?)", image_rows(article, version_id))
    connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?)", link_rows(article, version_id))
    current = {
        "version_id": version_id,
        "kind": str(article.kind),
        "published_on": values["published_on"],
        "sort_at": sort_at(article),
        "is_edit": reading.cause is Cause.EDITED,
        "read_at": reading.read_at,
        "article_id": reading.article_id,
    }
    connection.execute(_MAKE_CURRENT, current)
    return version_id


def _values(reading: Reading) -> dict[str, Any]:
    return {
        "article_id": reading.article_id,
        "capture_id": reading.capture_id,
        "cause": str(reading.cause),
        "read_at": reading.read_at,
        "reader_version": reading.reader_version,
        "rules_hash": reading.rules_hash,
    }


@dataclass(frozen=True, slots=True)
class Hashes:
    """What there is to compare, as hashes of the fields that make a version."""

    kept: bytes  # the current version
    said: bytes  # the page just fetched, by today's reader
    kept_today: bytes | None = None  # the page of the current version, by today's reader; None: it cannot be had


def verdict_of(hashes: Hashes, *, has_other_reader: bool) -> Verdict:
    """Tell a newspaper's edit from a change of our own; `has_other_reader`: since the current version was read.

    Where a difference may be ours and nobody can tell any more, it is not held against the newspaper.
    """
    if hashes.said == hashes.kept:
        return Verdict.SAME
    if not has_other_reader:
        return Verdict.CHANGED
    return Verdict.REREAD if hashes.kept_today in (None, hashes.said) else Verdict.CHANGED
