"""F73, F75 to F77: what strangers wrote reaches no terminal, spreadsheet or program in a form that acts on it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer
from typer.main import get_command

from archive.store import Archive, Mode
from cli import app
from scraper.models import Article, Block, BlockKind, Image, Kind, Link, Provenance, Relation
from tests.commands.conftest import keep_article

Luubao = Callable[..., CompletedProcess[str]]

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\rover\x08\u202egnp.exe\u2066\u2028[link=file:///etc/passwd]x[/foo]\x00\ud83d"
URL = "http://hostile.example/tin-1.html"
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
OURS = re.compile(
    r"\x1b\[(?:0|1|2|4|31|32|33|1;33|1;36)m|\r\n|\x1b\]8;;(?:https?://[\w.:\[\]-]+(?:[/?#][!-~]*)?)?\x1b\\", re.ASCII
)
"""What our own output may send to a terminal: the styles and links of commands/output.py, and its line ends."""
BARS = re.compile(r"\x1b\[(?:\?25[lh]|2K|1A|[\d;]*m)|\r")
"""What the bars of these commands send beside."""
WITH_BARS = {"export", "reparse", "verify"}


PROSE = " ".join(f"câu {n} kể rằng cây cầu thứ {n} đã thông xe sau {n} năm chờ đợi" for n in range(12))
"""Enough words for one text to be found again in another."""


@pytest.fixture
def hostile(kept_once: Path, tmp_path: Path) -> Path:
    """An archive of the test's own."""
    return Path(shutil.copy(kept_once, tmp_path / "hostile.db"))


@pytest.fixture(scope="module")
def kept_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = Image("http://hostile.example/a.png", caption=f"caption {EVIL}", credit=EVIL, alt=EVIL)
    article = Article(
        url=URL,
        kind=Kind.ARTICLE,
        title=f"=HYPERLINK(1) needle {EVIL}",
        lead=f"@lead {EVIL}",
        body=f"needle {EVIL}\n\n-second {EVIL}\n\n{PROSE}",
        blocks=(
            Block(BlockKind.HEADING, EVIL, level=2),
            Block(BlockKind.PARAGRAPH, f"needle {EVIL}"),
            Block(BlockKind.QUOTE, EVIL),
            Block(BlockKind.LIST, items=(EVIL, EVIL)),
            Block(BlockKind.TABLE, rows=((EVIL, EVIL), (EVIL,))),
            Block(BlockKind.IMAGE, image=image),
        ),
        published_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        authors=(EVIL, "+author"),
        section=EVIL,
        tags=(EVIL,),
        source_name=EVIL,
        images=(image,),
        related=(Link("javascript:alert(1)", EVIL, Relation.RELATED), Link(f"http://x/{EVIL}", EVIL, Relation.RELATED)),
        provenance={"title": Provenance(EVIL)},
    )
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    before = replace(article, title=f"before {EVIL}", body=f"{article.body}\n\n{EVIL}", authors=(f"old {EVIL}",))
    keep_article(path, before)
    keep_article(path, article, f"<h1>{EVIL}</h1>".encode("utf-8", "replace"))
    keep_article(path, replace(article, url=f"{URL}-again", published_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC)))
    with Archive.open(path, mode=Mode.WRITE) as archive:
        archive.compare_new()
    return path


COMMANDS = [
    ["list"],
    ["list", "--format", "json"],
    ["list", "--format", "jsonl"],
    ["list", "--format", "csv"],
    ["list", "--format", "tsv"],
    ["list", "--format", "urls"],
    ["list", "--format", "markdown"],
    ["list", "--fields", "title,lead,authors,section"],
    ["search", "needle"],
    ["search", "needle", "--format", "json"],
    ["search", "needle", "--by", "section"],
    ["search", "needel"],
    ["show", "1"],
    ["show", "1", "--format", "markdown"],
    ["show", "1", "--format", "html"],
    ["show", "1", "--format", "json"],
    ["show", "1", "--explain"],
    ["log", "1"],
    ["changes"],
    ["changes", "--format", "tsv"],
    ["diff", "1"],
    ["diff", "1", "--format", "html"],
    ["diff", "1", "--format", "json"],
    ["stats"],
    ["stats", "--json"],
    ["runs"],
    ["sql", "SELECT title, body, authors FROM articles_view"],
    ["sql", "SELECT title, body, blocks FROM articles_view", "--format", "jsonl"],
    ["sql", "SELECT char(27) || ']0;x' || char(7) AS x, x'1b5b324a' AS y"],
    ["fetch", "--no-refresh", URL],
    ["fetch", "--no-refresh", "--markdown", URL],
    ["cite", "1"],
    ["cite", "1", "--format", "csl-json"],
    ["changes", "--format", "csv"],
    ["reparse", "1"],
    ["coverage", "hostile"],
    ["duplicates"],
    ["verify"],
    ["doctor"],
    ["duplicates"],
    ["duplicates", "--format", "csv"],
    ["export", "csv", "--output", "-"],
    ["export", "jsonl", "--output", "-"],
]

