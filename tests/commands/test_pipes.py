"""F40: a reader that leaves, a stdout that is closed or full, a locale without UTF-8, a folder that is gone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[2]


def shell(script: str, archive: Path) -> CompletedProcess[str]:
    """Run a line of shell in which $L is luubao."""
    done = subprocess.run(
        ["bash", "-c", f"L='{sys.executable} -m cli'; export LUUBAO_ARCHIVE='{archive}'; {script}"],
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--format json",
        "--fields title,lead,url --format csv",
        "--format jsonl",
        "--format csv",
        "--format tsv",
        "--format urls",
    ],
)
def test_f40_head_ends_a_list_quietly(kept: Path, options: str) -> None:
    done = shell(f"$L list -n 0 {options} | head -c 1; echo; echo ${{PIPESTATUS[0]}}", kept)

    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_f40_a_reader_that_is_gone_before_the_first_byte_is_no_error(kept: Path) -> None:
    done = shell("$L show 1 --raw | true; echo ${PIPESTATUS[0]}", kept)

    assert done.stdout == "0\n"
    assert done.stderr == ""


def test_f40_a_closed_stdout_is_told_and_fails(kept: Path) -> None:
    done = shell("$L list >&-", kept)

    assert done.returncode == 1
    assert done.stderr == "luubao: standard output is closed\n"


@pytest.mark.parametrize("command", ["list", "list --format csv", "show 1", "show 1 --raw", "sql 'SELECT 1'"])
def test_f40_a_full_disk_under_stdout_is_told_and_is_not_the_archives(kept: Path, command: str) -> None:
    done = shell(f"$L {command} > /dev/full", kept)

    assert done.returncode == 1
    assert done.stderr == "luubao: No space left on device\n"


def test_f40_a_closed_stderr_changes_no_result(kept: Path) -> None:
    assert shell("$L list -n 1 2>&-", kept).returncode == 0
    assert shell("$L list --since never 2>&-", kept).returncode == 2


def test_f40_a_working_folder_that_is_gone_matters_to_no_command_with_an_archive_of_its_own(
    kept: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    done = shell(f"export PYTHONPATH={ROOT}; cd {gone}; rmdir {gone}; $L list -n 1", kept)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf_8_in_every_locale(luubao: Luubao, kept: Path, locale: str) -> None:
    done = luubao("search", "duong le duan", "--archive", kept, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")

    assert "đường Lê Duẩn" in done.stdout


def test_no_color_and_pipes_are_kept(on_terminal: Callable[..., str], luubao: Luubao, kept: Path) -> None:
    assert "\x1b[" in on_terminal("list", "--archive", kept)
    assert "\x1b[" not in on_terminal("list", "--archive", kept, NO_COLOR="1")
    assert "\x1b[" not in luubao("list", "--archive", kept).stdout


def test_a_raw_page_goes_to_a_pipe_byte_by_byte(kept: Path, newspaper: Server) -> None:
    with httpx.Client(verify=False) as client:  # noqa: S501 -- http alone; a context takes long to make
        pages = (
            (article.path, client.get(newspaper.url(article.path)).content) for article in newspaper.newspaper.articles
        )
        path, page = next((path, page) for path, page in pages if b"windows-1258" in page[:1000])

    done = subprocess.run(
        [sys.executable, "-m", "cli", "show", newspaper.url(path), "--raw", "--archive", str(kept)],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0
    assert done.stdout == page
