"""Every way an answer can be wrong that fits into one list: exact bytes, and scripts that misuse the connection."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import struct
import zlib
from functools import cache

from tests.servers.raw import Reply, Script, answer, redirect

PAGE = answer(b"<p>" + "Tin tức từ Phan Thiết. ".encode() * 50 + b"</p>")
PACKED = gzip.compress(b"<p>Tin</p>" * 1000, mtime=0)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


async def reset_in_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf")
    await writer.drain()
    await asyncio.sleep(0.002)
    await reset(reader, writer)


async def stall(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    await asyncio.sleep(30)


async def pour(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(64):
        writer.write(b"x" * 65536)
        await writer.drain()


@cache
def bomb(megabytes: int, wbits: int = 31) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    block = b"\0" * 1_000_000
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def whole() -> list[Reply]:
    """Return answers that are right, each in its way."""
    return [
        PAGE,
        answer(PACKED, Content_Encoding="gzip"),
        CHUNKED + b"4\r\n<p>T\r\n7\r\nin</p>\n\r\n0\r\n\r\n",
        answer(b"no", "404 Not Found"),
        answer(b"gone", "410 Gone"),
        answer(b"no", "403 Forbidden"),
        answer(b"", "204 No Content", Content_Length=""),
        answer(b"old"),
    ]


def broken() -> list[Reply]:
    """Return answers that are wrong, each in its way."""
    return [
        *never_a_page(),
        answer(b"x" * 300_000),
        answer(b"more than said", Content_Length="4"),
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50 + PAGE,
    ]


def never_a_page() -> list[bytes | Script]:
    """Return answers that are so wrong that there is no page in them."""
    return [
        hang_up, reset, reset_in_body, stall, pour,
        answer(b"half", Content_Length="1000", Connection="close"),
        CHUNKED + b"ff\r\nhel",
        CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n",
        answer(PACKED[: len(PACKED) // 2], Content_Encoding="gzip"),
        answer(PACKED[:-8] + b"\0" * 8, Content_Encoding="gzip"),
        answer(bomb(20), Content_Encoding="gzip"),
        answer(b"plain", Content_Encoding="gzip"),
        answer(b"?", Content_Encoding="br"),
        answer(b"?", Content_Encoding=", ".join(["gzip"] * 200)),
        answer(b"", X_Long="y" * 200_000),
        answer(b"", "503 Busy"),
        answer(b"", "500 Oops"),
        answer(b"", "429 Slow", Retry_After="0"),
        answer(b"", "304 Not Modified", Content_Length=""),
        redirect("javascript:alert(1)"),
        redirect("http://169.254.169.254/latest/"),
        redirect("http://127.0.0.1:22/"),
        redirect("http://xn--a/"),
        redirect("//["),
        redirect("/again"),
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"<html>no head</html>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: a\x00b\r\n\r\na",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ]  # fmt: skip


def at_random(seed: int, *, share_broken: float = 0.5) -> list[Reply]:
    """Return a thousand replies drawn from both lists, the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - a test that can be repeated
    good, bad = whole(), broken()
    return [dice.choice(bad if dice.random() < share_broken else good) for _ in range(1000)]
