"""What is typed, and what is found: on the demo newspaper, and on a generated archive.

LUUBAO_GENERATED_ARTICLES says how many articles are generated; bench/ask_archive.py asks the same of 100,000.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from sqlite3 import Connection

import pytest

from archive.connect import reading
from archive.errors import QueryError
from archive.search import COUNTED_BY, count, count_by, search
from archive.suggestions import missing_words
from archive.words import understand, understand_raw
from tests.archive.generated import EXPECTED, visits
from tests.archive.kit import open_archive
from tests.archive.told import told_archive

GENERATED = int(os.environ.get("LUUBAO_GENERATED_ARTICLES", "520"))

TABLE: list[tuple[str, list[int], int]] = [
    ("duong le duan", [100405, 100401, 100398], 14),
    ("đường Lê Duẩn", [100405, 100401, 100398], 14),
    ("ĐƯỜNG LÊ DUẨN", [100405, 100401, 100398], 14),
    ("cang ca cua so", [100410, 100409, 100405], 6),
    ("cá cơm", [100410, 100409, 100398], 7),
    ("nước mắm", [100410, 100409, 100333], 4),
    ("điều", [100412, 100410, 100409], 15),
    ("dieu tho", [100388, 100412], 2),
    ("giá điều", [100388, 100410, 100409], 11),
    ("hòa", [100415, 100405, 100398], 19),
    ("hoà", [100415, 100405, 100398], 19),
    ("thúy", [100401, 100352, 100343], 18),
    ("thuý", [100401, 100352, 100343], 18),
    ("mưa bão", [100412, 100410, 100409], 9),
    ("học sinh", [100412, 100401, 100398], 12),
    ("thong xe", [100412, 100398, 100371], 7),
    ("du lịch", [100415, 100381, 100368], 11),
    ("đá", [100412, 100410, 100409], 35),
    ("đã", [100412, 100410, 100409], 35),
    ("Đá Chồng", [100412, 100398, 100388], 8),
    ("người già", [100153, 100149, 100388], 20),
    ("nguoi gia", [100153, 100149, 100412], 20),
    ("ma túy", [], 0),
    ("\u0111u\u031bo\u031b\u0300ng Le\u0302 Dua\u0302\u0309n", [100405, 100401, 100398], 14),  # NFD
    ('"lê duẩn"', [100405, 100401, 100398], 14),
    ('"le duan"', [100405, 100401, 100398], 14),
    ("le -duan", [100415, 100388, 100356], 8),
    ('"cảng cá"', [100410, 100409, 100405], 4),
    ('"cảng cá Cửa Sò"', [100410, 100409, 100405], 4),
    ('"cảng cá', [100410, 100409, 100405], 4),
    ("ca com -muc", [100410, 100409, 100401], 6),
    ('"điều thô"', [100388], 1),
    ("bão OR lũ", [100415, 100412, 100410], 24),
    ("bão OR điều OR muối", [100232, 100415, 100412], 38),
    ("cảng bão OR lũ", [100412, 100410, 100409], 5),
    ("trường học -mầm", [100412, 100291, 100401], 13),
    ("hoc sinh title:hoc", [100128], 1),
    ("title:cầu", [100415, 100412, 100278], 4),
    ("TITLE:cầu", [100415, 100412, 100278], 4),
    ('title:"lễ hội"', [100415], 1),
    ("-title:cầu cảng", [100410, 100409, 100405], 7),
    ("author:ngân", [100415, 100409, 100398], 6),
    ('author:"bảo ngân"', [100415, 100409, 100398], 6),
    ("author:bao", [100415, 100409, 100398], 6),
    ('section:"y tế"', [100393, 100376, 100329], 6),
    ("section:giao", [100401, 100356, 100347], 6),
    ('section:"nông nghiệp" giá', [100410, 100409, 100388], 7),
    ("benh vien -section:giao", [100393, 100376, 100365], 5),
    ("after:2025-06", [100415, 100412, 100410], 12),
    ("before:2022", [100145, 100138, 100131], 6),
    ("điều before:2025-06-10", [100388, 100347, 100317], 10),
    ("đường after:01/06/2025 before:15/6/2025", [100398, 100393, 100376], 4),
    ("site:bengio cầu", [100415, 100412, 100410], 13),
    ("site:khac cầu", [], 0),
    ("lễ h*", [100415, 100287, 100405], 22),
    ("thuyề*", [100415, 100398, 100236], 5),
    ("title:ngư*", [100415, 100410, 100409], 9),
    ('"cảng c*', [100410, 100409, 100405], 5),
    ("khongco", [], 0),
    ('"du lịch" -đảo', [100415, 100381, 100343], 8),
    ("41.500", [100388], 1),
    ("71%", [100361, 100333], 2),
    ("BG-90214", [100410, 100409], 2),
    ("14.000 đồng", [100409], 1),
    ("(cầu)", [100415, 100412, 100410], 13),
    ("cầu ^ cảng", [100410, 100409, 100412], 6),
    ("cầu + cảng", [100410, 100409, 100412], 6),
    ("NEAR(cầu", [], 0),
    ("cầu:cảng", [100410, 100409], 2),
    ("OR cầu", [100415, 100412, 100410], 13),
]
"""What is typed, the numbers of the first three stories found, and how many are found."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    path = tmp_path_factory.mktemp("told") / "archive.db"
    told_archive(path)
    with reading(path) as connection:
        yield connection


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    path = tmp_path_factory.mktemp("generated") / "archive.db"
    with open_archive(path) as archive:
        archive.connection.execute("PRAGMA synchronous = OFF")
        for visit in visits(GENERATED):
            archive.keep(visit)
    with reading(path) as connection:
        yield connection


