"""A page gathered once: one walk of the tree collects what the rooms of fields/ choose from.

The walk numbers the elements and the non-blank texts of the page in reading order. Node `i` and all that is in it are
the numbers `i` to `ends[i]` (exclusive), so that a subtree is a range, and its length of text a difference of sums.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.fields import structured
from scraper.models import Headers
from scraper.text import nfc, one_line

T = TypeVar("T")

TEXT: Final = "-text"
"""The tag of a text; its characters stand in `Document.texts`."""

BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body br button center dd details dialog div dl dt fieldset figcaption "  # noqa: SIM905 -- a word a line would fill the screen
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav ol option p pre "
    "search section summary table tbody td tfoot th thead tr ul video".split()
)
"""Elements that part words and paragraphs."""

BREAKS_THAT_PART: Final = 2
"""As many line breaks in a row make a blank line."""

# What a tag means to the walk.
_NO_ELEMENT: Final = 1  # comments and the like
_OPAQUE: Final = 2  # numbered, and its content not walked
_SILENT: Final = 4  # its elements are numbered, and its texts nobody reads on the page
_BLOCK: Final = 8
_PARTS_BY: Final = 4  # the bits from here on count by how many line breaks it parts words
_TAGS_BY_TRAIT: Final[dict[int, Collection[str]]] = {
    _NO_ELEMENT: ("", "-comment", "-doctype", "-document"),
    _OPAQUE: ("title", "script", "style", "svg", "template", "iframe", "math", "object"),
    _SILENT: ("head", "noscript", "select", "textarea", "datalist"),
    _BLOCK | BREAKS_THAT_PART << _PARTS_BY: BLOCK_TAGS - {"br"},
    1 << _PARTS_BY: ("br",),
}


def _traits(tag: str) -> int:
    return sum(trait for trait, tags in _TAGS_BY_TRAIT.items() if tag in tags)


_FIRST_CUSTOM_TAG: Final = 256  # the parser numbers the tags of HTML and SVG below, and others as it likes

MARKS: Final = ("class", "id", "role", "itemprop")
"""The attributes that say what an element is."""

_NO_VALUES: Final[Mapping[int, str]] = {}
_TEXT_ATTRIBUTES: Final = frozenset(["content", "alt", "title", "class", "id", "aria-label", "data-caption", "value"])


class Document:
    """One page, ready to choose from. Made by `Document(html, url, …)`; nothing in it changes afterwards.

    The lists `tags`, `parents`, `ends` and `texts` run over the same numbers; number 0 is `<html>`, whose parent is -1.
    `chars[i]` is the length of all text before node i, `link_chars[i]` that within links.
    """

    def __init__(
        self,
        html: str | bytes,  # bytes in UTF-8
        url: str,
        *,
        headers: Headers | Mapping[str, str] | None = None,
        fetched_at: datetime | None = None,
    ) -> None:
        self.url = url
        self.fetched_at = fetched_at
        self.headers: Headers = tuple(headers.items()) if isinstance(headers, Mapping) else tuple(headers or ())
        self.tree = LexborHTMLParser(html)
        self._known: dict[Callable[[Document], Any], Any] = {}
        self._gather()
        if not unicodedata.is_normalized("NFC", "\n".join(self.texts)):
            _compose(self.tree)
            self._gather()
        self._sum_up()

    def _gather(self) -> None:
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.attributes: defaultdict[str, dict[int, str]] = defaultdict(dict)  # values by name, then by number
        self.texts: list[str] = []
        self.spaced: set[int] = set()  # nodes with white space before them that belongs to no other text
        self.scripts: list[tuple[str, str]] = []  # type and text of the JSON-LD scripts
        self.head_title = ""  # the text of `<title>`
        self.runs: list[list[int]] = []  # of words that no block parts: start, end, block element
        if self.tree.root is not None:
            _walk(self.tree.root, self)

    def note(self, node: LexborNode, tag: str) -> None:
        """Keep the text of an element that says something of the page without being read on it."""
        if tag == "title":
            self.head_title = self.head_title or nfc(one_line(node.text()))
        elif tag == "script" and "ld+json" in (node.attributes.get("type") or "").lower():
            self.scripts.append((node.attributes.get("type") or "", node.text()))

    def _sum_up(self) -> None:
        """Sum the lengths of the texts, once all nodes are numbered."""
        lengths = list(map(len, map(str.strip, self.texts)))
        self.chars = list(accumulate(lengths, initial=0))
        linked = [0] * len(lengths)
        for i in self.by_tag.get("a", ()):
            linked[i : self.ends[i]] = lengths[i : self.ends[i]]
        self.link_chars = list(accumulate(linked, initial=0))

    # --- elements ---

    def index_of(self, node: LexborNode) -> int | None:
        """Return the number of an element that a selector found, or None if the walk did not number it."""
        return self._index.get(node.mem_id)

    @cached_property
    def _index(self) -> Mapping[int, int]:
        """The numbers of the elements by the parser's own id."""
        numbers = (i for i, tag in enumerate(self.tags) if tag != TEXT)
        return dict(zip(_elements(self.tree), numbers, strict=True))

    @cached_property
    def by_tag(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the elements of each tag, in reading order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, tag in enumerate(self.tags):
            found[tag].append(i)
        return dict(found)

    @cached_property
    def words(self) -> Sequence[int]:
        """The numbers of the texts, in reading order."""
        return self.by_tag.get(TEXT, ())

    def once(self, tell: Callable[[Document], T]) -> T:
        """Return what a function tells of the page, which is asked the first time alone."""
        if tell not in self._known:
            self._known[tell] = tell(self)
        told: T = self._known[tell]
        return told

    @cached_property
    def nesting(self) -> int:
        """How often one node stands in another: the steps of what asks each for all that it holds or stands in."""
        return sum(self.ends) - sum(range(1, len(self.ends) + 1))

    def having(self, *tags: str) -> list[int]:
        """Return the numbers of the elements with one of these tags, in reading order."""
        return sorted(i for tag in tags for i in self.by_tag.get(tag, ()))

    def between(self, start: int, end: int, tag: str) -> Sequence[int]:
        """Return those of the nodes from start to end that have this tag, in reading order."""
        found = self.by_tag.get(tag, ())
        first = bisect_left(found, start)
        return found[first : bisect_left(found, end, first)]

    def with_attribute(self, name: str) -> Mapping[int, str]:
        """Return the values of an attribute by the numbers of the elements that have it, in reading order."""
        return self.attributes.get(name, _NO_VALUES)

    def children(self, i: int) -> Iterator[int]:
        """Yield the numbers of the elements and texts right under node i."""
        child, end = i + 1, self.ends[i]
        while child < end:
            yield child
            child = self.ends[child]

    def ancestors(self, i: int) -> Iterator[int]:
        """Yield the parent of node i, its parent, and so on to `<html>`."""
        i = self.parents[i]
        while i >= 0:
            yield i
            i = self.parents[i]

    def is_within(self, i: int, container: int) -> bool:
        """Tell whether node i is the container or in it."""
        return container <= i < self.ends[container]

    def value(self, i: int, name: str) -> str:
        """Return an attribute of node i as it stands; "" where it is absent or empty."""
        return self.attributes[name].get(i, "") if name in self.attributes else ""

    def attribute(self, i: int, name: str) -> str:
        """Return an attribute without white space at its ends; "" where it is absent or empty."""
        return self.attributes[name].get(i, "").strip() if name in self.attributes else ""

    @cached_property
    def _marks(self) -> Sequence[Mapping[int, str]]:
        return [self.with_attribute(name) for name in MARKS]

    def marks(self, i: int) -> str:
        """Return class, id, role and itemprop of node i as one lower-case string parted by spaces."""
        return " ".join([values[i] for values in self._marks if i in values]).lower()

    # --- text ---

    @cached_property
    def lines(self) -> Mapping[int, str]:
        """Each text on one line, by its number."""
        texts = self.texts
        return {i: one_line(texts[i]) for i in self.words}

    def text(self, i: int) -> str:
        """Return what a reader sees of node i on one line; blocks are parted by a space."""
        return one_line(self.raw_text(i, self.ends[i]))

    def raw_text(self, start: int, end: int, *, without: frozenset[int] | set[int] = frozenset()) -> str:
        """Return the texts of the nodes from start to end, but for the subtrees in `without`; spaces as they come."""
        tags, texts, ends, spaced = self.tags, self.texts, self.ends, self.spaced
        parts: list[str] = []
        open_ends: list[int] = []  # of the blocks that node i is in, outermost first
        i = start
        while i < end:
            if i in without:
                i = ends[i]
                continue
            while open_ends and open_ends[-1] <= i:
                open_ends.pop()
                parts.append(" ")
            if texts[i]:
                parts.append(f" {texts[i]}" if i in spaced else texts[i])
            elif tags[i] in BLOCK_TAGS:
                parts.append(" ")
                open_ends.append(ends[i])
            elif i in spaced:
                parts.append(" ")
            i += 1
        return "".join(parts)

    def length(self, i: int) -> int:
        """Return the number of characters of text in node i."""
        return self.chars[self.ends[i]] - self.chars[i]

    def link_share(self, i: int) -> float:
        """Return the share of the text of node i that is within links, 0 to 1; 0 where it has no text."""
        length = self.length(i)
        return (self.link_chars[self.ends[i]] - self.link_chars[i]) / length if length else 0.0

    # --- what the page says of itself ---

    @cached_property
    def path(self) -> str:
        """The path of the page's URL, or "" where the URL is none."""
        try:
            return urlsplit(self.url).path
        except ValueError:
            return ""

    @cached_property
    def base(self) -> str:
        """The URL that relative ones are joined to as `<base href>` has it, or "" where there is none."""
        return next((self.attribute(i, "href") for i in self.by_tag.get("base", ())), "")

    @cached_property
    def meta(self) -> Mapping[str, Sequence[str]]:
        """Contents of `<meta>` by lower-case name, property, itemprop or http-equiv, in reading order.

        Those whose text stands in `value` instead, as some pages have it, come after those with `content`.
        """
        found: dict[str, list[str]] = {}
        for key in ("content", "value"):
            for i in self.by_tag.get("meta", ()):
                content = one_line(self.value(i, key)) if key == "content" or not self.value(i, "content") else ""
                for name in self._meta_names(i) if content else ():
                    found.setdefault(name, []).append(content)
        return found

    def _meta_names(self, i: int) -> list[str]:
        names = {self.attribute(i, key).lower() for key in ("name", "property", "itemprop", "http-equiv")}
        return sorted(names - {""})

    def first_meta(self, *names: str) -> str | None:
        """Return the first content of the first of these names that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @cached_property
    def language(self) -> str | None:
        """The language that `<html lang>` declares, as written; None where it declares none."""
        return (self.attribute(0, "lang") or self.attribute(0, "xml:lang") or None) if self.tags else None

    @cached_property
    def jsonld(self) -> tuple[Mapping[str, Any], ...]:
        """The objects of the page's JSON-LD as `structured.read` gives them."""
        return structured.read(text for _, text in self.scripts)


def _walk(root: LexborNode, document: Document) -> None:  # noqa: C901, PLR0912 -- a call for each node costs a third
    """Number the nodes under the root; not recursive, so that no page is too deep, and one loop, for speed."""
    add_tag, add_parent, add_end = document.tags.append, document.parents.append, document.ends.append
    attributes, add_text, add_space = document.attributes, document.texts.append, document.spaced.add
    add_run, known_kind, ends = document.runs.append, _KINDS.get, document.ends
    run, parted_by = [0, 0, -1], 0  # the words that may go on, and how many line breaks and blocks came after them
    open_: list[tuple[LexborNode, int, int, int]] = []  # the elements around the node: each with what the loop holds
    node: LexborNode | None = root
    parent, trait, block, number = -1, 0, 0, 0
    while node is not None:
        text = node.text_content
        if text is not None:
            if trait & _SILENT or text.isspace():
                add_space(number)
            else:
                add_tag(TEXT)
                add_text(text)
                add_parent(parent)
                if parted_by < BREAKS_THAT_PART and run[2] == block:
                    run[1] = number + 1
                else:
                    run = [number, number + 1, block]
                    add_run(run)
                parted_by = 0
                number += 1
                add_end(number)
        else:
            tag, own = known_kind(node.tag_id) or _kind(node)
            if not own & _NO_ELEMENT:
                add_tag(tag)
                add_text("")
                for name, value in node.attributes.items():
                    attributes[name][number] = value or ""
                add_parent(parent)
                parted_by += own >> _PARTS_BY
                number += 1
                add_end(number)
                if own & _OPAQUE:
                    document.note(node, tag)
                elif child := node.first_child:
                    open_.append((node, parent, trait, block))
                    node, parent, trait = child, number - 1, trait | own
                    if own & _BLOCK:
                        block = parent
                    continue
        following = node.next
        while following is None and open_:
            ends[parent] = number
            node, parent, trait, block = open_.pop()
            following = node.next
        node = following if open_ else None


_KINDS: Final[dict[int, tuple[str, int]]] = {}
"""Tag and traits by the parser's number of the tag; of the tags that HTML knows, filled as they are met."""


def _kind(node: LexborNode) -> tuple[str, int]:
    tag = node.tag or ""
    kind = tag, _traits(tag)
    if node.tag_id < _FIRST_CUSTOM_TAG:
        _KINDS[node.tag_id] = kind
    return kind


def _elements(tree: LexborHTMLParser) -> Iterator[int]:
    """Yield the parser's ids of the elements that the walk numbers, in its order."""
    walked: set[int] = set()
    for node in tree.root.traverse() if tree.root is not None else ():
        _, own = _kind(node)
        is_root = not walked
        if own & _NO_ELEMENT or not (is_root or (node.parent is not None and node.parent.mem_id in walked)):
            continue
        yield node.mem_id
        if is_root or not own & _OPAQUE:
            walked.add(node.mem_id)


def _compose(tree: LexborHTMLParser) -> None:
    """Compose the texts of the tree in place, so that selectors and labels find them; URLs stay as they are."""
    root = tree.root
    for node in list(root.traverse(include_text=True)) if root is not None else ():
        if node.tag == TEXT:
            text = node.text_content or ""
            if (composed := nfc(text)) != text:
                node.replace_with(composed)
        elif node.is_element_node:
            _compose_attributes(node)


def _compose_attributes(node: LexborNode) -> None:
    for name, value in node.attributes.items():
        is_text = name in _TEXT_ATTRIBUTES and value and "://" not in value
        if is_text and (composed := nfc(value or "")) != value:
            node.attrs[name] = composed
