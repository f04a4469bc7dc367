"""What is in the archive: lists, one article whole, counts, runs. Reading alone, with the standard sqlite3."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from archive.errors import ArchiveDamaged, NotKept, QueryError
from archive.words import Term
from scraper.models import Page

SORTS = {"newest": "a.sort_at DESC, a.id DESC", "oldest": "a.sort_at, a.id"}
_JSON_COLUMNS = ("authors", "tags", "rights", "blocks", "provenance")
_NOT_SHOWN = ("sort_at", "version_id")

BRIEF = """
SELECT v.id, v.url, v.title, v.lead, v.published_at, v.published_on, v.modified_at, v.site, v.section, v.authors,
  v.language, v.source_name, v.word_count, v.kind, v.state, v.version, v.first_seen_at, v.last_seen_at,
  v.last_changed_at, v.duplicate_of
FROM articles a JOIN articles_view v ON v.id = a.id
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are meant; None and empty are without limit. Days are the newspaper's, times are ours."""

    sites: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("article",)
    since: date | None = None  # first local day of publication
    until: date | None = None  # last local day of publication
    discovered_since: datetime | None = None  # when we first saw it
    section: str | None = None
    author: str | None = None  # one of them, written as the page has it
    state: str | None = None  # live, missing or removed
    unique: bool = False  # of articles with nearly one text only the likely original, of those the filters leave

    def where(self, *, also: str = "1") -> tuple[str, dict[str, Any]]:
        """Return conditions on `articles a` as SQL, and their values.

        `also` is what else is asked of an article `o` that would stand for `a` among those with one text.
        """
        values: dict[str, Any] = {
            "sites": json.dumps(self.sites),
            "kinds": json.dumps(self.kinds),
            "kind": self.kinds[0] if self.kinds else None,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "discovered_since": _utc(self.discovered_since) if self.discovered_since else None,
            "section": self.section,
            "author": self.author,
            "by_author": Term(self.author, column="author").match() if self.author else None,
            "state": self.state,
        }
        asked = [
            condition
            for is_asked, condition in (
                (self.sites, "{a}.site IN (SELECT value FROM json_each(:sites))"),
                (len(self.kinds) == 1, "{a}.kind = :kind"),
                (len(self.kinds) > 1, "{a}.kind IN (SELECT value FROM json_each(:kinds))"),
                (self.since, _SINCE),
                (self.until, _UNTIL),
                (self.discovered_since, "{a}.first_seen_at >= :discovered_since"),
                (self.section, "{a}.version_id IN (SELECT id FROM versions WHERE section = :section)"),
                (self.author, _BY_AUTHOR),
                (self.state, "{a}.state = :state"),
            )
            if is_asked
        ]
        where = " AND ".join(asked) or "1"
        unique = _UNIQUE.format(others=where.format(a="o"), also=also) if self.unique else ""
        return where.format(a="a") + unique, values


# The instant lies within a day of the local day, and is in an index; the 31st of December 9999 has no day after it.
_SINCE = "{a}.published_on >= :since AND {a}.sort_at >= date(:since, '-1 day')"
_UNTIL = "{a}.published_on <= :until AND {a}.sort_at < coalesce(date(:until, '+2 days'), '9999-99')"
_BY_AUTHOR = """{a}.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :by_author)
AND EXISTS (SELECT 1 FROM versions w, json_each(w.authors) e WHERE w.id = {a}.version_id AND e.value = :author)"""

# An article kept since texts were last compared has no signature, and is known by its very words alone.
_UNIQUE = """
AND (a.duplicate_of IS NULL OR a.id IN (SELECT article_id FROM signatures))
AND NOT EXISTS (
  SELECT 1 FROM duplicates mine JOIN duplicates better ON better.group_id = mine.group_id AND better.rank < mine.rank
  JOIN articles o ON o.id = better.article_id WHERE mine.article_id = a.id AND {others} AND {also})
"""


