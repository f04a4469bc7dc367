"""Which articles, sections and next page does a section's or a front page name.

By the site's rule for article URLs where it has one. On a site no one has described, what the page itself shows
decides: its article links have one form of URL, stand in repeated lists and bear headlines, and there are many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.charset import decode_html
from scraper.discover.article_urls import LIKELY, Shape, is_article_url, is_section_url, shape_of
from scraper.discover.pagination import next_page, split_page
from scraper.models import Found, Page, Role
from scraper.sites import Site
from scraper.urls import canonical, join, same_site

MAX_LINKS = 5_000
"""Links of one page that are looked at; a front page has 300."""

MAX_TITLE_CHARS = 300
HEADLINE_WORDS = 5
SECTION_WORDS = 7
HEADLINE_CHARS_CJK = 12

HABIT_LINKS = 8
HABIT_SHARE = 0.6
COST_OF_OTHER_ID = 4.0
COST_OF_NO_DATE = 2.0
"""Weights found on section pages of eleven Vietnamese newspapers; see tests/discover/truth."""

NAVIGATION = frozenset({"nav", "header", "footer"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LOOKED_UP = 12
"""Ancestors that are looked at to tell where a link stands."""


@dataclass(slots=True)
class _Candidate:
    """What the page's anchors to one URL show together."""

    url: str
    shape: Shape
    texts: list[str] = field(default_factory=list)
    title: str = ""  # of the anchor's title attribute, or of its picture's alt
    anchors: int = 0
    in_heading: bool = False
    in_navigation: bool = True  # every anchor stands in one
    has_picture: bool = False

    @property
    def headline(self) -> str | None:
        """Return the text that most looks like a headline, else the first."""
        texts = [text for text in self.texts if _is_headline(text)] or [text for text in self.texts if text]
        return (texts[0] if texts else self.title)[:MAX_TITLE_CHARS] or None


