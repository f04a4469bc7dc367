"""The story piece by piece in reading order: headings, paragraphs, lists, quotes, tables, pictures in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scraper.document import Document
from scraper.fields.body import Place
from scraper.fields.boilerplate import covers, outermost
from scraper.fields.candidates import Chosen
from scraper.fields.images import Picture
from scraper.fields.lines import ends_sentence, is_byline, is_no_story, without_dates
from scraper.fields.looks import is_bold, is_set_right
from scraper.fields.units import Unit, Units
from scraper.models import Block, BlockKind
from scraper.text import folded

MAX_LINK_SHARE = 0.6
MAX_HEADING_CHARS = 150
MAX_FIRST_HEADING_CHARS = 60
"""A longer bold line that comes first is the lead."""
MAX_CELL_CHARS = 400
MIN_ROWS = 2
"""A table of facts has two rows at least, of two cells at least."""

MIN_OPENING_CHARS = 60
LONG_OPENING_CHARS = 120
MAX_SHARE_ABOVE = 0.2
MAX_CAPTION_CHARS = 400
FAR = 4000  # nodes
EDGE = 3
MIN_PICTURES_OF_ESSAY = 3
MAX_SIGNATURE_CHARS = 80
MAX_BYLINE_CHARS = 160
MAX_CHARS_BESIDE_NAME = 40

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS = frozenset(["ul", "ol", "dl"])
_CELLS = frozenset(["td", "th"])
_CAPTION = re.compile(
    r"caption(?!ed)|chu-?thich|cutline|bildunterschrift|bildtext|didascalia|pie-?(?:de-?)?foto|leyenda|media[-\w]*desc"
)
_SENTENCE_END = (".", ",", ";", ":", "…", "。", "，", "”.", "।")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a unit of text stands in, within the story's container; -1 for what it does not."""

    unit: Unit
    heading: int = -1
    item: int = -1
    list_: int = -1
    cell: int = -1
    table: int = -1
    quote: int = -1


def kept_units(
    document: Document, units: Units, place: Place, *, taken: Iterable[int], title: Chosen[str] | None
) -> list[Unit]:
    """Return the units that are the story's own: below the headline, in its container, in no box, no caption, no label.

    Whole sentences that stand between the headline and the container open the story, and are kept too.
    """
    captions = outermost(document, sorted({*taken, *document.by_tag.get("figcaption", ())}))
    start, end = place.container, document.ends[place.container]
    below = _end_of_headline(document, place, title)
    name = folded(title.value) if title else ""
    kept: list[Unit] = []
    told: list[Unit] = []  # under pictures
    for unit in units.all:
        if not below <= unit.start < end or unit.link_share > MAX_LINK_SHARE or place.is_barred(unit.start, document):
            continue
        if unit.start < start and not opens_story(unit):
            continue
        if is_no_story(unit.text):
            continue
        if covers(document, captions, unit.start) or _is_called_caption(document, unit):
            told.append(unit)
            continue
        if name and len(unit.text) <= 2 * len(name) and folded(unit.text) == name:
            continue
        kept.append(unit)
    return sorted([*kept, *told], key=lambda unit: unit.start) if _is_essay(kept, told) else kept


def _is_essay(kept: Sequence[Unit], told: Sequence[Unit]) -> bool:
    """Tell whether the story is told under the pictures: little stands elsewhere, and sentences there."""
    sentences = [unit for unit in told if unit.length >= MIN_OPENING_CHARS and ends_sentence(unit.text)]
    return (
        len(sentences) >= MIN_PICTURES_OF_ESSAY and sum(u.length for u in kept) < sum(u.length for u in sentences) / 4
    )


def _is_called_caption(document: Document, unit: Unit) -> bool:
    """Tell whether a line is called a caption, though no picture was found to it: a script puts that in later."""
    for i in (unit.block, document.parents[unit.block]):
        class_ = document.value(i, "class")
        if class_ and document.length(i) <= MAX_CAPTION_CHARS and _CAPTION.search(class_.lower()):
            return True
    return False


