"""Print records for programs and for people: json, jsonl, csv, tsv, urls, markdown, table."""

from __future__ import annotations

import base64
import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

from archive.harmless import FORMULA_STARTS, scrubbed
from commands import output
from commands.exits import UsageProblem
from commands.output import Column
from commands.text import escaped_for_json, visible_text

Record = Mapping[str, Any]


class Format(StrEnum):
    """How records are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    URLS = "urls"
    MARKDOWN = "markdown"


def write_records(
    records: Iterable[Record],
    *,
    format: Format,  # noqa: A002 -- named as the option is
    fields: Sequence[str],
    columns: list[Column],
    is_raw_csv: bool = False,
) -> int:
    """Print the records' fields and return how many records there were.

    `columns` lay out the table for people; a table of other fields than theirs gets one column a field.
    """
    counted = _Counted(records)
    match format:
        case Format.JSON:
            write_json_list(pick(record, fields) for record in counted)
        case Format.JSONL:
            write_json_lines(pick(record, fields) for record in counted)
        case Format.CSV:
            write_csv(counted, fields, is_raw=is_raw_csv)
        case Format.TSV:
            write_tsv(counted, fields, is_raw=is_raw_csv)
        case Format.URLS:
            for record in counted:
                output.line(str(record["url"]))
        case Format.MARKDOWN:
            write_markdown(counted, fields)
        case Format.TABLE:
            shown = list(counted)
            rows = [[cell_text(record.get(c.field)) for c in columns] for record in shown]
            output.table(columns, rows, links=[record.get("url") for record in shown])
    return counted.count


class _Counted:
    """Count what goes by."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = iter(records)
        self.count = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> Record:
        record = next(self._records)
        self.count += 1
        return record


def chosen_fields(text: str | None, *, known: Sequence[str], usual: Sequence[str]) -> list[str]:
    """Return the fields of `--fields a,b`, the usual ones where it is not given; raises UsageProblem."""
    if text is None:
        return list(usual)
    fields = [name.strip() for name in text.split(",") if name.strip()]
    unknown = next((name for name in fields if name not in known), None)
    if unknown is not None or not fields:
        raise UsageProblem(f"--fields: no field {unknown or text!r}; there are {', '.join(known)}")
    return fields


def pick(record: Record, fields: Sequence[str]) -> dict[str, Any]:
    """Return the named fields of a record, null where it has none."""
    return {name: record.get(name) for name in fields}


# --- JSON -------------------------------------------------------------------------------------------------------------


def write_json(value: Any) -> None:  # noqa: ANN401 -- whatever JSON can hold
    """Print one value as indented JSON."""
    output.write(json_text(value, indent=2) + "\n")


def write_json_list(records: Iterable[Record]) -> None:
    """Print a JSON array, a record a line, each as it comes."""
    before = "[\n "
    for record in records:
        output.write(before + json_text(record))
        before = ",\n "
    output.write("[]\n" if before.startswith("[") else "\n]\n")


def write_json_lines(records: Iterable[Record]) -> None:
    """Print a JSON object a line."""
    for record in records:
        output.write(json_text(record) + "\n")


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Write lines to a file, in place of what it held; raises OSError."""
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(f"{visible_text(line)}\n" for line in lines)


def json_text(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 -- whatever JSON can hold
    """Write JSON that is readable in Vietnamese, valid UTF-8, and harmless on a terminal."""
    text = json.dumps(_json_ready(value), ensure_ascii=False, indent=indent, allow_nan=False)
    return escaped_for_json(text)


def _json_ready(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    match value:
        case str():
            return scrubbed(value)
        case float():
            return value if math.isfinite(value) else None  # JSON has no word for the rest
        case bytes():
            return {"$base64": True, "encoded": base64.b64encode(value).decode("ascii")}  # as sqlite-utils writes it
        case Mapping():
            return {scrubbed(str(key)): _json_ready(item) for key, item in value.items()}
        case list() | tuple():
            return [_json_ready(item) for item in value]
        case _:
            return value


# --- CSV and cells ----------------------------------------------------------------------------------------------------


def write_csv(records: Iterable[Record], fields: Sequence[str], *, is_raw: bool = False) -> None:
    """Print CSV with a heading, in UTF-8 without a mark, its lines ended by LF.

    A text that a spreadsheet would run gets an apostrophe before it, and control characters are made visible; raw cells
    are what was kept, all of them quoted.
    """
    writer = csv.writer(_Stdout(), lineterminator="\n", quoting=csv.QUOTE_ALL if is_raw else csv.QUOTE_MINIMAL)
    writer.writerow(fields)
    writer.writerows([csv_cell(record.get(name), is_raw=is_raw) for name in fields] for record in records)


class _Stdout:
    """What csv writes to."""

    def write(self, text: str) -> None:
        output.write(text)


def write_tsv(records: Iterable[Record], fields: Sequence[str], *, is_raw: bool = False) -> None:
    """Print tab-separated values with a heading; tabs and line ends within a value become spaces."""
    heading = ["\t".join(fields)]
    rows = ("\t".join(" ".join(csv_cell(r.get(f), is_raw=is_raw).split()) for f in fields) for r in records)
    for row in chain(heading, rows):
        output.write(row + "\n")


def csv_cell(value: Any, *, is_raw: bool) -> str:  # noqa: ANN401 -- whatever a field holds
    """Write a value as one cell of CSV; unless raw, as text that no spreadsheet runs."""
    text = scrubbed(cell_text(value))
    if is_raw:
        return text
    is_formula = not isinstance(value, int | float) and text.startswith(FORMULA_STARTS)
    return "'" + visible_text(text) if is_formula else visible_text(text)


def write_markdown(records: Iterable[Record], fields: Sequence[str]) -> None:
    """Print a Markdown table; the title of a record with an address is a link to it."""
    from commands.rendering import md_link, md_text  # noqa: PLC0415 -- for this format alone

    def cell(record: Record, name: str) -> str:
        text = cell_text(record.get(name))
        is_link = name == "title" and record.get("url") is not None
        return md_link({"title": text, "url": record["url"]}) if is_link else md_text(text)

    output.lines("| " + " | ".join(map(md_text, fields)) + " |\n|" + " --- |" * len(fields))
    for record in records:
        output.lines("| " + " | ".join(cell(record, name) for name in fields) + " |")


def cell_text(value: Any) -> str:  # noqa: ANN401 -- whatever a field holds
    """Write a value as the text of one cell; None is empty."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case bytes():
            return f"<{len(value)} bytes>"
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return "; ".join(value)
        case list() | tuple() | Mapping():
            return json.dumps(_json_ready(value), ensure_ascii=False)
    return str(value)
