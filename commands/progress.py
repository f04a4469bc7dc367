"""How does a crawl go, off a terminal: as good as nothing, and one line at its end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from commands import output
from scraper.models import Verdict
from scraper.tally import End, Event, Happening, Tally

if TYPE_CHECKING:
    from archive.store import Archive

ENDS = {
    End.MAX_PAGES: "ended by --max-pages",
    End.MAX_SECONDS: "ended by --max-time",
    End.MAX_BYTES: "ended by --max-bytes",
    End.STOPPED: "stopped; the next crawl goes on here",
}


class Display(Protocol):
    """What people see of a crawl while it goes on."""

    def report(self, event: Event) -> None:
        """Take up what happened."""
        ...

    def look(self, archive: Archive, sites: frozenset[str]) -> None:
        """Take the open archive, to see what waits there."""
        ...


@contextmanager
def display(*, is_quiet: bool) -> Iterator[Display]:
    """Give what the crawl reports to: a live display where a person looks on, else as good as nothing."""
    if is_quiet or not output.is_terminal(sys.stderr):
        yield _Lines(_say_parked if not is_quiet else _ignore)
    else:
        from commands.live import live  # noqa: PLC0415 -- loads rich: 0.1 s, for people who look on alone

        with live() as shown:
            yield shown


@dataclass(frozen=True, slots=True)
class _Lines:
    """No display: a line now and then."""

    report: Callable[[Event], None]

    def look(self, _archive: Archive, _sites: frozenset[str]) -> None:
        """Need nothing of the archive."""


def _ignore(_event: Event) -> None:
    """Say nothing."""


def _say_parked(event: Event) -> None:
    if event.what is Happening.PARKED:
        output.say(f"{event.host} is left alone for this run: {event.message or event.code}")


# --- the line at the end ----------------------------------------------------------------------------------------------


def summary(tally: Tally) -> str:
    """Return one line of what a crawl brought."""
    parts = [counts(tally.verdicts, tally.errors), _traffic(tally)]
    if tally.parked:
        parts.append(f"left alone: {', '.join(sorted(tally.parked))}")
    if tally.end in ENDS:
        parts.append(ENDS[tally.end])
    return "; ".join(parts)


def counts(verdicts: Counter[Verdict], errors: Counter[str]) -> str:
    """Return what came of the pages, in one line."""
    shown = [f"{verdicts[verdict]:,} {verdict}" for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)]
    if verdicts[Verdict.REREAD]:
        shown.append(f"{verdicts[Verdict.REREAD]:,} {Verdict.REREAD}")
    codes = ", ".join(f"{count:,} {code}" for code, count in errors.most_common())
    shown.append(f"{errors.total():,} failed" + (f" ({codes})" if codes else ""))
    return ", ".join(shown)


def _traffic(tally: Tally) -> str:
    hosts = f"{len(tally.hosts)} host{'s' * (len(tally.hosts) != 1)}"
    each = "" if tally.requests_per_article is None else f", {tally.requests_per_article:.1f} for each article kept"
    traffic = f"{tally.requests:,} requests to {hosts}{each}"
    return f"{traffic}, {size(tally.body_bytes)} in {duration(tally.seconds)}"


def size(count: int) -> str:
    """Write bytes for people, in decimal units."""
    amount, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:  # noqa: PLR2004 -- decimal units
        amount, units = amount / 1000, units[1:]
    return f"{amount:,.0f} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"


def duration(seconds: float) -> str:
    """Write a length of time for people: "4.2 s", "3 min 05 s", "2 h 10 min"."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 -- a minute
        return f"{seconds:.1f} s"
    if whole < 3600:  # noqa: PLR2004 -- an hour
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
