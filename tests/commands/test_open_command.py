from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A browser that writes down what it is to open, and opens nothing."""
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    script.chmod(0o755)
    return script


def opened(browser: Path) -> str:
    return (browser.parent / "opened").read_text().strip()


def test_the_live_page_is_opened_by_number_or_address(
    luubao: Luubao, kept: Path, newspaper: Server, browser: Path
) -> None:
    url = newspaper.url(newspaper.newspaper.articles[0].path)

    for name in ("1", url):
        done = luubao("open", name, "--archive", kept, BROWSER=f"{browser} %s")

        assert done.returncode == 0
        assert done.stderr == f"Opened {opened(browser)}\n"
        assert opened(browser).startswith(newspaper.url("/"))


def test_where_there_is_no_browser_the_address_is_printed(luubao: Luubao, tmp_path: Path) -> None:
    done = luubao("open", "https://bao.example/tin-1.html", PATH=str(tmp_path), BROWSER="", DISPLAY="")

    assert done.stdout == "https://bao.example/tin-1.html\n"
    assert done.stderr.startswith("There is no browser here")


def test_f79_the_kept_page_lies_in_a_file_for_its_user_alone(
    luubao: Luubao, kept: Path, newspaper: Server, browser: Path, tmp_path: Path
) -> None:
    article = newspaper.newspaper.articles[0]

    options = ("--archived", "--archive", kept)
    done = luubao("open", newspaper.url(article.path), *options, BROWSER=f"{browser} %s", TMPDIR=str(tmp_path))

    file = Path(opened(browser).removeprefix("file://"))
    assert done.returncode == 0
    assert file.parent == tmp_path
    assert re.fullmatch(r"luubao-\w{8}\.html", file.name)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert article.title in text
    assert "<script" not in text
    assert "Content-Security-Policy" in text.partition("<head>")[2][:60]
    assert re.search(r"Article \d+ \(left out: pictures: \d+, scripts: 1\), fetched", text)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["javascript:alert(1)"], 2, "only http and https"),
        (["file:///etc/passwd"], 2, "only http and https"),
        (["abc"], 2, "neither the number of an article nor its address"),
        (["999"], 1, "no article 999"),
        (["https://bao.example/never", "--archived"], 1, "is not kept"),
        (["1", "--version", "2"], 2, "--version is for --archived"),
        (["1", "--archived", "--version", "9"], 1, "no page of article 1 is kept"),
    ],
)
def test_what_cannot_be_opened_is_told(luubao: Luubao, kept: Path, args: list[str], *, code: int, said: str) -> None:
    done = luubao("open", *args, "--archive", kept, BROWSER="false")

    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""
