"""What a page is compressed against: the version before it, a dictionary of its site, or an earlier page of the site.

A dictionary is a page of the site as it was sent, kept apart and whole. It pays once a site has some dozens of pages;
until then pages lean on one that stands alone. Chains are one deep: what others lean on leans on no snapshot itself.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import snapshots
from archive.content import clean, from_utc_text, page_sha256, utc_text
from archive.snapshots import ALONE, Lean

PAGES_BEFORE = 32  # of a site, before it gets a dictionary of its own: 200 kB that save 20 kB a page
RENEWED_AFTER = timedelta(days=90)  # layouts change; and a page taken out has no more than so many leaning on it
MIN_BYTES, MAX_BYTES = 2_000, 1_000_000  # of a page that may be a dictionary
HELPFUL_RATIO = 0.8  # a candidate brings an earlier page to this part of its size, or less


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands."""

    site: str
    url: str
    fetched_at: datetime
    is_article: bool = True  # listings come and go: nothing leans on them
    is_edit: bool = False  # of a page that is kept


def choose(connection: sqlite3.Connection, place: Place, body: bytes) -> Lean:
    """Return what to compress a new body against; may make a dictionary. Call it inside a transaction."""
    before = previous(connection, place.url) if place.is_edit else None
    return before or of_site(connection, place, body)


# --- the version before -----------------------------------------------------------------------------------------------


def previous(connection: sqlite3.Connection, url: str) -> Lean | None:
    """Return the kept body before this one, or the one that it leans on itself; None where there is none."""
    row = connection.execute(_PREVIOUS, {"url": clean(url)}).fetchone()
    if row is None:
        return None
    snapshot_id, base_id, is_version = row
    if is_version:
        snapshot_id = base_id
    elif base_id is not None:
        stand_alone(connection, snapshot_id)
    return as_base(connection, snapshot_id)


_PREVIOUS = """
SELECT s.id, s.base_id, EXISTS (SELECT 1 FROM captures o WHERE o.snapshot_id = s.base_id AND o.url = :url)
FROM captures c JOIN snapshots s ON s.id = c.snapshot_id WHERE c.url = :url ORDER BY c.id DESC LIMIT 1
"""


def as_base(connection: sqlite3.Connection, snapshot_id: int) -> Lean:
    """Return a snapshot as what others lean on."""
    body = snapshots.get(connection, snapshot_id)
    return Lean(body, page_sha256(body), base_id=snapshot_id)


def stand_alone(connection: sqlite3.Connection, snapshot_id: int, *, without: frozenset[int] = frozenset()) -> None:
    """Write a body anew against a dictionary of its site, not one of `without`, or against nothing."""
    body = snapshots.get(connection, snapshot_id)
    found = connection.execute(_SITE_OF, (snapshot_id,)).fetchone()
    lean = newest(connection, found[0], without=without) if found else None
    snapshots.replace(connection, snapshot_id, snapshots.pack(body, lean or ALONE))


_SITE_OF = """
SELECT a.site FROM captures c JOIN versions v ON v.capture_id = c.id JOIN articles a ON a.id = v.article_id
WHERE c.snapshot_id = ? LIMIT 1
"""


# --- the site ---------------------------------------------------------------------------------------------------------


def of_site(connection: sqlite3.Connection, place: Place, body: bytes) -> Lean:
    """Return the newest dictionary of the site, or an earlier page where it has none yet."""
    row = connection.execute(_NEWEST_FACTS, (place.site,)).fetchone()
    if row is not None and abs(place.fetched_at - from_utc_text(row[2])) < RENEWED_AFTER:
        return Lean(_data(connection, row[0], row[1]), row[1], dictionary_id=row[0])
    made = _made_of(connection, place, body) if place.is_article else None
    if made is not None:
        return made
    if row is not None:
        return Lean(_data(connection, row[0], row[1]), row[1], dictionary_id=row[0])
    return earlier_page(connection, place.site) or ALONE


_NEWEST_FACTS = "SELECT id, sha256, made_at FROM dictionaries WHERE site = ? ORDER BY id DESC LIMIT 1"

_data_of = snapshots.Prepared[bytes]()


def _data(connection: sqlite3.Connection, dictionary_id: int, sha256: bytes) -> bytes:
    return _data_of.get(sha256, lambda: snapshots.dictionary(connection, dictionary_id))


def newest(connection: sqlite3.Connection, site: str, *, without: frozenset[int] = frozenset()) -> Lean | None:
    """Return the newest dictionary of a site, or None."""
    sql = "SELECT id, sha256 FROM dictionaries WHERE site = ? ORDER BY id DESC"
    for dictionary_id, sha256 in connection.execute(sql, (site,)):
        if dictionary_id not in without:
            return Lean(_data(connection, dictionary_id, sha256), sha256, dictionary_id=dictionary_id)
    return None


def by_id(connection: sqlite3.Connection, dictionary_id: int) -> Lean:
    """Return a dictionary; raise ArchiveDamaged where it is not what was kept."""
    data = snapshots.dictionary(connection, dictionary_id)
    return Lean(data, hashlib.sha256(data).digest(), dictionary_id=dictionary_id)


def earlier_page(connection: sqlite3.Connection, site: str) -> Lean | None:
    """Return a page of the site that leans on nothing, or None."""
    row = connection.execute(_STANDING, (site,)).fetchone()
    return as_base(connection, row[0]) if row else None


_STANDING = """
SELECT s.id FROM (SELECT version_id FROM articles WHERE site = ? AND kind = 'article' ORDER BY sort_at LIMIT 100) a
JOIN versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id JOIN snapshots s ON s.id = c.snapshot_id
WHERE s.base_id IS NULL AND s.dictionary_id IS NULL AND s.codec = 'zstd' LIMIT 1
"""


def _made_of(connection: sqlite3.Connection, place: Place, body: bytes) -> Lean | None:
    """Make the page a dictionary of its site, if the site has pages enough, and this one is like them; else None."""
    if not MIN_BYTES <= len(body) <= MAX_BYTES:
        return None
    rows = connection.execute(_SOME_PAGES, (place.site, PAGES_BEFORE)).fetchall()
    if len(rows) < PAGES_BEFORE:
        return None
    sha256 = hashlib.sha256(body).digest()
    other = snapshots.get(connection, rows[-1][0])
    helped = snapshots.pack(other, Lean(body, sha256)).data
    if len(helped) > HELPFUL_RATIO * len(snapshots.pack(other).data):
        return None
    return Lean(body, sha256, dictionary_id=add(connection, place.site, body, utc_text(place.fetched_at)))


_SOME_PAGES = """
SELECT c.snapshot_id FROM articles a JOIN versions v ON v.id = a.version_id JOIN captures c ON c.id = v.capture_id
WHERE a.site = ? AND a.kind = 'article' AND c.snapshot_id IS NOT NULL ORDER BY a.sort_at DESC LIMIT ?
"""


def add(connection: sqlite3.Connection, site: str, data: bytes, made_at: str) -> int:
    """Keep a dictionary unless it is kept already; return its id."""
    sha256 = hashlib.sha256(data).digest()
    known = connection.execute("SELECT id FROM dictionaries WHERE sha256 = ?", (sha256,)).fetchone()
    if known:
        return int(known[0])
    sql = "INSERT INTO dictionaries (site, sha256, data, made_at) VALUES (?, ?, ?, ?)"
    return int(connection.execute(sql, (site, sha256, data, made_at)).lastrowid or 0)