def list_articles(
    connection: sqlite3.Connection,
    filters: Filters | None = None,
    *,
    sort: str = "newest",
    limit: int | None = 20,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Return articles, newest first unless told otherwise; without their bodies.

    `limit` None is all; `offset` leaves out so many of the first.
    """
    if sort not in SORTS:
        raise QueryError(f"cannot sort by {sort!r}; use newest or oldest")
    where, values = (filters or Filters()).where()
    sql = f"""
        WITH chosen AS (SELECT a.id FROM articles a WHERE {where} ORDER BY {SORTS[sort]} LIMIT :limit OFFSET :offset)
        {BRIEF} WHERE a.id IN (SELECT id FROM chosen) ORDER BY {SORTS[sort]}
    """  # noqa: S608 -- conditions and orders are constants of this module; values are bound
    rows = connection.execute(sql, values | {"limit": -1 if limit is None else limit, "offset": offset})
    return [record(row) for row in rows]


def count_articles(connection: sqlite3.Connection, filters: Filters | None = None) -> int:
    """Return how many articles the filters leave."""
    where, values = (filters or Filters()).where()
    sql = f"SELECT count(*) FROM articles a WHERE {where}"  # noqa: S608 -- as above
    return int(connection.execute(sql, values).fetchone()[0])


def record(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of articles_view as a dict with the names and shapes of `Article.to_dict`."""
    values = {name: row[name] for name in row.keys() if name not in _NOT_SHOWN}  # noqa: SIM118 -- sqlite3.Row is no dict
    for name in _JSON_COLUMNS:
        if name in values:
            values[name] = _from_json(values[name], name, values.get("id"))
    return values


def _from_json(text: str, name: str, article_id: int | None) -> Any:  # noqa: ANN401 -- whatever stands there
    try:
        return json.loads(text)
    except ValueError as error:
        raise ArchiveDamaged(f"article {article_id}: {name} is no JSON any more; restore a backup") from error


# --- one article ------------------------------------------------------------------------------------------------------


def find(connection: sqlite3.Connection, id_or_url: str, *, key: Callable[[str], str] | None = None) -> int:
    """Return the id of an article by its id or any URL it was met under; raise NotKept.

    `key` is scraper.urls.alias_key; with it, variants of a URL never met are found too.
    """
    text = id_or_url.strip()
    if text.isascii() and text.isdigit() and len(text) < len(str(2**63)):
        row = connection.execute("SELECT id FROM articles WHERE id = ?", (int(text),)).fetchone()
        if row is None:
            raise NotKept(f"no article {text}; `luubao list` shows what is kept")
        return int(row[0])
    values = {"url": text, "key": key(text) if key else text}
    row = connection.execute(_FIND, values).fetchone()
    if row is None:
        raise NotKept(f"{text} is not kept; `luubao fetch` keeps it")
    return int(row[0])


def lookup(
    connection: sqlite3.Connection, url: str, *, key: Callable[[str], str] | None = None
) -> dict[str, Any] | None:
    """Return the article under a URL, as a list shows it, or None where it is not kept."""
    try:
        article_id = find(connection, url, key=key)
    except NotKept:
        return None
    return brief(connection, article_id)


def brief(connection: sqlite3.Connection, article_id: int) -> dict[str, Any]:
    """Return an article by its id, as a list shows it."""
    cursor = connection.execute(BRIEF + "WHERE a.id = ?", (article_id,))
    names = [column[0] for column in cursor.description]
    return record(dict(zip(names, cursor.fetchone(), strict=True)))


_FIND = """
SELECT article_id FROM urls WHERE url = :url OR alias_key = :key
ORDER BY url = :url DESC, met_as = 'fetched' DESC LIMIT 1
"""


def show(
    connection: sqlite3.Connection,
    id_or_url: str,
    *,
    key: Callable[[str], str] | None = None,
    version: int | None = None,
) -> dict[str, Any]:
    """Return an article whole: all of `Article.to_dict`, with id, site, times, state, urls, versions and events.

    `version` is the number of an older one; None is today's. Raises NotKept.
    """
    article_id = find(connection, id_or_url, key=key)
    row = connection.execute("SELECT * FROM articles_view WHERE id = ?", (article_id,)).fetchone()
    version_id = row["version_id"] if version is None else _version_id(connection, article_id, version)
    whole = record(row)
    if version_id != row["version_id"]:
        whole |= _older(connection, version_id)
    return whole | _parts(connection, version_id) | {
        "versions": _rows(connection, _VERSIONS, article_id),
        "urls": _rows(connection, _URLS, article_id),
        "events": _rows(connection, _EVENTS, article_id),
    }  # fmt: skip


def _version_id(connection: sqlite3.Connection, article_id: int, number: int) -> int:
    sql = "SELECT id FROM versions WHERE article_id = ? AND number = ?"
    row = connection.execute(sql, (article_id, number)).fetchone()
    if row is None:
        raise NotKept(f"article {article_id} has no version {number}; `luubao show {article_id}` tells how many it has")
    return int(row[0])


def _older(connection: sqlite3.Connection, version_id: int) -> dict[str, Any]:
    """Return the fields of a version that is not the current one."""
    from archive.content import published_at  # noqa: PLC0415 -- loads zstandard
    from scraper.models import iso  # noqa: PLC0415

    row = connection.execute("SELECT * FROM versions WHERE id = ?", (version_id,)).fetchone()
    hidden = {"id", "article_id", "content_sha256", "body_sha256", "other_links", "capture_id", "number", "cause"}
    hidden |= {"published_at", "published_offset_minutes", "published_precision", "read_at"}
    values = record({name: row[name] for name in row.keys() if name not in hidden})  # noqa: SIM118 -- sqlite3.Row is no dict
    return values | {"published_at": iso(published_at(row)), "version": row["number"]}


def _parts(connection: sqlite3.Connection, version_id: int) -> dict[str, Any]:
    """Return pictures and links of a version, and how it was read."""
    from archive.content import unpacked_links  # noqa: PLC0415 -- loads zstandard

    row = connection.execute(_READING, (version_id,)).fetchone()
    return {
        "images": _rows(connection, _IMAGES, version_id),
        "related": _rows(connection, _LINKS, version_id),
        "links": unpacked_links(row["other_links"]),
        "reader_version": row["reader_version"],
        "fetched_at": row["fetched_at"],
        "fetched_url": row["url"],
        "snapshot_sha256": row["sha256"],
    }


def _rows(connection: sqlite3.Connection, sql: str, key: int) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sql, (key,))]


