"""Of the articles that a newspaper's lists named: which were kept, which are missing, and why.

An article's day is its own date where it was kept with one, else the date that a sitemap or feed gave, else the day on
which it was first named.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from archive.content import utc_text


class DayFrom(StrEnum):
    """What told an article's day."""

    ARTICLE = "article"
    LIST = "list"  # lastmod of a sitemap, or the date of a feed
    FIRST_NAMED = "first named"


DUE_LATER, NEVER_TRIED, NO_ARTICLE, REDIRECTED = "due later", "never tried", "no article", "redirected"
"""Why an article is missing, where no failure's code says so."""


@dataclass(frozen=True, slots=True)
class Target:
    """An article as lists name it."""

    url: str
    day: str
    day_from: DayFrom
    section: str  # of the article, else of most others that the same list named, else the list's path
    by: frozenset[str]  # kinds of lists that named it: "sitemap", "feed", "listing"; empty: only other articles did
    missing: str | None  # why; None: it was kept


def targets(
    connection: sqlite3.Connection, site: str, *, since: date | None, until: date | None, now: datetime
) -> list[Target]:
    """Return every article of a site that was named, of these days, each once; the latest day first."""
    values = {
        "site": site,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "9999",
        "now": utc_text(now.astimezone(UTC)),
    }
    cursor = connection.execute(_NAMED, values)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    sections = _usual_sections(rows)
    return [_target(row, sections) for row in _once(rows)]


def is_site(connection: sqlite3.Connection, site: str) -> bool:
    """Tell whether a newspaper of this id was ever crawled."""
    return connection.execute("SELECT 1 FROM sites WHERE id = ?", (site,)).fetchone() is not None


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the last visits to the addresses of a site's articles came to."""

    site: str
    kept: int
    waiting: int  # never tried
    failed: int

    @property
    def named(self) -> int:
        """Return how many there are."""
        return self.kept + self.waiting + self.failed


def addresses(connection: sqlite3.Connection, sites: Iterable[str] = ()) -> list[Addresses]:
    """Return for each site how its addresses stand, those with the most first; redirects count as where they lead."""
    wanted = list(sites)
    values = {"all": not wanted, "sites": json.dumps(wanted)}
    return [Addresses(*row) for row in connection.execute(_ADDRESSES, values)]


def by_day(found: Iterable[Target]) -> Iterator[dict[str, Any]]:
    """Yield a record for each day and section: how many were named by which lists, and kept, and why others are not."""
    groups: dict[tuple[str, str], list[Target]] = defaultdict(list)
    for target in found:
        groups[target.day, target.section].append(target)
    ordered = sorted(groups.items(), key=lambda item: item[0][1])
    for (day, section), group in sorted(ordered, key=lambda item: item[0][0], reverse=True):
        missing = [target.missing for target in group if target.missing is not None]
        yield {
            "day": day,
            "section": section,
            **{kind: sum(kind in target.by for target in group) for kind in ("sitemap", "feed", "listing")},
            "unlisted": sum(not target.by for target in group),
            "named": len(group),
            "kept": len(group) - len(missing),
            "missing": len(missing),
            "why": dict(Counter(missing).most_common()),
            "day_from": dict(Counter(str(target.day_from) for target in group).most_common()),
        }


def _once(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each article once, with the lists of all its addresses."""
    by_article: dict[int, dict[str, Any]] = {}
    for row in rows:
        first = by_article.setdefault(row["article_id"] or -row["id"], row)
        for kind in ("sitemap", "feed", "listing"):
            first[kind] = first[kind] or row[kind]
    yield from by_article.values()


def _usual_sections(rows: Iterable[dict[str, Any]]) -> dict[int, str]:
    """Return for each section page, by its id, the section of most kept articles that it named."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["section"] and row["section_page_id"]:
            counts[row["section_page_id"]][row["section"]] += 1
    return {page_id: sections.most_common(1)[0][0] for page_id, sections in counts.items()}


def _target(row: dict[str, Any], sections: dict[int, str]) -> Target:
    path = urlsplit(row["section_page_url"] or "").path.strip("/")
    section = row["section"] or sections.get(row["section_page_id"]) or path
    by = frozenset(kind for kind in ("sitemap", "feed", "listing") if row[kind])
    return Target(row["url"], row["day"], DayFrom(row["day_from"]), section, by, _why_missing(row))


def _why_missing(row: dict[str, Any]) -> str | None:
    if row["article_id"] is not None:
        return None if row["kind"] == "article" else NO_ARTICLE
    if row["last_fetched_at"] is None:
        return DUE_LATER if row["is_later"] else NEVER_TRIED
    return REDIRECTED if row["state"] == "done" else row["last_code"]


_ADDRESSES = """
SELECT site, count(*) FILTER (WHERE last_code IN ('new', 'changed', 're-read', 'same')),
  count(*) FILTER (WHERE last_code IS NULL),
  count(*) FILTER (WHERE last_code NOT IN ('new', 'changed', 're-read', 'same'))
FROM frontier
WHERE role = 'article' AND state <> 'done' AND (:all OR site IN (SELECT value FROM json_each(:sites)))
GROUP BY site ORDER BY count(*) DESC, site
"""
_NAMED = """
WITH named AS (
  SELECT f.id, f.url, f.state, f.last_code, f.last_fetched_at, f.named_at, f.added_at, f.due_at > :now AS is_later,
    (SELECT article_id FROM urls u WHERE u.alias_key = f.alias_key ORDER BY u.met_as = 'fetched' DESC LIMIT 1)
      AS article_id
  FROM frontier f WHERE f.site = :site AND f.role = 'article'
), dated AS (
  SELECT n.*, a.kind, v.section,
    coalesce(a.published_on, substr(n.named_at, 1, 10), substr(n.added_at, 1, 10)) AS day,
    CASE WHEN a.published_on IS NOT NULL THEN 'article' WHEN n.named_at IS NOT NULL THEN 'list' ELSE 'first named' END
      AS day_from
  FROM named n LEFT JOIN articles a ON a.id = n.article_id LEFT JOIN versions v ON v.id = a.version_id
)
SELECT d.*, max(l.role = 'sitemap') AS sitemap, max(l.role = 'feed') AS feed, max(l.role = 'listing') AS listing,
  max(iif(l.role = 'listing' AND l.depth > 0, l.id, NULL)) AS section_page_id,
  max(iif(l.role = 'listing' AND l.depth > 0, l.url, NULL)) AS section_page_url
FROM dated d LEFT JOIN namings g ON g.target_id = d.id LEFT JOIN frontier l ON l.id = g.list_id
WHERE d.day BETWEEN :since AND :until
GROUP BY d.id ORDER BY d.day DESC, d.id
"""
