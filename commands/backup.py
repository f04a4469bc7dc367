"""luubao backup: a copy that is whole, whoever writes meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.backup import backup as copy
from commands import output
from commands.options import ArchiveOption, archive_path
from commands.progress import size
from commands.registry import command_app
from commands.working import bar

app = command_app()


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="DEST", help="The copy: a file, or a folder to put it in.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Take the place of an earlier copy.")] = False,
    archive: ArchiveOption = None,
) -> None:
    """Copy the archive, also while a crawl writes in it, and check the copy.

    The copy gets its name when it is whole and proven. To copy the file by other means while a crawl runs would lose
    what stands in its log.
    """
    path = archive_path(archive)
    with bar() as tick:
        report = copy(path, target, overwrite=overwrite, tick=tick)
    made = target / path.name if target.is_dir() else target
    counts = f"{report.counts['articles']:,} articles, {report.counts['snapshots']:,} pages"
    output.paragraph(f"{made}: {counts}, {size(made.stat().st_size)}, whole")
    if report.root:
        output.line(f"root {report.root}")
