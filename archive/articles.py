"""Which article a page is, and whether it says something new: the decision behind NEW, CHANGED, RE-READ and SAME."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from archive import captures
from archive.content import (
    body_sha256,
    clean,
    clean_or_none,
    content_sha256,
    from_utc_text,
    image_rows,
    link_rows,
    sort_at,
    utc_text,
    version_values,
)
from archive.errors import NotKept
from archive.scraping import Scraping
from scraper.errors import ScraperError
from scraper.models import Article, Kind, Page, Verdict, Visit

REMOVED_AFTER_COUNT = 3
REMOVED_AFTER = timedelta(days=1)
_VARIANTS = ("www.", "m.", "amp.", "mobile.")

_KNOWN = """
SELECT a.id, a.kind, a.state, a.first_seen_at, v.id, v.number, v.capture_id, v.content_sha256, v.body_sha256, v.title,
  v.reader_version, v.rules_hash
FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?
"""

_BY_KEY = """
SELECT article_id, met_as = 'fetched' FROM urls WHERE alias_key = :key
ORDER BY url = :url DESC, met_as = 'fetched' DESC LIMIT 1
"""

_ADD_ARTICLE = """
INSERT INTO articles (url, site, kind, published_on, sort_at, first_seen_at, last_seen_at, last_changed_at, duplicate_of)
VALUES (:url, :site, :kind, :published_on, :sort_at, :now, :now, :now, :duplicate_of)
"""

_ADD_VERSION = """
INSERT INTO versions (article_id, number, capture_id, cause, read_at, reader_version, rules_hash, content_sha256,
  body_sha256, title, lead, body, blocks, published_at, published_offset_minutes, published_precision, published_on,
  modified_at, source_name, source_published_at, authors, section, tags, language, canonical_url, word_count, rights,
  provenance, other_links)
VALUES (:article_id, :number, :capture_id, :cause, :read_at, :reader_version, :rules_hash, :content_sha256,
  :body_sha256, :title, :lead, :body, :blocks, :published_at, :published_offset_minutes, :published_precision,
  :published_on, :modified_at, :source_name, :source_published_at, :authors, :section, :tags, :language,
  :canonical_url, :word_count, :rights, :provenance, :other_links)
"""

_MAKE_CURRENT = """
UPDATE articles SET version_id = :version_id, kind = :kind, published_on = :published_on, sort_at = :sort_at,
  last_changed_at = iif(:is_edit, :now, last_changed_at)
