"""How are pages that strangers sent read without harm: in worker processes with a limit of memory and of time.

3,500 different nested <font> tags cost the HTML parser 10 s and 2.7 GB, and a limit on the page's size does not help.

Each worker has a pipe of its own, and one that came to its memory limit is replaced. (Where workers share a pipe, as
in pebble's pool, one that dies while it takes a message can hang all that wait behind it: seen in a crawl.)
"""

from __future__ import annotations

import asyncio
import copyreg
import gc
import multiprocessing
import os
import pickle
import queue
import resource
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, Self

from selectolax.lexbor import SelectolaxError

from scraper.errors import ParseFailed, ParseMemory, ParserCrash, ParseTimeout, ScraperError
from scraper.models import Article, Block, Found, Image, Page, Provenance, Rejected, Rights, Task
from scraper.reading import Reading, read_page, use_site_files

ReadPage = Callable[[Page, Task], Reading]

OUT_OF_MEMORY = 77
"""Exit code of a worker that came to its limit: what it still holds is not worth keeping."""

MAX_WORKERS = 8
"""One main process fetches and keeps no more than so many read."""

AHEAD = 4
"""Pages for each worker that wait for it: one slow page does not keep the others idle."""

OBJECTS_BETWEEN_SWEEPS = 20_000
"""Objects made between two runs of the collector of circles: a reading makes some thousands, and no circles."""

START_SECONDS = 60.0
GRACE_SECONDS = 5
"""A worker whose parent is gone ends by itself so long after its time is over."""

DEAF_TO = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Sent to the whole group of processes, they are for the parent, which finishes what is in hand."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker process may take."""

    seconds: float = 20.0  # of wall time for one page
    memory_bytes: int = 1 << 30  # of address space, the interpreter's own 60 MB included
    pages: int = 2_000  # then a fresh process takes its place


