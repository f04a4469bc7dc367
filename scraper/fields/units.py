"""The texts of a page as a reader sees them: runs of words that no block, and no blank line, parts."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.document import Document
from scraper.fields import signs
from scraper.fields.signs import Sign
from scraper.text import one_line


class Unit:
    """One run of text: the nodes from `start` to `end`, right in the block element `block`.

    `length` is its number of characters, `link_share` the share of them that is within links, 0 to 1.
    """

    __slots__ = ("_text", "block", "document", "end", "length", "link_share", "start")

    def __init__(self, document: Document, start: int, end: int, block: int) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.block = block
        self._text: str | None = None
        chars, links = document.chars, document.link_chars
        self.length = chars[end] - chars[start]
        self.link_share = (links[end] - links[start]) / (self.length or 1)

    @property
    def text(self) -> str:
        """The text on one line, without what only screen readers are given: `(opens in a new tab)`."""
        if self._text is None:
            self._text = self._read()
        return self._text

    def _read(self) -> str:
        if self.end - self.start == 1:
            return self.document.lines[self.start]
        unseen = signs.of(self.document).between(self.start, self.end, Sign.UNSEEN)
        return one_line(self.document.raw_text(self.start, self.end, without=set(unseen)))


@dataclass(frozen=True, slots=True)
class Units:
    """All units of a page in reading order."""

    all: list[Unit]


def gather(document: Document) -> Units:
    """Return the page's text in units; one `<br>` is a space, two part paragraphs."""
    return Units([Unit(document, *run) for run in document.runs])
