"""How a run of text looks: bold, at the right."""

from __future__ import annotations

import re

from scraper.document import TEXT, Document
from scraper.fields.units import Unit

_RIGHT = re.compile(r"text-align\s*:\s*right|(?<![a-z])(?:text-?|align-?)right(?![a-z])")
_BOLD = frozenset(["b", "strong"])
_BOLD_LOOK = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|(?<![a-z])(?:bold|strong|fw-?[6-9]00)(?![a-z])")


def is_set_right(document: Document, unit: Unit) -> bool:
    """Tell whether a line stands at the right, as signatures do."""
    for i in (unit.block, document.parents[unit.block]):
        if document.value(i, "align") == "right" or _RIGHT.search(_look(document, i)):
            return True
    return False


def is_bold(document: Document, unit: Unit) -> bool:
    """Tell whether all words of a unit are bold."""
    texts = document.between(unit.start, unit.end, TEXT)
    return all(_is_bold_text(document, i, unit.block) for i in texts)


def _is_bold_text(document: Document, text: int, block: int) -> bool:
    for i in document.ancestors(text):
        if document.tags[i] in _BOLD or _BOLD_LOOK.search(_look(document, i)):
            return True
        if i <= block:
            return False
    return False


def _look(document: Document, i: int) -> str:
    return f"{document.value(i, 'style')} {document.value(i, 'class')}"
