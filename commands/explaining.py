"""Where did each value of an article come from: a table for people, tab-separated on a pipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import output
from commands.articles import heading
from commands.output import Column, Style
from commands.records import cell_text
from commands.text import shortened

Values = Mapping[str, Any]

FIELDS = (
    "kind",
    "title",
    "lead",
    "body",
    "published_at",
    "modified_at",
    "authors",
    "section",
    "tags",
    "language",
    "source_name",
    "source_published_at",
    "images",
    "related",
    "links",
    "canonical_url",
    "rights",
)
VALUE_CHARS = 160
COLUMNS = [
    Column("field", "field", Style.BOLD),
    Column("value", "value", gives_way=True),
    Column("source", "from", Style.DIM, gives_way=True),
]
REJECTED = [
    Column("field", "field", Style.BOLD),
    Column("value", "rejected", gives_way=True),
    Column("source", "from", Style.DIM, gives_way=True),
    Column("reason", "because", gives_way=True),
]


def print_explained(article: Values) -> None:
    """Print each field's value and source, then what was rejected, and why; of `Article.to_dict` or the archive's."""
    output.table(COLUMNS, explained(article))
    turned_down = rejected(article)
    if turned_down:
        output.line()
        output.line(heading("Rejected"))
        output.table(REJECTED, turned_down)


def explained(article: Values) -> list[list[str]]:
    """Return field, value and source of each field; a field without value says so."""
    sources = {name: found["source"] for name, found in article["provenance"].items()}
    return [[name, _value(name, article.get(name)), sources.get(name, "")] for name in FIELDS]


def rejected(article: Values) -> list[list[str]]:
    """Return field, value, source and reason of each candidate that was turned down."""
    return [
        [name, shortened(item["value"], VALUE_CHARS), item["source"], item["reason"]]
        for name, found in article["provenance"].items()
        for item in found["rejected"]
    ]


def _value(name: str, value: object) -> str:
    if name == "body" and isinstance(value, str):
        return f"{len(value.split()):,} words: {shortened(' '.join(value.split()), VALUE_CHARS)}" if value else "–"
    if name == "rights" and isinstance(value, dict):
        return ", ".join(f"{key}: {cell_text(said)}" for key, said in value.items() if said is not None) or "–"
    if name in {"images", "related", "links"} and isinstance(value, list):
        return _counted(value)
    return shortened(cell_text(value), VALUE_CHARS) or "–"


def _counted(items: list[dict[str, str | None]]) -> str:
    """Count pictures or links, and give the words of the first few."""
    words = [item.get("caption") or item.get("title") for item in items]
    shown = " | ".join(shortened(text, VALUE_CHARS // 2) for text in words[:3] if text)
    return f"{len(items)}" + (f": {shown}" if shown else "") if items else "–"
