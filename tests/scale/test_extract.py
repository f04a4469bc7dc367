"""Stored pages into a dataset on this machine: what is in it, and that nothing is lost or doubled whatever happens."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from archive.errors import ArchiveReadOnly, DiskFull, ExchangeError
from archive.exchange.dataset import AS_JSON, COLUMNS, By, Pointer, failure_row, failure_schema
from commands.newspaper import Newspaper, serve
from scale.dataset import Dataset
from scale.places import place_of
from scale.sources import units_of
from scale.spool import Spool
from scraper import parse
from tests.archive.exchange_kit import articles_of, keep_history, take_in
from tests.archive.kit import failed_of, value
from tests.archive.warc_kit import answer, html, packed, record, write
from tests.faults.disks import TMPFS, on_disk
from tests.scale.ccnews import DATE, pages, write_news
from tests.scale.kit import KNOWN, read_into, rows_of


def as_read(row: dict[str, Any]) -> dict[str, Any]:
    """Return what `Article.to_dict()` gave, from a row."""
    said = {name: json.loads(row[name]) if name in AS_JSON else row[name] for name in list(COLUMNS)[:22]}
    return said | {"published_on": row["published_on"] and row["published_on"].isoformat()}


def luubao(*args: str | Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cli", *map(str, args)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_row_says_what_parse_says_and_where_its_page_lies(tmp_path: Path) -> None:
    offsets = write_news(tmp_path / "CC-NEWS-1.warc.gz", 96)

    done = read_into(tmp_path / "set", tmp_path / "CC-NEWS-1.warc.gz")

    rows = {row["url"]: row for row in rows_of(tmp_path / "set")}
    seen_at = datetime.fromisoformat(DATE)
    expected = {
        url: parse(body, url, headers={"Content-Type": kind}, fetched_at=seen_at, sites=KNOWN).to_dict()
        for url, body, kind in pages(96)
    }
    assert {url: as_read(row) for url, row in rows.items()} == expected
    assert all(row["source_offset"] == offsets[url] for url, row in rows.items())
    with (tmp_path / "CC-NEWS-1.warc.gz").open("rb") as file:
        for url, row in list(rows.items())[:5]:
            file.seek(row["source_offset"])
            text = gzip.GzipFile(fileobj=file).read(600).decode(errors="replace")
            assert row["record_id"] in text
            assert url in text
    assert done.counts.to_dict() == {
        "articles": 96, "failed": 10, "damaged": 0, "listings": 0, "revisits": 10, "no_pages": 0,
    }  # fmt: skip
    assert Counter(row["code"] for row in rows_of(tmp_path / "set", "failures")) == {"not_found": 10}
    assert {row["site"] for row in rows.values()} == {"bao0.vn", "bao1.vn"}
    assert {path.parent.name for path in (tmp_path / "set/articles/site=bao0.vn").rglob("*.parquet")} == {
        f"month={(row['published_at'] or DATE)[:7]}" for row in rows.values()
    }


def test_a_second_call_reads_only_what_is_not_there_or_has_grown(tmp_path: Path) -> None:
    first, second = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    write_news(first, 8)
    read_into(tmp_path / "set", first)
    write_news(second, 8, first=8)

    done = read_into(tmp_path / "set", first, second)
    write_news(first, 4)
    again = read_into(tmp_path / "set", first, second)

    assert (done.units, done.earlier, done.counts.articles) == (1, 1, 8)
    assert (again.units, again.earlier, again.counts.articles) == (1, 1, 4)
    assert Counter(row["source"] for row in rows_of(tmp_path / "set")) == {str(first): 4, str(second): 8}


def test_a_month_of_very_many_newspapers_is_one_file_of_each_source(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 96)

    read_into(tmp_path / "set", tmp_path / "a.warc.gz", by=By.MONTH)

    files = list((tmp_path / "set/articles").rglob("*.parquet"))
    assert len(files) == len({row["month"] for row in rows_of(tmp_path / "set")})
    assert len(rows_of(tmp_path / "set")) == 96
    with pytest.raises(ExchangeError, match="parted by month"):
        Dataset.open(str(tmp_path / "set"), By.SITE_MONTH, luubao_version="test")


def test_damaged_records_are_counted_with_file_and_byte_and_cost_no_other(tmp_path: Path) -> None:
    records = [packed(record("response", answer(html()), f"https://a.vn/tin-{n}.html")) for n in range(9)]
    records[3] = b"\x1f\x8b\x08" + b"\0" * 50
    records[6] = packed(record("response", answer(html()), WARC_Block_Digest="sha1:" + "A" * 32))
    source = write(tmp_path / "a.warc.gz", *records, b"\x1f\x8b\x08\0 cut")
    (tmp_path / "none.warc.gz").write_bytes(b"no WARC")
    said: list[str] = []

    done = read_into(tmp_path / "set", source, tmp_path / "none.warc.gz", said=said)

    begins = [sum(map(len, records[:n])) for n in range(10)]
    found = rows_of(tmp_path / "set", "failures")
    assert [row["source_offset"] for row in found if row["source"] == str(source)] == [begins[3], begins[6], begins[9]]
    assert {row["code"] for row in found} == {"damaged_record"}
    assert done.counts.articles == len(rows_of(tmp_path / "set")) == 7
    assert not done.is_whole


def test_an_archive_is_read_too_and_a_dataset_comes_back_as_articles(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 40)
    take_in(tmp_path / "a.db", tmp_path / "a.warc.gz")

    read_into(tmp_path / "set", tmp_path / "a.db")
    for _ in range(2):
        take_in(tmp_path / "b.db", tmp_path / "set")

    assert {row["record_id"].partition(":")[0] for row in rows_of(tmp_path / "set")} == {"capture"}
    assert {row["source_offset"] for row in rows_of(tmp_path / "set")} == {None}
    fields = ("url", "title", "body", "published_at", "blocks", "provenance", "links", "images", "tags", "rights")
    kept, back = articles_of(tmp_path / "a.db"), articles_of(tmp_path / "b.db")
    assert [{name: each[name] for name in fields} for _, each in sorted(back.items())] == [
        {name: each[name] for name in fields} for _, each in sorted(kept.items())
    ]
    counted = "SELECT count(*) FROM versions"
    assert value(tmp_path / "b.db", counted) == value(tmp_path / "a.db", counted)


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget here")
def test_a_file_of_wget_goes_through(tmp_path: Path) -> None:
    with serve(Newspaper()) as server:
        wget = [
            "wget",
            "-q",
            "-r",
            "-l",
            "1",
            "-e",
            "robots=off",
            "--warc-file",
            str(tmp_path / "site"),
            "-P",
            str(tmp_path),
        ]
        subprocess.run([*wget, server.url("/")], check=False)
    take_in(tmp_path / "a.db", tmp_path / "site.warc.gz")

    done = read_into(tmp_path / "set", tmp_path / "site.warc.gz")

    assert done.counts.damaged == 0
    assert len(rows_of(tmp_path / "set")) == done.counts.articles > 20
    kept = {article["title"] for article in articles_of(tmp_path / "a.db").values()}
    assert kept <= {row["title"] for row in rows_of(tmp_path / "set")}


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    row = failure_row(failed_of("https://a.vn/\ud800", "blocked"), Pointer("a.warc", 1, "urn:uuid:1"))
    out = io.BytesIO()

    with Spool(failure_schema()) as spool:
        spool.add(row)
        spool.write(out, spool.groups())

    assert [row["url"] for row in parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()] == ["https://a.vn/\ufffd"]


def test_an_edited_article_is_a_row_a_visit_and_comes_back_as_versions(tmp_path: Path) -> None:
    keep_history(tmp_path / "a.db")
    edits = [
        record("response", answer(html(more=text)), date=f"2020-01-0{day}T00:00:00Z")
        for day, text in ((3, "ba"), (1, "một"), (2, "hai"))
    ]
    source = write(tmp_path / "a.warc.gz", packed(*edits))

    read_into(tmp_path / "set", source)
    take_in(tmp_path / "b.db", tmp_path / "set")

    assert len(rows_of(tmp_path / "set")) == 3
    assert value(tmp_path / "b.db", "SELECT count(*) FROM articles") == 1
    assert value(tmp_path / "b.db", "SELECT count(*) FROM versions") == 3
    assert value(tmp_path / "b.db", "SELECT body FROM versions v JOIN articles a ON a.version_id = v.id").endswith("ba")


def test_what_is_no_source_and_no_dataset_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no WARC")
    for wrong in ("note.txt", "gone.warc", "*.nix", "ftp://a.vn/b.warc", "s3://", "s3:///a.warc"):
        name = wrong if "://" in wrong else str(tmp_path / wrong)
        with pytest.raises(Exception, match=wrong.replace("*", r"\*")) as caught:
            units_of([name])
        assert "\n" not in str(caught.value)
    with pytest.raises(ExchangeError, match="is a file"):
        Dataset.open(str(tmp_path / "note.txt"), None, luubao_version="test")
    with pytest.raises(ExchangeError, match="a SOURCE is empty"):
        units_of([""])
    with pytest.raises(ExchangeError, match="a name is empty"):
        Dataset.open("", None, luubao_version="test")


def test_an_object_has_the_name_that_is_written_whatever_is_in_it() -> None:
    for name in ("báo cáo/tháng 5.warc.gz", "a%20b.warc.gz", "x#y?z.warc.gz"):
        place = place_of(f"gs://anonymous@pages/{name}") / "part"
        assert (place.path, place.name) == (f"pages/{name}/part", f"gs://anonymous@pages/{name}/part")


def read_into_a_folder_that_may_not_be_written(disk: Path, source: str) -> None:
    read_into(disk / "set", Path(source))
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert read_into(disk / "set", Path(source)).earlier == 1
    shutil.copy(source, f"{source}.warc")
    with pytest.raises(ArchiveReadOnly, match="may not be written"):
        read_into(disk / "set", Path(f"{source}.warc"))


def test_a_folder_that_may_not_be_written_is_told_before_anything_is_read(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 2)

    on_disk(TMPFS, read_into_a_folder_that_may_not_be_written, tmp_path, str(tmp_path / "a.warc.gz"))


def test_a_note_that_is_none_of_ours_is_named_and_takes_no_other_file_away(tmp_path: Path) -> None:
    write_news(tmp_path / "a.warc.gz", 2)
    read_into(tmp_path / "set", tmp_path / "a.warc.gz")
    [note] = (tmp_path / "set/sources").glob("*.json")
    (tmp_path / "mine.parquet").write_text("mine")
    (tmp_path / f"{note.stem}.parquet").write_text("mine")

    for wrong in ("{}", "[]", "", '{"size": "2"}'):
        note.write_text(wrong)
        with pytest.raises(ExchangeError, match="delete it, and what it tells of is read again"):
            read_into(tmp_path / "set", tmp_path / "a.warc.gz")
    note.write_text(json.dumps({"size": 1, "files": ["../mine.parquet", f"articles/../../{note.stem}.parquet", 7]}))
    done = read_into(tmp_path / "set", tmp_path / "a.warc.gz")

    assert done.counts.articles == 2
    assert {path.read_text() for path in tmp_path.glob("*.parquet")} == {"mine"}


def test_a_full_disk_leaves_what_was_whole_and_the_next_call_goes_on(tmp_path: Path) -> None:
    sources = [tmp_path / f"{n}.warc.gz" for n in range(2)]
    for number, source in enumerate(sources):
        write_news(source, 48, first=48 * number)
    read_into(tmp_path / "set", sources[0])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limits[1]))
        with pytest.raises(DiskFull, match="no room left"):
            read_into(tmp_path / "set", *sources)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    whole = Counter(row["source"] for row in rows_of(tmp_path / "set"))

    read_into(tmp_path / "set", *sources)

    assert whole == {str(sources[0]): 48}
    assert Counter(row["url"] for row in rows_of(tmp_path / "set")) == dict.fromkeys((u for u, _, _ in pages(96)), 1)


def test_two_runs_at_once_lose_and_double_nothing_and_tell_of_each_other(tmp_path: Path) -> None:
    sources = [tmp_path / f"{n}.warc.gz" for n in range(3)]
    for number, source in enumerate(sources):
        write_news(source, 4, first=4 * number)
    said: list[str] = []
    Dataset.open(str(tmp_path / "set"), None, luubao_version="test")

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(read_into, tmp_path / "set", *sources, said=said) for _ in range(2)]

    assert all("another run puts the same source" in each for each in said)
    assert sum(len(each.result().refused) for each in done) == len(said)
    assert Counter(row["url"] for row in rows_of(tmp_path / "set")) == dict.fromkeys((u for u, _, _ in pages(12)), 1)


def test_readers_and_runs_that_are_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    sources = [tmp_path / f"{n}.warc.gz" for n in range(4)]
    for number, source in enumerate(sources):
        write_news(source, 24, first=24 * number)
    folder = tmp_path / "set"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}

    run = luubao("extract", *sources, "-o", folder, "--workers", "1", env=environment)
    while not list(folder.glob("sources/*.json")):
        time.sleep(0.01)
        assert run.poll() is None
    assert _kill_readers(run.pid) > 0
    while len(list(folder.glob("sources/*.json"))) < 2:
        time.sleep(0.01)
        assert run.poll() is None
    run.kill()
    run.communicate()
    ended = luubao("extract", *sources, "-o", folder, "--workers", "1", "--json", env=environment)
    told = json.loads(ended.communicate()[0])

    assert ended.returncode == 0
    assert told["files"] + told["files_read_earlier"] == 4
    assert told["files_read_earlier"] >= 2
    assert Counter(row["url"] for row in rows_of(folder)) == dict.fromkeys((url for url, _, _ in pages(96)), 1)
    assert {row["code"] for row in rows_of(folder, "failures")} == {"not_found"}
    assert not [
        path for path in folder.rglob("*") if path.suffix in {".part", ".placing"} or path.parent.name == ".parts"
    ]


def _kill_readers(run: int) -> int:
    """Kill the processes that were forked for a run, by the one that it has started for that; return how many."""
    servers = [pid for pid in _children_of(run) if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    readers = [reader for pid in servers for reader in _children_of(pid)]
    for reader in readers:
        os.kill(reader, signal.SIGKILL)
    return len(readers)


def _children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
