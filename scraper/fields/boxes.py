"""Which boxes of links the page has: by the label over them, by what their elements are called, by their shape."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import link_labels, signs
from scraper.fields.link_labels import MAX_LABEL_CHARS
from scraper.fields.region import Region, around_both
from scraper.fields.signs import Sign, Spans
from scraper.models import Relation
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded

MAX_LEVELS = 6  # from a label up to the element that holds its box
MAX_BOX_CHARS = 6_000
MAX_PROSE_CHARS = 400  # outside links, in a box within the text
MAX_SIBLINGS = 3  # after a label on a flat page
MAX_BOXES = 300
MIN_TEASER_CHARS = 20
MAX_LINKS_BELOW = 3  # in a teaser below the last paragraph
NEAR_TEXT_CHARS = 4_000  # of text after the body, in which the list of other news stands
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BY_SITE_LABEL = {"related": Relation.RELATED, "popular": Relation.POPULAR, "other": Relation.SECTION}
_BY_SIGN = {Sign.POPULAR: Relation.POPULAR, Sign.RELATED: Relation.RELATED, Sign.FEED: Relation.SECTION}


@dataclass(frozen=True, slots=True)
class Box:
    """Links that belong together: the nodes from start to end."""

    start: int
    end: int
    relation: Relation
    source: str  # `label:Tin liên quan`, `box:related-news`
    is_below: bool = False  # a list of other news right under the text, which may stand in for related links


def find(
    document: Document, *, title: int | None = None, body: int | None = None, site: Site | None = None
) -> tuple[Box, ...]:
    """Find the boxes of links, outer ones before inner ones. None holds the headline or the whole text."""
    finder = _Finder(document, title, body, site)
    named = [*finder.called(), *finder.labelled()]
    found = [*named, *finder.shaped(named)]
    return tuple(sorted(found[:MAX_BOXES], key=lambda box: (box.start, -box.end, box.relation is Relation.RELATED)))


def spread(found: Sequence[Box], nodes: Sequence[int]) -> dict[int, Box]:
    """Return the innermost box of each of these nodes that is in one; both in reading order."""
    by_node: dict[int, Box] = {}
    open_boxes: list[Box] = []
    waiting = iter([*found, None])
    box = next(waiting)
    for node in nodes:
        while box is not None and box.start <= node:
            open_boxes.append(box)
            box = next(waiting)
        while open_boxes and open_boxes[-1].end <= node:
            open_boxes.pop()
        if open_boxes:
            by_node[node] = open_boxes[-1]
    return by_node


def outside(document: Document, nodes: Sequence[int]) -> dict[int, Relation]:
    """Return what links outside all boxes are: popular news, navigation of the sections; the others are left out."""
    known = signs.of(document)
    menus = {*document.having("nav", "header", "menu"), *known.having(Sign.FEED), *known.having(Sign.CRUMBS)}
    found = dict.fromkeys(Spans(document.ends, sorted(menus)).among(nodes), Relation.SECTION)
    return found | dict.fromkeys(known.among(nodes, Sign.POPULAR), Relation.POPULAR)


class _Finder:
    def __init__(self, document: Document, title: int | None, body: int | None, site: Site | None) -> None:
        self.document = document
        self.inner = [i for i in (title, body) if i is not None]
        self.body = body
        region = Region(document, title, body)
        self.root = region.root if title is None or body is None else around_both(document, title, body)
        self.start, self.end = region.start or 0, region.end or 0  # of the text within the body's container
        self.links = document.by_tag.get("a", ())
        self.asides = Spans(document.ends, document.having("aside"))
        self.menus = Spans(document.ends, document.having("nav", "footer", "form"))
        self.own = {
            folded(label): relation for name, relation in _BY_SITE_LABEL.items() for label in apply.labels(site, name)
        }

    # --- by label ---

    def labelled(self) -> Iterator[Box]:
        labels = list(self._labels())
        starts = [i for i, _, _ in labels]
        for n, (i, relation, text) in enumerate(labels):
            after = starts[n + 1] if n + 1 < len(starts) else len(self.document.tags)
            span = self._span(i, after)
            if span is not None:
                yield self._box(*span, relation, f"label:{text[:40]}")

    def _labels(self) -> Iterator[tuple[int, Relation, str]]:
        """Yield the texts that are labels; a link's text, as of buttons and headlines, only if it fills a heading."""
        document = self.document
        link_chars, tags, parents = document.link_chars, document.tags, document.parents
        headed = Spans(document.ends, [i for i in self.links if tags[parents[i]] in _HEADINGS])
        for i, line in document.lines.items():
            if len(line) > MAX_LABEL_CHARS or (link_chars[i + 1] > link_chars[i] and not headed.covers(i)):
                continue
            relation = self._meaning(line, i)
            if relation is not None:
                yield i, relation, line

    def _meaning(self, text: str, i: int) -> Relation | None:
        """Tell what a label means here; what calls for more reading, inside the text, is of this article."""
        told = self.own.get(folded(text)) if self.own else None
        if told is not None:
            return told
        relation = link_labels.meaning(text)
        is_inside = self.start <= i < self.end
        return Relation.RELATED if relation is Relation.SECTION and is_inside else relation

    def _span(self, i: int, after: int) -> tuple[int, int] | None:
        """Return the nodes under a label: in the smallest element around it that has links after it."""
        document = self.document
        start, top = document.ends[i], i
        for level, ancestor in enumerate(document.ancestors(i)):
            if level > MAX_LEVELS or self._holds_story(ancestor):
                return self._siblings(top, after)
            if self._has_links(start, min(document.ends[ancestor], after)):
                return start, min(document.ends[ancestor], after)
            top = ancestor
        return None

    def _siblings(self, i: int, after: int) -> tuple[int, int] | None:
        """Return the elements that follow a label on a flat page, until prose or the next heading."""
        document = self.document
        end, limit = document.ends[i], min(document.ends[document.parents[i]], after)
        taken = 0
        while end < limit and taken < MAX_SIBLINGS:
            if document.tags[end] in _HEADINGS or self._holds_story(end) or self._is_prose(end):
                break
            taken += document.tags[end] in BLOCK_TAGS and document.tags[end] != "br"
            end = document.ends[end]
        end = min(end, after)
        return (document.ends[i], end) if self._has_links(document.ends[i], end) else None

    def _is_prose(self, i: int) -> bool:
        return self.document.length(i) > MAX_LABEL_CHARS and self.document.link_share(i) < 0.5  # noqa: PLR2004 - half

    def _holds_story(self, i: int) -> bool:
        """Tell whether an element holds the headline or the text, or so much of the text that it is no box in it."""
        document = self.document
        if any(document.is_within(inner, i) for inner in self.inner) or document.tags[i] in {"body", "html"}:
            return True
        if self.body is not None and document.is_within(i, self.body):
            return document.length(i) * (1 - document.link_share(i)) > MAX_PROSE_CHARS
        return False

    def _stands_alone(self, i: int, named: Sequence[Box]) -> bool:
        """Tell whether a teaser below the last paragraph is in no box or menu, and holds a few headlines alone."""
        links = self.links[bisect_left(self.links, i) : bisect_left(self.links, self.document.ends[i])]
        lengths = [length for j in links if (length := self.document.length(j))]
        is_boxed = any(box.start <= i < box.end for box in named) or self.menus.covers(i)
        return not is_boxed and len(lengths) <= MAX_LINKS_BELOW and min(lengths, default=0) >= MIN_TEASER_CHARS

    def _has_links(self, start: int, end: int) -> bool:
        first = bisect_right(self.links, start - 1)
        return first < len(self.links) and self.links[first] < end

    # --- by name ---

    def called(self) -> Iterator[Box]:
        """Yield the elements that are called related, popular or other news."""
        document = self.document
        for sign, relation in _BY_SIGN.items():
            for i in signs.of(document).having(sign):
                is_box = document.length(i) <= MAX_BOX_CHARS and self._has_links(i, document.ends[i])
                if is_box and not self._holds_story(i) and document.tags[i] not in {"a", "article", "li"}:
                    name = (document.marks(i).split() or [document.attribute(i, "type")])[0][:40]
                    yield self._box(i, document.ends[i], relation, f"box:{name}")

    # --- by shape ---

    def shaped(self, named: Sequence[Box]) -> Iterator[Box]:
        """Yield what stands in the text and is nothing but links: teasers that bear no name of their own.

        Below the last paragraph, but in the text's container, a few links count where no box holds them.
        """
        if self.body is None:
            return
        document = self.document
        i, last = max(self.body + 1, self.start), document.ends[self.body]
        while i < last:
            is_teaser = document.tags[i] in BLOCK_TAGS and self._is_teaser(i)
            if is_teaser and i >= self.end and not self._stands_alone(i, named):
                return
            if is_teaser:
                yield Box(i, document.ends[i], Relation.INLINE, "shape:nothing but links")
            i = document.ends[i] if is_teaser or document.tags[i] in {"a", TEXT} else i + 1

    def _is_teaser(self, i: int) -> bool:
        document = self.document
        is_linked = document.link_share(i) > 0.95 and self._has_links(i, document.ends[i])  # noqa: PLR2004 - all but a mark
        return is_linked and 20 <= document.length(i) <= MAX_BOX_CHARS  # noqa: PLR2004 - a headline

    def _box(self, start: int, end: int, relation: Relation, source: str) -> Box:
        document, source = self.document, source[:80]
        if self.start <= start < self.end:
            return Box(start, end, Relation.INLINE if relation is Relation.RELATED else relation, source)
        is_near = 0 < self.end <= start and document.chars[start] - document.chars[self.end] <= NEAR_TEXT_CHARS
        is_below = relation is Relation.SECTION and is_near and not self._is_beside(start)
        return Box(start, end, relation, source, is_below=is_below)

    def _is_beside(self, start: int) -> bool:
        """Tell whether a box stands beside the article; a widget within the article's element does not."""
        document, known = self.document, signs.of(self.document)
        if self.asides.covers(start):
            return True
        for i in (start, *document.ancestors(start)) if known.covers(start, Sign.SIDE) else ():
            is_widget = document.is_within(i, self.root) and "widget" in document.marks(i)
            if known.bears(i, Sign.SIDE) and not is_widget:
                return True
        return False
