"""Where the story stands on a page: the container that holds its text, whatever the language and without metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scraper.document import Document
from scraper.fields import boilerplate, teasers
from scraper.fields.lines import ends_sentence
from scraper.fields.units import Unit, Units
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import overlap

_SENTENCE = re.compile(r"[.!?…,;:。、，！？；।؟،]")
_LISTED = frozenset(["li", "td", "th", "dd", "figcaption"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
MIN_PROSE_CHARS = 25
LONG_CHARS = 100
MAX_LINK_SHARE = 0.5
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
        return boilerplate.covers(document, self.barred, i)


def weight(unit: Unit, document: Document) -> float:
    """Return how much of a story a unit is: its characters, less for what is short, linked or without sentences."""
    length = unit.length
    if length < MIN_PROSE_CHARS or unit.link_share > MAX_LINK_SHARE or document.tags[unit.block] in _HEADINGS:
        return 0.0
    own = length * (1 - unit.link_share)
    if document.tags[unit.block] in _LISTED:
        own *= 0.5
    if not _SENTENCE.search(unit.text):
        return own * 0.2
    return own if length > LONG_CHARS or ends_sentence(unit.text) else own * 0.4


def find(document: Document, units: Units, *, site: Site | None = None) -> Place:
    """Find the container of the story: where the site's rules say, else where most of the prose is."""
    weights = [0.0] * len(document.tags)
    for unit in units.all:
        weights[unit.start] = weight(unit, document)
    everything = list(accumulate(weights, initial=0.0))
    barred = boilerplate.find(document, everything)
    free = _without(document, weights, barred)
    barred = [*barred, *teasers.find(document, units.all, list(accumulate(free, initial=0.0)))]
    refused = (document.index_of(node) for node in apply.unwanted(site, document))
    barred = boilerplate.outermost(document, sorted({*barred, *(i for i in refused if i is not None)}))
    prose = list(accumulate(_without(document, weights, barred), initial=0.0))
    for hit in apply.candidates(site, "body", document):
        named = [i for node in hit.nodes if (i := document.index_of(node)) is not None]
        if named:
            return Place(max(named, key=document.length), tuple(barred), prose, hit.source)
    return Place(_descend(document, prose), tuple(barred), prose, "heuristic:density")


def _without(document: Document, weights: list[float], barred: Sequence[int]) -> list[float]:
    left = weights.copy()
    for i in barred:
        left[i : document.ends[i]] = [0.0] * (document.ends[i] - i)
    return left


def _descend(document: Document, prose: Sequence[float]) -> int:
    """Go down from the root for as long as one child holds most of the prose, or the headline and a good part of it."""
    headline = _headline(document)
    here = 0
    while True:
        mass = prose[document.ends[here]] - prose[here]
        shares = {child: prose[document.ends[child]] - prose[child] for child in document.children(here)}
        shares = {child: own for child, own in shares.items() if own > 0 and document.tags[child] not in _LEAVES}
        best = max(shares, key=shares.__getitem__, default=-1)
        if best >= 0 and shares[best] >= SHARE_TO_DESCEND * mass:
            here = best
            continue
        titled = next((child for child in shares if headline is not None and document.is_within(headline, child)), None)
        if titled is None or not _stands_alone(document, shares, titled, mass):
            return here
        here = titled


def _stands_alone(document: Document, shares: Mapping[int, float], titled: int, mass: float) -> bool:
    """Tell whether the child with the headline holds the whole story: the others are small, or have headlines."""
    if shares[titled] < MIN_SHARE_WITH_HEADLINE * mass:
        return False
    others = [child for child, own in shares.items() if child != titled and own > NOTABLE_SHARE * mass]
    headed = {h for tag in ("h1", "h2", "h3") for h in document.by_tag.get(tag, ())}
    return all(any(child <= h < document.ends[child] for h in headed) or child < titled for child in others)


def _headline(document: Document) -> int | None:
    """Return the h1 that the page's title bears out, or the only one; None where it is not told."""
    headings = [i for i in document.by_tag.get("h1", ()) if document.length(i) >= MIN_HEADLINE_CHARS]
    told = [*document.meta.get("og:title", ())[:1], document.head_title]
    agreeing = [i for i in headings if any(overlap(document.text(i), title) >= MIN_AGREEMENT for title in told)]
    if agreeing:
        return agreeing[0]
    return headings[0] if len(headings) == 1 else None


MIN_HEADLINE_CHARS = 8
MIN_AGREEMENT = 0.5
MIN_SHARE_WITH_HEADLINE = 0.3
NOTABLE_SHARE = 0.05
_LEAVES = frozenset(["-text", "p", "a", "b", "strong", "em", "i", "span", "blockquote", "li"])
