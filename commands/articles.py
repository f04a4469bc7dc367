"""How lists of articles are printed: which fields there are, and which of them a person sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from commands import output
from commands.output import Column, Part, Style
from commands.records import Format, Record, cell_text, chosen_fields, write_records

FIELDS = (
    "id",
    "url",
    "title",
    "lead",
    "published_at",
    "published_on",
    "modified_at",
    "site",
    "section",
    "authors",
    "language",
    "source_name",
    "word_count",
    "kind",
    "state",
    "version",
    "first_seen_at",
    "last_seen_at",
    "last_changed_at",
    "duplicate_of",
)
"""The fields of a listed article, by the names of `Article.to_dict`."""

WIDE_FIELDS = frozenset({"url", "title", "lead", "authors", "section", "snippet"})
MINUTE_CHARS = len("2023-03-29T05:23")

ON_TERMINAL = [
    Column("id", "id", Style.DIM, is_number=True),
    Column("published_at", "published"),
    Column("site", "site", Style.DIM),
    Column("title", "title", Style.BOLD, gives_way=True, is_link=True),
]
IN_MARKDOWN = ("published_at", "site", "title")
ON_PIPE = [Column(name, name) for name in ("id", "published_at", "site", "title", "url")]


def write_articles(
    articles: Iterable[Record],
    *,
    format: Format,  # noqa: A002 -- named as the option is
    fields: str | None,
    is_raw_csv: bool = False,
    known: tuple[str, ...] = FIELDS,
) -> int:
    """Print articles and return how many; `fields` is what `--fields` named. Raises UsageProblem."""
    chosen = chosen_fields(fields, known=known, usual=known)
    is_usual_table = format is Format.TABLE and fields is None
    if is_usual_table and output.is_terminal():
        return write_records(map(_for_people, articles), format=format, fields=chosen, columns=ON_TERMINAL)
    if format is Format.MARKDOWN and fields is None:
        chosen = list(IN_MARKDOWN)
    columns = ON_PIPE if is_usual_table else [Column(n, n, gives_way=n in WIDE_FIELDS) for n in chosen]
    return write_records(articles, format=format, fields=chosen, columns=columns, is_raw_csv=is_raw_csv)


def _for_people(article: Record) -> dict[str, Any]:
    return dict(article) | {"published_at": minute(article), "title": article["title"] or "(without title)"}


def minute(article: Record) -> str:
    """Return when an article appeared, as the newspaper's clock had it, without seconds and zone."""
    return readable_time(cell_text(article.get("published_at") or article.get("published_on")))


def readable_time(text: str | None) -> str:
    """Write an ISO 8601 time for people: "2023-03-29 05:23"."""
    return (text or "")[:MINUTE_CHARS].replace("T", " ")


def heading(text: str) -> Part:
    """Return a heading of a section on the terminal."""
    return Part(text, Style.HEADING)
