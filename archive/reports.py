"""What did a run do, and how do the newspapers stand? The record of each run, what failed in it, what waits."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.content import utc_text
from archive.errors import NotKept
from archive.frontier import host_of

EXAMPLES = 3  # of each class of failure


def write(connection: sqlite3.Connection, run_id: int, report: Mapping[str, Any]) -> None:
    """Add what a run tells of itself, `Tally.to_dict` and more. Call it inside a transaction."""
    values = {name: report[name] for name in ("seconds", "requests", "body_bytes")}
    told = json.dumps(dict(report), ensure_ascii=False, separators=(",", ":"))
    connection.execute(_WRITE, values | {"run_id": run_id, "report": told})


def record(connection: sqlite3.Connection, run_id: int) -> dict[str, Any]:
    """Return all that is known of a run; raises NotKept.

    `is_whole` is False for one that was killed, is at work, or was no crawl: then traffic is what its captures tell,
    without retries and robots.txt, and there is nothing by site and host.
    """
    run = _one(connection, _RUN, run_id)
    if run is None:
        raise NotKept(f"no run {run_id}; luubao runs lists those there are")
    told = run.pop("report")
    report = json.loads(told) if told else _one(connection, _TRAFFIC, run_id) or {}
    run["arguments"] = json.loads(run["arguments"])
    failed = {"failures": failure_classes(connection, run_id), "is_whole": bool(told)}
    return run | report | failed


def _one(connection: sqlite3.Connection, sql: str, run_id: int) -> dict[str, Any] | None:
    cursor = connection.execute(sql, {"run_id": run_id})
    row = cursor.fetchone()
    return None if row is None else dict(zip([column[0] for column in cursor.description], row, strict=True))


def failure_classes(connection: sqlite3.Connection, run_id: int) -> list[dict[str, Any]]:
    """Return what failed in a run by code, the most frequent first, with examples: URL and message."""
    classes: dict[str, dict[str, Any]] = {}
    for code, count, url, message in connection.execute(_CLASSES, {"run_id": run_id, "examples": EXAMPLES}):
        known = classes.setdefault(code, {"code": code, "count": count, "examples": []})
        known["examples"].append({"url": url, "message": message})
    return list(classes.values())


def failures_since(
    connection: sqlite3.Connection, since: datetime, *, sites: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return what failed since then by code, the most frequent first: code, failures, latest and its url."""
    wanted = list(sites)
    values = {"since": utc_text(since), "all": not wanted, "sites": json.dumps(wanted)}
    names = ("code", "failures", "latest", "url")
    return [dict(zip(names, row, strict=True)) for row in connection.execute(_FAILURES_SINCE, values)]


def failed_urls(connection: sqlite3.Connection, run_id: int) -> Iterator[str]:
    """Yield the URLs that failed in a run and were not had since, each once, in the order they failed."""
    for (url,) in connection.execute(_FAILED_URLS, {"run_id": run_id}):
        yield url


def sites(connection: sqlite3.Connection) -> list[str]:
    """Return the ids of all sites that were ever asked."""
    return [row[0] for row in connection.execute("SELECT id FROM sites ORDER BY id")]


def latest_new(connection: sqlite3.Connection, asked: Iterable[str]) -> dict[str, datetime]:
    """Return when each site last gave a new article; for one that gave none, when it was first asked."""
    rows = connection.execute(_LATEST_NEW, {"sites": json.dumps(list(asked))})
    return {site: datetime.fromisoformat(at).astimezone(UTC) for site, at in rows}


def pages_since(connection: sqlite3.Connection, since: datetime) -> Counter[str]:
    """Return for each site how many pages crawls had of it since then."""
    hosts = Counter(host_of(url) for (url,) in connection.execute(_PAGES_SINCE, {"since": utc_text(since)}))
    counted: Counter[str] = Counter()
    for site, host in connection.execute("SELECT site, host FROM hosts"):
        counted[site] += hosts[host]
    return counted


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in the frontier."""

    due: int
    later: int
    next_at: datetime | None  # when the first of the later ones is due; None: there is none


def queue(connection: sqlite3.Connection, sites: Iterable[str], now: datetime) -> Queue:
    """Return how much of these sites is due now and later."""
    moment = now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    due, later, next_at = connection.execute(_QUEUE, {"sites": json.dumps(list(sites)), "now": moment}).fetchone()
    return Queue(due, later, datetime.fromisoformat(next_at).astimezone(UTC) if next_at else None)


_WRITE = """
INSERT INTO run_reports (run_id, seconds, requests, body_bytes, report)
VALUES (:run_id, :seconds, :requests, :body_bytes, :report)
ON CONFLICT (run_id) DO UPDATE SET seconds = excluded.seconds, requests = excluded.requests,
  body_bytes = excluded.body_bytes, report = excluded.report
"""
_RUN = """
SELECT r.id, r.command, r.arguments, r.luubao_version, r.pid, r.started_at, r.ended_at, r.exit_code,
  r.new, r.changed, r.reread, r.same, r.listed, r.failed, p.report
FROM runs r LEFT JOIN run_reports p ON p.run_id = r.id WHERE r.id = :run_id
"""
_TRAFFIC = """
SELECT count(*) AS requests, coalesce(sum(body_length), 0) AS body_bytes, max(fetched_at) AS last_fetched_at
FROM captures WHERE run_id = :run_id
"""
_CLASSES = """
SELECT code, total, url, message FROM (
  SELECT id, code, url, message, count(*) OVER (PARTITION BY code) AS total,
    row_number() OVER (PARTITION BY code ORDER BY id) AS place
  FROM failures WHERE run_id = :run_id
) WHERE place <= :examples ORDER BY total DESC, code, id
"""
# A bare column beside max() comes from the row that has it (SQLite, "Bare columns in an aggregate query").
_FAILURES_SINCE = """
SELECT code, count(*), max(failed_at), url FROM failures
WHERE failed_at >= :since AND (:all OR site IN (SELECT value FROM json_each(:sites)))
GROUP BY code ORDER BY 2 DESC, code
"""
_FAILED_URLS = """
SELECT f.url FROM failures f
WHERE f.run_id = :run_id AND NOT EXISTS (
  SELECT 1 FROM urls u JOIN articles a ON a.id = u.article_id
  WHERE u.url = f.url AND a.last_seen_at >= f.failed_at
)
GROUP BY f.url ORDER BY min(f.id)
"""
_LATEST_NEW = """
SELECT s.id, coalesce(
  (SELECT a.first_seen_at FROM articles a WHERE a.site = s.id AND a.kind = 'article' ORDER BY a.id DESC LIMIT 1),
  s.first_seen_at)
FROM sites s WHERE s.id IN (SELECT value FROM json_each(:sites))
"""
_PAGES_SINCE = """
SELECT c.url FROM runs r JOIN captures c ON c.run_id = r.id
WHERE (r.ended_at IS NULL OR r.ended_at >= :since) AND c.fetched_at >= :since AND c.redirected_to IS NULL
"""
_QUEUE = """
SELECT count(*) FILTER (WHERE due_at <= :now), count(*) FILTER (WHERE due_at > :now),
  min(due_at) FILTER (WHERE due_at > :now)
FROM frontier WHERE state = 'pending' AND site IN (SELECT value FROM json_each(:sites))
"""
