"""Which dates stand on the page as its reader sees them, and which of these are the article's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from scraper.document import BLOCK_TAGS, TEXT, Document
from scraper.fields import date_formats, signs
from scraper.fields.candidates import Candidate
from scraper.fields.signs import Sign

Moment = datetime | date

MAX_LINE_CHARS = 240
MAX_BESIDE_CHARS = 70  # what may stand beside a date on its line, labels not counted, before the line is a sentence
MAX_BESIDE_IN_TEXT_CHARS = 40
NEAR_TITLE_CHARS = 900  # of text between the headline and its date line: lead, byline, share bar, a caption
ABOVE_TITLE_CHARS = 400
NEAR_END_CHARS = 700
MAX_LINES = 400  # with digits, within the article's surroundings
MAX_LEVELS = 40

PUBLISHED = re.compile(
    r"đăng|xuất bản|publi|posted|veröffentlicht|erstellt|erschienen|pubblicat|geplaatst|gepubliceerd|udgivet|opprettet"
    r"|publicerad|опубликован|опубліковано|yayın|giriş|diterbit|paskelbta|opublikowan|vydáno|प्रकाशित|公開|掲載|配信|발행|입력"
    r"|등록|發布|发布|發佈|first published|created|nyheder",
    re.IGNORECASE,
)
MODIFIED = re.compile(
    r"cập nhật|sửa|updated|modified|last edit|aktualisi|geändert|mis à jour|modifié|actualizad|aggiornat|modificat"
    r"|atualizad|bijgewerkt|gewijzigd|opdateret|oppdatert|uppdaterad|обновлен|оновлено|güncel|diperbarui|atnaujinta"
    r"|aktualizac|zaktualizowan|अपडेट|更新|수정|최종",
    re.IGNORECASE,
)
UNRELATED = re.compile(
    r"©|\(c\)|copyright|bản quyền|giấy phép|all rights|licen[cs]e|tel[.:]|điện thoại|hotline|hạn chót|sinh ngày",
    re.IGNORECASE,
)
_WEEKDAY_ALONE = re.compile(r"^\W*(?:hôm nay\W*)?(?:thứ\s?\S+|chủ nhật|cn)\W{0,4}(?:ngày)?\W{0,3}$", re.IGNORECASE)
_ATTRIBUTES = ("datetime", "data-datetime", "data-date", "data-time", "data-timestamp", "data-published", "data-utc")
_REFUSED_SIGNS = {
    Sign.COMMENT: "the date of a comment",
    Sign.RELATED: "the date of another story",
    Sign.FEED: "the date of another story",
    Sign.POPULAR: "the date of another story",
    Sign.SIDE: "beside the article",
    Sign.CLOCK: "the clock of the page",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Dates shown on the page, best first, the refused ones with their reasons last."""

    published: tuple[Candidate[Moment | None], ...]
    modified: tuple[Candidate[Moment | None], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where on the page a line stands, and how much that speaks for it."""

    name: str
    rank: float  # lower is better


@dataclass(frozen=True, slots=True)
class _Line:
    node: int
    text: str
    place: _Place
    root: int


def read(document: Document, *, title: int | None, body: int | None, month_first: bool) -> Lines:
    """Read the date lines around the headline, at the text's begin and end, and right below it."""
    reader = _Reader(document, title, body, month_first=month_first)
    ranked = sorted(reader.candidates(), key=lambda pair: (pair[1].reason is not None, pair[0]))
    published = tuple(c for _, c in ranked if not c.source.endswith(":modified"))
    return Lines(published, tuple(c for _, c in ranked if c.source.endswith(":modified")))


def microdata(document: Document, name: str) -> Iterator[int]:
    """Yield the elements whose `itemprop` is the name (lower case), those of other stories left out; not `<meta>`."""
    for i in signs.of(document).having(Sign.DATE):
        is_named = document.attribute(i, "itemprop").lower() == name
        if is_named and document.tags[i] != "meta" and not _refusal(document, i, 0):
            yield i


class _Reader:
    def __init__(self, document: Document, title: int | None, body: int | None, *, month_first: bool) -> None:
        self.document = document
        self.title = title
        self.body = body
        self.month_first = month_first
        self.root = _common(document, title, body)
        self.in_url = date_formats.in_url(document.url)
        self.is_vietnamese = (document.language or "").lower().startswith("vi")

    def candidates(self) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        for line in self._lines():
            yield from self._of_attributes(line)
            yield from self._of_text(line)

    # --- the lines ---

    def _lines(self) -> Iterator[_Line]:
        document, seen = self.document, set[int]()
        if self.root is None:
            return
        for i in range(self.root, document.ends[self.root]):
            text = document.texts[i]
            is_dated = (document.tags[i] == TEXT and _has_digit(text)) or (
                document.tags[i] == "time" and "datetime" in document.attributes[i]
            )
            place = self._place(i) if is_dated else None
            if place is None:
                continue
            block = self._block(i)
            if block not in seen:
                seen.add(block)
                yield _Line(block, document.text(block), place, self.root)
            if len(seen) >= MAX_LINES:
                return

    def _block(self, i: int) -> int:
        """Return the smallest element that makes up a line of the page around node i."""
        document = self.document
        best = i
        for ancestor in document.ancestors(i):
            if document.length(ancestor) > MAX_LINE_CHARS or ancestor == self.root:
                break
            best = ancestor
            if document.tags[ancestor] in BLOCK_TAGS:
                break
        return best

    def _place(self, i: int) -> _Place | None:
        chars = self.document.chars
        title, body = self.title, self.body
        end = self.document.ends[body] if body is not None else None
        if title is not None:
            after = chars[i] - chars[self.document.ends[title]]
            if i >= self.document.ends[title] and after <= NEAR_TITLE_CHARS:
                is_in_text = body is not None and body <= i and end is not None and i < end and after > MAX_LINE_CHARS
                return _Place("in text", 2.5) if is_in_text else _Place("below title", after / NEAR_TITLE_CHARS)
            if i < title and chars[title] - chars[i] <= ABOVE_TITLE_CHARS:
                return _Place("above title", 2 + (chars[title] - chars[i]) / ABOVE_TITLE_CHARS)
            if title <= i < self.document.ends[title]:
                return None
        if body is None or end is None:
            return _Place("on the page", 5) if title is None else None
        if i < body and chars[body] - chars[i] <= NEAR_TITLE_CHARS:
            return _Place("above text", 1.5)
        if body <= i < end and chars[i] - chars[body] <= MAX_LINE_CHARS:
            return _Place("first of the text", 2)
        if body <= i < end and chars[end] - chars[i] <= MAX_LINE_CHARS:
            return _Place("last of the text", 3)
        if i >= end and chars[i] - chars[end] <= NEAR_END_CHARS:
            return _Place("below text", 3.5)
        return None

    # --- what they say ---

    def _of_attributes(self, line: _Line) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        for i in range(line.node, self.document.ends[line.node]):
            attributes = self.document.attributes[i]
            text = next((attributes[name] for name in _ATTRIBUTES if attributes.get(name)), None)
            value = date_formats.machine_readable(text) if text else None
            if value is None:
                continue
            kind = "modified" if self._is_modified(line.text, i) else "published"
            rank = self._rank(line, i, value) - (1 if kind == "published" else 0)
            reason = _refusal(self.document, i, line.root)
            yield rank, Candidate(f"time:{line.place.name}:{kind}", value, i, reason)

    def _is_modified(self, text: str, i: int) -> bool:
        marks = self.document.marks(i)
        return "modif" in marks or "update" in marks or bool(MODIFIED.search(text) and not PUBLISHED.search(text))

    def _of_text(self, line: _Line) -> Iterator[tuple[float, Candidate[Moment | None]]]:
        before = 0
        found = date_formats.find(line.text, month_first=self.month_first)
        beside = len(line.text) - sum(f.end - f.start for f in found)
        for item in found:
            label = line.text[before : item.start]
            before = item.end
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
            yield 4, Candidate("line:ago:published", value, line.node, _refusal(self.document, line.node, line.root))

    def _rank(self, line: _Line, i: int, value: Moment) -> float:
        rank = line.place.rank
        if isinstance(value, datetime):
            rank -= 1.5
        if _day(value) == self.in_url:
            rank -= 2
        found = signs.between(self.document, i, line.root)
        return rank - (1 if Sign.DATE in found or self.document.tags[i] == "time" else 0)

    def _refused(self, line: _Line, label: str, beside: int, value: Moment) -> str | None:
        reason = _refusal(self.document, line.node, line.root)
        if reason:
            return reason
        if UNRELATED.search(line.text):
            return "a date of something else"
        is_labelled = bool(PUBLISHED.search(label) or MODIFIED.search(label))
        found = signs.between(self.document, line.node, line.root)
        is_dated = Sign.DATE in found or bool(signs.inside(self.document, line.node, Sign.DATE))
        limit = MAX_BESIDE_IN_TEXT_CHARS if "text" in line.place.name else MAX_BESIDE_CHARS
        if beside > limit and not is_labelled and not is_dated:
            return "within a sentence"
        if line.place.name == "above title" and self._is_clock(label, value):
            return "looks like today's date in the page's header"
        if line.place.name == "on the page" and not (is_labelled or (is_dated and isinstance(value, datetime))):
            return "not known to be the article's"
        if self.document.link_share(line.node) > 0.8 and len(line.text) > MAX_BESIDE_CHARS:  # noqa: PLR2004 - nearly all
            return "the date of another story"
        return None

    def _is_clock(self, label: str, value: Moment) -> bool:
        """Tell whether a date above the headline may be today's; what agrees with the URL is not."""
        if _day(value) == self.in_url or isinstance(value, datetime):
            return False
        now = self.document.fetched_at
        return bool(self.is_vietnamese and _WEEKDAY_ALONE.match(label)) or (now is not None and value == now.date())


def _refusal(document: Document, i: int, root: int) -> str | None:
    found = signs.between(document, i, root)
    for sign, reason in _REFUSED_SIGNS.items():
        if sign in found:
            return reason
    for level, ancestor in enumerate(document.ancestors(i)):
        if ancestor == root or level > MAX_LEVELS:
            break
        if document.tags[ancestor] in {"nav", "aside"}:
            return "beside the article"
    return None


def _common(document: Document, title: int | None, body: int | None) -> int | None:
    """Return the smallest element around headline and text; around the text alone its grandparent."""
    if not document.tags:
        return None
    if title is None or body is None:
        inner = body if title is None else title
        above = list(document.ancestors(inner)) if inner is not None else []
        return (above[1:2] or above or [0])[0]
    around = next((a for a in [title, *document.ancestors(title)] if document.is_within(body, a)), 0)
    parent = document.parents[around]
    return parent if parent > 0 and document.length(parent) < document.length(around) + NEAR_END_CHARS else around


def _has_digit(text: str) -> bool:
    return any("0" <= mark <= "9" for mark in text) or (not text.isascii() and any(mark.isdigit() for mark in text))


def _day(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value
