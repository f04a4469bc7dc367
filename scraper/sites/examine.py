"""Try the rules of a site: on the tests in its file, and on any page, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from scraper.document import Document
from scraper.models import Article, Relation, iso
from scraper.reader import parse
from scraper.sites import apply
from scraper.sites.rules import Site, SiteTest, written
from scraper.text import nfc, one_line

MAX_SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A field that is not what a test expects."""

    field: str
    expected: object
    found: object
    source: str = ""  # of the value found, such as `heuristic:density`; "" where it has none


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one test."""

    site: str
    url: str
    mismatches: tuple[Mismatch, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether every field is as expected."""
        return not self.mismatches


@dataclass(frozen=True, slots=True)
class Explained:
    """What one rule does on one page."""

    field: str
    place: int  # in the site's list for the field, from 1
    rule: str  # as people would write it
    is_of_the_day: bool  # False: valid_from or valid_until keep it from this page
    found: tuple[str, ...]  # texts, or pieces of the page as <tag.class> with the text's beginning; () for nothing


# --- tests ------------------------------------------------------------------------------------------------------------


def run_tests(site: Site) -> Iterator[Tried]:
    """Read the pages of the site's tests with its rules, and compare; raises OSError for a page that is not there."""
    for test in site.tests:
        article = parse(_page_of(test), test.url, fetched_at=_noon(test.fetched_on), sites=(site,))
        yield Tried(site.id, test.url, tuple(_mismatches(article, test)))


def _page_of(test: SiteTest) -> bytes:
    return test.file.read_bytes() if test.file else (test.html or "").encode()


def _noon(day: date | None) -> datetime | None:
    return datetime.combine(day, time(12), UTC) if day else None


def _mismatches(article: Article, test: SiteTest) -> Iterator[Mismatch]:
    for field, expected in test.expect.items():
        found = _LOOKS[field](article) if field in _LOOKS else getattr(article, field)
        if field in {"contains", "lacks"}:
            yield from _pieces(field, expected, str(found))
        elif _comparable(found) != _comparable(expected):
            source = article.provenance[field].source if field in article.provenance else ""
            yield Mismatch(field, expected, _plain(found), source)


_LOOKS: dict[str, Callable[[Article], Any]] = {
    "captions": lambda article: [image.caption for image in article.images if image.caption],
    "credits": lambda article: [image.credit for image in article.images if image.credit],
    "related": lambda article: [link.url for link in article.related],
    "popular": lambda article: [link.url for link in article.links if link.relation is Relation.POPULAR],
    "contains": lambda article: article.body,
    "lacks": lambda article: article.body,
}


def _pieces(field: str, pieces: Sequence[str] | str, body: str) -> Iterator[Mismatch]:
    text = _comparable(body)
    for piece in [pieces] if isinstance(pieces, str) else pieces:
        if (_comparable(piece) in text) is (field == "lacks"):
            yield Mismatch(field, piece, "the body has it" if field == "lacks" else "the body does not have it")


def _plain(value: Any) -> Any:  # noqa: ANN401 -- values of all fields
    if isinstance(value, datetime | date):
        return iso(value)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value  # a closed set's member as its text


def _comparable(value: Any) -> Any:  # noqa: ANN401 -- values of all fields
    """Compare texts without regard to white space and case, dates as ISO 8601, lists without regard to order."""
    value = _plain(value)
    if isinstance(value, list):
        return sorted(_comparable(item) for item in value)
    return nfc(one_line(value)).casefold() if isinstance(value, str) else value


# --- rule by rule -----------------------------------------------------------------------------------------------------


def explain(site: Site, document: Document) -> Iterator[Explained]:
    """Tell of every rule of the site what it finds on the page."""
    day = document.fetched_at.date() if document.fetched_at else None
    for field, rules in site.fields.items():
        hits = {hit.source.rpartition("/")[2]: hit for hit in apply.candidates(site, field, document)}
        for place, rule in enumerate(rules, 1):
            hit = hits.get(str(place))
            yield Explained(field, place, written(rule), rule.holds_on(day), _shown(hit, document) if hit else ())
    for place, selector in enumerate(site.remove, 1):
        nodes = document.tree.css(selector)
        yield Explained("remove", place, selector, is_of_the_day=True, found=_shown_nodes(nodes, document))


def _shown(hit: apply.Hit, document: Document) -> tuple[str, ...]:
    return tuple(text[:MAX_SHOWN_CHARS] for text in hit.texts) or _shown_nodes(hit.nodes, document)


def _shown_nodes(nodes: Sequence[Any], document: Document) -> tuple[str, ...]:
    shown = []
    for node in nodes:
        number = document.index_of(node)
        text = document.text(number)[:MAX_SHOWN_CHARS] if number is not None else ""
        name = ".".join([node.tag, *(node.attributes.get("class") or "").split()])
        shown.append(f"<{name}> {text}".rstrip())
    return tuple(shown)
