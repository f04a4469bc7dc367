"""Does a URL lead into a trap: a calendar, a session id, a path that repeats itself, a listing without end."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

MAX_SEGMENTS = 12
MAX_REPEATS = 2
MAX_PARAMETERS = 8
MAX_LISTING_PAGE = 5_000

_PARAMETERS_OF_TRAPS = frozenset({
    "sort", "orderby", "order_by", "sort_by", "sortby", "filter", "replytocom", "add-to-cart", "share", "print_view",
    "phpsessid", "jsessionid", "sid", "sessionid", "session_id", "cfid", "cftoken", "aspsessionid", "action",
    "redirect", "redirect_to", "return", "returnurl", "return_to", "logout", "calendar", "ical", "month", "year",
})  # fmt: skip
_PATHS_OF_TRAPS = re.compile(
    r"/(?:wp-login|wp-admin|cgi-bin|login|logout|signin|signup|register|dang-nhap|dang-ky|cart|checkout|calendar|events/calendar"
    r"|ical|search|tim-kiem)(?:[/.]|\Z)|;(?:jsessionid|sid)=",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:[?&](?:p|page|trang|pageindex|pg)=|/page/|/trang-|-p|/p)(\d{1,12})(?=[/&.]|\Z)", re.IGNORECASE)


def is_trap(url: str) -> bool:
    """Tell whether following this URL is likely to lead to more of its kind without end (as Heritrix's rules do)."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return (
        len(segments) > MAX_SEGMENTS
        or _repeats(segments)
        or _PATHS_OF_TRAPS.search(parts.path) is not None
        or _has_parameters_of_traps(parts.query)
        or page_number(url) > MAX_LISTING_PAGE
    )


def page_number(url: str) -> int:
    """Return the number of the listing's page that the URL names, or 1 where it names none."""
    numbers = [int(number) for number in _PAGE.findall(url)]
    return numbers[-1] if numbers else 1


def _repeats(segments: list[str]) -> bool:
    """Tell whether a segment, or a run of segments, stands more often than a path made by people has it."""
    return any(count > MAX_REPEATS for count in Counter(segments).values())


def _has_parameters_of_traps(query: str) -> bool:
    if not query:
        return False
    names = [name.lower() for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=None)]
    return len(names) > MAX_PARAMETERS or not _PARAMETERS_OF_TRAPS.isdisjoint(names)
