"""Articles as JSON lines, out and in again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from archive.exchange.intake import Intake
from archive.merge import Merged
from archive.prune import prune
from archive.verify import verify
from tests.archive.exchange_kit import (
    articles_of,
    count,
    lines_of,
    take_in,
    write_jsonl,
)
from tests.archive.kit import NOW, open_archive, rows, url_of, value


def test_an_export_comes_back_article_by_article_with_every_version(history: Path, tmp_path: Path) -> None:
    file, other = write_jsonl(history, tmp_path / "out.jsonl"), tmp_path / "other.db"

    take_in(other, file)

    assert articles_of(other) == articles_of(history)
    assert len(articles_of(other)[url_of(2)]["versions"]) == 3
    assert write_jsonl(other, tmp_path / "again.jsonl").read_bytes() == file.read_bytes()
    assert verify(other).faults == []


def test_without_versions_the_current_one_comes_back(history: Path, tmp_path: Path) -> None:
    file, other = write_jsonl(history, tmp_path / "out.jsonl", with_versions=False), tmp_path / "other.db"

    take_in(other, file)

    own = ("version", "versions")
    assert articles_of(other, *own) == articles_of(history, *own)


def test_twice_is_once(history: Path, tmp_path: Path) -> None:
    file, other = write_jsonl(history, tmp_path / "out.jsonl"), tmp_path / "other.db"
    take_in(other, file)
    before = rows(other, "SELECT * FROM versions"), rows(other, "SELECT * FROM captures")

    done = take_in(other, file)
    into_its_own = take_in(history, file)

    assert done.brought.merged == into_its_own.brought.merged == Merged()
    assert (rows(other, "SELECT * FROM versions"), rows(other, "SELECT * FROM captures")) == before
    assert rows(other, "SELECT command, new, changed FROM runs") == [("import", 11, 2), ("import", 0, 0)]


def test_what_was_erased_by_order_stays_out(history: Path, tmp_path: Path) -> None:
    file, other = write_jsonl(history, tmp_path / "out.jsonl"), tmp_path / "other.db"
    take_in(other, file)
    with open_archive(other) as archive:
        archive.start_run("prune", {}, NOW)
        prune(archive, [value(other, "SELECT id FROM articles WHERE url = ?", url_of(5))], NOW)
        archive.end_run(0, NOW)

    done = take_in(other, file)

    assert done.brought.merged.erased == 1
    assert url_of(5) not in articles_of(other)


def test_a_batch_that_ends_anywhere_changes_nothing(history: Path, tmp_path: Path) -> None:
    file, other = write_jsonl(history, tmp_path / "out.jsonl"), tmp_path / "other.db"
    with open_archive(other) as archive:
        archive.start_run("import", {}, NOW)

        with Intake(archive, batch=3) as intake:
            for record in lines_of(file):
                intake.add(record)

    assert articles_of(other) == articles_of(history)
    assert not list(tmp_path.glob(".other*"))


BAD = [
    "no json",
    "[" * 100_000,
    '{"title": "another program\'s"}',
    {"luubao": 99},
    {"body": "another text"},
    {"kind": "poem"},
    {"authors": "Hằng"},
    {"published_at": "gestern"},
    {"first_seen_at": "2026-03-01 08:00"},
    {"capture": None},
    {"urls": [{"url": "https://x.vn/", "met_as": "dreamt", "first_seen_at": "2026-03-01T08:00:00Z"}]},
    {"missing_count": 2**70},
    {"content_sha256": "00"},
    {"capture": {"url": "https://x.vn/", "status": 200, "fetched_at": "2026-03-01T08:00:00Z"}},
    '{"luubao": 1, "url": "\\ud800"}',
    {"links": [["https://x.vn/", None, "friend"]]},
    {"links": [["https://x.vn/"]]},
    {"versions": [{"version": 1}]},
]


def test_a_line_that_is_none_of_ours_is_named_and_the_others_are_kept(history: Path, tmp_path: Path) -> None:
    good = write_jsonl(history, tmp_path / "good.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(good[0])
    bad = [line if isinstance(line, str) else json.dumps(record | line) for line in BAD]
    file, other, said = tmp_path / "mixed.jsonl", tmp_path / "other.db", list[str]()
    file.write_text("\n".join([good[1], *bad, good[2]]), encoding="utf-8")

    done = take_in(other, file, said=said)

    assert done.heard.refused == len(BAD) == len(said)
    assert set(articles_of(other)) == {json.loads(line)["url"] for line in good[1:3]}


def test_an_import_seals_what_it_added_and_asks_the_frontier_for_nothing(history: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"

    take_in(other, write_jsonl(history, tmp_path / "out.jsonl"))

    assert value(other, "SELECT count(*) FROM runs WHERE root IS NOT NULL") == 1
    assert count(other, "seals") == count(other, "captures") + count(other, "versions") + count(other, "events")
    assert count(other, "frontier") == 0


def test_lines_may_be_packed_with_gzip_and_end_early(history: Path, tmp_path: Path) -> None:
    plain, said = write_jsonl(history, tmp_path / "out.jsonl").read_bytes(), list[str]()
    whole, cut = tmp_path / "out.jsonl.gz", tmp_path / "cut.jsonl.gz"
    whole.write_bytes(gzip.compress(plain))
    cut.write_bytes(whole.read_bytes()[:-500])

    take_in(tmp_path / "whole.db", whole)
    done = take_in(tmp_path / "cut.db", cut, said=said)

    assert articles_of(tmp_path / "whole.db") == articles_of(history)
    assert done.heard.refused == len(said) == 1
    assert "the compressed file is damaged" in said[0]
    assert 0 < len(articles_of(tmp_path / "cut.db")) < len(articles_of(history))
