"""Raw pages: content-addressed by SHA-256 of the decoded body, packed with zstd, checked when they come out."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import zstandard

from archive.content import ZSTD_LEVEL, page_sha256
from archive.errors import ArchiveDamaged, ArchiveError, NotKept

MIN_BYTES_TO_PACK = 64  # a zstd frame has a header of its own
MAX_BODY_BYTES = 128 * 2**20  # nothing longer is kept, or unpacked, whatever a row of a foreign archive says
PREPARED_AT_MOST = 24  # dictionaries held ready; one of 200 kB takes about 1 MB

T = TypeVar("T")
Row = tuple[str, int, bytes, bytes, int | None, int | None]
"""codec, length, data, sha256, dictionary_id, base_id of a snapshot."""

ROW_COLUMNS = "codec, length, data, sha256, dictionary_id, base_id"


@dataclass(frozen=True, slots=True)
class Lean:
    """What a frame is compressed against: a dictionary or another snapshot, or nothing."""

    data: bytes = b""
    sha256: bytes = b""  # of data
    dictionary_id: int | None = None
    base_id: int | None = None


ALONE = Lean()


@dataclass(frozen=True, slots=True)
class Packed:
    """A body as a row of `snapshots` holds it."""

    sha256: bytes
    length: int
    codec: str
    data: bytes
    dictionary_id: int | None = None
    base_id: int | None = None


class Prepared(Generic[T]):
    """What was made last from dictionaries, by their hashes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, T] = OrderedDict()

    def get(self, sha256: bytes, make: Callable[[], T]) -> T:
        """Return what was made for a hash, making it where it is not at hand."""
        found = self._kept.get(sha256)
        if found is None:
            found = self._kept[sha256] = make()
            if len(self._kept) > PREPARED_AT_MOST:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(sha256)
        return found


# --- packing ----------------------------------------------------------------------------------------------------------

_compressors: Prepared[zstandard.ZstdCompressor] = Prepared()
_PACKER = zstandard.ZstdCompressor(level=ZSTD_LEVEL)


def pack(body: bytes, lean: Lean = ALONE, *, level: int = ZSTD_LEVEL) -> Packed:
    """Hash and compress a body; one that does not shrink is kept as it is. Raises ArchiveError for one too long."""
    if len(body) > MAX_BODY_BYTES:
        raise ArchiveError(f"a page of {len(body):,} bytes is longer than the {MAX_BODY_BYTES:,} that can be kept")
    sha256 = page_sha256(body)
    if len(body) >= MIN_BYTES_TO_PACK:
        data = _compressor(len(body), lean, level).compress(body)
        if len(data) < len(body):
            return Packed(sha256, len(body), "zstd", data, lean.dictionary_id, lean.base_id)
    return Packed(sha256, len(body), "none", body)


def _compressor(length: int, lean: Lean, level: int) -> zstandard.ZstdCompressor:
    """Return a compressor; those that write a page a few times a second are made once."""
    if level == ZSTD_LEVEL and lean.base_id is None:
        return _compressors.get(lean.sha256, lambda: _prepared(lean.data)) if lean.data else _PACKER
    sizes = zstandard.ZstdCompressionParameters.from_level(level, source_size=length, dict_size=len(lean.data))
    if not lean.data:
        return zstandard.ZstdCompressor(compression_params=sizes)
    return zstandard.ZstdCompressor(compression_params=sizes, dict_data=_as_dictionary(lean.data))


def _prepared(data: bytes) -> zstandard.ZstdCompressor:
    dictionary = _as_dictionary(data)
    dictionary.precompute_compress(level=ZSTD_LEVEL)
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL, dict_data=dictionary)


def _as_dictionary(data: bytes) -> zstandard.ZstdCompressionDict:
    """Return bytes as a dictionary, raw or trained, as `zstd -D` takes them."""
    return zstandard.ZstdCompressionDict(data)


def put(connection: sqlite3.Connection, body: bytes, *, choose: Callable[[], Lean] = lambda: ALONE) -> int:
    """Keep a body unless it is kept already; return its id. Call it inside a transaction.

    `choose` names what to compress it against; it is asked only for a body that is new.
    """
    sha256 = page_sha256(body)
    known = connection.execute("SELECT id FROM snapshots WHERE sha256 = ?", (sha256,)).fetchone()
    return int(known[0]) if known else add(connection, pack(body, choose()))


def add(connection: sqlite3.Connection, packed: Packed) -> int:
    """Add a row and return its id."""
    values = (packed.sha256, packed.length, packed.codec, packed.dictionary_id, packed.base_id, packed.data)
    snapshot_id = int(connection.execute(_ADD, values).lastrowid or 0)
    connection.execute(_CHECKSUM, (snapshot_id, zlib.crc32(packed.data)))
    return snapshot_id


_CHECKSUM = "INSERT OR REPLACE INTO payloads (snapshot_id, crc32) VALUES (?, ?)"
_ADD = "INSERT INTO snapshots (sha256, length, codec, dictionary_id, base_id, data) VALUES (?, ?, ?, ?, ?, ?)"


