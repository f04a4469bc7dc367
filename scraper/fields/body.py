"""Where the story stands on a page: the container that holds its text, whatever the language and without metadata."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from scraper.document import Document
from scraper.fields import boilerplate
from scraper.fields.units import Unit, Units
from scraper.sites import apply
from scraper.sites.rules import Site

_SENTENCE = re.compile(r"[.!?…,;:。、，！？；।؟،]")
_END = re.compile(r"[.!?…。！？।؟][\s\"'”’»)\]]*$")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
MIN_PROSE_CHARS = 25
SHARE_TO_DESCEND = 0.72


@dataclass(frozen=True, slots=True)
class Place:
    """Where the story stands: its container, what in the page is barred from it, and how much prose there is."""

    container: int
    barred: tuple[int, ...]
    prose: list[float]  # sum of the prose before each node, barred elements counting nothing
    source: str

    def is_barred(self, i: int, document: Document) -> bool:
        """Tell whether node i stands in what is no story."""
        before = bisect_right(self.barred, i) - 1
        return before >= 0 and i < document.ends[self.barred[before]]


def weight(unit: Unit, document: Document) -> float:
    """Return how much of a story a unit is: its characters, less for what is short, linked or without sentences."""
    length = unit.length
    if length < MIN_PROSE_CHARS or unit.link_share > 0.5 or document.tags[unit.block] in _HEADINGS:
        return 0.0
    marks = len(_SENTENCE.findall(unit.text))
    own = length * (1 - unit.link_share)
    if document.tags[unit.block] in ("li", "td", "th", "dd", "figcaption"):
        own *= 0.5
    if marks == 0:
        return own * 0.2
    return own if _END.search(unit.text) or length > 100 else own * 0.4


def find(document: Document, units: Units, *, site: Site | None = None) -> Place:
    """Find the container of the story: where the site's rules say, else where most of the prose is."""
    weights = [0.0] * len(document.tags)
    for unit in units.all:
        weights[unit.start] = weight(unit, document)
    everything = list(accumulate(weights, initial=0.0))
    barred = boilerplate.find(document, everything)
    refused = (document.index_of(node) for node in apply.unwanted(site, document))
    barred = sorted({*barred, *(i for i in refused if i is not None)})
    for i in barred:
        weights[i : document.ends[i]] = [0.0] * (document.ends[i] - i)
    prose = list(accumulate(weights, initial=0.0))
    for hit in apply.candidates(site, "body", document):
        named = [i for node in hit.nodes if (i := document.index_of(node)) is not None]
        if named:
            return Place(max(named, key=document.length), tuple(barred), prose, hit.source)
    return Place(_descend(document, prose), tuple(barred), prose, "heuristic:density")


def _descend(document: Document, prose: Sequence[float]) -> int:
    """Go down from the root for as long as one child holds most of the prose."""
    here = 0
    while True:
        mass = prose[document.ends[here]] - prose[here]
        best, best_mass = -1, 0.0
        for child in document.children(here):
            own = prose[document.ends[child]] - prose[child]
            if own > best_mass:
                best, best_mass = child, own
        if best < 0 or best_mass < SHARE_TO_DESCEND * mass or document.tags[best] in _LEAVES:
            return here
        here = best


_LEAVES = frozenset(["-text", "p", "a", "b", "strong", "em", "i", "span", "blockquote", "li"])
