"""luubao compact: the same pages in less room."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.compact import LEVEL
from archive.compact import compact as compact_pages
from archive.prune import is_scrubbed, scrub
from commands import output
from commands.options import ArchiveOption, archive_path
from commands.progress import size
from commands.registry import command_app
from commands.upkeep import upkeep
from commands.working import bar

app = command_app()


@app.command()
def compact(
    *,
    level: Annotated[
        int, typer.Option("--level", min=3, max=22, metavar="N", help="Level of zstd: 3 is quick, 22 small.")
    ] = LEVEL,
    again: Annotated[bool, typer.Option("--again", help="Also what was compacted before.")] = False,
    archive: ArchiveOption = None,
) -> None:
    """Write the kept pages anew in less room.

    Each page is proven to come out as it was before it takes the old one's place. Ctrl-C ends it at any instant; the
    next one goes on there. What an erasure that was stopped left in the file is taken out too.
    """
    with upkeep(archive_path(archive), "compact", {"level": level}) as opened, bar() as tick:
        done = compact_pages(opened, level=level, again=again, tick=tick)
        if not is_scrubbed(opened):
            scrub(opened, tick=tick)
    before, after = size(done.bytes_before), size(done.bytes_after)
    output.paragraph(f"{done.pages:,} pages: {before} before, {after} after")
    if done.is_trimmed:
        output.paragraph(f"file: {size(done.file_bytes_before)} before, {size(done.file_bytes_after)} after")
