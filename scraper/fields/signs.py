"""What the class words of elements tell: whether one is called a date, a byline, a box of related news, and so on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from scraper.document import Document
from scraper.fields.class_words import Vocabulary


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
    HEADLINE = "headline"
    # By class and id alone:
    CAPTION = "caption"
    CREDIT = "credit"
    UNSEEN = "unseen"  # hidden from the eye, and left to screen readers
    BOX = "box"  # what is no story, of whatever kind
    LINE = "line"  # short lines that are no story: by-lines, dates, tags

    __hash__ = str.__hash__  # the enum's own is written in Python, and asked thousands of times a page


_WORDS: Mapping[Sign, str] = {
    Sign.DATE: """date(?!picker) (?<![a-z])time(?!line|r|s\\b|-now) [-_]time\\b (?<!status-)publish posted pubtime
        ngay-?(?:dang|viet)?\\b thoi-?gian datum fecha tarih zeit\\b tidspunkt <meta> timestamp""",
    Sign.CLOCK: """time-?now clock today current-?(?:date|time) date-?now ngay-?gio header-?(?:date|time) live-?time
        hien-?tai""",
    Sign.AUTHOR: """author by-?line tac-?gia autor(?!ef) auteur penname but-?danh writer journalist reporter contributor
        submitted post-?by nguoi-?viet <tg> redakteur creator skribent yazar written-?by <credits?> <firma>""",
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
    Sign.SIDE: """side-?bar <aside> footer <nav> menu <ads?> advert (?<!elementor-)widget newsletter cookie popup modal
        banner promo subscri right-?col""",
    Sign.HEADLINE: "headline (?<![a-z])title lbl-?title tieu-?de entry-title post-title article-?title titulo titre",
    Sign.CAPTION: """caption chu-?thich cutline image[-_]?(?:desc|text|title|info|legend) photo[-_]?(?:desc|text|info)
        (?<![a-z])legend bild(?:unterschrift|text|info) bildetekst didascalia pie-?(?:de-?)?foto leyenda
        img-?(?:desc|note|info) picture-?(?:desc|text) media-?(?:desc|info) byline-?image fotoinfo note""",
    Sign.CREDIT: """credit copyright (?<![a-z])source byline photographer author rights nguon fotograf quelle agency
        attribution owner provider""",
    Sign.UNSEEN: "visually-?hidden (?<![a-z])sr-?only screen-?reader <invisible>",
    Sign.BOX: """
        <respond> comment disqus binh-?luan y-?kien kommentar replies
        relat(?:ed|e(?![a-z])) relations?-?(?:box|list|news) relacionad
        verwandt lien-?quan recommend read-?(?:more|also|next|on) see-?also also-?(?:read|like) xem-?them doc-?them
        more-?(?:news|stories|from|on|links|articles|posts) other-?(?:news|post|article|stor) latest
        tin-?(?:khac|moi|lq) bai-?khac cung-?(?:chuyen-?)?muc popular most-?(?:read|view) trending doc-?nhieu
        xem-?nhieu outbrain taboola teaser up-?next next-?(?:article|post|up) post-?nav newsletter subscri sign-?up
        signup sign-?in log-?in(?![a-z]) donat promo(?!t) paywall-?(?:message|banner|prompt|box|offer) survey call-?to
        <cta> share sharing shr(?![a-z]) social(?!-?sec) follow-?(?:us|me|btn|button) facebook twitter(?!-tweet)
        whatsapp zalo side-?bar right-?(?:col|rail|side|bar) <rail> (?<![a-z])footer(?![a-z]{3})
        (?:site|page|main)footer <nav> navbar navigation menu breadcrumb crumbs?(?![a-z]) toolbar pagination
        pager(?![a-z]) cookie consent gdpr pop-?up modal overlay banner disclaimer copyright lightbox <ads?> advert
        adsbygoogle sponsor quang-?cao <qc> werbung anzeige publicidad
        (?<!elementor-)widget(?!s?-?(?:content|body|text|area)) <toc> table-?of-?contents (?<![a-z])not-prose
        print-?(?:only|button|link) sr-?only screen-?reader visually-?hidden skip-?(?:link(?!-?target)|to) tooltip""",
    Sign.LINE: """
        by-?line author(?!i) contributor tac-?gia autor(?!ef|i[sz]) auteur penname but-?danh post-?meta entry-?meta
        article-?meta <meta> metadata paywall <dates?> date-?time timestamp pub(?:lish|lished)?-?(?:date|time|on|at)
        ngay-?dang reading-?time read-?time <tags?> tag-?list hashtag keywords? tu-?khoa topics?-?list kicker rubrik
        categor(?:y|ies)-?(?:link|name|label|list) credits?(?![a-z]) rating votes?(?![a-z]) views?-?count""",
}
_NONE: frozenset[Sign] = frozenset()
_EACH = frozenset(Sign)
_OF_TYPES = _EACH - {Sign.CAPTION, Sign.CREDIT, Sign.UNSEEN, Sign.BOX, Sign.LINE}
_OF_TESTS = frozenset([Sign.DATE, Sign.AUTHOR, Sign.HEADLINE, Sign.COMMENT, Sign.RELATED, Sign.POPULAR])
_NAMING = (
    dict.fromkeys(("class", "id"), _EACH)
    | dict.fromkeys(("itemprop", "property", "role", "type"), _OF_TYPES)
    | dict.fromkeys(
        ("data-testid", "data-test-tag", "data-component", "data-gu-name", "data-qa", "data-role"), _OF_TESTS
    )
)
"""The attributes that call an element something, and which signs are read in them.

