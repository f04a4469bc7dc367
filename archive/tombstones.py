"""What was erased by order, as hashes: nothing of it is asked for, kept, imported or merged again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable


def url_tombstone(alias_key: str) -> bytes:
    """Return what stands for the URLs of one article: the hash of what they have in common."""
    return hashlib.sha256(alias_key.encode("utf-8", "surrogatepass")).digest()


def is_erased(connection: sqlite3.Connection, *hashes: bytes | None) -> bool:
    """Tell whether one of these was erased: a URL's, a page's or a text's hash; None is none."""
    sql = "SELECT 1 FROM tombstones WHERE sha256 = ?"
    return any(connection.execute(sql, (each,)).fetchone() is not None for each in hashes if each is not None)


def bury(connection: sqlite3.Connection, kind: str, hashes: Iterable[bytes], erased_at: str) -> None:
    """Note hashes of a kind (url, body or text) as erased."""
    sql = "INSERT OR IGNORE INTO tombstones (sha256, kind, erased_at) VALUES (?, ?, ?)"
    connection.executemany(sql, ((each, kind, erased_at) for each in hashes))
