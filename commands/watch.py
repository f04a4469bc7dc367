"""What is to be done where a call into C takes longer than it may, and cannot be interrupted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

LOOK_SECONDS = 0.2


class Watch:
    """Calls `give_up` where, from so many seconds after its making on, one call inside it lasts for long.

    A context manager, entered for each call; a thread of its own looks at it, so the call has to let threads run.
    """

    def __init__(self, seconds: float, give_up: Callable[[], None]) -> None:
        self._ends_at = time.monotonic() + seconds
        self._calls = 0
        self._is_in_call = False
        self._give_up = give_up
        threading.Thread(target=self._look, daemon=True).start()

    def __enter__(self) -> None:
        self._calls += 1
        self._is_in_call = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_in_call = False

    def _look(self) -> None:
        time.sleep(max(0.0, self._ends_at - time.monotonic()))
        while True:
            seen = self._calls
            time.sleep(LOOK_SECONDS)
            if self._is_in_call and self._calls == seen:
                self._give_up()
                return
