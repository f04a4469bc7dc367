"""Bars in the terminal: how much came, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from archive.series import in_spans
from commands import output
from commands.output import Part, Style

HEIGHT = 11  # lines of a chart, its title and days included
CELLS = 120  # at most
TICK_CELLS = 12  # that a day's name wants below the bars
DAYS_OF_YEAR = 365  # beyond which a day's name wants its year
UNITS = {1: "a day", 7: "a week", 30: "in 30 days"}
BAR = "█"


class Bars(NamedTuple):
    """What a chart shows: a count for each span of days, each known by its first day."""

    title: str
    firsts: Sequence[date]
    counts: Sequence[int]


def bars_of(name: str, by_day: Mapping[date, int]) -> Bars:
    """Return a series by the day, the week or thirty days, so that its bars are not too many."""
    days, firsts, counts = in_spans(by_day)
    first = next(iter(by_day))
    told = f"{sum(counts):,} in all, {max(counts):,} at most" if any(counts) else "none"
    title = f"{name.capitalize()} {UNITS[days]} since {first}: {told}"
    return Bars(title, firsts, counts)


def chart(bars: Bars, style: Style = Style.PLAIN) -> None:
    """Print a chart as wide as the terminal, 80 cells on a pipe; coloured where the terminal has colours."""
    if not any(bars.counts):
        output.line(Part(bars.title, Style.HEADING))
        return
    for number, text in enumerate(drawn(bars, min(output.columns(), CELLS))):
        output.line(Part(text, Style.HEADING if number == 0 else style))


def drawn(bars: Bars, cells: int) -> list[str]:
    """Return a chart's lines, none wider than so many cells: the title, the bars, the days below.

    One count at least is not 0.
    """
    import plotext  # type: ignore[import-untyped]  # noqa: PLC0415 -- it has no types; 0.2 s, for charts alone

    plotext.terminal.limit(False, False)  # noqa: FBT003 -- its signature
    figure = plotext.figure
    figure.clear()
    figure.plot_size(cells, HEIGHT - 1)
    places = list(range(1, len(bars.counts) + 1))
    figure.draw(figure.bar(places, list(bars.counts), marker=BAR, width=0.8))
    top = max(bars.counts)
    heights = sorted({0, top // 2, top})
    figure.ruler("y").lim(0, top).ticks(heights, [f"{height:,}" for height in heights])
    named = places[:: max(1, -(-len(places) * TICK_CELLS // cells))]
    is_long = (bars.firsts[-1] - bars.firsts[0]).days > DAYS_OF_YEAR
    names = [f"{bars.firsts[place - 1]:{'%Y-%m' if is_long else '%m-%d'}}" for place in named]
    figure.ruler("x").lim(0.5, len(places) + 0.5).ticks(named, names)  # without limits, empty days at its ends go
    return [bars.title, *(line.rstrip() for line in figure.build().string(colorless=True).rstrip("\n").split("\n"))]
