"""Raw pages: content-addressed by SHA-256 of the decoded body, packed with zstd, checked when they come out."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

import zstandard

from archive.content import ZSTD_LEVEL, page_sha256
from archive.errors import ArchiveDamaged, NotKept

MIN_BYTES_TO_PACK = 64  # a zstd frame has a header of its own

_GET = """
SELECT s.codec, s.length, s.data, s.sha256, d.data AS dictionary, s.base_id
FROM snapshots s LEFT JOIN dictionaries d ON d.id = s.dictionary_id WHERE s.id = :id
"""


_PACKER = zstandard.ZstdCompressor(level=ZSTD_LEVEL)


@dataclass(frozen=True, slots=True)
class Packed:
    """A body as a row of `snapshots` holds it."""

    sha256: bytes
    length: int
    codec: str
    data: bytes


def pack(body: bytes) -> Packed:
    """Hash and compress a body; one that does not shrink is kept as it is."""
    sha256 = page_sha256(body)
    if len(body) >= MIN_BYTES_TO_PACK:
        data = _PACKER.compress(body)
        if len(data) < len(body):
            return Packed(sha256, len(body), "zstd", data)
    return Packed(sha256, len(body), "none", body)


def put(connection: sqlite3.Connection, body: bytes) -> int:
    """Keep a body unless it is kept already; return its id. Call it inside a transaction."""
    sha256 = page_sha256(body)
    known = connection.execute("SELECT id FROM snapshots WHERE sha256 = ?", (sha256,)).fetchone()
    if known:
        return int(known[0])
    packed = pack(body)
    sql = "INSERT INTO snapshots (sha256, length, codec, data) VALUES (?, ?, ?, ?)"
    cursor = connection.execute(sql, (packed.sha256, packed.length, packed.codec, packed.data))
    return int(cursor.lastrowid or 0)


def get(connection: sqlite3.Connection, snapshot_id: int) -> bytes:
    """Return a body; raise NotKept where there is none, ArchiveDamaged where it is not what was kept."""
    row = connection.execute(_GET, {"id": snapshot_id}).fetchone()
    if row is None:
        raise NotKept(f"no snapshot {snapshot_id}")
    codec, length, data, sha256, dictionary, base_id = row
    if base_id is not None:
        dictionary = get(connection, base_id)
    body = data if codec == "none" else _unpack(data, length, dictionary, snapshot_id)
    if hashlib.sha256(body).digest() != sha256:
        raise ArchiveDamaged(f"snapshot {snapshot_id} is not what was kept; its hash differs; restore a backup")
    return bytes(body)


def _unpack(data: bytes, length: int, dictionary: bytes | None, snapshot_id: int) -> bytes:
    """Decompress one frame, never to more than its row says."""
    try:
        if zstandard.frame_content_size(data) > length:
            raise ArchiveDamaged(f"snapshot {snapshot_id} is larger than its row says; restore a backup")
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary is not None else None
        return zstandard.ZstdDecompressor(dict_data=known).decompress(data, max_output_size=max(length, 1))
    except zstandard.ZstdError as error:
        raise ArchiveDamaged(f"snapshot {snapshot_id} cannot be unpacked: {error}; restore a backup") from error


def release(connection: sqlite3.Connection, snapshot_id: int) -> None:
    """Drop a body that no capture and no other snapshot needs any more."""
    connection.execute(
        """DELETE FROM snapshots WHERE id = :id
           AND NOT EXISTS (SELECT 1 FROM captures WHERE snapshot_id = :id)
           AND NOT EXISTS (SELECT 1 FROM snapshots WHERE base_id = :id)""",
        {"id": snapshot_id},
    )
