"""How does a crawl go: a live display on a terminal, nothing elsewhere, and one line at its end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from commands import output
from commands.text import shortened, visible
from scraper.models import Verdict
from scraper.tally import End, Event, Happening, Tally

Report = Callable[[Event], None]
ENDS = {
    End.MAX_PAGES: "ended by --max-pages",
    End.MAX_SECONDS: "ended by --max-time",
    End.MAX_BYTES: "ended by its limit of bytes",
    End.STOPPED: "stopped; the next crawl goes on here",
}


@contextmanager
def reporter(*, is_quiet: bool, is_simulated: bool) -> Iterator[Report]:
    """Give what the crawl reports to: a live display where a person looks on, else as good as nothing."""
    if is_simulated:
        yield _print_planned
    elif is_quiet or not output.is_terminal(sys.stderr):
        yield _say_parked if not is_quiet else _ignore
    else:
        with _live() as report:
            yield report


def _ignore(_event: Event) -> None:
    """Say nothing."""


def _say_parked(event: Event) -> None:
    if event.what is Happening.PARKED:
        output.say(f"{event.host} is left alone for this run: {event.message or event.code}")


def _print_planned(event: Event) -> None:
    if event.what is Happening.PLANNED and event.task:
        output.table([], [[event.task.url, event.title or ""]])


# --- the line at the end ----------------------------------------------------------------------------------------------


def summary(tally: Tally) -> str:
    """Return one line of what a crawl brought."""
    parts = [_counts(tally.verdicts, tally.errors), _traffic(tally)]
    if tally.parked:
        parts.append(f"left alone: {', '.join(sorted(tally.parked))}")
    if tally.end in ENDS:
        parts.append(ENDS[tally.end])
    return "; ".join(parts)


def _counts(verdicts: Counter[Verdict], errors: Counter[str]) -> str:
    shown = [f"{verdicts[verdict]:,} {verdict}" for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.SAME)]
    if verdicts[Verdict.REREAD]:
        shown.append(f"{verdicts[Verdict.REREAD]:,} {Verdict.REREAD}")
    codes = ", ".join(f"{count:,} {code}" for code, count in errors.most_common())
    shown.append(f"{errors.total():,} failed" + (f" ({codes})" if codes else ""))
    return ", ".join(shown)


def _traffic(tally: Tally) -> str:
    hosts = f"{len(tally.hosts)} host{'s' * (len(tally.hosts) != 1)}"
    return f"{tally.requests:,} requests to {hosts}, {size(tally.body_bytes)} in {duration(tally.seconds)}"


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


# --- on a terminal ----------------------------------------------------------------------------------------------------


@contextmanager
def _live() -> Iterator[Report]:
    from rich.console import Console  # noqa: PLC0415 -- 0.1 s, for people who look on alone
    from rich.live import Live  # noqa: PLC0415 -- as above

    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=False)
    view = View()
    with Live(view, console=console, refresh_per_second=8, transient=True) as live:

        def report(event: Event) -> None:
            view.add(event)
            if event.verdict is Verdict.FAILED:
                live.console.print(visible(event.message or f"{event.host}: {event.code}"))
            elif event.what is Happening.PARKED:  # why was just told
                live.console.print(visible(f"{event.host} is left alone for the rest of this run"))

        yield report


class View:
    """What the live display shows: counts, rate, the hosts asked right now, the last article kept."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._verdicts: Counter[Verdict] = Counter()
        self._errors: Counter[str] = Counter()
        self._body_bytes = 0
        self._asked: dict[str, str] = {}  # host -> URL on its way
        self._last = ""

    def add(self, event: Event) -> None:
        """Take up one event."""
        if event.what is Happening.STARTED and event.task:
            self._asked[event.host] = event.task.url
        if event.what is not Happening.KEPT or event.verdict is None:
            return
        if event.task and self._asked.get(event.host) == event.task.url:
            del self._asked[event.host]
        self._verdicts[event.verdict] += 1
        self._body_bytes += event.body_bytes
        if event.code:
            self._errors[event.code] += 1
        if event.title and event.verdict in {Verdict.NEW, Verdict.CHANGED}:
            self._last = f"{str(event.verdict).upper()}  {event.title}"

    def lines(self, cells: int) -> list[str]:
        """Return the display's lines, none wider than so many cells."""
        seconds = self._clock() - self._began
        pages = self._verdicts.total()
        lists = self._verdicts[Verdict.LISTED]
        speed = f"{pages / max(seconds, 0.1):.1f}/s, {size(self._body_bytes)}, {duration(seconds)}"
        rate = f"{pages:,} pages ({lists:,} lists of articles), {speed}"
        shown = [_counts(self._verdicts, self._errors), rate, *list(self._asked.values())[:4], self._last]
        return [shortened(visible(text), cells) for text in shown if text]

    def __rich__(self) -> Any:  # noqa: ANN401 -- rich is imported where it is needed
        from rich.text import Text  # noqa: PLC0415 -- as in _live

        return Text("\n".join(self.lines(output.columns() - 1)))
