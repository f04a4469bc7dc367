"""Which of several articles with one text is likely the original: by who names whom, and by their times. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.fold import fold

MIN_NAME_CHARS = 4  # "VTV" stands in many an address
NAMED, UNNAMED = "0", "1"
_NO_LETTER = re.compile(r"[^a-z0-9]")


def rank_of(article_id: int, sort_at: str, source_published_at: str | None, *, is_reprint: bool) -> str:
    """Return what sorts an article among those with its text: the earliest first, then who names no source."""
    at = min(sort_at, _instant(source_published_at) or sort_at)
    return f"{UNNAMED}{at} {is_reprint:d} {article_id:012d}"


def rank_of_named(rank: str) -> str:
    """Return the rank of an article that others name as their source: before all that nobody names."""
    return NAMED + rank[1:]


def _instant(text: str | None) -> str | None:
    """Write the time that a reprint gives for its source as `sort_at` is; a day stands for its end."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text if "T" in text else f"{text}T23:59:59")
    except ValueError:
        return None
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at.tzinfo else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def sources_named(articles: Sequence[tuple[int, str, str | None]]) -> set[int]:
    """Return those of (id, URL, name of the source) whose newspaper another one names as its source."""
    names = [(article_id, _letters(source)) for article_id, _, source in articles if source]
    return {
        article_id
        for article_id, url, _ in articles
        if any(namer != article_id and _is_name_of(name, url) for namer, name in names)
    }


def _is_name_of(name: str, url: str) -> bool:
    """Tell whether a source's name is that of the newspaper at an address: "Báo Bình Thuận", baobinhthuan.com.vn."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # urlsplit refuses "http://[" and such
        return False
    return len(name) >= MIN_NAME_CHARS and name in _letters(host)


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", fold(text))
