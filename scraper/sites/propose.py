"""Propose rules for a newspaper: where on a few of its articles stands what is read of them without rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice

from selectolax.lexbor import SelectolaxError

from scraper.document import TEXT, Document
from scraper.models import Article
from scraper.sites.apply import candidates
from scraper.sites.patterns import read_date
from scraper.sites.rules import Site
from scraper.text import folded

MAX_SELECTORS_TRIED = 60
MAX_VALUE_CHARS = 2_000
MAX_RULES = 3
MAX_DATE_LINE_CHARS = 100
MAX_BYLINE_EXTRA_CHARS = 40
DATE_FORMS = (
    "day/month/year hour:minute",
    "day/month/year, hour:minute",
    "day/month/year - hour:minute",
    "hour:minute day/month/year",
    "hour:minute, day/month/year",
    "hour:minute - day/month/year",
    "hour:minute | day/month/year",
    "day-month-year hour:minute",
    "day-month-year - hour:minute",
    "hour:minute day-month-year",
    "day.month.year hour:minute",
    "day/month/year | hour:minute",
    "day/month/year",
    "day-month-year",
)


@dataclass(frozen=True, slots=True)
class Example:
    """An article of the newspaper: the page, and what is read of it without rules."""

    document: Document
    article: Article


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for a field, and what it finds on each of the examples."""

    field: str
    rule: str  # as it stands in the file
    found: tuple[str, ...]


# --- rules ------------------------------------------------------------------------------------------------------------


def propose(examples: Sequence[Example], family: Site | None = None) -> tuple[Proposal, ...]:
    """Return a rule for each field that one rule finds on all examples that have it, but for what the family finds."""
    found: list[Proposal] = []
    for field, search in _SEARCHES.items():
        if family is not None and all(candidates(family, field, example.document) for example in examples):
            continue
        found += search(field, examples)
    return tuple(found)


def family_of(examples: Sequence[Example], known: Iterable[Site]) -> Site | None:
    """Return the CMS family whose rules find title and text on every example, or None."""
    for family in known:
        if examples and all(
            _finds_title(family, example) and candidates(family, "body", example.document) for example in examples
        ):
            return family
    return None


def _finds_title(family: Site, example: Example) -> bool:
    hits = candidates(family, "title", example.document)
    return bool(hits) and folded(hits[0].text) == folded(example.article.title or "")


