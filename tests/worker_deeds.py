"""What a page may make a reader do: handed to worker processes in place of `read_page`, by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from scraper.models import Page, Task
from scraper.reading import Reading, read_page


def crash_on_request(page: Page, task: Task) -> Reading:
    """Die of SIGSEGV where the body says so, as a parser written in C may."""
    if b"crash" in page.body:
        os.kill(os.getpid(), signal.SIGSEGV)
    return read_page(page, task)


def hang_on_request(page: Page, task: Task) -> Reading:
    """Take for ever where the body says so."""
    if b"hang" in page.body:
        time.sleep(3600)
    return read_page(page, task)


def eat_on_request(page: Page, task: Task) -> Reading:
    """Take 2 GB where the body says so."""
    if b"eat" in page.body:
        _ = bytearray(2 << 30)
    return read_page(page, task)


def fail_by_a_bug(page: Page, task: Task) -> Reading:
    """Raise what no one expects."""
    raise ZeroDivisionError(page.url + task.url)


def tell_process(page: Page, task: Task) -> Reading:  # noqa: ARG001
    """Append the worker's process id to the file that the body names."""
    with Path(page.body.decode()).open("a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    return Reading()
