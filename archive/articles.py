"""What a visit means for its article: new, changed, read again, the same, missing or back."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import captures, roots, versions
from archive.content import body_sha256, clean, content_sha256, from_utc_text, page_sha256, utc_text
from archive.errors import NotKept
from archive.identity import Identity, Known, shown_url
from archive.scraping import Scraping
from archive.versions import Cause, Hashes, Reading, verdict_of
from scraper.errors import MuchShorter, ScraperError
from scraper.models import Article, Kind, Page, Verdict

REMOVED_AFTER_COUNT = 3
REMOVED_AFTER = timedelta(days=1)
LEAST_WORDS, SHARE_OF_STUB = 100, 0.3
"""An article of so many words is not replaced by a page with less than this share of them."""

_ADD = """
INSERT INTO articles (url, site, kind, sort_at, first_seen_at, last_seen_at, last_changed_at, duplicate_of)
VALUES (:url, :site, :kind, :now, :now, :now, :now, :duplicate_of)
"""

_SEEN = """
UPDATE articles SET last_seen_at = max(last_seen_at, :now), state = 'live', missing_count = 0, missing_since = NULL
WHERE id = :id
"""

_MISSING = """
UPDATE articles SET missing_count = missing_count + 1, missing_since = coalesce(missing_since, :now), state = :state
WHERE id = :id
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that reads as an article, and where it was seen."""

    page: Page
    article: Article
    site: str
    run_id: int | None = None  # None: outside a run

    @property
    def at(self) -> str:
        """Return the time of the visit as the file has it."""
        return utc_text(self.page.fetched_at)


class Articles:
    """The articles of one archive, as the writer sees them. Every method belongs inside a transaction."""

    def __init__(self, connection: sqlite3.Connection, scraping: Scraping) -> None:
        self._connection = connection
        self._scraping = scraping
        self._identity = Identity(connection, scraping)

    def keep(self, seen: Seen) -> Verdict:
        """Keep the exchange and, where the page says something new, what it says; raises MuchShorter."""
        known = self._identity.find(seen.page, seen.article)
        if known is None:
            return self._keep_new(seen)
        verdict = self._keep_again(seen, known)
        self._note_move(known, seen)
        self._note_seen(known, seen.page)
        self._identity.meet(known.article_id, seen.page, seen.article)
        return verdict

    def seen_unchanged(self, page: Page) -> None:
        """Note that a page is still there (304)."""
        known, _ = self._identity.by_url(page.url)
        if known is not None:
            self._note_seen(known, page)

    def missing(self, url: str, now: datetime, code: str) -> None:
        """Count that an article is not there; it is removed when three answers over a day said so."""
        known, is_own = self._identity.by_url(url)
        if known is None or not is_own or known.state == "removed":
            return
        sql = "SELECT missing_count, missing_since FROM articles WHERE id = ?"
        count, since = self._connection.execute(sql, (known.article_id,)).fetchone()
        state = state_when_missing(count, since, now)
        self._connection.execute(_MISSING, {"id": known.article_id, "now": utc_text(now), "state": state})
        if state != known.state:
            self._add_event(known.article_id, state, now, code)

    # --- a new article ------------------------------------------------------------------------------------------------

    def _keep_new(self, seen: Seen) -> Verdict:
        if self._is_erased(seen):
            return Verdict.SAME
        values = {
            "url": clean(self._own_url(seen)),
            "site": seen.site,
            "kind": str(seen.article.kind),
            "now": seen.at,
            "duplicate_of": self._first_with(body_sha256(seen.article.body)),
        }
        self._connection.execute("INSERT OR IGNORE INTO sites (id, first_seen_at) VALUES (:site, :now)", values)
        article_id = int(self._connection.execute(_ADD, values).lastrowid or 0)
        self._add_version(seen, article_id, Cause.CREATED)
        self._identity.meet(article_id, seen.page, seen.article)
        return Verdict.NEW

    def _own_url(self, seen: Seen) -> str:
        """Return the URL to show: the canonical one, unless that is another article's."""
        url = shown_url(seen.page, seen.article)
        return url if self._identity.by_url(url)[0] is None else seen.page.url

    def _first_with(self, body: bytes | None) -> int | None:
        """Return the first article with exactly these words in its body, or None."""
        sql = "SELECT min(article_id) FROM versions WHERE body_sha256 = ?"
        found: int | None = self._connection.execute(sql, (body,)).fetchone()[0]
        return found

    def _is_erased(self, seen: Seen) -> bool:
        """Tell whether this URL, page or text was erased by order."""
        key = hashlib.sha256(self._identity.key(seen.page.url).encode()).digest()
        hashes = (key, page_sha256(seen.page.body), body_sha256(seen.article.body))
        sql = "SELECT 1 FROM tombstones WHERE sha256 IN (?, ?, ?)"
        return self._connection.execute(sql, hashes).fetchone() is not None

    # --- a known one --------------------------------------------------------------------------------------------------

    def _keep_again(self, seen: Seen, known: Known) -> Verdict:
        """Keep what changed; an article whose page now reads as none keeps its good version."""
        if known.kind != Kind.ARTICLE and seen.article.kind is Kind.LISTING:
            return self._replace_listing(seen, known)
        said = content_sha256(seen.article)
        has_other_reader = said != known.content_sha256 and self._has_other_reader(known, seen.page.url)
        before = self._read_again(known) if has_other_reader else None
        before_sha256 = content_sha256(before) if before else None
        verdict = verdict_of(Hashes(known.content_sha256, said, before_sha256), has_other_reader=has_other_reader)
        if before and before_sha256 != known.content_sha256:
            versions.add(
                self._connection, self._reading(seen, known.article_id, known.capture_id, Cause.REREAD), before
            )
        if verdict is Verdict.SAME or before_sha256 == said:
            return self._only_capture(seen, verdict)
        self._refuse_stub(seen, before.word_count if before else known.word_count, Kind(known.kind))
        if Kind(before.kind if before else known.kind) is Kind.ARTICLE is not seen.article.kind:
            return self._only_capture(seen, Verdict.SAME)
        self._add_version(seen, known.article_id, Cause.EDITED if verdict is Verdict.CHANGED else Cause.REREAD)
        return verdict

    def _refuse_stub(self, seen: Seen, words_before: int, kind: Kind) -> None:
        """Raise MuchShorter for a page that shows a teaser, a notice or half a template in place of the article."""
        words = seen.article.word_count
        if kind is Kind.ARTICLE and is_much_shorter(words, words_before):
            told = f"{words} words, where {words_before} were kept; the version before stays, and the page beside it"
            raise MuchShorter(seen.page.url, told)

    def _replace_listing(self, seen: Seen, known: Known) -> Verdict:
        """Keep the latest text of a listing alone: it is other pages' headlines, and changes all day."""
        capture_id = self._add_version(seen, known.article_id, Cause.EDITED, outcome=Verdict.LISTED)
        roots.take_out(self._connection, "version", [known.version_id])
        self._connection.execute("DELETE FROM versions WHERE id = ?", (known.version_id,))
        captures.keep_latest_only(self._connection, seen.page.url, capture_id)
        return Verdict.LISTED

    def _has_other_reader(self, known: Known, url: str) -> bool:
        today = (self._scraping.reader_version, self._scraping.rules_hash(url))
        return (known.reader_version, known.rules_hash) != today

    def _read_again(self, known: Known) -> Article | None:
        """Return today's reading of the current version's page, or None where it cannot be had."""
        if self._scraping.reread is None:
            return None
        try:
            return self._scraping.reread(captures.page_of(self._connection, known.capture_id))
        except (ScraperError, NotKept):
            return None

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _add_version(self, seen: Seen, article_id: int, cause: Cause, *, outcome: Verdict | None = None) -> int:
        """Add what the page says, and the page; return the capture's id."""
        outcome = outcome or _VERDICT_OF[cause]
        capture_id = captures.add(
            self._connection, seen.page, run_id=seen.run_id, outcome=str(outcome), is_kept=True, site=seen.site
        )
        versions.add(self._connection, self._reading(seen, article_id, capture_id, cause), seen.article)
        return capture_id

    def _reading(self, seen: Seen, article_id: int, capture_id: int, cause: Cause) -> Reading:
        reader = (self._scraping.reader_version, self._scraping.rules_hash(seen.page.url))
        return Reading(article_id, capture_id, cause, seen.at, *reader)

    def _only_capture(self, seen: Seen, verdict: Verdict) -> Verdict:
        captures.add(self._connection, seen.page, run_id=seen.run_id, outcome=str(verdict), is_kept=False)
        return verdict

    def _note_seen(self, known: Known, page: Page) -> None:
        self._connection.execute(_SEEN, {"now": utc_text(page.fetched_at), "id": known.article_id})
        if known.state != "live":
            self._add_event(known.article_id, "restored", page.fetched_at, None)

    def _note_move(self, known: Known, seen: Seen) -> None:
        """Note that the article has a new address: an old one of its own redirects there for the first time."""
        if seen.page.redirects and self._identity.by_url(seen.page.url)[0] is None:
            url = clean(shown_url(seen.page, seen.article))
            self._connection.execute("UPDATE articles SET url = ? WHERE id = ?", (url, known.article_id))
            self._add_event(known.article_id, "moved", seen.page.fetched_at, url)

    def _add_event(self, article_id: int, kind: str, now: datetime, note: str | None) -> None:
        sql = "INSERT INTO events (article_id, kind, happened_at, note) VALUES (?, ?, ?, ?)"
        self._connection.execute(sql, (article_id, kind, utc_text(now), note))


_VERDICT_OF = {Cause.CREATED: Verdict.NEW, Cause.EDITED: Verdict.CHANGED, Cause.REREAD: Verdict.REREAD}


def is_much_shorter(words: int, words_before: int) -> bool:
    """Tell whether a text can hardly be the edited form of what it was."""
    return words_before >= LEAST_WORDS and words < SHARE_OF_STUB * words_before


def state_when_missing(count: int, since: str | None, now: datetime) -> str:
    """Return the state of an article that is not there once more; `count` and `since` are of the times before."""
    is_long = since is not None and now - from_utc_text(since) >= REMOVED_AFTER
    return "removed" if is_long and count + 1 >= REMOVED_AFTER_COUNT else "missing"
