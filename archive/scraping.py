"""What the archive is told of the side that reads pages: the archive itself knows nothing of readers or rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scraper.errors import ScraperError
from scraper.models import Article, Page


def _as_it_stands(url: str) -> str:
    return url.partition("#")[0]


def _no_rules(_site: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Scraping:
    """Functions and facts that a command hands in when it opens an archive for writing."""

    key: Callable[[str], str] = _as_it_stands  # what the URLs of one article have in common: scraper.urls.alias_key
    reader_version: str = ""  # scraper.reader.READER_VERSION
    rules_hash: Callable[[str], str] = _no_rules  # hash of the rules of a site, by its id; "" where it has none
    reread: Callable[[Page], Article] | None = None  # today's reading of an old page; None: it cannot be had

    def alias_key(self, url: str) -> str:
        """Return the key of a URL, or the text itself where it is no URL."""
        try:
            return self.key(url)
        except ScraperError:
            return url