def _by_text(
    value: Callable[[Article], str], is_meant: Callable[[str, str], bool]
) -> Callable[[str, Sequence[Example]], Iterator[Proposal]]:
    """Search for elements whose text is the value, on the examples that have one."""

    def search(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
        wanted = [(example.document, text) for example in examples if (text := value(example.article))]
        for selector in _selectors(wanted, is_meant):
            yield Proposal(field, quoted(selector), _found(wanted, selector))

    return search


def _is_same(found: str, wanted: str) -> bool:
    return folded(found) == folded(wanted)


def _authors(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
    """Search for elements that each name an author, and together all of them; a rule for authors takes all it finds."""
    wanted = [(example.document, example.article.authors) for example in examples if example.article.authors]

    def ways(at: int) -> Iterator[str]:
        return _ways_to_texts(wanted[at][0], lambda text: _names_one(text, wanted[at][1]))

    def is_right(at: int, selector: str) -> bool | None:
        document, authors = wanted[at]
        texts = [text for number in _matches(document, selector) if (text := document.text(number))]
        if not texts:
            return None
        are_bylines = len(texts) <= 2 * len(authors) and all(_names_one(text, authors) for text in texts)
        return are_bylines and all(any(_names_one(text, (author,)) for text in texts) for author in authors)

    for selector in _covering(len(wanted), ways, is_right):
        told = (", ".join(authors) for document, authors in wanted if _matches(document, selector))
        yield Proposal(field, quoted(selector), tuple(told))


def _names_one(text: str, authors: Sequence[str]) -> bool:
    """Tell whether a short text names one of the authors."""
    line = folded(text)
    is_short = len(line) <= sum(map(len, authors)) + MAX_BYLINE_EXTRA_CHARS
    return is_short and any(f" {folded(author)} " in f" {line} " for author in authors)


def _published(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
    wanted = [(e.document, moment) for e in examples if (moment := e.article.published_at) is not None]
    yield from _dates_in_meta(field, wanted)
    lines = [(document, _minute(moment)) for document, moment in wanted]
    for form in DATE_FORMS:
        for selector in _selectors(lines, partial(_reads_as, form)):
            rule = f"{{ css = {quoted(selector)}, date = {quoted(form)} }}"
            yield Proposal(field, rule, _found(lines, selector))
            lines = [(document, minute) for document, minute in lines if not _first_text(document, selector)]


def _modified(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
    wanted = [(e.document, moment) for e in examples if (moment := e.article.modified_at) is not None]
    yield from _dates_in_meta(field, wanted)


_MEANT_BY = {"published_at": ("publi", "pubdate", "date", "time"), "modified_at": ("modif", "updat")}
"""What is in the names of the `<meta>` for a field; the earlier, the surer."""


def _dates_in_meta(field: str, wanted: Sequence[tuple[Document, datetime | date]]) -> Iterator[Proposal]:
    known = wanted[0][0].meta if wanted else ()
    names = dict.fromkeys(name for part in _MEANT_BY[field] for name in known if part in name)
    for name in names:
        if all(_is_at((document.meta.get(name) or [""])[0], moment) for document, moment in wanted):
            yield Proposal(field, f"{{ meta = {quoted(name)} }}", _told(wanted))
            return


def _told(wanted: Sequence[tuple[Document, datetime | date]]) -> tuple[str, ...]:
    return tuple(moment.isoformat() for _, moment in wanted)


def _minute(moment: datetime | date) -> str:
    return moment.isoformat()[: len("2026-03-07T08:05")]


def _is_at(text: str, moment: datetime | date) -> bool:
    """Tell whether a text in ISO 8601 is the moment, to the minute."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return False
    if read.tzinfo is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return _minute(read) == _minute(moment)
    return _minute(read.astimezone(UTC)) == _minute(moment.astimezone(UTC))


def _reads_as(form: str, text: str, minute: str) -> bool:
    if len(text) > MAX_DATE_LINE_CHARS:
        return False
    moment = read_date(form, text, None)
    return moment is not None and _minute(moment) == minute


def _body(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
    boxes = [(example.document, box) for example in examples if (box := _box_of_text(example)) is not None]

    def is_right(at: int, selector: str) -> bool | None:
        numbers = _matches(boxes[at][0], selector)
        return numbers == [boxes[at][1]] if numbers else None

    for selector in _covering(len(boxes), lambda at: _ways_to(*boxes[at]), is_right):
        yield Proposal(field, quoted(selector), tuple(d.text(box)[:80] for d, box in boxes if _matches(d, selector)))


def _box_of_text(example: Example) -> int | None:
    """Return the innermost element that holds all paragraphs of the body but the lead, or None."""
    document = example.document
    wanted = {
        folded(block.text) for block in example.article.blocks if block.text and block.text != example.article.lead
    }
    numbers = [i for i in document.having("p", "div") if folded(document.text(i)) in wanted - {""}]
    if not numbers:
        return None
    shared = [set(document.ancestors(number)) for number in numbers]
    return max(set.intersection(*shared), default=None)


def _captions(field: str, examples: Sequence[Example]) -> Iterator[Proposal]:
    written = [{folded(i.caption): i.caption for i in example.article.images if i.caption} for example in examples]
    wanted = [(example.document, captions) for example, captions in zip(examples, written, strict=True) if captions]

    def ways(at: int) -> Iterator[str]:
        return _ways_to_texts(wanted[at][0], lambda text: folded(text).startswith(tuple(wanted[at][1])))

    def is_right(at: int, selector: str) -> bool | None:
        document, captions = wanted[at]
        texts = [text for number in _matches(document, selector) if (text := folded(document.text(number)))]
        if not texts:
            return None
        return len(texts) == len(captions) and all(text.startswith(tuple(captions)) for text in texts)

    for selector in _covering(len(wanted), ways, is_right):
        told = ["; ".join(captions.values()) for document, captions in wanted if _matches(document, selector)]
        yield Proposal(field, quoted(selector), tuple(told))


_SEARCHES: dict[str, Callable[[str, Sequence[Example]], Iterator[Proposal]]] = {
    "title": _by_text(lambda article: article.title or "", _is_same),
    "lead": _by_text(lambda article: article.lead or "", _is_same),
    "body": _body,
    "published_at": _published,
    "modified_at": _modified,
    "authors": _authors,
    "section": _by_text(lambda article: article.section or "", _is_same),
    "caption": _captions,
}


# --- selectors --------------------------------------------------------------------------------------------------------


def _selectors(wanted: Sequence[tuple[Document, str]], is_meant: Callable[[str, str], bool]) -> list[str]:
    """Return selectors whose first match is what is meant, or that match nothing, on every page."""

    def ways(at: int) -> Iterator[str]:
        return _ways_to_texts(wanted[at][0], lambda text: is_meant(text, wanted[at][1]))

    def is_right(at: int, selector: str) -> bool | None:
        text = _first_text(wanted[at][0], selector)
        return is_meant(text, wanted[at][1]) if text else None

    return _covering(len(wanted), ways, is_right)


def _covering(
    count: int, ways: Callable[[int], Iterator[str]], is_right: Callable[[int, str], bool | None]
) -> list[str]:
    """Return selectors that together are right on as many pages as can be, and wrong on none.

    `is_right` gives None for a page on which the selector matches nothing: newspapers have several layouts at a time.
    """
    found: list[str] = []
    left = list(range(count))
    while left and len(found) < MAX_RULES:
        page = left.pop(0)
        safe = [way for way in ways(page) if all(is_right(at, way) is not False for at in range(count))]
        selector = max(safe, key=lambda way: sum(bool(is_right(at, way)) for at in range(count)), default=None)
        if selector is not None:
            found.append(selector)
            left = [at for at in left if not is_right(at, selector)]
    return found


def _found(wanted: Sequence[tuple[Document, str]], selector: str) -> tuple[str, ...]:
    return tuple(text for document, _ in wanted if (text := _first_text(document, selector)))


def _first_text(document: Document, selector: str) -> str:
    number = next(iter(_matches(document, selector)), None)
    return document.text(number) if number is not None else ""


def _matches(document: Document, selector: str) -> list[int]:
    try:
        nodes = document.tree.css(selector)
    except SelectolaxError:
        return []
    numbers = (document.index_of(node) for node in nodes)
    return sorted({number for number in numbers if number is not None})


def _ways_to_texts(document: Document, is_meant: Callable[[str], bool]) -> Iterator[str]:
    """Yield selectors of the elements whose text is meant, the innermost first, each once."""
    spoken = (i for i, tag in enumerate(document.tags) if tag != TEXT and 0 < document.length(i) <= MAX_VALUE_CHARS)
    numbers = [number for number in spoken if is_meant(document.text(number))]
    innermost = sorted(numbers, key=lambda n: (document.length(n), document.link_share(n), -n))
    ways = (selector for number in innermost for selector in _ways_to(document, number))
    yield from islice(dict.fromkeys(ways), MAX_SELECTORS_TRIED)


def _ways_to(document: Document, number: int) -> Iterator[str]:
    """Yield selectors of an element by its id, its classes, and by those of what holds it."""
    tag = document.tags[number]
    own = list(_names(document, number))
    yield from (f"{tag}{name}" if name.startswith(".") else name for name in own)
    if tag == "h1":
        yield tag
    for above in islice(document.ancestors(number), 3):
        for name in _names(document, above):
            yield from (f"{name} {tag}{mine}" for mine in [*(m for m in own if m.startswith(".")), ""])


def _names(document: Document, number: int) -> Iterator[str]:
    name = document.attribute(number, "id")
    if _is_lasting(name):
        yield f"#{name}"
    yield from (f".{name}" for name in document.attribute(number, "class").split() if _is_lasting(name))


def _is_lasting(name: str) -> bool:
    """Tell whether a class or id is a name that someone gave, and not a number or a code of a style generator."""
    return re.fullmatch(r"[A-Za-z_][A-Za-z_-]{2,40}\d?", name) is not None and not re.search(
        r"[bcdfghjklmnpqrstvwxz]{6}", name
    )


def quoted(text: str) -> str:
    """Write a text as TOML does."""
    return json.dumps(text, ensure_ascii=False)  # what JSON writes in quotes, TOML reads
