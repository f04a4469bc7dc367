"""luubao schedule: one marked line in the crontab, or units for systemd."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import crontab
from commands.crontab import entry, with_entry, without_entry
from commands.exits import UsageProblem
from commands.intervals import interval, shorter
from commands.timers import quoted, service, timer

Luubao = Callable[..., CompletedProcess[str]]
ARCHIVE = Path("/home/an/tin tức 100%.db")
OTHER = Path("/home/an/other.db")
LINE = entry("1 1 1 1 *", ["/bin/true", "100%"], ARCHIVE)
STAND_IN = """#!/bin/sh
# A crontab(1) that keeps its table in a file, and refuses what Debian's refuses.
case "$1" in
  -l) if [ -f "$TABLE" ]; then cat "$TABLE"; else echo "no crontab for an" >&2; exit 1; fi ;;
  -r) rm "$TABLE" ;;
  -)  cat > "$TABLE.new"; if grep -q nonsense "$TABLE.new"; then echo "errors in crontab file" >&2; exit 1; fi
      mv "$TABLE.new" "$TABLE" ;;
esac
"""


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cron", "calendar", "most"),
    [
        ("1m", r"\* \* \* \* \*", r"\*-\*-\* \*:\*:00", "50s"),
        ("10m", r"([1-9])-5\1/10 \* \* \* \*", r"\*-\*-\* \*:\d(,\d\d){5}:00", "8m"),
        ("30m", r"\d+,\d+ \* \* \* \*", r"\*-\*-\* \*:\d+,\d+:00", "25m"),
        ("60m", r"\d+ \* \* \* \*", r"\*-\*-\* \*:\d+:00", "50m"),
        ("2h", r"\d+ [01]-2[23]/2 \* \* \*", r"\*-\*-\* [01](,\d+){11}:\d+:00", "100m"),
        ("1d", r"\d+ \d+ \* \* \*", r"\*-\*-\* \d+:\d+:00", "1200m"),
        ("24h", r"\d+ \d+ \* \* \*", r"\*-\*-\* \d+:\d+:00", "1200m"),
    ],
)
def test_a_length_of_time_is_written_as_cron_and_systemd_have_it(
    text: str, cron: str, calendar: str, most: str
) -> None:
    when = interval(text, name="machine /a.db")

    assert re.fullmatch(cron, when.cron)
    assert re.fullmatch(calendar, when.calendar)
    assert shorter(when.seconds) == most


@given(st.text(), st.sampled_from(["2m", "5m", "15m", "30m", "1h", "6h", "1d"]))
def test_no_schedule_but_that_of_every_minute_begins_at_the_full_hour(name: str, every: str) -> None:
    when = interval(every, name=name)

    assert 0 not in when.minutes
    assert len(when.minutes) * len(when.hours) * when.seconds == 86400


@pytest.mark.parametrize("text", ["7m", "45m", "90m", "5h", "2d", "0", "30s", "soon"])
def test_what_cron_has_no_words_for_is_told(text: str) -> None:
    with pytest.raises(UsageProblem, match=r"cron knows|no length of time"):
        interval(text, name="x")


# --- the crontab ------------------------------------------------------------------------------------------------------


def test_the_line_is_read_by_cron_and_the_shell_as_it_was_meant() -> None:
    command = [
        "/home/an/bin/luubao",
        "crawl",
        "--contact",
        "50%; rm -rf $HOME `x` 'y' \"z\" # no",
        "--archive",
        str(ARCHIVE),
    ]

    line = entry("*/5 * * * *", command, ARCHIVE)

    given_to_sh = line.removeprefix("*/5 * * * * ").replace("\\%", "%")  # as crontab(5) says
    assert "%" not in line.replace("\\%", "")
    said = subprocess.run(["sh", "-c", f"printf '%s\\n' {given_to_sh}"], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == command


def test_a_line_break_in_a_name_is_refused() -> None:
    with pytest.raises(UsageProblem, match="cannot hold line breaks"):
        entry("* * * * *", ["luubao", "crawl", "a\n* * * * * evil"], ARCHIVE)


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"") + b"\n")).map(b"".join))
def test_a_line_put_in_twice_stands_once_and_taken_out_leaves_every_byte(table: bytes) -> None:
    line, other = entry("1 * * * *", ["luubao"], ARCHIVE), entry("2 * * * *", ["luubao"], OTHER)
    before = with_entry(table, other, OTHER)

    once = with_entry(before, line, ARCHIVE)
    again = with_entry(once, entry("9 * * * *", ["luubao"], ARCHIVE), ARCHIVE)

    assert once == before + line.encode() + b"\n"
    assert again == before + line.replace("1", "9", 1).encode() + b"\n"
    assert without_entry(again, ARCHIVE) == before
    assert without_entry(before, OTHER) == table


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a stand-in for crontab(1) keeps its table."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


def test_installing_and_removing_leaves_the_crontab_as_it_was(luubao: Luubao, table: Path, tmp_path: Path) -> None:
    mine = b'MAILTO=""\r\n\n5 4 * * sun  true \\% # keep\n\t# \xff end  \n'
    table.write_bytes(mine)
    archive = ("--archive", tmp_path / "a.db")

    installed = luubao("schedule", "tuoitre", "--every", "30m", "--install", "--contact", "me@x.vn", *archive)
    again = luubao("schedule", "vnexpress", "--every", "1h", "--install", *archive, LUUBAO_MAX_PAGES="9")
    between = table.read_bytes()
    removed = luubao("schedule", "--remove", *archive)

    assert installed.returncode == again.returncode == removed.returncode == 0
    assert "luubao crawl tuoitre --archive " in installed.stdout
    assert "--contact me@x.vn --max-time 25m # luubao schedule of " in installed.stdout
    assert between == mine + again.stdout.encode()
    assert "crawl vnexpress" in again.stdout
    assert "--max-pages 9 --max-time 50m" in again.stdout
    assert table.read_bytes() == mine


def test_where_there_was_no_crontab_there_is_none_afterwards_and_a_refusal_is_told(table: Path) -> None:
    before = crontab.read()
    crontab.write(with_entry(before or b"", LINE, ARCHIVE))
    between = table.read_bytes()
    crontab.write(without_entry(crontab.read() or b"", ARCHIVE))

    assert (before, between, table.exists()) == (None, LINE.encode() + b"\n", False)
    with pytest.raises(UsageProblem, match="errors in crontab file; the crontab is as it was"):
        crontab.write(b"nonsense\n")
    assert not table.exists()


@pytest.mark.skipif(not shutil.which("crontab"), reason="there is no crontab(1) here")
def test_debians_crontab_takes_the_line_and_gives_it_back() -> None:
    before = crontab.read()

    try:
        crontab.write(with_entry(before or b"", LINE, ARCHIVE))
        between = crontab.read()
    finally:
        crontab.write(without_entry(crontab.read() or b"", ARCHIVE))

    assert between == (before or b"") + LINE.encode() + b"\n"
    assert crontab.read() == before


# --- systemd ----------------------------------------------------------------------------------------------------------


def test_a_unit_says_words_as_systemd_reads_them() -> None:
    assert quoted("luubao") == "luubao"
    assert quoted("tin tức.db") == '"tin tức.db"'
    assert quoted('100% "$HOME"\\') == '"100%% \\"$$HOME\\"\\\\"'
    with pytest.raises(UsageProblem, match="cannot hold line breaks"):
        quoted("a\nExecStart=evil")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    when = interval("6h", name="x")
    command = ["/bin/true", "crawl", "--contact", "50% $x", "--archive", str(ARCHIVE)]
    unit = tmp_path / "luubao.service"
    unit.write_text(service(command, ARCHIVE, [tmp_path]))
    (tmp_path / "luubao.timer").write_text(timer(when.calendar, ARCHIVE))

    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    calendar = subprocess.run(["systemd-analyze", "calendar", when.calendar], capture_output=True, check=False)

    ours = [line for line in found.stderr.splitlines() if str(unit) in line or "luubao.service" in line]
    assert ours == []
    assert calendar.returncode == 0
