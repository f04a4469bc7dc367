"""Whether a page is an article, a listing of articles, or something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.document import Document
from scraper.fields import structured
from scraper.fields.body import Place
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.units import Unit, Units
from scraper.models import Kind
from scraper.text import folded

MIN_PARAGRAPH_CHARS = 80
MIN_HEADLINE_CHARS = 25
MIN_STORY_CHARS = 140
MIN_LINK_SHARE = 0.9
LONG_STORY_CHARS = 1500
CHARS_A_HEADLINE_AMONG = 160
"""A listing has a headline among its teasers at least this often; measured, articles have 400 characters for each."""
CHARS_A_HEADLINE_AROUND = 60
MANY_HEADLINES = 8
MIN_SUMMARIES = 3
MAX_CHARS_BESIDE_HEADLINE = 25
MIN_SHARE_OF_SUMMARIES = 0.75

_ARTICLE_TYPES = frozenset(["article", "news", "blog", "newsarticle", "video.other"])
_FRONT_PATHS = frozenset(["", "/", "/index.html", "/index.htm", "/index.php", "/default.aspx"])
_DATED_OR_NUMBERED = re.compile(r"\d{5,}|/\d{4}/\d{1,2}/")
_WIDE = re.compile("[぀-ヿ㐀-鿿가-힯]")


def choose(document: Document, units: Units, place: Place, kept: Sequence[Unit]) -> Chosen[Kind]:
    """Choose the kind by structure: how much story there is against headlines that are links, among and around it."""
    if document.path in _FRONT_PATHS and "://" in document.url and "?" not in document.url:
        return _as(Kind.LISTING, "url:front page")
    story = sum(_size(unit) for unit in kept)
    headlines = [unit for unit in units.all if _is_headline(unit)]
    inside = range(place.container, document.ends[place.container])
    among = sum(1 for unit in headlines if unit.start in inside and not place.is_barred(unit.start, document))
    is_list = among >= MANY_HEADLINES and story < CHARS_A_HEADLINE_AMONG * among
    summaries = _summaries(document, units, kept)
    is_list = is_list or summaries >= max(MIN_SUMMARIES, MIN_SHARE_OF_SUMMARIES * len(kept))
    is_list = is_list or (0 < len(kept) == summaries and len(headlines) >= MANY_HEADLINES)
    if is_list and not _is_told_of_here(document):
        return _as(Kind.LISTING, "heuristic:headlines among the text")
    declared = _declared(document)
    if declared is not None and story >= MIN_STORY_CHARS // 2:
        return _as(Kind.ARTICLE, declared)
    needed = (CHARS_A_HEADLINE_AROUND // 4 if _is_likely(document) else CHARS_A_HEADLINE_AROUND) * len(headlines)
    if story >= MIN_STORY_CHARS and story > min(needed, LONG_STORY_CHARS):
        return _as(Kind.ARTICLE, "heuristic:story outweighs headlines")
    if len(headlines) >= MANY_HEADLINES:
        return _as(Kind.LISTING, "heuristic:headlines outweigh story")
    return _as(Kind.OTHER, "heuristic:too little text")


def _summaries(document: Document, units: Units, kept: Sequence[Unit]) -> int:
    """Return how many of the story's paragraphs stand each under, or begin with, a link that is another's headline."""
    texts = {id(unit) for unit in kept}
    found, is_under = 0, False
    for unit in units.all:
        if id(unit) in texts:
            found += is_under or _begins_with_headline(document, unit)
            is_under = False
        elif unit.length >= MIN_HEADLINE_CHARS or document.tags[unit.block] == "h1":
            is_under = _is_headline(unit) and not _leads_here(document, unit)
    return found


def _is_headline(unit: Unit) -> bool:
    """Tell whether a line is a headline that is a link, alone or with a date."""
    if not unit.link_share or unit.length < MIN_HEADLINE_CHARS // 2:
        return False
    if unit.link_share > MIN_LINK_SHARE:
        return unit.length >= MIN_HEADLINE_CHARS or _size(unit) >= MIN_HEADLINE_CHARS
    linked = unit.link_share * unit.length
    return linked >= MIN_HEADLINE_CHARS and unit.length - linked <= MAX_CHARS_BESIDE_HEADLINE


def _leads_here(document: Document, unit: Unit) -> bool:
    """Tell whether the link of a headline leads to the page that it stands on."""
    link = _link_at(document, unit)
    href = document.attribute(link, "href") if link is not None else ""
    return bool(document.path) and href.split("?")[0].endswith(document.path)


def _begins_with_headline(document: Document, unit: Unit) -> bool:
    """Tell whether a paragraph begins with a link as long as a headline, or that and a date, and has a next line."""
    link = _link_at(document, unit)
    if link is None or document.length(link) < MIN_HEADLINE_CHARS:
        return False
    after = next((i for i in range(document.ends[link], unit.end) if document.tags[i] == "br"), None)
    return (
        after is not None and document.chars[after] - document.chars[document.ends[link]] <= MAX_CHARS_BESIDE_HEADLINE
    )


def _link_at(document: Document, unit: Unit) -> int | None:
    """Return the link in which a unit of text begins, or None."""
    if document.link_chars[unit.start + 1] == document.link_chars[unit.start]:
        return None
    return next((a for a in document.ancestors(unit.start) if document.tags[a] == "a"), None)


def _size(unit: Unit) -> int:
    """Return the characters of a whole sentence or headline, two for a letter of Chinese, Japanese or Korean."""
    if unit.length < MIN_HEADLINE_CHARS // 2:
        return 0
    size = unit.length
    if size < MIN_PARAGRAPH_CHARS and not unit.text.isascii():
        size += len(_WIDE.findall(unit.text))
    return size if size >= MIN_PARAGRAPH_CHARS or unit.link_share > MIN_LINK_SHARE else 0


def _declared(document: Document) -> str | None:
    """Return what says that the page is an article, or None: structured data or a time of publication."""
    if structured.article_of(document) is not None:
        return "jsonld:@type"
    return "meta:article:published_time" if "article:published_time" in document.meta else None


def _is_told_of_here(document: Document) -> bool:
    """Tell whether structured data describe the one article of this page: a dated one, with the page's own title."""
    articles = structured.article_nodes(structured.of(document))
    node = structured.article_of(document)
    if node is None or not node.get("datePublished"):
        return False
    headline = folded(next(iter(structured.texts(node.get("headline"))), ""))
    titles = [document.head_title, *document.meta.get("og:title", ())[:1]]
    is_title = len(headline) >= MIN_HEADLINE_CHARS // 2 and any(headline in folded(title) for title in titles)
    return is_title and len({str(other.get("headline")) for other in articles}) == 1


def _is_likely(document: Document) -> bool:
    """Tell whether `og:type`, which templates set on every page, or a date or number in the URL speak for it."""
    is_typed = (document.first_meta("og:type") or "").lower() in _ARTICLE_TYPES
    return is_typed or _DATED_OR_NUMBERED.search(document.path) is not None


def _as(kind: Kind, source: str) -> Chosen[Kind]:
    return chosen(Candidate(source, kind))
