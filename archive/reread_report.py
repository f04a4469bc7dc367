"""What reading pages again brought, field by field, with a few examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from archive.differences import FIELDS, Change

EXAMPLES = 3  # of a field
MUCH_SHORTER = 0.8  # a body that has no more than this part of its words


class Example(NamedTuple):
    """One article in which a field reads otherwise; None where it has, or had, none."""

    article_id: int
    url: str
    before: str | None
    after: str | None


class Unread(NamedTuple):
    """A page that could not be read again; its article keeps the version it has."""

    article_id: int
    url: str
    code: str
    message: str


@dataclass(slots=True)
class FieldReport:
    """How often a field reads otherwise than it was kept."""

    changed: int = 0
    come: int = 0  # of them: there was none before
    gone: int = 0  # of them: there is none any more
    examples: list[Example] = field(default_factory=list)

    def take(self, article_id: int, url: str, change: Change) -> None:
        """Count a change."""
        self.changed += 1
        self.come += change.before is None
        self.gone += change.after is None
        if len(self.examples) < EXAMPLES:
            self.examples.append(Example(article_id, url, change.before, change.after))


@dataclass(slots=True)
class Report:
    """What came of it."""

    pages: int = 0  # read again
    changed: int = 0  # articles that read otherwise
    shorter_bodies: int = 0  # by more than a fifth of their words
    fields: dict[str, FieldReport] = field(default_factory=dict)
    failed: list[Unread] = field(default_factory=list)

    def take(self, article_id: int, url: str, changes: Iterable[Change]) -> None:
        """Count a page that was read again."""
        self.pages += 1
        changes = tuple(changes)
        self.changed += bool(changes)
        for change in changes:
            self.fields.setdefault(change.field, FieldReport()).take(article_id, url, change)
            self.shorter_bodies += change.field == "body" and _is_much_shorter(change)

    def fail(self, article_id: int, url: str, code: str, message: str) -> None:
        """Note a page that could not be read."""
        self.failed.append(Unread(article_id, url, code, message))

    def by_field(self) -> list[tuple[str, FieldReport]]:
        """Return the fields that read otherwise, in their usual order."""
        return [(name, self.fields[name]) for name in FIELDS if name in self.fields]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        fields = {
            name: asdict(each) | {"examples": [example._asdict() for example in each.examples]}
            for name, each in self.by_field()
        }
        failed = [each._asdict() for each in self.failed]
        return {
            "pages": self.pages,
            "changed": self.changed,
            "shorter_bodies": self.shorter_bodies,
            "fields": fields,
            "failed": failed,
        }


def _is_much_shorter(change: Change) -> bool:
    return len((change.after or "").split()) < MUCH_SHORTER * len((change.before or "").split())
