"""Pages as WACZ 1.1.1: the WARC file with its index, its pages with their text, and hashes of all, in one zip."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

from archive.exchange import warc_out
from archive.exchange.choice import Chosen, Tick
from archive.exchange.warc_out import Lost, Written

VERSION = "1.1.1"
WARC = "data.warc.gz"
PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
INDEXED = frozenset({"response", "revisit"})
COPY_BYTES = 1 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of the entries: a zip that is the same twice has no clock in it
_WWW = re.compile(r"www\d*\.")


@dataclass(slots=True)
class Entry:
    """One file in the zip, for the datapackage."""

    path: str
    sha256: Any = field(default_factory=hashlib.sha256)
    length: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return what the datapackage says of it."""
        name = self.path.rsplit("/", 1)[-1]
        return {"name": name, "path": self.path, "hash": f"sha256:{self.sha256.hexdigest()}", "bytes": self.length}


def write(chosen: Chosen, out: BinaryIO, tick: Tick, *, software: str, title: str = "Articles kept by luubao") -> Lost:
    """Write the articles' pages; return what could not be written."""
    with tempfile.TemporaryFile() as warc, closing(sqlite3.connect("")) as index:  # both on the disk, were they large
        index.execute("CREATE TABLE cdx (line TEXT NOT NULL)")
        lost = warc_out.write(
            chosen, cast("BinaryIO", warc), tick, software=software, note=lambda each: _note(index, each)
        )
        warc.seek(0)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as zipped:
            entries = [
                _add(zipped, f"archive/{WARC}", _pieces(warc)),
                _add(zipped, "indexes/index.cdxj", _lines(index)),
                _add(zipped, "pages/pages.jsonl", _pages(chosen)),
            ]
            _add_datapackage(zipped, entries, software=software, title=title, at=chosen.latest_at())
    return lost


def _add_datapackage(zipped: zipfile.ZipFile, entries: Iterable[Entry], *, software: str, title: str, at: str) -> None:
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "created": at,
        "software": software,
        "resources": [entry.to_dict() for entry in entries],
    }
    written = _add(zipped, "datapackage.json", [_json(package, indent=2)])
    digest = {"path": "datapackage.json", "hash": f"sha256:{written.sha256.hexdigest()}"}
    _add(zipped, "datapackage-digest.json", [_json(digest, indent=2)])


def _add(zipped: zipfile.ZipFile, path: str, pieces: Iterable[bytes]) -> Entry:
    """Add a file: a WARC file as it is, so that players can reach into it; all else compressed."""
    entry = Entry(path)
    info = zipfile.ZipInfo(path, _LONG_AGO)
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED if path.endswith(".gz") else zipfile.ZIP_DEFLATED
    with zipped.open(info, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)
            entry.sha256.update(piece)
            entry.length += len(piece)
    return entry


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(COPY_BYTES):
        yield piece


def _json(value: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace") + b"\n"


# --- the index --------------------------------------------------------------------------------------------------------


def _note(index: sqlite3.Connection, written: Written) -> None:
    if written.kind in INDEXED:
        index.execute("INSERT INTO cdx VALUES (?)", (cdxj_line(written),))


def _lines(index: sqlite3.Connection) -> Iterator[bytes]:
    for (line,) in index.execute("SELECT line FROM cdx ORDER BY CAST(line AS BLOB)"):
        yield line.encode()


def cdxj_line(written: Written) -> str:
    """Return a record's line of the index: key, time and where it stands (CDXJ as pywb and replayweb.page read it)."""
    digits = re.sub(r"\D", "", written.date)[:14]
    mime = "warc/revisit" if written.kind == "revisit" else written.mime.partition(";")[0].strip().lower()
    told = {
        "url": written.url,
        "mime": mime or "unk",
        "status": str(written.status),
        "digest": written.digest,
        "length": str(written.length),
        "offset": str(written.offset),
        "filename": WARC,
    }
    return f"{surt(written.url)} {digits} {json.dumps(told)}\n"


def surt(url: str) -> str:
    """Return the key of a URL: the host's labels from the top down, path and sorted query in lower case.

    "https://www.Bao.vn/Tin?b=2&a=1" gives "vn,bao)/tin?a=1&b=2".
    """
    parts = urlsplit(url)
    host = _WWW.sub("", (parts.hostname or "").lower(), count=1)
    labels = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    path = re.sub(r"/{2,}", "/", parts.path.lower()).rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{labels}{port}){path}" + (f"?{query}" if query else "")


# --- pages ------------------------------------------------------------------------------------------------------------


def _pages(chosen: Chosen) -> Iterator[bytes]:
    yield _json(PAGES_HEAD)
    for article_id in chosen.ids:
        for row in chosen.connection.execute(_VERSIONS, (article_id,)):
            page = {"id": f"{article_id}-{row['number']}", "url": row["url"], "ts": row["fetched_at"]}
            yield _json(page | {"title": row["title"] or row["url"], "text": row["body"]})


_VERSIONS = """
SELECT v.number, v.title, v.body, c.url, c.fetched_at FROM versions v JOIN captures c ON c.id = v.capture_id
WHERE v.article_id = ? AND c.snapshot_id IS NOT NULL ORDER BY v.number
"""
