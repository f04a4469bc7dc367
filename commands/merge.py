"""luubao merge: other archives into this one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.merge import merge as merge_one
from archive.store import create
from commands import output
from commands.options import ArchiveOption, archive_path
from commands.registry import command_app
from commands.upkeep import upkeep
from commands.working import bar

app = command_app()

SHOWN = 20


@app.command()
def merge(
    others: Annotated[list[Path], typer.Argument(metavar="OTHER...", help="Archives to add; they stay as they are.")],
    *,
    archive: ArchiveOption = None,
) -> None:
    """Add other archives to this one.

    What both have is kept once; twice the same changes nothing. What was erased by order stays out.
    """
    path = archive_path(archive)
    if not path.exists():
        create(path)
    with upkeep(path, "merge", {"others": [other.name for other in others]}) as opened, bar() as tick:
        for other in others:
            brought = merge_one(opened, other, tick=tick)
            counts = f"{brought.articles:,} articles, {brought.versions:,} versions, {brought.visits:,} visits"
            left_out = f"; {brought.erased:,} left out, erased by order" if brought.erased else ""
            output.paragraph(f"{other}: {counts}, {brought.pages:,} pages{left_out}")
            if brought.erased_there:
                ids = " ".join(map(str, brought.erased_there[:SHOWN]))
                output.say(f"luubao: {other} erased {len(brought.erased_there):,} articles that are kept here: {ids}")
