"""Bytes that unfold to a thousand times their size."""

from __future__ import annotations

import struct
import zlib

MEGABYTE = bytes(1 << 20)
HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # of gzip, RFC 1952: deflated, of no time and no system
HEADER_BYTES, TRAILER_BYTES = len(HEADER), 8


def gzip_bomb(megabytes: int, start: bytes = b"") -> bytes:
    """Return a whole member of gzip that holds these bytes and so many megabytes of zeros: one, packed and repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    begins = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = packer.compress(MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(start)
    for _ in range(megabytes):
        checksum = zlib.crc32(MEGABYTE, checksum)
    trailer = struct.pack("<LL", checksum, len(start) + (megabytes << 20))
    return HEADER + begins + zeros * megabytes + packer.flush() + trailer
