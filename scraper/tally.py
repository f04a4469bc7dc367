"""What happened in a crawl: each event as it comes, and the sum of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scraper.models import Failed, Outcome, Page, Task, Verdict

SLOWEST_SHOWN = 5


class Happening(StrEnum):
    """What an event tells."""

    STARTED = "started"  # a task was taken up
    KEPT = "kept"  # its outcome is in the archive
    PARKED = "parked"  # a host is left alone for the rest of the run


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
class HostWork:
    """What was asked of one host, and how long its answers took."""

    requests: int = 0
    failed: int = 0
    seconds: float = 0.0  # from a request's start to its last byte, all together
    slowest_seconds: float = 0.0
    waited_seconds: float = 0.0  # for its pace

    def add(self, page: Page) -> None:
        """Count one answer."""
        self.requests += 1
        self.seconds += page.timings.total_seconds
        self.slowest_seconds = max(self.slowest_seconds, page.timings.total_seconds)
        self.waited_seconds += page.timings.waited_seconds

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values; `seconds_each` is the mean of its answers."""
        return {
            "requests": self.requests,
            "failed": self.failed,
            "seconds_each": round(self.seconds / max(self.requests, 1), 3),
            "slowest_seconds": round(self.slowest_seconds, 3),
            "waited_seconds": round(self.waited_seconds, 1),
        }


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
    sites: dict[str, Counter[Verdict]] = field(default_factory=dict)
    work: dict[str, HostWork] = field(default_factory=dict)  # by host that was asked

    @property
    def articles(self) -> int:
        """Return how many articles were kept: new, or changed since."""
        return self.verdicts[Verdict.NEW] + self.verdicts[Verdict.CHANGED]

    @property
    def requests_per_article(self) -> float | None:
        """Return the requests that each article kept cost, lists and unchanged pages included; None: none was."""
        return round(self.requests / self.articles, 2) if self.articles else None

    def slowest(self, count: int) -> dict[str, HostWork]:
        """Return the hosts whose answers took longest, by their mean."""
        asked = [(host, work) for host, work in self.work.items() if work.requests]
        asked.sort(key=lambda item: item[1].seconds / item[1].requests, reverse=True)
        return dict(asked[:count])

    def add(self, host: str, outcome: Outcome, verdict: Verdict) -> None:
        """Count one outcome that was kept."""
        self.pages += 1
        self.hosts.add(host)
        self.verdicts[verdict] += 1
        self.sites.setdefault(outcome.task.site, Counter())[verdict] += 1
        work = self.work.setdefault(host, HostWork())
        if isinstance(outcome, Failed):
            self.errors[outcome.code] += 1
            work.failed += 1
        if outcome.page is not None:
            work.add(outcome.page)
            self.requests += 1 + len(outcome.page.redirects)
            self.body_bytes += _body_bytes(outcome.page)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "pages": self.pages,
            "requests": self.requests,
            "requests_per_article": self.requests_per_article,
            "body_bytes": self.body_bytes,
            "seconds": round(self.seconds, 3),
            "hosts": len(self.hosts),
            "verdicts": _named(self.verdicts),
            "sites": {site: _named(verdicts) for site, verdicts in sorted(self.sites.items())},
            "slowest_hosts": {host: work.to_dict() for host, work in self.slowest(SLOWEST_SHOWN).items()},
            "errors": dict(sorted(self.errors.items())),
            "parked": dict(sorted(self.parked.items())),
            "end": str(self.end),
        }


def _named(verdicts: Counter[Verdict]) -> dict[str, int]:
    return {str(verdict): count for verdict, count in sorted(verdicts.items())}


def _body_bytes(page: Page) -> int:
    return len(page.body) + sum(len(hop.body) for hop in page.redirects)
