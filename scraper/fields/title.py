"""What the article is called: the visible headline, as the page's own words about itself bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from scraper.document import TEXT, Document
from scraper.fields import outlets, signs, structured
from scraper.fields.body import Place
from scraper.fields.candidates import Candidate, Chosen, chosen
from scraper.fields.lines import is_no_story
from scraper.fields.looks import is_bold
from scraper.fields.signs import Sign
from scraper.fields.units import Unit, Units
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded, one_line, overlap

MAX_TITLE_CHARS = 400
MIN_CALLED_CHARS = 10
MAX_OUTLET_WORDS = 4
MIN_HEAD_CHARS = 20
MAX_TOLD_CHARS = 1000
MAX_PARTS_CUT = 3
MAX_HEADINGS = 200
MAX_LINKED = 0.5
"""Share of a headline that may be a link; more, and it is the headline of another page."""

MIN_PREFIX_CHARS = 12
DISTRUST_OF_BOXES = 0.2
"""So much less agreement counts for a headline in a breadcrumb or the like."""

TRUST_IN_EXACT = 0.3
"""So much more for one that metadata give word for word."""

MIN_AGREEMENT = 0.6
"""Share of the words that a headline and what the page says of itself must have in common."""

_SEPARATOR = re.compile(r"\s+[|–—\-·•»«›‹<>:/\\~]+\s+|\s*[|•»›｜：]\s*|\s+::\s+")
_KICKER = re.compile(r"\s+[|–—\-·•»]\s+")
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
    names = outlets.names_of(document)
    told = [c for c in told if folded(c.value) not in names or folded(document.head_title) not in names]
    seen = _fitting(_headings(document, place))
    judged = [_judged(c, told, document, place, names=names) for c in seen]
    if not any(_is_certain(c, told, document, place) for c in judged):
        known = {c.node for c in seen}
        more = _fitting(c for c in _called(document, place) if c.node not in known)
        seen += more
        judged += [_judged(c, told, document, place, names=names) for c in more]
    best = _best_seen(judged, told, document, place)
    if best is None:
        best = _only_h1(seen, document, place)
    if best is not None:
        best = _well_set(_without_kicker(best, told, document), told, document)
        rest = [c if c.reason else replace(c, reason="another headline agrees better") for c in judged if c != best]
        hidden = [replace(c, reason="the visible headline wins") for c in told if folded(c.value) != folded(best.value)]
        return chosen(best, [*rest, *hidden])
    shown = _line_as_told(document, units, place, told)
    if shown is not None:
        return chosen(shown, judged)
    line = _called_above(judged, document, place) if not told or _only_title_tag(told) else None
    line = line or _line_above(document, units, place, seen) if _only_title_tag(told) else None
    if line is not None:
        return chosen(line, [*judged, *(replace(c, reason="nothing on the page bears it out") for c in told)])
    return chosen(told[0], judged) if told else None


# --- what the page says of itself -------------------------------------------------------------------------------------


def _told(document: Document) -> Iterator[Candidate[str]]:
    """Yield the titles that metadata give, without the outlet's name."""
    outlet = outlets.name_of(document)
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
    node = structured.article_of(document)
    for value in structured.texts(node.get("headline"))[:1] if node is not None else ():
        if value.strip():
            yield Candidate("jsonld:headline", one_line(value))
    if document.head_title:
        title = without_outlet(document.head_title, outlet, "")
        if title and folded(title) != folded(outlet):
            yield Candidate("html:title", title)


def without_outlet(title: str, outlet: str, whole: str) -> str:
    """Return the title without the outlet's name, which stands behind (or before) a dash, bar or dot.

    Only a last part that names the outlet, or a short one where no heading is to be asked (`whole` is ""), goes:
    `A - B | Tin tức` keeps `A - B`.
    """
    title = one_line(title[:MAX_TOLD_CHARS])
    for _ in range(MAX_PARTS_CUT):
        shorter = _one_part_less(title, folded(outlet), is_bold=not whole)
        if shorter == title:
            break
        title = shorter
    return title


def _one_part_less(title: str, name: str, *, is_bold: bool) -> str:
    before, _, after = title.partition(": ")
    if name and folded(before) == name and after:
        return after.strip()
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = parts[0], parts[-1]
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    end = folded(tail)
    if name and end and (end in name or name in end):
        return head
    if name and folded(title[: first.start()]) == name:
        return title[first.end() :].strip()
    is_bar = any(mark in last.group() for mark in "|»•")
    is_short = len(head) >= max(MIN_HEAD_CHARS, len(tail)) and (is_bar or len(tail.split()) <= MAX_OUTLET_WORDS)
    is_short = is_short and "：" not in last.group()
    return head if is_bold and is_short else title


def _only_title_tag(told: Sequence[Candidate[str]]) -> bool:
    return all(c.source == "html:title" for c in told)


# --- what a reader sees -----------------------------------------------------------------------------------------------


