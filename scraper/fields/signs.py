"""What the class words of elements tell: whether one is called a date, a byline, a box of related news, and so on."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from weakref import WeakKeyDictionary

from scraper.document import Document
from scraper.fields.class_words import cores


class Sign(StrEnum):
    """What an element is called, in English, Vietnamese and the other languages of class names."""

    DATE = "date"
    CLOCK = "clock"  # today's date, as page headers show it
    AUTHOR = "author"
    COMMENT = "comment"
    RELATED = "related"
    FEED = "feed"  # other news, whether made for the article or not
    POPULAR = "popular"
    CRUMBS = "crumbs"
    TAGS = "tags"
    SOURCE = "source"
    SIDE = "side"  # what stands beside the article: sidebars, footers, menus, advertisements


# Patterns parted by white space; `<word>` stands alone, with no letter beside it.
_WORDS: Mapping[Sign, str] = {
    Sign.DATE: """date(?!picker) (?<![a-z])time(?!line|r|s\\b|-now) [-_]time\\b (?<!status-)publish posted pubtime
        ngay-?(?:dang|viet)?\\b thoi-?gian datum fecha tarih zeit\\b tidspunkt <meta> timestamp""",
    Sign.CLOCK: """time-?now clock today current-?(?:date|time) date-?now ngay-?gio header-?(?:date|time) live-?time
        hien-?tai""",
    Sign.AUTHOR: """author by-?line tac-?gia autor(?!ef) auteur penname but-?danh writer journalist reporter contributor
        redakteur creator skribent yazar written-?by <credits?> <firma>""",
    Sign.COMMENT: "comment disqus binh-?luan y-?kien repl(?:y|ies) kommentar discussion",
    Sign.RELATED: """relat(?:ed|e|ion) lien-?quan read-?(?:more|also|next) see-?also similar verwandt relacion correl
        zum-?thema mehr-?zum en-?rapport lire-?aussi tham-?khao xem-?them inline-?(?:link|teaser|promo)""",
    Sign.FEED: """tin-?khac bai-?khac other cung-?(?:chuyen-?)?muc tin-?moi latest newest recommend
        more-?(?:news|from|stories) same-?(?:cat|news) news-?same doc-?them next-?(?:article|post) suggest outbrain
        taboola teaser also-?like""",
    Sign.POPULAR: """popular most-?(?:read|view|shared|comment) trending doc-?nhieu xem-?nhieu meist mas-?(?:leid|vist)
        plus-?lus piu-?letti <hot-?news> nhieu-?nhat top-?(?:news|read|stories) bestseller ranking""",
    Sign.CRUMBS: "breadcrumb bread-crumb <crumbs?> duong-?dan rubrik kicker brotkrumen fil-?ariane migas",
    Sign.TAGS: "<tags?> tag-?(?:list|box|cloud|links) keywords? tu-?khoa topics?(?![a-z]) hashtag schlagwort",
    Sign.SOURCE: "<source> nguon(?!g) quelle fuente fonte",
    Sign.SIDE: """side-?bar <aside> footer <nav> menu <ads?> advert widget newsletter cookie popup modal banner promo
        subscri right-?col""",
}
_ALONE = re.compile(r"<([a-z-]+\??)>")


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(_ALONE.sub(r"(?<![a-z])\1(?![a-z])", words).split()))


_EACH = {sign: _pattern(words) for sign, words in _WORDS.items()}
_ANY = cores("|".join(pattern.pattern for pattern in _EACH.values()))
MAX_MARK_CHARS = 300
MAX_LEVELS = 40  # of elements around one that are asked what they are called
_NEVER = frozenset(["html", "body", "script", "style", "input", "link", "meta"])


_NONE: frozenset[Sign] = frozenset()


def signs_of(marks: str) -> frozenset[Sign]:
    """Return what class, id and the like, lower-cased, call an element; usually nothing."""
    found = _NONE
    for word in marks[:MAX_MARK_CHARS].split():
        told = _signs_of_word(word)
        if told:
            found = found | told
    return found


@lru_cache(maxsize=32768)
def _signs_of_word(word: str) -> frozenset[Sign]:
    if not _ANY.search(word):
        return _NONE
    return frozenset([sign for sign, pattern in _EACH.items() if pattern.search(word)])


class Spans:
    """Parts of a page, none within another: the outermost of some elements."""

    def __init__(self, document: Document, elements: Sequence[int]) -> None:
        self._ends = document.ends
        self._starts: list[int] = []
        end = -1
        for start in elements:
            if start >= end:
                self._starts.append(start)
                end = document.ends[start]

    def covers(self, i: int) -> bool:
        """Tell whether node i is in one of the parts."""
        before = bisect_right(self._starts, i)
        return before > 0 and i < self._ends[self._starts[before - 1]]


class Signs:
    """The elements of one page by what they are called."""

    def __init__(self, document: Document) -> None:
        self._found = _gather(document)
        self._spans = {sign: Spans(document, found) for sign, found in self._found.items()}

    def having(self, sign: Sign) -> Sequence[int]:
        """Return the numbers of the elements that bear the sign, in reading order."""
        return self._found.get(sign, ())

    def between(self, start: int, end: int, sign: Sign) -> Sequence[int]:
        """Return those of the nodes from start to end that bear the sign."""
        found = self.having(sign)
        return found[bisect_left(found, start) : bisect_left(found, end)]

    def covers(self, i: int, *signs: Sign) -> bool:
        """Tell whether node i, or what it stands in, bears one of the signs."""
        for sign in signs:  # noqa: SIM110 -- any() takes twice as long
            if sign in self._spans and self._spans[sign].covers(i):
                return True
        return False


_KNOWN: WeakKeyDictionary[Document, Signs] = WeakKeyDictionary()


def of(document: Document) -> Signs:
    """Return the signs of a page; gathered once, and let go with the page."""
    found = _KNOWN.get(document)
    if found is None:
        found = _KNOWN[document] = Signs(document)
    return found


def between(document: Document, i: int, root: int) -> frozenset[Sign]:
    """Return the signs of node i and of what it stands in, up to the root, whose own do not count."""
    found = signs_of(document.marks(i))
    for level, ancestor in enumerate(document.ancestors(i)):
        if ancestor <= root or level > MAX_LEVELS:
            break
        found |= signs_of(document.marks(ancestor))
    return found


def inside(document: Document, i: int, sign: Sign) -> bool:
    """Tell whether an element in node i bears the sign."""
    starts = of(document).having(sign)
    after = bisect_right(starts, i)
    return after < len(starts) and starts[after] < document.ends[i]


def _gather(document: Document) -> dict[Sign, list[int]]:
    """Collect the signs; `<html>` and `<body>`, whose classes speak of the whole page, are left out.

    Some CMSs name their boxes by `<div type="RelatedNewsBox">`.
    """
    found: dict[Sign, list[int]] = {}
    known: dict[tuple[str | None, ...], frozenset[Sign]] = {}
    for i, attributes in enumerate(document.attributes):
        if not attributes:
            continue
        value_of = attributes.get
        names = (value_of("class"), value_of("id"), value_of("itemprop"), value_of("type"))
        told = known.get(names)
        if told is None:
            told = known[names] = signs_of(" ".join([name for name in names if name]).lower())
        if told and document.tags[i] not in _NEVER:
            for sign in told:
                found.setdefault(sign, []).append(i)
    return found