WHERE id = :id
"""

_MEET = """
INSERT INTO urls (url, alias_key, article_id, met_as, first_seen_at) VALUES (:url, :key, :article_id, :met_as, :now)
ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, met_as = excluded.met_as
WHERE met_as <> 'fetched' AND (excluded.met_as = 'fetched' OR article_id = excluded.article_id)
"""

_MISSING = """
UPDATE articles SET missing_count = missing_count + 1, missing_since = coalesce(missing_since, :now), state = :state
WHERE id = :id
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An article with its current version, as far as the decision goes."""

    article_id: int
    kind: str
    state: str
    first_seen_at: str
    version_id: int
    number: int
    capture_id: int
    content_sha256: bytes
    body_sha256: bytes | None
    title: str | None
    reader_version: str
    rules_hash: str

    def agrees_with(self, article: Article) -> bool:
        """Tell whether another page may be this article: the same title, or the same words in the body."""
        has_title = self.title is not None and self.title == clean_or_none(article.title)
        return has_title or (self.body_sha256 is not None and self.body_sha256 == body_sha256(article.body))


class Articles:
    """The articles of one archive, as the writer sees them. Every method belongs inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, scraping: Scraping) -> None:
        self._connection = connection
        self._scraping = scraping

    def keep(self, visit: Visit, article: Article, *, run_id: int | None) -> Verdict:
        """Keep the exchange and, where the page says something new, what it says."""
        known = self.find(visit.page, article)
        if known is None:
            return self._keep_new(visit, article, run_id)
        verdict = self._keep_again(visit, article, known, run_id)
        self._seen(known, visit.page)
        self._meet(known.article_id, visit.page, article)
        return verdict

    def find(self, page: Page, article: Article) -> Known | None:
        """Return the article that the page is, or None if it is a new one.

        Its own URL tells. A URL it was redirected from, or the canonical one it claims, tells where title or text agree:
        a page gone may redirect to another, and some sites name one canonical URL on all their pages.
        """
        known, is_own = self._by_url(page.url)
        if known is not None and (is_own or known.agrees_with(article)):
            return known
        for url in _claimed_urls(page, article):
            known, _ = self._by_url(url)
            if known is not None and known.agrees_with(article):
                return known
        return None

    def seen_unchanged(self, page: Page) -> None:
        """Note that a page is still there (304)."""
        known, _ = self._by_url(page.url)
        if known is not None:
            self._seen(known, page)

    def missing(self, url: str, now: datetime, code: str) -> None:
        """Count that an article is not there; it is removed when three answers over a day said so."""
        known, is_own = self._by_url(url)
        if known is None or not is_own or known.state == "removed":
            return
        sql = "SELECT missing_count, missing_since FROM articles WHERE id = ?"
        count, since = self._connection.execute(sql, (known.article_id,)).fetchone()
        is_removed = count + 1 >= REMOVED_AFTER_COUNT and now - from_utc_text(since) >= REMOVED_AFTER
        state = "removed" if is_removed else "missing"
        self._connection.execute(_MISSING, {"id": known.article_id, "now": utc_text(now), "state": state})
        if state != known.state:
            self._event(known.article_id, state, now, code)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _by_url(self, url: str) -> tuple[Known | None, bool]:
        """Return the article under a URL or its key, and whether it was fetched there."""
        values = {"url": clean(url), "key": self._key(url)}
        row = self._connection.execute(_BY_KEY, values).fetchone()
        if row is None:
            return None, False
        known = self._connection.execute(_KNOWN, (row[0],)).fetchone()
        return (Known(*known) if known else None), bool(row[1])

    def _key(self, url: str) -> str:
        return clean(self._scraping.alias_key(url))

    def _keep_new(self, visit: Visit, article: Article, run_id: int | None) -> Verdict:
        if self._is_erased(visit.page, article):
            return Verdict.SAME
        capture_id = captures.add(self._connection, visit.page, run_id=run_id, outcome=str(Verdict.NEW), is_kept=True)
        now = utc_text(visit.page.fetched_at)
        values = {
            "url": clean(_shown_url(visit.page, article)),
            "site": visit.task.site,
            "kind": str(article.kind),
            "published_on": None,
            "sort_at": now,
            "now": now,
            "duplicate_of": self._first_with(body_sha256(article.body)),
        }
        sql = "INSERT OR IGNORE INTO sites (id, first_seen_at) VALUES (:site, :now)"
        self._connection.execute(sql, {"site": visit.task.site, "now": now})
        article_id = int(self._connection.execute(_ADD_ARTICLE, values).lastrowid or 0)
        version = _Version(article_id, 1, capture_id, "created", visit.task.site, now, now)
        self._add_version(version, article)
        self._meet(article_id, visit.page, article)
        return Verdict.NEW

    def _keep_again(self, visit: Visit, article: Article, known: Known, run_id: int | None) -> Verdict:
        """Keep what changed of a known article; one that now reads as no article keeps its good version."""
        if known.kind == Kind.ARTICLE and article.kind is not Kind.ARTICLE:
            return self._capture(visit, Verdict.SAME, run_id)
        if known.kind == Kind.LISTING and article.kind is Kind.LISTING:
            return self._replace_listing(visit, article, known, run_id)
        said = content_sha256(article)
        if said == known.content_sha256:
            return self._capture(visit, Verdict.SAME, run_id)
        now = utc_text(visit.page.fetched_at)
        cause = "edited"
        if self._has_other_reader(known, visit.task.site):
            before = self._read_again(known)
            if before is None:
                cause = (
                    "re-read"  # nobody can tell any more whose change it is, so it is not held against the newspaper
                )
            elif content_sha256(before) != known.content_sha256:
                again = _Version(
                    known.article_id, known.number + 1, known.capture_id, "re-read", visit.task.site, now,
                    known.first_seen_at,
                )  # fmt: skip
                self._add_version(again, before)
                if content_sha256(before) == said:
                    return self._capture(visit, Verdict.REREAD, run_id)
        verdict = Verdict.CHANGED if cause == "edited" else Verdict.REREAD
        capture_id = captures.add(self._connection, visit.page, run_id=run_id, outcome=str(verdict), is_kept=True)
        number = self._last_number(known.article_id) + 1
        version = _Version(known.article_id, number, capture_id, cause, visit.task.site, now, known.first_seen_at)
        self._add_version(version, article)
        return verdict

    def _replace_listing(self, visit: Visit, article: Article, known: Known, run_id: int | None) -> Verdict:
        """Keep the latest text of a listing alone: it is other pages' headlines, and changes all day."""
        capture_id = captures.add(
            self._connection, visit.page, run_id=run_id, outcome=str(Verdict.LISTED), is_kept=True
        )
        now = utc_text(visit.page.fetched_at)
        self._add_version(
            _Version(
                known.article_id, known.number + 1, capture_id, "edited", visit.task.site, now, known.first_seen_at
            ),
            article,
        )
        self._connection.execute("DELETE FROM versions WHERE id = ?", (known.version_id,))
        captures.keep_latest_only(self._connection, visit.page.url, capture_id)
        return Verdict.LISTED

    def _capture(self, visit: Visit, verdict: Verdict, run_id: int | None) -> Verdict:
        captures.add(self._connection, visit.page, run_id=run_id, outcome=str(verdict), is_kept=False)
        return verdict

    def _has_other_reader(self, known: Known, site: str) -> bool:
        today = (self._scraping.reader_version, self._scraping.rules_hash(site))
        return (known.reader_version, known.rules_hash) != today

    def _read_again(self, known: Known) -> Article | None:
        """Return today's reading of the current version's page, or None where it cannot be had."""
        if self._scraping.reread is None:
            return None
        try:
            return self._scraping.reread(captures.page_of(self._connection, known.capture_id))
        except (ScraperError, NotKept):
            return None

    def _last_number(self, article_id: int) -> int:
        sql = "SELECT max(number) FROM versions WHERE article_id = ?"
        return int(self._connection.execute(sql, (article_id,)).fetchone()[0])

    def _add_version(self, version: _Version, article: Article) -> None:
        values = version_values(article) | version.values() | {
            "reader_version": self._scraping.reader_version,
            "rules_hash": self._scraping.rules_hash(version.site),
        }  # fmt: skip
        version_id = int(self._connection.execute(_ADD_VERSION, values).lastrowid or 0)
        self._connection.executemany("INSERT INTO images VALUES (?, ?, ?, ?, ?, ?)", image_rows(article, version_id))
        self._connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?)", link_rows(article, version_id))
        current = {
            "version_id": version_id,
            "kind": str(article.kind),
            "published_on": values["published_on"],
            "sort_at": sort_at(article, version.first_seen_at),
            "is_edit": version.cause == "edited",
            "now": version.read_at,
            "id": version.article_id,
        }
        self._connection.execute(_MAKE_CURRENT, current)

    def _meet(self, article_id: int, page: Page, article: Article) -> None:
        """Note every URL under which the page was met; a URL once fetched stays with its article."""
        now = utc_text(page.fetched_at)
        for url, met_as in _urls_met(page, article):
            values = {"url": clean(url), "key": self._key(url), "article_id": article_id, "met_as": met_as, "now": now}
            self._connection.execute(_MEET, values)

    def _seen(self, known: Known, page: Page) -> None:
        now = utc_text(page.fetched_at)
        sql = (
            "UPDATE articles SET last_seen_at = ?, state = 'live', missing_count = 0, missing_since = NULL WHERE id = ?"
        )
        self._connection.execute(sql, (now, known.article_id))
        if known.state != "live":
            self._event(known.article_id, "restored", page.fetched_at, None)

    def _event(self, article_id: int, kind: str, now: datetime, note: str | None) -> None:
        sql = "INSERT INTO events (article_id, kind, happened_at, note) VALUES (?, ?, ?, ?)"
        self._connection.execute(sql, (article_id, kind, utc_text(now), note))

    def _first_with(self, body: bytes | None) -> int | None:
        """Return the first article with exactly these words in its body, or None."""
        if body is None:
            return None
        sql = "SELECT min(article_id) FROM versions WHERE body_sha256 = ?"
        row = self._connection.execute(sql, (body,)).fetchone()
        return row[0] if row else None

    def _is_erased(self, page: Page, article: Article) -> bool:
        """Tell whether this URL, page or text was erased by order."""
        hashes = (
            hashlib.sha256(self._key(page.url).encode()).digest(),
            hashlib.sha256(page.body).digest(),
            body_sha256(article.body),
        )
        sql = "SELECT 1 FROM tombstones WHERE sha256 IN (?, ?, ?)"
        return self._connection.execute(sql, hashes).fetchone() is not None


