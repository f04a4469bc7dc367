"""Bylines that are called so: which elements, and whom each names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import signs
from scraper.fields.author_data import Names, distinct
from scraper.fields.candidates import Candidate
from scraper.fields.names import MAX_CHARS, is_outlet, names, without_lead_in
from scraper.fields.region import MAX_LEVELS, Region, block_of, inside
from scraper.fields.signs import Sign

NEAR_TITLE_CHARS = 900
ABOVE_TITLE_CHARS = 300
NEAR_END_CHARS = 500
MAX_DESK_CHARS = 60
MAX_TRIED = 12  # of the best placed bylines
MAX_LINE_CHARS = 160  # of a line with several names
MAX_BYLINES = 200  # elements called author that are looked at
_PROFILE = re.compile(
    r"/(?:@|(?:authors?|autor(?:en|es|i|e)?|auteurs?|tac-?gia|people|persons?|staff|profiles?|reporters?|journalists?|by|av"
    r"|contributors?|profil|redaktion|redakcja|firmas?|writers?|nha-bao|yazarlar|penulis|skribent|bylines?|users?)(?:[/-]|$))|-(?:tac-?gia|autor|author)-?\d{0,9}(?:\.|/|$)",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"\s(?:and|&|und|et|y|e|og|och|en|и|та|ve|dan|và)\s", re.IGNORECASE)
_SOURCE = re.compile(r"\s*(?:nguồn|source|quelle|fuente|fonte|ảnh|photo)\b", re.IGNORECASE)
_PICTURE = re.compile(r"caption|credit|img[-_]|(?<!article-)image|photo|(?<!social-)media(?!-object)|avatar|social")
REFUSED = (Sign.COMMENT, Sign.RELATED, Sign.FEED, Sign.POPULAR)


class Bylines:
    """Looks for bylines around the headline, and at the end of the text."""

    def __init__(self, document: Document, title: int | None, body: int | None) -> None:
        self.document = document
        self.title = title
        self.body = body
        region = Region(document, title, body)
        self.start, self.end = region.start, region.end

    def called(self) -> Iterator[Candidate[Names]]:
        """Yield what elements called author, byline and the like name; the nearest to the headline first."""
        ranked = sorted((rank, i) for i in self._called_author() if (rank := self._rank(i)) is not None)
        for _, i in ranked[:MAX_TRIED]:
            found = distinct(name for j in self._alike(i, ranked) for name in self._named_in(j))
            if found:
                yield Candidate(f"byline:{self._shown(i)}", found, i)

    def _alike(self, i: int, ranked: Sequence[tuple[float, int]]) -> list[int]:
        """Return a byline and those of its kind beside it: each of several authors may stand in an element."""
        document = self.document
        kind = document.parents[i], document.tags[i], document.marks(i)
        others = [j for _, j in ranked if (document.parents[j], document.tags[j], document.marks(j)) == kind]
        return sorted(others)[:MAX_TRIED]

    def profiles(self) -> Iterator[Candidate[Names]]:
        """Yield whom links to profiles between headline and text name."""
        document = self.document
        links = [i for i in self._links_under_title() if _PROFILE.search(document.attribute(i, "href"))]
        near = [i for i in links if (rank := self._rank(i)) is not None and rank < 1]
        found = distinct(name for i in near for name in names(document.text(i)))
        if found:
            yield Candidate("link:profile", found, near[0])

    def _links_under_title(self) -> Sequence[int]:
        if self.title is None:
            return ()
        document, start = self.document, self.document.ends[self.title]
        end = bisect_right(document.chars, document.chars[start] + NEAR_TITLE_CHARS)
        links = document.by_tag.get("a", ())
        return links[bisect_left(links, start) : bisect_left(links, end)]

    def desks(self) -> Iterator[Candidate[Names]]:
        """Yield the desk or agency that stands in the place of the author: `AFP`, `Redaktion`."""
        attribute = self.document.attribute
        for i in sorted(self._called_author(), key=lambda i: "author" not in attribute(i, "rel").lower()):
            text = without_lead_in(self.document.text(i))
            is_desk = 1 < len(text) <= MAX_DESK_CHARS and is_outlet(text) and not _SOURCE.match(text)
            if is_desk and self._rank(i) is not None:
                yield Candidate(f"byline:outlet:{self._shown(i)}", (text,), i)

    def _called_author(self) -> Sequence[int]:
        document = self.document
        rels = document.with_attribute("rel").items()
        links = [i for i, rel in rels if "author" in rel.lower() and document.tags[i] == "a"]
        items = (i for i in signs.of(document).having(Sign.AUTHOR) if document.length(i) <= MAX_CHARS)
        named = {i for i in (*links, *items) if document.tags[i] not in {"meta", "img", "article", "form", "input"}}
        return sorted(named)[:MAX_BYLINES]

    def _shown(self, i: int) -> str:
        marks = self.document.marks(i).split()
        return f"{self.document.tags[i]}.{marks[0][:40]}" if marks else self.document.tags[i]

    def _rank(self, i: int) -> float | None:
        """Return how far a byline is from where one is expected; None where it is not the article's."""
        document, chars = self.document, self.document.chars
        if self.is_refused(i):
            return None
        if self.title is not None:
            below = chars[i] - chars[document.ends[self.title]]
            if i >= document.ends[self.title] and below <= NEAR_TITLE_CHARS:
                return below / NEAR_TITLE_CHARS
            if i < self.title and chars[self.title] - chars[document.ends[i]] <= ABOVE_TITLE_CHARS:
                return 1.5 + (chars[self.title] - chars[i]) / ABOVE_TITLE_CHARS
        if self.start is not None and self.end is not None:
            if self.start <= i < self.end and chars[self.end] - chars[i] <= NEAR_END_CHARS:
                return 1.2
            if i >= self.end and chars[i] - chars[self.end] <= NEAR_END_CHARS:
                return 1.3 + (chars[i] - chars[self.end]) / NEAR_END_CHARS
        return 9 if self.title is None and self.body is None else None

    def is_refused(self, i: int) -> bool:
        """Tell whether node i stands in what is not the article's own: comments, boxes of other news, pictures."""
        document = self.document
        root = next(
            (a for a in document.ancestors(i) if self.title is not None and document.is_within(self.title, a)), 0
        )
        if not signs.between(document, i, root).isdisjoint(REFUSED):
            return True
        for ancestor in islice(document.ancestors(i), MAX_LEVELS):
            if ancestor <= root:
                break
            if document.tags[ancestor] in {"figure", "figcaption", "nav", "aside"}:
                return True
        near = [i, *islice((a for a in document.ancestors(i) if a > root), 3)]
        return any(_PICTURE.search(document.marks(j)) for j in near if document.length(j) <= MAX_CHARS)

    def _named_in(self, i: int) -> Names:
        """Return the names in an element: those of links to profiles, else of inner elements, else of its text."""
        document = self.document
        nodes = inside(document, i)
        links = [j for j in nodes if document.tags[j] == "a" and is_profile(document, j)]
        named = [j for j in nodes if "name" in document.marks(j) and not _has_inner_name(document, j)]
        linked = distinct(name for j in links for name in names(document.text(j)))
        if links and not linked and any("author" in document.attribute(j, "rel").lower() for j in links):
            return ()  # a desk
        apart = (j for j in named if not any(document.is_within(a, j) or document.is_within(j, a) for a in links))
        found = distinct(name for j in sorted([*links, *apart]) for name in names(document.text(j)))
        return self._joined(i, found or self._of_lines(i))

    def _joined(self, i: int, found: Names) -> Names:
        """Return the names with those that a conjunction on their line joins to them: `<a>Ann Lee</a> and Tom Ash`."""
        document = self.document
        block = i if document.tags[i] in BLOCK_TAGS else block_of(document, i)
        line = document.text(block) if found and document.length(block) <= MAX_LINE_CHARS else ""
        pair = _CONJUNCTION.search(line)
        if pair is None:
            return found
        whole = tuple(name for name in names(line) if name in found or (" " in name and is_capital(name)))
        return whole if set(found) < set(whole) else found

    def _of_lines(self, i: int) -> Names:
        """Return the names of the whole element, or of the first line in it that is one with a surname."""
        texts = list(_lines(self.document, i))
        each = list(dict.fromkeys(texts))  # a byline may be there twice, for wide and for narrow screens
        if len(each) > 1 and all(" " in text and names(text) == (text,) for text in each):
            return tuple(each)
        whole = names("\n".join(each) if len(each) < len(texts) else self.document.text(i))
        return whole or next((found for text in texts if (found := names(text)) and " " in found[0]), ())


def _lines(document: Document, i: int) -> Iterator[str]:
    for j in inside(document, i):
        if document.tags[j] == TEXT:
            yield document.lines[j]


def _has_inner_name(document: Document, i: int) -> bool:
    return any("name" in document.marks(j) for j in inside(document, i) if j > i)


def is_capital(name: str) -> bool:
    """Tell whether each word of a name begins with a capital: sections do so only in their first."""
    return all(word[0].isupper() for word in name.split())


def is_profile(document: Document, i: int) -> bool:
    """Tell whether a link leads to what is said of an author."""
    is_author = "author" in document.attribute(i, "rel").lower()
    return is_author or _PROFILE.search(document.attribute(i, "href")) is not None
