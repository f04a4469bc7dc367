"""Whom structured data and metadata name as authors: often the outlet in place of the person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scraper.document import Document
from scraper.fields import outlets, structured
from scraper.fields.candidates import Candidate
from scraper.fields.names import names
from scraper.text import folded, one_line

Names = tuple[str, ...]
MAX_OUTLET_CHARS = 80

METAS = (
    "article:author_name",
    "author",
    "article:author",
    "dable:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "sailthru.byline_name",
    "cxenseparse:author",
    "byl",
    "byline",
    "authors",
    "lp.article:author",
    "og:article:author",
    "citation_author",
    "news_authors",
)


def of_structured(document: Document, outlets: frozenset[str]) -> Iterator[Candidate[Names]]:
    """Yield the people that the article's JSON-LD names as its authors."""
    texts = _author_texts(document, people=True)
    if texts:
        found = distinct(name for text in texts for name in names(text) if folded(name) not in outlets)
        yield Candidate("jsonld:author", found)


def of_outlets(document: Document) -> Iterator[Candidate[Names]]:
    """Yield the organisations that the article's JSON-LD names as its authors."""
    texts = [text for text in _author_texts(document, people=False) if len(text) <= MAX_OUTLET_CHARS]
    if texts:
        yield Candidate("jsonld:author:outlet", distinct(texts))


def _author_texts(document: Document, *, people: bool) -> list[str]:
    """Return the authors' names in the article's JSON-LD; with `people`, those not marked as organisations."""
    nodes = structured.of(document)
    article = structured.article_of(document)
    authors = structured.resolve(nodes, article.get("author") or article.get("creator")) if article else []
    kept: list[Any] = [a for a in authors if not people or isinstance(a, str) or not _is_organisation(a)]
    return [one_line(text) for text in structured.texts(kept) if "://" not in text]


def _is_organisation(author: Any) -> bool:  # noqa: ANN401 - JSON holds any type
    return any("organization" in kind or "brand" in kind for kind in structured.types(author))


def of_meta(document: Document, outlets: frozenset[str]) -> Iterator[Candidate[Names]]:
    """Yield the people that the page's metadata name as its authors."""
    metas = document.meta
    for name in METAS:
        texts = [text for text in metas.get(name, ()) if "://" not in text]
        if texts:
            found = distinct(n for text in texts for n in names(text) if folded(n) not in outlets)
            yield Candidate(f"meta:{name}", found)


def own_names(document: Document) -> frozenset[str]:
    """Return what the newspaper calls itself, folded: a name that is no author's."""
    host = re.sub(r"^https?://(?:www\.)?|[:/].*$", "", document.url)
    found = [
        *document.meta.get("og:site_name", ()),
        *document.meta.get("application-name", ()),
        outlets.name_of(document),
        host,
        host.split(".")[0],
    ]
    for node in structured.of(document):
        found += structured.texts(node.get("publisher"))
    return frozenset(folded(text) for text in found)


def distinct(found: Iterable[str]) -> Names:
    """Return the names, each once however it is written, in order."""
    kept: dict[str, str] = {}
    for name in found:
        kept.setdefault(folded(name), name)
    return tuple(kept.values())