def _fitting(candidates: Iterable[Candidate[str]]) -> list[Candidate[str]]:
    return list(islice((c for c in candidates if 0 < len(c.value) <= MAX_TITLE_CHARS), 2 * MAX_HEADINGS))


def _is_certain(candidate: Candidate[str], told: Sequence[Candidate[str]], document: Document, place: Place) -> bool:
    """Tell whether a heading needs no rival: it stands free, and metadata give it word for word."""
    node = candidate.node or 0
    if candidate.reason or place.is_barred(node, document):
        return False
    return any(folded(candidate.value) == folded(c.value) for c in told)


def _headings(document: Document, place: Place) -> Iterator[Candidate[str]]:
    """Yield the headings of the page up to the end of the body.

    Lower headings count where they are called headlines, or are word for word a part of `<title>`.
    """
    end = document.ends[place.container]
    parts = _parts(document.head_title)
    for tag in _HEADINGS:
        for i in document.by_tag.get(tag, ())[:MAX_HEADINGS]:
            is_high = i < end and tag in _HIGH
            if is_high or _is_called_headline(document, i) or (i < end and folded(document.text(i)) in parts):
                yield Candidate(f"html:{tag}", document.text(i), i)


def _called(document: Document, place: Place) -> Iterator[Candidate[str]]:
    """Yield what else is called a headline up to the end of the body."""
    for i in signs.of(document).between(0, document.ends[place.container], Sign.HEADLINE):
        if _is_called_headline(document, i) and document.link_share(i) < MAX_LINKED:
            yield Candidate(f"html:{document.tags[i]}.title", document.text(i), i)


def _is_called_headline(document: Document, i: int) -> bool:
    is_fitting = MIN_CALLED_CHARS <= document.length(i) <= MAX_TITLE_CHARS
    return is_fitting and signs.of(document).bears(i, Sign.HEADLINE)


def _judged(
    candidate: Candidate[str],
    told: Sequence[Candidate[str]],
    document: Document,
    place: Place,
    *,
    names: frozenset[str],
) -> Candidate[str]:
    """Refuse a heading that nothing bears out where something could; the outlet's name and a link elsewhere too."""
    node = candidate.node if candidate.node is not None else 0
    outlet = folded(document.first_meta("og:site_name") or "")
    if (outlet and folded(candidate.value) == outlet) or folded(candidate.value) in names:
        return replace(candidate, reason="it is the name of the outlet")
    if told and agreement(candidate.value, told) < MIN_AGREEMENT:
        return replace(candidate, reason="neither metadata nor <title> bear it out")
    if not told and (place.is_barred(node, document) or document.link_share(node) > MAX_LINKED):
        return replace(candidate, reason="it stands in a box or is a link")
    return candidate


@lru_cache(maxsize=64)
def _parts(title: str) -> frozenset[str]:
    """Return the parts of a `<title>`, folded: headline, section, outlet."""
    return frozenset(map(folded, _PARTS.split(title)))


def agreement(value: str, told: Sequence[Candidate[str]]) -> float:
    """Return the share of words, 0 to 1, that the value has in common with what agrees with it best.

    A headline with which a longer title begins agrees too: the outlet's name follows it there.
    """
    key = folded(value)
    if len(key) >= MIN_PREFIX_CHARS and any(folded(c.value).startswith(f"{key} ") for c in told):
        return 1.0
    if any(key in _parts(c.value) for c in told if c.source == "html:title"):
        return 1.0
    return max((overlap(value, c.value) for c in told), default=0.0)


def _best_seen(
    judged: Sequence[Candidate[str]], told: Sequence[Candidate[str]], document: Document, place: Place
) -> Candidate[str] | None:
    """Return the headline: an h1 before anything else called so, the nearest to the body of those that agree."""
    left = [c for c in judged if c.reason is None]
    if not left:
        return None

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
    is_link = len(said) == 1 and document.link_share(said[0].node or 0) > MAX_LINKED
    return said[0] if len(said) == 1 and not is_link else None


def _without_kicker(best: Candidate[str], told: Sequence[Candidate[str]], document: Document) -> Candidate[str]:
    """Take the part of a headline that metadata give word for word, where an element of its own holds it."""
    rest = _KICKER.split(best.value, maxsplit=1)[-1]
    if any(folded(rest) == folded(c.value) for c in told if c.source != "html:title"):
        return replace(best, value=rest)
    if best.node is None or any(folded(best.value) == folded(c.value) for c in told):
        return best
    names = {folded(c.value) for c in told if len(c.value) > len(best.value) / 2}
    for i in range(best.node + 1, document.ends[best.node]):
        if document.length(i) < len(best.value) and folded(document.text(i)) in names:
            return replace(best, value=document.text(i))
    return best


