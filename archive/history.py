"""What happened to articles: what the newspaper made, changed, moved and took down; apart from it what we read anew.

`title-changed` and `date-changed` are told by comparing an edited version with the one before it, and stand nowhere
else. An edit of title or date alone is only that; one that changed other things too is `edited` beside it.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from archive.differences import Change, changed_fields, words_apart

TOLD = (
    "title", "lead", "body", "published_at", "authors", "section", "source_name", "source_published_at", "images",
    "rights",
)  # fmt: skip
"""Fields whose change makes a version: archive/content.py. Others change with it, or at each visit."""


class Kind(StrEnum):
    """What may happen to an article."""

    CREATED = "created"
    EDITED = "edited"
    TITLE_CHANGED = "title-changed"
    DATE_CHANGED = "date-changed"
    MISSING = "missing"  # not there, once or for less than a day
    REMOVED = "removed"
    RESTORED = "restored"
    MOVED = "moved"
    REREAD = "re-read"  # ours: the reader or its rules changed, not the page


CHANGES = (Kind.EDITED, Kind.TITLE_CHANGED, Kind.DATE_CHANGED, Kind.REMOVED, Kind.RESTORED, Kind.MOVED)
"""What the newspaper does to an article that is there."""

_OWN_KIND = {"title": Kind.TITLE_CHANGED, "published_at": Kind.DATE_CHANGED}

Happening = dict[str, Any]
"""happened_at (UTC), kind, is_ours, article_id, version, site, url, title, before, after, fields, words_added,
words_removed, reader_version. `version`, `before`, `after` and `reader_version` are None where there is none; what is
known of a removal or a move, a code or the new address, is `after`."""


def log(connection: sqlite3.Connection, article_id: int) -> list[Happening]:
    """Return all that happened to one article, the first first."""
    versions = [dict(row) for row in connection.execute(_VERSIONS_OF, {"id": article_id})]
    events = [dict(row) for row in connection.execute(_EVENTS_OF, {"id": article_id})]
    found = [happening for row in versions for happening in _of_version(connection, row)]
    found += [_happening(row, kind=row["cause"], before=None, after=row["note"]) for row in events]
    return sorted(found, key=lambda each: each["happened_at"])


def changes(
    connection: sqlite3.Connection,
    *,
    kinds: Iterable[str] = CHANGES,
    sites: Iterable[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
    of: Callable[[int], bool] = lambda _: True,
    most_looked_at: int | None = None,
) -> Iterator[Happening]:
    """Yield what the newspapers changed, the latest first; `since` is a time of ours, `limit` None is all.

    `of` tells whether an article is meant; `most_looked_at` ends the search for such, None looks at all.
    """
    wanted = list(sites)
    values = {
        "since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if since else "",
        "all": not wanted,
        "sites": json.dumps(wanted),
    }

    def rows(sql: str) -> Iterator[dict[str, Any]]:
        looked_at = islice(connection.execute(sql, values), most_looked_at)
        return (dict(row) for row in looked_at if of(row["article_id"]))

    edits = (each for row in rows(_EDITS) for each in _of_version(connection, row))
    events = (_happening(row, kind=row["cause"], before=None, after=row["note"]) for row in rows(_EVENTS))
    both = heapq.merge(edits, events, key=lambda each: str(each["happened_at"]), reverse=True)
    chosen = frozenset(kinds)
    return islice((each for each in both if each["kind"] in chosen), limit)


def _of_version(connection: sqlite3.Connection, row: Mapping[str, Any]) -> Iterator[Happening]:
    """Yield what a version tells beside the one before it: one to three things for an edit, else one."""
    if row["version_id_before"] is None:
        yield _happening(row, kind=row["cause"])
        return
    differing = changed_fields(
        said(connection, row["version_id_before"]), said(connection, row["version_id"]), _told(row["cause"])
    )
    if row["cause"] != Kind.EDITED:
        yield _happening(row, kind=row["cause"], differing=differing)
        return
    for change in differing:
        if change.field in _OWN_KIND:
            kind = _OWN_KIND[change.field]
            yield _happening(row, kind=kind, differing=(change,), before=change.before, after=change.after)
    others = tuple(change for change in differing if change.field not in _OWN_KIND)
    if others or not differing:
        yield _happening(row, kind=Kind.EDITED, differing=others)


def _told(cause: str) -> tuple[str, ...]:
    """Return the fields to compare: better rules may find others than those that make an edit."""
    return (*TOLD, "tags", "related", "modified_at") if cause == Kind.REREAD else TOLD


def _happening(
    row: Mapping[str, Any],
    *,
    kind: str,
    differing: tuple[Change, ...] = (),
    before: str | None = None,
    after: str | None = None,
) -> Happening:
    body = next((change for change in differing if change.field == "body"), None)
    came, went = words_apart(body.before, body.after) if body else (0, 0)
    return {
        "happened_at": row["happened_at"],
        "kind": str(kind),
        "is_ours": kind == Kind.REREAD,
        "article_id": row["article_id"],
        "version": row["version"],
        "site": row["site"],
        "url": row["url"],
        "title": row["title"],
        "before": before,
        "after": after,
        "fields": [change.field for change in differing],
        "words_added": came,
        "words_removed": went,
        "reader_version": row["reader_version"],
    }


_COLUMNS = """
SELECT e.article_id, a.url, a.site, e.happened_at, e.kind AS cause, NULL AS version, v.title, e.note, NULL AS
  reader_version
