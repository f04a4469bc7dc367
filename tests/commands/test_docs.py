from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer
from typer.main import get_command

from cli import app

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").glob("*.md"))]
GROUP = get_command(app)
CONTEXT = typer.Context(GROUP, info_name="luubao")
READING = {"list", "search", "show", "cite", "stats", "runs", "sql", "sites list", "sites show"}
"""What can be run on any archive, without a network and without leaving a trace."""

_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4}(luubao .*)$", re.MULTILINE)
_INLINE = re.compile(r"`(luubao [^`]*)`")
_CALL = re.compile(r"(?:^|[\s/;|&])luubao (?=[a-z-])")
_ENDS = {"|", "||", "&&", ";", ">", ">>", "2>", "<", "&"}
_PLACEHOLDERS = {"N": "1", "RUN": "1", "ID": "1", "[FILE]": "FILE"}


def shown(page: Path) -> list[str]:
    """Return the command lines of a page, as they are shown, without what leads to them and their comments."""
    text = page.read_text(encoding="utf-8")
    blocks = "" if page.name == "commands.md" else "\n".join(_FENCED.findall(text))  # there: help, checked elsewhere
    lines = [line for line in blocks.splitlines() if "luubao" in line and not line.lstrip().startswith("#")]
    return [line.removeprefix("$ ") for line in [*lines, *_INDENTED.findall(text), *_INLINE.findall(text)]]


def calls(line: str) -> Iterator[list[str]]:
    """Return the arguments of each luubao in a line of shell."""
    for match in _CALL.finditer(line):
        lexer = shlex.shlex(line[match.end() :], posix=True, punctuation_chars="|&;<>")
        lexer.whitespace_split, lexer.commenters = True, "#"
        words = list(lexer)
        end = next((at for at, word in enumerate(words) if word in _ENDS), len(words))
        yield [_PLACEHOLDERS.get(word, word) for word in words[:end]]


SHOWN = sorted({(page.name, shlex.join(args)) for page in PAGES for line in shown(page) for args in calls(line)})


def command_of(args: list[str]) -> tuple[str, typer.core.TyperCommand, list[str]]:
    """Return the name of the command that the arguments call, the command, and the arguments left for it."""
    name, rest = args[0], args[1:]
    command = GROUP.get_command(CONTEXT, name)  # type: ignore[attr-defined]  # typer's own class, untyped
    assert command is not None, f"there is no luubao {name}"
    children = getattr(command, "commands", {})
    if not children or not rest:
        return name, command, rest
    assert rest[0] in children, f"there is no luubao {name} {rest[0]}"
    return f"{name} {rest[0]}", children[rest[0]], rest[1:]


def test_the_picture_of_the_readmes_loads_nothing() -> None:
    picture = (ROOT / "docs" / "luubao.svg").read_text(encoding="utf-8")

    assert "luubao crawl" in picture.replace("&#160;", " ")
    assert not re.search(r"@font-face|@import|url\((?!#)|<script|<image|<foreignObject|href=", picture)
    assert all("docs/luubao.svg" in (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md"))


def test_the_pages_show_commands() -> None:
    assert {"README.md", "README.vi.md", "adding-a-site.md", "cron.md", "operations.md"} <= {page for page, _ in SHOWN}


@pytest.mark.parametrize(("page", "line"), SHOWN)
def test_every_command_line_of_the_docs_is_understood(page: str, line: str) -> None:
    args = shlex.split(line)
    if args[0] in {"--help", "--version", "--install-completion"}:
        return
    if args[0] == "--config":
        args = args[2:]
    name, command, rest = command_of(args)
    if rest and "--help" not in rest:  # a name alone in a sentence is no call
        context = command.make_context(f"luubao {name}", rest)

        assert not context.args, f"{page}: {line}"


RUN = [line for line in sorted({line for _, line in SHOWN}) if re.match(f"({'|'.join(READING)})( |$)", line)]


@pytest.mark.parametrize("line", RUN)
def test_what_only_reads_runs_as_the_docs_show_it(line: str, kept: Path, luubao: Luubao) -> None:
    args = shlex.split(line)
    if args in (["search"], ["show"], ["sql"], ["sites"]) or "baolang" in line:
        return  # a name alone, and the newspaper that the reader is to write
    done = luubao(*_without_archive(args), LUUBAO_ARCHIVE=str(kept))

    assert done.returncode == 0, done.stderr


def _without_archive(args: list[str]) -> list[str]:
    at = args.index("--archive") if "--archive" in args else len(args)
    return [*args[:at], *args[at + 2 :]]
