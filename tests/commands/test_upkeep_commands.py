"""verify, backup, compact, merge, prune and migrate as a user types them, with their exit codes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from archive.connect import SCHEMA_VERSION
from commands.exits import ExitCode
from tests.archive.kit import NOW, open_archive, url_of, value, visit_of
from tests.archive.test_migrations import archive_of_schema
from tests.warm import run


def luubao(*arguments: object, archive: Path) -> subprocess.CompletedProcess[str]:
    return run(*arguments, env={"LUUBAO_ARCHIVE": str(archive)})


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with open_archive(path) as archive:
        archive.start_run("crawl", {"targets": ["bao"]}, NOW)
        for n in range(4):
            archive.keep(visit_of(url_of(n), f"Tin số {n} về đường phố. " * 20))
        archive.end_run(0, NOW)
    return path


def test_a_day_in_the_life_of_an_archive(kept: Path, tmp_path: Path) -> None:
    root = json.loads(luubao("verify", "--json", archive=kept).stdout)["root"]
    other, copy = tmp_path / "other.db", tmp_path / "copy.db"

    for arguments, says in (
        (["compact"], "4 pages"),
        (["backup", copy], "4 articles"),
        (["prune", url_of(2), "--yes"], "erased 1 articles"),
        (["merge", copy], "1 left out"),
        (["migrate"], "up to date"),
        (["verify", "--against", root], "whole: 3 articles"),
    ):
        done = luubao(*arguments, archive=kept)
        assert (done.returncode, done.stderr) == (ExitCode.OK, ""), arguments
        assert says in done.stdout, arguments
    assert luubao("merge", copy, archive=other).returncode == ExitCode.OK
    assert value(other, "SELECT count(*) FROM articles") == 4


@pytest.mark.parametrize("command", [["prune", "1", "--yes"], ["reparse"]])
def test_work_on_an_archive_of_an_older_luubao_brings_it_up_to_date(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "old.db"
    archive_of_schema(path, 1)

    done = luubao(*command, archive=path)

    assert done.returncode != ExitCode.MIGRATION_NEEDED, done.stderr
    assert value(path, "PRAGMA user_version") == SCHEMA_VERSION


def test_a_damaged_row_is_named_and_ends_with_6(kept: Path) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute("UPDATE snapshots SET data = zeroblob(40) WHERE id = 3")

    done = luubao("verify", archive=kept)

    assert done.returncode == ExitCode.DAMAGED
    assert "snapshots 3:" in done.stdout


def test_nothing_is_erased_without_a_question_that_someone_answers(kept: Path) -> None:
    asked = luubao("prune", 1, archive=kept)
    unnamed = luubao("prune", "--yes", archive=kept)

    assert (asked.returncode, unnamed.returncode) == (ExitCode.USAGE, ExitCode.USAGE)
    assert value(kept, "SELECT count(*) FROM articles") == 4


@pytest.mark.parametrize("command", ["verify", "compact", "backup copy.db"])
def test_no_archive_is_made_by_work_on_one_that_is_not_there(tmp_path: Path, command: str) -> None:
    path = tmp_path / "none.db"

    done = luubao(*command.split(), archive=path)

    assert done.returncode == ExitCode.ERROR
    assert "there is no archive" in done.stderr
    assert not path.exists()
