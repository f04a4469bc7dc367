from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.paging import pager_command

OnTerminal = Callable[..., str]


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that writes down its arguments and settings, and shows what it got between two marks."""
    script = tmp_path / "less"
    script.write_text(
        f'#!/bin/sh\necho "$* LESS=$LESS SECURE=$LESSSECURE" > {tmp_path}/called\necho "<<"; cat; echo ">>"\n'
    )
    script.chmod(0o755)
    return script


def test_a_text_longer_than_the_screen_goes_to_the_pager_and_a_short_one_does_not(
    on_terminal: OnTerminal, kept: Path, pager: Path
) -> None:
    long = on_terminal("show", "1", "--explain", "--archive", kept, PAGER=str(pager), LINES="10")
    called = (pager.parent / "called").read_text()
    (pager.parent / "called").unlink()
    short = on_terminal("show", "1", "--explain", "--archive", kept, PAGER=str(pager), LINES="1000")

    assert long.startswith("<<\r\n")
    assert long.endswith(">>\r\n")
    assert "\x1b[1m" in long
    assert called == "-R LESS=FRX SECURE=1\n"
    assert long.removeprefix("<<\r\n").removesuffix(">>\r\n") == short
    assert not (pager.parent / "called").exists()


def test_the_user_s_own_settings_and_wishes_are_kept(on_terminal: OnTerminal, kept: Path, pager: Path) -> None:
    on_terminal("show", "1", "--archive", kept, PAGER=f"{pager} -i", LESS="-S", LINES="10")
    called = (pager.parent / "called").read_text()
    without = on_terminal("show", "1", "--no-pager", "--archive", kept, PAGER=str(pager), LINES="10")

    assert called == "-i -R LESS=-S SECURE=1\n"
    assert "<<" not in without


def test_another_pager_gets_no_colours(on_terminal: OnTerminal, kept: Path, pager: Path) -> None:
    other = pager.rename(pager.with_name("mine"))

    shown = on_terminal("show", "1", "--archive", kept, PAGER=str(other), LINES="10")

    assert shown.startswith("<<\r\n")
    assert not re.search("\x1b", shown)


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "dumb"}, {}, {"TERM": "xterm", "PAGER": ""}, {"TERM": "xterm", "PAGER": "cat"}]
    + [{"TERM": "xterm", "PAGER": name} for name in ("no-such-pager", "'less")],
)
def test_where_there_is_no_pager_the_text_is_simply_printed(environ: dict[str, str]) -> None:
    assert pager_command(environ) == []
