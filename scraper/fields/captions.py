"""The words under a picture, told from the story, and the credit in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import caption_words, signs
from scraper.fields.body import Place
from scraper.fields.caption_words import Caption
from scraper.fields.credits import bare_credit, ends_in_credit
from scraper.fields.signs import Sign
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded

MIN_CAPTION_CHARS = 2
MAX_CAPTION_CHARS = 700
MAX_LINK_SHARE = 0.8
MAX_GUESSED_CHARS = 300
MAX_WRAPPED_CHARS = 450
MAX_SHORT_CHARS = 120
MAX_SHARE_OF_STORY = 0.3
MAX_LEVELS = 5
MAX_NODES = 1000
MIN_PROSE_CHARS = 40
MIN_PARAGRAPHS = 2

_CENTRED = re.compile(r"text-align\s*:\s*center|(?<![a-z])(?:text-?)?cent(?:er|re)")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PARAGRAPHS = frozenset(["p", "li", "td", "blockquote", "body"])
_EMPHATIC = frozenset(["em", "i", "small", "cite"])


def _by_rules(document: Document, site: Site | None, field: str) -> Iterator[int]:
    """Yield the numbers of the elements that the site's rules name and that hold text, in reading order."""
    numbers = {document.index_of(node) for hit in apply.candidates(site, field, document) for node in hit.nodes}
    yield from sorted(i for i in numbers if i is not None and document.length(i))


def called_captions(document: Document, start: int, end: int) -> list[int]:
    """Return those of the nodes from start to end that are captions by their tag or by what they are called."""
    captions = document.by_tag.get("figcaption", ())
    captions = captions[bisect_left(captions, start) : bisect_left(captions, end)]
    return sorted({*captions, *signs.of(document).between(start, end, Sign.CAPTION)})


def is_called_caption(document: Document, i: int) -> bool:
    """Tell whether an element is a caption by its tag or by what it is called."""
    return document.tags[i] == "figcaption" or signs.of(document).bears(i, Sign.CAPTION)


