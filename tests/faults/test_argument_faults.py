"""Arguments that look like options or files, and code that would run what it is given: F86."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.faults.disks import ROOT

Luubao = Callable[..., CompletedProcess[str]]
RUNS_WHAT_IT_IS_GIVEN = {"eval", "exec", "compile", "loads", "load", "Unpickler", "system", "popen"}
MODULES = {"pickle", "marshal", "shelve", "yaml", "os", "builtins", "dill"}
ALLOWED = {"scraper/workers.py"}  # pickles between our own processes


@pytest.mark.parametrize("argument", ["--output=/tmp/luubao-was-here", "@/etc/hostname"])
@pytest.mark.parametrize("command", [["fetch"], ["crawl"], ["show"], ["search"]], ids=" ".join)
def test_f86_what_looks_like_an_option_or_a_file_is_neither(
    luubao: Luubao, kept: Path, command: list[str], argument: str
) -> None:
    done = luubao(*command, "--archive", kept, "--", argument)

    assert done.returncode in {0, 1, 2}
    assert "Traceback" not in done.stderr
    assert not Path("/tmp/luubao-was-here").exists()  # noqa: S108 -- what must not be made
    assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in done.stdout


def calls_that_run_what_they_are_given(path: Path) -> list[str]:
    """Return the calls of a file that would run code, or make objects, out of data."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" as name)):
                found.append(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if (
                module in MODULES and name in RUNS_WHAT_IT_IS_GIVEN
            ):
                found.append(f"{module}.{name}")
            case _:
                pass
    return found


def test_f86_nothing_that_is_read_is_run() -> None:
    files = [file for room in ("archive", "commands", "scraper") for file in sorted((ROOT / room).rglob("*.py"))]
    found = {file.relative_to(ROOT).as_posix(): calls_that_run_what_they_are_given(file) for file in files}

    assert len(files) > 100
    assert {name: calls for name, calls in found.items() if calls and name not in ALLOWED} == {}
