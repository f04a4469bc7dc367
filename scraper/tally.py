"""What happened in a crawl: each event as it comes, and the sum of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scraper.models import Failed, Outcome, Page, Task, Verdict


class Happening(StrEnum):
    """What an event tells."""

    STARTED = "started"  # a task was taken up
    KEPT = "kept"  # its outcome is in the archive
    PARKED = "parked"  # a host is left alone for the rest of the run
    PLANNED = "planned"  # simulated: a real crawl would fetch this article


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; which values are set depends on what."""

    what: Happening
    host: str
    task: Task | None = None  # all but parked
    verdict: Verdict | None = None  # kept
    code: str | None = None  # kept as failed, parked
    message: str | None = None  # kept as failed, parked: one line, fit for people
    title: str | None = None  # of the article kept; untrusted text
    body_bytes: int = 0  # kept


class End(StrEnum):
    """Why a crawl ended."""

    NOTHING_DUE = "nothing due"
    MAX_PAGES = "max pages"
    MAX_SECONDS = "max seconds"
    MAX_BYTES = "max bytes"
    STOPPED = "stopped"  # by the user or the system


@dataclass(slots=True)
class Tally:
    """The sum of a crawl; grows while it runs."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)  # by code
    pages: int = 0  # tasks done, well or not
    requests: int = 0  # answers, those of redirects included
    body_bytes: int = 0  # decoded
    seconds: float = 0.0
    hosts: set[str] = field(default_factory=set)
    parked: dict[str, str] = field(default_factory=dict)  # host -> code of the error that parked it
    end: End = End.NOTHING_DUE

    def add(self, host: str, outcome: Outcome, verdict: Verdict) -> None:
        """Count one outcome that was kept."""
        self.pages += 1
        self.hosts.add(host)
        self.verdicts[verdict] += 1
        if isinstance(outcome, Failed):
            self.errors[outcome.code] += 1
        if outcome.page is not None:
            self.requests += 1 + len(outcome.page.redirects)
            self.body_bytes += _body_bytes(outcome.page)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "pages": self.pages,
            "requests": self.requests,
            "body_bytes": self.body_bytes,
            "seconds": round(self.seconds, 3),
            "hosts": len(self.hosts),
            "verdicts": {str(verdict): count for verdict, count in sorted(self.verdicts.items())},
            "errors": dict(sorted(self.errors.items())),
            "parked": dict(sorted(self.parked.items())),
            "end": str(self.end),
        }


def _body_bytes(page: Page) -> int:
    return len(page.body) + sum(len(hop.body) for hop in page.redirects)
