"""What may be the value of a field, where it came from, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from scraper.models import Provenance, Rejected

T = TypeVar("T")

MAX_REJECTED = 12
MAX_VALUE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value that a field may have, and the name of its source: `jsonld:headline`, `site:danvan/title/2`."""

    source: str
    value: T
    node: int | None = None  # number of the element it was read from; None where it is not from one
    reason: str | None = None  # why it was refused; None while it was not


@dataclass(frozen=True, slots=True)
class Chosen(Generic[T]):
    """The value of a field, the element it was read from, and where it came from."""

    value: T
    provenance: Provenance
    node: int | None = None


def first(
    candidates: Iterable[Candidate[T]], refuse: Callable[[Candidate[T]], str | None] | None = None
) -> Chosen[T] | None:
    """Choose the first candidate that is not refused; `refuse` returns the reason, or None to let it pass."""
    rejected: list[Candidate[T]] = []
    for candidate in candidates:
        reason = candidate.reason or (refuse(candidate) if refuse else None)
        if reason is None:
            return chosen(candidate, rejected)
        rejected.append(Candidate(candidate.source, candidate.value, candidate.node, reason))
    return None


def chosen(candidate: Candidate[T], rejected: Iterable[Candidate[T]] = ()) -> Chosen[T]:
    """Make the candidate the value, keeping what was rejected with the reasons."""
    return Chosen(candidate.value, Provenance(candidate.source, rejections(rejected)), candidate.node)


def rejections(rejected: Iterable[Candidate[T]]) -> tuple[Rejected, ...]:
    """Return what is kept of rejected candidates."""
    kept = [Rejected(c.source, str(c.value)[:MAX_VALUE_CHARS], c.reason or "a better one was found") for c in rejected]
    return tuple(kept[:MAX_REJECTED])
