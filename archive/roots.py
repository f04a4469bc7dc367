"""Proof of what each run added: a root hash, chained to that of the run before, so that one line on paper covers all.

When a run ends, every capture, version and event added since the last seal is hashed, and the hash kept in `seals`.
The root is SHA-256 over the root before, the run's own record, and those hashes in order. A row taken out by order
(`luubao prune`) leaves its hash behind, so the root holds; a row changed or taken out by hand does not fit its hash.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator

from archive.errors import QueryError

KINDS = ("capture", "version", "event")
PREFIX = b"luubao root 1\0"

# The headers of listings and failures are dropped when the next one comes; those of an article's visits stay.
_CAPTURES = """
SELECT id, run_id, url, requested_url, redirected_to, fetched_at, status, reason, http_version, server_address,
  wire_length, wire_sha256, body_length, body_sha256, outcome,
  iif(outcome IN ('new', 'changed', 're-read', 'same'), json_array(request_headers, headers), NULL)
FROM captures WHERE {which}
"""
_VERSIONS = """
SELECT id, article_id, capture_id, cause, read_at, reader_version, rules_hash, content_sha256, body_sha256,
  published_at, published_offset_minutes, published_precision, published_on, modified_at, section, language,
  source_name, source_published_at, canonical_url, word_count, title, authors, tags, lead, rights, provenance, body,
  blocks, other_links, (SELECT json_group_array(json_array(position, url, caption, credit, alt)) FROM images i
    WHERE i.version_id = v.id),
  (SELECT json_group_array(json_array(position, url, title, relation)) FROM links l WHERE l.version_id = v.id)
FROM versions v WHERE {which}
"""
_EVENTS = "SELECT * FROM events WHERE {which}"
_ROWS = {"capture": _CAPTURES, "version": _VERSIONS, "event": _EVENTS}

_TABLES = {"capture": "captures", "version": "versions", "event": "events"}


def leaf(kind: str, row: Iterable[object]) -> bytes:
    """Hash a row: its kind and values, as compact JSON, bytes in hexadecimal."""
    text = json.dumps([kind, *row], ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def leaves_after(connection: sqlite3.Connection, kind: str, row_id: int) -> Iterator[tuple[int, bytes]]:
    """Yield id and hash of each row of a kind after one, as they stand in the file now, in order."""
    for row in connection.execute(_ROWS[kind].format(which="id > ? ORDER BY id"), (row_id,)):
        yield row[0], leaf(kind, row)


def leaf_now(connection: sqlite3.Connection, kind: str, row_id: int) -> bytes:
    """Return the hash of a row as it stands in the file now."""
    return leaf(kind, connection.execute(_ROWS[kind].format(which="id = ?"), (row_id,)).fetchone())


def root_over(previous: bytes | None, record: Iterable[object], leaves: Iterable[bytes]) -> bytes:
    """Return the root of a run from the root before, its record, and the hashes of what it added."""
    total = hashlib.sha256(PREFIX + (previous or b"") + leaf("run", record))
    for each in sorted(leaves):
        total.update(each)
    return total.digest()


def seal(connection: sqlite3.Connection, run_id: int) -> bytes:
    """Seal all that was added since the last seal as this run's; return its root. Call it inside a transaction."""
    leaves = []
    anew = [row[0] for row in connection.execute("SELECT sha256 FROM seals WHERE run_id = ?", (run_id,))]
    for kind in KINDS:
        added = list(leaves_after(connection, kind, _sealed_up_to(connection, kind)))
        sql = "INSERT INTO seals (run_id, kind, row_id, sha256) VALUES (?, ?, ?, ?)"
        connection.executemany(sql, ((run_id, kind, *each) for each in added))
        if added:
            connection.execute(_MARK, {"name": f"sealed {kind}", "value": added[-1][0]})
        leaves += [sha256 for _, sha256 in added]
    before = last_root(connection)
    root = root_over(before, _record(connection, run_id), anew + leaves)
    connection.execute("UPDATE runs SET previous_root = ?, root = ? WHERE id = ?", (before, root, run_id))
    return root


