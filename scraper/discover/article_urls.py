"""Is a URL that of an article: by the rule of its site, else by its form alone.

What articles' URLs have and others lack, all over the web: a headline as a slug, a long number or another id, a date
in the path. What tells the others: few words, and segments such as /tag/ or /topic/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper import sites
from scraper.sites import Site


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LIKELY = 2.0
"""Evidence from which on a URL's form alone makes it an article's."""

MAX_URL_CHARS = 500
"""No newspaper gives an article a longer address; those that are made to hurt have one."""

LONG_ID_DIGITS = 5
STAMP_DIGITS = 11  # year, month, day, hour, minute, and more

NEVER = _words("""
tag tags topic topics tu-khoa tukhoa keyword keywords chu-de chude chuyen-de su-kien sukien dong-su-kien event events
topic-page thema themen dossier dossiers temas tema sujet author authors tac-gia tacgia autor autoren autore auteur
auteurs user users profile profiles member members journalist journalists redakteur team category categories
danh-muc chuyen-muc the-loai rubrik kategorie search tim-kiem suche recherche buscar cerca sok login logout signin
sign-in signup sign-up register registration subscribe subscription abo abonnement dang-nhap dang-ky dat-bao account
my-account konto newsletter newsletters contact contact-us lien-he kontakt about about-us gioi-thieu impressum
privacy privacy-policy datenschutz terms terms-of-use terms-of-service cookie cookies cookie-policy legal faq help
static toa-soan thong-tin-toa-soan quang-cao advertise advertising sitemap rss feed feeds print share mailto careers
jobs shop store cart checkout widget embed ads banner views_ads cdn-cgi wp-login.php wp-admin wp-content
so-do-trang site-map
""")
"""Segments of paths that hold no article, in the languages of the web's newspapers."""

PLACES = _words("""
article articles artikel articulo articolo articoli artikkel artikler story stories beitrag nachricht news-story
news-article articleshow arts bai-viet tin-bai post posts p a s detail details view read haber yazi node
""")
"""Segments that stand before the slug or id of an article."""

OTHER_THINGS = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".rar",
    ".mp3", ".mp4", ".m3u8", ".avi", ".mov", ".apk", ".css", ".js", ".json", ".xml", ".rss", ".txt", ".gz", ".epub",
)  # fmt: skip

_EXTENSION = re.compile(
    r"\.(s?html?|php|aspx?|jsp|cms|chn|ldo|vnp|vov|tpo|epi|amp|ece|story|do|html5)\Z", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:\A|[/_.-])(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2]|[a-zäçéûğü]{3,9})[/_.-]?(?:0?[1-9]|[12]\d|3[01])(?=[/_.-]|\Z)"
    r"|/(?:19|20)\d\d/(?:0[1-9]|1[0-2])(?=/)|/(?:19|20)\d\d(?:0[1-9]|1[0-2])(?=/)|/\d\d_[a-z]+_\d\d/",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ID_AT_END = re.compile(r"(?:\A|(?<=[^0-9A-Za-z])|(?<=[a-z-]))(?P<mark>[a-zA-Z]{0,8}?)(?P<digits>\d{1,40})\Z")
