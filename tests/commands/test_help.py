from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer
from typer.main import get_command

from cli import app

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "commands.md"
GROUP = get_command(app)
CONTEXT = typer.Context(GROUP)
NAMES: list[str] = list(GROUP.list_commands(CONTEXT))  # type: ignore[attr-defined]  # typer's own class, untyped
HEAD = """# Commands

What `luubao COMMAND --help` says of each command. Generated: `LUUBAO_WRITE_DOCS=1 pytest tests/commands/test_help.py`
writes this page anew.
"""


def subcommands(name: str) -> Iterator[str]:
    yield name
    command = GROUP.get_command(CONTEXT, name)  # type: ignore[attr-defined]  # as above
    for child in getattr(command, "commands", {}):
        yield f"{name} {child}"


PROGRAM = Path(sys.executable).with_name("luubao")
READING_ALONE = {
    "rich",
    "httpx",
    "selectolax",
    "sqlite_utils",
    "asyncio",
    "pydantic",
    "scraper.crawl",
    "datasette",
    "jinja2",
}
"""What a command that only reads the archive has no use for."""
ALL = [command for name in NAMES for command in subcommands(name)]


def help_of(luubao: Luubao, command: str) -> str:
    done = luubao(*command.split(), "--help", COLUMNS="100", TERM="dumb")
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip() + "\n"


def test_help_leads_with_the_five_commands_of_every_day(luubao: Luubao) -> None:
    listed = re.findall(r"^  ([a-z]+)  +[A-Z]", help_of(luubao, ""), re.MULTILINE)

    assert listed[:5] == ["fetch", "crawl", "search", "list", "show"]
    assert listed == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_line_in_the_overview_is_the_first_sentence_of_the_commands_own_help(luubao: Luubao, name: str) -> None:
    overview = re.search(rf"^  {name}  +(.*)$", help_of(luubao, ""), re.MULTILINE)

    assert overview
    assert overview[1] in " ".join(help_of(luubao, name).split())


@pytest.mark.parametrize("command", ALL)
def test_every_argument_and_option_is_explained(command: str) -> None:
    name, _, child = command.partition(" ")
    found = GROUP.get_command(CONTEXT, name)  # type: ignore[attr-defined]  # as above
    found = found.commands[child] if child else found

    assert found.help
    for param in found.params:
        assert getattr(param, "help", None), param.name


def test_the_manual_is_what_the_commands_say(luubao: Luubao) -> None:
    pages = [f"## luubao {command}\n\n```\n{help_of(luubao, command)}```\n" for command in ALL]
    manual = "\n".join([HEAD, f"```\n{help_of(luubao, '')}```\n", *pages])

    if os.environ.get("LUUBAO_WRITE_DOCS"):
        DOC.write_text(manual, encoding="utf-8")

    assert DOC.read_text(encoding="utf-8") == manual


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (["--help"], READING_ALONE | {"sqlite3", "commands.crawl"}),
        (["crawl", "--help"], READING_ALONE | {"logging.handlers", "tomllib"}),
        (["config", "path"], READING_ALONE),
        (["list"], READING_ALONE),
        (["search", "x"], READING_ALONE),
        (["stats"], READING_ALONE),
    ],
)
def test_a_command_loads_only_what_it_uses(kept: Path, args: list[str], unwanted: set[str]) -> None:
    script = "import sys, cli; from commands.entry import run; run(cli.app); sys.stderr.write(' '.join(sys.modules))"

    done = subprocess.run(
        [sys.executable, "-c", script, *args],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"LUUBAO_ARCHIVE": str(kept)},
        check=True,
    )

    assert not unwanted & set(done.stderr.split())


@pytest.mark.skipif(not (shutil.which("bash") and PROGRAM.exists()), reason="there is no bash, or no luubao installed")
def test_bash_completes_newspapers_formats_and_commands_even_where_settings_and_rules_are_at_fault(home: Path) -> None:
    folder = home / ".config" / "luubao" / "sites"
    folder.mkdir(parents=True)
    for file in (folder / "bad.toml", folder.parent / "luubao.toml"):
        file.write_text("no TOML at all")
    script = """
        eval "$(_LUUBAO_COMPLETE=source_bash luubao)"
        press_tab() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _luubao_completion luubao; echo "${COMPREPLY[@]}"; }
        press_tab luubao crawl baobinh
        press_tab luubao schedule vnexpress tuoi
        press_tab luubao search --site tuoi
        press_tab luubao list --format js
        press_tab luubao sche
        press_tab luubao sites show baobinh
    """

    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=os.environ | {"PATH": path}, check=True
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["baobinhthuan", "tuoitre", "tuoitre", "json jsonl", "schedule", "baobinhthuan"]


def test_no_command_at_all_prints_the_help(luubao: Luubao) -> None:
    done = luubao()

    assert done.returncode == 2
    assert "Every day:" in done.stdout


def test_the_version_is_printed(luubao: Luubao) -> None:
    assert re.fullmatch(r"luubao \d+\.\d+\S*\n", luubao("--version").stdout)
