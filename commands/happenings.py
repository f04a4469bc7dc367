"""How what happened to articles is told: a line each, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from archive.history import Happening, Kind
from commands import output
from commands.articles import readable_time
from commands.output import Column, Style
from commands.records import Format, chosen_fields, write_records

FIELDS = (
    "happened_at",
    "kind",
    "article_id",
    "version",
    "site",
    "title",
    "what",
    "before",
    "after",
    "fields",
    "words_added",
    "words_removed",
    "url",
)

_NAMES = {
    "images": "pictures",
    "published_at": "date",
    "source_name": "source",
    "source_published_at": "the source's date",
    "modified_at": "date of change",
    "related": "related links",
}


def write_happenings(
    found: Iterable[Happening],
    *,
    format: Format,  # noqa: A002 -- named as the option is
    fields: str | None,
    is_raw_csv: bool,
    for_people: Sequence[Column],
    on_pipe: Sequence[str],
) -> int:
    """Print happenings and return how many; a table for people has the columns named, and ours are dim in it."""
    chosen = chosen_fields(fields, known=FIELDS, usual=FIELDS)
    records = (each | {"what": what(each), "told": _told(each)} for each in found)
    if format is not Format.TABLE or fields is not None:
        columns = [Column(name, name, gives_way=name in {"title", "what", "url"}) for name in chosen]
        return write_records(records, format=format, fields=chosen, columns=columns, is_raw_csv=is_raw_csv)
    if not output.is_terminal():
        columns = [Column(name, name) for name in on_pipe]
        return write_records(records, format=format, fields=chosen, columns=columns)
    shown = list(records)
    is_one_site = len({each["site"] for each in shown}) == 1
    columns = [column for column in for_people if column.field != "site" or not is_one_site]
    rows = [[_cell(each, column.field) for column in columns] for each in shown]
    output.table(columns, rows, dim=frozenset(at for at, each in enumerate(shown) if each["is_ours"]))
    return len(shown)


def _cell(happening: dict[str, Any], field: str) -> str:
    value = happening[field]
    if field == "happened_at":
        return readable_time(value)
    return "" if value is None else str(value)


def _told(happening: Happening) -> str:
    """Tell what changed, and in which article where that does not say it."""
    changed = what(happening)
    if happening["kind"] == Kind.TITLE_CHANGED:
        return changed
    return ": ".join(filter(None, (happening["title"] or happening["url"], changed)))


TIME = Column("happened_at", "time (UTC)", Style.DIM)
KIND = Column("kind", "event", Style.BOLD)


def what(happening: Happening) -> str:
    """Tell in a few words what changed."""
    match happening["kind"]:
        case Kind.CREATED:
            return str(happening["title"] or "")
        case Kind.TITLE_CHANGED:
            return f"{happening['before'] or '(none)'} → {happening['after'] or '(none)'}"
        case Kind.DATE_CHANGED:
            return f"{_date(happening['before'])} → {_date(happening['after'])}"
        case Kind.EDITED:
            return _fields(happening) or "what is not compared"
        case Kind.REREAD:
            return f"reader {happening['reader_version']}: {_fields(happening) or 'nothing that is compared'}"
    return str(happening["after"] or "")


def _date(text: str | None) -> str:
    return readable_time(text) + (text or "")[len("2023-03-29T05:23:00") :] if text else "(none)"


def _fields(happening: Happening) -> str:
    return ", ".join(_field(name, happening) for name in happening["fields"])


def _field(name: str, happening: Happening) -> str:
    if name != "body":
        return _NAMES.get(name, name)
    came, went = happening["words_added"], happening["words_removed"]
    return f"body +{came:,} \u2212{went:,} words" if came or went else "body: the same words in another order"
