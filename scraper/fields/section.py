"""In which section the article stands, and under which topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from scraper.document import Document
from scraper.fields import signs, structured
from scraper.fields.candidates import Candidate, Chosen, first
from scraper.fields.region import block_of, inside
from scraper.fields.signs import Sign
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded, one_line
from scraper.urls import host_of

MAX_CHARS = 60
MAX_TAGS = 40
MAX_BOXES = 100  # of breadcrumbs or tags that are looked at
MIN_CRUMB_CHARS = 2
MAX_CRUMB_CHARS = 200

_HOME = frozenset(
    [
        *(
            "home",
            "homepage",
            "home page",
            "start",
            "startseite",
            "accueil",
            "inicio",
            "início",
            "portada",
            "principal",
        ),
        *("trang chủ", "trang nhất", "tin tức", "strona główna", "hjem", "hem", "etusivu", "anasayfa", "ana sayfa"),
        *("главная", "головна", "beranda", "domů", "úvod", "ホーム", "トップ", "top", "首頁", "首页", "홈"),
    ]
)
_NO_SECTION = re.compile(
    r"^(?:articles?|news article|default|null|undefined|none|uncategori[sz]ed|\W*)$", re.IGNORECASE
)
_TAG_LINK = re.compile(
    r"/(?:tags?|tu-khoa|topics?|chu-de|temas?|themen?|thema|etiquetas?|keywords?|hashtag|su-kien)[/.-]|[?&]tag="
)
NEAR_TEXT_CHARS = 1500  # of text after the body, in which a box of tags may stand
MAX_POSITION_DIGITS = 4
_SUFFIX = re.compile(r"\s[|–—-]\s")
_EXTENSION = re.compile(r"(?:/|\.(?:html?|aspx|php|shtml))$")


def choose_section(
    document: Document, *, title: str | None = None, headline: int | None = None, site: Site | None = None
) -> Chosen[str] | None:
    """Choose the section as the page names it; None where it names none.

    `title` is the headline, which often ends the breadcrumb and is no section; `headline` the number of its element. In
    order of trust: the rules of the site, `article:section`, `articleSection`, the breadcrumb's last step but for home
    and headline, meta, the link above the headline whose path this page's continues.
    """
    refused = {folded(title or ""), ""}

    def refuse(candidate: Candidate[str]) -> str | None:
        name = candidate.value
        if not name or len(name) > MAX_CHARS or "://" in name:
            return "no name of a section"
        if folded(name) in refused or name.casefold() in _HOME or _NO_SECTION.match(name):
            return "the home page or the headline"
        return None

    return first(chain(_sections(document, site, refused), _of_path(document, headline)), refuse)


def choose_tags(
    document: Document, *, body: int | None = None, site: Site | None = None
) -> Chosen[tuple[str, ...]] | None:
    """Choose the topics in the page's order, each once; None where it has none.

    `body` is the number of the text's container: boxes of tags count only near it, since menus have such boxes too.
    """
    return first(
        chain(
            _tag_rules(document, site),
            _tag_metas(document, "article:tag", "og:article:tag", "news_keywords"),
            _tag_nodes(document),
            _tag_boxes(document, body),
            _tag_metas(document, "parsely-tags", "sailthru.tags", "keywords"),
        ),
        lambda candidate: _no_topics(document, candidate),
    )


def _no_topics(document: Document, candidate: Candidate[tuple[str, ...]]) -> str | None:
    """Refuse no topics, and `keywords` that templates write on every page: the newspaper's name, `tin tức`."""
    outlet = folded(f"{document.first_meta('og:site_name') or ''} {_SUFFIX.split(document.head_title)[-1]}")
    names = [] if candidate.source != "meta:keywords" else candidate.value
    is_of_template = bool(names) and all(folded(name) in outlet or name.casefold() in _HOME for name in names)
    return "names the newspaper alone" if is_of_template else None if candidate.value else "empty"


# --- section ----------------------------------------------------------------------------------------------------------


def _sections(document: Document, site: Site | None, refused: set[str]) -> Iterator[Candidate[str]]:
    for hit in apply.candidates(site, "section", document):
        yield Candidate(hit.source, hit.text)
    node = structured.article_of(document)
    for name in ("article:section", "og:article:section"):
        for text in document.meta.get(name, ()):
            yield Candidate(f"meta:{name}", one_line(text))
    for text in structured.texts(node.get("articleSection")) if node else ():
        yield Candidate("jsonld:articleSection", one_line(text.split(",")[0]))
    for text in reversed(_breadcrumb(structured.of(document))):
        yield Candidate("jsonld:BreadcrumbList", text)
    for i in signs.of(document).having(Sign.CRUMBS)[:MAX_BOXES]:
        steps = [text for text in _steps(document, i) if folded(text) not in refused and text.casefold() not in _HOME]
        if steps:
            yield Candidate("breadcrumb", steps[-1], i)
    for name in ("section", "parsely-section", "cxenseparse:section", "dc.subject", "category"):
        for text in document.meta.get(name, ()):
            yield Candidate(f"meta:{name}", one_line(text))


