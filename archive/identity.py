"""Which article a page is: by its own URL, by one it was redirected from, by the canonical one it claims."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive import numbers
from archive.content import body_sha256, clean, clean_or_none, utc_text
from archive.scraping import Scraping
from scraper.models import Article, Page, iso

_VARIANTS = ("www.", "m.", "amp.", "mobile.")

_KNOWN = """
SELECT a.id, a.kind, a.state, a.first_seen_at, v.id, v.number, v.capture_id, v.content_sha256, v.body_sha256, v.title,
  v.published_on, v.reader_version, v.rules_hash, v.word_count
FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?
"""

_BY_KEY = """
SELECT article_id, met_as = 'fetched' FROM urls WHERE alias_key = :key
ORDER BY url = :url DESC, met_as = 'fetched' DESC LIMIT 1
"""

# A URL once fetched stays with its article; a claim gives way to a fetch.
_MEET = """
INSERT INTO urls (url, alias_key, article_id, met_as, first_seen_at) VALUES (:url, :key, :article_id, :met_as, :now)
ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, met_as = excluded.met_as
WHERE met_as <> 'fetched' AND (excluded.met_as = 'fetched' OR article_id = excluded.article_id)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An article with its current version, as far as decisions go."""

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
    published_on: str | None
    reader_version: str
    rules_hash: str
    word_count: int

    def agrees_with(self, article: Article) -> bool:
        """Tell whether another page may be this article: the same title, or the same words in the body.

        A column bears one title every day ("Giá vàng hôm nay"): a title says nothing where the days differ.
        """
        is_other_day = len({self.published_on, iso(article.published_on)} - {None}) > 1
        has_title = self.title is not None and self.title == clean_or_none(article.title)
        return (has_title and not is_other_day) or (
            self.body_sha256 is not None and self.body_sha256 == body_sha256(article.body)
        )


class Identity:
    """The URLs of one archive, and whose they are."""

    def __init__(self, connection: sqlite3.Connection, scraping: Scraping) -> None:
        self._connection = connection
        self.key = scraping.keys()
        self._number_of = scraping.number

    def find(self, page: Page, article: Article) -> Known | None:
        """Return the article that the page is, or None if it is a new one.

        Its own URL tells. Its number and other URLs tell where title or text agree: a page that is gone may redirect to
        another one, and some sites name one canonical URL on all their pages.
        """
        known, is_own = self.by_url(page.url)
        if known is not None and (is_own or known.agrees_with(article)):
            return known
        candidates = (self._by_number(page.url), *(self.by_url(url)[0] for url in _others(page, article)))
        return next((known for known in candidates if known is not None and known.agrees_with(article)), None)

    def _by_number(self, url: str) -> Known | None:
        """Return the article that is kept under another address with the same number of the newspaper's."""
        number = self._number_of(url)
        article_id = numbers.article_of(self._connection, number) if number is not None else None
        return self._known(article_id) if article_id is not None else None

    def by_url(self, url: str) -> tuple[Known | None, bool]:
        """Return the article under a URL or its key, and whether it was fetched there."""
        row = self._connection.execute(_BY_KEY, {"url": clean(url), "key": self.key(url)}).fetchone()
        if row is None:
            return None, False
        return self._known(row[0]), bool(row[1])

    def _known(self, article_id: int) -> Known | None:
        row = self._connection.execute(_KNOWN, (article_id,)).fetchone()
        return Known(*row) if row else None

    def meet(self, article_id: int, page: Page, article: Article) -> None:
        """Note every URL under which the page was met."""
        now = utc_text(page.fetched_at)
        for url, met_as in urls_met(page, article):
            values = {"url": clean(url), "key": self.key(url), "article_id": article_id, "met_as": met_as, "now": now}
            self._connection.execute(_MEET, values)


def urls_met(page: Page, article: Article) -> Iterator[tuple[str, str]]:
    """Yield the URLs of a page, its own first, with how each was met: fetched, redirect or canonical."""
    yield page.url, "fetched"
    for redirect in page.redirects:
        yield redirect.url, "redirect"
    if page.requested_url != page.url:
        yield page.requested_url, "redirect"
    if article.canonical_url and is_plausible_canonical(page.url, article.canonical_url):
        yield article.canonical_url, "canonical"


def shown_url(page: Page, article: Article) -> str:
    """Return the URL that stands for the article: the canonical one where it is plausible."""
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


def _others(page: Page, article: Article) -> Iterator[str]:
    met = urls_met(page, article)
    next(met)
    return (url for url, _ in met)


def _bare(host: str | None) -> str:
    host = host or ""
    for prefix in _VARIANTS:
        if host.startswith(prefix) and host.count(".") > 1:
            return host.removeprefix(prefix)
    return host
