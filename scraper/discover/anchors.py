"""Which links of its own site does a page bear, and how does each stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.charset import decode_html
from scraper.errors import BadUrl
from scraper.models import Page
from scraper.urls import canonical, host_of, join, registrable

MAX_LINKS = 5_000
"""Links of one page that are looked at; a front page has 300."""

LOOKED_UP = 12
"""Ancestors that are looked at to tell where a link stands."""

NAVIGATION = frozenset({"nav", "header", "footer"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link as it stands on the page."""

    url: str  # canonical
    text: str
    title: str  # of the title or aria-label attribute, or of the picture in it
    in_heading: bool  # in one, or around one
    in_navigation: bool
    has_picture: bool
    says_next: bool  # rel=next


def anchors_of(page: Page) -> list[Anchor]:
    """Return the links to the page's own site, in the order of the page; those to the page itself are left out."""
    tree = LexborHTMLParser(decode_html(page.body, page.header("content-type")))
    resolve = _Resolver(page.url, _base(tree, page.url))
    nodes = [*tree.css("link[rel=next][href]"), *tree.css("a[href]")[:MAX_LINKS]]
    return [_anchor(url, node) for node in nodes if (url := resolve(node.attributes.get("href") or "")) is not None]


class _Resolver:
    """Makes absolute URLs of one page's links; None where they lead nowhere else on the site."""

    def __init__(self, page_url: str, base: str) -> None:
        self._base = base
        self._own = _canonical(page_url)
        self._domain = registrable(host_of(page_url) or "")
        self._seen: dict[str, str | None] = {}

    def __call__(self, href: str) -> str | None:
        bare = href.partition("#")[0].strip()
        if bare not in self._seen:
            self._seen[bare] = self._resolve(bare)
        return self._seen[bare]

    def _resolve(self, href: str) -> str | None:
        if not href or href.lower().startswith(("javascript:", "mailto:", "tel:")):
            return None
        url = join(self._base, href)
        if url is None or registrable(host_of(url) or "") != self._domain:
            return None
        url = _canonical(url)
        return None if url == self._own else url


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (join(url, node.attributes.get("href") or "") if node else None) or url


def _canonical(url: str) -> str:
    try:
        return canonical(url)
    except BadUrl:  # a saved page of no known address
        return url


def _anchor(url: str, node: LexborNode) -> Anchor:
    attributes = node.attributes
    picture = node.css_first("img")
    alt = picture.attributes.get("alt") if picture else None
    title = attributes.get("title") or attributes.get("aria-label") or alt or ""
    above = {ancestor.tag for ancestor in _above(node)}
    return Anchor(
        url,
        text=" ".join(node.text(separator=" ").split()),
        title=" ".join(title.split()),
        in_heading=not HEADINGS.isdisjoint(above) or node.css_first("h1, h2, h3, h4, h5, h6") is not None,
        in_navigation=not NAVIGATION.isdisjoint(above),
        has_picture=picture is not None,
        says_next="next" in (attributes.get("rel") or "").lower().split(),
    )


def _above(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(LOOKED_UP):
        if parent is None or parent.tag == "body":
            return
        yield parent
        parent = parent.parent
