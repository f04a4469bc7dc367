"""Whether to ask again, and after how long. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.errors import ConnectError, DnsError, ScraperError
from scraper.models import Page
from scraper.net.policy import FetchPolicy

TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
MAX_RETRY_AFTER_SECONDS = 366 * 24 * 3600.0  # what is beyond a year is a mistake, and treated as a year


def is_transient(outcome: Page | ScraperError) -> bool:
    """Tell whether asking again soon may give another outcome."""
    return outcome.is_transient if isinstance(outcome, ScraperError) else outcome.status in TRANSIENT_STATUSES


def max_retries(outcome: Page | ScraperError, policy: FetchPolicy) -> int:
    """Return how often to ask again after such an outcome."""
    is_unconnected = isinstance(outcome, (DnsError, ConnectError))
    return min(policy.retries, policy.connect_retries) if is_unconnected else policy.retries


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks us to wait, or None if it does not say.

    Reads both forms, seconds and date (RFC 9110, 10.2.3); a date gone by gives 0.0, junk gives None.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000", by which the old e-mail standard means UTC
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


def backoff_seconds(retry: int, policy: FetchPolicy, *, jitter: Callable[[], float] = random.random) -> float:
    """Return the wait before the retry of that number, from 1: doubled each time, between half and the whole of it."""
    whole = min(policy.backoff_seconds * 2.0 ** (retry - 1), policy.max_backoff_seconds)
    return whole * (0.5 + 0.5 * jitter())
