"""What stands beside every export: what was asked, what is in it, by what it was read, and what each field means."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.content import utc_text
from archive.exchange.choice import Choice, Chosen
from archive.exchange.destination import manifest_of, whole_file
from archive.roots import last_root


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, when and by whom."""

    form: str
    at: datetime
    luubao_version: str
    fields: Mapping[str, str]


def write(path: Path, chosen: Chosen, choice: Choice, made: Made) -> Path:
    """Write the manifest of an export that is whole, in place of an earlier one; return where it stands."""
    manifest = manifest_of(path)
    told = {
        "luubao_export": made.form,
        "made_at": utc_text(made.at),
        "luubao_version": made.luubao_version,
        "made": _described(path),
        "query": _query(choice),
        "contents": chosen.summary(),
        "archive_root": _root(chosen.connection),
        "fields": dict(made.fields),
    }
    with whole_file(manifest, force=True) as file:
        file.write(json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
    return manifest


def _described(path: Path) -> dict[str, Any]:
    if path.is_dir():
        return {"name": path.name, "files": sum(1 for _ in path.iterdir())}
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _query(choice: Choice) -> dict[str, Any]:
    asked = asdict(choice.filters) | {"sample": choice.sample, "with_noarchive": choice.with_noarchive}
    asked |= {"seed": choice.seed} if choice.sample is not None else {}
    return {name: _plain(value) for name, value in asked.items() if value not in (None, (), False)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value


def _root(connection: sqlite3.Connection) -> str | None:
    """Return the root at the end of the chain of runs: `luubao verify --against` tells whether an archive has it."""
    root = last_root(connection)
    return root.hex() if root else None
