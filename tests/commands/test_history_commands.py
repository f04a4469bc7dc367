"""log, diff and changes as a user types them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.archive.kit import BODY, NOW, failed_of, open_archive, url_of, visit_of

Luubao = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("edited") / "archive.db"
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        archive.keep(visit_of(url_of(2), BODY + " Khác."))
        body = BODY.replace("Sáng nay", "Chiều nay")
        archive.keep(visit_of(url_of(1), body, at=NOW + timedelta(hours=1), title="Thành phố mở đường \x1b[31m"))
        for hours in (2, 20, 40):
            archive.keep(failed_of(url_of(2), "not_found", at=NOW + timedelta(hours=hours)))
    return path


def test_the_life_of_an_article_is_printed_for_programs_and_people(
    edited: Path, luubao: Luubao, on_terminal: Callable[..., str]
) -> None:
    piped = luubao("log", url_of(1), LUUBAO_ARCHIVE=str(edited)).stdout.splitlines()
    rows = list(csv.DictReader(io.StringIO(luubao("log", 1, "-f", "csv", LUUBAO_ARCHIVE=str(edited)).stdout)))
    shown = on_terminal("log", "2", LUUBAO_ARCHIVE=str(edited))

    assert [line.split("\t")[1] for line in piped] == ["created", "title-changed", "edited"]
    assert piped[2].split("\t")[3] == "body +1 \u22121 words"
    assert [row["kind"] for row in rows] == ["created", "title-changed", "edited"]
    assert "removed, last seen 2026-03-01 08:00 UTC" in shown
    assert all("\x1b[31m" not in text for text in (*piped, shown))


def test_changes_are_printed_latest_first(edited: Path, luubao: Luubao) -> None:
    found = json.loads(luubao("changes", "-f", "json", LUUBAO_ARCHIVE=str(edited)).stdout)
    titles = luubao("changes", "--event", "title-changed", "-f", "urls", LUUBAO_ARCHIVE=str(edited)).stdout
    nothing = luubao("changes", "--since", "2030-01-01", LUUBAO_ARCHIVE=str(edited))

    assert [each["kind"] for each in found] == ["removed", "title-changed", "edited"]
    assert titles == url_of(1) + "\n"
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "Nothing changed" in nothing.stderr


def test_two_versions_are_compared_word_by_word(edited: Path, luubao: Luubao, on_terminal: Callable[..., str]) -> None:
    piped = luubao("diff", 1, LUUBAO_ARCHIVE=str(edited)).stdout
    facts = json.loads(luubao("diff", 1, "--from", 1, "--to", 2, "-f", "json", LUUBAO_ARCHIVE=str(edited)).stdout)
    shown = on_terminal("diff", "1", LUUBAO_ARCHIVE=str(edited))
    plain = on_terminal("diff", "1", LUUBAO_ARCHIVE=str(edited), NO_COLOR="1")

    assert "text: [-Sáng-]{+Chiều+} nay, thành phố mở đường" in piped
    assert [each["field"] for each in facts["changes"]] == ["title", "text"]
    assert (facts["from"]["number"], facts["to"]["number"]) == (1, 2)
    assert "\x1b[31mSáng\x1b[0m \x1b[32mChiều\x1b[0m nay" in shown
    assert "[-Sáng-]{+Chiều+}" in plain


def test_versions_that_are_not_there_are_told(edited: Path, luubao: Luubao) -> None:
    alone = luubao("diff", 2, LUUBAO_ARCHIVE=str(edited))
    turned = luubao("diff", 1, "--from", 2, "--to", 1, LUUBAO_ARCHIVE=str(edited))
    missing = luubao("diff", 1, "--to", 7, LUUBAO_ARCHIVE=str(edited))

    assert (alone.returncode, turned.returncode, missing.returncode) == (0, 2, 1)
    assert "has one version" in alone.stderr
    assert "no version 7" in missing.stderr
