"""How are pages that strangers sent read without harm: in worker processes with a limit of memory and of time.

3,500 different nested <font> tags cost the HTML parser 10 s and 2.7 GB, and a limit on the page's size does not help.
"""

from __future__ import annotations

import asyncio
import copyreg
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, Self, cast

from pebble import ProcessExpired, ProcessPool
from selectolax.lexbor import SelectolaxError

from scraper.errors import ParseFailed, ParseMemory, ParserCrash, ParseTimeout
from scraper.models import Page, Task
from scraper.reading import Reading, read_page, use_site_files

ReadPage = Callable[[Page, Task], Reading]


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker process may take."""

    seconds: float = 20.0  # of wall time for one page
    memory_bytes: int = 1 << 30  # of address space, the interpreter's own 60 MB included
    pages: int = 2_000  # then a fresh process takes its place, in 0.4 s


class Read(Protocol):
    """Read one page for one task."""

    async def read(self, task: Task, page: Page) -> Reading:
        """Return what the page says and names; raises ParseFailed."""
        ...


class Readers:
    """Worker processes that read pages; an async context manager, and a plain one for a few pages.

    One worker is the default: fetching and keeping one page costs the main process more than a hand-over.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        limits: WorkerLimits = WorkerLimits(),
        site_files: tuple[Path, ...] = (),
        read_page: ReadPage = read_page,
    ) -> None:
        self._workers = workers
        self._limits = limits
        self._site_files = site_files
        self._read_page = read_page
        self._pool: ProcessPool | None = None

    async def read(self, task: Task, page: Page) -> Reading:
        """Read one page in a worker.

        Raises ParseTimeout, ParseMemory or ParserCrash where the worker came to its limits or died, ParseFailed where
        the page is no sitemap or listing; the pool goes on in any case.
        """
        try:
            return await asyncio.wrap_future(self._schedule(task, page))
        except (TimeoutError, MemoryError, ProcessExpired, BrokenProcessPool) as error:
            raise self._named(error, page.url) from error

    def read_now(self, task: Task, page: Page) -> Reading:
        """Read one page in a worker, and wait for it: as `read`, for callers without an event loop."""
        try:
            return self._schedule(task, page).result()
        except (TimeoutError, MemoryError, ProcessExpired, BrokenProcessPool) as error:
            raise self._named(error, page.url) from error

    def _schedule(self, task: Task, page: Page) -> Future[Reading]:
        pool = self._open_pool()
        bare = replace(page, wire_body=None, redirects=(), request_headers=())
        args = (self._read_page, bare, task)
        future = pool.schedule(_read_in_worker, args=args, timeout=self._limits.seconds)
        return cast("Future[Reading]", future)

    def _open_pool(self) -> ProcessPool:
        """Return the pool, a new one where there is none or it broke, its workers on their way."""
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=self._limits.pages,
                initializer=_prepare_worker,
                initargs=(self._limits.memory_bytes, self._site_files),
                context=multiprocessing.get_context("spawn"),
            )
            self._pool.schedule(_start)
        return self._pool

    def _named(self, error: Exception, url: str) -> ParseFailed:
        match error:
            case TimeoutError():
                return ParseTimeout(url, f"reading took longer than {self._limits.seconds:g} s; the page is kept")
            case MemoryError():
                megabytes = self._limits.memory_bytes >> 20
                return ParseMemory(url, f"reading took more memory than {megabytes} MB; the page is kept")
            case _:
                return ParserCrash(url, f"the reader died ({error}); the page is kept")

    def close(self) -> None:
        """End the workers; a page in hand is given up."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types all but this
            self._pool.join()
            self._pool = None

    def __enter__(self) -> Self:
        self._open_pool()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self._open_pool()  # a worker takes 0.4 s to start: time enough to ask for robots.txt
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)


class UnlimitedReaders:
    """Reads in this very process, without any limit: for pages one wrote oneself, never for a stranger's."""

    async def read(self, task: Task, page: Page) -> Reading:
        """Read one page here and now."""
        return read_page(page, task)


def _start() -> None:
    """Do nothing: pebble starts its workers with their first task."""


def _prepare_worker(memory_bytes: int, site_files: tuple[Path, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no dump of a stranger's page
    use_site_files(site_files)


def _read_in_worker(read_page: ReadPage, page: Page, task: Task) -> Reading:
    try:
        return read_page(page, task)
    except SelectolaxError as error:  # "Can't parse HTML." is all that lexbor says where it gets no memory
        raise MemoryError from error


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _reduce_read_only(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduce_read_only)  # an Article's provenance comes home from the worker
