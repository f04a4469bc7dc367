"""docs/reliability.md says what the catalogue and the tests say."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path

import pytest

from tests.faults import catalogue
from tests.faults.outcomes import WRITE_DOCS, Outcomes

THREATS = catalogue.TESTS.parent / "docs" / "threats.md"
LEAST_TESTED = 86
SEVERITIES = {"critical", "high", "medium", "low", "load"}


def test_every_number_has_a_test_or_stands_with_its_reason() -> None:
    listed = catalogue.faults()

    assert [fault.number for fault in listed] == list(range(1, 95))
    assert {fault.severity for fault in listed} <= SEVERITIES
    assert catalogue.forgotten() == []


def test_the_page_is_made_of_the_catalogue_and_the_tests_and_nothing_falls_short() -> None:
    text = catalogue.PAGE.read_text(encoding="utf-8")
    results = catalogue.written_results(text)

    if WRITE_DOCS in os.environ:
        pytest.skip("this run writes the page at its end")
    assert text == catalogue.page(results), (
        "make faults writes it; only its columns: LUUBAO_WRITE_DOCS=1 pytest tests/faults/test_reliability.py"
    )
    assert catalogue.FALLS_SHORT not in results.values()
    assert sum(result.startswith(catalogue.HOLDS) for result in results.values()) >= LEAST_TESTED


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("test_f21_truncated_gzip", [21]),
        ("test_f04_f05_five_redirects[a-f9_b]", [4, 5]),
        ("test_f2", []),
        ("test_of_f21_a", []),
        ("test_fonts_1", []),
    ],
)
def test_a_test_is_of_the_numbers_that_its_name_begins_with(name: str, numbers: list[int]) -> None:
    assert catalogue.numbers_of(name) == numbers


def ended(name: str, outcome: str, reason: str = "") -> pytest.TestReport:
    longrepr = ("file", 1, f"Skipped: {reason}") if reason else None
    return pytest.TestReport(f"tests/x.py::{name}", ("", 0, ""), {}, outcome, longrepr, "call")  # type: ignore[arg-type]


def test_a_number_holds_when_all_its_tests_passed() -> None:
    outcomes = Outcomes()
    for report in (
        ended("test_f1_a[::1]", "passed"),
        ended("test_f02_f03_b", "passed"),
        ended("test_f03_c", "failed"),
        ended("test_f4_d", "skipped", "no strace"),
        ended("test_f01_e", "skipped", "no libfiu"),
    ):
        outcomes.pytest_runtest_logreport(report)

    found = [outcomes.result(fault) for fault in catalogue.faults()[:5]]

    assert found == [
        "holds; in part skipped here: no libfiu",
        "holds",
        "falls short",
        "skipped here: no strace",
        "no test",
    ]


NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", THREATS.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_the_tests_that_show_what_stops_a_threat_exist(path: str, test: str) -> None:
    assert f"def {test}(" in (catalogue.TESTS.parent / path).read_text(encoding="utf-8")


def test_every_threat_but_one_is_shown_to_be_stopped() -> None:
    rows = [line for line in THREATS.read_text(encoding="utf-8").splitlines() if re.match(r"\| (?!how|-)", line)]

    assert len(rows) > 25
    assert [row for row in rows if "`tests/" not in row and not row.startswith("| take the disk")] == []


@pytest.mark.parametrize("entry", catalogue.taken_out(), ids=lambda entry: entry["number"])
def test_what_was_taken_out_and_its_test_are_still_there(entry: dict[str, str]) -> None:
    module, _, name = entry["where"].partition(":")
    found: object = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    path, _, test = entry["test"].partition("::")

    assert f"def {test}(" in (Path(catalogue.TESTS) / path).read_text(encoding="utf-8")
