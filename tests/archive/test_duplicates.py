"""Copies of a text are found, whatever paper cut and edited them; texts that only look alike are not."""

from __future__ import annotations

import random
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from archive import duplicates, likeness
from archive.connect import reading
from archive.merge import merge
from archive.originals import sources_named
from archive.prune import prune
from archive.queries import Filters, count_articles, list_articles
from archive.search import count, search
from archive.store import Archive
from archive.verify import verify
from scraper.models import Kind, Visit
from tests.archive import copies
from tests.archive.kit import NOW, open_archive, page_of, rows, task_of, value
from tests.archive.kit import article_of as article_at

TEXTS = [text for _, text in copies.originals()]
RNG = random.Random(5)  # noqa: S311 -- the same texts each time


def visit(number: int, text: str, site: str = "bao", **facts: object) -> Visit:
    url = f"https://{site}.example.vn/tin-{number}.html"
    at = NOW + timedelta(hours=number)
    article = article_at(url, text, **({"published_at": at, "images": ()} | facts))
    return Visit(replace(task_of(url), site=site), page_of(url, text.encode(), at=at), article)


def keep_all(archive: Archive, *visits: Visit) -> None:
    archive.start_run("crawl", {}, NOW)
    for each in visits:
        archive.keep(each)
    archive.end_run(0, NOW)


def groups(source: Archive | Path) -> list[list[int]]:
    """Return the groups, in each the likely original first."""
    found: dict[int, list[int]] = {}
    for article_id, group_id in rows(source, "SELECT article_id, group_id FROM duplicates ORDER BY rank"):
        found.setdefault(group_id, []).append(article_id)
    return sorted(found.values())


def edited(text: str, part: float, edit: copies.Edit = copies.piece_replaced) -> str:
    return edit(text, part, [other for other in TEXTS if other != text], RNG)


def halves_of(text: str) -> tuple[str, str]:
    """Return two texts that are like the whole, and not like each other."""
    words = text.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "part", "floor"),
    [
        ("cut", 0.6, 0.9),
        ("a piece replaced", 0.4, 0.95),
        ("sentences replaced", 0.4, 0.9),
        ("words replaced", 0.1, 0.95),
    ],
)
def test_copies_are_found_and_what_only_looks_alike_is_not(
    archive: Archive, edit: str, part: float, floor: float
) -> None:
    stories = [visit(n, text) for n, text in enumerate(TEXTS)]
    reprints = [visit(100 + n, edited(text, part, copies.EDITS[edit]), f"khac{n % 3}") for n, text in enumerate(TEXTS)]
    strange = copies.of_one_topic(10, RNG) + [copies.column(day) for day in range(10)]
    notices = [visit(300 + n, text, "nho") for n, text in enumerate(copies.notices(10, RNG))]

    keep_all(archive, *stories, *reprints, *(visit(200 + n, t, f"phu{n % 2}") for n, t in enumerate(strange)), *notices)

    found = {pair for group in groups(archive) for pair in combinations(sorted(group), 2)}
    true = {(n, n + len(TEXTS)) for n in range(1, len(TEXTS) + 1)}
    assert found <= true
    assert len(found) >= floor * len(true)
    assert verify(archive.path).faults == []


def test_groups_are_the_same_in_whatever_order_articles_came(tmp_path: Path) -> None:
    halves = halves_of(TEXTS[0])
    texts = {"a": halves[0], "b": halves[1], "c": TEXTS[0], "d": TEXTS[1]}
    found = []
    for order in ("abcd", "cbad", "dcab"):
        path = tmp_path / f"{order}.db"
        with open_archive(path) as archive:
            keep_all(archive, *(visit(1, texts[name], name) for name in order))
        sites = dict(rows(path, "SELECT id, site FROM articles"))
        found.append([sorted(sites[each] for each in group) for group in groups(path)])

    assert found == [[["a", "b", "c"]]] * 3


def test_a_signature_is_the_same_on_every_machine_and_in_every_process() -> None:
    [signature] = likeness.signatures(["Thành phố mở đường Lê Duẩn nối ra biển. " + " ".join(map(str, range(60)))])
    assert signature is not None
    script = "from archive.likeness import *; import sys; sys.stdout.write(signatures([sys.stdin.read()])[0].hex())"
    text = "THÀNH PHỐ mở đường lê duẩn nối ra biển! " + " ".join(map(str, range(60)))

    done = subprocess.run(
        [sys.executable, "-c", script],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )

    assert done.stdout == signature.hex()
    assert signature.hex()[:32] == KNOWN


KNOWN = "3aedc331e6997b03116fda5279f36403"


