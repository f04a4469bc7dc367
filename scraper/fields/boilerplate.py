"""Which parts of a page are not its story: menus, boxes of other news, share bars, notices, comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scraper.document import Document
from scraper.fields.class_words import cores

BARRED_TAGS = frozenset(["nav", "footer", "aside", "form", "button", "dialog", "menu", "label", "fieldset"])
"""Elements that by their name hold no story."""

_BOXES = """
    comment|disqus|binh-?luan|y-?kien|kommentar|replies
    |relat(?:ed|e[-_])|relations?-?(?:box|list|news)|relacionad|verwandt|lien-?quan|recommend|read-?(?:more|also|next|on)|see-?also|also-?(?:read|like)|xem-?them|doc-?them
    |more-?(?:news|stories|from|on|links|articles|posts)|other-?(?:news|post|article|stor)|latest|tin-?(?:khac|moi|lq)|bai-?khac|cung-?(?:chuyen-?)?muc
    |popular|most-?(?:read|view)|trending|doc-?nhieu|xem-?nhieu|outbrain|taboola|teaser|up-?next|next-?(?:article|post|up)|post-?nav
    |newsletter|subscri|sign-?up|signup|sign-?in|log-?in(?![a-z])|donat|promo(?!t)|paywall-?(?:message|banner|prompt|box|offer)|survey|call-?to|(?<![a-z])cta(?![a-z])
    |share|sharing|shr(?![a-z])|social(?!-?sec)|follow-?(?:us|me|btn|button)|facebook|twitter(?!-tweet)|whatsapp|zalo
    |side-?bar|right-?(?:col|rail|side|bar)|(?<![a-z])rail(?![a-z])|(?<![a-z])footer(?![a-z]{3})|(?:site|page|main)footer|(?<![a-z])nav(?![a-z])|navbar|navigation|menu|breadcrumb|crumbs?(?![a-z])|toolbar|pagination|pager(?![a-z])
    |cookie|consent|gdpr|pop-?up|modal|overlay|banner|disclaimer|copyright|lightbox
    |(?<![a-z])ads?(?![a-z])|advert|adsbygoogle|sponsor|quang-?cao|(?<![a-z])qc(?![a-z])|werbung|anzeige|publicidad
    |(?<!elementor-)widget(?!s?-?(?:content|body|text|area))|(?<![a-z])toc(?![a-z])|table-?of-?contents
    |(?<![a-z])not-prose|print-?(?:only|button|link)|sr-?only|screen-?reader|visually-?hidden|skip-?(?:link(?!-?target)|to)|tooltip
"""
_LINES = """
    by-?line|author(?!i)|contributor|tac-?gia|autor(?!ef|i[sz])|auteur|penname|but-?danh|post-?meta|entry-?meta|article-?meta|(?<![a-z])meta(?![a-z])|metadata
    |(?<![a-z])dates?(?![a-z])|date-?time|timestamp|pub(?:lish|lished)?-?(?:date|time|on|at)|ngay-?dang|reading-?time|read-?time
    |(?<![a-z])tags?(?![a-z])|tag-?list|hashtag|keywords?|tu-?khoa|topics?-?list|kicker|rubrik|categor(?:y|ies)-?(?:link|name|label|list)
    |credits?(?![a-z])|rating|votes?(?![a-z])|views?-?count
"""


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("".join(words.split()))


_BOX = _pattern(_BOXES)
_LINE = _pattern(_LINES)
_ANY = cores(f"{_BOX.pattern}|{_LINE.pattern}")
_NEVER_STORY = frozenset(["nav", "footer"])
_NAMED_FOR_LOOKS = frozenset(
    ["figure", "figcaption", "picture", "img", "amp-img", "h2", "h3", "h4", "h5", "h6", "body", "html", "main"]
)
"""Elements that are what their tag says, whatever look their classes give them: `h2.widget-title`."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_INLINE = frozenset(["a", "b", "strong", "em", "i", "u", "span", "font", "mark", "abbr"])
_PARTING = frozenset("|•·–—:/")
MIN_CHARS_GOING_ON = 40
MAX_MARK_CHARS = 300
MAX_SHARE = 0.34
MAX_CHARS_BESIDE_FIGURE = 30
MIN_LEAD_CHARS = 60
MAX_LINE_CHARS = 300
"""A by-line or date line is short; what is longer and so called holds a story."""


