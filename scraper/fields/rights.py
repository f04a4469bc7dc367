"""What page and headers say of rights: robots directives, text and data mining, licence, free or paid for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.document import Document
from scraper.fields import structured
from scraper.models import Rights
from scraper.text import one_line
from scraper.urls import join

MAX_CHARS = 500
_ROBOTS = ("robots", "googlebot", "googlebot-news", "bingbot")
_LICENCE_METAS = ("dcterms.license", "dc.rights.license", "dcterms.rights", "dc.rights", "license", "licence")
_TRUE = frozenset(["true", "yes", "1", "http://schema.org/true", "https://schema.org/true"])
_FALSE = frozenset(["false", "no", "0", "http://schema.org/false", "https://schema.org/false"])
_TIERS = {"free": True, "metered": False, "locked": False, "premium": False}


def choose(document: Document) -> Rights:
    """Read the rights; None in each place where neither page nor headers say anything.

    Text and data mining as the TDM Reservation Protocol has it (W3C community group, 2024): header or meta
    `tdm-reservation` of 0 or 1, and `tdm-policy`.
    """
    return Rights(
        robots=_robots(document),
        tdm_reservation=_reservation(document),
        tdm_policy=_url(document, _said(document, "tdm-policy")),
        licence=_licence(document),
        is_free=_is_free(document),
    )


def _headers(document: Document, name: str) -> list[str]:
    return [one_line(value)[:MAX_CHARS] for key, value in document.headers if key.lower() == name]


def _said(document: Document, name: str) -> str | None:
    """Return what the header says, which counts for the page before its meta does."""
    return next((text for text in (*_headers(document, name), *document.meta.get(name, ())) if text), None)


def _robots(document: Document) -> str | None:
    metas = [_of_agent(name, text) for name in _ROBOTS for text in document.meta.get(name, ())]
    directives = [part.strip() for text in [*metas, *_headers(document, "x-robots-tag")] for part in text.split(",")]
    return ", ".join(dict.fromkeys(part for part in directives if part))[:MAX_CHARS] or None


def _of_agent(name: str, text: str) -> str:
    """Write the directives for one crawler as X-Robots-Tag does, `googlebot: noindex`."""
    return (
        text if name == "robots" else ", ".join(f"{name}: {part.strip()}" for part in text.split(",") if part.strip())
    )


def _reservation(document: Document) -> bool | None:
    said = (_said(document, "tdm-reservation") or "").strip()
    return {"1": True, "0": False}.get(said)


def _licence(document: Document) -> str | None:
    for i, rel in document.with_attribute("rel").items():
        if "license" in rel.lower().split() and document.tags[i] in {"a", "link"}:
            return _url(document, document.attribute(i, "href"))
    node = structured.article_of(document)
    value = node.get("license") if node else None
    texts = structured.texts(value) or structured.texts(value.get("url") if isinstance(value, dict) else None)
    said = [*texts, *(text for name in _LICENCE_METAS for text in document.meta.get(name, ()))]
    return next((one_line(text)[:MAX_CHARS] for text in said if text.strip()), None)


def _is_free(document: Document) -> bool | None:
    node = structured.article_of(document)
    said = _truth(node.get("isAccessibleForFree")) if node else None
    if said is not None:
        return said
    tier = document.first_meta("article:content_tier") or ""
    return _TIERS.get(tier.strip().lower())


def _truth(value: object) -> bool | None:
    values: Iterable[object] = value if isinstance(value, list) else [value]
    for item in values:
        text = re.sub(r"\s", "", str(item)).lower()
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
    return None


def _url(document: Document, href: str | None) -> str | None:
    return join(document.base or document.url, href) if href else None
