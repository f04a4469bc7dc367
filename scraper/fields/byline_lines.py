"""Bylines that only their words tell: lines near the headline that say by whom, or when and by whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from scraper.document import BLOCK_TAGS
from scraper.fields import date_formats
from scraper.fields.author_data import Names
from scraper.fields.bylines import MAX_DESK_CHARS, NEAR_TITLE_CHARS, Bylines, is_capital, is_profile
from scraper.fields.candidates import Candidate
from scraper.fields.lines import without_dates
from scraper.fields.names import MAX_CHARS, names
from scraper.fields.region import block_of
from scraper.text import folded, one_line

MAX_LINE_NODES = 12
LABELLED = re.compile(
    r"^\s*(?:by|von|par|por|di|av|af|door|(?:written|words|story|report|reporting|interview|submitted|posted) by"
    r"|text|tekst|autor(?:in)?|auteur|author|oleh|yazar|автор|tác giả|thực hiện|(?:(?:đăng|viết) )?bởi|người viết"
    r"|phóng viên|pv\.?|theo(?=\s[^.]{2,60}$)"
    r"|(?:tin|bài|bài viết|nội dung)(?:\s*(?:,|và|&|-|–|/)\s*(?:ảnh|hình ảnh|hình|video|clip|bài))*)"
    r"(?:\s*:\s*|\s+(?=[^\W\d_]))",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"\s*[\uac00-\ud7af]{2,4}\s?(?:선임|인턴|전문|수습)?(?:기자|특파원)\s*$")
_BY_AFTER_DATE = re.compile(
    r"(?:\s?(?:uhr|h|hrs)\b)?\W{0,5}(?:posted |written |publié |veröffentlicht )?"
    r"(?:(?:by|von|par|por|door|af|av|di|bởi)\s+|(?:記者|记者|文[/／])\s?)(?=[^\W\d_])",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"\s*(?P<who>[^\W\d_][^|•·—\d]{3,80}?)\s*(?P<mark>\s[|•·—–-]\s|,\s)\s*(?:le\s)?(?=\D{0,18}\d)"
)
_ICONS = frozenset(["i", "em", "span", "svg", "img"])
_PERSON = re.compile(r"(?<![a-z])(?:user|person|pencil|pen)(?![a-z])")
_PARTS = re.compile(r"\s*[|•·,]\s*|\s+[–—-]\s*|\s{2,}")
_WORDS_OF_A_NAME = range(2, 5)


class BylineLines:
    """Looks at the lines below the headline."""

    def __init__(self, bylines: Bylines) -> None:
        self._bylines = bylines
        self.document = bylines.document
        self.title = bylines.title

    def beside_dates(self) -> Iterator[Candidate[Names]]:
        """Yield the name that stands alone beside a date below the headline, as on Vietnamese pages."""
        document, words = self.document, self.document.words
        for i in self._texts_under_title():
            if i >= (self._bylines.end or len(document.tags)):
                return
            block = block_of(document, i)
            first = bisect_left(words, i)
            near = [document.texts[j] for j in words[max(0, first - 1) : first + 2]] if first else []
            line = document.text(block) if document.length(block) <= MAX_CHARS // 2 else ""
            if not any(date_formats.find(text) for text in (line, *near)) or self._bylines.is_refused(i):
                continue
            parts = (part.strip(" -–—") for part in _PARTS.split(without_dates(line)))
            found = [part for part in parts if self._is_name_alone(part)]
            if len(found) == 1:
                yield Candidate("line:name beside date", (found[0],), block)

    def _is_name_alone(self, text: str) -> bool:
        is_name = names(text) == (text,) and len(text.split()) in _WORDS_OF_A_NAME and is_capital(text)
        return is_name and folded(text) not in self._called_by_links()

    def candidates(self) -> Iterator[Candidate[Names]]:
        """Yield whom a line near the headline names: after a word such as By, Von, Por, or as 기자, a reporter."""
        for i in self._texts_under_title():
            text = self.document.texts[i]
            if self._bylines.is_refused(i):
                continue
            if _REPORTER.match(without_dates(text)) or self._is_behind_icon(i):
                yield Candidate("line:reporter", names(without_dates(text)), i)
                continue
            block = block_of(self.document, i)
            line = self.document.text(block) if self.document.length(block) <= MAX_CHARS else self._line(i, block)
            if len(line) > MAX_CHARS // 2:
                continue
            led = _after_label(text, line) or _after_date(line)
            if not led:
                yield from self._before_date(line, block)
            else:
                yield Candidate("line:byline", tuple(n for n in names(led) if not n.islower()), block)

    def _is_behind_icon(self, i: int) -> bool:
        """Tell whether a text follows the drawing of a person or a pen: `<i class="fa fa-user"></i> Ann Lee`."""
        document, icon = self.document, i - 1
        is_icon = document.tags[icon] in _ICONS and (document.ends[icon] == i or document.parents[i] == icon)
        return is_icon and _PERSON.search(document.marks(icon)) is not None

    def _before_date(self, line: str, block: int) -> Iterator[Candidate[Names]]:
        """Yield whom a line names that is names, a bar or dash, and a date: `Ann Lee and Jon Reed | 4 March 2026`.

        One name and a comma is as often a place; so is a word that is a link elsewhere on the page.
        """
        match = _BEFORE_DATE.match(line)
        found = names(match["who"]) if match and date_formats.find(line[match.end("who") :]) else ()
        if not match or not found or (len(found) == 1 and match["mark"].strip() == ","):
            return
        said = folded(match["who"])
        is_whole = all(len(name.split()) in _WORDS_OF_A_NAME and is_capital(name) for name in found)
        rest = [word for word in said.split() if not any(word in folded(name).split() for name in found)]
        if is_whole and len(rest) < len(found) and said not in self._called_by_links():
            yield Candidate("line:name and date", found, block)

    def _called_by_links(self) -> set[str]:
        """Return the short words of the page's links but those to profiles: sections and places."""
        document = self.document
        links = (i for i in document.by_tag.get("a", ()) if document.length(i) <= MAX_DESK_CHARS)
        return {folded(document.text(i)) for i in links if not is_profile(document, i)}

    def _line(self, i: int, block: int) -> str:
        """Return the line of text i in a block that line breaks part."""
        tags, start, end = self.document.tags, i, i + 1
        parting = BLOCK_TAGS  # `<br>` is one of them
        while start - 1 > block and i - start < MAX_LINE_NODES and tags[start - 1] not in parting:
            if block_of(self.document, start - 1) != block:
                break
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
            if block not in seen or LABELLED.match(text) or _REPORTER.match(text) or self._is_behind_icon(i):
                yield i
            seen.add(block)


def _after_label(text: str, line: str) -> str:
    """Return a line that a label begins, or the part of it from the text that begins with one; "" for none."""
    match = LABELLED.match(f"{text} X")
    if match is None or LABELLED.match(line):
        return line if match else ""
    start = line.find(one_line(text)) if ":" in match[0] else -1
    return line[start:] if start > 0 else ""


def _after_date(line: str) -> str:
    """Return what follows the date of a line that tells when and by whom, or ""."""
    found = date_formats.find(line)
    match = _BY_AFTER_DATE.match(line, found[-1].end) if found else None
    return line[match.end() :] if match else ""
