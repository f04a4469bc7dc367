"""What the archive is told of the side that reads pages: the archive itself knows nothing of readers or rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from archive.content import clean
from archive.numbers import NumberOf
from scraper.errors import ScraperError
from scraper.models import Article, Page

KEYS_REMEMBERED = 16_384


def _as_it_stands(url: str) -> str:
    return url.partition("#")[0]


def _no_rules(_url: str) -> str:
    return ""


def _no_number(_url: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Scraping:
    """Functions and facts that a command hands in when it opens an archive for writing."""

    key: Callable[[str], str] = _as_it_stands  # what the URLs of one article have in common: scraper.urls.alias_key
    reader_version: str = ""  # scraper.reader.READER_VERSION
    rules_hash: Callable[[str], str] = _no_rules  # hash of the rules that a URL's page is read by; "": none
    reread: Callable[[Page], Article] | None = None  # today's reading of an old page; None: it cannot be had
    number: NumberOf = _no_number  # of a URL's article, where its site's rules find one

    def keys(self) -> Callable[[str], str]:
        """Return a function from URLs to their keys that remembers: the links of a site stand on each of its pages.

        What is no URL is its own key.
        """
        return lru_cache(maxsize=KEYS_REMEMBERED)(self._key_of)

    def _key_of(self, url: str) -> str:
        try:
            return clean(self.key(url))
        except ScraperError:
            return clean(url)
