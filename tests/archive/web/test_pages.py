"""The pages, asked over loopback: what they say, and that they say it in the right language."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from archive.web.labels import LABELS, language_of
from tests.archive.kit import open_archive, url_of, visit_of
from tests.archive.web.served import Served, serving
from tests.archive.web.stories import EDITED, HOSTILE, QUIET, TWIN, keep_stories


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return an archive that a test may damage."""
    path = tmp_path / "archive.db"
    keep_stories(path)
    return path


def page_of(served: Served, address: str, *, status: int = 200, language: str = "en") -> LexborHTMLParser:
    answer = served.get(address, language=language)
    assert answer.status_code == status, answer.text
    return LexborHTMLParser(answer.text)


def words(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def links(page: LexborHTMLParser, selector: str = "main a") -> list[str]:
    return [node.attributes["href"] or "" for node in page.css(selector)]


def attribute(page: LexborHTMLParser, selector: str, name: str) -> str | None:
    return page.css(selector)[0].attributes[name]


# --- front ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["duong le duan", "đường Lê Duẩn", "ĐƯỜNG LÊ DUẨN"])
def test_search_finds_with_and_without_accents_and_marks_what_it_found(served: Served, typed: str) -> None:
    page = page_of(served, f"/?q={typed}")

    assert links(page, ".list h2 a")[0] == f"/article/{EDITED}"
    assert words(page, ".list li:first-child mark")[0].lower() == "đường lê duẩn"


def test_exact_accents_leave_out_what_is_only_spelt_alike(served: Served) -> None:
    assert links(page_of(served, "/?q=bán"), ".list h2 a") == [f"/article/{QUIET}"]
    assert words(page_of(served, "/?q=bạn&exact=1"), ".list h2") == []


def test_copies_are_folded_under_the_likely_original(served: Served) -> None:
    page = page_of(served, "/")

    assert f"/article/{TWIN}" not in links(page, ".list h2 a")
    assert links(page, ".list details a") == [f"/article/{TWIN}"]
    assert words(page, ".facts")[0] == "4 articles"


def test_facets_narrow_the_list_and_each_can_be_taken_off_again(served: Served) -> None:
    page = page_of(served, "/?q=cá&author=K. Hằng&month=2023-01")

    assert links(page, ".list h2 a") == [f"/article/{QUIET}"]
    assert words(page, ".chosen a") == ["Author: K. Hằng ×(remove)", "Month: January 2023 ×(remove)"]
    assert links(page, ".chosen a") == ["/?q=c%C3%A1&month=2023-01", "/?q=c%C3%A1&author=K.+H%E1%BA%B1ng"]
    assert words(page, "#facet-section") == ["Section"]
    assert page.css_first("#facet-month") is None


def test_facets_of_all_articles_count_each_of_them(served: Served) -> None:
    page = page_of(served, "/")

    assert [" ".join(each.split()) for each in words(page, "section[aria-labelledby=facet-site] li")] == [
        "bao 3",
        "bao-khac 1",
    ]
    assert words(page, "section[aria-labelledby=facet-month] li") == [
        "March 2023 2",
        "February 2023 1",
        "January 2023 1",
    ]


def test_a_search_without_hits_names_what_is_near_and_leads_on(served: Served) -> None:
    page = page_of(served, "/?q=duonf")

    assert "No article has duonf" in words(page, ".note")[0]
    assert "đường" in words(page, ".note a")


def test_filters_that_leave_nothing_tell_how_much_there_would_be(served: Served) -> None:
    page = page_of(served, "/?q=duong&section=Kinh tế")

    assert "there would be 2" in words(page, ".note")[0]
    assert "/?q=duong" in links(page, ".note a")


def test_a_newspaper_that_is_not_kept_leads_back_to_those_that_are(served: Served) -> None:
    page = page_of(served, "/?site=unknown")

    assert "there would be 4" in words(page, ".note")[0]
    assert links(page, ".chosen a") == ["/"]


def test_a_list_of_one_article_as_json_is_a_link_away(served: Served) -> None:
    address = links(page_of(served, f"/article/{QUIET}"), "a[href*=json]")[0]

    assert [each["title"] for each in served.get(address).json()] == ["Bán cá"]


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive.db") as archive:
        for number in range(1, 46):
            archive.keep(visit_of(url_of(number), f"Bài {number} kể chuyện riêng của nó. " * 9, title=f"Bài {number}"))

    with serving(tmp_path / "archive.db") as served:
        seen = [each for n in (1, 2, 3) for each in links(page_of(served, f"/?page={n}"), ".list h2 a")]
        searched = [each for n in (1, 2, 3) for each in links(page_of(served, f"/?q=bai&page={n}"), ".list h2 a")]
        last = page_of(served, "/?page=3")

    assert sorted(seen) == sorted(f"/article/{number}" for number in range(1, 46))
    assert sorted(searched) == sorted(seen)
    assert links(last, ".pages a") == ["/?page=2"]


def test_an_empty_archive_says_how_to_begin(tmp_path: Path) -> None:
    open_archive(tmp_path / "archive.db").close()

    with serving(tmp_path / "archive.db") as served:
        page = page_of(served, "/")

    assert "luubao crawl" in words(page, ".note")[0]


# --- one article ------------------------------------------------------------------------------------------------------


def test_an_article_has_all_that_is_known_of_it(served: Served) -> None:
    page = page_of(served, f"/article/{EDITED}")

    assert words(page, "article h1") == ["Thành phố mở đường Lê Duẩn"]
    assert words(page, ".byline p")[:2] == ["By: Đỗ Thị Hòa, K. Hằng", "Published 29 March 2023, 05:23 (+07:00)"]
    assert words(page, ".lead")[0].endswith("bốn cây số.")
    assert words(page, "figcaption") == ["Mặt đường mới Ảnh: Bình"]
    assert words(page, "[aria-labelledby=copies] li")[0].startswith("Mở đường Lê Duẩn ra biển bao-khac, 29 March 2023")
    assert words(page, ".timeline strong") == ["First kept", "Edited"]
    assert attribute(page, "article.story", "lang") == "vi"


def test_related_links_that_are_kept_come_first(served: Served) -> None:
    page = page_of(served, f"/article/{EDITED}")

    assert links(page, "[aria-labelledby=related] a") == [f"/article/{QUIET}", "https://noi-khac.example.vn/x.html"]


def test_a_reprint_names_its_source_and_when_it_appeared_there(served: Served) -> None:
    page = page_of(served, f"/article/{TWIN}")

    assert words(page, ".byline p")[1] == "Reprinted from Báo Bến Gió, published there 29 March 2023, 05:23 (+07:00)"
    assert "likely the original" in words(page, "[aria-labelledby=copies] li")[0]


def test_pictures_are_loaded_only_where_they_are_asked_for(served: Served) -> None:
    plain = served.get(f"/article/{EDITED}")
    asked = served.get(f"/article/{EDITED}?images=1")

    assert "<img" not in plain.text
    assert "http:" not in plain.headers["content-security-policy"]
    assert links(LexborHTMLParser(plain.text), ".picture a") == ["https://anh.example.vn/a.jpg"]
    assert attribute(LexborHTMLParser(asked.text), "img", "src") == "https://anh.example.vn/a.jpg"
    assert "img-src 'self' data: http: https:" in asked.headers["content-security-policy"]
    assert "<img" not in served.get(f"/article/{HOSTILE}?images=1").text.replace('<img src="#"', "")


def test_an_older_version_says_so_and_has_its_own_words(served: Served) -> None:
    page = page_of(served, f"/article/{EDITED}?version=1")

    assert words(page, ".note")[0].startswith("This is version 1 of 2.")
    assert words(page, ".lead")[0].endswith("ba cây số.")


def test_what_changed_is_marked_word_by_word(served: Served) -> None:
    page = page_of(served, f"/article/{EDITED}/changes")

    assert words(page, "del") == ["gone: ba", "gone: ba", "gone: hai"]
    assert words(page, "ins") == ["come: bốn", "come: bốn", "come: hơn"]
    assert words(page, "dt") == ["lead", "text", "text"]


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/article/99", 404),
        ("/article/99999999999999999999999", 404),
        ("/article/1?version=7", 404),
        ("/article/1?version=x", 400),
        (f"/article/{QUIET}/changes", 404),
        (f"/article/{EDITED}/changes?from=2&to=1", 400),
        (f"/article/{EDITED}/changes?from=1&to=9", 404),
        ("/?page=0", 400),
        ("/?page=٣", 400),
        ("/?month=2023-13", 400),
        ("/?month=0000-01", 400),
        ("/?q=before:never", 400),
        ("/?q=%22", 400),
        (f"/?q={'x' * 9000}", 400),
        ("/?" + "&".join(["site=a"] * 60), 400),
        ("/nowhere", 404),
        ("/archive/nothing", 404),
        ("/archive?sql=select+nothing", 400),
        ("/article/1/", 302),
    ],
)
def test_what_cannot_be_answered_says_why_and_leads_on(served: Served, address: str, status: int) -> None:
    answer = served.get(address)

    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert status == 302 or 'href="/"' in answer.text


