"""A page that a web archive kept: whose it was, when it was captured, and when we fetched it from there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.models import Headers, Page

_ADDRESS = re.compile(r"https?://[^/]+/(?:[^?#]*/)?(\d{14})(?:[a-z]{2}_)?/(https?:/{1,2}[^\s]+)", re.ASCII)
_ORIGINAL = re.compile(r"""<([^<>\s]+)>\s*;[^,]*?rel\s*=\s*"?(?:[^"]*\s)?original["\s;,]""")
_OF_ORIGINAL = "x-archive-orig-"


@dataclass(frozen=True, slots=True)
class Memento:
    """Where a web archive had a page, and when we fetched it from there."""

    url: str
    fetched_at: datetime  # UTC, aware


def as_captured(page: Page) -> tuple[Page, Memento | None]:
    """Return a page as the newspaper sent it, and the memento it came from; None and the page itself where it is none.

    A memento says when it was captured (Memento-Datetime, RFC 7089) or has the address of a Wayback Machine:
    `…/web/<14 digits>id_/<url>`.
    """
    match = _ADDRESS.fullmatch(page.url)
    captured_at = _datetime_of(page.header("Memento-Datetime")) or (_timestamp(match[1]) if match else None)
    url = _whole(match[2]) if match else _original(page.header("Link"))
    if captured_at is None or url is None:
        return page, None
    memento = Memento(page.url, page.fetched_at)
    original = replace(
        page,
        requested_url=url,
        url=url,
        headers=_headers_of_original(page.headers),
        fetched_at=captured_at,
        server_address=None,  # that of the web archive is none of the newspaper's
        request_headers=(),
        redirects=(),
    )
    return original, memento


def _datetime_of(header: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return None if found is None else found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _timestamp(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _whole(url: str) -> str:
    """Give back the second slash that some servers on the way take out."""
    return re.sub(r"^(https?):/(?!/)", r"\1://", url)


def _original(link: str | None) -> str | None:
    match = _ORIGINAL.search(f"{link} ") if link else None
    return match[1] if match else None


def _headers_of_original(headers: Headers) -> Headers:
    """Return the headers that the newspaper sent, which a Wayback Machine marks; all of them where it marks none."""
    length = len(_OF_ORIGINAL)
    marked = tuple((name[length:], value) for name, value in headers if name.lower().startswith(_OF_ORIGINAL))
    is_type_told = any(name.lower() == "content-type" for name, _ in marked)
    own_type = tuple(pair for pair in headers if pair[0].lower() == "content-type")
    return marked + (() if is_type_told else own_type) if marked else headers