def _of_path(document: Document, headline: int | None) -> Iterator[Candidate[str]]:
    """Yield the nearest link above the headline that leads to a folder in which this page stands: `/y-te` of `/y-te/1`.

    A line in which other links lead elsewhere is a menu, and tells nothing of this page.
    """
    above = [i for i in document.by_tag.get("a", ()) if headline is not None and i < headline]
    for i in reversed(above[-MAX_BOXES:]):
        if not _leads_here(document, i) or _folder(document, i) == "":  # the home page
            continue
        line = inside(document, block_of(document, i))
        if all(_leads_here(document, j) for j in line if document.tags[j] == "a"):
            yield Candidate("link:folder above the headline", document.text(i), i)
            return


def _leads_here(document: Document, i: int) -> bool:
    """Tell whether a link leads to a folder in which this page stands, the home page being the outermost."""
    folder = _folder(document, i) if 0 < document.length(i) <= MAX_CHARS else None
    return folder is not None and document.path.startswith(f"{folder}/")


def _folder(document: Document, i: int) -> str | None:
    """Return the path of a link within the newspaper, without slash or extension; None where it leads elsewhere."""
    href = document.attribute(i, "href")
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    is_elsewhere = bool(parts.query) or (parts.netloc and host_of(href) != host_of(document.url))
    is_path = parts.path.startswith("/") and not is_elsewhere
    return _EXTENSION.sub("", parts.path) if is_path else None


def _breadcrumb(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the steps of the first BreadcrumbList in order of position."""
    for node in nodes:
        inner = node if "breadcrumblist" in structured.types(node) else node.get("breadcrumb")
        items = inner.get("itemListElement") if isinstance(inner, dict) else None
        if isinstance(items, list):
            steps = [item for item in items if isinstance(item, dict)]
            return [text for step in sorted(steps, key=_position) for text in _step_texts(step)[:1]]
    return []


def _position(step: Mapping[str, Any]) -> int:
    position = str(step.get("position"))
    return int(position) if position.isdecimal() and len(position) <= MAX_POSITION_DIGITS else 0


def _step_texts(step: Mapping[str, Any]) -> list[str]:
    return [one_line(text) for text in structured.texts(step.get("name")) or structured.texts(step.get("item"))]


def _steps(document: Document, i: int) -> list[str]:
    """Return the texts of the links of a breadcrumb, or its own where it is one link or none."""
    if document.length(i) > MAX_CRUMB_CHARS:
        return []
    links = [j for j in inside(document, i) if document.tags[j] == "a"]
    texts = [document.text(j).strip(" ›»>/|") for j in links] or [document.text(i)]
    return [text for text in texts if MIN_CRUMB_CHARS <= len(text) <= MAX_CHARS]


# --- tags -------------------------------------------------------------------------------------------------------------


def _tag_rules(document: Document, site: Site | None) -> Iterator[Candidate[tuple[str, ...]]]:
    for hit in apply.candidates(site, "tags", document):
        yield Candidate(hit.source, _distinct(hit.texts))


def _tag_metas(document: Document, *names: str) -> Iterator[Candidate[tuple[str, ...]]]:
    for name in names:
        texts = document.meta.get(name, ())
        if texts:
            yield Candidate(f"meta:{name}", _distinct(part for text in texts for part in re.split(r"[,;、，]", text)))


def _tag_nodes(document: Document) -> Iterator[Candidate[tuple[str, ...]]]:
    node = structured.article_of(document)
    if node and node.get("keywords"):
        texts = structured.texts(node.get("keywords"))
        yield Candidate("jsonld:keywords", _distinct(part for text in texts for part in re.split(r"[,;、，]", text)))


def _tag_boxes(document: Document, body: int | None) -> Iterator[Candidate[tuple[str, ...]]]:
    """Yield the links of boxes called tags, then those marked `rel=tag` or that lead to a tag's page."""
    for i in signs.of(document).having(Sign.TAGS)[:MAX_BOXES]:
        links = [j for j in inside(document, i) if document.tags[j] == "a"]
        texts = [document.text(j).lstrip("# ") for j in links if document.length(j) <= MAX_CHARS]
        if texts and len(texts) == len(links) and _is_near(document, i, body):
            yield Candidate("box:tags", _distinct(texts), i)
    marked = [
        i
        for i in document.by_tag.get("a", ())
        if _is_near(document, i, body)
        and ("tag" in document.attribute(i, "rel").split() or _TAG_LINK.search(document.attribute(i, "href")))
    ]
    if marked:
        yield Candidate("link:tag", _distinct(document.text(i).lstrip("# ") for i in marked))


def _is_near(document: Document, i: int, body: int | None) -> bool:
    if body is None or i < body:
        return False
    return document.chars[i] - document.chars[document.ends[body]] <= NEAR_TEXT_CHARS


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for text in texts:
        name = one_line(text).strip(" ,;")
        if name and len(name) <= MAX_CHARS:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:MAX_TAGS]
