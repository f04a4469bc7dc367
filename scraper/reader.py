"""parse(): what a page says, field by field; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from scraper import sites as site_rules
from scraper.charset import decode
from scraper.document import Document
from scraper.fields import (
    blocks,
    body,
    canonical,
    dates,
    images,
    kind,
    language,
    lead,
    links,
    listed,
    people,
    rights,
    section,
    title,
    units,
)
from scraper.fields.candidates import Chosen
from scraper.models import Article, Block, Headers, Image, Kind, Provenance
from scraper.sites import Site

READER_VERSION = "1"
"""Raised with every change that may read a page differently."""

SAMPLE_UNITS = 12
"""As many paragraphs tell the language."""


def parse(
    html: bytes,
    url: str,
    *,
    headers: Headers | Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    sites: Sequence[Site] | None = None,
) -> Article:
    """Read a page. `sites` are the rules to read by: None for those shipped, () for none. Never raises on any bytes."""
    markup = decode(html, _content_type(headers)).markup
    document = Document(markup, url, headers=headers, fetched_at=fetched_at)
    site = site_rules.find(site_rules.shipped() if sites is None else sites, url)
    return _Reading(document, site).article()


@dataclass(frozen=True, slots=True)
class _Story:
    """The article's own part of a page: what the other rooms are asked about."""

    place: body.Place
    title: Chosen[str] | None
    kind: Chosen[Kind]
    language: Chosen[str] | None
    authors: Chosen[tuple[str, ...]] | None
    lead: Chosen[str] | None
    blocks: tuple[Block, ...]
    images: tuple[Image, ...]

    @property
    def above(self) -> int | None:
        """Return the number of the headline's element, or None if no element shows it."""
        return self.title.node if self.title else None


class _Reading:
    """One reading of one page: the rooms are asked in the order in which they need each other."""

    def __init__(self, document: Document, site: Site | None) -> None:
        self.document = document
        self.site = site
        self.provenance: dict[str, Provenance] = {}

    def article(self) -> Article:
        """Ask each room, and put together what they chose."""
        document, site = self.document, self.site
        story = self._story()
        where = {"title": story.above, "body": story.place.container}
        tongue = self._value("language", story.language)
        is_listing = story.kind.value is Kind.LISTING
        moments = dates.choose(document, language=tongue, site=site, **where)
        origin = None if is_listing else moments.origin
        links_ = links.choose(document, is_article_page=not is_listing, site=site, **where)
        self.provenance["body"] = Provenance(story.place.source)
        title_ = self._value("title", story.title)
        return Article(
            url=document.url,
            canonical_url=self._value("canonical_url", canonical.choose(document)),
            kind=self._value("kind", story.kind),
            title=title_,
            lead=self._value("lead", story.lead),
            body=blocks.text_of(story.blocks),
            blocks=story.blocks,
            published_at=self._value("published_at", None if is_listing else moments.published),
            modified_at=self._value("modified_at", None if is_listing else moments.modified),
            authors=() if is_listing else tuple(self._value("authors", story.authors) or ()),
            section=self._value(
                "section", section.choose_section(document, title=title_, headline=story.above, site=site)
            ),
            tags=tuple(self._value("tags", section.choose_tags(document, body=where["body"], site=site)) or ()),
            language=tongue,
            source_name=origin.value.name if origin else None,
            source_published_at=self._value("source_name", origin).published_at if origin else None,
            images=story.images,
            related=tuple(self._value("related", links_.related) or ()),
            links=links_.others,
            rights=rights.choose(document),
            provenance=MappingProxyType(self.provenance),
        )

    def _story(self) -> _Story:
        document, site = self.document, self.site
        texts = units.gather(document)
        place = body.find(document, texts, site=site)
        headline = title.choose(document, texts, place, site=site)
        above = headline.node if headline else None
        pictures, captions = images.choose(document, place, title=above, site=site)
        kept = blocks.kept_units(document, texts, place, taken=captions.taken, title=headline)
        kind_ = kind.choose(document, texts, place, kept)
        if kind_.value is Kind.LISTING:
            kept = listed.units_of(document, texts, headline, kept)
        spoken = language.choose(document, text=" ".join(unit.text for unit in kept[:SAMPLE_UNITS]))
        known = spoken.value if spoken else None
        byline = people.choose(document, language=known, title=above, body=place.container, site=site)
        kept = blocks.without_bylines(document, kept, byline.value if byline else ())
        summary = lead.choose(document, place, kept, title=above, site=site)
        kept = blocks.with_lead(document, texts, kept, summary)
        return _Story(
            place=place,
            title=headline,
            kind=kind_,
            language=spoken,
            authors=byline,
            lead=summary,
            blocks=blocks.build(document, place, kept, pictures),
            images=tuple(picture.image for picture in pictures),
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