_MARK = """
INSERT INTO marks (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def _sealed_up_to(connection: sqlite3.Connection, kind: str) -> int:
    row = connection.execute("SELECT value FROM marks WHERE name = ?", (f"sealed {kind}",)).fetchone()
    return int(row[0]) if row else 0


def _record(connection: sqlite3.Connection, run_id: int) -> tuple[object, ...]:
    sql = "SELECT id, command, arguments, luubao_version, started_at FROM runs WHERE id = ?"
    return tuple(connection.execute(sql, (run_id,)).fetchone() or ())


def last_root(connection: sqlite3.Connection) -> bytes | None:
    """Return the root at the end of the chain; None where no run is sealed."""
    rows = connection.execute("SELECT root, previous_root FROM runs WHERE root IS NOT NULL ORDER BY id").fetchall()
    followed = {row[1] for row in rows}
    ends = [bytes(row[0]) for row in rows if row[0] not in followed]
    return ends[-1] if ends else None


def take_out(connection: sqlite3.Connection, kind: str, row_ids: Iterable[int]) -> None:
    """Note that rows go by order, before they go: their hashes stay, so that the roots hold."""
    for row_id in row_ids:
        connection.execute(_TAKE_OUT, {"kind": kind, "id": row_id})


_TAKE_OUT = """
UPDATE seals SET row_id = (SELECT min(0, min(row_id)) - 1 FROM seals WHERE kind = :kind)
WHERE kind = :kind AND row_id = :id
"""


def seal_anew(connection: sqlite3.Connection, run_id: int, kind: str, row_ids: Iterable[int]) -> None:
    """Seal rows that an order changed as this run's, after `take_out`; those never sealed wait for their turn."""
    upto = _sealed_up_to(connection, kind)
    sql = "INSERT INTO seals (run_id, kind, row_id, sha256) VALUES (?, ?, ?, ?)"
    for row_id in row_ids:
        if row_id <= upto:
            connection.execute(sql, (run_id, kind, row_id, leaf_now(connection, kind, row_id)))


def lower_marks(connection: sqlite3.Connection) -> None:
    """Bring the marks down to the rows that are left: SQLite gives an id again once the highest is gone."""
    for kind, table in _TABLES.items():
        sql = f"UPDATE marks SET value = min(value, (SELECT coalesce(max(id), 0) FROM {table})) WHERE name = ?"  # noqa: S608 -- a table of ours
        connection.execute(sql, (f"sealed {kind}",))
    connection.execute(_LOWER_COMPACTED)


_LOWER_COMPACTED = """
UPDATE marks SET value = min(value, (SELECT coalesce(max(id), 0) FROM snapshots)) WHERE name = 'compacted'
"""


# --- checking ---------------------------------------------------------------------------------------------------------

Tell = Callable[[str, int | None, str], None]
"""Told of each fault: table, id of the row, what is wrong."""


def check_rows(connection: sqlite3.Connection, tell: Tell, tick: Callable[[], None]) -> None:
    """Hash every sealed row anew and tell which do not fit."""
    for kind, table in _TABLES.items():
        sql = "SELECT row_id, sha256 FROM seals WHERE kind = ? AND row_id > 0 ORDER BY row_id"
        found = leaves_after(connection, kind, 0)
        now = next(found, None)
        for row_id, sha256 in connection.execute(sql, (kind,)):
            while now is not None and now[0] < row_id:
                now = next(found, None)
            if now is None or now[0] != row_id:
                tell(table, row_id, "was taken out by hand: its run sealed it, and no order took it out")
            elif now[1] != sha256:
                tell(table, row_id, "is not what its run sealed")
            tick()


def check_chain(connection: sqlite3.Connection, tell: Tell, against: str | None = None) -> None:
    """Compute every root from its seals and tell which differ; `against` must be the root of a run, in hexadecimal."""
    leaves: dict[int, list[bytes]] = {}
    for run_id, sha256 in connection.execute("SELECT run_id, sha256 FROM seals"):
        leaves.setdefault(run_id, []).append(sha256)
    rows = connection.execute("SELECT id, root, previous_root FROM runs").fetchall()
    known = {bytes(root) for _, root, _ in rows if root}
    begins = 0
    for run_id, root, previous in rows:
        if root is None:
            if run_id in leaves:
                tell("runs", run_id, "has lost its root")
            continue
        begins += previous is None
        if root_over(previous, _record(connection, run_id), leaves.get(run_id, [])) != root:
            tell("runs", run_id, "does not come to its root: what it added was changed by hand")
        if previous is not None and bytes(previous) not in known:
            tell("runs", run_id, "follows a run that is gone")
    if begins > 1:
        tell("runs", None, "have more than one beginning")
    if against is not None and as_root(against) not in known:
        tell("runs", None, f"have none with the root {against}: this is another archive, or an earlier one, or changed")


def as_root(text: str) -> bytes:
    """Read a root as it is printed; raise QueryError for what is none."""
    try:
        root = bytes.fromhex(text)
    except ValueError:
        root = b""
    if len(root) != hashlib.sha256().digest_size:
        raise QueryError(f"{text!r} is no root: 64 hexadecimal digits, as luubao verify prints them")
    return root
