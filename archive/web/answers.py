"""What passes between a route and its page: what was asked, and what is shown.

A page is a function from one to the other. `Asked` comes from the browser and is a stranger's; `Shown` names a template
and its values, and how the browser may use it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from archive.errors import QueryError

HTML = "text/html; charset=utf-8"
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What a browser may do with a page of ours: no script at all, nothing from elsewhere."""

MAX_QUERY_CHARS = 8000
MAX_QUERY_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need beside the archive."""

    path: Path
    key: Callable[[str], str]  # what the variants of a URL have in common: scraper.urls.alias_key
    decode: Callable[[bytes, str | None], str]  # a body and its Content-Type to text: scraper.charset.decode_html
    origin: str  # of our pages: "http://127.0.0.1:8001"
    replay_origin: str  # where kept pages are shown: another port


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser asked for."""

    path: str
    language: str  # of our labels: "en" or "vi"
    web: Web
    parts: Mapping[str, str] = field(default_factory=dict)  # of the path, by the names in the route's pattern
    query: tuple[tuple[str, str], ...] = ()  # in order; fields may come again

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a field of the query, without blanks around it."""
        return next((value.strip() for key, value in self.query if key == name), default)

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a field of the query."""
        return tuple(dict.fromkeys(value.strip() for key, value in self.query if key == name and value.strip()))

    def number(self, name: str, *, least: int, most: int, default: int) -> int:
        """Return a field that is a whole number; raises QueryError where it is none, or not within its bounds."""
        text = self.first(name) or str(default)
        if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))) or not least <= int(text) <= most:
            raise QueryError(f"{name}={text[:40]} is no number from {least} to {most}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is answered."""

    template: str  # empty: `text` is the answer
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    content_type: str = HTML
    policy: str = OWN_POLICY
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


Page = Callable[[sqlite3.Connection, Asked], Shown]
"""A page: reads through a connection that can do no harm, raises ArchiveError for what cannot be answered."""


def read_query(text: str) -> tuple[tuple[str, str], ...]:
    """Read the query of an address; raises QueryError for one that is longer than any link of ours."""
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(f"the address is longer than {MAX_QUERY_CHARS:,} characters; ask for less")
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MAX_QUERY_FIELDS))
    except ValueError as error:
        raise QueryError(f"the address asks for more than {MAX_QUERY_FIELDS} things; ask for less") from error
