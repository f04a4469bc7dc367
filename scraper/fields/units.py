"""The texts of a page as a reader sees them: runs of words that no block, and no blank line, parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.text import one_line


class Unit:
    """One run of text: the nodes from `start` to `end`, right in the block element `block`."""

    __slots__ = ("__dict__", "block", "document", "end", "start")

    def __init__(self, document: Document, start: int, end: int, block: int) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.block = block

    @cached_property
    def text(self) -> str:
        """The text on one line."""
        if self.end - self.start == 1:
            return one_line(self.document.texts[self.start])
        return one_line(self.document.raw_text(self.start, self.end))

    @property
    def length(self) -> int:
        """Return the number of characters."""
        return self.document.chars[self.end] - self.document.chars[self.start]

    @property
    def link_share(self) -> float:
        """Return the share of the text that is within links."""
        links = self.document.link_chars
        return (links[self.end] - links[self.start]) / (self.length or 1)


@dataclass(frozen=True, slots=True)
class Units:
    """All units of a page in reading order, and the block that each node stands in."""

    all: list[Unit]
    block_of: list[int]


def gather(document: Document) -> Units:
    """Part the page's text into units; one `<br>` is a space, two part paragraphs."""
    units: list[Unit] = []
    block_of: list[int] = []
    parents, last, breaks = document.parents, None, 0
    for i, tag in enumerate(document.tags):
        if tag == TEXT:
            block = block_of[parents[i]]
            if last is not None and last.block == block and breaks < 2:  # noqa: PLR2004 -- a blank line
                last.end = i + 1
            else:
                last = Unit(document, i, i + 1, block)
                units.append(last)
            breaks = 0
            block_of.append(block)
        elif tag == "br":
            breaks += 1
            block_of.append(block_of[parents[i]])
        elif tag in BLOCK_TAGS:
            last = None
            block_of.append(i)
        else:
            block_of.append(block_of[parents[i]] if i else 0)
    return Units(units, block_of)
