"""A connection for reading can do no harm, whatever is asked through it: F85."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive.connect import reading
from archive.errors import ArchiveError, QueryError, QueryStopped
from tests.archive.kit import open_archive, url_of, visit_of


@pytest.fixture
def kept(path: Path) -> Path:
    with open_archive(path) as archive:
        archive.keep(visit_of(url_of(1)))
    return path


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '{folder}/other.db' AS other",
        "ATTACH ':memory:' AS other",
        "VACUUM INTO '{folder}/other.db'",
        "VACUUM",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "PRAGMA temp_store_directory = '/'",
        "SELECT * FROM pragma_journal_mode('delete')",
        "SELECT load_extension('/tmp/x.so')",
        "CREATE TEMP TABLE t (a)",
        "CREATE TABLE t (a)",
        "DELETE FROM articles",
        "UPDATE articles SET url = ''",
        "UPDATE sqlite_master SET sql = ''",
        "DELETE FROM sqlite_master",
        "INSERT INTO search_index(search_index) VALUES ('rebuild')",
        "DROP TABLE articles",
        "BEGIN IMMEDIATE",
        "SAVEPOINT a",
        "REINDEX",
        "ANALYZE",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('{folder}/other.db', 'x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT zeroblob(500000000)",
        "SELECT printf('%.*c', 500000000, 'x')",
        "SELECT replace(hex(zeroblob(9000000)), '0', '0000000000')",
    ],
)
def test_f85_nothing_but_reading_is_possible(kept: Path, tmp_path: Path, sql: str) -> None:
    before = kept.read_bytes()
    names = {p.name for p in tmp_path.iterdir()}

    with pytest.raises(ArchiveError), reading(kept) as connection:
        connection.execute(sql.format(folder=tmp_path)).fetchall()

    assert kept.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} - names <= {"archive.db-wal", "archive.db-shm"}


def test_f85_an_endless_question_is_stopped(kept: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    began = time.monotonic()

    with pytest.raises(QueryStopped, match="too long"), reading(kept, limit_seconds=0.2) as connection:
        connection.execute(endless).fetchall()

    assert time.monotonic() - began < 5


def test_f85_a_long_question_is_refused(kept: Path) -> None:
    with pytest.raises(QueryError, match="too long"), reading(kept) as connection:
        connection.execute("SELECT " + "1," * 100_000 + "1")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM articles",
        "SELECT title FROM articles_view",
        "SELECT rowid FROM search_index WHERE search_index MATCH 'duong' ORDER BY rank",
        "SELECT snippet(search_index, 1, '[', ']', '…', 8) FROM search_index WHERE search_index MATCH 'đường'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT i FROM n",
        "SELECT json_extract(authors, '$[0]') FROM versions",
        "SELECT url FROM articles WHERE url LIKE '%tin%'",
        "PRAGMA table_info(articles)",
        "SELECT name FROM sqlite_master",
    ],
)
def test_what_people_ask_is_answered(kept: Path, sql: str) -> None:
    with reading(kept) as connection:
        assert connection.execute(sql).fetchall()
