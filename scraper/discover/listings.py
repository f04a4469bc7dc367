"""Which articles, sections and next page does a section's or a front page name.

By the site's rule for article URLs where it has one. On a site no one has described, what the page itself shows
decides: its article links have one form of URL, stand in repeated lists and bear headlines, and there are many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from scraper.discover.anchors import Anchor, anchors_of
from scraper.discover.article_urls import LIKELY, Shape, is_article_url, is_section_url, shape_of
from scraper.discover.pagination import next_page, next_page_by_rule, split_page
from scraper.models import Found, Page, Role
from scraper.sites import Site

MAX_TITLE_CHARS = 300
HEADLINE_WORDS = 5
SECTION_WORDS = 7
HEADLINE_CHARS_CJK = 12

HABIT_LINKS = 8
HABIT_SHARE = 0.6
COST_OF_OTHER_ID = 4.0
COST_OF_NO_DATE = 2.0
"""Weights found on section pages of eleven Vietnamese newspapers; see tests/discover/truth."""


@dataclass(slots=True)
class _Candidate:
    """What the page's anchors to one URL show together."""

    url: str
    shape: Shape
    texts: list[str] = field(default_factory=list)
    title: str = ""  # of the anchor's title attribute, or of its picture's alt
    in_heading: bool = False
    in_navigation: bool = True  # every anchor stands in one
    has_picture: bool = False

    def note(self, anchor: Anchor) -> None:
        """Add what one anchor shows."""
        if anchor.text and anchor.text not in self.texts:
            self.texts.append(anchor.text)
        self.title = self.title or anchor.title
        self.has_picture |= anchor.has_picture
        self.in_heading |= anchor.in_heading
        self.in_navigation &= anchor.in_navigation

    @property
    def headline(self) -> str | None:
        """Return the text that most looks like a headline, else the first."""
        texts = [text for text in self.texts if _is_headline(text)] or [text for text in self.texts if text]
        return (texts[0] if texts else self.title)[:MAX_TITLE_CHARS] or None


def read_listing(page: Page, site: Site | None = None) -> tuple[Found, ...]:
    """Return the articles that a page names in order of appearance, a front page's sections, and the next page."""
    anchors = anchors_of(page)
    candidates = _candidates(anchors)
    articles = _articles(candidates, site)
    named = {candidate.url for candidate in articles}
    following = next_page(page.url, ((a.url, a.text or a.title, a.says_next) for a in anchors))
    if following is None and articles and site is not None and site.page_url is not None and not is_front(page.url):
        following = next_page_by_rule(page.url, site.page_url)
    found = [Found(candidate.url, Role.ARTICLE, candidate.headline) for candidate in articles]
    if is_front(page.url):
        named.add(following or "")
        sections = (c for c in candidates if c.url not in named and _is_section(c, page.url))
        found += [Found(section.url, Role.LISTING, section.headline) for section in sections]
    if following is not None:
        found = [link for link in found if link.url != following]
        found.append(Found(following, Role.LISTING, is_next_page=True))
    return tuple(found)


def is_front(url: str) -> bool:
    """Tell whether the URL is that of a whole newspaper, and not of a part of it."""
    return shape_of(url).depth == 0 and not shape_of(url).query


def _candidates(anchors: Iterable[Anchor]) -> list[_Candidate]:
    by_url: dict[str, _Candidate] = {}
    for anchor in anchors:
        if not anchor.says_next:
            by_url.setdefault(anchor.url, _Candidate(anchor.url, shape_of(anchor.url))).note(anchor)
    return list(by_url.values())


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
