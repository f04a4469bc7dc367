"""Which links the page has, and how each stands to the article: related, popular, of a section, or other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from scraper.document import Document
from scraper.fields import boxes, signs
from scraper.fields.boxes import Box
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.link_titles import title_of
from scraper.fields.signs import Sign
from scraper.models import Link, Relation
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.urls import authority_of, host_of, is_plain_target, join, registrable

MAX_LINKS = 3_000
MIN_TITLE_CHARS = 12  # of a headline; shorter links are buttons and names of sections
MIN_HEADLINE_CHARS = 25
MIN_HYPHENS = 3
_TALK = re.compile(
    r"^\s*(?:javascript:|mailto:|tel:|data:|sms:|zalo:|whatsapp:|fb-messenger:|viber:|skype:|about:)", re.IGNORECASE
)
_NO_ARTICLE = re.compile(
    r"/(?:tags?|tu-khoa|topics?|chu-de|authors?|autor(?:en)?|tac-gia|search|tim-kiem|category|danh-muc|login|rss|page|video"
    r"|newsletters?|subscribe|share|print|feed|user|profile|themen?)(?:/|\.|$)|[?&](?:share|replytocom|print)=",
    re.IGNORECASE,
)
_OF_THIS_ARTICLE = (Relation.RELATED, Relation.INLINE)
_HOST_OR_FRAGMENT = re.compile(r"^https?://[^/]*|#.*$")
_NUMBER = re.compile(r"\d{4}")
_SHORT_NUMBER = re.compile(r"\d{2}")
_LONG_NUMBER = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Links:
    """The related links, and all others, each URL once."""

    related: Chosen[tuple[Link, ...]] | None
    others: tuple[Link, ...]


class _Anchor(NamedTuple):
    node: int
    link: Link
    box: Box | None


def choose(
    document: Document,
    *,
    title: int | None = None,
    body: int | None = None,
    is_article_page: bool = True,
    site: Site | None = None,
) -> Links:
    """Tell the links of a page apart.

    `title` and `body` are the numbers of the headline's element and of the text's container. Related are the boxes that
    the newspaper made for this article, inside the text or after it, known by the rules of the site, by their label,
    or by what their elements are called; on a page with none of these, the list of other news under the text. A page
    that is no article has none.
    """
    anchors = _anchors(document, boxes.find(document, title=title, body=body, site=site))
    anchors = _popular_by_rules(document, site, anchors)
    ruled = _of_rules(document, site, anchors)
    found = (ruled or _related(document, anchors)) if is_article_page else None
    related = {anchor.link.url: anchor for anchor in reversed(found.value)} if found else {}
    kept = _distinct(a.link for a in (found.value if found else ()))
    others = _distinct(_demoted(a) for a in anchors if a.link.url not in related)
    return Links(replace(found, value=kept) if found and kept else None, others)  # type: ignore[arg-type]


# --- gathering --------------------------------------------------------------------------------------------------------


def _anchors(document: Document, found: Sequence[Box]) -> list[_Anchor]:
    hrefs = document.with_attribute("href")
    nodes = [node for node in document.by_tag.get("a", ())[:MAX_LINKS] if hrefs.get(node)]
    joined, outside = _Joined(document), boxes.outside(document, nodes)
    by_node = boxes.spread(found, nodes)
    for node in signs.of(document).among(nodes, Sign.TAGS, Sign.COMMENT):
        by_node.pop(node, None)
    anchors = []
    for node in nodes:
        url = joined[hrefs[node]]
        if url is None or url == document.url:
            continue
        box = by_node.get(node)
        relation = box.relation if box else outside.get(node, Relation.OTHER)
        anchors.append(_Anchor(node, Link(url, title_of(document, node) or None, relation), box))
    return anchors


class _Joined(dict[str, str | None]):
    """The absolute URLs of a page's links, each worked out once; None where a link leads to no page."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.base = (join(document.url, document.base) if document.base else None) or document.url
        self.origin = authority_of(self.base) or ""

    def __missing__(self, href: str) -> str | None:
        bare = href.strip().partition("#")[0]
        url: str | None = None
        if bare[:1] == "/" and bare[1:2] != "/":
            bare = self.origin + bare
        if self.origin and bare.startswith(self.origin) and is_plain_target(bare[len(self.origin) :]):
            url = bare
        elif bare and (bare[:4] == "http" or not _TALK.match(bare)):
            url = join(self.base, bare)
        self[href] = url
        return url


