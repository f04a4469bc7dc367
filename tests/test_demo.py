"""`luubao demo`: the main job from end to end, through the same functions as the commands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.connect import open_reader
from archive.queries import list_articles
from commands.demo import EDITED, EDITED_TITLE, REMOVED, WORDS
from commands.newspaper import Newspaper
from tests.warm import run

ROOT = Path(__file__).parents[1]


def luubao(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return run(*arguments, env={"TMPDIR": str(folder)})


def strict_luubao(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a new process in which every warning is an error."""
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once; return the archive it kept and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "bến gió.db"
    done = strict_luubao("demo", "--archive", str(path), folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return path, done.stdout


def test_every_article_is_kept_once(told: tuple[Path, str]) -> None:
    path, _ = told
    expected = sorted(article.title for article in Newspaper().articles if article.slug != EDITED)

    with closing(open_reader(path)) as connection:
        articles = list_articles(connection, limit=None)

    assert sorted(a["title"] for a in articles if a["title"] != EDITED_TITLE) == expected
    assert len(articles) == len(expected) + 1


def test_the_edit_is_a_second_version_and_what_was_taken_down_is_still_there(told: tuple[Path, str]) -> None:
    path, _ = told

    with closing(open_reader(path)) as connection:
        by_title = {article["title"]: article for article in list_articles(connection, limit=None)}
        edited = by_title[EDITED_TITLE]
        removed = by_title[Newspaper().article(REMOVED).title]
        others = [a for a in by_title.values() if a not in (edited, removed)]

    assert (edited["version"], edited["state"]) == (2, "live")
    assert removed["state"] == "missing"
    assert {(article["version"], article["state"]) for article in others} == {(1, "live")}


def test_it_tells_each_step_with_its_counts(told: tuple[Path, str]) -> None:
    _, text = told

    assert re.search(r"48 new articles, 0 changed, [12] as kept before, 1 missing", text)
    assert re.search(r"0 new articles, 1 changed, 46 as kept before, 1 missing", text)
    assert text.count(f"changed: {EDITED_TITLE}") == 1
    assert f"luubao search {WORDS}" in text


def test_a_checkup_right_after_finds_nothing_wrong_with_the_clock(told: tuple[Path, str]) -> None:
    path, _ = told

    done = luubao("doctor", "--json", "--archive", str(path), folder=path.parent)

    assert {each["check"]: each["level"] for each in json.loads(done.stdout)["findings"]}["clock"] == "ok"


def test_the_second_crawl_asks_little_more_than_once_for_each_page(told: tuple[Path, str]) -> None:
    _, text = told

    first, second = (int(number) for number in re.findall(r"(\d+) requests", text))

    assert first < 2 * 48
    assert second <= first + 5


def test_what_it_found_has_the_words_with_their_accents(told: tuple[Path, str]) -> None:
    _, text = told
    found = text.partition(f"luubao search {WORDS}")[2].partition("Try next")[0]
    titles = [line.strip()[len("2025-06-17 15:25") :].strip() for line in found.splitlines() if " 20" in line]

    assert len(titles) == 5
    by_title = {article.title: article for article in Newspaper().articles} | {
        EDITED_TITLE: Newspaper().article(EDITED)
    }
    assert all("đường Lê Duẩn" in repr(by_title[title]) for title in titles)


def test_the_commands_it_suggests_work(told: tuple[Path, str]) -> None:
    path, text = told
    suggested = [shlex.split(line) for line in text.splitlines() if line.strip().startswith("luubao ")]
    on_archive = [command[1:] for command in suggested if str(path) in command]

    assert len(on_archive) >= 3
    for command in [*on_archive, ["--help"]]:
        done = luubao(*command, folder=path.parent)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def test_nothing_is_left_behind_unless_asked_and_the_users_own_archive_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUUBAO_ARCHIVE", str(tmp_path / "own.db"))

    done = luubao("demo", folder=tmp_path)

    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []
    assert "luubao demo --keep" in done.stdout


def test_keep_tells_where_the_archive_is(tmp_path: Path) -> None:
    done = luubao("demo", "--keep", folder=tmp_path)

    [archive] = tmp_path.rglob("*.db")
    assert done.returncode == 0
    assert str(archive) in done.stdout


def test_an_archive_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(b"precious")

    done = luubao("demo", "--archive", str(path), folder=tmp_path)

    assert done.returncode == 2
    assert "name another file" in done.stderr
    assert done.stderr.count("\n") == 1
    assert path.read_bytes() == b"precious"
