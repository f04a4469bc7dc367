"""The WARC files in a WACZ file: read where they stand in the zip, which may have been made to do harm."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from archive.errors import BadRecord, ExchangeError

MAX_ENTRIES = 100_000
MAX_ENTRY_BYTES = 64 * 2**30
MAX_TOTAL_BYTES = 256 * 2**30
MAX_RATIO = 200
MAX_DATAPACKAGE_BYTES = 64 * 2**20
READ_BYTES = 1 << 20
WARC_ENDINGS = (".warc", ".warc.gz")
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def warcs_in(path: Path) -> Iterator[tuple[str, int, BinaryIO] | BadRecord]:
    """Yield name, length and stream of each WARC file, and in place of an entry that is refused an error that names it.

    Nothing is unpacked to the disk, so that no name can lead out of a folder; names that try are refused all the same.
    Raises ExchangeError where the file is no zip.
    """
    with _opened(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
            raise ExchangeError(
                "holds more than any collection of pages; unpack it and import its WARC files", path=path
            )
        counts = Counter(entry.filename for entry in entries)
        hashes = _hashes(archive)
        for entry in entries:
            if not entry.filename.lower().endswith(WARC_ENDINGS) and not _is_odd(entry):
                continue
            reason = _refusal(entry, counts) or _damage(archive, entry, hashes)
            if reason:
                yield BadRecord(f"{entry.filename[:200]}: {reason}; it is left out")
                continue
            with archive.open(entry) as stream:
                yield entry.filename, entry.file_size, cast("BinaryIO", stream)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, KeyError) as error:
        raise ExchangeError(f"is damaged, or no WACZ file: {error}", path=path) from error


def _refusal(entry: zipfile.ZipInfo, counts: Counter[str]) -> str | None:
    """Return why an entry is not read; None where it may be."""
    is_large = entry.file_size > MAX_ENTRY_BYTES or entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    objections = (
        (_is_odd(entry), "its name leads out of the file"),
        (counts[entry.filename] > 1, "another entry has the same name"),
        (stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}, "it is a link or a device, no file"),
        (bool(entry.flag_bits & ENCRYPTED), "it is encrypted"),
        (entry.compress_type not in METHODS, "it is compressed in an uncommon way"),
        (is_large, f"it unfolds to {entry.file_size:,} bytes"),
    )
    return next((reason for is_so, reason in objections if is_so), None)


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\\" in name or name[1:2] == ":" or not name.isprintable()


def _hashes(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the hashes of entries by their paths, as the datapackage tells them; none where it cannot be read."""
    try:
        entry = archive.getinfo("datapackage.json")
        if entry.file_size > MAX_DATAPACKAGE_BYTES:
            return {}
        resources = json.loads(archive.read(entry))["resources"]
        return {str(each["path"]): str(each["hash"]) for each in resources if "hash" in each}
    except (KeyError, TypeError, ValueError, RecursionError, zipfile.BadZipFile):
        return {}


def _damage(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, hashes: dict[str, str]) -> str | None:
    """Return what is wrong with the bytes of an entry: they fit neither zip nor datapackage; None where they do."""
    told = hashes.get(entry.filename, "")
    algorithm, _, value = told.partition(":")
    if algorithm != "sha256":
        return None
    try:
        with archive.open(entry) as stream:
            found = _sha256(stream)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        return f"it is damaged: {error}"
    return None if found == value.lower() else "it is not what the hash in datapackage.json says"


def _sha256(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(READ_BYTES):
        digest.update(piece)
    return digest.hexdigest()