class Captions:
    """The captions of the pictures of one page; each is given to one picture, though it may stand under several."""

    def __init__(
        self,
        document: Document,
        place: Place,
        pictures: Sequence[int],
        *,
        title: int | None,
        site: Site | None = None,
    ) -> None:
        self._document = document
        self._blocks = list(_by_rules(document, site, "image"))
        self._ruled = list(_by_rules(document, site, "caption"))
        self._title = title
        self._place = place
        self._pictures = pictures
        self.taken: set[int] = set()  # elements whose text is a caption or credit, not story
        self._found = self._assign()

    def of(self, picture: int) -> Caption | None:
        """Return the caption of a picture, or None if it has none of its own."""
        return self._found.get(picture)

    def _assign(self) -> dict[int, Caption]:
        document = self._document
        found: dict[int, Caption] = {}
        claimed: dict[int, int] = {}
        for picture in self._pictures:
            node = self._node(picture)
            if node is None:
                continue
            if node in claimed and claimed[node] in found:
                continue  # one caption for a row of pictures counts once
            self.taken.add(node)
            caption = caption_words.read(document, node)
            if caption is not None and caption.credit is None:
                caption = Caption(caption.text, self._credit_beside(node))
            if caption is not None:
                claimed[node] = picture
                found[picture] = caption
        return found

    def _node(self, picture: int) -> int | None:
        for finder in (
            self._by_rule,
            self._in_figure,
            self._by_name,
            self._in_table,
            self._in_block,
            self._in_wrapper,
            self._after,
            self._beside,
        ):
            node = finder(picture)
            if node is not None:
                return node
        return None

    def _credit_beside(self, node: int) -> str | None:
        """Return the credit that stands in the caption's figure, or beside it, outside the caption."""
        document = self._document
        parent = document.parents[node]
        frame = next((i for i in document.ancestors(node) if document.tags[i] == "figure"), parent)
        if not self._is_apart(frame) or document.ends[frame] - frame > MAX_NODES:
            return None
        known, ends = signs.of(document), document.ends
        others = *known.between(frame + 1, node, Sign.CREDIT), *known.between(ends[node], ends[frame], Sign.CREDIT)
        called = [i for i in others if 0 < document.length(i) <= MAX_SHORT_CHARS]
        if not called or document.length(frame) > MAX_CAPTION_CHARS + MAX_SHORT_CHARS:
            return None
        self.taken.add(called[0])
        return bare_credit(document.text(called[0])) or None

    # --- where captions stand ---

    def _by_rule(self, picture: int) -> int | None:
        """Find what the site's rules call a caption: in the picture's block, else before the next picture."""
        document = self._document
        block = next((i for i in reversed(self._blocks) if document.is_within(picture, i)), None)
        if block is not None:
            return next((i for i in self._ruled if document.is_within(i, block)), None)
        following = next((i for i in self._pictures if i > picture), len(document.tags))
        return next((i for i in self._ruled if picture < i < following), None)

    def _in_figure(self, picture: int) -> int | None:
        document = self._document
        figure = next((i for i in document.ancestors(picture) if document.tags[i] == "figure"), None)
        if figure is None:
            return None
        self.taken.add(figure)
        inside = range(figure, document.ends[figure])
        named = [i for i in inside if document.tags[i] == "figcaption" and document.length(i)]
        if named:
            return next((i for i in named if i > picture), named[0])
        called = signs.of(document).between(figure, document.ends[figure], Sign.CAPTION)
        return next((i for i in called if self._fits(i)), None) or next(
            (i for i in inside if document.tags[i] in {"p", "div", "span"} and i > picture and self._fits(i)), None
        )

    def _by_name(self, picture: int) -> int | None:
        """Find what is called a caption in the nearest wrapper that is not the story itself, or right after it."""
        document = self._document
        for level, wrapper in enumerate(document.ancestors(picture)):
            if level >= MAX_LEVELS or not self._is_apart(wrapper) or document.length(wrapper) > MAX_CAPTION_CHARS + 200:
                return None
            end = min(document.ends[wrapper], wrapper + MAX_NODES) if document.length(wrapper) else 0
            for i in called_captions(document, wrapper + 1, end):
                if document.tags[i] != "img" and self._fits(i):
                    return i
            after = self._next(wrapper)
            if after is not None and is_called_caption(document, after) and self._fits(after):
                return after
        return None

    def _in_table(self, picture: int) -> int | None:
        """Find the text in a later row or cell of a table made for the picture."""
        document = self._document
        table = next((i for i in document.ancestors(picture) if document.tags[i] == "table"), None)
        if table is None or not self._is_apart(table) or document.length(table) > MAX_CAPTION_CHARS:
            return None
        own = [i for i in document.children(table) if document.tags[i] == "caption"]
        cells = [*own, *(i for i in range(picture + 1, document.ends[table]) if document.tags[i] in {"td", "th"})]
        cells = [i for i in cells if self._fits(i) and not self._has_picture(i)]
        cell = next((i for i in cells if self._column(i) == self._column(picture)), None) if len(cells) > 1 else None
        cell = cell if cell is not None else next(iter(cells), None)
        return (
            cell
            if cell is not None
            else next((i for i in self._blocks_in(table) if i > picture and self._fits(i)), None)
        )

    def _column(self, i: int) -> int:
        """Return how many cells of its row stand before the one that node i is, or is in."""
        document = self._document
        cell = next((a for a in (i, *document.ancestors(i)) if document.tags[a] in {"td", "th"}), i)
        return sum(document.tags[j] in {"td", "th"} for j in document.children(document.parents[cell]) if j < cell)

    def _in_block(self, picture: int) -> int | None:
        """Find emphatic words, or words below a line break, in the picture's own paragraph, after it."""
        document = self._document
        block = next((i for i in document.ancestors(picture) if document.tags[i] in BLOCK_TAGS), None)
        if block is None or not self._is_apart(block) or not 0 < document.length(block) <= MAX_GUESSED_CHARS:
            return None
        inside = [i for i in range(picture + 1, document.ends[block]) if document.tags[i] in _EMPHATIC | {"span"}]
        marked = next((i for i in inside if self._fits(i)), None)
        if marked is not None:
            return marked
        has_break = bool(document.between(picture + 1, document.ends[block], "br"))
        is_after = document.chars[document.ends[block]] > document.chars[picture]
        short = document.length(block) <= MAX_SHORT_CHARS
        return block if is_after and (has_break or short or self._is_set_apart(block)) else None

    def _in_wrapper(self, picture: int) -> int | None:
        """Find the words in the nearest element made for the picture: it holds little else, and stands in the story."""
        document = self._document
        for wrapper in document.ancestors(picture):
            if document.tags[wrapper] in _PARAGRAPHS or not self._is_apart(wrapper):
                return None
            length = document.length(wrapper)
            if length > MAX_WRAPPED_CHARS:
                return None
            if length:
                is_below = document.chars[picture] == document.chars[wrapper]
                return wrapper if is_below and self._fits(wrapper) and not self._is_story(wrapper) else None
        return None

    def _is_apart(self, i: int) -> bool:
        """Tell whether an element holds neither the story nor its headline."""
        return not (i <= self._place.container < self._document.ends[i]) and not (
            self._title is not None and self._document.is_within(self._title, i)
        )

    def _after(self, picture: int) -> int | None:
        """Find a centred or emphatic paragraph right after the picture's block."""
        document = self._document
        block = self._outermost(picture)
        after = self._next(block)
        if after is None or document.tags[after] not in {"p", "div", "center", "em", "i", "small", "span", "h6"}:
            return None
        if document.length(after) > MAX_GUESSED_CHARS or not self._fits(after) or self._has_picture(after):
            return None
        if not self._is_set_apart(after) and document.tags[after] != "h6":
            return None
        return None if self._is_common_look(after) else after

    def _beside(self, picture: int) -> int | None:
        """Find the short block right after the picture's that is no paragraph where the story is all paragraphs.

        It is told too by the credit that ends it, or by its words being those of the picture's alternative text.
        """
        document = self._document
        block = self._outermost(picture)
        after = self._next(block)
        if after is None or document.tags[after] in _HEADINGS or not self._fits(after) or self._has_picture(after):
            return None
        alt = folded(document.attribute(picture, "alt"))
        is_labelled = document.length(after) <= MAX_GUESSED_CHARS and ends_in_credit(document.text(after))
        if is_labelled or (" " in alt and alt == folded(document.text(after))):
            return after
        others = islice(document.children(document.parents[after]), MAX_NODES // 5)
        paragraphs = sum(document.tags[i] == "p" and document.length(i) >= MIN_PROSE_CHARS for i in others)
        is_apart = document.tags[after] in {"div", "span"} and document.tags[block] not in {"p", "a"}
        is_short = document.length(after) <= MAX_SHORT_CHARS and document.link_share(after) == 0
        return after if is_apart and is_short and paragraphs >= MIN_PARAGRAPHS else None

    def _is_story(self, i: int) -> bool:
        """Tell whether an element holds a good part of all the story there is."""
        document, prose, ends, container = self._document, self._place.prose, self._document.ends, self._place.container
        headings = sum(document.length(j) for j in range(i, ends[i]) if document.tags[j] in _HEADINGS)
        if headings and document.length(i) - headings > MAX_SHORT_CHARS:
            return True
        return prose[ends[i]] - prose[i] > MAX_SHARE_OF_STORY * (prose[ends[container]] - prose[container])

    def _is_common_look(self, after: int) -> bool:
        """Tell whether the text around is centred or emphatic too, so that the look tells no caption."""
        document = self._document
        parent = document.parents[after]
        if document.tags[parent] == "blockquote":
            return True
        others = [i for i in document.children(parent) if i != after and document.length(i) >= MIN_PROSE_CHARS]
        others = [i for i in others if not self._has_picture(i)]
        return bool(others) and sum(self._is_set_apart(i) for i in others[:20]) > len(others[:20]) / 2

    # --- what they look like ---

    def _fits(self, i: int) -> bool:
        document = self._document
        return MIN_CAPTION_CHARS <= document.length(i) <= MAX_CAPTION_CHARS and document.link_share(i) < MAX_LINK_SHARE

    def _has_picture(self, i: int) -> bool:
        first = bisect_left(self._pictures, i)
        return first < len(self._pictures) and self._pictures[first] < self._document.ends[i]

    def _is_set_apart(self, i: int) -> bool:
        """Tell whether an element is centred, or all its words are emphatic."""
        document = self._document
        look = " ".join(document.value(i, name) for name in ("align", "style", "class")).lower()
        if (
            document.tags[i] in _EMPHATIC
            or document.tags[i] == "center"
            or _CENTRED.search(look)
            or document.value(i, "align") == "center"
        ):
            return True
        texts = document.between(i, document.ends[i], TEXT)
        return bool(texts) and all(self._is_emphatic(j, i) for j in texts)

    def _is_emphatic(self, text: int, top: int) -> bool:
        for i in self._document.ancestors(text):
            if self._document.tags[i] in _EMPHATIC or "italic" in self._document.value(i, "style"):
                return True
            if i <= top:
                return False
        return False

    def _outermost(self, picture: int) -> int:
        """Return the outermost element that holds the picture and no words."""
        here = picture
        for wrapper in self._document.ancestors(picture):
            if self._document.length(wrapper) or not self._is_apart(wrapper):
                break
            here = wrapper
        return here

    def _next(self, i: int) -> int | None:
        """Return the next sibling of i that has words, or None if another picture comes first."""
        document = self._document
        parent = document.parents[i]
        sibling = document.ends[i]
        for _ in range(MAX_NODES):
            if parent < 0 or sibling >= document.ends[parent]:
                break
            if document.length(sibling):
                return sibling
            sibling = document.ends[sibling]
        return None

    def _blocks_in(self, i: int) -> Iterator[int]:
        return (j for j in range(i + 1, self._document.ends[i]) if self._document.tags[j] in {"p", "div", "em", "span"})
