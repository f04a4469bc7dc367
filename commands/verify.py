"""luubao verify: check that the archive is what was written."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.verify import Report, Scope
from archive.verify import verify as check
from commands import output
from commands.exits import ExitCode, UsageProblem
from commands.options import ArchiveOption, JsonOption, archive_path
from commands.records import write_json
from commands.registry import command_app
from commands.working import bar

app = command_app()


@app.command()
def verify(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the hashes of pages and rows.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Check everything, as is done unless told otherwise.")] = False,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Hash N pages chosen at random. [default: all]")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="ROOT", help="Prove that nothing was changed that this root covers."),
    ] = None,
    json: JsonOption = False,
    archive: ArchiveOption = None,
) -> ExitCode:
    """Check that the archive is what was written.

    Reads the file, every reference, every hash and the search index, changes nothing, and names what is damaged. Write
    the printed root down elsewhere: --against ROOT proves later that no row it covers was changed or taken out by hand.
    """
    if quick + full + (sample is not None) > 1:
        raise UsageProblem("choose one of --quick, --full and --sample")
    with bar() as tick:
        report = check(archive_path(archive), Scope(is_quick=quick, sample=sample, against=against), tick=tick)
    code = ExitCode.DAMAGED if report.faults else ExitCode.OK
    if json:
        write_json(report.to_dict() | {"exit_code": int(code)})
    else:
        _print(report)
    return code


def _print(report: Report) -> None:
    for fault in report.faults:
        output.line(str(fault))
    counts = report.counts
    checked = f"{counts.get('articles', 0):,} articles, {counts.get('versions', 0):,} versions"
    verdict = f"{len(report.faults):,} faults" if report.faults else "whole"
    output.line(f"{verdict}: {checked}, {report.pages_checked:,} of {counts.get('snapshots', 0):,} pages hashed")
    if report.root:
        output.line(f"root {report.root}")
    if report.unsealed:
        output.line(f"{report.unsealed:,} versions are newer than the last root; the next run's covers them")
    if not report.is_scrubbed:
        output.say("luubao: an erasure was stopped, and words of it may still stand in the file; run luubao compact")
    if report.faults:
        output.say("luubao: the archive is damaged or was changed by hand; keep this file, and restore a backup")
