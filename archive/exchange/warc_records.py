"""The records of a WARC file, one after the other, within bounds whatever stands there (ISO 28500:2017).

Not read by warcio: it takes lines of any length into memory, and prints on stderr what stands between records.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO

from archive.errors import BadRecord

MAX_BLOCK_BYTES = 64 * 2**20  # what is longer is no page
MAX_LINE_BYTES = 64 * 1024
MAX_FIELDS = 500
READ_BYTES = 64 * 1024
MAX_RATIO = 200  # of a gzip file as a whole; news pages shrink to a tenth
FREE_BYTES = 64 * 2**20  # before the ratio counts
GZIP_MAGIC = b"\x1f\x8b"
GZIP_DEFLATED = GZIP_MAGIC + b"\x08"  # as every member begins
SNIFFED_BYTES = 1024

_VERSION = re.compile(rb"WARC/\d\.\d+\s*", re.ASCII)
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its named fields and its block. A name may stand more than once; then the last one counts."""

    fields: dict[str, str]  # by names in lower case
    block: bytes
    at: int  # byte at which it begins, in the file as unpacked
    offset: int = 0  # byte at which it, or the gzip member that has it, begins in the file as it lies there

    @property
    def record_id(self) -> str:
        """Return the id that the writer of the file gave it."""
        return self.fields.get("warc-record-id", "").strip("<> ")

    @property
    def kind(self) -> str:
        """Return the type, such as response, request or revisit."""
        return self.fields.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        """Return the address that it is about, without the angle brackets that wget 1.19 puts round it."""
        return self.fields.get("warc-target-uri", "").strip("<> ")


def records_in(stream: BinaryIO) -> Iterator[Record | BadRecord]:
    """Yield the records of a file, compressed or not; in place of one that cannot be read an error that names it."""
    lines = _Unpacked(stream)
    while True:
        try:
            yield from _records(lines)
        except _EndsEarly as error:
            at, offset = lines.position, lines.offset_of(lines.position)
            goes_on = isinstance(error, _Damaged) and lines.go_to_next_member()
            what_follows = "left out up to the next whole record" if goes_on else "what follows cannot be read"
            yield BadRecord(f"byte {at:,}: {error}; {what_follows}", offset=offset)
            if goes_on:
                continue
        return


def _records(lines: _Unpacked) -> Iterator[Record | BadRecord]:
    """Yield the records up to the end of the file; raises _EndsEarly."""
    version = _next_line(lines)
    while version:
        found = _record_or_error(lines, version)
        try:
            version = _next_line(lines)
        except _EndsEarly:
            yield found
            raise
        if version and not _VERSION.fullmatch(version):
            yield found if isinstance(found, BadRecord) else _too_long(found)
            version = _find_version(lines)
        else:
            yield found


def _record_or_error(lines: _Unpacked, version: bytes) -> Record | BadRecord:
    at = lines.position - len(version)
    offset = lines.offset_of(at)
    if not _VERSION.fullmatch(version):
        return BadRecord(f"byte {at:,}: here should stand a record, and does not", offset=offset)
    try:
        return replace(_record(lines, at), offset=offset)
    except BadRecord as error:
        return BadRecord(error.reason, offset=offset)


def _too_long(record: Record) -> BadRecord:
    return BadRecord(f"byte {record.at:,}: longer than it says", offset=record.offset)


class _EndsEarly(Exception):
    """The file cannot be read any further."""


class _Damaged(_EndsEarly):
    """Here the compressed file is damaged; a gzip member that follows may be whole."""


def _record(lines: _Unpacked, at: int) -> Record:
    fields = _fields(lines)
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or len(length) > 18:  # noqa: PLR2004 -- digits of an exabyte
        raise BadRecord(f"byte {at:,}: a record without a length")
    if int(length) > MAX_BLOCK_BYTES:
        lines.skip(int(length))
        if fields.get("warc-type", "").lower() not in {"response", "resource", "revisit"}:
            return Record(fields, b"", at)
        raise BadRecord(f"byte {at:,}: {int(length):,} bytes, more than any page has")
    block = lines.read(int(length))
    if len(block) < int(length):
        raise _EndsEarly("the file ends within a record")
    record = Record(fields, block, at)
    if is_digest_of(fields.get("warc-block-digest"), block) is False:
        raise BadRecord(f"byte {at:,}: {record.url[:200]}: not what its digest says")
    return record


