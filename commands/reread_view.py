"""What reading pages again brought, as people read it."""

from __future__ import annotations

from archive.differences import between
from archive.reread_report import Example, FieldReport, Report
from commands import output
from commands.output import Part, Style
from commands.text import shortened, visible

NAMES = {"blocks": "form of the body", "images": "pictures", "links": "other links"}
SHOWN_CELLS = 90  # of an example's value, on a pipe


def print_report(report: Report, *, is_dry_run: bool) -> None:
    """Print how many articles read otherwise, by field, with examples."""
    failed = f", {len(report.failed):,} could not be read" if report.failed else ""
    changed = "would change" if is_dry_run else "changed"
    output.paragraph(f"{report.pages:,} pages read again: {report.changed:,} articles {changed}{failed}")
    for name, field in report.by_field():
        shorter = report.shorter_bodies if name == "body" else 0
        output.paragraph(Part(_line(name, field, report.pages, shorter), Style.BOLD), indent="  ", hanging="    ")
        for example in field.examples:
            _print_example(name, example)
    if is_dry_run and report.changed:
        output.say("Nothing was written; without --dry-run each gets a version marked as re-read")


def _line(name: str, field: FieldReport, pages: int, shorter: int) -> str:
    parts = [f"{NAMES.get(name, name)}: {field.changed:,} of {pages:,}"]
    parts += [f"{field.come:,} had none"] if field.come else []
    parts += [f"{field.gone:,} have none any more"] if field.gone else []
    parts += [f"{shorter:,} shorter by more than 20 %"] if shorter else []
    return ", ".join(parts)


def _print_example(name: str, example: Example) -> None:
    """Print an article with what it had and what it reads now; of a long text the first place where they differ."""
    before, after = example.before, example.after
    apart = "\n\n" if name == "body" else "\n"
    if before and after and apart in before + after:
        first = next(between(name, before.split(apart), after.split(apart)), None)
        before, after = (first.before, first.after) if first else (before, after)
    room = output.columns() - 8 if output.is_terminal() else SHOWN_CELLS
    output.line("    ", Part(f"{example.article_id}  {example.url}", Style.DIM))
    for mark, text, style in (("-", before, Style.RED), ("+", after, Style.GREEN)):
        if text is not None:
            output.line("      ", Part(f"{mark} {shortened(visible(text), room)}", style))
