"""Pages as WARC, out and in again."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.exchange import http, warc_out
from archive.exchange.warc_records import Record, records_in
from archive.merge import Merged
from archive.verify import verify
from scraper.models import Headers
from tests.archive.exchange_kit import articles_of, chosen_of, count, no_tick, take_in, write_jsonl, write_warc
from tests.archive.kit import NOW, SITE, open_archive, page_of, rows, url_of, value, visit_of

PIECES = ("request", "response", "revisit", "metadata", "warcinfo")


def records_of(path: Path) -> list[Record]:
    with path.open("rb") as file:
        found = list(records_in(file))
    assert all(isinstance(record, Record) for record in found)
    return [record for record in found if isinstance(record, Record)]


def test_an_export_comes_back_article_by_article(crawled: Path, tmp_path: Path) -> None:
    file, other = write_warc(crawled, tmp_path / "out.warc.gz"), tmp_path / "other.db"

    take_in(other, file)

    assert articles_of(other) == articles_of(crawled)
    assert sorted(a["state"] for a in articles_of(other).values())[-2:] == ["live", "removed"]
    assert sum(len(article["versions"]) for article in articles_of(other).values()) == len(articles_of(other)) + 1
    assert verify(other).faults == []


def test_twice_is_once_and_what_an_archive_has_it_need_not_read(crawled: Path, tmp_path: Path) -> None:
    file, other = write_warc(crawled, tmp_path / "out.warc.gz"), tmp_path / "other.db"
    take_in(other, file)
    before = count(other, "captures")

    again, own = take_in(other, file), take_in(crawled, file)

    assert again.brought.merged == own.brought.merged == Merged()
    assert count(other, "captures") == before


def test_an_export_is_the_same_twice_and_fits_its_digests(crawled: Path, tmp_path: Path) -> None:
    one, two = write_warc(crawled, tmp_path / "one.warc.gz"), write_warc(crawled, tmp_path / "two.warc.gz")

    checker = Checker(SimpleNamespace(inputs=[str(one)], verbose=False))

    assert one.read_bytes() == two.read_bytes()
    assert checker.process_all() == 0
    assert {record.kind for record in records_of(one)} == set(PIECES)
    with one.open("rb") as file:  # warcio reads what we read
        theirs = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]
    assert theirs == [(record.kind, record.url or None) for record in records_of(one)]


def test_the_metadata_of_an_answer_is_what_was_read_from_it(crawled: Path, tmp_path: Path) -> None:
    records = records_of(write_warc(crawled, tmp_path / "out.warc.gz"))

    answers = {r.fields["warc-record-id"]: r for r in records if r.kind == "response"}
    told = [(json.loads(r.block), answers[r.fields["warc-refers-to"]]) for r in records if r.kind == "metadata"]

    assert len(told) == count(crawled, "versions")
    assert all(answer.url == said["capture"]["url"] for said, answer in told)
    assert all(said["body"] and said["content_sha256"] and said["reader_version"] for said, _ in told)


ODD: Headers = (
    ("content-type", "text/html; charset=utf-8"),
    ("X-Tên".encode().decode("latin-1"), 'đường; tên="Lê Duẩn"'.encode().decode("latin-1")),
    ("Set-Cookie", "a=1"),
    ("set-cookie", "b=2"),
    ("Content-Encoding", "gzip"),
    ("CONTENT-LENGTH", "999"),
    ("X-Empty", ""),
)


def test_heads_are_the_bytes_that_came(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    reason = "Được".encode().decode("latin-1")
    page = replace(page_of(url_of(1), b"<html><p>xin"), headers=ODD, reason=reason, request_headers=(("Host", "bao"),))
    with open_archive(path) as archive:
        archive.keep(replace(visit_of(url_of(1)), page=page))

    file = write_warc(path, tmp_path / "out.warc.gz")
    take_in(other, file)

    answer = next(record for record in records_of(file) if record.kind == "response")
    assert answer.block.startswith("HTTP/1.1 200 Được\r\ncontent-type: text/html".encode())
    assert 'đường; tên="Lê Duẩn"\r\n'.encode() in answer.block
    assert b"X-Archive-Orig-CONTENT-LENGTH: 999\r\n" in answer.block
    assert answer.block.endswith(b"Content-Length: 12\r\n\r\n<html><p>xin")
    columns = "SELECT url, fetched_at, status, reason, headers, request_headers, body_sha256 FROM captures"
    assert rows(other, columns) == rows(path, columns)


def test_headers_of_a_body_that_was_sent_plain_stay_as_they_are() -> None:
    plain: Headers = (("Content-Type", "text/html"), ("Content-Length", "3"))

    assert http.rewritten(plain, 3) == plain
    assert http.rewritten((("Content-Type", "text/html"),), 3) == (("Content-Type", "text/html"),)
    for headers in (ODD, (("Transfer-Encoding", "chunked"),), (("content-length", "9"),)):
        assert http.restored(http.rewritten(headers, 3)) == headers


def test_an_older_visit_takes_its_place_in_the_history_and_not_the_newer_ones(crawled: Path, tmp_path: Path) -> None:
    """A crawl of today first, and then the file with what was before it."""
    file, other = write_warc(crawled, tmp_path / "out.warc.gz"), tmp_path / "other.db"
    edited = next(url for url, article in articles_of(crawled).items() if len(article["versions"]) == 2)
    newest = articles_of(crawled)[edited]

    take_in(other, write_part(file, tmp_path / "late.warc", after="2026-03-01T23"))
    assert [v["number"] for v in articles_of(other)[edited]["versions"]] == [1]
    take_in(other, file)

    assert articles_of(other)[edited]["versions"] == newest["versions"]
    assert articles_of(other)[edited]["title"] == newest["title"]
    assert verify(other).faults == []
    assert articles_of(other)[edited]["first_seen_at"] == newest["first_seen_at"]


def write_part(file: Path, to: Path, *, after: str) -> Path:
    """Write the records again that are younger."""
    with to.open("wb") as out:
        for record in records_of(file):
            if record.fields["warc-date"] > after:
                fields = "".join(f"{name}: {text}\r\n" for name, text in record.fields.items())
                out.write(f"WARC/1.1\r\n{fields}\r\n".encode() + record.block + b"\r\n\r\n")
    return to


def test_what_a_visit_found_unchanged_is_a_revisit_that_says_where_the_page_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_archive(path) as archive:
        first = visit_of(url_of(1))
        archive.keep(first)
        archive.keep(replace(first, page=replace(first.page, fetched_at=NOW.replace(hour=9))))
        archive.keep(visit_of(url_of(1), at=NOW.replace(hour=10)))  # other bytes, the same text
        unchanged = page_of(url_of(1), status=304, at=NOW.replace(hour=11))
        archive.keep(replace(first, page=replace(unchanged, body=b""), article=None))

    revisits = [r for r in records_of(write_warc(path, tmp_path / "out.warc.gz")) if r.kind == "revisit"]

    assert [r.fields["warc-profile"].rsplit("/", 1)[-1].rsplit(":", 1)[-1] for r in revisits] == [
        "identical-payload-digest",
        "same-text",
        "server-not-modified",
    ]
    assert {r.fields["warc-refers-to-date"] for r in revisits} == {"2026-03-01T08:00:00.000000Z"}
    assert value(path, "SELECT site FROM articles") == SITE


def test_an_import_that_was_killed_is_brought_to_its_end_by_the_next(crawled: Path, tmp_path: Path) -> None:
    """As after a kill between the visits and the articles of a batch; the folder of the batch is left over too."""
    file, other = write_warc(crawled, tmp_path / "out.warc.gz"), tmp_path / "other.db"
    take_in(other, file)
    with open_archive(other) as archive, archive.transaction() as connection:
        connection.execute("UPDATE runs SET ended_at = NULL")
        connection.execute("DELETE FROM articles")
    left = tmp_path / f".other.db.import-{_pid_of_none()}-x"
    left.mkdir()

    take_in(other, file)

    assert articles_of(other) == articles_of(crawled)
    assert not left.exists()


def _pid_of_none() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize("told_length", [2**30, 100])
def test_f55_a_stored_bomb_is_left_out_and_named_and_the_other_pages_come(told_length: int, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_archive(path) as archive:
        for number in (1, 2):
            archive.keep(visit_of(url_of(number), f"Tin {number}. " * 40))
        packer = zstandard.ZstdCompressor().compressobj(size=2**28)
        bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(2**8)) + packer.flush()
        with archive.transaction() as connection:
            sql = "UPDATE snapshots SET data = ?, codec = 'zstd', length = ?, base_id = NULL WHERE id = 2"
            connection.execute(sql, (bomb, told_length))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with chosen_of(path) as chosen, (tmp_path / "out.warc.gz").open("wb") as file:
        lost = warc_out.write(chosen, file, no_tick, software="luubao test")

    assert (lost.damaged, lost.without_page) == (1, 0)
    answers = [record for record in records_of(tmp_path / "out.warc.gz") if record.kind == "response"]
    assert [bool(http.answer_in(answer.block).body) for answer in answers] == [True, False]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_articles_that_came_without_their_pages_go_out_with_what_was_read_and_are_counted(
    history: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    take_in(other, write_jsonl(history, tmp_path / "out.jsonl"))

    with chosen_of(other) as chosen, (tmp_path / "out.warc.gz").open("wb") as file:
        lost = warc_out.write(chosen, file, no_tick, software="luubao test")

    assert lost.without_page == count(history, "versions")
    assert sum(record.kind == "metadata" for record in records_of(tmp_path / "out.warc.gz")) == lost.without_page