Where class names are made by a compiler, what elements are called stands in the attributes for tests.

Some CMSs name their boxes by `<div type="RelatedNewsBox">`; a type counts for the box, and not for what stands in it.
"""

_VOCABULARY = Vocabulary(_WORDS)
MAX_LEVELS = 40  # of elements around one that are asked what they are called
_NEVER = frozenset(["html", "body", "script", "style", "input", "link", "meta"])


def signs_of(marks: str) -> frozenset[Sign]:
    """Return what class, id and the like call an element; usually nothing."""
    return _VOCABULARY.meanings(marks)


class Spans:
    """Parts of a page, none within another: the outermost of some elements. `ends` are the document's."""

    def __init__(self, ends: Sequence[int], elements: Sequence[int]) -> None:
        self._ends = ends
        self._starts: list[int] = []
        end = -1
        for start in elements:
            if start >= end:
                self._starts.append(start)
                end = ends[start]

    def covers(self, i: int) -> bool:
        """Tell whether node i is in one of the parts."""
        before = bisect_right(self._starts, i)
        return before > 0 and i < self._ends[self._starts[before - 1]]

    def among(self, nodes: Sequence[int]) -> Iterator[int]:
        """Yield those of the nodes, which are in reading order, that are in one of the parts."""
        for start in self._starts:
            first = bisect_left(nodes, start)
            yield from nodes[first : bisect_left(nodes, self._ends[start], first)]


class Signs:
    """The elements of one page by what they are called.

    All but `on` leave out `<html>` and `<body>`, whose classes speak of the whole page, and what is not seen.
    """

    def __init__(self, document: Document) -> None:
        self._own = _merged(_told(document, name) for name in _NAMING if name != "type")
        self._found: defaultdict[Sign, list[int]] = defaultdict(list)
        called = _merged([self._own, _told(document, "type")])
        for i in sorted(called):
            for sign in called[i] if document.tags[i] not in _NEVER else ():
                self._found[sign].append(i)
        self._ends = document.ends
        self._spans: dict[Sign, Spans] = {}

    def on(self, i: int) -> frozenset[Sign]:
        """Return the signs that node i itself bears."""
        return self._own.get(i, _NONE)

    def having(self, sign: Sign) -> Sequence[int]:
        """Return the numbers of the elements that bear the sign, in reading order."""
        return self._found.get(sign, ())

    def bears(self, i: int, sign: Sign) -> bool:
        """Tell whether node i itself bears the sign."""
        return sign in self.on(i)

    def between(self, start: int, end: int, sign: Sign) -> Sequence[int]:
        """Return those of the nodes from start to end that bear the sign."""
        found = self.having(sign)
        return found[bisect_left(found, start) : bisect_left(found, end)]

    def among(self, nodes: Sequence[int], *signs: Sign) -> set[int]:
        """Return those of the nodes that bear one of the signs, or stand in what does."""
        return {i for sign in signs for i in self._parts(sign).among(nodes)}

    def covers(self, i: int, *signs: Sign) -> bool:
        """Tell whether node i, or what it stands in, bears one of the signs."""
        for sign in signs:  # noqa: SIM110 -- any() takes twice as long
            if self._parts(sign).covers(i):
                return True
        return False

    def _parts(self, sign: Sign) -> Spans:
        if sign not in self._spans:
            self._spans[sign] = Spans(self._ends, self.having(sign))
        return self._spans[sign]


def of(document: Document) -> Signs:
    """Return the signs of a page; gathered once."""
    return document.once(Signs)


def between(document: Document, i: int, root: int) -> frozenset[Sign]:
    """Return the signs of node i and of what it stands in, up to the root, whose own do not count."""
    on = of(document).on
    found = on(i)
    for level, ancestor in enumerate(document.ancestors(i)):
        if ancestor <= root or level > MAX_LEVELS:
            break
        found |= on(ancestor)
    return found


def inside(document: Document, i: int, sign: Sign) -> bool:
    """Tell whether an element in node i bears the sign."""
    starts = of(document).having(sign)
    after = bisect_right(starts, i)
    return after < len(starts) and starts[after] < document.ends[i]


def _told(document: Document, name: str) -> dict[int, frozenset[Sign]]:
    """Return what an attribute calls the elements that it calls something, by their numbers."""
    values, heard = document.with_attribute(name), _NAMING[name]
    told = _VOCABULARY.read(values.values())
    if heard is not _EACH:
        told = {value: signs & heard for value, signs in told.items() if signs & heard}
    return {i: told[value] for i, value in values.items() if value in told} if told else {}


def _merged(told: Iterable[dict[int, frozenset[Sign]]]) -> dict[int, frozenset[Sign]]:
    merged: dict[int, frozenset[Sign]] = {}
    for each in told:
        if each.keys().isdisjoint(merged):
            merged |= each
        else:
            merged |= {i: merged[i] | signs if i in merged else signs for i, signs in each.items()}
    return merged
