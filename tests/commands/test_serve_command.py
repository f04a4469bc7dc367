"""`luubao serve` as a person starts it: an address, pages until Ctrl-C, and one line where it cannot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

ROOT = Path(__file__).parents[2]
Luubao = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_names_its_address_serves_it_and_ends_well(kept: Path, tmp_path: Path, number: int) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    command = [sys.executable, "-m", "cli", "serve", "--open", "--archive", str(kept)]
    settings = os.environ | {"BROWSER": f"{browser} %s"}

    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout
        assert process.stderr
        address = process.stdout.readline().strip()
        said = process.stderr.readline()
        answer = httpx.get(address, timeout=30)
        process.send_signal(number)
        code = process.wait(30)
        left = process.stderr.read()

    assert address.startswith("http://127.0.0.1:")
    assert said == "Ctrl-C ends it.\n"
    assert answer.status_code == 200
    assert (tmp_path / "opened").read_text().strip() == address
    assert (code, left) == (0, "")


def test_a_port_that_is_taken_and_an_archive_that_is_not_there_are_told_in_a_line(luubao: Luubao, kept: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = luubao("serve", "--port", str(port), "--archive", kept)
    missing = luubao("serve", "--archive", kept.parent / "none.db")

    assert taken.returncode == 2
    assert taken.stderr == f"luubao: --port {port}: is taken; name another, or none for a free one\n"
    assert missing.returncode == 1
    assert "there is no archive" in missing.stderr


def test_without_the_extra_it_says_what_to_install(kept: Path) -> None:
    script = "import sys; sys.modules['datasette'] = None; from cli import main; sys.argv[0] = 'luubao'; main()"

    done = subprocess.run(
        [sys.executable, "-c", script, "serve", "--archive", kept],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert 'pip install "luubao[web]"' in done.stderr
