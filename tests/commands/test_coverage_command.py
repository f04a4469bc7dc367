"""luubao coverage: in every format, and of a newspaper that is not kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import Luubao


def test_coverage_is_told_as_a_table_as_json_and_as_the_urls_that_are_missing(luubao: Luubao, kept: Path) -> None:
    table, records, urls = (
        luubao("coverage", "127.0.0.1", "--since", "2000", "--archive", kept, "-f", form)
        for form in ("table", "json", "urls")
    )

    assert (table.returncode, records.returncode, urls.returncode) == (0, 0, 0)
    days = json.loads(records.stdout)
    assert sum(day["kept"] for day in days) > 40
    assert len(table.stdout.splitlines()) == len(days)
    assert len(urls.stdout.splitlines()) == sum(day["missing"] for day in days)
    assert "articles named" in table.stderr
    assert "Days: " in table.stderr


def test_a_newspaper_that_is_not_kept_is_told_plainly(luubao: Luubao, kept: Path) -> None:
    done = luubao("coverage", "baokhac", "--archive", kept, "--json")

    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "nothing is kept of baokhac; there is 127.0.0.1" in done.stderr
