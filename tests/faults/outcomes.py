"""A plug-in of pytest: what became of each fault's tests, in the summary and, on request, in docs/reliability.md.

`make faults` sets LUUBAO_WRITE_DOCS, and means the whole list: a number with neither a test nor a reason fails the run.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict

import pytest

from tests.faults import catalogue

WRITE_DOCS = "LUUBAO_WRITE_DOCS"


def _earlier() -> dict[int, str]:
    """Return the results that the page has: a run of some numbers leaves those of the others as they were."""
    text = catalogue.PAGE.read_text(encoding="utf-8") if catalogue.PAGE.exists() else ""
    tested = catalogue.cases()
    return {number: result for number, result in catalogue.written_results(text).items() if number in tested}


class Outcomes:
    """Gathers how the tests of each number ended."""

    def __init__(self) -> None:
        self._ends: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._reasons: defaultdict[int, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        for number in catalogue.numbers_of(report.nodeid.partition("::")[2]):
            self._ends[number][report.outcome] += 1
            if report.skipped and isinstance(report.longrepr, tuple):
                self._reasons[number].add(str(report.longrepr[2]).removeprefix("Skipped: "))

    def result(self, fault: catalogue.Fault) -> str:
        """Return in a few words how the tests of a number ended."""
        ends = self._ends[fault.number]
        skipped = f"skipped here: {'; '.join(sorted(self._reasons[fault.number]))}"
        if ends["failed"]:
            return catalogue.FALLS_SHORT
        if ends["passed"]:
            return f"{catalogue.HOLDS}; in part {skipped}" if ends["skipped"] else catalogue.HOLDS
        if ends["skipped"]:
            return skipped
        return catalogue.NOT_TESTED if fault.untested else catalogue.NO_TEST

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self._ends and WRITE_DOCS not in os.environ:
            return
        results = {fault.number: self.result(fault) for fault in catalogue.faults()}
        ran = sum(bool(ends["passed"] or ends["failed"]) for ends in self._ends.values())
        tests = sum(ends.total() for ends in self._ends.values())
        terminalreporter.write_line(f"faults: {ran} of {len(results)} numbers ran, in {tests:,} tests")
        if WRITE_DOCS in os.environ:
            results |= {number: result for number, result in _earlier().items() if not self._ends[number]}
            catalogue.PAGE.write_text(catalogue.page(results), encoding="utf-8")
            terminalreporter.write_line(f"faults: {catalogue.summary(results)} (docs/reliability.md)")
            for name in catalogue.forgotten():
                terminalreporter.write_line(f"faults: {name} has neither a test nor a reason", red=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if WRITE_DOCS in os.environ and catalogue.forgotten():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
