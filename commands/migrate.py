"""luubao migrate: an archive of an earlier luubao brought up to date."""

from __future__ import annotations

from archive.upgrade import upgrade
from commands import output
from commands.options import ArchiveOption, archive_path
from commands.registry import command_app
from commands.working import bar

app = command_app()


@app.command()
def migrate(*, archive: ArchiveOption = None) -> None:
    """Bring an archive of an earlier luubao up to date.

    Small changes happen by themselves when crawl or fetch opens it. What copies tables is done here alone: the disk is
    checked first, and a copy of the archive as it was is made beside it.
    """
    path = archive_path(archive)
    with bar() as tick:
        done = upgrade(path, tick=tick)
    if done.found == done.made:
        output.line(f"{path} is up to date: schema {done.made}")
        return
    output.line(f"{path}: schema {done.found} is now schema {done.made}")
    if done.backup:
        output.line(f"as it was before: {done.backup}")