FROM events e JOIN articles a ON a.id = e.article_id JOIN versions v ON v.id = a.version_id
"""
_EVENTS_OF = _COLUMNS + "WHERE e.article_id = :id ORDER BY e.id"
# An article that was only missing for a while was never taken down, and so does not come back.
_EVENTS = f"""
{_COLUMNS}
WHERE e.happened_at >= :since AND e.kind <> 'missing'
  AND (:all OR a.site IN (SELECT value FROM json_each(:sites)))
  AND (e.kind <> 'restored' OR 'removed' = (
    SELECT o.kind FROM events o WHERE o.article_id = e.article_id AND o.id < e.id AND o.kind <> 'moved'
    ORDER BY o.id DESC LIMIT 1))
ORDER BY e.happened_at DESC, e.id DESC
"""  # noqa: S608 -- a constant
_VERSIONS_OF = """
SELECT v.article_id, a.url, a.site, v.read_at AS happened_at, v.cause, v.number AS version, v.title, v.reader_version,
  v.id AS version_id, (SELECT p.id FROM versions p WHERE p.article_id = v.article_id AND p.number = v.number - 1)
    AS version_id_before
FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.article_id = :id ORDER BY v.number
"""
_EDITS = """
SELECT e.article_id, e.url, e.site, e.happened_at, e.cause, e.version, e.title, NULL AS reader_version,
  e.version_id, e.version_id_before
FROM edits_view e
WHERE e.cause = 'edited' AND e.happened_at >= :since AND (:all OR e.site IN (SELECT value FROM json_each(:sites)))
ORDER BY e.happened_at DESC, e.version_id DESC
"""


# --- what a version said ----------------------------------------------------------------------------------------------


def said(connection: sqlite3.Connection, version_id: int) -> dict[str, Any]:
    """Return what a version said, in the form of `Article.to_dict`; without kind, blocks and other links."""
    from archive.content import published_at  # noqa: PLC0415 -- loads zstandard
    from scraper.models import iso  # noqa: PLC0415 -- as above

    cursor = connection.execute(_SAID, {"id": version_id})
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    lists = {name: json.loads(row[name]) for name in ("authors", "tags", "rights", "images", "related")}
    return row | lists | {"published_at": iso(published_at(row))}


_SAID = """
SELECT title, lead, body, published_at, published_offset_minutes, published_on, modified_at, authors, section, tags,
  language, source_name, source_published_at, canonical_url, rights,
  (SELECT json_group_array(json_object('url', url, 'caption', caption, 'credit', credit, 'alt', alt))
   FROM (SELECT * FROM images WHERE version_id = :id ORDER BY position)) AS images,
  (SELECT json_group_array(json_object('url', url, 'title', title, 'relation', relation))
   FROM (SELECT * FROM links WHERE version_id = :id ORDER BY position)) AS related
FROM versions WHERE id = :id
"""
