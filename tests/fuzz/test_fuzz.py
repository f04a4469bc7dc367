"""Junk is thrown at all that reads what strangers send: nothing but declared errors, bounded output, an end.

FUZZ_SECONDS is how long in all (`make fuzz`: 600), with new junk each time; without it a few dozen pieces each, which
are the same each time where CI is set.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import WORDS, of
from tests.fuzz.targets import TARGETS

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
EXAMPLES = {"page": 25, "listing": 40, "import": 15, "feed": 60, "text": 60}
USUAL_EXAMPLES = 100
ALL = list(HealthCheck)
MAX_MORE_BYTES = 5_000  # what is far longer, and slow for that, is for the workers' limits: test_hostile_documents
MAX_SECONDS = 10.0
"""Of processor time for one piece of junk, in Python code; what hangs in C is ended by whoever waits for the test."""


def junk(target: str) -> st.SearchStrategy[bytes]:
    """Make right inputs wrong: cut, doubled, swapped, joined, with words put in and bytes changed."""
    seeds, words = of(target), WORDS[target]
    pieces = st.sampled_from(words) | st.binary(max_size=8) | st.sampled_from(seeds)
    place = st.integers(0, max(map(len, seeds)))
    edits = st.lists(st.tuples(place, st.integers(0, 40), pieces, st.sampled_from((1, 1, 1, 2, 500))), max_size=6)
    mutated = st.builds(_edited, st.sampled_from(seeds), edits)
    return mutated | st.binary(max_size=400) | st.lists(pieces, max_size=20).map(b"".join)


def _edited(seed: bytes, edits: list[tuple[int, int, bytes, int]]) -> bytes:
    for place, gone, piece, times in edits:
        seed = seed[:place] + (piece * times)[:MAX_MORE_BYTES] + seed[place + gone :]
    return seed


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError after so many seconds of processor time."""

    def end(_number: int, _frame: object) -> None:
        raise TimeoutError(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.faults
@pytest.mark.parametrize("name", TARGETS)
def test_no_junk_raises_what_is_not_declared(name: str) -> None:
    ends_at = time.monotonic() + SECONDS / len(TARGETS)

    examples = EXAMPLES.get(name, USUAL_EXAMPLES)

    @settings(max_examples=examples, derandomize=bool(os.environ.get("CI")) and not SECONDS, suppress_health_check=ALL)
    @given(junk(name))
    def throw(data: bytes) -> None:
        with within(MAX_SECONDS):
            TARGETS[name](data)

    throw()
    while time.monotonic() < ends_at:
        throw()


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_begins_with_is_taken(name: str) -> None:
    for seed in of(name):
        TARGETS[name](seed)
