"""Whether a page is an article, a listing of articles, or something else."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from scraper.document import Document
from scraper.fields import structured
from scraper.fields.body import Place
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.units import Unit, Units
from scraper.models import Kind

MIN_STORY_CHARS = 140
MIN_HEADLINE_CHARS = 25
_ARTICLE_TYPES = frozenset(["article", "news", "blog", "newsarticle"])
_LISTING_TYPES = frozenset(["collectionpage", "searchresultspage", "itemlist"])


def choose(document: Document, units: Units, place: Place, kept: Sequence[Unit]) -> Chosen[Kind]:
    """Choose the kind by structure: how much story there is against headlines that are links."""
    story = sum(unit.length for unit in kept if unit.length >= 80)
    headlines = sum(1 for unit in units.all if unit.link_share > 0.9 and unit.length >= MIN_HEADLINE_CHARS)
    if is_front(document.url):
        return _as(Kind.LISTING, "url:front page")
    if story < MIN_STORY_CHARS and headlines < 10:
        return _as(Kind.OTHER, "heuristic:too little text")
    declared = _declared(document)
    needed = 6 if declared is Kind.ARTICLE else 60 if declared is Kind.LISTING else 20
    if story >= MIN_STORY_CHARS and story > needed * headlines:
        return _as(Kind.ARTICLE, "heuristic:story outweighs headlines")
    if headlines >= 10:
        return _as(Kind.LISTING, "heuristic:headlines outweigh story")
    return _as(Kind.ARTICLE if story >= MIN_STORY_CHARS else Kind.OTHER, "heuristic:story")


def is_front(url: str) -> bool:
    """Tell whether a URL is a site's front page."""
    parts = urlsplit(url)
    return bool(parts.netloc) and parts.path in {"", "/"} and not parts.query


def _declared(document: Document) -> Kind | None:
    kind = (document.first_meta("og:type") or "").lower()
    nodes = structured.of(document)
    if structured.main_article(nodes, document.url) is not None or kind in _ARTICLE_TYPES:
        return Kind.ARTICLE
    if any(structured.types(node) & _LISTING_TYPES for node in nodes) or kind == "website":
        return Kind.LISTING
    return None


def _as(kind: Kind, source: str) -> Chosen[Kind]:
    return chosen(Candidate(source, kind))
