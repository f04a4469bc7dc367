"""From a URL to an Article; knows nothing of how articles are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.reader import parse

__all__ = ["parse"]


def __getattr__(name: str) -> object:
    """Load the reader when it is asked for (PEP 562): it takes 0.15 s, and many commands read no page."""
    if name == "parse":
        from scraper.reader import parse  # noqa: PLC0415 -- see above

        return parse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
