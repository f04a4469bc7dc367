"""Counts, by module, the mutants that mutmut made and that the tests noticed.

python -m tests.mutants             the table
python -m tests.mutants survived    each that was not noticed, as mutmut names it: `mutmut show NAME`
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

MUTANTS = Path("mutants")
KILLED = frozenset({1, 2, 3, 24, 36, 152, 255, -9, -11, -24})  # mutmut's codes: a test failed, or the time was over
LEAST_KILLED = 0.85


def results() -> dict[str, int | None]:
    """Return what came of each mutant, by its name."""
    found: dict[str, int | None] = {}
    for file in MUTANTS.rglob("*.py.meta"):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name: code for name, code in found.items() if code is not None}  # None: not tried yet


def table(found: dict[str, int | None]) -> list[tuple[str, int, int]]:
    """Return module, mutants killed and mutants made."""
    made, killed = Counter[str](), Counter[str]()
    for name, code in found.items():
        module = name.partition(".x")[0]
        made[module] += 1
        killed[module] += code in KILLED
    return [(module, killed[module], made[module]) for module in sorted(made)]


def main() -> int:
    """Print; return 1 where a module has fewer killed than it should."""
    found = results()
    if sys.argv[1:] == ["survived"]:
        sys.stdout.writelines(f"{name}\n" for name, code in found.items() if code not in KILLED)
        return 0
    rows = table(found)
    sys.stdout.writelines(
        f"{module:20} {killed:4} of {made:4} killed, {killed / made:6.1%}\n" for module, killed, made in rows
    )
    return int(any(killed / made < LEAST_KILLED for _, killed, made in rows))


if __name__ == "__main__":
    sys.exit(main())
