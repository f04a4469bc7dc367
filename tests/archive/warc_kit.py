"""WARC files made by hand, with a page of our own in them."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

URL = "https://bao.example.vn/thoi-su/mo-duong-le-duan-100200.html"
DATE = "2015-06-01T02:03:04Z"
SENTENCE = "Sáng nay thành phố mở con đường mới nối ra biển, người dân hai bên phố dọn hàng từ sớm để nhường lối. "


def html(title: str = "Thành phố mở đường Lê Duẩn", more: str = "") -> bytes:
    text = f"<h1>{title}</h1>" + "".join(f"<p>{SENTENCE * 2}{n} {more}</p>" for n in range(6))
    head = f'<title>{title}</title><meta property="og:type" content="article">'
    return f'<!doctype html><html lang="vi"><meta charset="utf-8">{head}<article>{text}</article></html>'.encode()


def record(kind: str, block: bytes, url: str = URL, date: str = DATE, **fields: str) -> bytes:
    named = {"WARC-Type": kind, "WARC-Date": date, "Content-Length": str(len(block))}
    named |= {"WARC-Target-URI": url} if url else {}
    named |= {name.replace("_", "-"): text for name, text in fields.items()}
    head = "".join(f"{name}: {text}\r\n" for name, text in named.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def sha1(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def chunked(body: bytes) -> bytes:
    return b"%x;a=1\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (7, body[:7], len(body) - 7, body[7:])


def packed(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def write(path: Path, *records: bytes) -> Path:
    path.write_bytes(b"".join(records))
    return path
