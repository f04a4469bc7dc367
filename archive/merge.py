"""One archive into another: what both have once, what one has alone as it is; twice the same is as once.

Visits are the same where URL, time, status and page are; articles where a URL is, or a variant of it; versions where
an article said the same at the same place in its history. What either archive erased stays out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import dictionaries, roots, snapshots
from archive.connect import check_schema, errors_of
from archive.content import from_utc_text
from archive.errors import ArchiveError
from archive.ground import require_archive
from archive.snapshots import ROW_COLUMNS, Packed
from archive.store import Archive
from archive.tombstones import is_erased, url_tombstone

BATCH = 200  # rows a transaction: others write beside
Tick = Callable[[str, int, int], None]
Row = Mapping[str, Any]


@dataclass(slots=True)
class Merged:
    """What one archive brought."""

    articles: int = 0
    versions: int = 0
    visits: int = 0
    pages: int = 0
    erased: int = 0  # articles left out, since they were erased by order
    erased_there: tuple[int, ...] = ()  # articles here that the other archive erased by order: they stay


def merge(archive: Archive, other: Path, *, tick: Tick = lambda *_: None) -> Merged:
    """Add all of another archive. Call it inside a run. Raises ArchiveError, for the other file too."""
    if other.exists() and other.samefile(archive.path):
        raise ArchiveError("is the archive itself; name another one", path=other)
    require_archive(other)
    with errors_of(other), closing(_opened(other)) as source:
        merging = _Merging(archive, source, tick)
        merging.carry_out()
    return merging.brought


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
    check_schema(connection, path)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("BEGIN")  # one view of it, whoever writes there
    return connection


class _Merging:
    """One archive on its way into another: ids there are mapped to ids here, table by table."""

    def __init__(self, archive: Archive, source: sqlite3.Connection, tick: Tick) -> None:
        self.archive = archive
        self.source = source
        self.tick = tick
        self.key = archive.scraping.keys()
        self.brought = Merged()
        self._runs: dict[int, int] = {}
        self._captures: dict[int, int] = {}
        self._articles: dict[int, int] = {}
        self._tasks: dict[int, int] = {}
        self._lists: set[int] = set()  # lists that were not known here

    @property
    def _connection(self) -> sqlite3.Connection:
        return self.archive.connection

    def carry_out(self) -> None:
        """Go through the tables, those first that others refer to."""
        self._each("SELECT * FROM sites", self._site)
        self._each("SELECT * FROM tombstones", self._tombstone)
        self._each("SELECT * FROM runs", self._run)
        self._each("SELECT * FROM run_reports", self._report)
        self._each("SELECT * FROM captures ORDER BY id", self._capture)
        self._each("SELECT * FROM mementos", self._memento)
        self._each("SELECT * FROM articles WHERE version_id IS NOT NULL ORDER BY id", self._article)
        self._each("SELECT * FROM failures", self._failure)
        self._each("SELECT * FROM hosts", self._host)
        self._each("SELECT * FROM frontier", self._task)
        self._each("SELECT * FROM lists ORDER BY frontier_id <> first_id", self._list)
        self._each("SELECT * FROM namings", self._naming)
        self._each("SELECT * FROM host_revisits", self._host_revisits)
        self.brought.erased_there = tuple(self._erased_there())
        self.archive.compare_new(tick=self.tick)

    def _each(self, sql: str, take: Callable[[Row], None]) -> None:
        """Hand each row on, some hundreds a transaction."""
        total = self.source.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]  # noqa: S608 -- constants above
        name = sql.split("FROM ")[1].split(maxsplit=1)[0]
        for done, rows in _batches(self.source.execute(sql)):
            with self.archive.transaction():
                for row in rows:
                    take(row)
            self.tick(name, done, total)

    def _insert(self, table: str, values: Row, *, or_ignore: bool = False) -> int:
        """Insert a row by the names of its columns and return its id."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        how = "OR IGNORE " if or_ignore else ""
        sql = f"INSERT {how}INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 -- names of our own columns
        return int(self._connection.execute(sql, dict(values)).lastrowid or 0)

    def _one(self, sql: str, values: Row) -> Any:  # noqa: ANN401 -- whatever the column has
        row = self._connection.execute(sql, dict(values)).fetchone()
        return None if row is None else row[0]

    # --- rows that are the same or not --------------------------------------------------------------------------------

    def _site(self, row: Row) -> None:
        self._insert("sites", dict(row), or_ignore=True)

    def _host(self, row: Row) -> None:
        self._insert("hosts", dict(row), or_ignore=True)

    def _tombstone(self, row: Row) -> None:
        self._insert("tombstones", dict(row), or_ignore=True)

    def _run(self, row: Row) -> None:
        """Take a run over, its root as a note among its arguments: here it is part of another chain."""
        values = _without(row, "id", "root", "previous_root")
        known = self._one(_SAME_RUN, row)
        if known is None:
            if row["root"] is not None:
                values["arguments"] = json.dumps(json.loads(row["arguments"]) | {"root": bytes(row["root"]).hex()})
            known = self._insert("runs", values)
        self._runs[row["id"]] = known

    def _report(self, row: Row) -> None:
        self._insert("run_reports", dict(row) | {"run_id": self._runs[row["run_id"]]}, or_ignore=True)

    def _capture(self, row: Row) -> None:
        known = self._one(_SAME_CAPTURE, row)
        if known is None:
            if self._is_erased(row["url"], row["body_sha256"]):
                return
            values = _without(row, "id") | {
                "run_id": self._runs.get(row["run_id"]),
                "redirected_to": self._captures.get(row["redirected_to"]),
                "snapshot_id": self._page(row["snapshot_id"], row),
            }
            known = self._insert("captures", values)
            self.brought.visits += 1
        self._captures[row["id"]] = known

    def _memento(self, row: Row) -> None:
        if row["capture_id"] in self._captures:
            self._insert("mementos", dict(row) | {"capture_id": self._captures[row["capture_id"]]}, or_ignore=True)

    def _is_erased(self, url: str, body_sha256: bytes | None = None) -> bool:
        return is_erased(self._connection, url_tombstone(self.key(url)), body_sha256)

    def _erased_there(self) -> Iterator[int]:
        """Yield the articles of this archive under addresses that the other one erased."""
        gone = {bytes(row[0]) for row in self.source.execute("SELECT sha256 FROM tombstones WHERE kind = 'url'")}
        if gone:
            rows = self._connection.execute("SELECT article_id, alias_key FROM urls ORDER BY article_id")
            yield from dict.fromkeys(article_id for article_id, key in rows if url_tombstone(key) in gone)

    def _page(self, snapshot_id: int | None, capture: Row) -> int | None:
        """Take a page over: proven, and compressed by what there is of its site here."""
        if snapshot_id is None:
            return None
        row = self.source.execute(f"SELECT {ROW_COLUMNS} FROM snapshots WHERE id = ?", (snapshot_id,)).fetchone()  # noqa: S608 -- a constant
        known = self._one("SELECT id FROM snapshots WHERE sha256 = :sha256", row)
        if known is not None:
            return int(known)
        body = snapshots.unpacked(self.source, snapshot_id, tuple(row))
        self.brought.pages += 1
        if row["dictionary_id"] is None and row["base_id"] is None:
            return snapshots.add(self._connection, Packed(row["sha256"], row["length"], row["codec"], row["data"]))
        site = self.source.execute(_SITE_OF, (snapshot_id,)).fetchone()
        if row["dictionary_id"] is not None:
            dictionary_id = self._dictionary(row["dictionary_id"])
            if dictionary_id is not None:
                packed = Packed(row["sha256"], row["length"], row["codec"], row["data"], dictionary_id)
                return snapshots.add(self._connection, packed)
        place = dictionaries.Place(
            site[0] if site else "", capture["url"], from_utc_text(capture["fetched_at"]), is_edit=site is not None
        )
        return snapshots.put(self._connection, body, choose=lambda: dictionaries.choose(self._connection, place, body))

    def _dictionary(self, dictionary_id: int) -> int | None:
        """Take a dictionary over; None where it is a page that was erased here."""
        row = self.source.execute("SELECT * FROM dictionaries WHERE id = ?", (dictionary_id,)).fetchone()
        if is_erased(self._connection, row["sha256"]):
            return None
        self._insert("sites", {"id": row["site"], "first_seen_at": row["made_at"]}, or_ignore=True)
        return dictionaries.add(self._connection, row["site"], row["data"], row["made_at"])

    def _failure(self, row: Row) -> None:
        same = "SELECT id FROM failures WHERE url = :url AND code = :code AND failed_at = :failed_at"
        if self._one(same, row) is None and not self._is_erased(row["url"]):
            ids = {"run_id": self._runs.get(row["run_id"]), "capture_id": self._captures.get(row["capture_id"])}
            self._insert("failures", _without(row, "id") | ids)

    def _task(self, row: Row) -> None:
        if not self._is_erased(row["url"]):
            self._insert("frontier", _without(row, "id"), or_ignore=True)
            self._tasks[row["id"]] = int(self._one("SELECT id FROM frontier WHERE alias_key = :alias_key", row))

    def _list(self, row: Row) -> None:
        """Take a list over that is not known here; readings of one that is cannot be numbered together."""
        list_id, first_id = self._tasks.get(row["frontier_id"]), self._tasks.get(row["first_id"])
        known = self._one("SELECT 1 FROM lists WHERE frontier_id = :id", {"id": list_id})
        if list_id is None or first_id is None or known is not None:
            return
        ids = {"frontier_id": list_id, "first_id": first_id, "gap_run_id": self._runs.get(row["gap_run_id"])}
        self._insert("lists", dict(row) | ids)
        self._lists.add(list_id)

    def _naming(self, row: Row) -> None:
        target_id, list_id = self._tasks.get(row["target_id"]), self._tasks.get(row["list_id"])
        if target_id is not None and list_id in self._lists:
            self._insert("namings", dict(row) | {"target_id": target_id, "list_id": list_id}, or_ignore=True)

    def _host_revisits(self, row: Row) -> None:
        self._insert("host_revisits", dict(row), or_ignore=True)

    # --- articles -----------------------------------------------------------------------------------------------------

    def _article(self, row: Row) -> None:
        urls = self.source.execute("SELECT * FROM urls WHERE article_id = ?", (row["id"],)).fetchall()
        versions = self.source.execute(_VERSIONS_OF, (row["id"],)).fetchall()
        kept = [version for version in versions if version["capture_id"] in self._captures]
        texts = [version["body_sha256"] for version in versions]
        if not kept or is_erased(self._connection, *(url_tombstone(url["alias_key"]) for url in urls), *texts):
            self.brought.erased += 1
            return
        article_id = self._known_article(urls)
        if article_id is None:
            duplicate_of = self._articles.get(row["duplicate_of"])
            values = _without(row, "id") | {"version_id": None, "duplicate_of": duplicate_of}
            article_id = self._insert("articles", values)
            self.brought.articles += 1
        self._articles[row["id"]] = article_id
        for url in urls:
            self._insert("urls", dict(url) | {"article_id": article_id}, or_ignore=True)
        self._add_versions(article_id, row, kept)
        for event in self.source.execute("SELECT * FROM events WHERE article_id = ?", (row["id"],)):
            values = _without(event, "id") | {"article_id": article_id}
            if self._one(_SAME_EVENT, values) is None:
                self._insert("events", values)

    def _known_article(self, urls: Sequence[Row]) -> int | None:
        for sql in ("SELECT article_id FROM urls WHERE url = :url", _BY_KEY):
            for url in urls:
                known = self._one(sql, url)
                if known is not None:
                    return int(known)
        return None

    def _add_versions(self, article_id: int, article: Row, versions: Sequence[Row]) -> None:
        """Add the versions that say what their neighbours in time do not, and number all anew."""
        theirs = {self._captures[version["capture_id"]]: version for version in versions}
        here = self._connection.execute(_HISTORY, (article_id,)).fetchall()
        known = {(row[1], row[2], row[3]) for row in here}
        line: list[tuple[str, bytes, int | None, Row | None]] = [(row[1], row[2], row[0], None) for row in here]
        line += [
            (version["read_at"], version["content_sha256"], None, version)
            for capture_id, version in ((self._captures[v["capture_id"]], v) for v in versions)
            if (version["read_at"], version["content_sha256"], capture_id) not in known
        ]
        line.sort(key=lambda each: each[0])
        before: bytes | None = None
        for place, (_, said, version_id, version) in enumerate(line):
            after = line[place + 1] if place + 1 < len(line) else None
            is_same_after = after is not None and after[2] is not None and after[1] == said
            is_edit = version is not None and version["cause"] != "re-read"  # ours may differ in tags or links alone
            if is_edit and here and (said == before or is_same_after):
                continue
            if version_id is None and version is not None:
                self._add_version(article_id, version)
            before = said
        self._number(article_id)
        self._make_current(article_id, article, theirs)

    def _add_version(self, article_id: int, version: Row) -> None:
        number = 1 + (self._one("SELECT max(number) FROM versions WHERE article_id = :id", {"id": article_id}) or 0)
        capture_id = self._captures[version["capture_id"]]
        ids = {"article_id": article_id, "capture_id": capture_id, "number": number}
        version_id = self._insert("versions", _without(version, "id") | ids)
        for table in ("images", "links", "confirmations"):
            for part in self.source.execute(f"SELECT * FROM {table} WHERE version_id = ?", (version["id"],)):  # noqa: S608 -- of three
                self._insert(table, dict(part) | {"version_id": version_id})
        self.brought.versions += 1

    def _number(self, article_id: int) -> None:
        """Number versions by time; over negative ones, since each number may be there once."""
        ids = [row[0] for row in self._connection.execute(_BY_TIME, (article_id,))]
        numbers = [row[1] for row in self._connection.execute(_BY_TIME, (article_id,))]
        self._call_edits_so(ids[1:])
        if numbers == list(range(1, len(ids) + 1)):
            return
        for sign in (-1, 1):
            sql = "UPDATE versions SET number = ? WHERE id = ?"
            self._connection.executemany(sql, ((sign * number, each) for number, each in enumerate(ids, 1)))

    def _call_edits_so(self, later: Sequence[int]) -> None:
        """Call a version edited that was an archive's first and is not the first any more; it is sealed anew."""
        sql = "SELECT id FROM versions WHERE cause = 'created' AND id IN (SELECT value FROM json_each(?))"
        ids = [row[0] for row in self._connection.execute(sql, (json.dumps(list(later)),))]
        roots.take_out(self._connection, "version", ids)
        self._connection.executemany("UPDATE versions SET cause = 'edited' WHERE id = ?", ((each,) for each in ids))
        if self.archive.run_id is not None:
            roots.seal_anew(self._connection, self.archive.run_id, "version", ids)

    def _make_current(self, article_id: int, article: Row, theirs: Mapping[int, Row]) -> None:
        """Let the article show its latest version, and be as it was when it was last seen."""
        version_id, capture_id = self._connection.execute(_LATEST, (article_id,)).fetchone()
        shown = self._one("SELECT version_id FROM articles WHERE id = :id", {"id": article_id})
        if shown != version_id:
            is_theirs = capture_id in theirs
            values = {"id": article_id, "version_id": version_id} | {
                name: article[name] for name in ("kind", "published_on", "sort_at")
            }
            self._connection.execute(_SHOW if is_theirs else _SHOW_ONLY, values)
        self._connection.execute(_TIMES, dict(article) | {"id": article_id})


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name not in names}


