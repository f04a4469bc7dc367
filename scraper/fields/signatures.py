"""Who signed the text at its end: a pen-name at the right, in bold, or behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from scraper.document import TEXT, Document
from scraper.fields import link_labels, signs
from scraper.fields.author_data import Names, distinct
from scraper.fields.byline_lines import LABELLED
from scraper.fields.bylines import REFUSED, Bylines, is_capital
from scraper.fields.candidates import Candidate
from scraper.fields.names import names
from scraper.fields.region import block_of, inside
from scraper.fields.signs import Sign
from scraper.text import one_line

MAX_LAST_LINES = 5  # of the text, from its end, in which a pen-name is looked for
MAX_SIGNATURE_CHARS = 80
MAX_NAME_CHARS = 40
MAX_BOLD_LEVELS = 4
MAX_LINKED_AT_RIGHT = 0.8  # `Lê An/<a>Báo Ví Dụ</a>`
_BOLD = frozenset(["b", "strong"])
_SOURCE = re.compile(r"\s*(?:nguồn|source|quelle|fuente|fonte|ảnh|photo|video|clip)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?P<inner>[^()]{2,40})\)")
_BUTTON = re.compile(
    r"bình luận|chia sẻ|quảng cáo|từ khóa|từ khoá|liên quan|theo dõi|gửi|in bài|thích|xem|đọc", re.IGNORECASE
)
_RIGHT = re.compile(
    r"text-align:\s?(?:right|end)|(?<![a-z])(?:text-right|align-?right|tac-?gia|pauthor|author)(?![a-z])"
)


class Signatures:
    """Looks at the last lines of the text, and the first below it."""

    def __init__(self, bylines: Bylines) -> None:
        self.document = bylines.document
        self.body = bylines.body
        self.start, self.end = bylines.start, bylines.end

    def candidates(self, *, is_vietnamese: bool) -> Iterator[Candidate[Names]]:
        """Yield the pen-name that stands alone at the end of the text, right-aligned or bold, or labelled."""
        if self.end is None:
            return
        for n, i in enumerate(self._last_lines()):
            text = self.document.text(i)
            if len(text) > MAX_SIGNATURE_CHARS or not self._may_sign(i, text):
                continue
            is_signed = self._is_right(i) or (is_vietnamese and self._is_bold(i)) or LABELLED.match(text) is not None
            is_alone = is_vietnamese and n == 0 and self._is_name_alone(i, text)
            found = self._named_in(i) if is_signed or is_alone else ()
            if found:
                yield Candidate("signature:end of the text", found, i)
        if is_vietnamese:
            yield from self._glued()

    def _named_in(self, i: int) -> Names:
        """Return the names of a line, or of the lines that it is broken into; one in brackets counts: `(Lê An)`."""
        document = self.document
        breaks = [j for j in inside(document, i) if document.tags[j] == "br"]
        edges = [i, *breaks, document.ends[i]]
        texts = [one_line(document.raw_text(start, end)) for start, end in pairwise(edges)]
        texts = [match["inner"] if (match := _BRACKETS.fullmatch(text)) else text for text in texts]
        if any(LABELLED.match(f"{text} X") and not names(text) for text in texts):
            texts = [document.text(i)]  # `Bài, ảnh:` on a line of its own
        return distinct(name for text in texts if not _SOURCE.match(text) for name in names(text) if not name.islower())

    def _glued(self) -> Iterator[Candidate[Names]]:
        """Yield the bold name that ends the last paragraph, behind its last sentence."""
        document, end = self.document, self.end or 0
        last = next((i for i in range(end - 1, self.start or 0, -1) if document.tags[i] == TEXT), 0)
        bold = next((i for i in islice(document.ancestors(last), MAX_BOLD_LEVELS) if document.tags[i] in _BOLD), None)
        if bold is None or document.ends[bold] != end or document.length(bold) > MAX_NAME_CHARS:
            return
        before = document.raw_text(block_of(document, bold), bold)
        found = names(document.text(bold)) if before.rstrip().endswith((".", "!", "”", '"', "…")) else ()
        if found and all(" " in name and is_capital(name) for name in found):
            yield Candidate("signature:end of the last paragraph", found, bold)

    def _may_sign(self, i: int, text: str) -> bool:
        """Tell whether a line is no label, no source, no link and no question."""
        around = signs.between(self.document, i, self.body or 0)
        is_other = text.rstrip().endswith((":", "?", "!")) or bool(_SOURCE.match(text) or link_labels.meaning(text))
        is_beside = any(sign in around for sign in (*REFUSED, Sign.TAGS, Sign.SIDE))
        is_link = self.document.link_share(i) >= (MAX_LINKED_AT_RIGHT if self._is_right(i) else 0.5)
        return not is_other and not is_beside and not is_link

    def _is_name_alone(self, i: int, text: str) -> bool:
        """Tell whether the first line under the text, still in its container, is a name and nothing else."""
        words = _BRACKETS.sub("", text).split() or text.strip("()").split()
        is_name = 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and not _BUTTON.match(text)  # noqa: PLR2004 - Vietnamese names
        return is_name and self.body is not None and self.document.is_within(i, self.body)

    def _last_lines(self) -> list[int]:
        """Return the lines right below the last paragraph, then the last ones of the text from its end.

        Before a second paragraph no signature stands but at the right: what is bold there heads it.
        """
        document, end = self.document, self.end or 0
        below = _blocks(document, range(end, len(document.tags)), self.body)
        last = _blocks(document, range(end - 1, self.start or 0, -1), self.body)
        paragraphs = [n for n, i in enumerate(last) if document.length(i) > MAX_SIGNATURE_CHARS]
        free = paragraphs[1] if len(paragraphs) > 1 else len(last)
        return [*below, *last[:free], *(i for i in last[free:] if self._is_right(i))]

    def _is_right(self, i: int) -> bool:
        style, class_, align = (self.document.value(i, name).lower() for name in ("style", "class", "align"))
        return bool(_RIGHT.search(f"{style} {class_} {align}")) or align == "right"

    def _is_bold(self, i: int) -> bool:
        """Tell whether all the text of a line is bold."""
        document = self.document
        bold = sum(document.length(j) for j in inside(document, i) if document.tags[j] in _BOLD)
        return bold >= document.length(i) * 0.9


def _blocks(document: Document, numbers: range, body: int | None) -> list[int]:
    """Return the first lines that have text, of nodes gone through in this order.

    A line is a block; where the text's own container is the block, as on pages of line breaks, what stands in that.
    """
    found: list[int] = []
    for i in numbers:
        if document.tags[i] != TEXT:
            continue
        block = block_of(document, i)
        if block == body:
            block = next((a for a in document.ancestors(i) if document.parents[a] == body), i)
        if block not in found:
            found.append(block)
        if len(found) >= MAX_LAST_LINES:
            break
    return found
