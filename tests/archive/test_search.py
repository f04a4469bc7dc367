"""Words as typed find what a Vietnamese reader expects: F83, F84."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.connect import reading
from archive.errors import QueryError
from archive.fold import fold
from archive.queries import Filters, count_articles, list_articles, runs, stats
from archive.search import Hit, Ways, count, search
from archive.words import understand
from scraper.models import Image, Kind, Visit
from tests.archive.kit import NOW, VIETNAM, open_archive, page_of, task_of, visit_of
from tests.archive.kit import article_of as article_at


@dataclass(frozen=True)
class Story:
    title: str
    body: str
    day: int = 1  # of March 2026
    site: str = "bao"
    author: str = "Trần Văn An"
    section: str = "Thời sự"
    kind: Kind = Kind.ARTICLE
    caption: str = "Hình"


STORIES = {
    1: Story("Mở đường Lê Duẩn", "Tuyến đường Lê Duẩn nối ra biển.", day=1),
    2: Story("Le va Duan", "Anh Lê kể chuyện đường xa với anh Duẩn.", day=9),
    3: Story("Bán nhà", "Người dân bán nhà để về quê.", day=2, section="Kinh tế"),
    4: Story("Bạn bè", "Bạn của tôi ở gần ban quản lý. Nhà ai nấy ở.", day=8, author="Đỗ Thị Hòa"),
    5: Story("Bánh mì", "Bánh mì nóng giòn, ngon từ hè phố.", day=7, caption="Lò bánh Đồng Tiến"),
    6: Story("Hòa bình", "Viết theo lối cũ: hòa bình, thúy kiều.", day=3, site="khac"),
    7: Story("Hoà nhạc", "Viết theo lối mới: hoà nhạc, thuý kiều.", day=4, site="khac"),
    8: Story("Don't panic", 'C++ và "ngoặc kép" ở a:b, NEAR(x)', day=5, site="khac"),
    9: Story("Trang nhất", "Mở đường, bán nhà, hòa bình", day=10, kind=Kind.LISTING),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "archive.db"
    with open_archive(path) as archive:
        for number, story in STORIES.items():
            archive.keep(visit(number, story))
    return path


def visit(number: int, story: Story) -> Visit:
    url = f"https://{story.site}.example.vn/tin-{number}.html"
    article = article_at(
        url,
        story.body,
        kind=story.kind,
        title=story.title,
        authors=(story.author,),
        section=story.section,
        images=(Image("https://anh.example.vn/1.jpg", story.caption),),
        published_at=datetime(2026, 3, story.day, 6, 30, tzinfo=VIETNAM),
    )
    found = visit_of(url)
    task = task_of(url)
    return Visit(
        type(task)(url, task.role, story.site), page_of(url, at=NOW + timedelta(days=number)), article, found.found
    )


@pytest.fixture
def connection(kept: Path) -> Iterator[Connection]:
    with reading(kept) as opened:
        yield opened


def ids(hits: list[Hit]) -> list[int]:
    return [hit.article["id"] for hit in hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("duong le duan", [1, 2]),  # side by side first, though older
        ("đường Lê Duẩn", [1, 2]),
        ("ĐƯỜNG LÊ DUẨN", [1, 2]),
        ("đu\u031bo\u031b\u0300ng", [2, 1]),  # NFD
        ('"le duan"', [1]),
        ('"đường Lê', [1]),  # the quotes not closed
        ("ban", [4, 3]),
        ("bán", [3, 4]),  # those with the accents first, though older
        ("bạn", [4, 3]),
        ("banh", [5]),
        ("ban nha", [3, 4]),
        ("hòa", [4, 7, 6]),  # hoà and hòa are one word
        ("hoà", [4, 7, 6]),
        ("thuý kiều", [7, 6]),
        ("duong -bien", [2]),
        ('duong -"nối ra"', [2]),
        ("bien OR banh", [5, 1]),
        ("le bien OR xa", [2, 1]),
        ("OR duong", [2, 1]),
        ("duong OR", [2, 1]),
        ("tuy*", [1]),
        ("đư*", [2, 1]),
        ("title:duong", [1]),
        ('title:"mo duong"', [1]),
        ("author:hoà", [4]),
        ("author:do", [4]),
        ('section:"kinh te"', [3]),
        ("section:kinh", [3]),
        ("dong tien", [5]),  # of a caption
        ("site:khac kieu", [7, 6]),
        ("site:khac", [8, 7, 6]),
        ("kieu before:2026-03-04", [6]),
        ("kieu after:04/03/2026", [7]),
        ("kieu after:2026-03 before:2027", [7, 6]),
        ("duong after:2027", []),
        ("-title:mo duong", [2]),
        ("khongcotunay", []),
        ("don't", [8]),
        ("c++", [8]),
        ("a:b", [8]),
        ("NEAR(", [8]),
        ("https://x.vn/duong", []),
    ],
)
def test_f84_words_find_what_a_reader_expects(connection: Connection, typed: str, expected: list[int]) -> None:
    assert ids(search(connection, typed)) == expected


@pytest.mark.parametrize(("typed", "expected"), [("bán", [3]), ("bạn", [4]), ("ban", [4, 3]), ("hòa", [4, 7, 6])])
def test_exact_accents_keep_only_what_has_them(connection: Connection, typed: str, expected: list[int]) -> None:
    assert ids(search(connection, typed, exact_accents=True)) == expected


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "give words"),
        ("   ", "give words"),
        ('"', "give words"),
        ('""', "give words"),
        ("\0", "give words"),
        ("+++ ???", "give words"),
        ("-x", "words to leave out"),
        ("OR", "give words"),
        ("before:qua", "is no date"),
        ("after:2026-13-01 x", "is no date"),
        ("before:31/02/2026", "is no date"),
        ("before:0001", "is no date"),
        ("x " * 100, "more than 64"),
        ("x" * 3000, "longer than"),
    ],
)
def test_f83_what_cannot_be_understood_is_told_with_what_to_type(connection: Connection, typed: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        search(connection, typed)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(alphabet="\"*^:-+(){}[]ORANDNEAR đường\0ab,.'", max_size=30))
@example('"a" * ^b')
@example("a NEAR(b c, 2)")
@example("{title} : x")
@example("\ud800 x")
@example("before:٢٠٢٦")
def test_f83_no_text_breaks_a_search(connection: Connection, typed: str) -> None:
    with suppress(QueryError):
        search(connection, typed)
        count(connection, typed)


def test_order_is_newest_first_and_may_be_turned_round(connection: Connection) -> None:
    newest = ids(search(connection, "nha OR kieu"))

    assert newest == [4, 7, 6, 3]
    assert ids(search(connection, "nha OR kieu", sort="oldest")) == newest[::-1]


def test_relevance_puts_a_word_in_the_title_first(connection: Connection) -> None:
    assert ids(search(connection, "duong", sort="relevance")) == [1, 2]
    with pytest.raises(QueryError, match="newest, relevance or oldest"):
        search(connection, "duong", sort="best")


def test_filters_narrow_a_search(connection: Connection) -> None:
    def found(**values: object) -> list[int]:
        return ids(search(connection, "duong OR nha OR hoa", Filters(**values)))  # type: ignore[arg-type]

    assert found() == [2, 4, 7, 6, 3, 1]
    assert found(sites=("khac",)) == [7, 6]
    assert found(since=date(2026, 3, 4), until=date(2026, 3, 8)) == [4, 7]
    assert found(kinds=("listing",)) == [9]
    assert found(kinds=("article", "listing")) == [9, 2, 4, 7, 6, 3, 1]
    assert found(discovered_since=datetime(2026, 3, 7, tzinfo=UTC)) == [7, 6]
    assert found(section="Kinh tế") == [3]


def test_the_day_is_the_newspapers(connection: Connection) -> None:
    """06:30 in Viet Nam on the 4th is still the 3rd in UTC."""
    assert ids(search(connection, "kieu after:2026-03-04 before:2026-03-05")) == [7]


def test_limit_and_count(connection: Connection) -> None:
    assert len(search(connection, "duong OR nha", limit=2)) == 2
    assert count(connection, "duong OR nha") == 4
    assert count(connection, "site:khac") == 3


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_none_gives_none(connection: Connection, limit: int) -> None:
    assert search(connection, "duong", limit=limit) == []
    assert search(connection, "đường", limit=limit) == []


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("ways", [Ways(rare=0), Ways(rare=0, common=0)], ids=["walked", "probed"])
@pytest.mark.parametrize("typed", ["duong", "nha OR kieu", "bán nhà"])
def test_every_way_to_the_hits_gives_the_same(connection: Connection, typed: str, ways: Ways, sort: str) -> None:
    assert ids(search(connection, typed, sort=sort, ways=ways)) == ids(search(connection, typed, sort=sort))


def test_a_snippet_shows_the_words_in_the_original_text(connection: Connection) -> None:
    [hit, *_] = search(connection, "duong le duan")

    marked = [hit.snippet.text[a:b] for a, b in hit.snippet.highlights]
    assert marked == ["đường", "Lê", "Duẩn"]
    assert [hit.article["title"][a:b] for a, b in hit.title_highlights] == ["đường", "Lê", "Duẩn"]


def test_a_hit_has_the_names_of_the_article(connection: Connection) -> None:
    [hit] = search(connection, '"nối ra biển"')

    assert hit.article["authors"] == ["Trần Văn An"]
    assert hit.article["published_at"] == "2026-03-01T06:30:00+07:00"
    wanted = {"id", "url", "title", "published_at", "published_on", "site", "section", "authors", "first_seen_at"}
    assert wanted <= hit.article.keys()


def test_the_list_is_newest_first_with_the_same_filters(connection: Connection) -> None:
    rows = list_articles(connection, limit=3)

    assert [row["id"] for row in rows] == [2, 4, 5]
    assert [row["id"] for row in list_articles(connection, Filters(sites=("khac",)), sort="oldest")] == [6, 7, 8]
    assert count_articles(connection) == 8
    assert len(list_articles(connection, limit=None)) == 8


def test_stats_count_by_site_section_and_month(connection: Connection, kept: Path) -> None:
    found = stats(connection, kept)

    assert (found["articles"], found["versions"]) == (8, 9)
    assert [(row["site"], row["articles"]) for row in found["by_site"]] == [("bao", 5), ("khac", 3)]
    assert found["by_month"] == [{"month": "2026-03", "articles": 8}]
    assert found["file_bytes"] > 0
    assert runs(connection) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_every_vietnamese_letter_is_folded() -> None:
    letters = "aăâeêioôơuưy" + "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵđ"

    assert set(fold(letters + letters.upper())) == set("aeiouyd")


def test_a_phrase_is_made_of_plain_words_alone() -> None:
    assert understand("bán nhà").match_as_phrase() is not None
    assert understand("bán OR nhà").match_as_phrase() is None
    assert understand("bán").match_as_phrase() is None
    assert understand('"bán nhà"').match_as_phrase() is None
