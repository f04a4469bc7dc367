"""Who wrote the article, as its byline has them: people; an outlet only where the page names nobody else."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import date_formats, link_labels, signs
from scraper.fields.author_data import Names, distinct, of_meta, of_outlets, of_structured, own_names
from scraper.fields.candidates import Candidate, Chosen, first
from scraper.fields.lines import without_dates
from scraper.fields.names import MAX_CHARS, is_outlet, names, without_lead_in
from scraper.fields.region import MAX_LEVELS, Region, block_of, inside
from scraper.fields.signs import Sign
from scraper.sites import apply
from scraper.sites.rules import Site
from scraper.text import folded, one_line

NEAR_TITLE_CHARS = 900
ABOVE_TITLE_CHARS = 300
NEAR_END_CHARS = 500
MAX_LAST_LINES = 5  # of the text, from its end, in which a pen-name is looked for
MAX_SIGNATURE_CHARS = 80
MAX_DESK_CHARS = 60
MAX_SHORT_CHARS = 3  # of a byline that is initials; metadata may have the name
MAX_TRIED = 12  # of the best placed bylines
MAX_LINE_NODES = 12
MAX_BYLINES = 200  # elements called author that are looked at
_PROFILE = re.compile(
    r"/(?:@|(?:authors?|autor(?:en|es|i|e)?|auteurs?|tac-?gia|people|persons?|staff|profiles?|reporters?|journalists?|by"
    r"|contributors?|profil|redaktion|redakcja|firmas?|writers?|nha-bao|yazarlar|penulis|skribent|bylines?|users?)(?:[/-]|$))",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\s*(?:by|von|par|por|di|av|af|door|written by|words by|text|tekst|autor(?:in)?|auteur|author|tác giả|thực hiện"
    r"|oleh|yazar|автор|(?:tin|bài|bài viết|nội dung)(?:\s*(?:,|và|&|-|–|/)\s*(?:ảnh|hình ảnh|hình|video|clip|bài))*)"
    r"(?:\s*:\s*|\s+(?=[^\W\d_]))",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"\s*[\uac00-\ud7af]{2,4}\s?(?:선임|인턴|전문|수습)?(?:기자|특파원)\s*$")
_BY_AFTER_DATE = re.compile(
    r"(?:\s?(?:uhr|h|hrs)\b)?\W{0,5}(?:posted |written |publié |veröffentlicht )?"
    r"(?:(?:by|von|par|por|door|af|av|di)\s+|(?:記者|记者|文[/／])\s?)(?=[^\W\d_])",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"\s*(?P<who>[^\W\d_][^|•·—\d]{3,80}?)\s*(?P<mark>\s[|•·—–-]\s|,\s)\s*(?:le\s)?(?=\D{0,18}\d)"
)
_WORDS_OF_A_NAME = range(2, 5)
_SOURCE = re.compile(r"\s*(?:nguồn|source|quelle|fuente|fonte|ảnh|photo)\b", re.IGNORECASE)
_BUTTON = re.compile(
    r"bình luận|chia sẻ|quảng cáo|từ khóa|từ khoá|liên quan|theo dõi|gửi|in bài|thích|xem|đọc", re.IGNORECASE
)
_PICTURE = re.compile(r"caption|credit|img[-_]|(?<!article-)image|photo|(?<!social-)media(?!-object)|avatar|social")
_RIGHT = re.compile(
    r"text-align:\s?(?:right|end)|(?<![a-z])(?:text-right|align-?right|tac-?gia|pauthor|author)(?![a-z])"
)
_REFUSED = (Sign.COMMENT, Sign.RELATED, Sign.FEED, Sign.POPULAR)


def choose(
    document: Document,
    *,
    language: str | None = None,
    title: int | None = None,
    body: int | None = None,
    site: Site | None = None,
) -> Chosen[Names] | None:
    """Choose the authors; None where the page has none.

    `title` and `body` are the numbers of the headline's element and of the text's container. In order of trust: the
    rules of the site, people of the JSON-LD, the byline at the headline or the end, meta, bylines of a few letters,
    links to profiles, the signature that ends the text. A desk or an agency that stands as the byline, or an outlet
    that JSON-LD names as author, is taken last, and never on Vietnamese pages, where it is a default of the CMS and
    authors sign the text.
    """
    finder = _Finder(document, title, body)
    is_vietnamese = (language or document.language or "").lower().startswith("vi")
    outlets = own_names(document)
    bylines = list(finder.bylines())
    signed_short = [c for c in bylines if len("".join(c.value)) <= MAX_SHORT_CHARS and not is_vietnamese]
    return first(
        chain(
            _of_rules(document, site),
            of_structured(document, outlets),
            (c for c in bylines if c not in signed_short),
            of_meta(document, outlets),
            signed_short,
            finder.profiles(),
            finder.signature(is_vietnamese=is_vietnamese),
            finder.labelled(),
            () if is_vietnamese else of_outlets(document),
            () if is_vietnamese else finder.desks(),
        ),
        lambda candidate: None if candidate.value else "names no person",
    )


# --- structured data --------------------------------------------------------------------------------------------------


def _of_rules(document: Document, site: Site | None) -> Iterator[Candidate[Names]]:
    for hit in apply.candidates(site, "authors", document):
        yield Candidate(hit.source, distinct(name for text in hit.texts for name in names(text)))


# --- bylines on the page ----------------------------------------------------------------------------------------------


class _Finder:
    """Looks for bylines around the headline, and at the end of the text."""

    def __init__(self, document: Document, title: int | None, body: int | None) -> None:
        self.document = document
        self.title = title
        self.body = body
        region = Region(document, title, body)
        self.start, self.end = region.start, region.end

    def bylines(self) -> Iterator[Candidate[Names]]:
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
        links = [
            i for i in document.by_tag.get("a", ()) if "author" in (document.attributes[i].get("rel") or "").lower()
        ]
        items = (i for i in signs.of(document).having(Sign.AUTHOR) if document.length(i) <= MAX_CHARS)
        named = {i for i in (*links, *items) if document.tags[i] not in {"meta", "img", "article", "form", "input"}}
        return sorted(named)[:MAX_BYLINES]

    def _shown(self, i: int) -> str:
        marks = self.document.marks(i).split()
        return f"{self.document.tags[i]}.{marks[0][:40]}" if marks else self.document.tags[i]

    def _rank(self, i: int) -> float | None:
        """Return how far a byline is from where one is expected; None where it is not the article's."""
        document, chars = self.document, self.document.chars
        if self._is_refused(i):
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

    def _is_refused(self, i: int) -> bool:
        document = self.document
        root = next(
            (a for a in document.ancestors(i) if self.title is not None and document.is_within(self.title, a)), 0
        )
        if any(sign in signs.between(document, i, root) for sign in _REFUSED):
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
        links = [j for j in nodes if document.tags[j] == "a" and self._is_profile(j)]
        parts = links or [j for j in nodes if "name" in document.marks(j) and not _has_inner_name(document, j)]
        found = distinct(name for j in parts for name in names(document.text(j)))
        is_desk = any("author" in document.attribute(j, "rel").lower() for j in links)
        return found or (() if is_desk else self._of_lines(i))

    def _is_profile(self, i: int) -> bool:
        href = self.document.attribute(i, "href")
        return "author" in self.document.attribute(i, "rel").lower() or _PROFILE.search(href) is not None

    def _of_lines(self, i: int) -> Names:
        """Return the names of the whole element, or of the first line in it that is one with a surname."""
        texts = list(_lines(self.document, i))
        each = list(dict.fromkeys(texts))  # a byline may be there twice, for wide and for narrow screens
        whole = names("\n".join(each) if len(each) < len(texts) else self.document.text(i))
        return whole or next((found for text in texts if (found := names(text)) and " " in found[0]), ())

    # --- the end of the text ---

    def signature(self, *, is_vietnamese: bool) -> Iterator[Candidate[Names]]:
        """Yield the pen-name that stands alone at the end of the text, right-aligned or bold, or labelled."""
        if self.end is None:
            return
        for n, i in enumerate(self._last_lines()):
            text = self.document.text(i)
            if len(text) > MAX_SIGNATURE_CHARS or not self._may_sign(i, text):
                continue
            is_signed = self._is_right(i) or (is_vietnamese and self._is_bold(i)) or _LABELLED.match(text) is not None
            is_alone = is_vietnamese and n == 0 and self._is_name_alone(i, text)
            found = names(text) if is_signed or is_alone else ()
            if found:
                yield Candidate("signature:end of the text", found, i)

    def _may_sign(self, i: int, text: str) -> bool:
        """Tell whether a line is no label, no source, no link and no question."""
        around = signs.between(self.document, i, self.body or 0)
        is_other = text.rstrip().endswith((":", "?", "!")) or bool(_SOURCE.match(text) or link_labels.meaning(text))
        is_beside = any(sign in around for sign in (*_REFUSED, Sign.TAGS, Sign.SIDE))
        return not is_other and not is_beside and self.document.link_share(i) < 0.5  # noqa: PLR2004 - half

    def _is_name_alone(self, i: int, text: str) -> bool:
        """Tell whether the first line under the text, still in its container, is a name and nothing else."""
        words = text.split()
        is_name = 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and not _BUTTON.match(text)  # noqa: PLR2004 - Vietnamese names
        return is_name and self.body is not None and self.document.is_within(i, self.body)

    def _last_lines(self) -> list[int]:
        """Return the lines right below the last paragraph, then the last ones of the text from its end.

        Before a second paragraph no signature stands but at the right: what is bold there heads it.
        """
        document, end = self.document, self.end or 0
        below = _blocks(document, range(end, len(document.tags)), MAX_LAST_LINES)
        last = _blocks(document, range(end - 1, self.start or 0, -1), MAX_LAST_LINES)
        paragraphs = [n for n, i in enumerate(last) if document.length(i) > MAX_SIGNATURE_CHARS]
        free = paragraphs[1] if len(paragraphs) > 1 else len(last)
        return [*below, *last[:free], *(i for i in last[free:] if self._is_right(i))]

    def _is_right(self, i: int) -> bool:
        attributes = self.document.attributes[i]
        style = " ".join((attributes.get(key) or "") for key in ("style", "class", "align")).lower()
        return bool(_RIGHT.search(style)) or (attributes.get("align") or "").lower() == "right"

    def _is_bold(self, i: int) -> bool:
        """Tell whether all the text of a line is bold."""
        document = self.document
        bold = sum(document.length(j) for j in inside(document, i) if document.tags[j] in {"b", "strong"})
        return bold >= document.length(i) * 0.9

    # --- bylines without a class ---

    def labelled(self) -> Iterator[Candidate[Names]]:
        """Yield whom a line near the headline names: after a word such as By, Von, Por, or as 기자, a reporter."""
        for i in self._texts_under_title():
            text = self.document.texts[i]
            if _REPORTER.match(without_dates(text)):
                yield Candidate("line:reporter", names(without_dates(text)), i)
                continue
            block = block_of(self.document, i)
            line = self.document.text(block) if self.document.length(block) <= MAX_CHARS else self._line(i, block)
            if len(line) > MAX_CHARS // 2 or self._is_refused(i):
                continue
            led = line if _LABELLED.match(f"{text} X") and _LABELLED.match(line) else _after_date(line)
            if not led:
                yield from self._before_date(line, block)
            else:
                yield Candidate("line:byline", tuple(n for n in names(led) if not n.islower()), block)

    def _before_date(self, line: str, block: int) -> Iterator[Candidate[Names]]:
        """Yield whom a line names that is names, a bar or dash, and a date: `Ann Lee and Jon Reed | 4 March 2026`.

        One name and a comma is as often a place; so is a word that is a link elsewhere on the page.
        """
        match = _BEFORE_DATE.match(line)
        found = names(match["who"]) if match and date_formats.find(line[match.end("who") :]) else ()
        if not match or not found or (len(found) == 1 and match["mark"].strip() == ","):
            return
        said = folded(match["who"])
        is_whole = all(len(name.split()) in _WORDS_OF_A_NAME and _is_capital(name) for name in found)
        rest = [word for word in said.split() if not any(word in folded(name).split() for name in found)]
        if is_whole and len(rest) < len(found) and said not in self._called_by_links():
            yield Candidate("line:name and date", found, block)

    def _called_by_links(self) -> set[str]:
        """Return the short words of the page's links but those to profiles: sections and places."""
        document = self.document
        links = (i for i in document.by_tag.get("a", ()) if document.length(i) <= MAX_DESK_CHARS)
        return {folded(document.text(i)) for i in links if not self._is_profile(i)}

    def _line(self, i: int, block: int) -> str:
        """Return the line of text i in a block that line breaks part."""
        tags, start, end = self.document.tags, i, i + 1
        parting = BLOCK_TAGS  # `<br>` is one of them
        while start - 1 > block and i - start < MAX_LINE_NODES and tags[start - 1] not in parting:
            start -= 1
        while end < self.document.ends[block] and end - i < MAX_LINE_NODES and tags[end] not in parting:
            end += 1
        return one_line(self.document.raw_text(start, end))

    def _texts_under_title(self) -> Iterator[int]:
        """Yield the texts near the headline, the first of each block alone, and after it short ones."""
        if self.title is None:
            return
        document, seen = self.document, set[int]()
        start = document.ends[self.title]
        for i in range(start, len(document.tags)):
            if document.chars[i] - document.chars[start] > NEAR_TITLE_CHARS:
                break
            text = document.texts[i]
            if not text:
                continue
            block = block_of(document, i)
            if block not in seen or _LABELLED.match(text) or _REPORTER.match(text):
                yield i
            seen.add(block)


def _is_capital(name: str) -> bool:
    """Tell whether each word of a name begins with a capital: sections do so only in their first."""
    return all(word[0].isupper() for word in name.split())


def _after_date(line: str) -> str:
    """Return what follows the date of a line that tells when and by whom, or ""."""
    found = date_formats.find(line)
    match = _BY_AFTER_DATE.match(line, found[-1].end) if found else None
    return line[match.end() :] if match else ""


def _lines(document: Document, i: int) -> Iterator[str]:
    for j in inside(document, i):
        if document.tags[j] == TEXT:
            yield one_line(document.texts[j])


def _has_inner_name(document: Document, i: int) -> bool:
    return any("name" in document.marks(j) for j in inside(document, i) if j > i)


def _blocks(document: Document, numbers: range, limit: int) -> list[int]:
    """Return the first blocks that have text, of nodes gone through in this order."""
    found: list[int] = []
    for i in numbers:
        if document.tags[i] == TEXT and (block := block_of(document, i)) not in found:
            found.append(block)
        if len(found) >= limit:
            break
    return found
