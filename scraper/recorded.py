"""What is kept of a page that comes out of a file, as a crawl would have kept it: the same judge, the same readers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from scraper import sites
from scraper.errors import NotHtml, ScraperError, Truncated
from scraper.judge import HTTP_NOT_MODIFIED, objection_to_answer, objection_to_article
from scraper.models import Failed, Outcome, Page, Role, Task, Visit
from scraper.net.decode import decode_body
from scraper.reading import Reading
from scraper.seeds import role_of
from scraper.sites import Site
from scraper.urls import host_of, normal, registrable

MAX_PAGE_BYTES = 64 * 2**20
AHEAD_FOR_EACH_THREAD = 4

T = TypeVar("T")
R = TypeVar("R")
Read = Callable[[Task, Page], Reading]
"""Read a page; raises ScraperError. Called from several threads."""


def decode(raw: bytes, coding: str | None, url: str) -> bytes:
    """Undo the content codings of a body, within bounds; raises ScraperError."""
    return decode_body(raw, coding, url=url, max_bytes=MAX_PAGE_BYTES)


def with_normal_urls(page: Page) -> Page:
    """Return a page and the redirects before it with their URLs as a crawl writes them; raises BadUrl."""
    led = tuple(with_normal_urls(hop) for hop in page.redirects)
    return replace(page, url=normal(page.url), requested_url=normal(page.requested_url), redirects=led)


def outcome_of(page: Page, *, read: Read, known: Sequence[Site], is_cut: bool = False) -> Outcome | None:
    """Return what a crawl would keep of a page; None where it is no page but a feed, a picture or the like.

    `is_cut`: the file has a part of the page alone. The URLs of the page are those of `with_normal_urls`.
    """
    site = sites.find(known, page.url)
    task = Task(page.url, role_of(page.url, site), site.id if site else registrable(host_of(page.url) or ""))
    if task.role in {Role.FEED, Role.SITEMAP}:
        return None
    objection = objection_to_answer(page, task)
    if isinstance(objection, NotHtml):
        return None
    if objection is None and is_cut:
        objection = Truncated(page.url, "the file has a part of the page alone")
    if objection is not None:
        return _failed(task, objection, page)
    if page.status == HTTP_NOT_MODIFIED:
        return Visit(task, page)
    return _read(task, page, read)


def _read(task: Task, page: Page, read: Read) -> Outcome:
    try:
        reading = read(task, page)
    except ScraperError as error:
        return _failed(task, error, page)
    objection = objection_to_article(page, reading.article) if reading.article else None
    return _failed(task, objection, page) if objection else Visit(task, page, reading.article)


def _failed(task: Task, error: ScraperError, page: Page) -> Failed:
    return Failed(task, error.code, str(error), page.fetched_at, page)


def ahead(
    items: Iterable[T], work: Callable[[T], R], *, threads: int, is_work: Callable[[T], bool] = lambda _item: True
) -> Iterator[tuple[T, R | None]]:
    """Yield the items in order, each with what the work made of it, while threads work on those that follow.

    An item for which `is_work` is false comes in its turn, with None.
    """
    waiting: deque[tuple[T, Future[R] | None]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="ahead")
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item) if is_work(item) else None))
            if len(waiting) > AHEAD_FOR_EACH_THREAD * threads:
                yield _result(waiting)
        while waiting:
            yield _result(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _result(waiting: deque[tuple[T, Future[R] | None]]) -> tuple[T, Any]:
    item, made = waiting.popleft()
    return item, made.result() if made else None
