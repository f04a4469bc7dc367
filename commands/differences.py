"""What did the newspaper change between two versions of an article: pure, over the dicts the archive gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from commands.records import cell_text

FIELDS = ("title", "lead", "published_at", "modified_at", "authors", "section", "tags", "source_name", "language")


class Change(NamedTuple):
    """One thing that changed; None where there was, or is, nothing."""

    field: str
    before: str | None
    after: str | None


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return what changed: fields, then the paragraphs of the body in reading order, captions and related links."""
    fields = [
        Change(name, _text(old, name), _text(new, name)) for name in FIELDS if _text(old, name) != _text(new, name)
    ]
    body = _between("text", _paragraphs(old), _paragraphs(new))
    pictures = _between("picture", _captions(old), _captions(new))
    return [*fields, *body, *pictures, *_between("related", _related(old), _related(new))]


def _text(article: Mapping[str, Any], name: str) -> str | None:
    return cell_text(article.get(name)) or None


def _paragraphs(article: Mapping[str, Any]) -> list[str]:
    return [text for text in (article.get("body") or "").split("\n\n") if text]


def _captions(article: Mapping[str, Any]) -> list[str]:
    return [image.get("caption") or image["url"] for image in article.get("images") or ()]


def _related(article: Mapping[str, Any]) -> list[str]:
    return [link.get("title") or link["url"] for link in article.get("related") or ()]


def _between(name: str, old: list[str], new: list[str]) -> Iterator[Change]:
    """Compare two lists of texts; what stands in the other's place is one change."""
    for operation, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        gone, come = old[a:b], new[c:d]
        for at in range(max(len(gone), len(come))):
            yield Change(name, gone[at] if at < len(gone) else None, come[at] if at < len(come) else None)