def find(document: Document, prose: Sequence[float]) -> list[int]:
    """Return the outermost elements that are no story, in reading order.

    `prose[i]` is the sum of the prose before node i. An element that holds a third of the page's is not barred,
    whatever it is called, since wrappers bear names such as `has-sidebar`.
    """
    limit = MAX_SHARE * prose[-1]
    ends, attributes, tags = document.ends, document.attributes, document.tags
    found: list[int] = []
    i, last = 0, len(tags)
    while i < last:
        is_named = tags[i] in BARRED_TAGS and not (tags[i] == "aside" and _frames_figure(document, i))
        if (
            (is_named or (attributes[i] and _is_called_barred(document, i)))
            and (prose[ends[i]] - prose[i] <= limit or tags[i] in _NEVER_STORY)
            and not (tags[i] in _INLINE and _is_in_sentence(document, i))
        ):
            found.append(i)
            i = ends[i]
        else:
            i += 1
    return found


def _is_in_sentence(document: Document, i: int) -> bool:
    """Tell whether running text goes on right behind an inline element: `<p><a class="tag-link">Hanoi</a> is …`."""
    after = document.ends[i]
    return (
        after < document.ends[document.parents[i]]
        and len(document.texts[after]) >= MIN_CHARS_GOING_ON
        and document.texts[after].lstrip()[:1] not in _PARTING
    )


def outermost(document: Document, nodes: Iterable[int]) -> list[int]:
    """Return the nodes that stand in no other of them; in reading order, as they are given."""
    kept: list[int] = []
    for i in nodes:
        if not kept or i >= document.ends[kept[-1]]:
            kept.append(i)
    return kept


def covers(document: Document, nodes: Sequence[int], i: int) -> bool:
    """Tell whether node i stands in one of the nodes, which are outermost and in reading order."""
    before = bisect_right(nodes, i) - 1
    return before >= 0 and i < document.ends[nodes[before]]


def _is_called_barred(document: Document, i: int) -> bool:
    own = document.attributes[i]
    if _is_hidden(own):
        return True
    class_, id_ = own.get("class"), own.get("id")
    if not (class_ or id_) or document.tags[i] in _NAMED_FOR_LOOKS:
        return False
    is_box, is_line = calls_itself(class_, id_)
    if is_box:
        return not (_frames_figure(document, i) or _is_lead(document, i, class_, id_))
    return is_line and document.length(i) <= MAX_LINE_CHARS


@lru_cache(maxsize=16384)
def calls_itself(class_: str | None, id_: str | None) -> tuple[bool, bool]:
    """Tell whether class and id call an element a box that holds no story, and whether a by-line or the like."""
    marks = f"{class_ or ''} {id_ or ''}".lower()[:MAX_MARK_CHARS]
    if not _ANY.search(marks):
        return False, False
    return _BOX.search(marks) is not None, _LINE.search(marks) is not None


def _is_lead(document: Document, i: int, class_: str | None, id_: str | None) -> bool:
    """Tell whether what is called a teaser leads nowhere: `div.teaser-text` is the lead in German systems."""
    marks = f"{class_ or ''} {id_ or ''}".lower()
    if "teaser" not in marks or calls_itself(marks.replace("teaser", " "), None)[0]:
        return False
    is_text = document.length(i) >= MIN_LEAD_CHARS and not document.link_share(i)
    return is_text and not any(tag in {"a", "h2", "h3", "h4"} for tag in document.tags[i : document.ends[i]])


def _frames_figure(document: Document, i: int) -> bool:
    """Tell whether a picture with its caption is all that an element holds: `div.widget--type-image > figure`."""
    figures = [j for j in range(i + 1, document.ends[i]) if document.tags[j] == "figure"]
    held = sum(document.length(j) for j in figures)
    return bool(held) and document.length(i) - held <= MAX_CHARS_BESIDE_FIGURE


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN_STYLE.search(style or "") is not None
