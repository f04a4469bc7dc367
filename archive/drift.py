"""Do the fields of a newspaper's articles still come as they used to? A template that changed shows here first.

For each site, the last articles are held against those before them: the share in which a field is filled, and the
share in which its usual candidate gave the value. Only articles read by the same reader and rules are compared, so
that an upgrade of luubao, or a mended rule, is no drift.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

from archive.errors import ArchiveDamaged

FIELDS = ("title", "lead", "published_at", "authors", "section", "body", "images", "related", "tags")
BEFORE = 200  # articles that the last ones are held against
LEAST = 20  # articles, on either side, below which nothing is said
MOST = 200  # of the last articles
FALL = 0.30  # of a share, from which on it is told
SIGMAS = 4.0  # and it must be that many standard errors: fifty sites, ten fields, 48 runs a day
TEXTUAL = ("label", "source")
"""Kinds of candidates whose name ends in words of the page."""

Sources = dict[str, str]
"""Of one article: field -> name of the candidate that gave its value; fields without one are missing."""


@dataclass(frozen=True, slots=True)
class FieldShare:
    """How a field came in some articles of a site."""

    articles: int
    filled: int
    candidates: Counter[str]  # name -> articles; the usual one is the most common

    @property
    def share(self) -> float:
        """Return the share of articles that have the field."""
        return self.filled / self.articles if self.articles else 0.0

    @property
    def usual(self) -> str | None:
        """Return the candidate that gave most values; None where there was none."""
        return self.candidates.most_common(1)[0][0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class Fall:
    """A field that comes less often than it did, or from elsewhere. Shares are of the articles, 0 to 1."""

    site: str
    field: str
    what: str  # "filled": the field itself; "candidate": what gave it
    candidate: str | None  # the usual one, of before
    share_before: float
    share_now: float
    candidate_now: str | None  # the usual one, of the last articles
    articles_before: int
    articles_now: int

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        rounded = {"share_before": round(self.share_before, 3), "share_now": round(self.share_now, 3)}
        return asdict(self) | rounded


def of_site(connection: sqlite3.Connection, site: str, *, latest: int = LEAST) -> list[Fall]:
    """Return what fell in the last articles of a site; `latest` of them, within LEAST and MOST."""
    return falls(site, *windows(connection, site, latest=latest))


def shares(connection: sqlite3.Connection, sites: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return for each site and field how it came in the last articles, BEFORE at most, and by which candidate.

    `by_candidate` is the share of articles whose value the usual candidate gave.
    """
    asked = list(sites) or [row[0] for row in connection.execute("SELECT id FROM sites ORDER BY id")]
    return [row for site in asked for row in _shares_of(site, _measured_last(connection, site))]


def _measured_last(connection: sqlite3.Connection, site: str) -> dict[str, FieldShare]:
    return measured(list(_sources(connection.execute(_LATEST, {"site": site, "limit": BEFORE}))))


def _shares_of(site: str, fields: dict[str, FieldShare]) -> Iterator[dict[str, Any]]:
    for field, share in fields.items():
        if share.articles:
            by_candidate = share.candidates[share.usual] / share.articles if share.usual else 0.0
            yield {
                "site": site,
                "field": field,
                "articles": share.articles,
                "filled": round(share.share, 3),
                "by_candidate": round(by_candidate, 3),
                "candidate": share.usual,
            }


def windows(
    connection: sqlite3.Connection, site: str, *, latest: int = LEAST
) -> tuple[dict[str, FieldShare], dict[str, FieldShare]]:
    """Return how each field came before, and how in the last articles of a site."""
    count = min(max(latest, LEAST), MOST)
    read = list(_sources(connection.execute(_LATEST, {"site": site, "limit": count + BEFORE})))
    return measured(read[count:]), measured(read[:count])


def falls(site: str, before: dict[str, FieldShare], now: dict[str, FieldShare]) -> list[Fall]:
    """Return the fields that fell, the widest fall first."""
    found = [fall for field in FIELDS if (fall := _fall(site, field, before[field], now[field]))]
    return sorted(found, key=lambda fall: fall.share_now - fall.share_before)


def measured(articles: Sequence[Sources]) -> dict[str, FieldShare]:
    """Return how each field came in these articles."""
    return {field: _field_share(field, articles) for field in FIELDS}


def _field_share(field: str, articles: Sequence[Sources]) -> FieldShare:
    candidates = Counter(sources[field] for sources in articles if field in sources)
    return FieldShare(len(articles), candidates.total(), candidates)


def _fall(site: str, field: str, before: FieldShare, now: FieldShare) -> Fall | None:
    usual = before.usual
    if min(before.articles, now.articles) < LEAST or usual is None:
        return None
    by_usual = now.candidates[usual]
    if _has_fallen(before.filled, before.articles, now.filled, now.articles):
        what, share_before, share_now = "filled", before.share, now.share
    elif _has_fallen(before.candidates[usual], before.articles, by_usual, now.articles):
        what, share_before, share_now = "candidate", before.candidates[usual] / before.articles, by_usual / now.articles
    else:
        return None
    return Fall(site, field, what, usual, share_before, share_now, now.usual, before.articles, now.articles)


def _has_fallen(filled_before: int, before: int, filled_now: int, now: int) -> bool:
    """Tell whether a share fell by FALL, and by more than chance would (two proportions, pooled)."""
    fall = filled_before / before - filled_now / now
    pooled = (filled_before + filled_now) / (before + now)
    error = sqrt(pooled * (1 - pooled) * (1 / before + 1 / now))
    return fall >= FALL and fall > SIGMAS * error


def _sources(rows: Iterable[Sequence[Any]]) -> Iterator[Sources]:
    """Yield what gave each field, article by article, until one was read by another reader or by other rules."""
    first = None
    for reader_version, rules_hash, provenance, has_body, has_images in rows:
        first = first or (reader_version, rules_hash)
        if (reader_version, rules_hash) != first:
            return
        yield _named(_from_json(provenance), has_body=bool(has_body), has_images=bool(has_images))


def _from_json(provenance: str) -> dict[str, Any]:
    try:
        return dict(json.loads(provenance))
    except (ValueError, TypeError) as error:
        raise ArchiveDamaged("the provenance of an article is no JSON any more; restore a backup") from error


def _named(provenance: dict[str, Any], *, has_body: bool, has_images: bool) -> Sources:
    named = {field: _kind_if_textual(str(value.get("source"))) for field, value in provenance.items()}
    if not has_body:
        named.pop("body", None)
    if has_images:
        named.setdefault("images", "found")  # pictures name no candidate
    return named


def _kind_if_textual(source: str) -> str:
    kind = source.partition(":")[0]
    return kind if kind in TEXTUAL else source


_LATEST = """
SELECT v.reader_version, v.rules_hash, v.provenance, v.word_count > 0,
  EXISTS (SELECT 1 FROM images i WHERE i.version_id = v.id)
FROM articles a JOIN versions v ON v.id = a.version_id
WHERE a.site = :site AND a.kind = 'article' ORDER BY a.id DESC LIMIT :limit
"""
