"""list, search, show, stats, runs and sql on the newspaper's archive."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from archive.connect import open_reader
from archive.queries import list_articles
from commands.articles import FIELDS
from commands.newspaper import Server
from commands.text import width

Luubao = Callable[..., CompletedProcess[str]]
STYLES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
TITLE = "Mở rộng đường Lê Duẩn qua trung tâm thành phố Bến Gió: 132 hộ đã nhận tiền đền bù"


def test_the_fields_are_those_of_the_archive(kept: Path) -> None:
    with closing(open_reader(kept)) as connection:
        assert set(FIELDS) == set(list_articles(connection, limit=1)[0])


@pytest.mark.parametrize("command", [["list"], ["search", "duong"]])
def test_every_format_tells_the_same_articles(luubao: Luubao, kept: Path, command: list[str]) -> None:
    def out(form: str) -> str:
        return luubao(*command, "-n", "7", "--format", form, "--archive", kept).stdout

    records = json.loads(out("json"))
    ids = [str(record["id"]) for record in records]

    assert len(ids) == 7
    assert [json.loads(line) for line in out("jsonl").splitlines()] == records
    assert [row["id"] for row in csv.DictReader(io.StringIO(out("csv")))] == ids
    assert [line.split("\t")[0] for line in out("tsv").splitlines()[1:]] == ids
    assert out("urls").splitlines() == [record["url"] for record in records]
    assert [re.findall(r"\(<(.*)>\) \|$", line) for line in out("markdown").splitlines()[2:]] == [
        [record["url"]] for record in records
    ]
    assert [line.split("\t")[0] for line in out("table").splitlines()] == ids
    assert {"id", "url", "title", "published_at", "site", "section", "authors", "first_seen_at"} <= set(records[0])


def test_the_articles_of_an_author_are_listed_found_and_written(luubao: Luubao, kept: Path, tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Đỗ Quyên")

    listed = luubao("list", "--author", name, "-n", "0", "-f", "json", "--archive", kept)
    found = luubao("search", "duong", "--author", name, "-n", "0", "-f", "json", "--archive", kept)
    luubao("export", "jsonl", "--author", name, "-o", tmp_path / "a.jsonl", "--archive", kept)

    records = json.loads(listed.stdout)
    assert len(records) > 1
    assert all("Đỗ Quyên" in record["authors"] for record in records)
    assert {record["id"] for record in json.loads(found.stdout)} <= {record["id"] for record in records}
    assert (tmp_path / "a.jsonl").read_text().count("\n") == len(records)


def test_fields_are_printed_as_named_and_in_this_order(luubao: Luubao, kept: Path) -> None:
    done = luubao("list", "-n", "1", "--fields", "title, id", "--format", "csv", "--archive", kept)

    assert done.stdout.splitlines()[0] == "title,id"


def test_a_pipe_gets_whole_lines_whatever_the_width(luubao: Luubao, kept: Path) -> None:
    done = luubao("list", "-n", "0", "--archive", kept, COLUMNS="30")

    assert TITLE in done.stdout
    assert all(line.count("\t") == 4 for line in done.stdout.splitlines())


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("command", [["list"], ["search", "duong le duan"], ["runs"], ["stats"]])
def test_a_table_fits_the_terminal_and_cuts_nothing(
    on_terminal: Callable[..., str], kept: Path, command: list[str], columns: int
) -> None:
    shown = STYLES.sub("", on_terminal(*command, "--archive", kept, columns=columns))

    lines = [line for line in shown.splitlines() if "archive " not in line]
    assert max(map(width, lines)) <= columns
    if command[0] in {"list", "search"}:
        assert set(TITLE.split()) <= set(shown.split())


def test_days_are_the_newspapers(luubao: Luubao, kept: Path) -> None:
    done = luubao(
        "list", "-n", "0", "--since", "2023-03-29", "--until", "29/03/2023", "--format", "json", "--archive", kept
    )

    assert {record["published_on"] for record in json.loads(done.stdout)} == {"2023-03-29"}


def test_discovered_since_is_our_own_time(luubao: Luubao, kept: Path) -> None:
    found = luubao("list", "--count", "--discovered-since", "1h", "--archive", kept)
    none = luubao("list", "--count", "--discovered-since", "2099-01-01", "--archive", kept)

    assert int(found.stdout) > 40
    assert none.stdout == "0\n"


def test_only_articles_are_listed_unless_told_otherwise(luubao: Luubao, kept: Path) -> None:
    def kinds(*options: str) -> set[str]:
        done = luubao("list", "-n", "0", "--fields", "kind", "--format", "tsv", *options, "--archive", kept)
        return set(done.stdout.splitlines()[1:])

    assert kinds() == {"article"}
    assert kinds("--kind", "any") >= {"article"}
    assert "article" not in kinds("--kind", "listing")


def test_search_finds_accents_that_were_not_typed(luubao: Luubao, kept: Path) -> None:
    done = luubao("search", "duong", "le", "duan", "--fields", "title", "--format", "tsv", "--archive", kept)

    assert TITLE in done.stdout


def test_a_word_with_a_minus_is_left_out(luubao: Luubao, kept: Path) -> None:
    with_it = luubao("search", "cầu", "-n", "0", "--format", "urls", "--archive", kept).stdout.splitlines()
    without = luubao("search", "cầu", "-đường", "-n0", "--format", "urls", "--archive", kept).stdout.splitlines()

    assert 0 < len(without) < len(with_it)
    assert set(without) < set(with_it)


def test_hits_are_highlighted_on_a_terminal(on_terminal: Callable[..., str], kept: Path) -> None:
    shown = on_terminal("search", "duong le duan", "-n", "1", "--archive", kept, columns=120)

    assert "\x1b[1;33mđường Lê Duẩn\x1b[0m" in shown


@pytest.mark.parametrize("command", [["list"], ["search", "duong"], ["duplicates"]])
def test_titles_on_a_terminal_open_the_page_unless_told_otherwise(
    on_terminal: Callable[..., str], kept: Path, newspaper: Server, command: list[str]
) -> None:
    def links(**env: str) -> list[str]:
        return re.findall(r"\x1b\]8;;([^\x1b]+)\x1b\\", on_terminal(*command, "--archive", kept, **env))

    assert links()
    assert all(link.startswith(newspaper.url("/")) for link in links())
    assert links(LUUBAO_NO_LINKS="1") == links(NO_COLOR="1") == links(TERM="dumb") == []


def test_hits_are_counted_and_a_raw_query_is_understood(luubao: Luubao, kept: Path) -> None:
    counts = json.loads(luubao("search", "duong", "--by", "section", "-f", "json", "--archive", kept).stdout)
    number = luubao("search", "--fts", "duong AND NOT nothing", "--count", "--archive", kept)
    raw = luubao("search", "--fts", "duong NOT nothing", "--count", "--archive", kept).stdout

    assert sum(row["articles"] for row in counts) == int(raw)
    assert (number.returncode, number.stdout) == (2, "")
    assert "FTS5 does not understand 'duong AND NOT nothing': fts5: syntax error" in number.stderr
    near = luubao("search", "bienn", "--archive", kept)
    assert "no article has bienn; near it there is biển" in near.stderr


def test_nothing_found_is_no_failure_and_is_said(luubao: Luubao, kept: Path) -> None:
    done = luubao("search", "xyzzyplugh", "--format", "json", "--archive", kept)

    assert done.returncode == 0
    assert json.loads(done.stdout) == []
    assert done.stderr == "Nothing found for xyzzyplugh\n"


@pytest.mark.parametrize("columns", [80, 120])
def test_show_is_a_text_to_read(on_terminal: Callable[..., str], kept: Path, newspaper: Server, columns: int) -> None:
    article = next(a for a in newspaper.newspaper.articles if a.title == TITLE)

    shown = STYLES.sub("", on_terminal("show", newspaper.url(article.path), "--archive", kept, columns=columns))

    flat = " ".join(shown.split())
    assert article.title in flat
    assert "2025-06-17 15:25 (+07:00)" in flat
    assert all(paragraph in flat for paragraph in article.paragraphs)
    assert flat.index(article.paragraphs[0]) < flat.index(article.captions[0]) < flat.index(article.paragraphs[-1])
    assert all(width(line) <= columns for line in shown.splitlines() if "http://" not in line)


def test_show_takes_every_address_of_an_article(luubao: Luubao, kept: Path, newspaper: Server) -> None:
    url = newspaper.url(newspaper.newspaper.articles[0].path)

    shown = {
        luubao("show", name, "--format", "json", "--archive", kept).stdout for name in (url, f"{url}?utm_source=x")
    }

    assert len(shown) == 1
    assert json.loads(shown.pop())["url"] == url


def test_stats_count_what_is_kept(luubao: Luubao, kept: Path) -> None:
    counts = json.loads(luubao("stats", "--json", "--archive", kept).stdout)
    listed = int(luubao("list", "--count", "--archive", kept).stdout)

    assert counts["articles"] == listed
    assert sum(row["articles"] for row in counts["by_month"]) == listed


def test_sql_answers_in_every_format(luubao: Luubao, kept: Path) -> None:
    question = "SELECT id, url, NULL AS none, 1.5 AS half, x'00ff' AS bytes FROM articles_view LIMIT 1"

    def out(form: str) -> str:
        return luubao("sql", question, "--format", form, "--archive", kept).stdout

    (record,) = json.loads(out("json"))
    assert record["none"] is None
    assert record["bytes"] == {"$base64": True, "encoded": "AP8="}
    assert out("urls").strip() == record["url"]
    assert out("table").strip() == f"{record['id']}\t{record['url']}\t\t1.5\t<2 bytes>"


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM articles",
        "ATTACH '/etc/passwd' AS x",
        "ATTACH ':memory:' AS x",
        "VACUUM INTO 'copy.db'",
        "PRAGMA writable_schema = 1",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('x')",
        "CREATE TEMP TABLE x AS SELECT 1",
        "BEGIN IMMEDIATE",
        "SELECT readfile('/etc/passwd')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT printf('%.*c', 500000000, 'x')",
        "SELECT hex(zeroblob(500000000))",
        "SELECT instr(zeroblob(9000000), zeroblob(4000000) || 'x')",
        "SELECT randomblob(500000000)",
        "SELECT group_concat(a.body || b.body || c.body) FROM articles_view a, articles_view b, articles_view c",
        "SELECT count(*) FROM articles a, articles b, articles c, articles d, articles e",
        "CREATE TEMP VIEW x AS SELECT 1",
        "WITH x AS (SELECT 1) INSERT INTO runs SELECT * FROM x",
        "COMMIT",
        "DETACH main",
        "REINDEX",
        "PRAGMA journal_mode = DELETE",
    ],
)
def test_f85_sql_reads_and_does_nothing_else(luubao: Luubao, kept: Path, tmp_path: Path, question: str) -> None:
    before = kept.read_bytes()

    done = luubao("sql", question, "--max-time", "1s", "--archive", kept, cwd=tmp_path)

    assert done.returncode in {1, 2}
    assert done.stderr.startswith("luubao: ")
    assert done.stderr.count("\n") == 1
    assert kept.read_bytes() == before
    assert not list(tmp_path.iterdir())


def test_a_search_in_a_newspaper_that_is_not_kept_says_which_are(kept: Path, luubao: Luubao) -> None:
    done = luubao("search", "cá", "--site", "xyz", "--archive", kept)

    assert done.stderr == "Nothing found for cá: nothing is kept of xyz; there is 127.0.0.1\n"


def test_a_list_that_its_filters_left_empty_says_what_there_is_without_them(kept: Path, luubao: Luubao) -> None:
    done = luubao("list", "--since", "2099", "--archive", kept)

    assert done.stderr == "No article; without the filters there would be 48\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["show", "abc"], "'abc' is neither the number of an article nor its address"),
        (["runs", "--failed", "99"], "no run 99; luubao runs lists those there are"),
    ],
)
def test_what_does_not_exist_is_told_with_the_way_to_what_does(
    kept: Path, luubao: Luubao, args: list[str], message: str
) -> None:
    done = luubao(*args, "--archive", kept)

    assert done.returncode == 2
    assert message in done.stderr


def test_a_count_with_exact_accents_counts_what_the_search_lists(kept: Path, luubao: Luubao) -> None:
    words = ("search", "bán", "--exact-accents", "--archive", kept)

    counted = luubao(*words, "--count").stdout

    assert int(counted) == len(luubao(*words, "--limit", "0").stdout.splitlines())
    assert int(counted) < int(luubao("search", "ban", "--count", "--archive", kept).stdout)