_ID_INSIDE = re.compile(r"[-_](?P<mark>)(?P<digits>\d{6,40})[-_][a-z]{1,40}\Z")
_ID_AT_START = re.compile(r"\A(?P<mark>[a-zA-Z]{0,4}?)(?P<digits>\d{3,40})(?=[-_])")
_MIXED_ID = re.compile(r"\A(?=[a-zA-Z0-9]*\d)(?=[a-zA-Z0-9]*[a-zA-Z])[a-zA-Z0-9]{7,32}\Z")
_AFTER_MARK = re.compile(r"[-_.]")
_NUMBERED = re.compile(r"[-_]?\d{1,40}\Z")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the form of a URL tells."""

    depth: int  # segments of the path
    words: int  # of the slug
    id_mark: str = ""  # letters before the number: "post", "a", "e"; "uuid" or "mixed" for ids with letters
    id_digits: int = 0  # length of the number; 0 where there is none
    is_dated: bool = False
    is_placed: bool = False  # below a segment such as /article/
    is_never: bool = False  # below a segment such as /tag/
    extension: str = ""
    query: str = ""  # names of its parameters

    @property
    def form(self) -> tuple[str, int, bool, bool, str, str, bool]:
        """Return what URLs of one kind on one site have in common."""
        digits = self.id_digits if self.id_digits < LONG_ID_DIGITS else (self.id_digits + 1) // 3 + LONG_ID_DIGITS
        return self.id_mark, digits, self.words > 2, self.is_dated, self.extension, self.query, self.is_never  # noqa: PLR2004

    @property
    def key(self) -> tuple[str, bool, bool] | None:
        """Return the kind of id that its newspaper gives: letters before it, a time stamp or not; None for no long id.

        A newspaper gives its articles one kind, and its topics another: "-20260115193102580" and "-e2029".
        """
        if self.id_mark in {"uuid", "mixed"}:
            return self.id_mark, False, False
        is_long = self.id_digits >= LONG_ID_DIGITS
        return (self.id_mark, True, self.id_digits >= STAMP_DIGITS) if is_long else None

    @property
    def evidence(self) -> float:
        """Return how much speaks for an article: 2 and more is likely, -2 and less is none."""
        if self.is_never or self.depth == 0:
            return -4.0
        score = _FOR_WORDS[min(self.words, len(_FOR_WORDS) - 1)] + self._evidence_of_id()
        score += 3.5 * self.is_dated + 1.5 * (self.is_placed and bool(self.id_digits or self.id_mark or self.words > 2))  # noqa: PLR2004
        return score - (0.5 if self.query and not self.id_digits else 0.0)

    def _evidence_of_id(self) -> float:
        if self.id_digits >= LONG_ID_DIGITS:
            return 3.5 if self.id_digits > LONG_ID_DIGITS else 3.0
        if self.id_mark in {"uuid", "mixed"}:
            return 2.5
        return 0.5 if self.id_digits > 2 else 0.0  # noqa: PLR2004 -- an id of three or four digits is often a topic's


_FOR_WORDS = (-0.5, -2.0, -1.5, -0.5, 1.0, 2.0, 2.5, 3.0)
"""Evidence by the number of words in the slug: two name a section, five are a headline."""


def is_article_url(url: str, site: Site | None = None) -> bool:
    """Tell whether the URL is an article's: by the site's rule where it has one, else by its form."""
    by_rule = sites.is_article_url(site, url) if site else None
    return shape_of(url).evidence >= LIKELY if by_rule is None else by_rule


def is_section_url(url: str) -> bool:
    """Tell whether the URL has the form of a section's: few words, no id, nothing that sections never have."""
    shape = shape_of(url)
    return not (shape.is_never or shape.query or shape.is_dated or shape.id_digits > 2) and shape.depth <= 3  # noqa: PLR2004


@lru_cache(maxsize=4096)
def shape_of(url: str) -> Shape:
    """Read the form of a URL."""
    if len(url) > MAX_URL_CHARS:
        return Shape(depth=1, words=0, is_never=True)
    parts = urlsplit(url)
    path = unquote(parts.path)
    extension = _EXTENSION.search(path)
    bare = path[: extension.start()] if extension else path
    segments = [segment for segment in bare.split("/") if segment]
    mark, digits = _id_in_query(parts.query)
    words = 0 if digits else _words_of(segments[-2:])
    if not digits:
        mark, digits = _id_in_path(segments)
    lowered = [segment.lower() for segment in segments]
    return Shape(
        depth=len(segments),
        words=words,
        id_mark=mark,
        id_digits=digits,
        is_dated=_DATE.search(bare) is not None,
        is_placed=not PLACES.isdisjoint(lowered[:-1]),
        is_never=_is_never(lowered, mark) or path.lower().endswith(OTHER_THINGS),
        extension=extension[1].lower() if extension else "",
        query="&".join(name for name, _ in parse_qsl(parts.query)),
    )


def _is_never(segments: list[str], mark: str) -> bool:
    """Tell whether a segment is a word such as "tag", alone or with a number: "topic-28312"."""
    named = (_NUMBERED.sub("", segment) for segment in segments)
    return mark in NEVER or not NEVER.isdisjoint(named)


def _words_of(segments: list[str]) -> int:
    """Count the words of the last segment; where it is a bare id, those of the one before it that make a headline."""
    if not segments:
        return 0
    words = _count_words(segments[-1])
    if words <= 1 and any(c.isdigit() for c in segments[-1]):
        before = _count_words(segments[0])
        return before if before > 3 else 0  # noqa: PLR2004 -- sections have names of up to three words
    return words


def _count_words(segment: str) -> int:
    """Count the words of a slug; a script without spaces has a word for every three letters."""
    words = _WORD.findall(_UUID.sub("", segment))
    if len(words) == 1 and not words[0].isascii() and ord(words[0][0]) > 0x2E80:  # noqa: PLR2004 -- CJK begins there
        return len(words[0]) // 3
    return len(words)


def _id_in_path(segments: list[str]) -> tuple[str, int]:
    """Return the letters before the newspaper's number and its length, from the last two segments."""
    for segment in reversed(segments[-2:]):
        if _UUID.search(segment):
            return "uuid", 0
        match = _ID_AT_END.search(segment) or _ID_INSIDE.search(segment) or _ID_AT_START.search(segment)
        if match is not None:
            return match["mark"].lower(), len(match["digits"])
        if _MIXED_ID.match(_AFTER_MARK.split(segment)[-1]):
            return "mixed", 0
    return "", 0


def _id_in_query(query: str) -> tuple[str, int]:
    for name, value in parse_qsl(query):
        if value.isdigit() and name.lower().endswith("id"):
            return name.lower(), len(value)
    return "", 0