def read_listing(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return the articles that a page names in order of appearance, a front page's sections, and the next page."""
    tree = LexborHTMLParser(decode_html(page.body, page.header("content-type")))
    base = _base(tree, page.url)
    candidates = _candidates(tree, base)
    articles = _articles(candidates, site)
    named = {candidate.url for candidate in articles}
    found = [Found(candidate.url, Role.ARTICLE, candidate.headline) for candidate in articles]
    if is_front(page.url):
        found += [
            Found(c.url, Role.LISTING, c.headline)
            for c in candidates
            if c.url not in named and _is_section(c, page.url)
        ]
    following = next_page(page.url, _numbered(tree, base))
    if following is not None and following not in named:
        found = [link for link in found if link.url != following]
        found.append(Found(following, Role.LISTING, is_next_page=True))
    return tuple(found)


def is_front(url: str) -> bool:
    """Tell whether the URL is that of a whole newspaper, and not of a part of it."""
    return shape_of(url).depth == 0 and not shape_of(url).query


# --- the links of the page --------------------------------------------------------------------------------------------


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (join(url, node.attributes.get("href") or "") if node else None) or url


def _candidates(tree: LexborHTMLParser, base: str) -> list[_Candidate]:
    by_url: dict[str, _Candidate] = {}
    own = canonical(base)
    for anchor in tree.css("a[href]")[:MAX_LINKS]:
        href = anchor.attributes.get("href") or ""
        url = join(base, href.partition("#")[0]) if not href.startswith(("#", "javascript:")) else None
        if url is None or not same_site(url, base) or canonical(url) == own:
            continue
        url = canonical(url)
        _note(by_url.setdefault(url, _Candidate(url, shape_of(url))), anchor)
    return list(by_url.values())


def _note(candidate: _Candidate, anchor: LexborNode) -> None:
    """Add what one anchor shows of its URL."""
    candidate.anchors += 1
    text = " ".join(anchor.text(separator=" ").split())
    if text and text not in candidate.texts:
        candidate.texts.append(text)
    picture = anchor.css_first("img")
    candidate.has_picture |= picture is not None
    alt = (picture.attributes.get("alt") or "") if picture else ""
    candidate.title = candidate.title or " ".join((anchor.attributes.get("title") or alt).split())
    tags = {node.tag for node in _above(anchor)}
    candidate.in_heading |= not HEADINGS.isdisjoint(tags) or anchor.css_first("h1, h2, h3, h4, h5, h6") is not None
    candidate.in_navigation &= not NAVIGATION.isdisjoint(tags)


def _above(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _ in range(LOOKED_UP):
        if parent is None or parent.tag == "body":
            return
        yield parent
        parent = parent.parent


def _numbered(tree: LexborHTMLParser, base: str) -> Iterator[tuple[str, str, bool]]:
    for node in tree.css("link[rel][href], a[href]")[:MAX_LINKS]:
        url = join(base, node.attributes.get("href") or "")
        if url is None or not same_site(url, base):
            continue
        rel = (node.attributes.get("rel") or "").lower().split()
        words = node.text() or node.attributes.get("title") or node.attributes.get("aria-label") or ""
        yield url, " ".join(words.split()), "next" in rel


# --- which are articles -----------------------------------------------------------------------------------------------


def _articles(candidates: list[_Candidate], site: Site | None) -> list[_Candidate]:
    if site is not None and site.article_url is not None:
        return [candidate for candidate in candidates if is_article_url(candidate.url, site)]
    of_form = _evidence_by_form(candidates)
    habit = _habit(candidates)
    return [c for c in candidates if _evidence(c, of_form[c.shape.form]) - habit.cost(c.shape) >= LIKELY]


@dataclass(frozen=True, slots=True)
class _Habit:
    """What most article links of this page have in their URLs: an id of one kind, or a date; None for no habit."""

    key: tuple[str, bool, bool] | None = None
    is_dated: bool = False

    def cost(self, shape: Shape) -> float:
        """Return what speaks against a URL that does not keep to the habit."""
        if self.key is not None:
            return 0.0 if shape.key == self.key else COST_OF_OTHER_ID
        return COST_OF_NO_DATE if self.is_dated and not shape.is_dated else 0.0


def _habit(candidates: list[_Candidate]) -> _Habit:
    likely = [c.shape for c in candidates if _own_evidence(c) >= LIKELY]
    if len(likely) < HABIT_LINKS:
        return _Habit()
    key, count = Counter(shape.key for shape in likely).most_common(1)[0]
    if key is not None and count > len(likely) * HABIT_SHARE:
        return _Habit(key)
    return _Habit(is_dated=sum(shape.is_dated for shape in likely) > len(likely) * HABIT_SHARE)


def _evidence_by_form(candidates: Iterable[_Candidate]) -> dict[tuple[object, ...], float]:
    """Return for each form of URL what its links show on average."""
    forms: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for candidate in candidates:
        forms[candidate.shape.form].append(_own_evidence(candidate))
    return {form: sum(values) / len(values) for form, values in forms.items()}


def _evidence(candidate: _Candidate, of_form: float) -> float:
    if candidate.shape.is_never:
        return candidate.shape.evidence
    return (_own_evidence(candidate) + of_form) / 2


def _own_evidence(candidate: _Candidate) -> float:
    score = candidate.shape.evidence + _evidence_of_text(candidate)
    score += 0.5 * candidate.in_heading + 0.5 * candidate.has_picture
    return score - 1.5 * candidate.in_navigation


def _evidence_of_text(candidate: _Candidate) -> float:
    texts = [*candidate.texts, candidate.title]
    if any(_is_headline(text) for text in texts):
        return 1.5
    return -1.0 if any(texts) else 0.0


def _is_headline(text: str) -> bool:
    """Tell whether a text is as long as a headline: five words, or twelve letters of a script without spaces."""
    if _count_words(text) >= HEADLINE_WORDS:
        return True
    return len(text) >= HEADLINE_CHARS_CJK and ord(max(text)) > 0x2E80  # noqa: PLR2004 -- CJK begins there


def _count_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _is_section(candidate: _Candidate, front: str) -> bool:
    words = _count_words(min(candidate.texts, key=len, default=""))
    is_other = split_page(candidate.url)[0] != split_page(front)[0]
    return 0 < words <= SECTION_WORDS and is_other and is_section_url(candidate.url)
