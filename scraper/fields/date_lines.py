"""Which dates stand on the page as its reader sees them, and which of these are the article's own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import date_formats, signs
from scraper.fields.calendar_words import WEEKDAYS
from scraper.fields.candidates import Candidate
from scraper.fields.region import MAX_LEVELS, Place, Region, inside
from scraper.fields.signs import Sign

Moment = datetime | date

MAX_LINE_CHARS = 240
MAX_TEXT_CHARS = 1_000  # of a line that are looked at; dates are sought in its first 400
MAX_BESIDE_CHARS = 70  # what may stand beside a date on its line, labels not counted, before the line is a sentence
MAX_BESIDE_IN_TEXT_CHARS = 40
MIN_LISTED_CHARS = 12  # of a link in a list, to be a headline
MIN_HEADLINE_CHARS = 28
MIN_ALIKE = 3  # date lines of one shape that make a list
MAX_AFTER_CHARS = 20  # that a label may stand behind its date: `2019.03.26 lastupdate`
MAX_CRUMBS = 4  # links between a date line and the headline below it; more make a menu
MAX_LINES = 400  # with digits, within the article's surroundings

PUBLISHED = re.compile(
    r"đăng|xuất bản|publi|posted|veröffentlicht|erstellt|erschienen|pubblicat|geplaatst|gepubliceerd|udgivet|opprettet"
    r"|publicerad|опубликован|опубліковано|yayın|giriş|diterbit|paskelbta|opublikowan|vydáno|प्रकाशित|公開|掲載|配信|발행|입력"
    r"|등록|發布|发布|發佈|first published|created|nyheder",
    re.IGNORECASE,
)
MODIFIED = re.compile(
    r"cập nhật|sửa|updated|modified|last ?update|last edit|aktualisi|geändert|mis à jour|modifié|actualizad"
    r"|aggiornat|modificat|atualizad|bijgewerkt|gewijzigd|opdateret|oppdatert|uppdaterad|обновлен|оновлено|güncel|diperbarui|atnaujinta"
    r"|aktualizac|zaktualizowan|अपडेट|更新|수정|최종",
    re.IGNORECASE,
)
UNRELATED = re.compile(
    r"©|\(c\)|copyright|bản quyền|giấy phép|all rights|licen[cs]e|tel[.:]|điện thoại|hotline"
    r"|hạn chót|sinh ngày|file photo",
    re.IGNORECASE,
)
_WEEKDAY_ALONE = re.compile(r"^\W*(?:hôm nay\W*)?(?:thứ\s?\S+|chủ nhật|cn)\W{0,4}(?:ngày)?\W{0,3}$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGIT = re.compile(r"\d")
_ATTRIBUTES = ("datetime", "data-datetime", "data-date", "data-time", "data-timestamp", "data-published", "data-utc")
_STAMPS = ("data-timestamp", "data-datetime", "data-published", "data-utc")
BESIDE = "beside the article"
_REFUSED_SIGNS = {
    Sign.COMMENT: "the date of a comment",
    Sign.RELATED: "the date of another story",
    Sign.FEED: "the date of another story",
    Sign.POPULAR: "the date of another story",
    Sign.SIDE: BESIDE,
    Sign.CLOCK: "the clock of the page",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Dates shown on the page, best first, the refused ones with their reasons last."""

    published: tuple[Candidate[Moment | None], ...]
    modified: tuple[Candidate[Moment | None], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    node: int
    text: str
    place: Place


def read(document: Document, region: Region, *, language: str | None, month_first: bool) -> Lines:
    """Read the date lines around the headline, at the text's begin and end, and right below it."""
    reader = _Reader(document, region, is_vietnamese=(language or "").lower().startswith("vi"), month_first=month_first)
    ranked = sorted(reader.candidates(), key=lambda pair: (pair[1].reason is not None, pair[0]))
    published = tuple(c for _, c in ranked if not c.source.endswith(":modified"))
    return Lines(published, tuple(c for _, c in ranked if c.source.endswith(":modified")))


def microdata(document: Document, name: str) -> Iterator[int]:
    """Yield the elements whose `itemprop` is the name (lower case), those of other stories left out; not `<meta>`.

    So too those whose RDFa `property` is, with or without a prefix: `schema:datePublished`.
    """
    named = [
        i
        for i in signs.of(document).having(Sign.DATE)
        if document.tags[i] != "meta"
        and (
            document.attribute(i, "itemprop").lower() == name
            or name in document.attribute(i, "property").lower().replace("schema:", "").split()
        )
    ]
    refused = {i: _refusal(document, i, None) for i in named}
    yield from (i for i in named if not refused[i])
    if len(named) == 1 and refused[named[0]] == BESIDE:  # `<div class="footer">` between headline and text
        yield named[0]


class _Reader:
    def __init__(self, document: Document, region: Region, *, is_vietnamese: bool, month_first: bool) -> None:
        self.document = document
        self.region = region
        self.month_first = month_first
        self.in_url = date_formats.in_url(document.url)
        self.is_vietnamese = is_vietnamese

    def candidates(self) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        lines = list(self._lines())
        alike = Counter(self._shape(line.node) for line in lines)
        for line in lines:
            if alike[self._shape(line.node)] >= MIN_ALIKE and not line.place.name.endswith("title"):
                continue  # a list of other news, each with its date
            yield from self._of_attributes(line)
            yield from self._of_text(line)

    def _shape(self, i: int) -> tuple[str, str, str]:
        document = self.document
        return document.tags[i], document.marks(i), document.marks(document.parents[i])

    # --- the lines ---

    def _lines(self) -> Iterator[_Line]:
        document, seen = self.document, set[int]()
        for i in self._dated():
            place = self.region.place(i)
            if place is None:
                continue
            block = self._block(i)
            if block not in seen:
                seen.add(block)
                yield _Line(block, document.text(block)[:MAX_TEXT_CHARS], place)
            if len(seen) >= MAX_LINES:
                return

    def _dated(self) -> Iterator[int]:
        """Yield the texts with a digit, and each `<time datetime>`, within the article's surroundings."""
        document, around = self.document, self.region.around()
        texts, moments = document.texts, document.with_attribute("datetime")
        dated = [i for i in document.between(around.start, around.stop, TEXT) if _DIGIT.search(texts[i])]
        times = [i for i in document.between(around.start, around.stop, "time") if i in moments]
        yield from sorted([*dated, *times])
        yield from self._stamped()

    def _stamped(self) -> Iterator[int]:
        """Yield the elements that a script fills with the time in their attribute: `<span data-timestamp="17…">`."""
        document, around = self.document, self.region.around()
        for i in sorted({i for name in _STAMPS for i in document.with_attribute(name) if i in around}):
            if document.length(i) <= MAX_BESIDE_CHARS:
                yield i

    def _block(self, i: int) -> int:
        """Return the smallest element that makes up a line of the page around node i."""
        document = self.document
        best = i
        for ancestor in islice(document.ancestors(i), MAX_LEVELS):
            if document.length(ancestor) > MAX_LINE_CHARS or ancestor == self.region.root:
                break
            best = ancestor
            if document.tags[ancestor] in BLOCK_TAGS:
                break
        return best

    # --- what they say ---

    def _of_attributes(self, line: _Line) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        for i in inside(self.document, line.node):
            names = _ATTRIBUTES if self.document.tags[i] != "abbr" else ("title",)  # hAtom, as Blogger writes it
            text = next((text for name in names if (text := self.document.value(i, name))), None)
            value = date_formats.machine_readable(text) if text else None
            if value is None:
                continue
            value = self._as_shown(i, value)
            kind = "modified" if self._is_modified(line.text, i) else "published"
            rank = self._rank(line, i, value) - (1 if kind == "published" else 0)
            is_byline = line.place.name == "below title" and isinstance(value, datetime)
            reason = self._refused_place(i, is_byline=is_byline)
            yield rank, Candidate(f"time:{line.place.name}:{kind}", value, i, reason)

    def _as_shown(self, i: int, value: Moment) -> Moment:
        """Return the time that a `<time>` shows on the day of its attribute, which may tell no more than the day."""
        if isinstance(value, datetime) or self.document.tags[i] != "time":
            return value
        found = date_formats.find(self.document.text(i), month_first=self.month_first)
        return next((f.value for f in found if isinstance(f.value, datetime) and f.value.date() == value), value)

    def _is_modified(self, text: str, i: int) -> bool:
        marks = self.document.marks(i)
        return "modif" in marks or "update" in marks or bool(MODIFIED.search(text) and not PUBLISHED.search(text))

    def _of_text(self, line: _Line) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        found = date_formats.find(line.text, month_first=self.month_first)
        beside = len(line.text) - sum(f.end - f.start for f in found)
        for item, label in zip(found, _labels(line.text, found), strict=True):
            kind = "modified" if MODIFIED.search(label) else "published"
            reason = item.problem or self._refused(line, label, beside, item.value)
            rank = self._rank(line, line.node, item.value) - (2 if PUBLISHED.search(label) else 0)
            yield rank, Candidate(f"line:{line.place.name}:{kind}", item.value, line.node, reason)
        if not found:
            yield from self._of_ago(line)

    def _of_ago(self, line: _Line) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        now = self.document.fetched_at
        value = date_formats.ago(line.text, now) if now and len(line.text) <= MAX_BESIDE_CHARS else None
        if value is not None and line.place.name in {"below title", "above text"}:
            yield (
                4,
                Candidate("line:ago:published", value, line.node, _refusal(self.document, line.node, self.region)),
            )

    def _rank(self, line: _Line, i: int, value: Moment) -> float:
        rank = line.place.rank
        if isinstance(value, datetime):
            rank -= 1.5
        if _day(value) == self.in_url:
            rank -= 2
        return rank - (1 if self._is_called_date(i) else 0)

    def _refused(self, line: _Line, label: str, beside: int, value: Moment) -> str | None:
        """Return why a date shown on a line is not the article's, or None."""
        is_labelled = bool(PUBLISHED.search(label) or MODIFIED.search(label))
        is_dated = is_labelled or self._is_called_date(line.node)
        limit = MAX_BESIDE_IN_TEXT_CHARS if "text" in line.place.name else MAX_BESIDE_CHARS
        reasons = (
            ("a date of something else", UNRELATED.search(line.text)),
            ("the date of another story", self._is_teaser(line)),
            ("within a sentence", beside > limit and not is_dated),
            ("looks like today's date in the page's header", self._is_clock(line, label, value)),
            ("not known to be the article's", line.place.name == "on the page" and not is_dated),
        )
        found = next((reason for reason, is_so in reasons if is_so), None)
        is_byline = line.place.name == "below title" and isinstance(value, datetime) and is_dated
        return self._refused_place(line.node, is_byline=is_byline) or found

    def _refused_place(self, i: int, *, is_byline: bool) -> str | None:
        """Return why no date counts where the line stands; a byline may stand in an `<aside>`."""
        reason = _refusal(self.document, i, self.region)
        return None if is_byline and reason == BESIDE else reason

    def _is_called_date(self, i: int) -> bool:
        """Tell whether the line, what is in it, or a short element around it is called a date."""
        document = self.document
        around = (a for a in (i, *document.ancestors(i)) if document.length(a) <= MAX_LINE_CHARS)
        known = signs.of(document)
        is_called = any(known.bears(a, Sign.DATE) for a in islice(around, MAX_LEVELS))
        return is_called or document.tags[i] == "time" or signs.inside(document, i, Sign.DATE)

    def _is_teaser(self, line: _Line) -> bool:
        """Tell whether the line is of a list of other news: a date beside, or in, a link that is a headline."""
        document, i = self.document, line.node
        links = [j for j in inside(document, i) if document.tags[j] == "a"]
        longest = max((document.length(j) for j in links), default=0)
        in_list = document.tags[i] == "li" or any(
            document.tags[a] == "li" for a in islice(document.ancestors(i), MAX_LEVELS)
        )
        return longest >= (MIN_LISTED_CHARS if in_list else MIN_HEADLINE_CHARS) and line.place.name != "below title"

    def _is_clock(self, line: _Line, label: str, value: Moment) -> bool:
        """Tell whether a date above headline or text may be today's; what agrees with the URL is not."""
        if not line.place.name.startswith(("above", "first")) or _day(value) == self.in_url:
            return False
        if self._is_of_the_page(line):
            return True
        if isinstance(value, datetime):
            return False
        now = self.document.fetched_at
        return bool(self.is_vietnamese and _WEEKDAY_ALONE.match(label)) or (now is not None and value == now.date())

    def _is_of_the_page(self, line: _Line) -> bool:
        """Tell whether a line above the headline is the page's own: a menu parts them, or they share no element.

        Headers that show the day name the weekday, but on Vietnamese pages, where they need not. What is called a date
        may stand outside the article's element all the same, but there.
        """
        document, title = self.document, self.region.title
        if title is None or line.place.name != "above title":
            return False
        links = document.by_tag.get("a", ())
        between = bisect_left(links, title) - bisect_left(links, document.ends[line.node])
        is_apart = not document.is_within(line.node, self.region.root)
        if between > MAX_CRUMBS and (self.is_vietnamese or _names_weekday(line.text)):
            return True
        return is_apart and (self.is_vietnamese or not self._is_called_date(line.node))


def _refusal(document: Document, i: int, region: Region | None) -> str | None:
    root = region.root if region else 0
    found = signs.between(document, i, root)
    for sign, reason in _REFUSED_SIGNS.items():
        if sign in found:
            return reason
    for level, ancestor in enumerate((i, *document.ancestors(i))):
        if ancestor == root or level > MAX_LEVELS:
            break
        if document.tags[ancestor] in {"figure", "figcaption"}:
            return "the date of a picture"
        if document.tags[ancestor] in {"nav", "aside"}:
            return BESIDE
        if document.tags[ancestor] == "article" and region and not region.is_around(ancestor):
            return "the date of another story"
    return None


def _names_weekday(text: str) -> bool:
    return any(word in WEEKDAYS for word in _WORD.findall(text.lower()))


def _labels(text: str, found: Sequence[date_formats.Found]) -> Iterator[str]:
    """Yield what stands before each date; where that is nothing, what stands after the last one."""
    before = 0
    for item in found:
        label = text[before : item.start]
        before = item.end
        yield label if label.strip(" |•,-–:") or item is not found[-1] else text[item.end : item.end + MAX_AFTER_CHARS]


def _day(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value