def _well_set(best: Candidate[str], told: Sequence[Candidate[str]], document: Document) -> Candidate[str]:
    """Take spaces and punctuation from metadata that agree letter for letter, where pages leave them to the layout.

    A headline in several elements, kicker and line, is parted by CSS alone.
    """
    letters = folded(best.value).replace(" ", "")
    same = next((c.value for c in told if folded(c.value).replace(" ", "") == letters), None)
    if same is None or best.node is None or len(same) <= len(best.value):
        return best
    texts = document.between(best.node, document.ends[best.node], TEXT)
    return replace(best, value=same) if len(texts) > 1 else best


def _line_as_told(
    document: Document, units: Units, place: Place, told: Sequence[Candidate[str]]
) -> Candidate[str] | None:
    """Return the line that is, word for word, what metadata or `<title>` give: no tag or class calls it a headline."""
    keys = {folded(c.value) for c in told if len(c.value) >= MIN_LINE_CHARS}
    longest = max((len(c.value) for c in told), default=0)
    for unit in units.all if keys else ():
        if unit.start >= document.ends[place.container]:
            break
        is_fitting = MIN_LINE_CHARS <= unit.length <= longest and unit.link_share < MAX_LINKED
        if is_fitting and folded(unit.text) in keys and not place.is_barred(unit.start, document):
            return Candidate("heuristic:line as told", unit.text, _element_of(document, unit))
    return None


def _called_above(judged: Sequence[Candidate[str]], document: Document, place: Place) -> Candidate[str] | None:
    """Return what is called a headline, stands free and nearest above the story: `<title>` is the outlet's."""
    free = [
        c
        for c in judged
        if c.node is not None
        and c.node < document.ends[place.container]
        and place.prose[c.node] <= MAX_PROSE_ABOVE
        and not place.is_barred(c.node, document)
        and document.link_share(c.node) < MAX_LINKED
        and _is_called_headline(document, c.node)
        and len(_WORDS.findall(c.value)) >= MIN_LINE_WORDS
    ]
    return replace(max(free, key=lambda c: c.node or 0), reason=None) if free else None


def _line_above(
    document: Document, units: Units, place: Place, seen: Sequence[Candidate[str]]
) -> Candidate[str] | None:
    """Return the line above the story that looks most like a headline: called so, large, or bold and long.

    `<title>` alone does not speak against it: on many sites that is the outlet's name on every page.
    """
    called = {c.node for c in seen}
    lines: list[tuple[tuple[bool, bool, int], Unit]] = []
    for unit in units.all:
        if unit.start >= document.ends[place.container] or place.prose[unit.start] > MAX_PROSE_ABOVE:
            break
        line = _first_line(document, unit)
        if place.is_barred(unit.start, document) or not _could_be_headline(line):
            continue
        is_called, is_large = unit.block in called, _is_large(document, line)
        if is_called or is_large or is_bold(document, line):
            lines.append(((is_called, is_large, min(line.length, USUAL_TITLE_CHARS)), line))
    if not lines:
        return None
    best = max(lines, key=lambda ranked: ranked[0])[1]
    return Candidate("heuristic:line above the body", best.text, _element_of(document, best))


def _first_line(document: Document, unit: Unit) -> Unit:
    """Return what stands before a line break in a unit, which one break alone does not part: headline, then date."""
    end = next((i for i in range(unit.start, unit.end) if document.tags[i] == "br"), unit.end)
    return unit if end == unit.end else Unit(document, unit.start, end, unit.block)


def _element_of(document: Document, unit: Unit) -> int:
    """Return the outermost element that holds this line alone; on pages of `<br>` the block holds the story too."""
    best = unit.start
    for i in document.ancestors(unit.start):
        if i < unit.block or document.length(i) > unit.length:
            break
        best = i
    return best


def _could_be_headline(unit: Unit) -> bool:
    return (
        MIN_LINE_CHARS <= unit.length <= MAX_LINE_CHARS
        and unit.link_share < MAX_LINKED / 2
        and len(_WORDS.findall(unit.text)) >= MIN_LINE_WORDS
        and not unit.text.endswith((".", ",", ";", ":"))
        and not is_no_story(unit.text)
    )


def _is_large(document: Document, unit: Unit) -> bool:
    """Tell whether a heading tag, a `<font size>` or a style sets a line in large letters."""
    for i in document.ancestors(unit.start):
        if i < unit.block:
            break
        size = _LARGE.search(document.attribute(i, "style"))
        if document.tags[i] in _HEADINGS or size or document.attribute(i, "size") in {"4", "5", "6", "7", "+1", "+2"}:
            return True
    return False


MAX_PROSE_ABOVE = 80.0
"""Characters of prose that may stand above a headline: a notice, a menu's summary."""
USUAL_TITLE_CHARS = 70
MIN_LINE_CHARS = 12
MAX_LINE_CHARS = 250
MIN_LINE_WORDS = 4
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
_LARGE = re.compile(r"font-size\s*:\s*(?:1[89]|[2-5]\d)(?:\.\d+)?p[xt]|font-size\s*:\s*(?:x+-)?large")
