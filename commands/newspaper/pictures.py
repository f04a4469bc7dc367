"""Draws the newspaper's pictures: small landscapes of sky and sea, a logo, and a PDF of one page."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from hashlib import sha256

WIDTH, HEIGHT = 640, 360

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="48" viewBox="0 0 220 48">'
    '<path d="M4 34q12-14 24 0t24 0" fill="none" stroke="#0a6" stroke-width="4"/>'
    '<text x="60" y="33" font-family="serif" font-size="26" font-weight="bold" fill="#124">Báo Bến Gió</text></svg>'
).encode()


@lru_cache(maxsize=256)
def landscape(name: str) -> bytes:
    """Return a PNG of 640 x 360: sky over sea, in colours that follow from the name."""
    seed = sha256(name.encode()).digest()
    horizon = HEIGHT // 2 + seed[0] % 60
    rows = b"".join(b"\x00" + bytes(_colour(seed, y, horizon)) * WIDTH for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def pdf(text: str) -> bytes:
    """Return a PDF of one page with a line of ASCII text."""
    stream = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    return _pdf_file([f"{n} 0 obj\n{content}\nendobj\n".encode() for n, content in enumerate(objects, 1)])


def _pdf_file(objects: list[bytes]) -> bytes:
    start = b"%PDF-1.4\n"
    offsets = [len(start) + sum(map(len, objects[:n])) for n in range(len(objects))]
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{o:010} 00000 n \n" for o in offsets)
    end = offsets[-1] + len(objects[-1])
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{end}\n%%EOF\n"
    return start + b"".join(objects) + (table + trailer).encode()


def _colour(seed: bytes, y: int, horizon: int) -> tuple[int, int, int]:
    if y < horizon:
        light = y * 80 // horizon
        return 110 + seed[1] % 40 + light, 150 + seed[2] % 30 + light // 2, 215
    depth = (y - horizon) * 60 // (HEIGHT - horizon)
    return 20 + seed[3] % 40, 110 + seed[4] % 50 - depth, 140 + seed[5] % 40 - depth


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
