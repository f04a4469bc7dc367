"""How does a crawl go, on a terminal: what came, how fast, what waits, which hosts are asked, the last articles."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from archive.reports import Queue, queue
from commands.progress import counts, duration, size
from commands.text import padded, shortened, visible, width
from scraper.models import Verdict
from scraper.tally import Event, Happening

if TYPE_CHECKING:
    from archive.store import Archive

REDRAWS_A_SECOND = 4
RATE_SECONDS = 60
TITLES_SHOWN = 4
HOSTS_SHOWN = 6
HOST_CELLS = 28  # at most
LOOK_SECONDS = 2.0  # between two looks at the queue, at least
LOOK_SHARE = 100  # a look may take this part of the time since the last
STYLES = {Verdict.NEW: "green", Verdict.CHANGED: "yellow"}

Line = list[tuple[str, str]]
"""Pieces of text, each with its style."""


@contextmanager
def live() -> Iterator[LiveDisplay]:
    """Show a display on stderr while the crawl goes on; it leaves nothing behind but the lines of what failed."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    view = View()
    with Live(view, console=console, refresh_per_second=REDRAWS_A_SECOND, transient=True):
        yield LiveDisplay(view, console)


class LiveDisplay:
    """The display on a terminal: hands what happens to the view, and prints what failed above it."""

    def __init__(self, view: View, console: Console) -> None:
        self._view = view
        self._console = console

    def report(self, event: Event) -> None:
        """Take up what happened."""
        self._view.add(event)
        if event.verdict is Verdict.FAILED:
            self._print(event.message or f"{event.host}: {event.code}")
        elif event.what is Happening.PARKED:
            self._print(f"{event.host} is left alone for the rest of this run")

    def look(self, archive: Archive, sites: frozenset[str]) -> None:
        """Look at what waits in the archive, now and then."""
        self._view.watch(lambda: queue(archive.connection, sites, datetime.now(UTC)))

    def _print(self, text: str) -> None:
        self._console.print(Text(visible(text)))


class View:
    """What the display shows. Events come on the crawl's thread, and it is drawn on rich's."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._lock = Lock()
        self._verdicts: Counter[Verdict] = Counter()
        self._errors: Counter[str] = Counter()
        self._body_bytes = 0
        self._asked: dict[str, str] = {}  # host -> URL on its way
        self._by_host: Counter[str] = Counter()
        self._titles: deque[tuple[Verdict, str]] = deque(maxlen=TITLES_SHOWN)
        self._rate = Rate(clock)
        self._ask_queue: Callable[[], Queue] | None = None
        self._queue: Queue | None = None
        self._look_at = 0.0

    def watch(self, ask: Callable[[], Queue]) -> None:
        """Ask so for what waits; only ever on the crawl's thread."""
        self._ask_queue = ask

    def add(self, event: Event) -> None:
        """Take up one event."""
        with self._lock:
            self._count(event)
            self._look()

    def _count(self, event: Event) -> None:
        if event.what is Happening.STARTED and event.task:
            self._asked[event.host] = event.task.url
        if event.what is not Happening.KEPT or event.verdict is None:
            return
        if event.task and self._asked.get(event.host) == event.task.url:
            del self._asked[event.host]
        self._verdicts[event.verdict] += 1
        self._by_host[event.host] += 1
        self._body_bytes += event.body_bytes
        self._rate.add()
        if event.code:
            self._errors[event.code] += 1
        if event.title and event.verdict in STYLES:
            self._titles.append((event.verdict, event.title))

    def _look(self) -> None:
        """Look at the queue when it is time; a look that took long is followed by a longer pause."""
        began = self._clock()
        if self._ask_queue is None or began < self._look_at:
            return
        self._queue = self._ask_queue()
        took = self._clock() - began
        self._look_at = began + max(LOOK_SECONDS, took * LOOK_SHARE)

    # --- drawing ------------------------------------------------------------------------------------------------------

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw, as wide as the terminal and never higher."""
        for line in self.lines(options.max_width - 1)[: max(options.size.height - 1, 1)]:
            yield Text.assemble(*line, no_wrap=True, overflow="crop", end="\n")

    def lines(self, cells: int) -> list[Line]:
        """Return the lines of the display, none wider than so many cells; nothing in them acts on the terminal."""
        with self._lock:
            heads: list[Line] = [[(text, style)] for text, style in self._heads()]
            lines = heads + self._hosts(cells) + self._last_titles()
        return [_fitted(line, cells) for line in lines]

    def _heads(self) -> list[tuple[str, str]]:
        pages = self._verdicts.total()
        took = duration(self._clock() - self._began)
        lists = self._verdicts[Verdict.LISTED]
        read = f"{pages:,} pages ({lists:,} list{'s' * (lists != 1)}) in {took}"
        traffic = f"{read}, {self._rate.a_second():.1f}/s in the last minute"
        heads = [
            (counts(self._verdicts, self._errors), "bold"),
            (f"{traffic}, {size(self._body_bytes)}", ""),
        ]
        return heads if self._queue is None else [*heads, (f"queue: {told_queue(self._queue)}", "")]

    def _hosts(self, cells: int) -> list[Line]:
        shown = list(self._asked.items())[:HOSTS_SHOWN]
        room = min(max([width(host) for host, _ in shown], default=0), HOST_CELLS, cells // 3)
        lines: list[Line] = [
            [
                (padded(shortened(visible(host), room), room), "cyan"),
                (f"{self._by_host[host]:>6,}  ", ""),
                (visible(_path(url)), "dim"),
            ]
            for host, url in shown
        ]
        more = len(self._asked) - len(shown)
        return [*lines, [(f"and {more:,} other hosts", "dim")]] if more else lines

    def _last_titles(self) -> list[Line]:
        return [
            [(f"{str(verdict).upper():<9}", STYLES[verdict]), (visible(title), "")] for verdict, title in self._titles
        ]


class Rate:
    """How many a second over the last minute, counted by the second."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._seconds: deque[list[int]] = deque(maxlen=RATE_SECONDS + 1)  # [second, count]

    def add(self) -> None:
        """Count one now."""
        second = int(self._clock())
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0])
        self._seconds[-1][1] += 1

    def a_second(self) -> float:
        """Return the rate; since the beginning, while that is less than a minute ago."""
        now = self._clock()
        count = sum(count for second, count in self._seconds if now - second <= RATE_SECONDS)
        return count / min(max(now - self._began, 1.0), RATE_SECONDS)


def told_queue(waiting: Queue) -> str:
    """Write what waits for people: "340 due, 1,203 later, the next at 14:05"."""
    parts = [f"{waiting.due:,} due", f"{waiting.later:,} later"]
    if waiting.next_at:
        local = waiting.next_at.astimezone()
        is_today = local.date() == datetime.now(UTC).astimezone().date()
        parts.append(f"the next at {local:%H:%M:%S}" if is_today else f"the next on {local:%d %b %H:%M}")
    return ", ".join(parts)


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def _fitted(line: Line, cells: int) -> Line:
    """Shorten the last piece of a line so that all of it fits."""
    *before, (text, style) = line
    room = cells - sum(width(piece) for piece, _ in before)
    return [*before, (shortened(text, max(room, 1)), style)]