def replace(connection: sqlite3.Connection, snapshot_id: int, packed: Packed) -> None:
    """Write a body anew, once it is proven that it comes out as it is; raise ArchiveDamaged where it does not."""
    row = (packed.codec, packed.length, packed.data, packed.sha256, packed.dictionary_id, packed.base_id)
    unpacked(connection, snapshot_id, row)
    values = (packed.codec, packed.dictionary_id, packed.base_id, packed.data, snapshot_id)
    connection.execute(_REPLACE, values)
    connection.execute(_CHECKSUM, (snapshot_id, zlib.crc32(packed.data)))


_REPLACE = "UPDATE snapshots SET codec = ?, dictionary_id = ?, base_id = ?, data = ? WHERE id = ?"


# --- unpacking --------------------------------------------------------------------------------------------------------

_decompressors: Prepared[zstandard.ZstdDecompressor] = Prepared()
_UNPACKER = zstandard.ZstdDecompressor()


def get(connection: sqlite3.Connection, snapshot_id: int) -> bytes:
    """Return a body; raise NotKept where there is none, ArchiveDamaged where it is not what was kept."""
    row = connection.execute(f"SELECT {ROW_COLUMNS} FROM snapshots WHERE id = ?", (snapshot_id,)).fetchone()  # noqa: S608 -- a constant
    if row is None:
        raise NotKept(f"no snapshot {snapshot_id}")
    return unpacked(connection, snapshot_id, tuple(row))


def unpacked(connection: sqlite3.Connection, snapshot_id: int, row: Row) -> bytes:
    """Return the body of a row; raise ArchiveDamaged where it is not what was kept."""
    codec, length, data, sha256, _, _ = row
    if length > MAX_BODY_BYTES:
        raise ArchiveDamaged(f"snapshot {snapshot_id} claims {length:,} bytes, more than any page has")
    if codec == "none":
        body = data
    else:
        unpacker = _decompressor(connection, snapshot_id, row)
        body = _decompressed(unpacker, data, length, snapshot_id)
    if len(body) != length or hashlib.sha256(body).digest() != sha256:
        raise ArchiveDamaged(f"snapshot {snapshot_id} is not what was kept; its hash differs; restore a backup")
    return bytes(body)


def _decompressed(unpacker: zstandard.ZstdDecompressor, data: bytes, length: int, snapshot_id: int) -> bytes:
    """Decompress one frame, never to more than its row says."""
    try:
        if zstandard.frame_content_size(data) > length:
            raise ArchiveDamaged(f"snapshot {snapshot_id} is larger than its row says; restore a backup")
        return unpacker.decompress(data, max_output_size=max(length, 1))
    except zstandard.ZstdError as error:
        raise ArchiveDamaged(f"snapshot {snapshot_id} cannot be unpacked: {error}; restore a backup") from error


def _decompressor(connection: sqlite3.Connection, snapshot_id: int, row: Row) -> zstandard.ZstdDecompressor:
    """Return what unpacks a row; those of dictionaries and bases are kept ready, by their hashes."""
    dictionary_id, base_id = row[4], row[5]
    if dictionary_id is not None:
        sql = "SELECT sha256, NULL FROM dictionaries WHERE id = ?"
    elif base_id is not None:
        sql = "SELECT sha256, base_id FROM snapshots WHERE id = ?"
    else:
        return _UNPACKER
    found = connection.execute(sql, (dictionary_id if base_id is None else base_id,)).fetchone()
    if found is None:
        raise ArchiveDamaged(f"snapshot {snapshot_id} leans on one that is not there; restore a backup")
    if found[1] is not None:  # no circle can be made so
        raise ArchiveDamaged(f"snapshot {snapshot_id} leans on one that leans on another; restore a backup")
    sha256 = bytes(found[0])
    return _decompressors.get(
        sha256, lambda: _unpacker_of(dictionary(connection, dictionary_id) if dictionary_id else _base(connection, row))
    )


def _unpacker_of(data: bytes) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=_as_dictionary(data))


def _base(connection: sqlite3.Connection, row: Row) -> bytes:
    base_id = row[5] or 0
    base = connection.execute(f"SELECT {ROW_COLUMNS} FROM snapshots WHERE id = ?", (base_id,)).fetchone()  # noqa: S608 -- as above
    return unpacked(connection, base_id, tuple(base))


def dictionary(connection: sqlite3.Connection, dictionary_id: int) -> bytes:
    """Return a dictionary; raise ArchiveDamaged where it is not what was kept."""
    data, sha256 = connection.execute(
        "SELECT data, sha256 FROM dictionaries WHERE id = ?", (dictionary_id,)
    ).fetchone() or (b"", b"")
    if hashlib.sha256(data).digest() != sha256:
        raise ArchiveDamaged(f"dictionary {dictionary_id} is not what was kept; its hash differs; restore a backup")
    return bytes(data)


def release(connection: sqlite3.Connection, snapshot_id: int) -> None:
    """Drop a body that no capture and no other snapshot needs any more."""
    connection.execute(
        """DELETE FROM snapshots WHERE id = :id
           AND NOT EXISTS (SELECT 1 FROM captures WHERE snapshot_id = :id)
           AND NOT EXISTS (SELECT 1 FROM snapshots WHERE base_id = :id)""",
        {"id": snapshot_id},
    )
