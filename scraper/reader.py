"""parse(): what a page says, field by field; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from scraper import sites as site_rules
from scraper.charset import decode_html
from scraper.document import Document
from scraper.fields import blocks, body, dates, images, kind, lead, people, title, units
from scraper.fields.candidates import Chosen
from scraper.models import Article, Headers, Kind, Provenance
from scraper.sites import Site

READER_VERSION = "1"
"""Raised with every change that may read a page differently."""


def parse(
    html: bytes,
    url: str,
    *,
    headers: Headers | Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    sites: Sequence[Site] | None = None,
) -> Article:
    """Read a page. `sites` are the rules to read by: None for those shipped, () for none. Never raises on any bytes."""
    document = Document(decode_html(html, _content_type(headers)), url, headers=headers, fetched_at=fetched_at)
    site = site_rules.find(site_rules.shipped() if sites is None else sites, url)
    return _Reading(document, site).article()


class _Reading:
    """One reading of one page: the rooms are asked in the order in which they need each other."""

    def __init__(self, document: Document, site: Site | None) -> None:
        self.document = document
        self.site = site
        self.provenance: dict[str, Provenance] = {}

    def article(self) -> Article:
        """Ask each room, and put together what they chose."""
        document, site = self.document, self.site
        texts = units.gather(document)
        place = body.find(document, texts, site=site)
        headline = title.choose(document, texts, place, site=site)
        above = headline.node if headline else None
        pictures, captions = images.choose(document, place, title=above)
        story = blocks.kept_units(document, texts, place, taken=captions.taken, title=headline)
        language = document.language
        kind_ = kind.choose(document, texts, place, story)
        byline = people.choose(document, language=language, title=above, body=place.container, site=site)
        story = blocks.without_bylines(document, story, byline.value if byline else ())
        summary = lead.choose(document, place, story, title=above, site=site)
        story = blocks.with_lead(document, texts, story, summary)
        pieces = blocks.build(document, place, story, pictures)
        moments = dates.choose(document, language=language, title=above, body=place.container, site=site)
        self.provenance["body"] = Provenance(place.source)
        return Article(
            url=document.url,
            kind=self._value("kind", kind_) or Kind.OTHER,
            title=self._value("title", headline),
            lead=self._value("lead", summary),
            body=blocks.text_of(pieces),
            blocks=pieces,
            published_at=self._value("published_at", moments.published),
            modified_at=self._value("modified_at", moments.modified),
            authors=tuple(self._value("authors", byline) or ()),
            language=language,
            images=tuple(picture.image for picture in pictures),
            provenance=MappingProxyType(self.provenance),
        )

    def _value(self, field: str, found: Chosen[Any] | None) -> Any:  # noqa: ANN401 -- the type is the field's
        """Note where a field's value came from, and return it."""
        if found is None:
            return None
        self.provenance[field] = found.provenance
        return found.value


def _content_type(headers: Headers | Mapping[str, str] | None) -> str | None:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return next((value for name, value in pairs if name.lower() == "content-type"), None)
