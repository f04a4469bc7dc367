"""What the article is called: the visible headline, as the page's own words about itself bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from scraper.document import Document
from scraper.fields import structured
from scraper.fields.body import Place
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.units import Unit, Units
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded, one_line, overlap

MAX_TITLE_CHARS = 400
MIN_PREFIX_CHARS = 12
DISTRUST_OF_BOXES = 0.2
"""So much less agreement counts for a headline in a breadcrumb or the like."""

TRUST_IN_EXACT = 0.3
"""So much more for one that metadata give word for word."""

MIN_AGREEMENT = 0.6
"""Share of the words that a headline and what the page says of itself must have in common."""

_SEPARATOR = re.compile(r"\s+[|–—\-·•»«:/\\~]+\s+|\s*[|•»]\s*|\s+::\s+")
_HEADLINE_MARKS = re.compile(r"headline|(?<![a-z])title|tieu-?de|entry-title|post-title|article-?title|titulo|titre")
_PARTS = re.compile(rf"{_SEPARATOR.pattern}|\s+-{{1,3}}(?=\w)|\s*-{{2,3}}\s*")
_HEADINGS = ("h1", "h2", "h3", "h4")
_HIGH = ("h1", "h2")


def choose(document: Document, units: Units, place: Place, *, site: Site | None = None) -> Chosen[str] | None:
    """Choose the title; None where the page has none.

    In order of trust: the site's rules, the visible headline that metadata bear out, the only h1 above the body, the
    metadata alone, the heading-like line above the body.
    """
    for hit in apply.candidates(site, "title", document):
        if hit.text:
            node = document.index_of(hit.nodes[0]) if hit.nodes else None
            return chosen(Candidate(hit.source, hit.text, node))
    told = list(_told(document))
    seen = [c for c in _seen(document, place) if 0 < len(c.value) <= MAX_TITLE_CHARS]
    judged = [_judged(c, told, document, place) for c in seen]
    best = _best_seen(judged, document, place)
    if best is None:
        best = _only_h1(seen, document, place)
    if best is not None:
        best = _well_spaced(_without_kicker(best, told, document), told)
        rest = [c if c.reason else replace(c, reason="another headline agrees better") for c in judged if c != best]
        hidden = [replace(c, reason="the visible headline wins") for c in told if folded(c.value) != folded(best.value)]
        return chosen(best, [*rest, *hidden])
    if told:
        return chosen(told[0], judged)
    line = _line_above(document, units, place)
    return chosen(line, judged) if line is not None else None


# --- what the page says of itself -------------------------------------------------------------------------------------


def _told(document: Document) -> Iterator[Candidate[str]]:
    """Yield the titles that metadata give, without the outlet's name."""
    outlet = document.first_meta("og:site_name", "application-name") or ""
    for name in (
        "og:title",
        "twitter:title",
        "headline",
        "dc.title",
        "dcterms.title",
        "parsely-title",
        "sailthru.title",
    ):
        for value in document.meta.get(name, ())[:1]:
            yield Candidate(f"meta:{name}", without_outlet(value, outlet, document.head_title))
    node = structured.main_article(structured.of(document), document.url)
    for value in structured.texts(node.get("headline"))[:1] if node is not None else ():
        if value.strip():
            yield Candidate("jsonld:headline", one_line(value))
    if document.head_title:
        title = without_outlet(document.head_title, outlet, "")
        if title and folded(title) != folded(outlet):
            yield Candidate("html:title", title)


def without_outlet(title: str, outlet: str, whole: str) -> str:
    """Return the title without the outlet's name, which stands behind (or before) a dash, bar or dot.

    Only a last part that names the outlet, or a short one, goes: `A - B | Tin tức` keeps `A - B`.
    """
    title = one_line(title)
    parts = [m for m in _SEPARATOR.finditer(title)]
    if not parts:
        return title
    cut = parts[-1]
    head, tail = title[: cut.start()].strip(), title[cut.end() :].strip()
    name = folded(outlet)
    if name and folded(tail) and (folded(tail) in name or name in folded(tail)):
        return without_outlet(head, outlet, whole) if _SEPARATOR.search(head) and name in folded(head) else head
    first = parts[0]
    if name and folded(title[: first.start()]) == name:
        return title[first.end() :].strip()
    is_bar = "|" in cut.group() or "»" in cut.group() or "•" in cut.group()
    if not whole and len(head) >= max(20, len(tail)) and (is_bar or len(tail.split()) <= 4):
        return without_outlet(head, outlet, whole) if is_bar else head
    return title


# --- what a reader sees -----------------------------------------------------------------------------------------------


def _seen(document: Document, place: Place) -> Iterator[Candidate[str]]:
    """Yield the headings of the page up to the end of the body, and what else is called a headline there.

    Lower headings count where they are called headlines, or are word for word a part of `<title>`.
    """
    end = document.ends[place.container]
    parts = {folded(part) for part in _PARTS.split(document.head_title)}
    given: set[int] = set()
    for tag in _HEADINGS:
        for i in document.by_tag.get(tag, ()):
            is_high = i < end and tag in _HIGH
            if is_high or _is_called_headline(document, i) or (i < end and folded(document.text(i)) in parts):
                given.add(i)
                yield Candidate(f"html:{tag}", document.text(i), i)
    for i in range(end):
        attributes = document.attributes[i]
        if attributes and i not in given and _is_called_headline(document, i) and document.link_share(i) < 0.5:
            yield Candidate(f"html:{document.tags[i]}.title", document.text(i), i)


