"""Why was nothing found: a newspaper that is not kept, or a filter that leaves nothing of what there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from archive.queries import Filters, stats

NAMED = 5


def why_nothing(connection: sqlite3.Connection, filters: Filters, count: Callable[[Filters], int]) -> str:
    """Return what to add to "Nothing found", or "" where the filters are not to blame; `count` counts by filters."""
    if filters == Filters():
        return ""
    if filters.sites:
        kept = [row["site"] for row in stats(connection)["by_site"]]
        unknown = [site for site in filters.sites if site not in kept]
        if unknown:
            return f": nothing is kept of {', '.join(unknown)}; there is {_named(kept)}"
    others = count(Filters())
    return f"; without the filters there would be {others:,}" if others else ""


def nothing_of(connection: sqlite3.Connection, site: str) -> str:
    """Return what to add where nothing is known of a newspaper: those that are kept; "" where it is one of them."""
    kept = [row["site"] for row in stats(connection)["by_site"]]
    return "" if site in kept else f": nothing is kept of {site}; there is {_named(kept)}"


def _named(sites: list[str]) -> str:
    if not sites:
        return "no newspaper yet"
    left = len(sites) - NAMED
    return ", ".join(sites[:NAMED]) + (f" and {left} more, see luubao stats" if left > 0 else "")
