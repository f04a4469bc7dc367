"""What stands beside an article: copies of its text, which of the links on it are kept, the visits it was read from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

MAX_COPIES = 50  # shown of one text


class Copy(NamedTuple):
    """Another article with nearly the text of one, as far as a list shows it."""

    copy_of: int  # the article beside which it stands
    id: int
    site: str
    title: str | None
    language: str | None
    published_at: str | None  # as written by `articles_view`; None: only the day is known, or nothing
    published_on: str | None
    is_original: int  # 1: likely the first of them all


def copies(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Copy]]:
    """Return the other articles with the texts of these, the likely original of each first; at most MAX_COPIES each."""
    found: dict[int, list[Copy]] = {article_id: [] for article_id in ids}
    values = {"ids": json.dumps(list(ids)), "most": MAX_COPIES * max(1, len(ids))}
    for row in connection.execute(_COPIES, values):
        copy = Copy(*row)
        if len(found[copy.copy_of]) < MAX_COPIES:
            found[copy.copy_of].append(copy)
    return found


def kept_articles(connection: sqlite3.Connection, urls: Iterable[str], key: Callable[[str], str]) -> dict[str, int]:
    """Return which of the URLs lead to a kept article, and to which; `key` is scraper.urls.alias_key."""
    by_key = {url: key(url) for url in urls}
    rows = connection.execute(_KEPT, {"keys": json.dumps(list(by_key.values()))}).fetchall()
    ids = {row[0]: row[1] for row in rows}
    return {url: ids[alias_key] for url, alias_key in by_key.items() if alias_key in ids}


def captures(connection: sqlite3.Connection, article_id: int) -> dict[int, int]:
    """Return the visit that each version of an article was read from, by its number, where the page is kept."""
    return {row[0]: row[1] for row in connection.execute(_CAPTURES, (article_id,))}


# An article kept since texts were last compared is known as a copy by its very words alone.
_COPIES = """
WITH copy(copy_of, id, rank, is_original) AS (
  SELECT mine.article_id, other.article_id, other.rank,
    other.rank = (SELECT min(rank) FROM duplicates WHERE group_id = mine.group_id)
  FROM duplicates mine JOIN duplicates other ON other.group_id = mine.group_id AND other.article_id <> mine.article_id
  WHERE mine.article_id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT duplicate_of, id, '~', 0 FROM articles
  WHERE duplicate_of IN (SELECT value FROM json_each(:ids)) AND id NOT IN (SELECT article_id FROM signatures)
)
SELECT c.copy_of, v.id, v.site, v.title, v.language, v.published_at, v.published_on, c.is_original
FROM copy c JOIN articles_view v ON v.id = c.id ORDER BY c.copy_of, c.rank LIMIT :most
"""
_KEPT = """
SELECT u.alias_key, u.article_id FROM urls u CROSS JOIN articles a ON a.id = u.article_id
WHERE u.alias_key IN (SELECT value FROM json_each(:keys)) AND a.kind = 'article'
"""
_CAPTURES = """
SELECT v.number, v.capture_id FROM versions v JOIN captures c ON c.id = v.capture_id
WHERE v.article_id = ? AND c.snapshot_id IS NOT NULL
"""
