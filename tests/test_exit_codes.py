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


def error_rows(root: type[Exception], depth: int = 0) -> Iterator[str]:
    """Return how the rows of a tree begin in docs/exit-codes.md: class, exit code, meaning."""
    for kind in root.__subclasses__():
        if kind.__module__ in {"archive.errors", "scraper.errors"}:
            name = kind.code if issubclass(kind, ScraperError) else kind.__name__
            code = next(CODES[base] for base in kind.__mro__ if base in CODES)
            meaning = (kind.__doc__ or "").splitlines()[0]
            yield f"| {'– ' * depth}`{name}` | {code.value} | {meaning} | "
            yield from error_rows(kind, depth + 1)


def test_the_classes_of_errors_are_as_documented() -> None:
    documented = DOC.read_text(encoding="utf-8").partition("## Error classes")[2].splitlines()
    rows = [line for line in documented if line.startswith(("| `", "| –"))]
    expected = [*error_rows(ScraperError), *error_rows(ArchiveError)]

    assert len(rows) == len(expected)
    for row, start in zip(rows, expected, strict=True):
        assert row.startswith(start)
        assert len(row) > len(start) + 5  # what to do about it
