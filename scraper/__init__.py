"""From a URL to an Article; knows nothing of how articles are kept."""

from scraper.reader import parse

__all__ = ["parse"]
