"""luubao diff: what changed between two versions of an article, word by word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer

from archive.connect import errors_of, open_reader
from archive.differences import Change, changes
from archive.queries import show
from archive.word_diff import Run, What, WordDiff, marked
from commands import output
from commands.articles import readable_time
from commands.diff_page import as_page
from commands.exits import UsageProblem
from commands.options import ArchiveOption, archive_path
from commands.output import Part, Style
from commands.records import write_json
from commands.registry import command_app
from commands.single_article import ArticleArgument, check_named, key

app = command_app()

STYLES = {What.SAME: Style.PLAIN, What.GONE: Style.RED, What.COME: Style.GREEN}

Compared = list[tuple[Change, list[Run]]]


class DiffAs(StrEnum):
    """In which form a difference is shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


@app.command()
def diff(
    article: ArticleArgument,
    *,
    first: Annotated[
        int | None, typer.Option("--from", min=1, metavar="N", help="The older version. [default: the one before]")
    ] = None,
    last: Annotated[
        int | None,
        typer.Option("--to", min=1, metavar="M", help="The newer version. [default: the newspaper's last edit]"),
    ] = None,
    format: Annotated[DiffAs, typer.Option("--format", "-f", help="How to print.")] = DiffAs.TEXT,  # noqa: A002 -- named as the option is
    archive: ArchiveOption = None,
) -> None:
    """Show word by word what changed between two versions.

    Title, lead, body and the other fields; what is the same is left out. On a terminal with colours what went is red
    and what came is green; else they are marked [-so-]{+so+}. html is a page by itself.
    """
    check_named(article)
    path = archive_path(archive)
    with closing(open_reader(path)) as connection, errors_of(path):
        newest = show(connection, article, key=key)
        numbers = _numbers(newest, first, last)
        if numbers is None:
            output.say(f"Article {newest['id']} has one version; there is nothing to compare it with")
            return
        new, old = (show(connection, str(newest["id"]), version=number) for number in reversed(numbers))
    comparing = WordDiff()
    found = [(change, comparing.runs(change.before, change.after)) for change in changes(old, new)]
    match format:
        case DiffAs.JSON:
            write_json(_facts(old, new) | {"changes": [_record(*each) for each in found]})
        case DiffAs.HTML:
            output.lines(as_page(_facts(old, new), found))
        case DiffAs.TEXT:
            _print(_facts(old, new), found)


def _numbers(newest: dict[str, Any], first: int | None, last: int | None) -> tuple[int, int] | None:
    """Return which two versions are meant; None where there is only one. Raises UsageProblem."""
    versions = newest["versions"]
    if len(versions) == 1 and first is None and last is None:
        return None
    edits = [each["number"] for each in versions if each["cause"] == "edited" and each["number"] > 1]
    if last is None:
        last = versions[-1]["number"] if first is not None or not edits else edits[-1]
    first = max(last - 1, 1) if first is None else first
    if first >= last:
        raise UsageProblem(f"--from {first} --to {last}: the older version comes first, and they are two")
    return first, last


def _facts(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    versions = {each["number"]: each for each in new["versions"]}
    chosen = [versions[each["version"]] for each in (old, new)]
    names = ("number", "cause", "read_at", "reader_version")
    older, newer = ({name: version[name] for name in names} for version in chosen)
    return {"id": new["id"], "url": new["url"], "title": new["title"], "from": older, "to": newer}


def _record(change: Change, runs: list[Run]) -> dict[str, Any]:
    return change._asdict() | {"words": [run._asdict() for run in runs]}


def _coloured(runs: list[Run]) -> Iterator[Part]:
    """Yield runs in their colours, with a blank between what went and what came in its place."""
    before = None
    for run in runs:
        if run.what is What.COME and before is What.GONE:
            yield Part(" ")
        yield Part(run.text, STYLES[run.what])
        before = run.what


def _print(facts: dict[str, Any], found: Compared) -> None:
    if output.is_terminal():
        older, newer = facts["from"], facts["to"]
        output.paragraph(Part(facts["title"] or facts["url"], Style.BOLD))
        versions = " against ".join(
            f"version {each['number']} ({each['cause']}, {readable_time(each['read_at'])} UTC)"
            for each in (newer, older)
        )
        output.paragraph(Part(versions, Style.DIM))
    for change, runs in found:
        if output.has_colours():
            label = Part(f"{change.field}: ", Style.DIM)
            output.styled_paragraph([label, *_coloured(runs)], hanging="  ")
        else:
            output.paragraph(f"{change.field}: {marked(runs)}", hanging="  ")
    if not found:
        output.say("Nothing that is shown changed: only the addresses of pictures, what is said of rights, or the like")
