"""A page gathered once: one walk of the tree collects what the rooms of fields/ choose from.

The walk numbers the elements and the non-blank texts of the page in reading order. Node `i` and all that is in it are
the numbers `i` to `ends[i]` (exclusive), so that a subtree is a range, and its length of text a difference of sums.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.fields import structured
from scraper.models import Headers
from scraper.text import nfc, one_line

TEXT: Final = "-text"
"""The tag of a text; its characters stand in `Document.texts`."""

_NO_ELEMENT: Final = 1  # comments and the like
_OPAQUE: Final = 2  # numbered, and its content not walked
_SILENT: Final = 4  # its elements are numbered, and its texts nobody reads on the page
_LINK: Final = 8
_TRAITS: Final[dict[str, int]] = {
    **dict.fromkeys(("", "-comment", "-doctype", "-document"), _NO_ELEMENT),
    **dict.fromkeys(("title", "script", "style", "svg", "template", "iframe", "math", "object"), _OPAQUE),
    **dict.fromkeys(("head", "noscript", "select", "textarea", "datalist"), _SILENT),
    "a": _LINK,
}
_NO_ATTRIBUTES: Final[dict[str, str | None]] = {}
_TEXT_ATTRIBUTES: Final = frozenset(["content", "alt", "title", "class", "id", "aria-label", "data-caption", "value"])

BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body br button center dd details dialog div dl dt fieldset figcaption "  # noqa: SIM905 -- a word a line would fill the screen
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav ol option p pre "
    "search section summary table tbody td tfoot th thead tr ul video".split()
)
"""Elements that part words and paragraphs."""


class Document:
    """One page, ready to choose from. Made by `Document(html, url, …)`; nothing in it changes afterwards.

    The lists `tags`, `parents`, `ends`, `attributes` and `texts` run over the same numbers; number 0 is `<html>`,
    whose parent is -1. `chars[i]` is the length of all text before node i, `link_chars[i]` that within links.
    """

    def __init__(
        self,
        html: str,
        url: str,
        *,
        headers: Headers | Mapping[str, str] | None = None,
        fetched_at: datetime | None = None,
    ) -> None:
        self.url = url
        self.fetched_at = fetched_at
        self.headers: Headers = tuple(headers.items()) if isinstance(headers, Mapping) else tuple(headers or ())
        self.tree = LexborHTMLParser(html)
        self._gather()
        if not unicodedata.is_normalized("NFC", "\n".join(self.texts)):
            _compose(self.tree)
            self._gather()

    def _gather(self) -> None:
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.attributes: list[dict[str, str | None]] = []
        self.texts: list[str] = []
        self.spaced: set[int] = set()  # nodes with white space before them that belongs to no other text
        self.scripts: list[tuple[str, str]] = []  # type and text of the JSON-LD scripts
        self.head_title = ""  # the text of `<title>`
        self.elements: list[LexborNode] = []
        self.link_texts: list[int] = []  # numbers of the texts within links
        if self.tree.root is not None:
            _walk(self.tree.root, self)
        self.sum_up()

    def note(self, node: LexborNode, tag: str) -> None:
        """Keep the text of an element that says something of the page without being read on it."""
        if tag == "title":
            self.head_title = self.head_title or nfc(one_line(node.text()))
        elif tag == "script" and "ld+json" in (node.attributes.get("type") or "").lower():
            self.scripts.append((node.attributes.get("type") or "", node.text()))

    def sum_up(self) -> None:
        """Sum the lengths of the texts, once all nodes are numbered."""
        lengths = list(map(len, map(str.strip, self.texts)))
        self.chars = list(accumulate(lengths, initial=0))
        linked = [0] * len(lengths)
        for i in self.link_texts:
            linked[i] = lengths[i]
        self.link_chars = list(accumulate(linked, initial=0))

    # --- elements ---

    def index_of(self, node: LexborNode) -> int | None:
        """Return the number of an element that a selector found, or None if the walk did not number it."""
        return self._index.get(node.mem_id)

    @cached_property
    def _index(self) -> Mapping[int, int]:
        """The numbers of the elements by the parser's own id."""
        numbers = (i for i, tag in enumerate(self.tags) if tag != TEXT)
        return {node.mem_id: i for i, node in zip(numbers, self.elements, strict=True)}

    @cached_property
    def by_tag(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the elements of each tag, in reading order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, tag in enumerate(self.tags):
            found[tag].append(i)
        return dict(found)

    def having(self, *tags: str) -> list[int]:
        """Return the numbers of the elements with one of these tags, in reading order."""
        return sorted(i for tag in tags for i in self.by_tag.get(tag, ()))

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

    def attribute(self, i: int, name: str) -> str:
        """Return an attribute without white space at its ends; "" where it is absent or empty."""
        return (self.attributes[i].get(name) or "").strip()

    def marks(self, i: int) -> str:
        """Return class, id, role and itemprop of node i as one lower-case string parted by spaces."""
        attributes = self.attributes[i]
        if not attributes:
            return ""
        return " ".join([attributes.get(name) or "" for name in _MARKS]).lower()

    # --- text ---

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
                own = self.attributes[i]
                content = one_line(own.get(key) or "") if key == "content" or not own.get("content") else ""
                for name in _meta_names(own) if content else ():
                    found.setdefault(name, []).append(content)
        return found

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


def _meta_names(attributes: Mapping[str, str | None]) -> list[str]:
    names = {(attributes.get(key) or "").strip().lower() for key in ("name", "property", "itemprop", "http-equiv")}
    return sorted(names - {""})


_MARKS: Final = ("class", "id", "role", "itemprop")


def _walk(root: LexborNode, document: Document) -> None:
    """Number the nodes under the root; not recursive, so that no page is too deep, and one loop, for speed."""
    add_tag, add_parent, add_end = document.tags.append, document.parents.append, document.ends.append
    add_attributes, add_text, add_space = document.attributes.append, document.texts.append, document.spaced.add
    add_element, add_link_text, trait_of = document.elements.append, document.link_texts.append, _TRAITS.get
    ends = document.ends
    open_: list[tuple[LexborNode, int, int]] = []  # the elements around the node: each with parent and traits
    node: LexborNode | None = root
    parent, trait, number = -1, 0, 0
    while node is not None:
        text = node.text_content
        if text is not None:
            if trait & _SILENT or text.isspace():
                add_space(number)
            else:
                if trait & _LINK:
                    add_link_text(number)
                add_tag(TEXT)
                add_text(text)
                add_attributes(_NO_ATTRIBUTES)
                add_parent(parent)
                number += 1
                add_end(number)
        elif not (own := trait_of(tag := node.tag or "", 0)) & _NO_ELEMENT:
            add_tag(tag)
            add_text("")
            add_attributes(node.attributes)
            add_parent(parent)
            add_element(node)
            number += 1
            add_end(number)
            if own & _OPAQUE:
                document.note(node, tag)
            elif child := node.first_child:
                open_.append((node, parent, trait))
                node, parent, trait = child, number - 1, trait | own
                continue
        following = node.next
        while following is None and open_:
            ends[parent] = number
            node, parent, trait = open_.pop()
            following = node.next
        node = following if open_ else None


def _compose(tree: LexborHTMLParser) -> None:
    """Compose the texts of the tree in place, so that selectors and labels find them; URLs stay as they are."""
    root = tree.root
    for node in list(root.traverse(include_text=True)) if root is not None else ():
        if node.tag == TEXT:
            text = node.text_content or ""
            if not unicodedata.is_normalized("NFC", text):
                node.replace_with(unicodedata.normalize("NFC", text))
        elif node.is_element_node:
            _compose_attributes(node)


def _compose_attributes(node: LexborNode) -> None:
    for name, value in node.attributes.items():
        is_text = name in _TEXT_ATTRIBUTES and value and "://" not in value
        if is_text and not unicodedata.is_normalized("NFC", value or ""):
            node.attrs[name] = unicodedata.normalize("NFC", value or "")
