"""luubao doctor: is the ground sound, and what to do where it is not."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import ssl
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from archive import drift, reports
from archive.connect import reading
from archive.errors import ArchiveError, ArchiveMissing, QueryStopped
from archive.ground import free_bytes
from archive.health import holder, quick_fault
from archive.mounts import file_system
from archive.queries import runs
from archive.room import Room, log_bytes, used_bytes
from commands import checkup, output, times
from commands.checkup import Finding, Level, fail, ok, warn
from commands.exits import ExitCode, exit_code
from commands.options import ArchiveOption, ContactOption, JsonOption, PrivateOption, archive_path
from commands.output import Column, Part, Style
from commands.records import write_json
from commands.registry import command_app
from commands.run_options import MaxArchiveOption, ProxyOption, StaleAfterOption, checked_proxy, max_archive_bytes

app = command_app()

QUICK_SECONDS = 10.0
STALE_AFTER = "7d"
COLOURS = {Level.OK: Style.GREEN, Level.WARN: Style.YELLOW, Level.FAIL: Style.RED}
COLUMNS = [Column(name, name) for name in ("level", "check", "found", "todo")]
Run = dict[str, Any]


@app.command()
def doctor(  # noqa: PLR0913 -- each is an option
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the newspapers for their robots.txt too, one request each.")
    ] = False,
    json: JsonOption = False,
    stale_after: StaleAfterOption = None,
    max_archive_gb: MaxArchiveOption = None,
    contact: ContactOption = None,
    proxy: ProxyOption = None,
    allow_private: PrivateOption = False,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Check the ground that the archive stands on, and say what to do.

    Programs, disk and its forecast, clock, the file, the last run, newspapers that fell silent, fields that drift. Ends
    with 0 where nothing fails, warnings or not; else with the code of the gravest failure.
    """
    path, now = archive_path(archive), datetime.now(UTC)
    most, after = max_archive_bytes(max_archive_gb), timedelta(seconds=times.seconds(stale_after or STALE_AFTER))
    findings = [*_programs(), *_archive(path, now, most=most, after=after)]
    if online:
        from commands.reach import objections  # noqa: PLC0415 -- the network, for those who ask for it

        hosts = _homes(path)
        found = asyncio.run(objections(hosts, contact=contact, proxy=checked_proxy(proxy), allow_private=allow_private))
        findings.append(checkup.reached(found) if hosts else ok("network", "no newspaper to ask yet"))
    _print(findings, is_json=json)
    return checkup.worst(findings)


def _programs() -> Iterator[Finding]:
    from pyexpat import version_info  # noqa: PLC0415 -- for this alone

    yield checkup.python(sys.version_info[:3])
    yield checkup.sqlite(sqlite3.sqlite_version_info)
    yield checkup.expat(version_info)
    yield checkup.openssl(ssl.OPENSSL_VERSION_INFO, ssl.OPENSSL_VERSION)


# --- the archive ------------------------------------------------------------------------------------------------------


def _archive(path: Path, now: datetime, *, most: int | None, after: timedelta) -> Iterator[Finding]:
    try:
        with reading(path) as connection:
            known, sites = runs(connection, limit=None), reports.sites(connection)
            latest_new = reports.latest_new(connection, sites)
            falls = [fall for site in sites for fall in drift.of_site(connection, site)]
    except ArchiveMissing:
        yield checkup.clock(now, None)
        todo = "luubao crawl makes one; luubao config show tells why it is looked for there"
        yield warn("archive", f"there is none at {path} yet", todo)
        return
    except ArchiveError as error:
        yield checkup.clock(now, None)
        yield _refused(error)
        return
    yield checkup.clock(now, _latest(known))
    yield from _file(path, known, now, most)
    yield checkup.last_run(known, now, _is_alive)
    yield checkup.stale(latest_new, now, after)
    yield checkup.drift(falls)


def _latest(known: Sequence[Run]) -> datetime | None:
    return max((datetime.fromisoformat(run["ended_at"]) for run in known if run["ended_at"]), default=None)


def _file(path: Path, known: Sequence[Run], now: datetime, most: int | None) -> Iterator[Finding]:
    yield _structure(path)
    held = holder(path)
    if held and _is_alive(held[0]):
        yield ok("lock", f"`{held[1]}` is at work (process {held[0]})")
    else:
        yield ok("lock", "free")
    room = Room(used_bytes(path), free_bytes(path), most)
    yield checkup.disk(room, checkup.growth(room.used, known, now))
    yield checkup.log(log_bytes(path))
    yield checkup.file_system(file_system(path))
    yield checkup.mode(path.stat().st_mode)


def _structure(path: Path) -> Finding:
    try:
        fault = quick_fault(path, limit_seconds=QUICK_SECONDS)
    except QueryStopped:
        return ok("archive", f"{path}; too large to look through in {QUICK_SECONDS:.0f} s: luubao verify does")
    except ArchiveError as error:
        return _refused(error)
    if fault:
        return fail("archive", f"{path}: {fault}", "luubao verify, then restore a backup", ExitCode.DAMAGED)
    return ok("archive", f"{path}; its structure is sound")


def _refused(error: ArchiveError) -> Finding:
    found, _, todo = str(error).partition("; ")
    return fail("archive", found, todo or "docs/operations.md: when the archive is damaged", exit_code(error))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def _homes(path: Path) -> list[str]:
    """Return the addresses of the newspapers that the archive was crawled for."""
    from commands.crawl import earlier_targets  # noqa: PLC0415 -- as above
    from commands.exits import UsageProblem  # noqa: PLC0415 -- as above
    from commands.joining import sources_of  # noqa: PLC0415 -- as above

    try:
        targets = earlier_targets(path)
    except (UsageProblem, ArchiveError):
        return []
    return list(dict.fromkeys(seed.tasks[0].url for seed in sources_of(targets).seeds if seed.tasks))


# --- printing ---------------------------------------------------------------------------------------------------------


def _print(findings: Sequence[Finding], *, is_json: bool) -> None:
    if is_json:
        write_json({"code": int(checkup.worst(findings)), "findings": [finding.to_dict() for finding in findings]})
    elif output.is_terminal():
        _print_for_people(findings)
    else:
        output.table(COLUMNS, [[str(f.level).lower(), f.check, f.found, f.todo] for f in findings])


def _print_for_people(findings: Sequence[Finding]) -> None:
    cells = max(len(finding.check) for finding in findings)
    for finding in findings:
        head = f"{finding.level:4}  {finding.check:{cells}}  "
        output.paragraph(finding.found, indent=Part(head, COLOURS[finding.level]), hanging=" " * len(head))
        if finding.todo:
            output.paragraph(Part(f"-> {finding.todo}", Style.BOLD), indent=" " * len(head))
