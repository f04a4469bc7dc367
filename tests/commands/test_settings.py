"""luubao.toml: what it says, what is wrong with it, and what outweighs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer
from typer.main import get_command

from cli import app
from commands import config
from commands.exits import UsageProblem
from commands.run_options import manners_of
from commands.setting_checks import SETTINGS
from commands.settings import flat, parsed, problems_of, read
from scraper.budget import Manners

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
WHOLE = """\
archive = "/srv/news.db"
contact = "me@example.org"
crawl = ["baobinhthuan", "https://x.vn/"]
max_archive_gb = 2.5

[log]
file = "~/luubao.log"
files = 3

[sites.tuoitre]
delay_seconds = 5
max_pages = 200
max_pages_day = 2000
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('archiv = "/a.db"', "line 1: archiv: there is no such key; did you mean `archive`?"),
        ("\narchive = 5", "line 2: archive: 5 is no text; put it in quotes"),
        ('archive = "a.db"', "line 1: archive: 'a.db' begins nowhere; write it whole"),
        ('contact = ""', "line 1: contact: '' is no text"),
        ('crawl = "tuoitre"', "line 1: crawl: 'tuoitre' is no list of texts; write ["),
        ("max_pages = 0", "line 1: max_pages: 0 is no whole number above 0; write 5"),
        ('max_time = "soon"', "line 1: max_time: no length of time: 'soon'; write 90s"),
        ('max_archive_gb = "20"', "line 1: max_archive_gb: '20' is no number above 0; write 20"),
        ('proxy = "socks5://u:hunter2@p.x"', "line 1: proxy: it is no address that can be used; write"),
        ('ping = "hc.io/secret"', "line 1: ping: it is no address that can be used; write"),
        ('log = "x"', "line 1: log: a table is meant here; write [log]"),
        ('# log\n[log]\nformat = "xml"', "line 3: log.format: 'xml' is not known; it can be"),
        ('[log]\nmax_size = "0"', "line 2: log.max_size: '0' is nothing; write 10MB"),
        ("[log]\nfiles = 1", "line 2: log.files: 1 keeps no older file; write 2 or more"),
        ("[log]\nfiel = 1", "line 2: log.fiel: there is no such key; did you mean `file`?"),
        ("[sites]\ntuoitre = 5", "line 2: sites.tuoitre: a table is meant here"),
        (
            "[sites.a]\ndelay_seconds = 1\n[sites.tuoitre]\ndelay_seconds = -1",
            "line 4: sites.tuoitre.delay_seconds: -1",
        ),
        ("[sites.tuoitre]\nmax_page = 1", "line 2: sites.tuoitre.max_page: there is no such key; did you mean"),
        ("archive = x", "it is no TOML: Invalid value (at line 1"),
    ],
)
def test_a_mistake_is_told_with_line_key_and_fix(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "luubao.toml"
    file.write_text(text)

    with pytest.raises(UsageProblem) as told:
        read(file)

    assert str(told.value).startswith(f"{file}: {said}")
    assert "hunter2" not in str(told.value)


def test_a_whole_file_is_read_and_the_file_of_hints_too_once_its_marks_are_gone() -> None:
    hints = [line.removeprefix("# ") for line in config.TEMPLATE.splitlines() if "=" in line or "[" in line]

    assert problems_of(WHOLE) == []
    assert problems_of("\n".join(hints)) == []
    assert set(flat(parsed("\n".join(hints)))) == {setting.key for setting in SETTINGS}
    assert flat(parsed(WHOLE))["log.files"] == 3
    assert manners_of(flat(parsed(WHOLE))["sites"]) == {"tuoitre": Manners(5.0, 200, 2000)}


def test_every_setting_is_an_option_with_its_variable_on_crawl() -> None:
    group = get_command(app)
    crawl = group.get_command(typer.Context(group), "crawl")  # type: ignore[attr-defined]  # typer's own class, untyped
    by_variable = {param.envvar: param for param in crawl.params}

    for setting in SETTINGS:
        param = by_variable[setting.environment]
        assert setting.option in {*param.opts, param.metavar}


@pytest.mark.parametrize("text", ["tuoitre", "tuoitre:", ":run=5", "tuoitre:runs=5", "tuoitre:run=x", "tuoitre:run=0"])
def test_rules_for_one_newspaper_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="--per-site"):
        manners_of([text])


def test_an_option_outweighs_the_environment_that_the_file_and_that_the_default(luubao: Luubao, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(WHOLE)

    env = {"LUUBAO_CONTACT": "env@example.org", "LUUBAO_PROXY": "http://u:hunter2@p.x:1", "LUUBAO_MAX_TIME": "5m"}
    done = luubao(
        "--config", file, "config", "show", "--json", "--max-time", "3m", "--ping", "https://hc.io/hunter2", **env
    )

    told = {row["key"]: (row["value"], row["from"]) for row in json.loads(done.stdout)["settings"]}
    assert told["max_time"] == ("3m", "option")
    assert told["contact"] == ("env@example.org", "environment")
    assert told["archive"] == ("/srv/news.db", "file")
    assert told["crawl"] == (["baobinhthuan", "https://x.vn/"], "file")
    assert told["log.format"] == ("text", "default")
    assert told["sites"] == (["tuoitre:delay=5,run=200,day=2000"], "file")
    assert "hunter2" not in done.stdout


def test_the_file_of_the_users_folder_is_taken_and_that_of_the_working_folder_never(
    luubao: Luubao, home: Path, kept: Path, tmp_path: Path
) -> None:
    folder = home / ".config" / "luubao"
    folder.mkdir(parents=True)
    (folder / "luubao.toml").write_text(f'archive = "{kept}"\n')
    (tmp_path / "luubao.toml").write_text('archive = "/nowhere/at/all.db"\n')

    listed = luubao("list", "-n", "1", cwd=tmp_path)
    named = luubao("--config", "luubao.toml", "list", cwd=tmp_path)
    shown = luubao("config", "path", cwd=tmp_path)

    assert listed.stdout.count("\n") == 1
    assert (named.returncode, "/nowhere/at/all.db" in named.stderr) == (1, True)
    assert shown.stdout == f"{folder / 'luubao.toml'}\n"


def test_edit_makes_the_file_for_its_owner_alone_and_checks_what_comes_back(
    luubao: Luubao, home: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho \'crawl = ["nosuchpaper"]\' >> "$1"\n')
    editor.chmod(0o700)
    file = home / ".config" / "luubao" / "luubao.toml"
    file.unlink(missing_ok=True)

    edited = luubao("config", "edit", EDITOR=str(editor))
    checked = luubao("config", "check")

    assert edited.returncode == checked.returncode == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert "no newspaper 'nosuchpaper'; see luubao sites list" in checked.stdout
    assert checked.stdout == edited.stdout
