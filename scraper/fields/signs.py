"""What the class words of elements tell: whether one is called a date, a byline, a box of related news, and so on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from weakref import WeakKeyDictionary

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
    Sign.SIDE: """side-?bar <aside> footer <nav> menu <ads?> advert (?<!elementor-)widget newsletter cookie popup modal
        banner promo subscri right-?col""",
    Sign.HEADLINE: "headline (?<![a-z])title tieu-?de entry-title post-title article-?title titulo titre",
    Sign.CAPTION: """caption chu-?thich cutline image[-_]?(?:desc|text|title|info|legend) photo[-_]?(?:desc|text|info)
        (?<![a-z])legend bild(?:unterschrift|text|info) bildetekst didascalia pie-?(?:de-?)?foto leyenda
        img-?(?:desc|note|info) picture-?(?:desc|text) media-?(?:desc|info) byline-?image fotoinfo note""",
    Sign.CREDIT: """credit copyright (?<![a-z])source byline photographer author rights nguon fotograf quelle agency
        attribution owner provider""",
    Sign.UNSEEN: "visually-?hidden (?<![a-z])sr-?only screen-?reader <invisible>",
    Sign.BOX: """
        <respond> comment disqus binh-?luan y-?kien kommentar replies
        relat(?:ed|e[-_]) relations?-?(?:box|list|news) relacionad
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
_BY_NAME_ALONE = frozenset([Sign.CAPTION, Sign.CREDIT, Sign.UNSEEN, Sign.BOX, Sign.LINE])
_VOCABULARY = Vocabulary(_WORDS)
MAX_LEVELS = 40  # of elements around one that are asked what they are called
_NAMES = ("class", "id")
_TYPES = ("itemprop", "type")
_NEVER = frozenset(["html", "body", "script", "style", "input", "link", "meta"])


def signs_of(marks: str) -> frozenset[Sign]:
    """Return what class, id and the like call an element; usually nothing."""
    return _VOCABULARY.meanings(marks)


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

    def bears(self, i: int, sign: Sign) -> bool:
        """Tell whether node i itself bears the sign."""
        found = self.having(sign)
        before = bisect_left(found, i)
        return before < len(found) and found[before] == i

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
    found: defaultdict[Sign, set[int]] = defaultdict(set)
    for name in (*_NAMES, *_TYPES):
        for value, nodes in document.by_value(name).items():
            for sign in signs_of(value) if name in _NAMES else signs_of(value) - _BY_NAME_ALONE:
                found[sign].update(nodes)
    tags = document.tags
    return {sign: sorted(i for i in nodes if tags[i] not in _NEVER) for sign, nodes in found.items()}
