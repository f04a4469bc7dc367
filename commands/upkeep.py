"""Open an archive for work on the whole of it: alone, as a run that leaves a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from archive.connect import open_writer
from archive.store import Archive, Mode
from commands.exits import ExitCode
from commands.joining import known_sites, scraping_of


def bring_up_to_date(path: Path) -> None:
    """Take the steps of the schema that a writer takes by itself, before anything is read. Raises ArchiveError."""
    open_writer(path).close()  # raises where there is none: nothing is made by this
    Archive.open(path, mode=Mode.WRITE).close()


@contextmanager
def upkeep(path: Path, command: str, arguments: Mapping[str, Any]) -> Iterator[Archive]:
    """Open an existing archive, alone; the run is ended and sealed afterwards, whatever came. Raises ArchiveError."""
    open_writer(path).close()  # raises where there is none: nothing is made by this
    scraping = scraping_of(known_sites())
    with Archive.open(path, mode=Mode.EXCLUSIVE, command=f"luubao {command}", scraping=scraping) as archive:
        archive.start_run(command, arguments, datetime.now(UTC), luubao_version=version("luubao"))
        code = ExitCode.ERROR
        try:
            yield archive
            code = ExitCode.OK
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
            raise
        finally:
            archive.end_run(code, datetime.now(UTC))