def _of_rules(document: Document, site: Site | None, anchors: Sequence[_Anchor]) -> Chosen[tuple[_Anchor, ...]] | None:
    for hit in apply.candidates(site, "related", document):
        inside = tuple(_within(hit, document, anchors))
        if inside:
            return chosen(Candidate(hit.source, tuple(_as(a, Relation.RELATED) for a in inside)))
    return None


def _popular_by_rules(document: Document, site: Site | None, anchors: list[_Anchor]) -> list[_Anchor]:
    popular = {a.node for hit in apply.candidates(site, "popular", document) for a in _within(hit, document, anchors)}
    return [_as(a, Relation.POPULAR) if a.node in popular else a for a in anchors] if popular else anchors


def _within(hit: apply.Hit, document: Document, anchors: Sequence[_Anchor]) -> Iterator[_Anchor]:
    spans = [(i, document.ends[i]) for node in hit.nodes if (i := document.index_of(node)) is not None]
    yield from (a for a in anchors if any(start <= a.node < end for start, end in spans))


# --- the choice -------------------------------------------------------------------------------------------------------


def _related(document: Document, anchors: Sequence[_Anchor]) -> Chosen[tuple[_Anchor, ...]] | None:
    explicit = (a for a in anchors if a.box and a.link.relation in _OF_THIS_ARTICLE)
    right = tuple(a for a in explicit if is_article(a.link, document.url))
    if right:
        return chosen(Candidate(_source(right), right))
    boxed = [a.box for a in anchors if a.box and a.box.is_below]
    for box in dict.fromkeys(boxed):
        listed = tuple(a for a in anchors if a.box == box and is_article(a.link, document.url))
        if listed:
            return chosen(Candidate(_source(listed), tuple(_as(a, Relation.RELATED) for a in listed)))
    return None


def _source(anchors: Sequence[_Anchor]) -> str:
    return ", ".join(dict.fromkeys(a.box.source for a in anchors if a.box))[:200]


def _as(anchor: _Anchor, relation: Relation) -> _Anchor:
    return anchor._replace(link=anchor.link._replace(relation=relation))


def _demoted(anchor: _Anchor) -> Link:
    """Return the link of an anchor that is not related after all: one of a box of news is of a section."""
    return _as(anchor, Relation.OTHER).link if anchor.link.relation in _OF_THIS_ARTICLE else anchor.link


def is_article(link: Link, own: str) -> bool:
    """Tell whether a link leads to another article of the same newspaper, by title and by the shape of its URL."""
    if registrable(host_of(link.url) or "") != registrable(host_of(own) or "") or _NO_ARTICLE.search(link.url):
        return False
    whole = _HOST_OR_FRAGMENT.sub("", link.url)
    last = whole.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    is_numbered = _LONG_NUMBER.search(whole) is not None
    if _LONG_NUMBER.search(own) and not _NUMBER.search(whole):
        return False
    is_headline = len(link.title or "") >= MIN_HEADLINE_CHARS and _SHORT_NUMBER.search(whole) is not None
    is_shaped = is_numbered or is_headline or last.count("-") >= MIN_HYPHENS or last.count("_") >= MIN_HYPHENS
    return is_shaped and (link.title is None or len(link.title) >= MIN_TITLE_CHARS)


def _distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    """Keep each URL where it first appears, with the first title that any of its links has."""
    kept: dict[str, Link] = {}
    for link in links:
        first = kept.setdefault(link.url, link)
        if first.title is None and link.title is not None:
            kept[link.url] = first._replace(title=link.title)
    return tuple(kept.values())
