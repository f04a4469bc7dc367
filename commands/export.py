"""luubao export: articles in a form that other programs read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from archive.connect import errors_of, open_reader
from archive.exchange import fields, jsonl, manifest, tables
from archive.exchange.choice import Choice, Chosen, choose
from archive.exchange.destination import require_free, whole_file, whole_folder
from archive.harmless import scrubbed
from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.options import (
    ArchiveOption,
    AuthorOption,
    DiscoveredOption,
    KindOption,
    RawCsvOption,
    SectionOption,
    SinceOption,
    SiteOption,
    UniqueOption,
    UntilOption,
    archive_path,
    filters_of,
)
from commands.progress import size
from commands.records import csv_cell
from commands.registry import command_app
from commands.rendering import as_markdown
from commands.text import escaped_for_json
from commands.working import Tick, bar

if TYPE_CHECKING:
    from archive.exchange.warc_out import Lost

app = command_app()


class Form(StrEnum):
    """In which form articles leave the archive."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    MARKDOWN = "markdown"
    WARC = "warc"
    WACZ = "wacz"
    IDS = "ids"


TEXTS = (Form.JSONL, Form.CSV, Form.IDS)
"""What can be written to stdout."""

TABLES = (Form.JSONL, Form.CSV, Form.PARQUET, Form.IDS)
"""What can be handed on without a word of text."""


@dataclass(frozen=True, slots=True)
class Order:
    """How the articles are to be written."""

    form: Form
    with_versions: bool
    is_light: bool
    delimiter: str
    is_raw_csv: bool

    @property
    def fields(self) -> dict[str, str]:
        """Return what each field of this form means."""
        if self.is_light:
            return fields.LIGHT
        tables_ = {Form.CSV: fields.FLAT, Form.PARQUET: fields.FLAT, Form.MARKDOWN: fields.FRONT_MATTER}
        return tables_.get(self.form, fields.WHOLE if self.form is Form.JSONL else fields.RECORDS)

    def lines(self, chosen: Chosen, tick: Tick) -> Iterator[str]:
        """Yield the articles in one of the forms of text."""
        if self.form is not Form.CSV:
            yield from jsonl.lines(chosen, tick, with_versions=self.with_versions, is_light=self.is_light)
            return
        cell = partial(csv_cell, is_raw=self.is_raw_csv)
        yield from tables.csv_lines(
            chosen, tick, cell=cell, delimiter=self.delimiter, is_light=self.is_light, is_raw=self.is_raw_csv
        )