def opens_story(unit: Unit) -> bool:
    """Tell whether a unit above the container is a whole sentence, as a lead is and a date line is not."""
    if unit.length < MIN_OPENING_CHARS or unit.link_share >= MAX_LINK_SHARE / 2:
        return False
    is_paragraph = unit.length >= LONG_OPENING_CHARS and unit.document.tags[unit.block] == "p"
    return is_paragraph or ends_sentence(unit.text)


def _end_of_headline(document: Document, place: Place, title: Chosen[str] | None) -> int:
    """Return where the text may begin: after the headline, unless a good part of the story stands above it."""
    start, end = place.container, document.ends[place.container]
    if title is None or title.node is None or title.node >= end or title.node < start - FAR:
        return start
    below = document.ends[title.node]
    above = max(0.0, place.prose[below] - place.prose[start]) if below > start else 0.0
    return below if above <= MAX_SHARE_ABOVE * (place.prose[end] - place.prose[start]) else start


def without_bylines(document: Document, kept: list[Unit], authors: Sequence[str]) -> list[Unit]:
    """Drop the lines that say who wrote, at either end of the story."""
    names = {folded(name) for name in authors}
    edge = {id(unit) for unit in [*kept[:EDGE], *kept[-EDGE:]]}
    return [unit for unit in kept if not (id(unit) in edge and _is_signature(document, unit, names))]


def _is_signature(document: Document, unit: Unit, names: set[str]) -> bool:
    text = unit.text
    if len(text) > MAX_BYLINE_CHARS:
        return False
    if len(text) > MAX_SIGNATURE_CHARS or ends_sentence(text):
        return _tells_who_and_when(text, names)
    words = folded(text)
    if (
        is_byline(text)
        or words in names
        or any(words.startswith(name) and len(words) <= len(name) + 14 for name in names)
    ):
        return True
    if any(name and name in words and len(words) <= 2 * len(name) for name in names) or is_set_right(document, unit):
        return True
    return _tells_who_and_when(text, names)


def _tells_who_and_when(text: str, names: set[str]) -> bool:
    """Tell whether a line has a date, an author and little else."""
    dateless = without_dates(text)
    words = folded(dateless)
    said = [name for name in names if name and name in words]
    return bool(said) and dateless != text and len(words) - sum(map(len, said)) <= MAX_CHARS_BESIDE_NAME


def with_lead(document: Document, units: Units, kept: list[Unit], lead: Chosen[str] | None) -> list[Unit]:
    """Put the units of a lead that stands above the container before the story; one within is there already."""
    if lead is None or lead.node is None:
        return kept
    first, last = lead.node, document.ends[lead.node]
    if any(first <= unit.start < last for unit in kept):
        return kept
    own = [unit for unit in units.all if first <= unit.start < last]
    known = {folded(unit.text) for unit in kept[:3]}
    return [unit for unit in own if folded(unit.text) not in known] + kept


def build(document: Document, place: Place, units: Sequence[Unit], pictures: Sequence[Picture]) -> tuple[Block, ...]:
    """Make blocks of the units, and put the pictures where they stand among them."""
    settings = _without_layout(document, [_setting(document, place, unit) for unit in units])
    placed: list[tuple[int, Block]] = []
    for _, group in groupby(
        settings, key=lambda s: (s.table, s.list_, -1 if s.list_ >= 0 or s.table >= 0 else s.unit.start)
    ):
        members = list(group)
        placed.extend(_blocks_of(document, members))
    placed = _with_bold_headings(document, placed, {unit.start: unit for unit in units})
    while placed and placed[-1][1].kind is BlockKind.HEADING:
        placed.pop()  # the heading of a box that is no story
    placed.extend((picture.node, Block(BlockKind.IMAGE, image=picture.image)) for picture in pictures)
    placed.sort(key=lambda pair: pair[0])
    return tuple(block for _, block in placed)


def text_of(blocks: Iterable[Block]) -> str:
    """Return the story as paragraphs parted by blank lines."""
    return "\n\n".join(text for block in blocks if (text := _text_of(block)))


def _text_of(block: Block) -> str:
    match block.kind:
        case BlockKind.LIST:
            return "\n".join(block.items)
        case BlockKind.TABLE:
            return "\n".join(" | ".join(row) for row in block.rows)
        case BlockKind.IMAGE:
            return ""
        case _:
            return block.text