def _fields(lines: _Unpacked) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for _ in range(MAX_FIELDS):
        line = lines.line()
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return fields
        if text[0] in " \t" and name:
            fields[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        if not colon or not line.endswith(b"\n"):
            raise BadRecord(f"byte {lines.position:,}: a field without a name, or without an end")
        name = name.strip().lower()
        fields[name] = value.strip()
    raise BadRecord(f"byte {lines.position:,}: a record with more than {MAX_FIELDS} fields")


def _next_line(lines: _Unpacked) -> bytes:
    """Return the next line that is not empty; b"" at the end."""
    while True:
        line = lines.line()
        if not line or line.strip():
            return line


def _find_version(lines: _Unpacked) -> bytes:
    """Read on to where a record begins, and return its first line; b"" where there is none."""
    while line := lines.line():
        if _VERSION.fullmatch(line):
            return line
    return b""


def first_bytes(stream: BinaryIO, count: int) -> bytes:
    """Return how a file begins, once unpacked, and go back; b"" where it cannot be unpacked."""
    try:
        return _Unpacked(stream).read(count)
    except _EndsEarly:
        return b""
    finally:
        stream.seek(0)


class _Unpacked:
    """A file as it is without gzip, read forwards, never more of it in memory than is asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._packed = b""
        self._read_bytes = 0
        self._unpacker: zlib._Decompress | None = None
        self._is_gzip: bool | None = None
        self._members: deque[tuple[int, int]] = deque([(0, 0)])  # where they begin: as unpacked, as they lie there
        self._unpacked_bytes = 0
        self.position = 0

    def offset_of(self, position: int) -> int:
        """Return where in the file, as it lies there, a gzip member begins that has a byte of the unpacked one.

        Of a file that is not compressed it is the byte itself. To be asked for positions that do not fall.
        """
        while len(self._members) > 1 and self._members[1][0] <= position:
            self._members.popleft()
        return self._members[0][1] if self._is_gzip else position

    def line(self) -> bytes:
        """Return the next line, its end included; a longer one in pieces; b"" at the end."""
        while (end := self._buffer.find(b"\n", 0, MAX_LINE_BYTES)) < 0 and len(self._buffer) < MAX_LINE_BYTES:
            if not self._more():
                break
        return self._take(end + 1 if end >= 0 else min(len(self._buffer), MAX_LINE_BYTES))

    def read(self, count: int) -> bytes:
        """Return so many bytes, fewer at the end."""
        while len(self._buffer) < count and self._more():
            pass
        return self._take(min(count, len(self._buffer)))

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        while count > 0:
            piece = len(self.read(min(count, READ_BYTES)))
            if not piece:
                raise _EndsEarly("the file ends within a record")
            count -= piece

    def go_to_next_member(self) -> bool:
        """Go on, after damage, where the next gzip member begins that holds a record; tell whether there is one."""
        packed = self._packed[1:]
        self._packed, self._unpacker = b"", None
        self._buffer.clear()
        self.position = self._unpacked_bytes
        while packed:
            begin = packed.find(GZIP_DEFLATED)
            piece = self._read_packed() if begin < 0 or len(packed) - begin < SNIFFED_BYTES else b""
            self._read_bytes += len(piece)
            if begin < 0:
                packed = packed[-2:] + piece if piece else b""
            elif _begins_record(packed[begin:] + piece):
                self._packed = packed[begin:] + piece
                return True
            else:
                packed = packed[begin + 1 :] + piece
        return False

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.position += count
        return taken

    def _more(self) -> bool:
        """Unpack a piece more; tell whether there was one."""
        before = len(self._buffer)
        while len(self._buffer) == before:
            if not self._packed:
                self._packed = self._read_packed()
                self._read_bytes += len(self._packed)
                if not self._packed:
                    if self._unpacker is not None and not self._unpacker.eof:
                        raise _EndsEarly("the compressed file ends before it should")
                    return False
            self._unpack()
        if self.position > FREE_BYTES and self.position > MAX_RATIO * self._read_bytes:
            raise _EndsEarly(f"it unfolds to more than {MAX_RATIO} times its size")
        return True

    def _read_packed(self) -> bytes:
        try:
            return self._stream.read(READ_BYTES)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:  # the file lies in a zip
            raise _EndsEarly(f"the file is damaged ({error})") from error

    def _unpack(self) -> None:
        if self._is_gzip is None:
            self._is_gzip = self._packed.startswith(GZIP_MAGIC)
        if not self._is_gzip:
            self._buffer += self._packed
            self._packed = b""
            return
        if self._unpacker is None or self._unpacker.eof:
            self._packed = self._packed.lstrip(b"\0")  # padding between members
            if not self._packed:
                return
            self._unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            self._members.append((self._unpacked_bytes, self._read_bytes - len(self._packed)))
        try:
            piece = self._unpacker.decompress(self._packed, READ_BYTES)
        except zlib.error as error:
            raise _Damaged(f"the compressed file is damaged ({error})") from error
        self._buffer += piece
        self._unpacked_bytes += len(piece)
        self._packed = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail


def _begins_record(packed: bytes) -> bool:
    with suppress(zlib.error):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed[:SNIFFED_BYTES], 5) == b"WARC/"
    return False


# --- digests ----------------------------------------------------------------------------------------------------------


def is_digest_of(told: str | None, content: bytes) -> bool | None:
    """Tell whether a digest, `sha1:…` in base 32, 64 or hexadecimal, is the content's; None: it cannot be told."""
    algorithm, _, value = (told or "").partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _ALGORITHMS or not value:
        return None
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    return any(digest == found for found in _decoded(value.strip()))


def _decoded(value: str) -> Iterator[bytes]:
    with suppress(ValueError):
        yield bytes.fromhex(value)
    with suppress(binascii.Error, ValueError):
        yield base64.b32decode(value + "=" * (-len(value) % 8), casefold=True)
    with suppress(binascii.Error, ValueError):
        yield base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_" if set("-_") & set(value) else None)
