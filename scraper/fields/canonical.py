"""Under which URL the page itself wants to be known."""

from __future__ import annotations

from urllib.parse import urlsplit

from scraper import urls
from scraper.document import Document
from scraper.fields.candidates import Candidate, Chosen, first


def choose(document: Document) -> Chosen[str] | None:
    """Choose the canonical URL (RFC 6596), in the form by which URLs are known; None where the page names none.

    One of another site, or the front page named by a page that is none, is a template's mistake and refused.
    """
    links = (i for i in document.by_tag.get("link", ()) if "canonical" in document.attribute(i, "rel").lower().split())
    found = [Candidate("link:canonical", document.attribute(i, "href"), i) for i in links]
    found += [Candidate("meta:og:url", value) for value in document.meta.get("og:url", ())[:1]]
    joined = [Candidate(c.source, _joined(document, c.value), c.node) for c in found if c.value]
    return first(joined, lambda candidate: _refusal(document, candidate.value))


def _joined(document: Document, href: str) -> str:
    """Return the absolute URL, or "" where it is none; without a URL of the page, as it stands."""
    base = document.base or document.url
    url = urls.join(base, href) if base else href
    return urls.canonical(url) if url and urls.is_fetchable(url) else ""


def _refusal(document: Document, url: str) -> str | None:
    if not url:
        return "no URL that can be fetched"
    if document.url and not urls.same_site(url, document.url):
        return "it belongs to another site"
    if document.url and urlsplit(url).path in {"", "/"} and document.path not in {"", "/"}:
        return "it is the front page"
    return None