_VERSIONS = """
SELECT v.number, v.cause, v.read_at, c.fetched_at, v.title, v.word_count, v.reader_version
FROM versions v JOIN captures c ON c.id = v.capture_id WHERE v.article_id = ? ORDER BY v.number
"""
_URLS = "SELECT url, met_as, first_seen_at FROM urls WHERE article_id = ? ORDER BY first_seen_at, rowid"
_EVENTS = "SELECT kind, happened_at, note FROM events WHERE article_id = ? ORDER BY id"
_IMAGES = "SELECT url, caption, credit, alt FROM images WHERE version_id = ? ORDER BY position"
_LINKS = "SELECT url, title, relation FROM links WHERE version_id = ? ORDER BY position"
_READING = """
SELECT v.other_links, v.reader_version, c.fetched_at, c.url, lower(hex(s.sha256)) AS sha256
FROM versions v JOIN captures c ON c.id = v.capture_id LEFT JOIN snapshots s ON s.id = c.snapshot_id WHERE v.id = ?
"""


def raw_page(connection: sqlite3.Connection, article_id: int, *, version: int | None = None) -> bytes:
    """Return the page that a version was read from, as the server sent it, content coding undone.

    Raises NotKept, and ArchiveDamaged where it is not what was kept.
    """
    return kept_page(connection, article_id, version=version).body


def kept_page(connection: sqlite3.Connection, article_id: int, *, version: int | None = None) -> Page:
    """Return the exchange that a version was read from, with its headers and time; raises as `raw_page`."""
    from archive.captures import page_of  # noqa: PLC0415 -- loads zstandard

    sql = """SELECT c.id FROM versions v JOIN captures c ON c.id = v.capture_id
             WHERE c.snapshot_id IS NOT NULL AND v.article_id = :id AND v.number = coalesce(:number,
               (SELECT number FROM versions WHERE id = (SELECT version_id FROM articles WHERE id = :id)))"""
    row = connection.execute(sql, {"id": article_id, "number": version}).fetchone()
    if row is None:
        raise NotKept(f"no page of article {article_id} is kept")
    return page_of(connection, row[0])


def versions_of_capture(connection: sqlite3.Connection, capture_id: int) -> list[dict[str, Any]]:
    """Return what was read from a capture: article_id, version, title and language, the first reading first."""
    sql = """SELECT article_id, number AS version, title, language FROM versions WHERE capture_id = ? ORDER BY id"""
    return [dict(row) for row in connection.execute(sql, (capture_id,))]


def memento_of(connection: sqlite3.Connection, capture_id: int) -> dict[str, Any] | None:
    """Return where a web archive has a capture, and when it was fetched from there; None where it was our own visit."""
    row = connection.execute("SELECT url, fetched_at FROM mementos WHERE capture_id = ?", (capture_id,)).fetchone()
    return None if row is None else dict(row)


# --- counts and runs --------------------------------------------------------------------------------------------------

