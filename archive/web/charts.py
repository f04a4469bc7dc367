"""Numbers as SVG: columns day by day, bars beside their names, shares in a grid. Pure.

A chart is one picture to a screen reader, with a title and a description; its numbers stand in a table beneath it. Its
colours come from the stylesheet, by classes, so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import NamedTuple
from xml.etree import ElementTree as ET

from archive.harmless import seen

WIDTH = 400
"""Units of a picture's breadth, at which a letter is 11 high; the page makes it as wide as its column."""

_LETTER = 6.2  # units a digit or small letter takes, at most
_PLOT_HEIGHT, _FOOT, _HEAD = 110, 18, 8
_TICK = 46  # units that a name below the columns wants
_ROW, _NUMBERS, _NAME_CHARS = 22, 52, 20
_CELL, _WIDEST = 22, 40
_SLANT, _LEAN = 62, 40  # that the heads of a grid take above it, and the last one beside it


@dataclass(frozen=True, slots=True)
class Named:
    """What a chart is called; `id` is its own on the page."""

    id: str
    title: str
    told: str  # what is to be seen, in a sentence
    number: Callable[[int], str] = "{:,}".format  # as its language writes one


class Bar(NamedTuple):
    """A count under its name."""

    name: str
    value: int


class Stack(NamedTuple):
    """Counts that add up, under their name."""

    name: str
    counts: tuple[int, ...]


class Cell(NamedTuple):
    """A share, 0 to 1, or None where nothing is known; one that fell is marked."""

    share: float | None
    has_fallen: bool = False


def columns(named: Named, bars: Sequence[Bar], look: str) -> str:
    """Draw counts as columns side by side; `look` is the class of all of them."""
    svg = _picture(named, _HEAD + _PLOT_HEIGHT + _FOOT)
    top = rounded_up(max((bar.value for bar in bars), default=0))
    left = 10 + _LETTER * len(named.number(top))
    step = (WIDTH - left) / max(len(bars), 1)
    for height in sorted({0, top // 2, top}):
        y = _HEAD + _PLOT_HEIGHT * (1 - height / top)
        _add(svg, "line", "rule", x1=left, x2=WIDTH, y1=y, y2=y)
        _text(svg, named.number(height), "end", x=left - 5, y=y + 4)
    for number, bar in enumerate(bars):
        tall = _PLOT_HEIGHT * bar.value / top
        x, y = left + step * (number + 0.1), _HEAD + _PLOT_HEIGHT - tall
        _add(svg, "rect", look, x=x, y=y, width=step * 0.8, height=tall)
    for number in range(0, len(bars), max(1, ceil(_TICK / step))):
        x = left + step * (number + 0.5)
        if x + _TICK / 2 <= WIDTH:
            _text(svg, bars[number].name, "middle", x=x, y=_HEAD + _PLOT_HEIGHT + 14)
    return _written(svg)


def rows(named: Named, stacks: Sequence[Stack], looks: Sequence[str]) -> str:
    """Draw counts as bars beside their names, the parts of each one after another, in the classes of `looks`."""
    svg = _picture(named, _ROW * max(len(stacks), 1))
    most = max((sum(stack.counts) for stack in stacks), default=0) or 1
    beside = _names_of(stack.name for stack in stacks)
    room = WIDTH - beside - _NUMBERS
    for number, stack in enumerate(stacks):
        y, x = _ROW * number, beside
        _text(svg, shortened(stack.name, _NAME_CHARS), "end", x=beside - 6, y=y + 15)
        for count, look in zip(stack.counts, looks, strict=True):
            width = room * count / most
            _add(svg, "rect", look, x=x, y=y + 4, width=width, height=_ROW - 8)
            x += width
        _text(svg, named.number(sum(stack.counts)), "start", x=x + 5, y=y + 15)
    return _written(svg)


def grid(named: Named, heads: Sequence[str], lines: Sequence[tuple[str, Sequence[Cell]]]) -> str:
    """Draw shares as cells that are filled from below; an empty one is dashed where nothing is known."""
    svg = _picture(named, _SLANT + _CELL * max(len(lines), 1) + 2)
    beside = _names_of(name for name, _ in lines)
    step = min((WIDTH - beside - _LEAN) / max(len(heads), 1), _WIDEST)
    for number, head in enumerate(heads):
        x = beside + step * (number + 0.5)
        _text(svg, shortened(head, 14), "start", x=x, y=_SLANT - 6, transform=f"rotate(-40 {x:g} {_SLANT - 6})")
    for at, (name, cells) in enumerate(lines):
        y = _SLANT + _CELL * at
        _text(svg, shortened(name, _NAME_CHARS), "end", x=beside - 6, y=y + 15)
        for number, cell in enumerate(cells):
            _cell(svg, cell, x=beside + step * number + 2, y=y + 2, width=step - 4)
    return _written(svg)


def _cell(svg: ET.Element, cell: Cell, *, x: float, y: float, width: float) -> None:
    height = _CELL - 4
    look = "unknown" if cell.share is None else "fallen" if cell.has_fallen else "cell"
    _add(svg, "rect", look, x=x, y=y, width=width, height=height)
    if cell.share:
        tall = height * min(cell.share, 1)
        _add(svg, "rect", "bad" if cell.has_fallen else "good", x=x, y=y + height - tall, width=width, height=tall)


def rounded_up(count: int) -> int:
    """Return the next even height for an axis: 2, 4, 10, 20, 40, 50 or 100, and so on by tens."""
    if count <= 2:  # noqa: PLR2004 -- the least that has a half
        return 2
    ten = 10 ** floor(log10(count))
    return next(int(ten * step) for step in (1, 2, 4, 5, 10, 20) if ten * step >= count and ten * step % 2 == 0)


def shortened(text: str, chars: int) -> str:
    """Cut a name, the cut shown by an ellipsis."""
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


# --- elements ---------------------------------------------------------------------------------------------------------


def _names_of(names: Iterable[str]) -> float:
    """Return the units that names beside a chart take."""
    return 8 + _LETTER * min(max(map(len, names), default=0), _NAME_CHARS)


def _picture(named: Named, height: float) -> ET.Element:
    svg = ET.Element("svg", {
        "class": "chart", "viewBox": f"0 0 {WIDTH} {height:g}", "role": "img",
        "aria-labelledby": f"{named.id}-title {named.id}-told",
    })  # fmt: skip
    for tag, name, text in (("title", "title", named.title), ("desc", "told", named.told)):
        ET.SubElement(svg, tag, {"id": f"{named.id}-{name}"}).text = seen(text)
    return svg


def _add(svg: ET.Element, tag: str, look: str, **places: float) -> None:
    ET.SubElement(svg, tag, {"class": look} | {name: f"{place:.4g}" for name, place in places.items()})


def _text(svg: ET.Element, text: str, anchor: str, *, x: float, y: float, transform: str | None = None) -> None:
    values = {"x": f"{x:.4g}", "y": f"{y:.4g}", "text-anchor": anchor} | dict(_where(transform))
    ET.SubElement(svg, "text", values).text = seen(text)


def _where(transform: str | None) -> Iterator[tuple[str, str]]:
    if transform is not None:
        yield "transform", transform


def _written(svg: ET.Element) -> str:
    return ET.tostring(svg, encoding="unicode")
