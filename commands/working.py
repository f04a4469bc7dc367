"""How far is the work: a bar on a terminal for all that may take over a second, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commands import output

Tick = Callable[[str, int, int], None]
"""Told what is being done, how many are done, of how many."""


@contextmanager
def bar() -> Iterator[Tick]:
    """Give what work reports to: a progress bar on stderr where a person looks on."""
    if not output.is_terminal(sys.stderr):
        yield _ignore
        return
    from rich.console import Console  # noqa: PLC0415 -- 0.1 s, for people who look on alone
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def tick(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield tick


def _ignore(_what: str, _done: int, _total: int) -> None:
    """Say nothing."""
