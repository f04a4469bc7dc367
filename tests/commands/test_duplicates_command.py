"""luubao duplicates on the newspaper's archive, which has one reprint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Luubao = Callable[..., CompletedProcess[str]]


def test_a_reprint_stands_under_its_original(luubao: Luubao, on_terminal: Callable[..., str], kept: Path) -> None:
    first, reprint = json.loads(luubao("duplicates", "--format", "json", "--archive", kept).stdout)

    assert (first["original"], first["likeness"], first["source_name"]) == (True, 1, None)
    assert (reprint["original"], reprint["group"]) == (False, first["group"])
    assert 0.5 < reprint["likeness"] < 1
    assert reprint["source_name"]
    lines = luubao("duplicates", str(reprint["id"]), "--archive", kept).stdout.splitlines()
    assert [line.split("\t")[1] for line in lines] == [str(first["id"]), str(reprint["id"])]
    shown = on_terminal("duplicates", reprint["url"], "--archive", kept, NO_COLOR="1")
    assert "first" in shown
    assert f"{reprint['likeness']:.0%}" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_groups_are_counted_and_filtered_and_one_of_each_is_listed(luubao: Luubao, kept: Path) -> None:
    def out(*args: str) -> str:
        return luubao(*args, "--archive", kept).stdout.strip()

    assert out("duplicates", "--count") == "1"
    assert out("duplicates", "--count", "--since", "2026") == "0"
    assert "No copies found" in luubao("duplicates", "--since", "2026", "--archive", kept).stderr
    assert int(out("list", "--count")) - int(out("list", "--count", "--unique")) == 1
    assert int(out("search", "cá cơm", "--count")) - int(out("search", "cá cơm", "--count", "--unique")) == 1
