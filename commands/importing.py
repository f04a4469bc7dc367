"""Read what an import brings as a crawl would: the same judge, the same readers with their limits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archive.errors import BadRecord, ExchangeError
from archive.exchange.intake import Brought, Intake, end_import
from archive.exchange.sources import Item, Source, Tick, items_in
from archive.exchange.warc_in import Captured
from archive.store import Archive
from scraper.errors import BadUrl
from scraper.judge import HTTP_NOT_MODIFIED
from scraper.models import Failed, Outcome, Visit
from scraper.recorded import Read, ahead, decode, outcome_of, with_normal_urls
from scraper.sites import Site
from scraper.urls import canonical, normal
from scraper.workers import workers_here

Say = Callable[[str], None]


@dataclass(slots=True)
class Heard:
    """What was not kept, and why."""

    refused: int = 0  # records that are damaged, or not what their digest says
    no_pages: int = 0  # pictures, feeds and the like
    without_page: int = 0  # revisits of a page that is not kept here
    other_forms: int = 0  # AMP, mobile and print pages of articles that are kept
    failures: Counter[str] = field(default_factory=Counter)  # by the code of the error

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        counts = {name: getattr(self, name) for name in ("refused", "no_pages", "without_page", "other_forms")}
        return counts | {"errors": dict(self.failures)}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    brought: Brought
    heard: Heard
    is_damaged: bool  # a file could not be read, or not to its end


def import_all(
    archive: Archive,
    sources: Sequence[Source],
    *,
    read: Read,
    known: tuple[Site, ...],
    say: Say,
    tick: Tick = lambda *_: None,
) -> Imported:
    """Keep what is in the files, as part of a run, and write down what it was; raises ArchiveError."""
    began_at = time.monotonic()
    is_damaged = False
    with Intake(archive) as intake:
        importer = Importer(intake, read, known, say)
        for source in sources:
            try:
                importer.take(items_in(source, decode=decode, tick=tick))
            except ExchangeError as error:
                is_damaged = True
                say(str(error))
    heard = importer.heard
    report = heard.to_dict() | {"known": intake.brought.known}
    end_import(archive, intake.brought, seconds=time.monotonic() - began_at, report=report)
    return Imported(intake.brought, heard, is_damaged)


class Importer:
    """Takes items in, one after the other, while the pages that follow are being read."""

    def __init__(self, intake: Intake, read: Read, known: tuple[Site, ...], say: Say) -> None:
        self.heard = Heard()
        self._intake = intake
        self._read_page = read
        self._known = known
        self._say = say
        self._workers = workers_here()

    def take(self, items: Iterable[Item]) -> None:
        """Keep all that is in a file; raises ArchiveError."""
        normal_ones = (item for item in map(self._normal, items) if item is not None)
        for item, outcome in ahead(normal_ones, self._outcome, threads=self._workers, is_work=_is_page):
            if isinstance(item, BadRecord):
                self._refuse(item)
            elif isinstance(item, Captured):
                self._keep(item, outcome if _is_page(item) else self._revisited(item))
            else:
                self._add(item)

    def _normal(self, item: Item) -> Item | None:
        """Return a page with its URL in the form that a crawl gives it; None where it is none, or kept already."""
        if not isinstance(item, Captured):
            return item
        try:
            page = with_normal_urls(item.page)
        except BadUrl:
            self.heard.no_pages += 1
            return None
        is_known = self._intake.is_known(page, is_without_body=item.is_cut or item.same_as is not None)
        return None if is_known else replace(item, page=page)

    def _keep(self, captured: Captured, outcome: Outcome | None) -> None:
        if outcome is None:
            self.heard.no_pages += captured.same_as is None
            return
        if isinstance(outcome, Visit) and self._is_other_form(outcome.page.url):
            self.heard.other_forms += 1
            return
        if isinstance(outcome, Failed):
            self.heard.failures[outcome.code] += 1
        self._intake.keep(outcome, captured.memento)

    def _is_other_form(self, url: str) -> bool:
        """Tell whether this is the AMP, mobile or print form of an article that is kept: a crawl asks for one alone."""
        known = self._intake.addresses_of(url)
        return bool(known) and _plain(url) not in map(_plain, known)

    def _add(self, record: object) -> None:
        try:
            self._intake.add(record)  # type: ignore[arg-type]
        except BadRecord as error:
            self._refuse(error)

    def _refuse(self, error: BadRecord) -> None:
        self.heard.refused += 1
        self._say(error.reason)

    def _revisited(self, captured: Captured) -> Outcome | None:
        """Return what a revisit says: what the page said to which it refers."""
        page, same_as = captured.page, captured.same_as
        if same_as is None or page.status == HTTP_NOT_MODIFIED:
            return self._outcome(captured)
        body = self._intake.body_of(_normal_or_same(same_as[0]), same_as[1])
        if body is None:
            self.heard.without_page += 1
            return None
        return self._outcome(replace(captured, page=replace(page, body=body)))

    def _outcome(self, item: Item) -> Outcome | None:
        """Return what a crawl would keep of a page; called in threads."""
        if not isinstance(item, Captured):
            return None
        return outcome_of(item.page, read=self._read_page, known=self._known, is_cut=item.is_cut)


def _is_page(item: Item) -> bool:
    """Tell whether an item is a page whose body is here."""
    return isinstance(item, Captured) and item.same_as is None


def _plain(url: str) -> str:
    """Return an address without what changes nothing on the page: scheme, www. and tracking."""
    return canonical(url).partition("://")[2].removeprefix("www.")


def _normal_or_same(url: str) -> str:
    try:
        return normal(url)
    except BadUrl:
        return url
