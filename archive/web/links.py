"""Addresses of our own pages, and the same page with one field of its query changed: pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

Query = Iterable[tuple[str, str]]


def article(number: int, **fields: object) -> str:
    """Return the address of an article's page."""
    return address(f"/article/{number}", ((name, str(value)) for name, value in fields.items()))


def changes(number: int, old: int, new: int) -> str:
    """Return the address of what changed between two versions of an article."""
    return address(f"/article/{number}/changes", [("from", str(old)), ("to", str(new))])


def address(path: str, query: Query) -> str:
    """Return a path with its query; fields without a value are left out."""
    written = urlencode([(name, value) for name, value in query if value])
    return f"{path}?{written}" if written else path


def without(query: Query, name: str, value: str) -> list[tuple[str, str]]:
    """Return the query without one value of a field; the page of the list begins anew."""
    return [(key, old) for key, old in query if key != "page" and (key, old.strip()) != (name, value)]


def feeds(path: str, query: Query) -> list[tuple[str, str]]:
    """Return the name and address of each feed: of what the first page shows, elsewhere of everything."""
    asked = [(name, value) for name, value in query if path == "/" and name != "page"]
    return [(name, address(f"/feed/{name}.atom", asked)) for name in ("new", "changes")]


def with_field(query: Query, name: str, value: str) -> list[tuple[str, str]]:
    """Return the query with a field in place of all its values; the page of the list begins anew."""
    return [*((key, old) for key, old in query if key not in (name, "page")), (name, value)]