_TOTALS = """
SELECT (SELECT count(*) FROM articles WHERE kind = 'article') AS articles,
  (SELECT count(*) FROM versions) AS versions,
  (SELECT count(*) FROM captures) AS captures,
  (SELECT count(*) FROM snapshots) AS snapshots,
  (SELECT coalesce(sum(length), 0) FROM snapshots) AS page_bytes,
  (SELECT coalesce(sum(length(data)), 0) FROM snapshots) AS stored_page_bytes,
  (SELECT min(published_on) FROM articles WHERE kind = 'article') AS first_published_on,
  (SELECT max(published_on) FROM articles WHERE kind = 'article') AS last_published_on
"""
_BY = {
    "site": """
        SELECT site, count(*) AS articles, max(first_seen_at) AS newest FROM articles
        WHERE kind = 'article' AND (:all OR site IN (SELECT value FROM json_each(:sites)))
        GROUP BY site ORDER BY articles DESC, site
    """,
    "section": """
        SELECT v.section, count(*) AS articles FROM articles a JOIN versions v ON v.id = a.version_id
        WHERE a.kind = 'article' AND (:all OR a.site IN (SELECT value FROM json_each(:sites)))
        GROUP BY v.section ORDER BY articles DESC, v.section
    """,
    "month": """
        SELECT substr(published_on, 1, 7) AS month, count(*) AS articles FROM articles
        WHERE kind = 'article' AND (:all OR site IN (SELECT value FROM json_each(:sites))) GROUP BY 1 ORDER BY 1
    """,
    "state": """
        SELECT state, count(*) AS articles FROM articles
        WHERE kind = 'article' AND (:all OR site IN (SELECT value FROM json_each(:sites)))
        GROUP BY state ORDER BY 2 DESC
    """,
    "failure": """
        SELECT code, count(*) AS failures, max(failed_at) AS latest FROM failures
        WHERE (:all OR site IN (SELECT value FROM json_each(:sites))) GROUP BY code ORDER BY 2 DESC
    """,
}
_BY_OUTCOME = """
SELECT coalesce(sum(new), 0) AS new, coalesce(sum(changed), 0) AS changed, coalesce(sum(reread), 0) AS "re-read",
  coalesce(sum(same), 0) AS same, coalesce(sum(listed), 0) AS listed, coalesce(sum(failed), 0) AS failed FROM runs
"""


def stats(connection: sqlite3.Connection, path: Path | None = None, *, sites: Iterable[str] = ()) -> dict[str, Any]:
    """Return counts in all, by site, section, month, state, outcome and code of failure, and sizes in bytes.

    `path` adds the size of the file. `sites` narrows what is grouped; outcomes are then left out, since runs count
    them for all sites together.
    """
    counts = dict(connection.execute(_TOTALS).fetchone())
    if path is not None:
        counts["file_bytes"] = sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    wanted = list(sites)
    values = {"all": not wanted, "sites": json.dumps(wanted)}
    grouped = {f"by_{name}": [dict(row) for row in connection.execute(sql, values)] for name, sql in _BY.items()}
    outcomes = {} if wanted else dict(connection.execute(_BY_OUTCOME).fetchone())
    rows = [{"outcome": name, "pages": count} for name, count in outcomes.items() if count]
    return counts | grouped | {"by_outcome": rows}


def runs(connection: sqlite3.Connection, *, limit: int | None = 20) -> list[dict[str, Any]]:
    """Return runs, the latest first; `ended_at` None is one that runs, or was killed.

    `seconds`, `requests` and `body_bytes` are None where a run left no report.
    """
    sql = """SELECT r.id, r.command, r.arguments, r.luubao_version, r.pid, r.started_at, r.ended_at, r.exit_code,
             r.new, r.changed, r.reread, r.same, r.listed, r.failed, p.seconds, p.requests, p.body_bytes
             FROM runs r LEFT JOIN run_reports p ON p.run_id = r.id ORDER BY r.id DESC LIMIT ?"""
    rows = [dict(row) for row in connection.execute(sql, (-1 if limit is None else limit,))]
    return [row | {"arguments": json.loads(row["arguments"])} for row in rows]


def failures(connection: sqlite3.Connection, *, run_id: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Return what could not be had, the latest first; of one run where `run_id` is given."""
    sql = """SELECT run_id, url, site, code, message, failed_at FROM failures
             WHERE :run_id IS NULL OR run_id = :run_id ORDER BY id DESC LIMIT :limit"""
    return [dict(row) for row in connection.execute(sql, {"run_id": run_id, "limit": limit})]


def _utc(moment: datetime) -> str:
    """Write our own times as the file has them; a naive one is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
