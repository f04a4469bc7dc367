"""The lead (sapo): the paragraph that sums the story up, where it has markup of its own."""

from __future__ import annotations

import re

from scraper.document import Document
from scraper.fields.body import Place
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.lines import ends_sentence, is_no_story
from scraper.fields.looks import is_bold
from scraper.fields.units import Unit
from scraper.sites import apply
from scraper.sites.rules import Site

MIN_CHARS = 40
MAX_CHARS = 1200
MAX_LINK_SHARE = 0.3

_CALLED = re.compile(
    r"sapo|(?<![a-z])lead(?!er|ing|-?(?:image|media|photo|art|picture|video))|stand-?first|(?<![a-z])de(?:c|)k(?![a-z])|sub-?(?:title|head|headline|titulo)|"
    r"summary|excerpt|intro(?!duce)|chapeau|vorspann|teaser-?text|ingress|bajada|entradilla|copete|(?:article|post|news|cms|detail|page)[-_]*desc|trich-?dan|tom-?tat|mo-?ta|"
    r"(?<![a-z])desc(?:ription)?(?![a-z])|spot(?![a-z])|sommario|occhiello|abstract|synopsis|preamble|dachzeile"
)


def choose(
    document: Document, place: Place, kept: list[Unit], *, title: int | None, site: Site | None = None
) -> Chosen[str] | None:
    """Choose the lead; None where the page marks none.

    In order of trust: the site's rules, what is called a lead between headline and body, the bold first paragraph.
    """
    for hit in apply.candidates(site, "lead", document):
        if hit.text:
            return chosen(Candidate(hit.source, hit.text, document.index_of(hit.nodes[0]) if hit.nodes else None))
    for candidate in _called(document, place, kept, title):
        return chosen(candidate)
    first = kept[0] if kept else None
    if first is not None and len(kept) > 1 and _is_bold_lead(document, first) and not is_bold(document, kept[1]):
        return chosen(Candidate("heuristic:bold first paragraph", first.text, first.block))
    return None


def _is_bold_lead(document: Document, unit: Unit) -> bool:
    return MIN_CHARS <= unit.length <= MAX_CHARS and ends_sentence(unit.text) and is_bold(document, unit)


def _called(document: Document, place: Place, kept: list[Unit], title: int | None) -> list[Candidate[str]]:
    first_prose = next((u.start for u in kept if u.length > MIN_CHARS), document.ends[place.container])
    start = document.ends[title] if title is not None else max(0, place.container - 60)
    found = []
    end = max(first_prose + 1, place.container + 1)
    for i in range(start, min(end, len(document.tags))):
        if not MIN_CHARS <= document.length(i) <= MAX_CHARS or document.link_share(i) > MAX_LINK_SHARE:
            continue
        if document.is_within(place.container, i) and document.tags[i] != "p":
            continue  # it holds the whole text
        if _CALLED.search(document.marks(i)) and not place.is_barred(i, document) and not is_no_story(document.text(i)):
            found.append(Candidate(f"html:{document.tags[i]}.lead", document.text(i), i))
    return found
