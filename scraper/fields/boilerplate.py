"""Which parts of a page are not its story: menus, boxes of other news, share bars, notices, comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from scraper.document import Document
from scraper.fields import signs
from scraper.fields.signs import Sign

BARRED_TAGS = frozenset(["nav", "footer", "aside", "form", "button", "dialog", "menu", "label", "fieldset"])
"""Elements that by their name hold no story."""

_NEVER_STORY = frozenset(["nav", "footer"])
_NAMED_FOR_LOOKS = frozenset(
    ["figure", "figcaption", "picture", "img", "amp-img", "h2", "h3", "h4", "h5", "h6", "body", "html", "main"]
)
"""Elements that are what their tag says, whatever look their classes give them: `h2.widget-title`."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_INLINE = frozenset(["a", "b", "strong", "em", "i", "u", "span", "font", "mark", "abbr"])
_PARTING = frozenset("|•·–—:/")
_WORD = re.compile(r"[^\W\d_]{2}|[\u3040-\u30ff\u3400-\u9fff]")
MIN_CHARS_GOING_ON = 40
MAX_SHARE = 0.34
MAX_CHARS_BESIDE_FIGURE = 30
MIN_LEAD_CHARS = 60
MAX_LINE_CHARS = 300
"""A by-line or date line is short; what is longer and so called holds a story."""


def find(document: Document, prose: Sequence[float]) -> list[int]:
    """Return the outermost elements that are no story, in reading order.

    `prose[i]` is the sum of the prose before node i. An element that holds a third of the page's is not barred,
    whatever it is called, since wrappers bear names such as `has-sidebar`.
    """
    limit = MAX_SHARE * prose[-1]
    ends, tags = document.ends, document.tags
    found: list[int] = []
    end = 0
    for i in _suspects(document):
        if i < end or (prose[ends[i]] - prose[i] > limit and tags[i] not in _NEVER_STORY):
            continue
        is_barred = _is_named_barred(document, i) or _is_called_barred(document, i)
        if is_barred and not (tags[i] in _INLINE and _is_in_sentence(document, i)):
            found.append(i)
            end = ends[i]
    return found


def _suspects(document: Document) -> list[int]:
    """Return the elements that may be barred, by tag, name or look, in reading order."""
    known = signs.of(document)
    found = {*document.having(*BARRED_TAGS), *known.having(Sign.BOX), *known.having(Sign.LINE)}
    named = map(document.with_attribute, ("hidden", "aria-hidden", "style"))
    return sorted(found.union(*named, _typed_related(document)))


def _typed_related(document: Document) -> set[int]:
    """Return the boxes that some CMSs name by type alone: `<div type="RelatedOneNews">`."""
    types = document.with_attribute("type").items()
    return {i for i, value in types if Sign.RELATED in signs.signs_of(value)}


def _is_named_barred(document: Document, i: int) -> bool:
    tag = document.tags[i]
    return tag in BARRED_TAGS and not (tag == "aside" and _frames_figure(document, i))


def _is_in_sentence(document: Document, i: int) -> bool:
    """Tell whether running text goes on right behind an inline element: `<p><a class="tag-link">Hanoi</a> is …`."""
    after, around = document.ends[i], document.parents[i]
    if after >= document.ends[around] or not _WORD.search(document.texts[after]):
        return False
    unlinked = document.length(around) * (1 - document.link_share(around))
    return unlinked >= MIN_CHARS_GOING_ON and document.texts[after].lstrip()[:1] not in _PARTING


def outermost(document: Document, nodes: Iterable[int]) -> list[int]:
    """Return the nodes that stand in no other of them; in reading order, as they are given."""
    kept: list[int] = []
    for i in nodes:
        if not kept or i >= document.ends[kept[-1]]:
            kept.append(i)
    return kept


def covers(document: Document, nodes: Sequence[int], i: int) -> bool:
    """Tell whether node i stands in one of the nodes, which are outermost and in reading order."""
    before = bisect_right(nodes, i) - 1
    return before >= 0 and i < document.ends[nodes[before]]


def _is_called_barred(document: Document, i: int) -> bool:
    if _is_hidden(document, i):
        return True
    if document.tags[i] in _NAMED_FOR_LOOKS:
        return False
    if Sign.RELATED in signs.signs_of(document.attribute(i, "type")):
        return True
    known = signs.of(document)
    if known.bears(i, Sign.BOX):
        return not (_frames_figure(document, i) or _is_lead(document, i))
    is_line = known.bears(i, Sign.LINE) and document.length(i) <= MAX_LINE_CHARS
    return is_line and not _frames_figure(document, i)


def _is_lead(document: Document, i: int) -> bool:
    """Tell whether what is called a teaser leads nowhere: `div.teaser-text` is the lead in German systems."""
    marks = " ".join(document.attribute(i, name) for name in ("class", "id")).lower()
    if "teaser" not in marks or Sign.BOX in signs.signs_of(marks.replace("teaser", " ")):
        return False
    is_text = document.length(i) >= MIN_LEAD_CHARS and not document.link_share(i)
    return is_text and not any(tag in {"a", "h2", "h3", "h4"} for tag in document.tags[i : document.ends[i]])


def _frames_figure(document: Document, i: int) -> bool:
    """Tell whether a picture with its caption is all that an element holds: `div.widget--type-image > figure`."""
    figures = document.between(i + 1, document.ends[i], "figure")
    held = sum(document.length(j) for j in figures)
    return bool(held) and document.length(i) - held <= MAX_CHARS_BESIDE_FIGURE


def _is_hidden(document: Document, i: int) -> bool:
    if i in document.with_attribute("hidden") or document.value(i, "aria-hidden") == "true":
        return True
    return _HIDDEN_STYLE.search(document.value(i, "style")) is not None
