from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import ArchiveError, ArchiveLocked
from commands.exits import CODES, ExitCode, code_of_failures, exit_code
from scraper.errors import RobotsDenied, ScraperError

DOC = Path(__file__).parents[1] / "docs" / "exit-codes.md"


def descendants(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from descendants(child)


def written() -> str:
    """Return the table of docs/exit-codes.md."""
    head = ["| code | name | meaning |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {code.value} | {code.name} | {code.meaning} |" for code in ExitCode)])


def test_every_expected_error_has_a_code_that_is_no_success() -> None:
    for error in (*descendants(ScraperError), *descendants(ArchiveError)):
        bases = [base for base in error.__mro__ if base in CODES]

        assert CODES[bases[0]] not in {ExitCode.OK, ExitCode.PARTIAL}


def test_the_nearest_class_decides() -> None:
    assert exit_code(RobotsDenied("https://x.vn/", "no")) is ExitCode.BLOCKED
    assert exit_code(ArchiveLocked(Path("a.db"))) is ExitCode.LOCKED
    assert exit_code(ScraperError("https://x.vn/", "no")) is ExitCode.ERROR


@pytest.mark.parametrize(
    ("codes", "done", "expected"),
    [
        ([], 0, ExitCode.OK),
        ([], 5, ExitCode.OK),
        (["timeout"], 5, ExitCode.PARTIAL),
        (["timeout"], 0, ExitCode.ERROR),
        (["robots_denied", "robots_unreachable"], 0, ExitCode.BLOCKED),
        (["robots_denied"], 1, ExitCode.PARTIAL),
        (["robots_denied", "timeout"], 0, ExitCode.ERROR),
    ],
)
def test_a_run_in_which_some_failed_is_partial(codes: list[str], done: int, expected: ExitCode) -> None:
    assert code_of_failures(codes, done=done) is expected


def test_the_codes_are_as_documented() -> None:
    assert written() in DOC.read_text(encoding="utf-8")
