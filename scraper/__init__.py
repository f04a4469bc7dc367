"""From a URL to an Article; knows nothing of how articles are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.reader import parse

__all__ = ["parse"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute is anything
    """Load the reader when it is first asked for: most commands never parse a page in their own process."""
    if name != "parse":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scraper.reader import parse  # noqa: PLC0415 -- as above

    return parse
