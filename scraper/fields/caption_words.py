"""What a caption says: the words under a picture, and whose picture it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.document import TEXT, Document
from scraper.fields import signs
from scraper.fields.credits import bare_credit, ends_in_credit, split_credit
from scraper.fields.lines import is_date_line, is_label, without_dates
from scraper.fields.names import is_name, is_outlet
from scraper.fields.signs import Sign
from scraper.text import one_line

MIN_LETTERS = 5  # beside a date
MAX_CREDIT_CHARS = 60
MAX_CHARS_OF_CREDIT_ALONE = 60

_LETTER = re.compile(r"[^\W\d_]")
_NO_CAPTION = re.compile(
    r"(?:video|audio|foto|photo|image|bild|ảnh|hình|embed|play|gallery|galer[ií]a|bildergalerie|diaporama|loading|zoom"
    r"|expand|enlarge(?: (?:this )?image)?|open image.{0,30}|toggle caption|hide caption|advertisement"
    r"|view (?:full(?:screen| image)|gallery)|phóng to|xem ảnh lớn|\d+ ?/ ?\d+)\W{0,3}",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^\(?\d{1,3}\s?(?:/|of|von|de|sur|di|van|trên)\s?\d{1,3}\)?\s+(?=[^\W\d_])")
"""What players and galleries write at a picture, and no caption."""
_BUTTON = re.compile(
    r"\s*(?:Purchase Licensing Rights|Buy (?:this )?photo|License this photo|(?:hide|toggle) caption)\b.*$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:Image|Photo|Picture|Foto|Bild|Ảnh|Hình)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caption:
    """The words under a picture, and whose picture it is."""

    text: str | None
    credit: str | None


def read(document: Document, node: int) -> Caption | None:
    """Read the caption that an element holds; None where it is the label of a button, a clock or the like."""
    called = signs.of(document).between(node + 1, document.ends[node], Sign.CREDIT)
    names = _outermost_of((i for i in called if document.length(i)), document.ends)
    unseen = signs.of(document).between(node + 1, document.ends[node], Sign.UNSEEN)  # `Image caption, `
    text = one_line(document.raw_text(node, document.ends[node], without={*names, *unseen}))
    credit = ", ".join(dict.fromkeys(bare_credit(document.text(i)) for i in names))
    if not text and document.length(node) > MAX_CHARS_OF_CREDIT_ALONE:
        text, credit = document.text(node), ""
    if not credit:
        text = rest if ends_in_credit(rest := _LEADING.sub("", text)) else text
        text, credit = _glued_credit(document, node, text) or split_credit(_BUTTON.sub("", text))
    text = _COUNTER.sub("", _BUTTON.sub("", text)).strip(" -–—|•·")
    if _says_nothing(text):
        text = ""
    return Caption(text or None, credit or None) if text or credit else None


def _says_nothing(text: str) -> bool:
    if is_label(text) or not _LETTER.search(text) or _NO_CAPTION.fullmatch(text):
        return True
    return is_date_line(text) and len(_LETTER.findall(without_dates(text))) < MIN_LETTERS


def _glued_credit(document: Document, node: int, text: str) -> tuple[str, str] | None:
    """Part a caption from the element that ends it: `<b>A quay.</b><b>Ann Lee</b>`."""
    parts = [i for i in document.children(node) if document.length(i)]
    while len(parts) == 1 and document.tags[parts[0]] != TEXT:
        parts = [i for i in document.children(parts[0]) if document.length(i)]
    if len(parts) < 2 or document.tags[parts[-1]] == TEXT:  # noqa: PLR2004 - a caption and its credit
        return None
    said = document.text(parts[-1])
    before, credit = text.removesuffix(said), bare_credit(said)
    if before == text or not before or not credit[:1].isupper() or len(credit) > MAX_CREDIT_CHARS:
        return None
    is_whole = before.rstrip().endswith((".", "!", "?", "”", "»", '"', ")"))
    is_glued = not before[-1].isspace()
    if not (is_whole and is_glued) and not ((is_whole or is_glued) and (is_name(credit) or is_outlet(credit))):
        return None
    return before.rstrip(), credit


def _outermost_of(nodes: Iterable[int], ends: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for i in nodes:
        if not kept or i >= ends[kept[-1]]:
            kept.append(i)
    return kept
