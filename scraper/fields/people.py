"""Who wrote the article, as its byline has them: people; an outlet only where the page names nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from scraper.document import Document
from scraper.fields.author_data import Names, distinct, of_meta, of_outlets, of_structured, own_names
from scraper.fields.byline_lines import BylineLines
from scraper.fields.bylines import Bylines
from scraper.fields.candidates import Candidate, Chosen, first
from scraper.fields.names import names
from scraper.fields.signatures import Signatures
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded

MAX_SHORT_CHARS = 3  # of a byline that is initials; metadata may have the name


def choose(
    document: Document,
    *,
    language: str | None = None,
    title: int | None = None,
    body: int | None = None,
    site: Site | None = None,
) -> Chosen[Names] | None:
    """Choose the authors; None where the page has none.

    `title` and `body` are the numbers of the headline's element and of the text's container. In order of trust: the
    rules of the site, people of the JSON-LD, the byline at the headline or the end, meta, bylines of a few letters,
    links to profiles, the signature that ends the text. A desk or an agency that stands as the byline, or an outlet
    that JSON-LD names as author, is taken last, and never on Vietnamese pages, where it is a default of the CMS and
    authors sign the text.
    """
    finder = Bylines(document, title, body)
    is_vietnamese = (language or document.language or "").lower().startswith("vi")
    outlets = own_names(document)
    lines = BylineLines(finder)
    return first(
        chain(
            _of_rules(document, site),
            of_structured(document, outlets),
            _bylines_and(_shown_in_full(of_meta(document, outlets), lines), finder, is_vietnamese=is_vietnamese),
            finder.profiles(),
            Signatures(finder).candidates(is_vietnamese=is_vietnamese),
            lines.candidates(),
            lines.beside_dates() if is_vietnamese else (),
            () if is_vietnamese else of_outlets(document),
            () if is_vietnamese else finder.desks(),
        ),
        lambda candidate: None if candidate.value else "names no person",
    )


def _bylines_and(
    told: Iterable[Candidate[Names]], bylines: Bylines, *, is_vietnamese: bool
) -> Iterator[Candidate[Names]]:
    """Yield the bylines, what metadata tell, and after it the bylines of a few letters, which are full names there."""
    found = list(bylines.called())
    short = [c for c in found if len("".join(c.value)) <= MAX_SHORT_CHARS and not is_vietnamese]
    yield from (c for c in found if c not in short)
    yield from told
    yield from short


def _shown_in_full(told: Iterable[Candidate[Names]], lines: BylineLines) -> Iterator[Candidate[Names]]:
    """Yield what metadata tell, and before it the line of the page that has one of its names: it has them all."""
    for candidate in told:
        for line in lines.candidates() if candidate.value else ():
            if set(map(folded, line.value)) & set(map(folded, candidate.value)):
                yield line
        yield candidate


def _of_rules(document: Document, site: Site | None) -> Iterator[Candidate[Names]]:
    for hit in apply.candidates(site, "authors", document):
        yield Candidate(hit.source, distinct(name for text in hit.texts for name in names(text)))
