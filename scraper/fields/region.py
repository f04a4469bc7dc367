"""Where on the page a line stands to the article: by its headline, at the begin or end of its text, or elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import signs
from scraper.fields.signs import Sign

MIN_PROSE_CHARS = 60
MAX_PROSE_LINK_SHARE = 0.4
NEAR_TITLE_CHARS = 900  # of text between the headline and its by-line: lead, share bar, a caption
ABOVE_TITLE_CHARS = 400
OUTSIDE_TITLE_CHARS = 150  # of text above the headline, outside the article's element
NEAR_START_CHARS = 240  # of the text, which may begin with a dateline
NEAR_END_CHARS = 700
MAX_LEVELS = 40
MAX_NODES = 400
_NO_PROSE = (Sign.COMMENT, Sign.RELATED, Sign.FEED, Sign.POPULAR, Sign.SIDE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands, and how little speaks for it there: 0 and more, lower is better."""

    name: str
    rank: float


class Region:
    """The article's own part of a page: headline, text, and the smallest element around both."""

    def __init__(self, document: Document, title: int | None, body: int | None) -> None:
        """Take the numbers of the headline's element and of the text's container; None where there is none."""
        self.document = document
        self.title = title
        self.body = body
        self.root = common(document, title, body)
        extent: tuple[int | None, int | None] = (None, None) if body is None else _extent(document, body)
        self.start, self.end = extent

    def around(self) -> range:
        """Return the nodes of the article's element, and those right above the headline that stand outside it."""
        chars, root = self.document.chars, self.root
        if not self.document.tags:
            return range(0)
        first = root if self.title is None else bisect_left(chars, chars[self.title] - OUTSIDE_TITLE_CHARS)
        return range(min(root, first), self.document.ends[root])

    def is_around(self, i: int) -> bool:
        """Tell whether node i holds the headline or the text."""
        return any(inner is not None and self.document.is_within(inner, i) for inner in (self.title, self.start))

    def place(self, i: int) -> Place | None:
        """Tell where node i stands; None where it is not near enough to be the article's."""
        return self._by_title(i) or self._by_text(i)

    def _by_title(self, i: int) -> Place | None:
        document, title = self.document, self.title
        if title is None or document.is_within(i, title):
            return None
        below = document.chars[i] - document.chars[document.ends[title]]
        above = document.chars[title] - document.chars[i]
        if i > title and below <= NEAR_TITLE_CHARS and not self._is_deep_in_text(i):
            return Place("below title", below / NEAR_TITLE_CHARS)
        if i < title and above <= ABOVE_TITLE_CHARS:
            return Place("above title", 2 + above / ABOVE_TITLE_CHARS)
        return None

    def _is_deep_in_text(self, i: int) -> bool:
        if self.start is None or self.end is None or not self.start <= i:
            return False
        return i >= self.end or self.document.chars[i] - self.document.chars[self.start] > NEAR_START_CHARS

    def _by_text(self, i: int) -> Place | None:
        chars, start, end = self.document.chars, self.start, self.end
        if start is None or end is None or (self.title is not None and self.document.is_within(i, self.title)):
            return Place("on the page", 5) if self.title is None and start is None else None
        places = (
            ("above text", 1.5, i < start and chars[start] - chars[i] <= NEAR_TITLE_CHARS and self.title is None),
            ("first of the text", 2.0, start <= i < end and chars[i] - chars[start] <= NEAR_START_CHARS),
            ("last of the text", 3.0, start <= i < end and chars[end] - chars[i] <= NEAR_START_CHARS),
            ("below text", 3.5, i >= end and chars[i] - chars[end] <= NEAR_END_CHARS),
        )
        return next((Place(name, rank) for name, rank, is_there in places if is_there), None)


def _extents(_: Document) -> dict[int, tuple[int, int]]:
    return {}


def _extent(document: Document, body: int) -> tuple[int, int]:
    """Return the nodes from the first to behind the last paragraph of a container; found once for a page."""
    known = document.once(_extents)
    if body not in known:
        prose = list(_prose(document, body))
        known[body] = (prose[0], document.ends[prose[-1]]) if prose else (body, document.ends[body])
    return known[body]


def common(document: Document, title: int | None, body: int | None) -> int:
    """Return the smallest element around headline and text; where one is unknown, two levels above the other."""
    if title is None or body is None:
        inner = body if title is None else title
        above = list(document.ancestors(inner)) if inner is not None else []
        return (above[1:2] or above or [0])[0]
    around = around_both(document, title, body)
    parent = document.parents[around]
    is_tight = parent > 0 and document.length(parent) < document.length(around) + NEAR_END_CHARS
    return parent if is_tight else around


def around_both(document: Document, title: int, body: int) -> int:
    """Return the smallest element around headline and text, whatever little more its parent holds."""
    return next((a for a in (title, *document.ancestors(title)) if document.is_within(body, a)), 0)


def block_of(document: Document, i: int) -> int:
    """Return the smallest block element around node i, or on a page nested beyond reason what is 40 levels up."""
    ancestor = 0
    for ancestor in islice(document.ancestors(i), MAX_LEVELS):
        if document.tags[ancestor] in BLOCK_TAGS:
            break
    return ancestor


def inside(document: Document, i: int) -> range:
    """Return the first nodes of the element i, itself included: as many as a line of a page has."""
    return range(i, min(document.ends[i], i + MAX_NODES))


def _prose(document: Document, body: int) -> Iterator[int]:
    """Yield the blocks of the container that are running text, comments and boxes of other news left out."""
    known = signs.of(document)
    last = -1
    for i in document.between(body, document.ends[body], TEXT):
        if len(document.texts[i]) < MIN_PROSE_CHARS // 2:
            continue
        block = block_of(document, i)
        if block <= body:  # line breaks alone part its text
            block = i
        if block == last or document.link_share(block) > MAX_PROSE_LINK_SHARE:
            continue
        last = block
        if document.length(block) >= MIN_PROSE_CHARS and not _is_beside(document, block, body, known):
            yield block


def _is_beside(document: Document, i: int, body: int, known: signs.Signs) -> bool:
    """Tell whether a block in the container stands in a box that is no part of the text."""
    return known.covers(i, *_NO_PROSE) and bool(signs.between(document, i, body) & frozenset(_NO_PROSE))