def _is_called_headline(document: Document, i: int) -> bool:
    attributes = document.attributes[i]
    marks = attributes.get("class"), attributes.get("id"), attributes.get("itemprop")
    return any(marks) and calls_itself_headline(*marks) and 10 <= document.length(i) <= MAX_TITLE_CHARS


@lru_cache(maxsize=16384)
def calls_itself_headline(class_: str | None, id_: str | None, itemprop: str | None) -> bool:
    """Tell whether class, id and itemprop call an element a headline."""
    return _HEADLINE_MARKS.search(f"{class_} {id_} {itemprop}".lower()) is not None


def _judged(
    candidate: Candidate[str], told: Sequence[Candidate[str]], document: Document, place: Place
) -> Candidate[str]:
    """Refuse a heading that nothing bears out where something could; the outlet's name and a link elsewhere too."""
    node = candidate.node if candidate.node is not None else 0
    outlet = folded(document.first_meta("og:site_name") or "")
    if outlet and folded(candidate.value) == outlet:
        return replace(candidate, reason="it is the name of the outlet")
    if told and agreement(candidate.value, told) < MIN_AGREEMENT:
        return replace(candidate, reason="neither metadata nor <title> bear it out")
    if not told and (place.is_barred(node, document) or document.link_share(node) > 0.5):
        return replace(candidate, reason="it stands in a box or is a link")
    return candidate


def agreement(value: str, told: Sequence[Candidate[str]]) -> float:
    """Return the share of words, 0 to 1, that the value has in common with what agrees with it best.

    A headline with which a longer title begins agrees too: the outlet's name follows it there.
    """
    key = folded(value)
    if len(key) >= MIN_PREFIX_CHARS and any(folded(c.value).startswith(f"{key} ") for c in told):
        return 1.0
    if any(key == folded(part) for c in told if c.source == "html:title" for part in _PARTS.split(c.value)):
        return 1.0
    return max((overlap(value, c.value) for c in told), default=0.0)


def _best_seen(judged: Sequence[Candidate[str]], document: Document, place: Place) -> Candidate[str] | None:
    """Return the headline: an h1 before anything else called so, the nearest to the body of those that agree."""
    left = [c for c in judged if c.reason is None]
    if not left:
        return None
    told = list(_told(document))

    def rank(c: Candidate[str]) -> tuple[float, ...]:
        node = c.node or 0
        above = node < document.ends[place.container]
        fit = round(agreement(c.value, told), 1) if told else 0.0
        fit += TRUST_IN_EXACT * any(folded(c.value) == folded(t.value) for t in told)
        fit -= DISTRUST_OF_BOXES * place.is_barred(node, document)
        return (fit, document.tags[node] == "h1", above, -abs(node - place.container))

    return max(left, key=rank)


def _only_h1(seen: Sequence[Candidate[str]], document: Document, place: Place) -> Candidate[str] | None:
    """Return the only h1 that stands free above the body's end and says more than a word, or None."""
    outlet = folded(document.first_meta("og:site_name", "application-name") or "")
    free = [
        c
        for c in seen
        if c.node is not None and document.tags[c.node] == "h1" and not place.is_barred(c.node, document)
    ]
    said = [c for c in free if " " in folded(c.value) and not (outlet and folded(c.value) in outlet)]
    is_link = len(said) == 1 and document.link_share(said[0].node or 0) > 0.5
    return said[0] if len(said) == 1 and not is_link else None


def _without_kicker(best: Candidate[str], told: Sequence[Candidate[str]], document: Document) -> Candidate[str]:
    """Take the part of a headline that metadata give word for word, where an element of its own holds it."""
    if best.node is None or any(folded(best.value) == folded(c.value) for c in told):
        return best
    names = {folded(c.value) for c in told if len(c.value) > len(best.value) / 2}
    for i in range(best.node + 1, document.ends[best.node]):
        if document.length(i) < len(best.value) and folded(document.text(i)) in names:
            return replace(best, value=document.text(i))
    return best


def _well_spaced(best: Candidate[str], told: Sequence[Candidate[str]]) -> Candidate[str]:
    """Take the spaces from metadata that agree letter for letter; pages set parts of a headline apart by CSS alone."""
    letters = "".join(best.value.split())
    same = next((c.value for c in told if "".join(c.value.split()) == letters), None)
    return replace(best, value=same) if same and same.count(" ") > best.value.count(" ") else best


def _line_above(document: Document, units: Units, place: Place) -> Candidate[str] | None:
    """Return the last line above the body that looks like a headline: bold or large, short, no link, no sentence end."""
    best: Candidate[str] | None = None
    for unit in units.all:
        if unit.start >= document.ends[place.container] or (best and place.prose[unit.start] > 400):
            break
        if _looks_like_headline(unit, document):
            best = Candidate("heuristic:line above the body", unit.text, unit.block)
            if unit.start > place.container:
                break
    return best


def _looks_like_headline(unit: Unit, document: Document) -> bool:
    return (
        20 <= unit.length <= 200
        and unit.link_share < 0.2
        and len(unit.text.split()) >= 4
        and not unit.text.endswith((".", ",", ";"))
        and not re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", unit.text)
    )