@dataclass(frozen=True, slots=True)
class _Version:
    """What a version is beside its text."""

    article_id: int
    number: int
    capture_id: int
    cause: str
    site: str
    read_at: str
    first_seen_at: str

    def values(self) -> dict[str, Any]:
        """Return its columns."""
        return {
            "article_id": self.article_id,
            "number": self.number,
            "capture_id": self.capture_id,
            "cause": self.cause,
            "read_at": self.read_at,
        }


def _urls_met(page: Page, article: Article) -> Iterator[tuple[str, str]]:
    yield page.url, "fetched"
    for redirect in page.redirects:
        yield redirect.url, "redirect"
    if page.requested_url != page.url:
        yield page.requested_url, "redirect"
    if article.canonical_url and is_plausible_canonical(page.url, article.canonical_url):
        yield article.canonical_url, "canonical"


def _claimed_urls(page: Page, article: Article) -> Iterator[str]:
    return (url for url, _ in list(_urls_met(page, article))[1:])


def _shown_url(page: Page, article: Article) -> str:
    canonical = article.canonical_url
    return canonical if canonical and is_plausible_canonical(page.url, canonical) else page.url


def is_plausible_canonical(url: str, canonical: str) -> bool:
    """Tell whether a page may claim this canonical URL: on its own host, www or m aside, and not the front page."""
    try:
        own, claimed = urlsplit(url), urlsplit(canonical)
    except ValueError:  # urlsplit refuses "http://[" and such
        return False
    has_path = claimed.path not in ("", "/") or bool(claimed.query)
    return has_path and claimed.scheme in ("http", "https") and _bare(own.hostname) == _bare(claimed.hostname)


def _bare(host: str | None) -> str:
    host = host or ""
    for prefix in _VARIANTS:
        if host.startswith(prefix) and host.count(".") > 1:
            return host.removeprefix(prefix)
    return host
