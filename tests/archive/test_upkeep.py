"""Compacting, copying, merging and erasing: nothing is lost but what was ordered, and that wholly: F43, F51."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import content, reports, snapshots
from archive.backup import backup
from archive.compact import compact
from archive.errors import ArchiveError, MigrationNeeded
from archive.merge import Merged, merge
from archive.prune import Pruned, is_scrubbed, prune, scrub
from archive.queries import Filters
from archive.rereading import Rewriting, choose, reread
from archive.upgrade import upgrade
from archive.verify import Scope, verify
from scraper.models import Article, Found, Image, Link, Page, Relation, Role, Verdict, Visit
from tests.archive.kit import NOW, article_of, open_archive, page_of, rows, task_of, url_of, value, visit_of
from tests.archive.test_migrations import archive_of_schema
from tests.archive.test_verify import FRAME, framed_visit, keep_some

ROUNDS = int(os.environ.get("LUUBAO_KILL_ROUNDS", "4")) // 4 or 1
LATER = NOW + timedelta(days=1)


def compacted(path: Path) -> None:
    with open_archive(path) as archive:
        archive.start_run("compact", {}, LATER)
        compact(archive)
        archive.end_run(0, LATER)


def pruned(path: Path, *article_ids: int) -> Pruned:
    with open_archive(path) as archive:
        archive.start_run("prune", {}, LATER)
        gone = prune(archive, article_ids, LATER)
        scrub(archive)
        archive.end_run(0, LATER)
    return gone


def merged(path: Path, other: Path) -> Merged:
    with open_archive(path) as archive:
        archive.start_run("merge", {}, LATER)
        brought = merge(archive, other)
        archive.end_run(0, LATER)
    return brought


def bodies(path: Path) -> dict[bytes, bytes]:
    with open_archive(path) as archive:
        ids = [row[0] for row in archive.connection.execute("SELECT id FROM snapshots")]
        found = [snapshots.get(archive.connection, each) for each in ids]
    return {content.page_sha256(body): body for body in found}


# --- compact ----------------------------------------------------------------------------------------------------------


def test_compacted_pages_are_smaller_and_come_out_as_they_were(path: Path) -> None:
    keep_some(path)
    before, stored = bodies(path), value(path, "SELECT sum(length(data)) FROM snapshots")

    compacted(path)

    assert bodies(path) == before
    assert value(path, "SELECT sum(length(data)) FROM snapshots") < stored
    assert verify(path).faults == []


def test_compacting_goes_on_where_it_was_and_does_nothing_twice(path: Path) -> None:
    keep_some(path)
    compacted(path)

    with open_archive(path) as archive:
        assert compact(archive).pages == 0
        archive.keep(framed_visit(99))
        assert compact(archive).pages == 1


@pytest.mark.faults
@pytest.mark.parametrize(
    "work", ["compacted(path)", "pruned(path, 3, 12)", "merged(path, other)", "copied(path, other)"]
)
def test_f43_a_kill_while_the_file_is_worked_through_loses_nothing(path: Path, work: str) -> None:
    script = "import sys; from pathlib import Path; from tests.archive.test_upkeep import *; "
    script += f"path, other = map(Path, sys.argv[1:]); print('at work', flush=True); {work}"
    other = path.with_name("other.db")
    keep_some(path, 60)
    keep_some(other, 90)
    whole, rng = path.read_bytes(), random.Random(43)  # noqa: S311 -- any instant will do
    for _ in range(ROUNDS):
        with subprocess.Popen([sys.executable, "-c", script, path, other], stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            time.sleep(rng.uniform(0, 0.4))
            worker.send_signal(signal.SIGKILL)

        assert verify(path).faults == []
        if not work.startswith("pruned"):
            assert value(path, "SELECT count(*) FROM versions") >= 65
            continue
        for name in (path, path.with_name("archive.db-wal"), path.with_name("archive.db-shm")):
            name.unlink(missing_ok=True)
        path.write_bytes(whole)


def copied(path: Path, other: Path) -> None:
    backup(path, other.with_name("copy.db"), overwrite=True)


# --- backup -----------------------------------------------------------------------------------------------------------


def test_f51_a_copy_made_while_the_archive_is_written_is_whole(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with open_archive(path) as archive:
        for n in range(20):
            archive.keep(framed_visit(n))

        report = backup(path, copy)

    assert report.counts["articles"] == 20
    assert bodies(copy) == bodies(path)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".*.part*"))


def test_a_copy_takes_no_file_s_place_unless_told(path: Path, tmp_path: Path) -> None:
    keep_some(path, 1, edited=0)
    (tmp_path / "copy.db").write_text("mine")

    with pytest.raises(ArchiveError, match="exists already"):
        backup(path, tmp_path / "copy.db")
    with pytest.raises(ArchiveError, match="archive itself"):
        backup(path, path)
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_damaged_archive_gives_no_copy(path: Path, tmp_path: Path) -> None:
    keep_some(path, 3, edited=0)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE snapshots SET data = zeroblob(20) WHERE id = 2")

    with pytest.raises(ArchiveError, match="not whole"):
        backup(path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


# --- merge ------------------------------------------------------------------------------------------------------------


def test_a_merge_is_the_union_and_twice_is_once(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    keep_some(path, 40)
    with open_archive(other) as archive:
        archive.start_run("crawl", {}, NOW)
        for n in range(30, 80):
            archive.keep(framed_visit(n))
        archive.keep(framed_visit(8, said=" Sửa lần hai.", hours=5))
        archive.keep(framed_visit(70, said=" Sửa.", hours=5))
        archive.end_run(0, NOW)
    both = bodies(path) | bodies(other)

    first = merged(path, other)
    counts = verify(path).counts
    second = merged(path, other)

    assert (first.articles, second) == (40, Merged())
    assert bodies(path) == both
    assert verify(path).faults == []
    again = verify(path).counts
    assert {k: v for k, v in again.items() if k != "runs"} == {k: v for k, v in counts.items() if k != "runs"}
    eighth = "SELECT v.number, v.body LIKE '%Sửa lần hai%' FROM versions v JOIN articles a ON a.id = v.article_id "
    assert rows(path, eighth + "WHERE a.url = ? ORDER BY 1", url_of(8)) == [(1, 0), (2, 0), (3, 1)]
    assert value(path, "SELECT count(*) FROM search_index WHERE search_index MATCH 'duong'") == 80


def test_a_merge_into_an_empty_archive_is_equal(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    keep_some(other, 40)
    named = tuple(Found(url_of(n), Role.ARTICLE) for n in (3, 4, 200))
    with open_archive(other) as archive:
        front = "https://bao.example.vn/"
        archive.keep(Visit(task_of(front, Role.LISTING), page_of(front), None, named))

    merged(path, other)
    merged(path, other)

    told = "SELECT a.url, v.number, v.title, v.body, v.read_at, v.cause FROM versions v, articles a"
    told += " WHERE a.id = v.article_id"
    assert sorted(rows(path, told)) == sorted(rows(other, told))
    assert bodies(path) == bodies(other)
    for table in ("frontier", "lists", "namings", "host_revisits", "captures", "events", "failures"):
        assert value(path, f"SELECT count(*) FROM {table}") == value(other, f"SELECT count(*) FROM {table}"), table  # noqa: S608 -- of these
    assert value(path, "SELECT count(*) FROM namings") == 3


def test_a_merge_brings_what_we_read_anew_and_what_each_run_told_of_itself(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    keep_some(path, 3, edited=1)
    shutil.copy(path, other)
    with open_archive(other) as archive:
        run_id = archive.start_run("reparse", {}, LATER)
        chosen = choose(archive.connection, archive.scraping, filters=Filters())
        with Rewriting(archive, lambda: LATER) as rewriting:
            reread(archive.connection, chosen, with_tags, keep=rewriting.keep)
        with archive.transaction() as connection:
            told = {"seconds": 1.0, "requests": 0, "body_bytes": 0, "what": "tags"}
            reports.write(connection, run_id, told)
        archive.end_run(0, LATER)

    first, second = merged(path, other), merged(path, other)

    assert (first.versions, second) == (3, Merged())
    for each in (path, other):
        versions = rows(each, "SELECT cause, tags FROM versions WHERE article_id = 1 ORDER BY number")
        assert versions == [("created", "[]"), ("edited", "[]"), ("re-read", '["hội làng"]')]
        assert value(each, "SELECT count(*) FROM run_reports") == 1
    assert verify(path).faults == []


def test_what_was_first_seen_by_one_archive_is_an_edit_where_another_had_it_before(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    for each, said, hours in ((path, " Tin đã sửa.", 5), (other, "", 0)):
        with open_archive(each) as archive:
            archive.start_run("crawl", {}, NOW)
            archive.keep(framed_visit(1, said=said, hours=hours))
            archive.end_run(0, NOW)
    third = tmp_path / "third.db"
    shutil.copy(path, third)

    for into, source in ((path, other), (other, third)):
        root = verify(into).root
        first, second = merged(into, source), merged(into, source)

        assert (first.versions, second) == (1, Merged())
        causes = rows(into, "SELECT cause, read_at FROM versions ORDER BY number")
        assert causes == [("created", "2026-03-01T08:00:00Z"), ("edited", "2026-03-01T13:00:00Z")]
        assert verify(into, Scope(against=root)).faults == []


def with_tags(pages: Iterable[Page]) -> Iterator[Article]:
    """Read as rules do that find tags, and nothing else that is new."""
    for page in pages:
        said = " Tin đã sửa." if page.fetched_at > NOW else ""
        number = int(page.url.removesuffix(".html").rpartition("-")[2])
        article = framed_visit(number, said=said).article
        assert article is not None
        yield replace(article, tags=("hội làng",))


def test_articles_that_the_other_archive_erased_are_named_and_stay(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    keep_some(path, 3, edited=0)
    shutil.copy(path, other)
    pruned(other, 2)

    assert merged(path, other).erased_there == (2,)
    assert value(path, "SELECT count(*) FROM articles") == 3


# --- prune ------------------------------------------------------------------------------------------------------------

WORDS = ("Phượng vĩ nở trắng đồi Kỳ Quan", "xenhuhồng", "ảnh do Trầm Uyển chụp")


def secret_visit(number: int = 500, *, hours: int = 0) -> Visit:
    body = f"{WORDS[0]} sáng nay, {WORDS[1]} lần {hours}.\n\n" + "Mây trôi qua phố nhỏ rất chậm. " * 20
    article = article_of(
        url_of(number), body, title=WORDS[0], images=(Image("https://anh.example.vn/x.jpg", WORDS[2], None),)
    )
    page = page_of(url_of(number), FRAME + body.encode(), at=NOW + timedelta(hours=hours))
    return Visit(task_of(url_of(number)), page, article, ())


def keep_with_secret(path: Path) -> int:
    """Keep pages, among them one that is to go: edited once, named by others, and made a dictionary."""
    with open_archive(path) as archive:
        archive.start_run("crawl", {}, NOW)
        for n in range(32):
            archive.keep(framed_visit(n))
        archive.keep(secret_visit())
        archive.keep(secret_visit(hours=3))
        for n in range(40, 50):
            visit = framed_visit(n)
            related = (Link(url_of(500), WORDS[0], Relation.RELATED),)
            article = article_of(visit.task.url, visit.article.body if visit.article else "", related=related)
            archive.keep(Visit(visit.task, visit.page, article, ()))
        archive.end_run(0, NOW)
    return int(value(path, "SELECT article_id FROM urls WHERE url = ?", url_of(500)))


def test_an_erased_article_leaves_no_word_in_file_or_log(path: Path) -> None:
    article_id = keep_with_secret(path)
    assert value(path, "SELECT count(*) FROM snapshots s JOIN dictionaries d ON d.id = s.dictionary_id") >= 11
    root = verify(path).root

    gone = pruned(path, article_id)

    assert (gone.articles, gone.versions, gone.visits, gone.pages) == (1, 2, 2, 2)
    assert gone.rewritten >= 10
    for file in path.parent.glob("archive.db*"):
        data = file.read_bytes()
        for word in (*WORDS, *WORDS[0].split()[:2], url_of(500), "tin-500"):
            assert word.encode() not in data, (file.name, word)
        assert b"xenhuhong" not in data
    assert verify(path, Scope(against=root)).faults == []
    assert value(path, "SELECT count(*) FROM articles") == 42


def test_a_dictionary_that_is_the_erased_page_goes_however_it_writes_its_letters(path: Path) -> None:
    entities = "".join(f"&#{ord(letter)};" for letter in " ".join(WORDS)).encode()
    with open_archive(path) as archive:
        for n in range(32):
            archive.keep(framed_visit(n))
        visit = secret_visit()
        page = page_of(visit.task.url, FRAME + entities, at=visit.page.fetched_at)
        archive.keep(Visit(visit.task, page, visit.article, ()))
        for n in range(40, 45):
            archive.keep(framed_visit(n))
    assert value(path, "SELECT sha256 FROM dictionaries") == content.page_sha256(FRAME + entities)

    pruned(path, 33)

    assert value(path, "SELECT count(*) FROM dictionaries") == 0
    assert entities[:40] not in path.read_bytes()
    assert verify(path).faults == []


def test_other_links_under_any_variant_of_its_address_go_too(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        named = Link(url_of(1) + "?utm_source=trang-nhat#top", "Tin 1", Relation.POPULAR)
        related = Link(url_of(1) + "?utm_source=lien-quan", "Tin 1", Relation.RELATED)
        other = Link(url_of(3), "Tin 3", Relation.POPULAR)
        archive.keep(visit_of(url_of(2), "Khác. " * 40, links=(named, other), related=(related,)))

    pruned(path, 1)

    (packed,) = rows(path, "SELECT other_links FROM versions")[0]
    assert [link["url"] for link in content.unpacked_links(packed)] == [url_of(3)]
    assert value(path, "SELECT count(*) FROM links") == 0
    assert verify(path).faults == []


def test_an_erasure_that_was_stopped_is_told_until_its_words_are_out(path: Path) -> None:
    article_id = keep_with_secret(path)
    with open_archive(path) as archive:
        archive.start_run("prune", {}, LATER)
        prune(archive, [article_id], LATER)
        stopped = verify(path).is_scrubbed
        assert not is_scrubbed(archive)
        scrub(archive)
        archive.end_run(0, LATER)

    assert not stopped
    assert verify(path).is_scrubbed


def test_what_was_erased_is_neither_kept_nor_asked_for_again(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    article_id = keep_with_secret(path)
    shutil.copy(path, other)
    pruned(path, article_id)

    with open_archive(path) as archive:
        assert archive.keep(secret_visit(hours=9)) is Verdict.SAME
        visit = framed_visit(3, said=" Mới.", hours=9)
        archive.keep(Visit(visit.task, visit.page, visit.article, (Found(url_of(500), Role.ARTICLE),)))
    brought = merged(path, other)

    assert brought.erased == 1
    assert value(path, "SELECT count(*) FROM urls WHERE url = ?", url_of(500)) == 0
    assert value(path, "SELECT count(*) FROM frontier WHERE url = ?", url_of(500)) == 0
    assert verify(path).faults == []


def test_an_id_given_again_after_an_erasure_is_sealed_too(path: Path) -> None:
    keep_some(path, 3, edited=0)
    pruned(path, 3)
    keep_some(path, 6, edited=1)

    root = verify(path).root
    assert verify(path, Scope(against=root)).faults == []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE versions SET title = 'khác' WHERE id = (SELECT max(id) FROM versions)")
    assert verify(path).faults != []


def test_twins_of_an_erased_article_are_named(path: Path) -> None:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
        archive.keep(visit_of(url_of(2)))

    assert pruned(path, 1).twins == (2,)


# --- migrate ----------------------------------------------------------------------------------------------------------


def test_migrate_brings_an_old_archive_up_to_date_and_does_nothing_twice(path: Path) -> None:
    archive_of_schema(path, 1)

    first = upgrade(path)
    second = upgrade(path)

    assert (first.found, second.found) == (1, second.made)
    assert verify(path).faults == []


def test_before_tables_are_copied_a_copy_of_the_archive_is_made_and_named(path: Path) -> None:
    archive_of_schema(path, 1)

    done = upgrade(path, copying=frozenset({2}))

    assert done.backup == path.with_name("archive.db.schema-1.backup")
    assert value(done.backup, "PRAGMA user_version") == 1
    assert done.backup.stat().st_mode & 0o777 == 0o600
    assert upgrade(path, copying=frozenset({2})).backup is None


def test_an_old_archive_can_be_copied_before_it_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    archive_of_schema(path, 1)

    report = backup(path, tmp_path / "copy.db")

    assert report.faults == []
    assert value(tmp_path / "copy.db", "PRAGMA user_version") == 1


def test_an_old_archive_names_the_command_that_upgrades_it(path: Path) -> None:
    archive_of_schema(path, 1)

    with pytest.raises(MigrationNeeded, match="luubao migrate"):
        verify(path)
