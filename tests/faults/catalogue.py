"""Which faults must luubao survive, which tests show it, and what docs/reliability.md says of both."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reliability.md"
FILE = Path(__file__).with_name("catalogue.toml")

HOLDS, FALLS_SHORT, NO_TEST, NOT_TESTED = "holds", "falls short", "no test", "not tested"

_NUMBERS = re.compile(r"test((?:_f\d+)+)_")


@dataclass(frozen=True, slots=True)
class Fault:
    """One number of the list: what befalls luubao, and what happens."""

    number: int
    fault: str
    severity: str
    then: str
    untested: str | None = None  # why there is no test; None where there should be one
    in_part: str | None = None  # what of it no test here shows


@dataclass(frozen=True, slots=True)
class Case:
    """A test of one number or of several."""

    path: Path
    name: str


def faults() -> list[Fault]:
    """Return all faults by number."""
    return [Fault(int(key[1:]), **facts) for key, facts in _file().items() if key.startswith("F")]


def taken_out() -> list[dict[str, Any]]:
    """Return what was taken out of the code to see a test fail."""
    return list(_file().get("taken_out", []))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def numbers_of(test_name: str) -> list[int]:
    """Return the numbers that a test is named for: 4 and 5 of test_f04_f05_…"""
    named = _NUMBERS.match(test_name)
    return [int(number) for number in named.group(1).split("_f")[1:]] if named else []


def cases() -> dict[int, list[Case]]:
    """Return the tests of each number, read from the files without running them."""
    found: dict[int, list[Case]] = {}
    for case in _all_cases():
        for number in numbers_of(case.name):
            found.setdefault(number, []).append(case)
    return found


def _all_cases() -> Iterator[Case]:
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "def test_f" in text:
            tree = ast.parse(text)
            yield from (Case(path, node.name) for node in tree.body if isinstance(node, ast.FunctionDef))


def forgotten() -> list[str]:
    """Return the numbers that have neither a test nor a reason, and those of tests that are on no list."""
    listed, tested = faults(), cases()
    without = [f"F{fault.number}" for fault in listed if fault.number not in tested and not fault.untested]
    return without + [f"F{number}" for number in sorted(set(tested) - {fault.number for fault in listed})]


# --- the page ---------------------------------------------------------------------------------------------------------

HEAD = """\
# Reliability

A crawler reads what strangers send, unattended. This is the list of what has been thought of: faults of the network, of
pages, of the machine and of the file, and what happens then. Every fetch that fails is one row with a stable class
([exit-codes.md](exit-codes.md)); the crawl goes on, nothing of it is kept as an article, and the exit code says so.

Made by `make faults`, which runs the tests and writes this page; each test is named for its number, `test_f21_…`.

**{summary}**
"""
COLUMNS = "| | fault | severity | what happens | tests | result |\n|---|---|---|---|---|---|"
TAKEN_OUT = """\
## What each protection is worth

A test that cannot fail shows nothing. For ten critical faults the protection was taken out of the code by hand, and the
test failed:

| | taken out of | what | test | it said |
|---|---|---|---|---|"""


def page(results: Mapping[int, str]) -> str:
    """Return docs/reliability.md with these results by number."""
    listed, tested = faults(), cases()
    lines = [HEAD.format(summary=summary(results)), COLUMNS]
    for fault in listed:
        files = ", ".join(_link(path) for path in sorted({case.path for case in tested.get(fault.number, [])}))
        cells = [f"F{fault.number}", fault.fault, fault.severity, fault.then, files, results.get(fault.number, NO_TEST)]
        lines.append(_row(cells))
    lines += ["", "## What cannot be tested here", ""]
    for fault in listed:
        reason = None if fault.number in tested else fault.untested
        if reason or fault.in_part:
            lines.append(f"- **F{fault.number}**, {fault.fault[0].lower()}{fault.fault[1:]}: {reason or fault.in_part}")
    return "\n".join([*lines, *_taken_out_lines()]) + "\n"


def summary(results: Mapping[int, str]) -> str:
    """Return how many hold, in one sentence."""
    tested = [result for result in results.values() if not result.startswith((NOT_TESTED, NO_TEST))]
    short = sum(result.startswith(FALLS_SHORT) for result in tested)
    left = len(faults()) - len(tested)
    return f"{len(faults())} faults: {len(tested)} tested, {left} not; {short} fall short."


def written_results(text: str) -> dict[int, str]:
    """Return the results that a page has, by number."""
    rows = re.findall(r"^\| F(\d+) \|.*\| ([^|]*) \|$", text.partition("## What cannot")[0], re.MULTILINE)
    return {int(number): result for number, result in rows}


def _link(path: Path) -> str:
    name = path.relative_to(TESTS).as_posix()
    return f"[{name}](../tests/{name})"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _taken_out_lines() -> list[str]:
    entries = taken_out()
    if not entries:
        return []
    rows = [
        _row([entry["number"], f"`{entry['where']}`", entry["what"], f"`{entry['test']}`", entry["said"]])
        for entry in entries
    ]
    return ["", TAKEN_OUT, *rows]