PRINTS_NO_STORED_TEXT = {
    "parse": "reads a page that is given, by the printers of show",
    "sites": "prints rules",
    "crawl": "prints titles as they come: test_live_display.py",
    "open": "prints an address that is percent-encoded: test_open_command.py",
    "import": "prints counts, and names of files by the printer of messages",
    "backup": "prints sizes",
    "compact": "prints sizes",
    "merge": "prints counts",
    "prune": "prints titles by output.say, before it asks",
    "migrate": "prints versions of the schema",
    "doctor": "prints ids of newspapers and figures",
    "schedule": "prints lines of our own",
    "config": "prints the user's settings",
    "demo": "prints a newspaper of our own",
    "extract": "prints counts, and names of files by the printer of messages",
    "serve": "prints an address of this machine; what pages show is tested in tests/archive/web",
}


def test_f75_no_command_of_the_registry_is_forgotten_here() -> None:
    group = get_command(app)
    names = set(group.list_commands(typer.Context(group)))  # type: ignore[attr-defined]  # typer's own class, untyped

    assert names == {command[0] for command in COMMANDS} | set(PRINTS_NO_STORED_TEXT)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_f75_no_command_sends_a_control_character_to_a_pipe(luubao: Luubao, hostile: Path, command: list[str]) -> None:
    done = luubao(*command, "--archive", hostile)

    assert done.returncode == 0, done.stderr
    assert not ACTS.search(done.stdout)
    assert not ACTS.search(done.stderr)


@pytest.mark.parametrize("command", [*COMMANDS, ["show", "1", "--raw"]], ids=" ".join)
def test_f75_no_command_sends_a_stranger_s_control_character_to_a_terminal(
    on_terminal: Callable[..., str], hostile: Path, command: list[str]
) -> None:
    shown = on_terminal(*command, "--archive", hostile)

    assert shown
    ours = BARS if command[0] in WITH_BARS else OURS
    assert not ACTS.search(ours.sub("", shown))


def test_f75_the_controls_are_shown_for_what_they_are(luubao: Luubao, hostile: Path) -> None:
    shown = luubao("show", "1", "--archive", hostile).stdout

    assert r"\x1b]0;owned\x07\x1b[2J\x9b31m over\x08\u202egnp.exe\u2066\u2028" in shown


def test_f76_markup_is_printed_as_it_was_written(luubao: Luubao, hostile: Path) -> None:
    assert "[link=file:///etc/passwd]x[/foo]" in luubao("show", "1", "--archive", hostile).stdout


def test_f77_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(luubao: Luubao, hostile: Path) -> None:
    safe = luubao("list", "--format", "csv", "--archive", hostile).stdout
    raw = luubao("list", "--format", "csv", "--raw-csv", "--archive", hostile).stdout

    row, raw_row = (next(csv.DictReader(io.StringIO(text, newline=""))) for text in (safe, raw))
    assert row["title"].startswith("'=HYPERLINK")
    assert row["lead"].startswith("'@lead")
    assert raw_row["title"].startswith("=HYPERLINK")
    assert "\x1b]0;owned\x07" in raw_row["title"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_f77_every_start_of_a_formula_is_known_and_numbers_stay_numbers(
    luubao: Luubao, hostile: Path, start: str
) -> None:
    question = f"SELECT char({ord(start)}) || '1+1' AS text, -5 AS number"

    done = luubao("sql", question, "--format", "csv", "--archive", hostile)

    row = next(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert row["text"].startswith("'")
    assert row["text"].endswith("1+1")
    assert row["number"] == "-5"


def test_f73_json_is_valid_utf_8_whatever_was_kept(luubao: Luubao, hostile: Path) -> None:
    article = json.loads(luubao("show", "1", "--format", "json", "--archive", hostile).stdout)

    assert "\x1b]0;owned\x07" in article["title"]
    assert "\u202egnp.exe" in article["title"]


def test_f78_html_and_markdown_link_to_web_pages_alone(luubao: Luubao, hostile: Path) -> None:
    for form in ("html", "markdown"):
        shown = luubao("show", "1", "--format", form, "--archive", hostile).stdout

        assert "javascript:" not in shown
        assert "<script" not in shown
