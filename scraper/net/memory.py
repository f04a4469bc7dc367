"""How much the bodies in hand may take together: each counts from its first byte until the task that asked has ended.

So a hundred hosts that send without end fill no machine. Once all is taken, a body grows no further until another task
has ended or given up; the task that has held something for longest always goes on, so that none waits for ever.
"""

from __future__ import annotations

import asyncio
from typing import cast

Task = asyncio.Task[object]


class BodyMemory:
    """Counts what the tasks of one event loop hold; the one that always goes on may come to its own caps beyond."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._total = 0
        self._held: dict[Task, int] = {}  # in the order in which they began to hold something
        self._freed = asyncio.Event()

    @property
    def held(self) -> int:
        """Return how many bytes the running task holds; to be set as soon as they are fewer."""
        return self._held.get(_running(), 0)

    @held.setter
    def held(self, count: int) -> None:
        self._count(_running(), count)

    async def take(self, count: int, *, deadline: asyncio.Timeout | None = None) -> None:
        """Let the running task hold so many bytes more, once there is room; its deadline moves on by the wait."""
        if not self._has_room(count):
            await self._wait(count, deadline)
        self.held += count

    def _has_room(self, count: int) -> bool:
        longest = next(iter(self._held), None)
        return self._total + count <= self._max_bytes or longest in {None, _running()}

    async def _wait(self, count: int, deadline: asyncio.Timeout | None) -> None:
        began_at, until = asyncio.get_running_loop().time(), deadline.when() if deadline else None
        if deadline and until is not None:
            deadline.reschedule(None)
        while not self._has_room(count):
            self._freed.clear()
            await self._freed.wait()
        if deadline and until is not None:
            deadline.reschedule(until + asyncio.get_running_loop().time() - began_at)

    def _count(self, task: Task, count: int) -> None:
        before = self._held.get(task, 0)
        if not count:
            self._held.pop(task, None)
        else:
            self._held[task] = count
            if not before:
                task.add_done_callback(self._let_go)
        self._total += count - before
        if count < before:
            self._freed.set()

    def _let_go(self, task: Task) -> None:
        self._count(task, 0)


def _running() -> Task:
    return cast("Task", asyncio.current_task())  # there is one: a body is received by a task
