"""When the next request to a host may start: one at a time, and a delay between starts, in all processes of a user."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scraper.errors import HostParked
from scraper.net.shared_pace import SharedPace, Times
from scraper.urls import DEFAULT_PORTS, Parts

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

ARRIVAL_SECONDS = 0.1  # a request counts as started when its answer begins, or this long after it was sent
LOOK_SECONDS = 0.1  # between two looks whether another process has its answer
SLOWNESS_FACTOR = 2.0  # a server that takes 5 s for a page is asked every 10 s


@dataclass(slots=True)
class HostPace:
    """What is known of one host's pace; times by the pace's clock."""

    started_at: float | None = None  # of the last request; None before the first
    answer_seconds: float = 0.0  # that the last answer took
    held_until: float = 0.0  # the server asked for rest
    is_parked: bool = False  # it asked for more than one run waits
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def learn(self, times: Times | None) -> None:
        """Take over what another process saw later."""
        if times is not None and (self.started_at is None or times.started_at > self.started_at):
            self.started_at, self.answer_seconds = times.started_at, times.answer_seconds
            self.held_until = max(self.held_until, times.held_until)

    def times(self) -> Times:
        """Return what other processes are to know; a pause too long to wait for is not theirs."""
        return Times(self.started_at or 0.0, self.answer_seconds, 0.0 if self.is_parked else self.held_until)


@dataclass(slots=True)
class Turn:
    """One request's turn at a host."""

    waited_seconds: float
    sent_at: float | None = None  # set by whoever sends; None while nothing was sent
    answered_at: float | None = None  # when the answer began


def next_start(host: HostPace, delay_seconds: float) -> float:
    """Return the earliest time for the next request to a host: delay, slowness and requested rest all kept."""
    if host.started_at is None:
        return host.held_until
    delay = max(delay_seconds, SLOWNESS_FACTOR * host.answer_seconds) if delay_seconds > 0 else 0.0
    return max(host.started_at + delay, host.held_until)


def start_of(turn: Turn, now: float) -> float:
    """Return when the server saw a request, never earlier than it did: its clock is what politeness is measured by."""
    if turn.sent_at is None:
        return now
    return min(turn.sent_at + ARRIVAL_SECONDS, turn.answered_at if turn.answered_at is not None else now)


def delay_of(policy_seconds: float, asked_seconds: float | None) -> float:
    """Return the delay of a host: ours or the one robots.txt asks for, whichever is longer."""
    return max(policy_seconds, asked_seconds or 0.0)


def pace_key(parts: Parts) -> str:
    """Return the host whose pace a URL belongs to; http and https are one, another port is another server."""
    return parts.host if parts.port in DEFAULT_PORTS.values() else f"{parts.host}:{parts.port}"


class Pace:
    """Keeps the pace of every host. Clock and sleep in seconds; `shared` is where other processes keep theirs."""

    def __init__(
        self, *, clock: Clock, sleep: Sleep, max_slowness_seconds: float, shared: SharedPace | None = None
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._max_slowness_seconds = max_slowness_seconds
        self._shared = shared
        self._hosts: dict[str, HostPace] = {}

    def host(self, parts: Parts) -> HostPace:
        """Return the state of a URL's host."""
        return self._hosts.setdefault(pace_key(parts), HostPace())

    @asynccontextmanager
    async def turn(self, parts: Parts, delay_seconds: float) -> AsyncIterator[Turn]:
        """Wait for one's turn at the host of a URL, and hold it.

        Raises HostParked where the server wants no more requests.
        """
        host = self.host(parts)
        async with host.lock:
            turn = Turn(await self._take_turn(host, parts, delay_seconds))
            began_at = self._clock()
            try:
                yield turn
            finally:
                ended_at = self._clock()
                host.started_at = start_of(turn, ended_at)
                host.answer_seconds = min(ended_at - began_at, self._max_slowness_seconds / SLOWNESS_FACTOR)
                if self._shared is not None:
                    self._shared.give_back(pace_key(parts), host.times())

    async def _take_turn(self, host: HostPace, parts: Parts, delay_seconds: float) -> float:
        """Wait until the host may be asked, by this process and all others; return the seconds waited."""
        began_at, key = self._clock(), pace_key(parts)
        while True:
            await self._wait(host, parts, delay_seconds)
            if self._shared is None:
                break
            if not self._shared.take(key):
                await self._sleep(LOOK_SECONDS)
                continue
            host.learn(self._shared.times(key, self._clock()))
            if next_start(host, delay_seconds) <= self._clock():
                break
            self._shared.give_back(key, None)
        return self._clock() - began_at

    async def _wait(self, host: HostPace, parts: Parts, delay_seconds: float) -> None:
        while (seconds := next_start(host, delay_seconds) - self._clock()) > 0:
            if host.is_parked:
                raise HostParked(str(parts), _parked(seconds), retry_after_seconds=seconds)
            await self._sleep(seconds)
        host.is_parked = False

    def rest(self, parts: Parts, seconds: float) -> None:
        """Let no request to the host start within the next seconds."""
        host = self.host(parts)
        host.held_until = max(host.held_until, self._clock() + seconds)

    def park(self, parts: Parts, seconds: float) -> None:
        """Refuse requests to the host for the next seconds instead of waiting."""
        self.rest(parts, seconds)
        self.host(parts).is_parked = True


def _parked(seconds: float) -> str:
    return f"the server asked for a pause; {seconds:,.0f} s of it are left"