def test_the_place_of_a_tone_and_accents_are_no_edit() -> None:
    new, old = "hoà thuý đường khoẻ " * 20, "hòa thúy duong khỏe " * 20

    assert likeness.shingles(new) == likeness.shingles(old)


# --- groups mend themselves -------------------------------------------------------------------------------------------


def test_an_edit_takes_an_article_out_of_its_group_or_into_another(archive: Archive) -> None:
    keep_all(archive, visit(1, TEXTS[0]), visit(2, edited(TEXTS[0], 0.2), "hai"), visit(3, TEXTS[1], "ba"))
    before = groups(archive)

    keep_all(archive, visit(2, edited(TEXTS[1], 0.2), "hai"))

    assert before == [[1, 2]]
    assert groups(archive) == [[2, 3]]
    assert verify(archive.path).faults == []


def test_what_is_pruned_leaves_no_trace_and_its_group_comes_apart_where_it_hung_on_it(archive: Archive) -> None:
    ends = halves_of(TEXTS[0])
    keep_all(archive, visit(1, TEXTS[0]), visit(2, ends[0], "hai"), visit(3, ends[1], "ba"), visit(4, ends[1], "bon"))
    before = groups(archive)

    archive.start_run("prune", {}, NOW)
    prune(archive, [1], NOW)
    archive.end_run(0, NOW)

    assert before == [[1, 2, 3, 4]]
    assert groups(archive) == [[3, 4]]
    assert value(archive, "SELECT count(*) FROM bands WHERE article_id = 1") == 0
    assert value(archive, "SELECT count(*) FROM signatures") == 3
    keep_all(archive, visit(5, TEXTS[2]), visit(6, TEXTS[2], "sau"))
    assert groups(archive) == [[3, 4], [5, 6]]
    assert verify(archive.path).faults == []


def test_any_tool_that_deletes_an_article_leaves_no_trace_of_it(archive: Archive) -> None:
    keep_all(archive, visit(1, TEXTS[0]), visit(2, TEXTS[0], "hai"), visit(3, TEXTS[1]))

    archive.connection.execute("DELETE FROM articles WHERE id = 2")

    assert groups(archive) == []
    assert value(archive, "SELECT count(*) FROM bands WHERE article_id = 2") == 0


def test_merged_archives_are_compared_with_each_other(archive: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with open_archive(other) as made:
        keep_all(made, visit(2, edited(TEXTS[0], 0.3), "hai"), visit(3, TEXTS[1], "ba"))
    keep_all(archive, visit(1, TEXTS[0]))

    merge(archive, other)
    once = groups(archive)
    merge(archive, other)

    assert once == groups(archive) == [[1, 2]]


def test_what_a_killed_run_left_is_compared_by_the_next(archive: Archive) -> None:
    archive.keep(visit(1, TEXTS[0]))
    archive.keep(visit(2, TEXTS[0], "hai"))
    left = duplicates.waiting(archive.connection), groups(archive), count_articles(archive.connection, UNIQUE)

    keep_all(archive, visit(3, edited(TEXTS[0], 0.2), "ba"))

    assert left == (2, [], 1)
    assert groups(archive) == [[1, 2, 3]]
    assert duplicates.waiting(archive.connection) == 0


def test_what_is_too_much_for_the_end_of_one_run_waits_for_the_next(archive: Archive) -> None:
    archive.keep(visit(1, TEXTS[0]))
    archive.keep(visit(2, TEXTS[0], "hai"))

    archive.compare_new(most=0)
    left = duplicates.waiting(archive.connection), groups(archive)
    archive.compare_new(most=1)

    assert left == (2, [])
    assert groups(archive) == [[1, 2]]


def test_texts_of_megabytes_are_compared_by_their_beginning_and_take_no_more_room_than_articles(
    archive: Archive,
) -> None:
    beginning = " ".join(f"{word}{RNG.randrange(10**6)}" for word in ["đường"] * 12_000)
    for number in range(6):
        archive.keep(visit(number, f"{beginning} {str(number) * 10} " * 8, f"bao{number}"))

    tracemalloc.start()
    archive.compare_new()
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert groups(archive) == [list(range(1, 7))]
    assert taken < 25_000_000  # compared whole, they take twice as much and more


def test_an_article_that_was_erased_meanwhile_is_no_error(archive: Archive) -> None:
    archive.keep(visit(1, TEXTS[0]))
    erased = duplicates._New(1, 99, 1, "article", TEXTS[0])

    with archive.transaction():
        duplicates._Comparing(archive.connection).take(erased, likeness.signatures([TEXTS[0]])[0])

    assert value(archive, "SELECT count(*) FROM bands") == 0


def test_signatures_of_another_algorithm_are_made_anew(archive: Archive) -> None:
    keep_all(archive, visit(1, TEXTS[0]), visit(2, edited(TEXTS[0], 0.2), "hai"))
    archive.connection.execute("UPDATE signatures SET algorithm = 'older', signature = zeroblob(256)")

    archive.compare_new()

    assert groups(archive) == [[1, 2]]
    assert verify(archive.path).faults == []


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("DELETE FROM bands WHERE article_id = 1", "is not found by its first band"),
        ("INSERT INTO bands VALUES (x'00', 99)", "are of an article that has no signature"),
        ("UPDATE signatures SET version_id = 99", "is of a version that the article never had"),
        ("UPDATE duplicates SET group_id = article_id", "is alone in its group"),
        ("PRAGMA foreign_keys = OFF; INSERT INTO duplicates VALUES (99, 1, 'x')", "refers to a row of articles"),
    ],
)
def test_verify_names_what_does_not_fit(archive: Archive, harm: str, says: str) -> None:
    keep_all(archive, visit(1, TEXTS[0]), visit(2, TEXTS[0], "hai"))

    archive.connection.executescript(harm)

    assert any(says in str(fault) for fault in verify(archive.path).faults)