def _setting(document: Document, place: Place, unit: Unit) -> Setting:
    found: dict[str, int] = {}
    i = unit.block
    while i > place.container:
        tag = document.tags[i]
        if tag in _HEADINGS:
            found.setdefault("heading", i)
        elif tag in {"li", "dd", "dt"}:
            found.setdefault("item", i)
        elif tag in _LISTS:
            found["list_"] = i
        elif tag in _CELLS:
            found.setdefault("cell", i)
        elif tag == "table":
            found["table"] = i
        elif tag == "blockquote":
            found.setdefault("quote", i)
        i = document.parents[i]
    return Setting(unit, **found)


def _without_layout(document: Document, settings: Sequence[Setting]) -> list[Setting]:
    """Take the units out of tables that hold no facts."""
    tables = {setting.table for setting in settings} - {-1}
    layout = {table for table in tables if not is_data_table(document, table)}
    return [replace(setting, table=-1) if setting.table in layout else setting for setting in settings]


def is_data_table(document: Document, table: int) -> bool:
    """Tell a table of facts from one that lays out a page or frames a picture."""
    rows = _cells_by_row(document, table)
    if sum(len(cells) > 1 for cells in rows) < MIN_ROWS:
        return False
    lengths = [document.length(cell) for cells in rows for cell in cells]
    if any(document.tags[i] in {"table", "figure"} for i in range(table + 1, document.ends[table])):
        return False
    return max(lengths) <= MAX_CELL_CHARS


def _cells_by_row(document: Document, table: int) -> list[list[int]]:
    rows: list[list[int]] = []
    for i in range(table + 1, document.ends[table]):
        if document.tags[i] == "tr":
            rows.append([])
        elif document.tags[i] in _CELLS and rows and document.length(i):
            rows[-1].append(i)
    return rows


def _blocks_of(document: Document, members: Sequence[Setting]) -> Iterator[tuple[int, Block]]:
    first = members[0]
    start = first.unit.start
    if first.table >= 0:
        by_row = groupby(members, key=lambda s: _row(document, s))
        rows = tuple(tuple(_joined(cells) for _, cells in groupby(row, key=lambda s: s.cell)) for _, row in by_row)
        yield start, Block(BlockKind.TABLE, rows=rows)
    elif first.list_ >= 0 and first.item >= 0 and first.heading < 0:
        items = tuple(_joined(item) for _, item in groupby(members, key=lambda s: s.item))
        yield start, Block(BlockKind.LIST, items=items, is_ordered=document.tags[first.list_] == "ol")
    else:
        for setting in members:
            yield setting.unit.start, _plain(document, setting)


def _row(document: Document, setting: Setting) -> int:
    return document.parents[setting.cell] if setting.cell >= 0 else -1


def _joined(settings: Iterable[Setting]) -> str:
    return " ".join(setting.unit.text for setting in settings)


def _plain(document: Document, setting: Setting) -> Block:
    text = setting.unit.text
    if setting.heading >= 0:
        return Block(BlockKind.HEADING, text=text, level=max(2, _HEADINGS[document.tags[setting.heading]]))
    if setting.quote >= 0:
        return Block(BlockKind.QUOTE, text=text)
    return Block(BlockKind.PARAGRAPH, text=text)


def _with_bold_headings(
    document: Document, placed: list[tuple[int, Block]], by_start: dict[int, Unit]
) -> list[tuple[int, Block]]:
    """Make headings of short bold paragraphs that a plain paragraph follows."""
    bold = [_is_bold_line(document, block, by_start.get(start)) for start, block in placed]
    made = []
    for n, (start, block) in enumerate(placed):
        follows = n + 1 < len(placed) and not bold[n + 1] and placed[n + 1][1].kind is not BlockKind.HEADING
        is_heading = bold[n] and follows and (n > 0 or len(block.text) <= MAX_FIRST_HEADING_CHARS)
        made.append((start, Block(BlockKind.HEADING, text=block.text) if is_heading else block))
    return made


def _is_bold_line(document: Document, block: Block, unit: Unit | None) -> bool:
    if block.kind is not BlockKind.PARAGRAPH or unit is None or len(block.text) > MAX_HEADING_CHARS:
        return False
    return not block.text.endswith(_SENTENCE_END) and is_bold(document, unit)