@pytest.mark.parametrize(("typed", "first", "number"), TABLE)
def test_the_table_of_searches_on_the_newspaper(told: Connection, typed: str, first: list[int], number: int) -> None:
    hits = search(told, typed, limit=100)

    stories = [int(hit.article["url"].rsplit("-", 1)[1].removesuffix(".html")) for hit in hits]
    assert (stories[:3], len(stories)) == (first, number)
    assert count(told, typed) == number


def test_the_table_of_searches_on_a_generated_archive(generated: Connection) -> None:
    for typed, is_hit in EXPECTED.items():
        hits = search(generated, typed, limit=GENERATED)

        found = sorted(int(hit.article["url"].rsplit("-", 1)[1].removesuffix(".html")) for hit in hits)
        assert found == [number for number in range(GENERATED) if is_hit(number)], typed
        assert count(generated, typed) == len(found)
    for typed, _, _ in TABLE:
        search(generated, typed)


# --- counts by what they are of ---------------------------------------------------------------------------------------


def test_hits_are_counted_by_what_they_are_of(told: Connection) -> None:
    for by in ("site", "section", "month"):
        counts = count_by(told, "cầu", by)

        assert sum(row["articles"] for row in counts) == count(told, "cầu") == 13
        assert [set(row) for row in counts] == [{by, "articles"}] * len(counts)
    assert set(COUNTED_BY) == {"site", "section", "author", "month"}
    months = [row["month"] for row in count_by(told, "cầu", "month")]
    assert months == sorted(months)
    authors = count_by(told, 'author:"bảo ngân"', "author")
    assert authors[0] == {"author": "Bảo Ngân", "articles": 6}


def test_accents_are_counted_as_they_are_searched(told: Connection) -> None:
    exact = search(told, "đá", limit=100, exact_accents=True)

    assert 0 < len(exact) < count(told, "đá")
    assert count(told, "đá", exact_accents=True) == len(exact)
    assert sum(row["articles"] for row in count_by(told, "đá", "site", exact_accents=True)) == len(exact)


# --- the syntax of FTS5 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "as_words"),
    [
        ("cau AND cang", "cau cang"),
        ("cau NOT cang", "cau -cang"),
        ("NEAR(cang ca, 1)", '"cảng cá"'),
        ("title_folded : cau", "title:cầu"),
        ("cau OR (cang AND ca)", "cau OR cang cau OR ca"),
    ],
)
def test_f83_the_syntax_of_fts5_is_there_for_those_who_ask_for_it(told: Connection, typed: str, as_words: str) -> None:
    raw = {hit.article["id"] for hit in search(told, understand_raw(typed), limit=100)}

    assert raw == {hit.article["id"] for hit in search(told, as_words, limit=100)}
    assert raw
    assert count(told, understand_raw(typed)) == len(raw)


@pytest.mark.parametrize("typed", ['"', "a AND", "x : y", "NEAR(", "^", "* *", "a:b", "''", "\\"])
def test_f83_a_mistake_in_that_syntax_is_told_as_one(told: Connection, typed: str) -> None:
    for ask in (search, count):
        with pytest.raises(QueryError, match="FTS5 does not understand"):
            ask(told, understand_raw(typed))
    with pytest.raises(QueryError, match="no query for FTS5"):
        understand_raw("\0 ")


# --- words that no article has ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ("bienn dao", {"bienn": "biển"}),
        ("duongg", {"duongg": "đường"}),
        ("Bẹnhh vien", {"Bẹnhh": "bệnh"}),
        ("caucang", {"caucang": "cầu cảng"}),
        ("cầu cảng", {}),
        ("khongcotunaydau", {"khongcotunaydau": None}),
        ("x" * 500, {"x" * 500: None}),
    ],
)
def test_words_near_one_that_no_article_has_are_offered_as_they_are_spelt(
    told: Connection, typed: str, missing: dict[str, str | None]
) -> None:
    found = {each.word: each.near for each in missing_words(told, understand(typed))}

    assert found.keys() == missing.keys()
    for word, near in missing.items():
        assert (near in found[word]) if near else not found[word]


@pytest.mark.parametrize("read", [understand, understand_raw])
def test_f83_a_query_of_endless_marks_is_refused_before_it_is_composed(read: Callable[[str], object]) -> None:
    with pytest.raises(QueryError, match="characters"):
        read("a" + "\u0301\u0323" * 500_000)  # which would take an hour to put in order
