"""The rooms of docs/architecture.md, held by reading the imports and the tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("scraper", "archive", "scale", "commands")
MODULES = sorted([ROOT / "cli.py", *(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))])

ALLOWED = {
    "scraper": {"scraper"},
    "archive": {"archive", "scraper.models", "scraper.errors", "scraper.text"},
    "scale": {"scale", "archive", "scraper"},
    "commands": {"commands", "scale", "archive", "scraper"},
    "cli": {"commands"},
}
"""Room -> what of the project it may import."""

NETWORK = {"httpx", "httpcore", "socket", "ssl", "urllib.request", "http.client"}


@cache
def imports_of(path: Path) -> frozenset[str]:
    return frozenset(_imports_in(ast.parse(path.read_text(encoding="utf-8"))))


def _imports_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def is_within(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_imports_point_down_only(path: Path) -> None:
    ours = {name for name in imports_of(path) if name.split(".")[0] in {*PACKAGES, "cli"}}

    upward = {name for name in ours if not is_within(name, ALLOWED[room_of(path)])}

    assert not upward


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) == "scraper"], ids=ids)
def test_only_the_rooms_of_net_touch_the_network(path: Path) -> None:
    reached = {name for name in imports_of(path) if is_within(name, NETWORK)}

    assert not reached or (ROOT / "scraper" / "net") in path.parents


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) in {"scraper", "cli"}], ids=ids)
def test_sql_stands_in_the_archive_alone(path: Path) -> None:
    assert not {name for name in imports_of(path) if is_within(name, {"sqlite3", "sqlite_utils"})}


def test_no_module_bears_the_name_of_a_function_its_package_exports() -> None:
    for package in PACKAGES:
        tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
        exported = {
            element.value
            for node in ast.walk(tree)
            if isinstance(node, ast.List)
            for element in node.elts
            if isinstance(element, ast.Constant)
        }

        assert not exported & {path.stem for path in (ROOT / package).iterdir()}


def test_no_room_of_the_code_has_more_than_four_hundred_lines() -> None:
    long = {ids(path): lines for path in MODULES if (lines := path.read_text(encoding="utf-8").count("\n")) > 400}

    assert not long


def test_the_lock_files_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-scale.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_the_picture_names_every_room() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in MODULES if path.name == "__init__.py"} | {"bench", "tests", "docs"}

    assert not {room for room in rooms if f"{room}/" not in picture}


def test_the_picture_names_no_module_that_is_gone() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = picture.split("## Rooms")[1].split("Names here are modules")[0]
    columns = re.findall(r"^ {6}(\S.*?)(?: {2,}|$)", drawn, re.MULTILINE)
    named = {name.strip(" /") for column in columns for name in column.split(",")}

    assert named
    assert named <= {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