def workers_for(cpu_count: int, free_bytes: int, limits: WorkerLimits = WorkerLimits()) -> int:
    """Return how many workers to start: one a processor, but no more than fit into half of the free memory.

    Measured on two processors: two read 1.6 times as much as one, beside the main process; three no more than two.
    """
    return max(1, min(cpu_count, free_bytes // 2 // limits.memory_bytes, MAX_WORKERS))


def workers_here() -> int:
    """Return how many workers suit this machine."""
    free_bytes = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return workers_for(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, free_bytes
    )


class Read(Protocol):
    """Read one page for one task."""

    async def read(self, task: Task, page: Page) -> Reading:
        """Return what the page says and names; raises ParseFailed."""
        ...


class Readers:
    """Worker processes that read pages; an async context manager, and a plain one for a few pages."""

    def __init__(
        self,
        *,
        workers: int | None = None,  # None: as many as suit this machine
        limits: WorkerLimits = WorkerLimits(),
        site_files: tuple[Path, ...] = (),
        read_page: ReadPage = read_page,
    ) -> None:
        count = workers_here() if workers is None else workers
        self._workers = [_Worker(limits, site_files, read_page) for _ in range(count)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()  # at a polite pace one works, and no other is started
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")

    async def read(self, task: Task, page: Page) -> Reading:
        """Read one page in a worker.

        Raises ParseTimeout, ParseMemory or ParserCrash where the worker came to its limits or died, and ParseFailed
        where the page is no sitemap or meets a bug of the reader; the next page is read in any case.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_now, task, page)

    def read_now(self, task: Task, page: Page) -> Reading:
        """Read one page in a worker, and wait for it: as `read`, for callers without an event loop."""
        with self._borrowed() as worker:
            return worker.read(task, page)

    def read_each(self, pages: Iterable[tuple[Task, Page]]) -> Iterator[Reading | ParseFailed]:
        """Read pages in all workers at once, and yield what each says, or why it could not be read, in their order.

        Of `pages` no more are taken than the workers can soon have.
        """
        waiting: deque[Future[Reading]] = deque()
        for task, page in pages:
            waiting.append(self._threads.submit(self.read_now, task, page))
            if len(waiting) > AHEAD * len(self._workers):
                yield _outcome(waiting.popleft())
        while waiting:
            yield _outcome(waiting.popleft())

    @contextmanager
    def _borrowed(self) -> Iterator[_Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def _warm_up(self) -> None:
        with self._borrowed() as worker:
            worker.start()

    def close(self) -> None:
        """End the workers; a page in hand is given up."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)

    def _start(self) -> Self:
        self._threads.submit(self._warm_up)  # 0.4 s of imports: time enough to ask for robots.txt
        return self

    def __enter__(self) -> Self:
        return self._start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self._start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)


def _outcome(reading: Future[Reading]) -> Reading | ParseFailed:
    try:
        return reading.result()
    except ParseFailed as error:
        return error


class UnlimitedReaders:
    """Reads in this very process, without any limit: for pages one wrote oneself, never for a stranger's."""

    async def read(self, task: Task, page: Page) -> Reading:
        """Read one page here and now."""
        return read_page(page, task)


class _Worker:
    """One process that reads, and the pipe to it; used by one thread at a time."""

    def __init__(self, limits: WorkerLimits, site_files: tuple[Path, ...], read_page: ReadPage) -> None:
        self._limits = limits
        self._site_files = site_files
        self._read_page = read_page
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._pages = 0
        self._is_closed = False

    def start(self) -> None:
        """Start the process, unless it runs; raises RuntimeError where it cannot start, which is a bug."""
        if self._process is not None and self._process.is_alive():
            return
        self.end()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])  # imported once, by the process that all workers are forked from
        pipe, far_end = context.Pipe()
        args = (far_end, self._limits, self._site_files, self._read_page)
        process = context.Process(target=_serve, args=args, name="reader", daemon=True)
        with _guarded():
            process.start()
        far_end.close()
        self._process, self._pipe = process, pipe  # not before: `end` may come from another thread at any moment
        self._pages = 0
        if self._is_closed:  # while it started
            self.end()
            raise EOFError
        if not pipe.poll(START_SECONDS) or pipe.recv_bytes() != b"ready":
            raise RuntimeError("the process that reads pages does not start")

    def read(self, task: Task, page: Page) -> Reading:
        """Read one page; raises ParseFailed."""
        self.start()
        bare = replace(page, wire_body=None, redirects=(), request_headers=())
        try:
            answer = self._ask(pickle.dumps((bare, task)))
        except (EOFError, OSError) as error:
            raise self._death(page.url) from error
        if answer is None:
            self.end()
            raise ParseTimeout(page.url, f"reading took longer than {self._limits.seconds:g} s; the page is kept")
        self._pages += 1
        if self._pages >= self._limits.pages:
            self.end()
        outcome: Reading | ScraperError = pickle.loads(answer)  # noqa: S301 -- our own process wrote it
        if isinstance(outcome, ScraperError):
            raise outcome
        return outcome

    def _ask(self, message: bytes) -> bytes | None:
        """Return the process's answer, None where it does not come in time."""
        if self._pipe is None:
            raise EOFError
        self._pipe.send_bytes(message)
        return self._pipe.recv_bytes() if self._pipe.poll(self._limits.seconds) else None

    def _death(self, url: str) -> ParseFailed:
        code = None
        if self._process is not None:
            self._process.join(GRACE_SECONDS)
            code = self._process.exitcode
        self.end()
        if code == OUT_OF_MEMORY:
            megabytes = self._limits.memory_bytes >> 20
            return ParseMemory(url, f"reading took more memory than {megabytes} MB; the page is kept")
        cause = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return ParserCrash(url, f"the process that read it died ({cause}); the page is kept")

    def close(self) -> None:
        """End the process at once, and one that another thread is just about to start."""
        self._is_closed = True
        self.end()

    def end(self) -> None:
        """End the process at once; the next page starts another."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None:
            process.kill()
            process.join()
        if pipe is not None:
            pipe.close()


@contextmanager
def _guarded() -> Iterator[None]:
    """Let what is started here hear no signal to the whole group of processes, nor run code of the working folder.

    `python -c`, as which it is started, looks for modules in the working folder first.
    """
    with _STARTING, _safe_path():
        resource_tracker.ensure_running()  # where it has to start, it lifts the mask
        before = signal.pthread_sigmask(signal.SIG_BLOCK, DEAF_TO)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


_STARTING = threading.Lock()


@contextmanager
def _safe_path() -> Iterator[None]:
    before = os.environ.get("PYTHONSAFEPATH", "")  # empty is as good as unset
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        os.environ["PYTHONSAFEPATH"] = before


# --- in the worker ----------------------------------------------------------------------------------------------------


def _serve(pipe: Connection, limits: WorkerLimits, site_files: tuple[Path, ...], read_page: ReadPage) -> None:
    """Read what comes through the pipe until its other end is closed."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no dump of a stranger's page
    use_site_files(site_files)
    gc.freeze()  # what is loaded stays, and need not be looked through again
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS)
    pipe.send_bytes(b"ready")
    while True:
        try:
            message = pipe.recv_bytes()
            signal.alarm(int(limits.seconds) + GRACE_SECONDS)
            answer = _answer(message, read_page)
            signal.alarm(0)
            pipe.send_bytes(answer)
        except (EOFError, ConnectionError):
            return
        except (MemoryError, SelectolaxError):  # "Can't parse HTML." is all that lexbor says where it gets no memory
            os._exit(OUT_OF_MEMORY)


def _answer(message: bytes, read_page: ReadPage) -> bytes:
    page, task = pickle.loads(message)  # noqa: S301 -- our own process wrote it
    outcome: Reading | ScraperError
    try:
        outcome = read_page(page, task)
    except (MemoryError, SelectolaxError):
        raise
    except ScraperError as error:
        outcome = error
    except Exception as error:  # noqa: BLE001 -- one page that meets a bug of the reader must not end every crawl
        outcome = ParseFailed(page.url, f"a bug of the reader: {_place_of(error)}; please report it; the page is kept")
    return pickle.dumps(outcome)


def _place_of(error: Exception) -> str:
    """Name an error and the line that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}"


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _reduce_read_only(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduce_read_only)  # an Article's provenance comes home from the worker


def _travel_light(kind: type[Any]) -> None:
    """Pickle a frozen value by its fields alone: half the time of what dataclasses with slots do by themselves."""
    values = attrgetter(*(each.name for each in fields(kind)))
    copyreg.pickle(kind, lambda value: (kind, values(value)))


for _kind in (Article, Block, Found, Image, Provenance, Reading, Rejected, Rights):
    _travel_light(_kind)