# --- which is the original --------------------------------------------------------------------------------------------


def test_the_original_is_the_one_that_others_name_else_the_earliest(archive: Archive) -> None:
    day = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    named = [
        visit(1, TEXTS[0], "portal", source_name="Báo Bình Thuận", published_at=day),
        visit(2, TEXTS[0], "baobinhthuan", published_at=day + timedelta(hours=2)),
    ]
    by_time = [
        visit(3, TEXTS[1], "mot", published_at=day + timedelta(hours=1)),
        visit(4, TEXTS[1], "hai", source_name="TTXVN", source_published_at=day, published_at=day + timedelta(days=1)),
    ]
    at_once = [
        visit(5, TEXTS[2], "ba", source_name="X", published_at=day),
        visit(6, TEXTS[2], "bon", published_at=day),
    ]

    keep_all(archive, *named, *by_time, *at_once)

    assert groups(archive) == [[2, 1], [4, 3], [6, 5]]


@pytest.mark.parametrize(
    ("name", "url", "is_named"),
    [
        ("Báo Bình Thuận", "https://www.baobinhthuan.com.vn/x.html", True),
        ("(baobinhthuan.com.vn)", "https://baobinhthuan.com.vn/x.html", True),
        ("VTV", "https://vtv.vn/x.html", False),
        ("Báo Bình Thuận", "https://baobinhdinh.vn/x.html", False),
        ("Báo Bình Thuận", "http://[", False),
    ],
)
def test_a_newspaper_is_known_by_its_name(name: str, url: str, is_named: object) -> None:
    assert (1 in sources_named([(1, url, None), (2, "https://portal.example.vn/", name)])) is is_named


# --- one of each ------------------------------------------------------------------------------------------------------

UNIQUE = Filters(unique=True)


def test_unique_gives_one_of_each_group_among_those_that_the_filters_leave(archive: Archive) -> None:
    text = TEXTS[0] + " Chuyện riêng."
    later = NOW + timedelta(days=30)
    keep_all(
        archive,
        visit(1, TEXTS[0], "goc"),
        visit(2, text, "hai"),
        visit(3, edited(TEXTS[0], 0.2), "ba", published_at=later),
        visit(4, TEXTS[1], "ba"),
    )

    with reading(archive.path) as connection:

        def listed(**values: object) -> list[int]:
            filters = replace(UNIQUE, **values)  # type: ignore[arg-type]
            found = [row["id"] for row in list_articles(connection, filters, sort="oldest")]
            assert count_articles(connection, filters) == len(found)
            return found

        assert listed() == [1, 4]
        assert listed(sites=("hai", "ba")) == [2, 4]
        assert listed(since=later.date()) == [3]
        hits = search(connection, '"chuyen rieng"', UNIQUE)
        assert [hit.article["id"] for hit in hits] == [2]
        assert count(connection, '"chuyen rieng"', UNIQUE) == 1


def test_listings_and_short_texts_are_not_compared(archive: Archive) -> None:
    short = "Đang cập nhật tin này, mời bạn đọc đón xem."

    keep_all(
        archive, visit(1, short), visit(2, short, "hai"), visit(3, TEXTS[0]), visit(4, TEXTS[0], kind=Kind.LISTING)
    )

    assert groups(archive) == []
    with reading(archive.path) as connection:
        assert count_articles(connection, UNIQUE) == 3
