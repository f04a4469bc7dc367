"""Which signal told us to stop: the first lets a crawl finish what is in hand, a second one ends it at once."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from commands.exits import ExitCode

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """Sets an event at the first signal; the code to exit with is known after it."""

    def __init__(self) -> None:
        self.received: signal.Signals | None = None  # None until one came

    @property
    def exit_code(self) -> ExitCode | None:
        """Return the code that tells of the signal, None where none came."""
        if self.received is None:
            return None
        return ExitCode.INTERRUPTED if self.received is signal.SIGINT else ExitCode.TERMINATED

    def watch(self, stop: asyncio.Event) -> None:
        """Set the event when a signal comes; outside the main thread, where no signal comes, do nothing."""
        loop = asyncio.get_running_loop()
        for number in STOPPING:
            with suppress(RuntimeError, ValueError):
                loop.add_signal_handler(number, self._receive, number, stop)

    def _receive(self, number: signal.Signals, stop: asyncio.Event) -> None:
        self.received = self.received or number
        stop.set()
        for each in STOPPING:
            asyncio.get_running_loop().remove_signal_handler(each)
