"""How much came a day: articles by the newspaper's day, edits and failures by ours (UTC)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

SERIES = ("articles", "edits", "failures")

ABOUT = timedelta(days=3)  # that an instant in UTC is from its local day, at most, as newspapers write their offsets

Counts = dict[date, int]
"""Days in order, each with its count; a day on which nothing came has 0."""


def by_day(connection: sqlite3.Connection, *, last: date, days: int, sites: Iterable[str] = ()) -> dict[str, Counts]:
    """Return articles published, edits read and failures, a day, for so many days up to and with the last."""
    first = last - timedelta(days=days - 1)
    wanted = list(sites)
    values = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "end": (last + timedelta(days=1)).isoformat(),
        "earliest": (first - ABOUT).isoformat(),
        "latest": (last + ABOUT).isoformat(),
        "all": not wanted,
        "sites": json.dumps(wanted),
    }
    return {name: filled(dict(connection.execute(_SQL[name], values)), first, days) for name in SERIES}


def filled(counts: Mapping[str, int], first: date, days: int) -> Counts:
    """Return so many days from the first on, with 0 where nothing was counted."""
    every = (first + timedelta(days=number) for number in range(days))
    return {day: counts.get(day.isoformat(), 0) for day in every}


DAY_BARS = 62  # days up to which each has its bar; beyond, each week; beyond so many weeks, each thirty days
SPANS = (1, 7, 30)


class Spans(NamedTuple):
    """A series by the day, the week or thirty days, so that its bars are not too many."""

    days: int  # of each span
    firsts: list[date]  # of each span, its first day
    counts: list[int]


def in_spans(by_day: Mapping[date, int]) -> Spans:
    """Add up a series, one day at least, into spans that can be drawn side by side."""
    days = next((days for days in SPANS if len(by_day) <= DAY_BARS * days), SPANS[-1])
    whole = list(by_day.items())
    parts = [whole[at : at + days] for at in range(0, len(whole), days)]
    return Spans(days, [part[0][0] for part in parts], [sum(count for _, count in part) for part in parts])


_SQL = {
    "articles": """
        SELECT published_on, count(*) FROM articles
        WHERE kind = 'article' AND sort_at BETWEEN :earliest AND :latest AND published_on BETWEEN :first AND :last
          AND (:all OR site IN (SELECT value FROM json_each(:sites)))
        GROUP BY 1
    """,
    "edits": """
        SELECT substr(v.read_at, 1, 10), count(*) FROM versions v
        WHERE v.cause = 'edited' AND v.read_at >= :first AND v.read_at < :end
          AND (:all OR EXISTS (
            SELECT 1 FROM articles a
            WHERE a.id = v.article_id AND a.site IN (SELECT value FROM json_each(:sites))))
        GROUP BY 1
    """,
    "failures": """
        SELECT substr(failed_at, 1, 10), count(*) FROM failures
        WHERE failed_at >= :first AND failed_at < :end
          AND (:all OR site IN (SELECT value FROM json_each(:sites)))
        GROUP BY 1
    """,
}
