"""What differs between two versions of an article: pure, over the dicts that the archive and `Article.to_dict` give.

Texts of strangers are compared, so what it may cost is bounded: a stretch that is too long to be compared word by word,
or paragraph by paragraph, counts as replaced as a whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

FIELDS = (
    "kind", "title", "lead", "body", "published_at", "modified_at", "authors", "section", "tags", "language",
    "source_name", "source_published_at", "canonical_url", "rights", "images", "related", "links", "blocks",
)  # fmt: skip
"""Every field of an article that is kept; `links` are all but the related ones, `blocks` the form of the body."""

ONE_LINE_FIELDS = (
    "title", "lead", "published_at", "modified_at", "authors", "section", "tags", "source_name", "source_published_at",
    "language",
)  # fmt: skip

MAX_COST = 10_000_000
"""Of comparing one stretch with another: pairs of equal parts, times the parts of the shorter one. At worst 0.3 s."""

ALIKE = 0.4
"""Share of common words from which on a paragraph is another's edited form."""

MAX_PAIRS = 2_500


class Change(NamedTuple):
    """One thing that changed; None where there was, or is, nothing."""

    field: str
    before: str | None
    after: str | None


# --- fields as a whole ------------------------------------------------------------------------------------------------


def changed_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str] = FIELDS
) -> tuple[Change, ...]:
    """Return the fields whose values differ; the form of the body only where its words do not."""
    found = [Change(name, field_text(old, name), field_text(new, name)) for name in fields]
    changed = tuple(change for change in found if change.before != change.after)
    has_other_words = any(change.field == "body" for change in changed)
    return tuple(change for change in changed if change.field != "blocks" or not has_other_words)


def field_text(article: Mapping[str, Any], name: str) -> str | None:
    """Write the value of a field as text; None where it has none."""
    value = article.get(name)
    if not value:
        return None
    match name:
        case "images":
            return "\n".join(map(_picture, value))
        case "related" | "links":
            return "\n".join(f"{link.get('relation')}: {link.get('title') or ''} {link['url']}" for link in value)
        case "rights":
            return "; ".join(f"{key} {each}" for key, each in value.items() if each is not None) or None
        case "blocks":
            return "\n".join(json.dumps(each, ensure_ascii=False, sort_keys=True) for each in value)
    return value if isinstance(value, str) else "; ".join(map(str, value))


def _picture(image: Mapping[str, Any]) -> str:
    """Write a picture as text; its address without the query, which many pages make anew at each visit."""
    return " | ".join(filter(None, (image["url"].partition("?")[0], image.get("caption"), image.get("credit"))))


def words_apart(old: str | None, new: str | None) -> tuple[int, int]:
    """Return how many words came and how many went; one that only stands elsewhere did neither."""
    before, after = Counter((old or "").split()), Counter((new or "").split())
    return (after - before).total(), (before - after).total()


# --- as people read ---------------------------------------------------------------------------------------------------


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return what changed: fields, then the paragraphs of the body in reading order, captions and related links."""
    body = between("text", _paragraphs(old), _paragraphs(new))
    pictures = between("picture", _captions(old), _captions(new))
    related = between("related", _related(old), _related(new))
    return [*changed_fields(old, new, ONE_LINE_FIELDS), *body, *pictures, *related]


def _paragraphs(article: Mapping[str, Any]) -> list[str]:
    return [text for text in (article.get("body") or "").split("\n\n") if text]


def _captions(article: Mapping[str, Any]) -> list[str]:
    return [image.get("caption") or image["url"] for image in article.get("images") or ()]


def _related(article: Mapping[str, Any]) -> list[str]:
    return [link.get("title") or link["url"] for link in article.get("related") or ()]


def between(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Compare two lists of texts; one that stands in the place of another like it is one change."""
    for is_same, a, b, c, d in stretches(old, new):
        if not is_same:
            yield from (Change(name, *pair) for pair in _paired(old[a:b], new[c:d]))


Stretch = tuple[bool, int, int, int, int]
"""Whether it is the same in both; where it begins and ends in the one, and in the other."""


def stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Yield the stretches of two sequences that are the same, and those that are not, in order."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    a, c = len(old) - tail, len(new) - tail
    if head:
        yield True, 0, head, 0, head
    if cost(old[head:a], new[head:c]) > MAX_COST:
        yield False, head, a, head, c
    else:
        matcher = SequenceMatcher(a=old[head:a], b=new[head:c], autojunk=False)
        for tag, *ends in matcher.get_opcodes():
            i, j, k, m = (head + end for end in ends)
            yield tag == "equal", i, j, k, m
    if tail:
        yield True, a, len(old), c, len(new)


def cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Return what difflib takes at most to compare two sequences, in steps of some 30 ns."""
    before, after = Counter(old), Counter(new)
    return sum(count * after[each] for each, count in before.items()) * min(len(old), len(new))


def _paired(gone: Sequence[str], come: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """Return which text stands for which, in order, so that as many words as possible stay with their own."""
    if len(gone) * len(come) > MAX_PAIRS:
        return [*((text, None) for text in gone), *((None, text) for text in come)]
    rest = _best(gone, come)
    found: list[tuple[str | None, str | None]] = []
    i = j = 0
    while i < len(gone) or j < len(come):
        if i < len(gone) and j < len(come) and rest[i][j] > max(rest[i + 1][j], rest[i][j + 1]):
            found.append((gone[i], come[j]))
            i, j = i + 1, j + 1
        elif i < len(gone) and (j == len(come) or rest[i + 1][j] >= rest[i][j + 1]):
            found.append((gone[i], None))
            i += 1
        else:
            found.append((None, come[j]))
            j += 1
    return found


def _best(gone: Sequence[str], come: Sequence[str]) -> list[list[float]]:
    """Return for each two places how much the texts from there on can have in common, each with one at most."""
    old, new = ([Counter(text.split()) for text in texts] for texts in (gone, come))
    rest = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            together = likeness(old[i], new[j]) + rest[i + 1][j + 1]
            rest[i][j] = max(rest[i + 1][j], rest[i][j + 1], together if likeness(old[i], new[j]) >= ALIKE else 0.0)
    return rest


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of common words, 0 to 1."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0
