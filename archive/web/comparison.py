"""Two versions of an article beside each other: what went, what came."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.differences import changes
from archive.errors import NotKept, QueryError
from archive.queries import show
from archive.web.answers import Asked, Shown
from archive.web.article import MOST_VERSIONS
from archive.web.wording import time_words
from archive.word_diff import WordDiff

TIMES = ("published_at", "modified_at", "source_published_at")


def comparison(connection: sqlite3.Connection, asked: Asked) -> Shown:
    """Show what changed from version `from` to version `to`; without them, the newspaper's last edit."""
    newest = show(connection, asked.parts["id"])
    first, last = _numbers(newest, asked)
    old, new = (show(connection, str(newest["id"]), version=number) for number in (first, last))
    comparing = WordDiff()
    found = []
    for field, *texts in changes(old, new):
        before, after = (time_words(text, asked.language) if field in TIMES else text for text in texts)
        found.append((field, comparing.runs(before, after)))
    versions = {each["number"]: each for each in newest["versions"]}
    values = {"article": newest, "old": versions[first], "new": versions[last], "found": found, "all": versions}
    return Shown("comparison.html", values)


def _numbers(newest: dict[str, Any], asked: Asked) -> tuple[int, int]:
    """Return which two versions are meant; raises NotKept where there is but one, QueryError for no pair."""
    versions = newest["versions"]
    if len(versions) == 1:
        raise NotKept(f"article {newest['id']} has one version; there is nothing to compare it with")
    edits = [each["number"] for each in versions if each["cause"] == "edited" and each["number"] > 1]
    usual = edits[-1] if edits else versions[-1]["number"]
    last = asked.number("to", least=1, most=MOST_VERSIONS, default=usual)
    first = asked.number("from", least=1, most=MOST_VERSIONS, default=max(last - 1, 1))
    if first >= last:
        raise QueryError(f"from={first}, to={last}: the older version comes first, and they are two")
    return first, last
