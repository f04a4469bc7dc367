"""What a listing lists: the text of its main part, headlines that are links included; menus, filters and boxes not."""

from __future__ import annotations

import re

from scraper.document import MARKS, Document
from scraper.fields import boilerplate
from scraper.fields.candidates import Chosen
from scraper.fields.units import Unit, Units

MIN_SHARE = 0.5
"""The element around the headline that holds so much of the page's text, boxes left out, is its main part."""
MAX_SHARE_OF_LOSS = 0.2
_FILTERS = re.compile(r"filter|facet|refine|sort-?(?:by|option|order)|swatch|(?<![a-z])sort(?![a-z])")


def units_of(document: Document, units: Units, title: Chosen[str] | None, kept: list[Unit]) -> list[Unit]:
    """Return the lines of a listing below its headline; those kept as a story where nothing heads the list."""
    if title is None or title.node is None:
        return kept
    barred = boilerplate.find(document, [float(chars) for chars in document.chars])
    barred = boilerplate.outermost(document, sorted({*barred, *_filters(document)}))
    free = [unit for unit in units.all if not boilerplate.covers(document, barred, unit.start)]
    total = sum(unit.length for unit in free)
    for main in document.ancestors(title.node):
        inside = [unit for unit in free if title.node < unit.start < document.ends[main]]
        if sum(unit.length for unit in inside) >= MIN_SHARE * total:
            listed = [unit for unit in inside if any(mark.isalnum() for mark in unit.text[:100])]
            return listed if _holds(listed, kept) else kept
    return kept


def _filters(document: Document) -> list[int]:
    values = (document.with_attribute(name) for name in MARKS)
    called = {i for each in values for i, value in each.items() if _FILTERS.search(value.lower())}
    return [i for i in called if document.length(i) <= document.length(0) * MIN_SHARE]


def _holds(listed: list[Unit], kept: list[Unit]) -> bool:
    """Tell whether the list leaves out little of what was taken for a story."""
    known = {id(unit) for unit in listed}
    lost = sum(unit.length for unit in kept if id(unit) not in known)
    return lost <= MAX_SHARE_OF_LOSS * sum(unit.length for unit in listed)
