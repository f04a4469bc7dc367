"""What would a crawl fetch: a frontier and a keep in memory, which let a crawl run without touching the archive.

    rehearsal = Rehearsal(archive.frontier)
    await crawl(seeds, frontier=rehearsal, keep=rehearsal.keep, …)
    rehearsal.planned    # the articles that a real crawl would fetch

Sections, sitemaps and feeds are fetched; articles are not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from scraper.models import Failed, Found, Frontier, Outcome, Role, Task, Verdict
from scraper.urls import alias_key, canonical, host_of


class Rehearsal:
    """Stands in for the archive in a simulated crawl; what the archive knows counts as fetched."""

    def __init__(self, known: Frontier) -> None:
        self.planned: dict[str, Found] = {}  # by canonical URL, in the order found
        self._known = known
        self._queue: deque[Task] = deque()
        self._seen: set[str] = set()  # alias keys: one article has many addresses

    def seed(self, tasks: Iterable[Task], now: datetime) -> None:  # noqa: ARG002 -- the Protocol's; all is due at once
        """Make the tasks due."""
        for task in tasks:
            self._add(task, Found(task.url, task.role))

    def next_due(self, now: datetime, *, busy_hosts: frozenset[str], sites: frozenset[str]) -> Task | None:  # noqa: ARG002
        """Take the next section or sitemap whose host is free."""
        for task in self._queue:
            if host_of(task.url) not in busy_hosts:
                self._queue.remove(task)
                return task
        return None

    def is_known(self, url: str) -> bool:
        """Tell whether the archive, or this rehearsal, has met the URL."""
        return alias_key(url) in self._seen or self._known.is_known(url)

    def days_of(self, urls: Iterable[str]) -> Mapping[str, date]:
        """Return the days of publication of those articles that the archive has."""
        return self._known.days_of(urls)

    def has_gap(self, task: Task, urls: Iterable[str]) -> bool:
        """Tell whether the archive knows none of what a list names from its earlier readings."""
        return self._known.has_gap(task, urls)

    def count_due(self, now: datetime, *, sites: frozenset[str]) -> int:  # noqa: ARG002 -- the Protocol's
        """Return how many sections and sitemaps are still to be read."""
        return len(self._queue)

    def keep(self, outcome: Outcome) -> Verdict:
        """Note what a page names, and keep nothing of it."""
        if isinstance(outcome, Failed):
            return Verdict.FAILED
        for link in outcome.found:
            depth = outcome.task.depth + (not link.is_next_page)
            self._add(Task(link.url, link.role, outcome.task.site, depth), link)
        return Verdict.LISTED

    def _add(self, task: Task, link: Found) -> None:
        key, url = alias_key(task.url), canonical(task.url)
        if key in self._seen:
            self._title(url, link)
            return
        if task.role is not Role.ARTICLE:
            self._queue.append(replace(task, etag=None, last_modified=None))
        elif not self._known.is_known(task.url):
            self.planned[url] = replace(link, url=url)
        self._seen.add(key)

    def _title(self, url: str, link: Found) -> None:
        """Take the title of an article from whatever names it first with one."""
        known = self.planned.get(url)
        if known is not None and known.title is None and link.title:
            self.planned[url] = replace(known, title=link.title)
