"""Which articles leave the archive: those that the filters mean, or a sample, without what asks not to be archived."""

from __future__ import annotations

import hashlib
import heapq
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from archive.errors import ArchiveDamaged
from archive.queries import Filters

Tick = Callable[[str, int, int], None]
TICK_EVERY = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for."""

    filters: Filters
    sample: int | None = None  # so many, the same ones for the same seed; None: all
    seed: int = 0
    with_noarchive: bool = False  # pages too that ask not to be archived


@dataclass(frozen=True, slots=True)
class Chosen:
    """Articles on their way out, all from one state of the archive, whoever writes in it meanwhile."""

    connection: sqlite3.Connection
    ids: array[int]
    without_noarchive: int  # how many were left out since they ask not to be archived
    pin: sqlite3.Cursor  # a question that is not over: it holds the state of the archive

    def __len__(self) -> int:
        return len(self.ids)

    def parts(self, count: int) -> Iterator[Chosen]:
        """Yield so many parts of nearly the same length, in order."""
        for number in range(count):
            begin, end = (len(self.ids) * place // count for place in (number, number + 1))
            yield replace(self, ids=self.ids[begin:end])

    def each(self, tick: Tick) -> Iterator[int]:
        """Yield the ids, and tell how far it is."""
        for done, article_id in enumerate(self.ids):
            if done % TICK_EVERY == 0:
                tick("articles", done, len(self.ids))
            yield article_id
        tick("articles", len(self.ids), len(self.ids))

    def summary(self) -> dict[str, Any]:
        """Return what a manifest says of the articles: counts, times, rights, readers and rules."""
        facts: dict[str, Any] = {"sites": Counter(), "kinds": Counter(), "readers": Counter(), "rules": Counter()}
        rights: Counter[str] = Counter()
        days: list[str] = []
        seen: list[str] = []
        for article_id in self.ids:
            row = self.connection.execute(_FACTS, (article_id,)).fetchone()
            facts["sites"][row["site"]] += 1
            facts["kinds"][row["kind"]] += 1
            facts["readers"][row["reader_version"]] += 1
            facts["rules"][f"{row['site']}: {row['rules_hash'] or 'none'}"] += 1
            rights.update(_named_rights(row))
            days = _ends(days, row["published_on"])
            seen = _ends(_ends(seen, row["first_seen_at"]), row["last_seen_at"])
        return {
            "articles": len(self.ids),
            "articles_left_out_as_noarchive": self.without_noarchive,
            "published_on": _span(days),
            "seen_at": _span(seen),
            "articles_by_site": dict(facts["sites"].most_common()),
            "articles_by_kind": dict(facts["kinds"].most_common()),
            "articles_by_reader_version": dict(facts["readers"].most_common()),
            "articles_by_rules_hash": dict(facts["rules"].most_common()),
            "articles_by_what_pages_say_of_rights": dict(rights.most_common()),
        }

    def latest_at(self) -> str:
        """Return when the last of them was seen: what dates an export, so that it is the same twice."""
        found = (self.connection.execute(_SEEN, (article_id,)).fetchone()[0] for article_id in self.ids)
        return max(found, default="1970-01-01T00:00:00Z")


def choose(connection: sqlite3.Connection, choice: Choice) -> Chosen:
    """Return the articles that are meant, in the order in which they came. The connection has rows by name."""
    pin = connection.execute("SELECT id FROM articles UNION ALL SELECT -1")
    pin.fetchone()
    where, values = choice.filters.where(also="1" if choice.with_noarchive else f"NOT {_IS_NOARCHIVE.format(a='o')}")
    asked = connection.execute(f"{_IDS} WHERE {where} ORDER BY a.id", values)
    kept, left_out = array("q"), 0
    for row in asked:
        if row["is_noarchive"] and not choice.with_noarchive:
            left_out += 1
        else:
            kept.append(row["id"])
    if choice.sample is not None:
        kept = _sample(connection, kept, choice.sample, choice.seed)
    return Chosen(connection, kept, left_out, pin)


def _sample(connection: sqlite3.Connection, ids: array[int], count: int, seed: int) -> array[int]:
    """Return so many of the articles, chosen by a hash of seed and URL: the same in every archive that has them."""

    def rank(article_id: int) -> bytes:
        url = connection.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
        return hashlib.blake2b(f"{seed} {url}".encode()).digest()

    return array("q", sorted(heapq.nsmallest(count, ids, key=rank)))


def _named_rights(row: Any) -> Iterator[str]:  # noqa: ANN401 -- a row of _FACTS
    robots = (row["robots"] or "").lower().replace(",", " ")
    yield from (f"robots: {word}" for word in sorted(set(robots.split())) if word in _ROBOTS)
    if row["tdm"]:
        yield "text and data mining reserved"
    if row["licence"]:
        yield f"licence: {row['licence'][:200]}"
    if row["is_free"] == 0:
        yield "not free to read"


_ROBOTS = frozenset({"noarchive", "noindex", "nosnippet", "noai", "noimageai", "none", "nocache"})


def _ends(ends: list[str], value: str | None) -> list[str]:
    if value is None:
        return ends
    return [min([*ends[:1], value]), max([*ends[1:], value])]


def _span(ends: list[str]) -> dict[str, str] | None:
    return {"first": ends[0], "last": ends[1]} if ends else None


def require(row: Any, what: str) -> Any:  # noqa: ANN401 -- a row of whatever table
    """Return a row that must be there; raise ArchiveDamaged where it is not."""
    if row is None:
        raise ArchiveDamaged(f"{what} is not there; luubao verify tells more")
    return row


_IS_NOARCHIVE = """
EXISTS (SELECT 1 FROM versions v WHERE v.id = {a}.version_id AND v.rights LIKE '%noarchive%'
  AND json_extract(v.rights, '$.robots') LIKE '%noarchive%')
"""
_IDS = f"SELECT a.id, {_IS_NOARCHIVE.format(a='a')} AS is_noarchive FROM articles a"  # noqa: S608 -- constants
_FACTS = """
SELECT a.site, a.kind, a.published_on, a.first_seen_at, a.last_seen_at, v.reader_version, v.rules_hash,
  json_extract(v.rights, '$.robots') AS robots, json_extract(v.rights, '$.tdm_reservation') AS tdm,
  json_extract(v.rights, '$.licence') AS licence, json_extract(v.rights, '$.is_free') AS is_free
FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?
"""
_SEEN = "SELECT last_seen_at FROM articles WHERE id = ?"
