"""Teasers of other stories: a headline that is a link, a few words, a thumbnail, and several alike in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from scraper.document import Document
from scraper.fields.units import Unit

MIN_HEADLINE_CHARS = 18
MIN_LINK_SHARE = 0.9
MAX_CARD_CHARS = 600
MAX_SUMMARY_CHARS = 380
MAX_CHARS_BEFORE = 60
"""What stands above a teaser's headline: a section's name, a date."""
MIN_ALIKE = 3
MIN_LEFT_SHARE = 0.3
MIN_LEFT_CHARS = 200


def find(document: Document, units: Sequence[Unit], prose: Sequence[float]) -> list[int]:
    """Return the elements that are teasers, or hold little else, where enough prose is left without them."""
    headlines = [u for u in units if u.length >= MIN_HEADLINE_CHARS and u.link_share > MIN_LINK_SHARE]
    marks = [0] * len(document.tags)
    for unit in headlines:
        marks[unit.start] = 1
    before = list(accumulate(marks, initial=0))
    by_parent: dict[int, dict[int, None]] = defaultdict(dict)
    for unit in headlines:
        card = _card(document, unit, before)
        if card is not None:
            by_parent[document.parents[card]][card] = None
    found = []
    for parent, cards in by_parent.items():
        if len(cards) >= MIN_ALIKE:
            found.extend(_row(document, parent, list(cards)))
    lost = sum(prose[document.ends[i]] - prose[i] for i in found)
    left = prose[-1] - lost
    return found if left >= MIN_LEFT_CHARS or left >= MIN_LEFT_SHARE * prose[-1] else []


def _card(document: Document, unit: Unit, before: Sequence[int]) -> int | None:
    """Return the largest element around a headline that holds no second one and little else."""
    ends, chars, links = document.ends, document.chars, document.link_chars
    card = None
    i = unit.block
    while i > 0:
        end = ends[i]
        if chars[end] - chars[i] > MAX_CARD_CHARS or before[end] - before[i] != 1:
            break
        plain = chars[end] - chars[i] - (links[end] - links[i])
        if plain > MAX_SUMMARY_CHARS or chars[unit.start] - chars[i] > MAX_CHARS_BEFORE:
            break
        card = i
        i = document.parents[i]
    return card


def _row(document: Document, parent: int, cards: list[int]) -> list[int]:
    """Return the parent where its teasers are nearly all of it, else the teasers."""
    own = document.length(parent) - sum(document.length(card) for card in cards)
    return [parent] if own <= MAX_CHARS_BEFORE * 2 else cards
