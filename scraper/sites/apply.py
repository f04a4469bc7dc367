"""What the rules of a site find on a page: hits with their place in the rules, for the rooms of the fields to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from scraper.document import Document
from scraper.sites.patterns import MAX_SUBJECT_CHARS, kept, read_date
from scraper.sites.rules import DATE_FIELDS, NODE_FIELDS, Pick, Rule, Site
from scraper.text import nfc, one_line

MAX_PAGE_CHARS = 100_000
"""How much of a page's text a regex without `css` reads, line by line."""

MAX_NODES = 2_000
"""How many matches of one selector are looked at."""

MAX_NESTING = 5_000_000
"""A page nested deeper is read without selectors: each would take seconds. No article that was seen has 0.2 million."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What one rule found: never nothing. Dates are ISO 8601 where the rule tells their form, else as written."""

    source: str  # "site:tuoitre/title/1": the place of the rule in the site's list for the field, from 1
    texts: tuple[str, ...] = ()  # white space folded, NFC; empty for a field that is a piece of the page
    nodes: tuple[LexborNode, ...] = ()  # what css matched, in the page's order

    @property
    def text(self) -> str:
        """Return the first text, or "" for a field that is a piece of the page."""
        return self.texts[0] if self.texts else ""


def candidates(site: Site | None, field: str, document: Document) -> list[Hit]:
    """Return what the site's rules find for the field, in order of trust; [] without a site or a rule that matches."""
    if site is None:
        return []
    day = document.fetched_at.date() if document.fetched_at else None
    rules = enumerate(site.fields.get(field, ()), 1)
    found = (_hit(site, field, place, document) for place, rule in rules if rule.holds_on(day))
    return [hit for hit in found if hit]


def unwanted(site: Site | None, document: Document) -> list[LexborNode]:
    """Return the nodes that stand in the body and are not of it, as the site's `remove` has them; each once."""
    if site is None or not site.remove:
        return []
    return _distinct(node for selector in site.remove for node in _selected(selector, document))


def labels(site: Site | None, name: str) -> tuple[str, ...]:
    """Return the words that the site puts over a box (`related`, `popular`, …); () where its rules name none."""
    return site.labels.get(name, ()) if site else ()


def _hit(site: Site, field: str, place: int, document: Document) -> Hit | None:
    source = f"site:{site.id}/{field}/{place}"
    rule = site.fields[field][place - 1]
    nodes = _nodes(rule, document)
    if field in NODE_FIELDS:
        return Hit(source, nodes=tuple(nodes)) if nodes else None
    texts = [value for text in _texts(rule, nodes, document) for value in _values(rule, text)]
    if field in DATE_FIELDS:
        texts = [iso for text in texts if (iso := _moment(rule, text, site.timezone))]
    texts = _picked(texts, rule.pick)
    return Hit(source, tuple(texts), tuple(nodes)) if texts else None


def _nodes(rule: Rule, document: Document) -> list[LexborNode]:
    if rule.css is None:
        return []
    nodes = _distinct(_selected(rule.css, document))
    return nodes if rule.attribute is None else [node for node in nodes if node.attributes.get(rule.attribute)]


def _selected(selector: str, document: Document) -> list[LexborNode]:
    return document.tree.css(selector) if document.nesting <= MAX_NESTING else []


def _distinct(nodes: Sequence[LexborNode] | Iterator[LexborNode]) -> list[LexborNode]:
    """Drop what came twice: `css("a, b")` gives a node that matches both two times."""
    seen: dict[int, LexborNode] = {}
    for node in nodes:
        seen.setdefault(node.mem_id, node)
        if len(seen) >= MAX_NODES:
            break
    return list(seen.values())


def _texts(rule: Rule, nodes: Sequence[LexborNode], document: Document) -> list[str]:
    if rule.css is not None:
        return [_text_or_attribute(node, rule.attribute, document) for node in nodes]
    if rule.meta is not None:
        return list(document.meta.get(rule.meta.lower(), ()))
    if rule.jsonld is not None:
        return list(at_path(document.jsonld, rule.jsonld))
    return list(_lines(document))


def _text_or_attribute(node: LexborNode, attribute: str | None, document: Document) -> str:
    if attribute is None:
        number = document.index_of(node)
        return document.text(number) if number is not None else ""
    value = node.attributes.get(attribute) or ""
    return urljoin(document.url, value) if attribute in {"href", "src"} else value


def _values(rule: Rule, text: str) -> list[str]:
    text = nfc(one_line(text))
    if rule.regex is not None:
        text = kept(rule.regex, text) or ""
    pieces = text.split(rule.split) if rule.split else [text]
    return [stripped for piece in pieces if (stripped := piece.strip())]


def _moment(rule: Rule, text: str, timezone: str | None) -> str | None:
    """Return a date in ISO 8601; what is in ISO already and without an offset has that of the site."""
    if rule.date_form is not None:
        found = read_date(rule.date_form, text, timezone)
        return found.isoformat() if found else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    is_whole = moment.tzinfo is not None or len(text) <= len("2026-03-07")
    return text if is_whole or timezone is None else moment.replace(tzinfo=ZoneInfo(timezone)).isoformat()


def _picked(texts: list[str], pick: Pick) -> list[str]:
    if pick is Pick.ALL or not texts:
        return list(dict.fromkeys(texts))
    return [texts[-1] if pick is Pick.LAST else texts[0]]


def _lines(document: Document) -> Iterator[str]:
    """Yield the page's text piece by piece, each no longer than a regex may see, up to 100,000 characters."""
    left = MAX_PAGE_CHARS
    for text in document.texts:
        line = one_line(text[:MAX_SUBJECT_CHARS])
        if line:
            yield line
            left -= len(line)
        if left <= 0:
            return


# --- structured data --------------------------------------------------------------------------------------------------


def at_path(nodes: Sequence[Mapping[str, Any]], path: str) -> Iterator[str]:
    """Yield the texts at `datePublished`, `author.name` or, of one type, `NewsArticle.author.name`; lists are entered.

    A first word with a capital letter is the `@type` of the object to look in.
    """
    first, _, rest = path.partition(".")
    if first[:1].isupper():
        nodes = [node for node in nodes if first in _types(node)]
        path = rest
    for node in nodes:
        yield from _walk(node, path.split("."))


def _types(node: Mapping[str, Any]) -> tuple[object, ...]:
    kind = node.get("@type")
    return tuple(kind) if isinstance(kind, list) else (kind,)


def _walk(value: object, keys: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, keys)
    elif keys and isinstance(value, Mapping):
        yield from _walk(value.get(keys[0]), keys[1:])
    elif not keys and isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
