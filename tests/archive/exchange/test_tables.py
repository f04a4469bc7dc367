"""Articles as CSV, Parquet, Markdown and bare ids; which of them; names that stay in their folder: F77, F81."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet
import pytest

from archive.errors import ExchangeError
from archive.exchange import jsonl, manifest, markdown, parquet, tables
from archive.exchange.choice import Choice
from archive.exchange.destination import require_free, whole_file, whole_folder
from archive.exchange.fields import FLAT, LIGHT, WHOLE
from archive.exchange.names import file_name
from archive.queries import Filters
from commands.records import csv_cell
from commands.rendering import as_markdown
from tests.archive.exchange_kit import chosen_of, no_tick
from tests.archive.kit import NOW, url_of

ROOT = Path(__file__).parents[3]
CELL = partial(csv_cell, is_raw=False)


def table_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=delimiter))


def test_csv_has_a_mark_for_spreadsheets_and_nothing_that_they_would_run(history: Path) -> None:
    """F77."""
    with chosen_of(history) as chosen:
        plain = "".join(tables.csv_lines(chosen, no_tick, cell=CELL))
        semicolons = "".join(tables.csv_lines(chosen, no_tick, cell=CELL, delimiter=";"))
        raw = "".join(tables.csv_lines(chosen, no_tick, cell=partial(csv_cell, is_raw=True), is_raw=True))

    assert list(table_of(plain)[0]) == list(FLAT)
    assert [row["title"] for row in table_of(plain)][-1] == "'=HYPERLINK(1)"
    assert [row["title"] for row in table_of(raw)][-1] == "=HYPERLINK(1)"
    assert table_of(semicolons, ";") == table_of(plain)
    assert table_of(plain)[0]["authors"] == "Đỗ Thị Hòa"


def test_parquet_holds_what_csv_holds_with_types(history: Path) -> None:
    file = io.BytesIO()
    with chosen_of(history) as chosen:
        parquet.write(chosen, file, no_tick)
        rows = list(tables.rows(chosen, no_tick, is_light=False))

    read = pyarrow.parquet.read_table(file).to_pylist()

    assert [row["title"] for row in read] == [row["title"] for row in rows]
    assert read[0]["published_on"] == date(2023, 3, 29)
    assert read[9]["published_on"] is None
    assert read[0]["authors"] == ["Đỗ Thị Hòa"]
    assert read[0]["images"] == rows[0]["images"]
    assert list(read[0]) == list(FLAT)


def test_what_goes_without_text_has_not_a_word_of_it(history: Path) -> None:
    with chosen_of(history) as chosen:
        light = "".join(jsonl.lines(chosen, no_tick, is_light=True))
        table = "".join(tables.csv_lines(chosen, no_tick, cell=CELL, is_light=True))

    for text in (light, table):
        assert not any(word in text for word in ("đường", "Hòa", "HYPERLINK", "Thời sự"))
    record = json.loads(light.splitlines()[0])
    assert list(record) == [name for name in record if name in LIGHT]
    assert set(record) == set(LIGHT) == set(table_of(table)[0])


def test_every_field_of_a_record_stands_in_the_dictionary(history: Path) -> None:
    with chosen_of(history) as chosen:
        record = json.loads(next(jsonl.lines(chosen, no_tick, with_versions=True)))

    assert set(record) == set(WHOLE)


# --- which ------------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_articles_and_another_one_others(history: Path) -> None:
    drawn: dict[int, set[tuple[int, ...]]] = {}
    for seed in (1, 1, 2):
        with chosen_of(history, sample=4, seed=seed) as chosen:
            drawn.setdefault(seed, set()).add(tuple(chosen.ids))
    with chosen_of(history, sample=99) as chosen:
        assert len(chosen) == 11

    assert [len(found) for found in drawn.values()] == [1, 1]
    assert drawn[1] != drawn[2]
    assert {len(ids) for found in drawn.values() for ids in found} == {4}


def test_pages_that_ask_not_to_be_archived_stay_out_and_are_counted(history: Path) -> None:
    with chosen_of(history, with_noarchive=False) as chosen:
        left, summary = len(chosen), chosen.summary()
    with chosen_of(history) as chosen:
        rights = chosen.summary()["articles_by_what_pages_say_of_rights"]

    assert (left, summary["articles_left_out_as_noarchive"]) == (10, 1)
    assert rights == {"robots: noarchive": 1, "licence: CC BY": 1}


def test_filters_choose_as_in_a_list(history: Path) -> None:
    with chosen_of(history, filters=Filters(since=date(2023, 3, 29))) as chosen:
        assert len(chosen) == 10
    with chosen_of(history, filters=Filters(unique=True)) as chosen:
        assert len(chosen) == 1
    with chosen_of(history, filters=Filters(sites=("none",))) as chosen:
        assert len(chosen) == 0
        assert list(jsonl.lines(chosen, no_tick)) == []


def test_the_manifest_tells_what_was_asked_and_what_came(history: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with chosen_of(history, sample=5, seed=7, with_noarchive=False) as chosen:
        file.write_text("".join(jsonl.lines(chosen, no_tick)), encoding="utf-8")
        made = manifest.Made("jsonl", NOW, "0.1.0", {"title": "headline"})
        choice = Choice(Filters(kinds=()), sample=5, seed=7)
        told = json.loads(manifest.write(file, chosen, choice, made).read_text(encoding="utf-8"))

    assert told["query"] == {"sample": 5, "seed": 7}
    assert told["contents"]["articles"] == 5
    assert told["made"]["sha256"] == manifest.sha256_of(file)
    assert len(told["archive_root"]) == 64
    assert told["made_at"] == "2026-03-01T08:00:00Z"


# --- where ------------------------------------------------------------------------------------------------------------

NAMES = [
    ("../../etc/passwd", "https://x.vn/", "etc-passwd-7.md"),
    ("Đường Lê Duẩn: thông xe!", "https://x.vn/", "duong-le-duan-thong-xe-7.md"),
    ("a\0b\x1b[31m\u202e", "https://x.vn/", "a-b-31m-7.md"),
    ("CON", "https://x.vn/", "con-7.md"),
    ("...", "https://x.vn/tin-1.html", "tin-1-html-7.md"),
    ("北京", "https://x.vn/", "article-7.md"),
    (None, "C:\\x\\..", "c-x-7.md"),
    ("x" * 5_000, "https://x.vn/", "x" * 80 + "-7.md"),
]


@pytest.mark.parametrize(("title", "url", "name"), NAMES)
def test_f81_names_of_files_stay_in_their_folder(title: str | None, url: str, name: str) -> None:
    made = file_name(title, url, 7, ".md")

    assert made == name
    assert Path(made).name == made


def test_markdown_is_a_file_an_article_with_front_matter_that_is_yaml(history: Path, tmp_path: Path) -> None:
    with chosen_of(history) as chosen, whole_folder(tmp_path / "out") as folder:
        markdown.write(chosen, folder, no_tick, render=as_markdown)
        with pytest.raises(FileExistsError):  # F81: never over a file that is there
            markdown.write(chosen, folder, no_tick, render=as_markdown)

    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 11
    text = next(file for file in files if file.name == "tin-so-1-1.md").read_text(encoding="utf-8")
    head, body = text.removeprefix("---\n").split("---\n", 1)
    values = {name: json.loads(value) for name, value in (line.split(": ", 1) for line in head.splitlines())}
    assert values["title"] == "Tin số 1"
    assert values["published_at"] == "2023-03-29T05:23:00+07:00"
    assert values["authors"] == ["Đỗ Thị Hòa"]
    assert "# Tin số 1" in body


@pytest.mark.parametrize("value", ["--- \nx: y", "a: b # c", '"', "\x1b[0m\x85\u2028\ufeff", "!!python/object", "\\"])
def test_front_matter_quotes_what_yaml_would_act_on(value: str) -> None:
    article: dict[str, Any] = dict.fromkeys(FLAT) | {"title": value}

    written = markdown.front_matter(article)

    assert written.count("\n") == 3
    assert written.isascii()
    assert json.loads(written.splitlines()[1].removeprefix("title: ")) == value


def test_an_export_takes_its_name_when_it_is_whole_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    with pytest.raises(TypeError), whole_file(path) as file:
        file.write(cast("bytes", "half a file, and then a bug"))
    assert list(tmp_path.iterdir()) == []
    with whole_file(path) as file:
        file.write(b"whole")
    with pytest.raises(ExchangeError, match="--force"):
        require_free(path, force=False)
    with whole_file(path, force=True) as file:
        file.write(b"again")

    assert path.read_bytes() == b"again"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_no_export_made_is_never_replaced(tmp_path: Path) -> None:
    mine, ours = tmp_path / "mine", tmp_path / "ours"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear", encoding="utf-8")
    with whole_folder(ours) as folder:
        (folder / "a.md").write_text("a", encoding="utf-8")
    manifest_of_ours = tmp_path / "ours.manifest.json"
    manifest_of_ours.write_text("{}", encoding="utf-8")

    with pytest.raises(ExchangeError, match="no export made"), whole_folder(mine, force=True):
        pass
    with whole_folder(ours, force=True) as folder:
        (folder / "b.md").write_text("b", encoding="utf-8")

    assert [file.name for file in ours.iterdir()] == ["b.md"]
    assert (mine / "letter.txt").exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine", "ours", "ours.manifest.json"]


def test_urls_are_those_of_the_archive(history: Path) -> None:
    with chosen_of(history) as chosen:
        assert next(tables.rows(chosen, no_tick, is_light=True))["url"] == url_of(1)


def test_without_pyarrow_parquet_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['pyarrow'] = None; from archive.exchange import parquet; parquet.require_library()"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert "pip install pyarrow" in done.stderr.splitlines()[-1]