def _batches(cursor: sqlite3.Cursor) -> Iterator[tuple[int, list[Row]]]:
    done = 0
    while rows := cursor.fetchmany(BATCH):
        done += len(rows)
        yield done, rows


_SAME_RUN = "SELECT id FROM runs WHERE command = :command AND started_at = :started_at AND pid = :pid"
_SAME_CAPTURE = """
SELECT id FROM captures WHERE url = :url AND fetched_at = :fetched_at AND status = :status
AND body_sha256 = :body_sha256 AND requested_url IS :requested_url
"""
_SITE_OF = """
SELECT a.site FROM captures c JOIN versions v ON v.capture_id = c.id JOIN articles a ON a.id = v.article_id
WHERE c.snapshot_id = ? LIMIT 1
"""
_SAME_EVENT = """
SELECT id FROM events WHERE article_id = :article_id AND kind = :kind AND happened_at = :happened_at AND note IS :note
"""
_BY_KEY = "SELECT article_id FROM urls WHERE alias_key = :alias_key ORDER BY met_as = 'fetched' DESC LIMIT 1"
_HISTORY = "SELECT id, read_at, content_sha256, capture_id FROM versions WHERE article_id = ? ORDER BY number"
_VERSIONS_OF = "SELECT * FROM versions WHERE article_id = ? ORDER BY number"
_BY_TIME = "SELECT id, number FROM versions WHERE article_id = ? ORDER BY read_at, id"
_LATEST = "SELECT id, capture_id FROM versions WHERE article_id = ? ORDER BY read_at DESC, id DESC LIMIT 1"
_SHOW = """
UPDATE articles SET version_id = :version_id, kind = :kind, published_on = :published_on, sort_at = :sort_at
WHERE id = :id
"""
_SHOW_ONLY = "UPDATE articles SET version_id = :version_id WHERE id = :id"
_TIMES = """
UPDATE articles SET state = iif(:last_seen_at > last_seen_at, :state, state),
  missing_count = iif(:last_seen_at > last_seen_at, :missing_count, missing_count),
  missing_since = iif(:last_seen_at > last_seen_at, :missing_since, missing_since),
  first_seen_at = min(first_seen_at, :first_seen_at), last_seen_at = max(last_seen_at, :last_seen_at),
  last_changed_at = max(last_changed_at, :last_changed_at)
WHERE id = :id
"""
