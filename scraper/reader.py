"""parse(): what a page says, field by field; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from scraper.charset import decode_html
from scraper.document import Document
from scraper.models import Article, Headers, Kind
from typing import Any

READER_VERSION = "1"
"""Raised with every change that may read a page differently."""


def parse(
    html: bytes,
    url: str,
    *,
    headers: Headers | Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    sites: Sequence[Any] | None = None,
) -> Article:
    """Read a page."""
    document = Document(decode_html(html, _content_type(headers)), url, headers=headers, fetched_at=fetched_at)
    return Article(url=url, kind=Kind.OTHER, title=document.head_title or None)


def _content_type(headers: Headers | Mapping[str, str] | None) -> str | None:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return next((value for name, value in pairs if name.lower() == "content-type"), None)
