"""A body with its content coding undone, within bounds. Pure.

A few hundred bytes can unfold into gigabytes, and a gzip body that was cut looks whole to most libraries:
so we ask for gzip alone, unfold with zlib's exact bound, and look for the end mark and checksum ourselves.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from scraper.errors import BadEncoding, TooLarge, Truncated

ACCEPT_ENCODING = "gzip"
MAX_CODINGS = 2
MAX_GZIP_MEMBERS = 1_000  # blocked gzip has one for 64 KiB
SLICE_BYTES = 64 * 1024  # zlib copies what follows a member, so it gets no more than this at a time
GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What came out of one coding."""

    body: bytes
    is_cut: bool = False  # there was more than the cap


def codings_of(content_encoding: str | None) -> tuple[str, ...]:
    """Return the codings of a Content-Encoding header in the order they were put on, without identity."""
    names = (name.strip().lower() for name in (content_encoding or "").split(","))
    return tuple(name for name in names if name not in {"", "identity", "none", "utf-8"})


def decode_body(raw: bytes, content_encoding: str | None, *, url: str, max_bytes: int) -> bytes:
    """Return the body with its codings undone.

    Raises TooLarge beyond `max_bytes`, Truncated for a cut or damaged stream, BadEncoding for a coding that we did
    not ask for, more than two of them, or a body that does not keep to it.
    """
    decoded = decode_prefix(raw, content_encoding, url=url, max_bytes=max_bytes)
    if decoded.is_cut:
        raise TooLarge(url, f"the body unfolds to more than {max_bytes:,} bytes")
    return decoded.body


def decode_prefix(raw: bytes, content_encoding: str | None, *, url: str, max_bytes: int) -> Unfolded:
    """Return at most `max_bytes` of the decoded body, and whether there was more; raises Truncated, BadEncoding."""
    codings = codings_of(content_encoding)
    if len(codings) > MAX_CODINGS:
        raise BadEncoding(url, f"{len(codings)} content codings, one over the other")
    decoded = Unfolded(raw[:max_bytes], is_cut=len(raw) > max_bytes)
    for coding in reversed(codings):
        source = raw if coding is codings[-1] else decoded.body
        decoded = _unfold(source, coding, url=url, max_bytes=max_bytes)
    return decoded


def gunzip(raw: bytes, *, url: str, max_bytes: int) -> bytes:
    """Return the content of a .gz file, such as a sitemap; raises like `decode_body`."""
    return decode_body(raw, "gzip", url=url, max_bytes=max_bytes)


def _unfold(raw: bytes, coding: str, *, url: str, max_bytes: int) -> Unfolded:
    if not raw:  # an empty answer is often labelled gzip
        return Unfolded(b"")
    try:
        if coding in {"gzip", "x-gzip"}:
            return _gunzip(raw, url=url, max_bytes=max_bytes)
        if coding == "deflate":
            return _inflate(raw, url=url, max_bytes=max_bytes)
    except zlib.error as error:
        if "data check" in str(error) or "length check" in str(error):
            raise Truncated(url, f"the {coding} body is damaged ({error})") from error
        raise BadEncoding(url, f"the body is not {coding}, though the server says so") from error
    raise BadEncoding(url, f"content coding {coding[:40]!r}, which we did not ask for")


def _gunzip(raw: bytes, *, url: str, max_bytes: int) -> Unfolded:
    out = bytearray()
    position = 0
    for _member in range(MAX_GZIP_MEMBERS):
        unpacker = zlib.decompressobj(_GZIP_WBITS)
        position = _run(unpacker, raw, position, out, max_bytes)
        if len(out) > max_bytes:
            return Unfolded(bytes(out[:max_bytes]), is_cut=True)
        if not unpacker.eof:
            raise Truncated(url, "the gzip body ends before it should")
        if raw[position : position + 2] != GZIP_MAGIC:  # the end, or padding that everyone ignores
            return Unfolded(bytes(out))
    raise BadEncoding(url, f"a gzip body of more than {MAX_GZIP_MEMBERS:,} members")


def _inflate(raw: bytes, *, url: str, max_bytes: int) -> Unfolded:
    """Undo "deflate", which some servers send with the zlib header that it should have, and some without."""
    has_header = re.match(rb"[\x08\x18\x28\x38\x48\x58\x68\x78]", raw) and int.from_bytes(raw[:2]) % 31 == 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
    out = bytearray()
    _run(unpacker, raw, 0, out, max_bytes)
    if len(out) > max_bytes:
        return Unfolded(bytes(out[:max_bytes]), is_cut=True)
    if not unpacker.eof:
        raise Truncated(url, "the deflate body ends before it should")
    return Unfolded(bytes(out))


def _run(  # noqa: PLR0917 - a loop drawn out of its two callers
    unpacker: zlib._Decompress, raw: bytes, position: int, out: bytearray, max_bytes: int
) -> int:
    """Unfold one stream into `out`, one byte past the cap at most; return where in `raw` it ended."""
    while position < len(raw) and not unpacker.eof:
        piece = raw[position : position + SLICE_BYTES]
        position += len(piece)
        out += unpacker.decompress(piece, max_bytes + 1 - len(out))
        if len(out) > max_bytes:
            return position
    return position - len(unpacker.unused_data)
