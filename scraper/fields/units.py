"""The texts of a page as a reader sees them: runs of words that no block, and no blank line, parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields.class_words import is_unseen
from scraper.text import one_line

BREAKS_THAT_PART = 2
"""As many line breaks in a row make a blank line."""


class Unit:
    """One run of text: the nodes from `start` to `end`, right in the block element `block`.

    `length` is its number of characters, `link_share` the share of them that is within links, 0 to 1.
    """

    __slots__ = ("__dict__", "block", "document", "end", "length", "link_share", "start")

    def __init__(self, document: Document, start: int, end: int, block: int) -> None:
        self.document = document
        self.start = start
        self.end = end
        self.block = block
        chars, links = document.chars, document.link_chars
        self.length = chars[end] - chars[start]
        self.link_share = (links[end] - links[start]) / (self.length or 1)

    @cached_property
    def text(self) -> str:
        """The text on one line, without what only screen readers are given: `(opens in a new tab)`."""
        if self.end - self.start == 1:
            return one_line(self.document.texts[self.start])
        own = self.document.attributes[self.start : self.end]
        unseen = {i for i, a in enumerate(own, self.start) if a and is_unseen(a.get("class") or "")}
        return one_line(self.document.raw_text(self.start, self.end, without=unseen))


@dataclass(frozen=True, slots=True)
class Units:
    """All units of a page in reading order."""

    all: list[Unit]


def gather(document: Document) -> Units:
    """Part the page's text into units; one `<br>` is a space, two part paragraphs."""
    runs: list[list[int]] = []  # start, end and block of each
    blocks: dict[int, int] = {}  # the block that each other element stands in
    is_open, breaks = False, 0
    for i, (tag, parent) in enumerate(zip(document.tags, document.parents, strict=True)):
        if tag == TEXT:
            block = blocks.get(parent, parent)
            if is_open and breaks < BREAKS_THAT_PART and runs[-1][2] == block:
                runs[-1][1] = i + 1
            else:
                runs.append([i, i + 1, block])
            is_open, breaks = True, 0
        elif tag == "br":
            breaks += 1
        elif tag in BLOCK_TAGS:
            is_open = False
        else:
            blocks[i] = blocks.get(parent, parent)
    return Units([Unit(document, *run) for run in runs])