def test_a_page_that_fails_its_hash_is_named_and_its_text_still_shown(own: Path) -> None:
    with closing(sqlite3.connect(own)) as connection:
        connection.execute("UPDATE snapshots SET data = zeroblob(length(data)) WHERE id = 1")
        connection.commit()

    with serving(own) as served:
        page = page_of(served, "/article/1?version=1")
        whole = page_of(served, "/article/1")

    assert "its hash differs" in words(page, "[role=alert]")[0]
    assert words(page, ".lead")
    assert not words(whole, "[role=alert]")


def test_a_damaged_archive_is_told_on_every_page(own: Path) -> None:
    with serving(own) as served:
        served.get("/")
        with own.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (own.stat().st_size - 4096))
        answers = [served.get(address) for address in ("/", "/article/1", "/archive", "/?q=duong")]

    assert {answer.status_code for answer in answers} <= {200, 500}
    assert any("is damaged; restore a backup" in answer.text for answer in answers)


def test_an_archive_that_another_holds_alone_is_busy(own: Path) -> None:
    with serving(own) as served, closing(sqlite3.connect(own, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        holder.execute("UPDATE articles SET missing_count = 0")
        answer = served.get("/")
        holder.execute("ROLLBACK")

    assert answer.status_code == 503
    assert "The archive is busy" in answer.text


# --- languages --------------------------------------------------------------------------------------------------------


def test_our_words_are_vietnamese_where_the_browser_likes_them_better(served: Served) -> None:
    page = page_of(served, f"/article/{EDITED}", language="vi-VN,vi;q=0.9,en;q=0.5")

    assert attribute(page, "html", "lang") == "vi"
    assert words(page, ".timeline strong") == ["Lưu lần đầu", "Sửa"]
    assert words(page, ".byline p")[1] == "Đăng 29/3/2023, 05:23 (+07:00)"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (None, "en"), ("", "en"), ("vi", "vi"), ("vi-VN", "vi"), ("fr", "en"), ("fr, vi;q=0.1", "vi"), ("en, vi", "en"),
        ("en;q=0.5, vi;q=0.6", "vi"), ("vi;q=0", "en"), (";;q=,,", "en"), ("vi;q=9", "en"), ("x" * 9999, "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_a_browser_likes_best(accepted: str | None, expected: str) -> None:
    assert language_of(accepted) == expected


def test_every_label_says_something_in_both_languages_with_the_same_values() -> None:
    for name, said in LABELS.items():
        english, vietnamese = (sorted(re.findall(r"\{(\w+)\}", text)) for text in said)

        assert english == vietnamese, name
        assert all(said), name


def test_every_label_that_a_template_names_is_there() -> None:
    templates = Path(__file__).parents[3] / "archive" / "web" / "templates"
    named = {name for page in templates.iterdir() for name in re.findall(r"""\bt\(["'](\w+)["']""", page.read_text())}

    assert named <= set(LABELS) | {name for name in named if name.endswith("_")}