@app.command()
def export(  # noqa: PLR0913 -- each is an option
    form: Annotated[Form, typer.Argument(metavar="FORMAT", help="jsonl, csv, parquet, markdown, warc, wacz or ids.")],
    *,
    to: Annotated[
        str, typer.Option("--output", "-o", metavar="DEST", help="File to write, or folder of markdown; - is stdout.")
    ],
    site: SiteOption = None,
    section: SectionOption = None,
    author: AuthorOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    discovered_since: DiscoveredOption = None,
    kind: KindOption = None,
    unique: UniqueOption = False,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="So many of them, by chance. [default: all]")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same sample.")] = 0,
    versions: Annotated[
        bool, typer.Option("--versions", help="Older versions of each article too, in jsonl; warc has them anyway.")
    ] = False,
    no_text: Annotated[
        bool, typer.Option("--no-text", help="Numbers, addresses, days and hashes alone, as the format ids.")
    ] = False,
    noarchive_too: Annotated[
        bool, typer.Option("--noarchive-too", help="Articles too whose pages ask not to be archived.")
    ] = False,
    shards: Annotated[
        int,
        typer.Option(
            "--shards",
            min=1,
            max=10_000,
            metavar="N",
            help="N files of warc, pages-1-of-4.warc.gz, for luubao extract.",
        ),
    ] = 1,
    delimiter: Annotated[str, typer.Option("--delimiter", metavar="CHAR", help="Between cells of csv; or tab.")] = ",",
    raw_csv: RawCsvOption = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what was exported under this name.")] = False,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Write articles to a file that other programs read.

    jsonl holds all that luubao knows of an article but its page; luubao import takes it back. warc and wacz hold the
    pages as they were sent, for replay and for other archives. Beside the file a manifest tells what is in it.
    """
    order = Order(form, versions, no_text or form is Form.IDS, _delimiter(delimiter), raw_csv)
    _check(order, to)
    if shards > 1 and form is not Form.WARC:
        raise UsageProblem("--shards is for warc")
    filters = filters_of(
        site=site,
        kind=kind,
        section=section,
        author=author,
        since=since,
        until=until,
        discovered_since=discovered_since,
        unique=unique,
    )
    choice = Choice(filters, sample=sample, seed=seed, with_noarchive=noarchive_too)
    path = archive_path(archive)
    places = _places(to, shards)
    for place in places:
        _check_place(place, path)
        require_free(place, force=force, is_folder=form is Form.MARKDOWN)
    with closing(open_reader(path)) as connection, errors_of(path), bar() as tick:
        chosen = choose(connection, choice)
        if to == "-":
            for line in order.lines(chosen, tick):
                output.write(escaped_for_json(line) if form is not Form.CSV else line)
            told, is_damaged = "", False
        else:
            written = [
                _write(place, part, choice, order, force=force, tick=tick)
                for place, part in zip(places, chosen.parts(shards), strict=True)
            ]
            is_damaged = any(each for _, each in written)
            told = written[0][0] if shards == 1 else f" to {shards:,} files, {places[0].name} and so on"
    _tell(chosen, told)
    return ExitCode.DAMAGED if is_damaged else ExitCode.OK


def _places(to: str, shards: int) -> list[Path]:
    """Return the files to write; none for stdout."""
    if to == "-":
        return []
    if shards == 1:
        return [Path(to)]
    from scale.shards import shards as all_shards  # noqa: PLC0415 -- for exports in parts alone

    return [shard.path(Path(to)) for shard in all_shards(shards)]


def _delimiter(text: str) -> str:
    if text.lower() in {"tab", "\\t"}:
        return "\t"
    if len(text) != 1 or text in '"\r\n' or text.isalnum():
        raise UsageProblem(f"--delimiter {text!r}: one character such as ; or the word tab")
    return text


def _check(order: Order, to: str) -> None:
    """Raise UsageProblem for what does not go together."""
    if to == "-" and order.form not in TEXTS:
        raise UsageProblem(f"{order.form} cannot go to stdout; name a file with -o")
    if order.is_light and order.form not in TABLES:
        raise UsageProblem(f"--no-text: {order.form} is nothing without text; take jsonl, csv, parquet or ids")
    if order.with_versions and (order.is_light or order.form is not Form.JSONL):
        raise UsageProblem("--versions is for jsonl")
    if order.delimiter != "," and order.form is not Form.CSV:
        raise UsageProblem("--delimiter is for csv")


def _check_place(to: Path, archive: Path) -> None:
    """Raise UsageProblem where the export would take the place of the archive, or of a file that belongs to it."""
    kept = {archive.resolve().with_name(archive.resolve().name + ending) for ending in ("", "-wal", "-shm", ".lock")}
    if to.resolve() in kept:
        raise UsageProblem(f"{to} is the archive itself, or a part of it; name another file")


def _write(path: Path, chosen: Chosen, choice: Choice, order: Order, *, force: bool, tick: Tick) -> tuple[str, bool]:
    """Write the export and its manifest; return what to tell of it, and whether pages were found damaged."""
    lost = None
    if order.form is Form.MARKDOWN:
        from archive.exchange import markdown  # noqa: PLC0415 -- for this form alone

        with whole_folder(path, force=force) as folder:
            markdown.write(chosen, folder, tick, render=as_markdown)
    else:
        with whole_file(path, force=force) as file:
            lost = _writer(order)(chosen, file, tick)
    made = manifest.Made(str(order.form), datetime.now(UTC), version("luubao"), order.fields)
    beside = manifest.write(path, chosen, choice, made)
    length = "" if path.is_dir() else f", {size(path.stat().st_size)}"
    told = f" to {path}{length}; what is in it: {beside.name}"
    if lost is None:
        return told, False
    told += f"; {lost.without_page:,} without a page: they came as JSON lines" if lost.without_page else ""
    told += f"; {lost.damaged:,} pages left out that are damaged; luubao verify names them" if lost.damaged else ""
    return told, lost.damaged > 0


Write = Callable[[Chosen, BinaryIO, Tick], "Lost | None"]


def _writer(order: Order) -> Write:
    match order.form:
        case Form.PARQUET:
            from archive.exchange import parquet  # noqa: PLC0415 -- for this form alone

            parquet.require_library()
            return partial(parquet.write, is_light=order.is_light)
        case Form.WARC:
            from archive.exchange import warc_out  # noqa: PLC0415 -- for this form alone

            return partial(warc_out.write, software=software())
        case Form.WACZ:
            from archive.exchange import wacz_out  # noqa: PLC0415 -- for this form alone

            return partial(wacz_out.write, software=software())
        case _:
            return partial(_write_lines, order)


def software() -> str:
    """Return how luubao names itself in what it writes."""
    return f"luubao {version('luubao')}"


def _write_lines(order: Order, chosen: Chosen, file: BinaryIO, tick: Tick) -> None:
    file.writelines(scrubbed(line).encode() for line in order.lines(chosen, tick))


def _tell(chosen: Chosen, told: str) -> None:
    left_out = chosen.without_noarchive
    also = f"; {left_out:,} left out that ask not to be archived (--noarchive-too takes them)" if left_out else ""
    output.say(f"{len(chosen):,} article{'s' * (len(chosen) != 1)}{told}{also}")
