"""What rules find on a page."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.document import Document
from scraper.sites import Site, load
from scraper.sites.apply import MAX_PAGE_CHARS, at_path, candidates, labels, unwanted

HEAD = """
id = "lang"
name = "Báo Làng"
home = "https://baolang.vn/"
hosts = ["baolang.vn"]
timezone = "Asia/Ho_Chi_Minh"
"""
URL = "https://baolang.vn/hoi-lang-1234.html"
PAGE = """<html><head><meta property="article:tag" content="hội làng; đình, chùa">
<meta name="Author" content="Báo Làng"><meta name="pub" content="2026-03-07T00:01:00">
<script type="application/ld+json">{"@graph": [{"@type": "Organization", "name": "Báo Làng"},
{"@type": ["NewsArticle"], "author": [{"name": "An"}, {"name": "Bình"}],
"datePublished": "2026-03-07T08:00:00+07:00"}]}</script>
</head><body><h1> Hội
 làng </h1><h1>mở<br>sớm</h1><p class="d">Thứ bảy, 7/3/2026, 08:05</p><p class="a">Theo An (tổng hợp)</p>
<div id="b"><p>Trống giục.</p><div class="ad">Quảng cáo</div><script>var x = 1</script></div>
<a class="s" href="/nguon">Nguồn</a><p>(baocu.vn) 06/03/2026, 05:23</p></body></html>"""


def site_with(folder: Path, rules: str) -> Site:
    path = folder / "lang.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    return load(path)


def texts_of(folder: Path, field: str, rule: str, *, page: str = PAGE) -> list[tuple[str, ...]]:
    site = site_with(folder, f"[fields]\n{field} = {rule}")
    return [hit.texts for hit in candidates(site, field, Document(page, URL))]


@pytest.mark.parametrize(
    ("field", "rule", "expected"),
    [
        ("title", '"h1"', [("Hội làng",)]),
        ("title", '{ css = "h1", pick = "last" }', [("mở sớm",)]),
        ("title", '{ css = "h1", pick = "all" }', [("Hội làng", "mở sớm")]),
        ("title", '["h3", "h2", "h1"]', [("Hội làng",)]),
        ("lead", '{ css = "#b" }', [("Trống giục. Quảng cáo",)]),
        ("authors", '{ jsonld = "author.name" }', [("An", "Bình")]),
        ("authors", '{ jsonld = "NewsArticle.author.name" }', [("An", "Bình")]),
        ("authors", '{ jsonld = "Person.name" }', []),
        ("authors", '{ meta = "author" }', [("Báo Làng",)]),
        ("authors", "{ css = '.a', regex = '^(?:Theo )?([^(]{2,40})' }", [("An",)]),
        ("tags", '{ meta = "article:tag", split = ";" }', [("hội làng", "đình, chùa")]),
        ("published_at", '{ css = ".d", date = "day/month/year, hour:minute" }', [("2026-03-07T08:05:00+07:00",)]),
        ("published_at", '{ css = ".d", date = "year/month/day" }', []),
        ("published_at", '{ css = ".d" }', [("Thứ bảy, 7/3/2026, 08:05",)]),
        ("published_at", '{ meta = "pub" }', [("2026-03-07T00:01:00+07:00",)]),
        ("published_at", '{ jsonld = "datePublished" }', [("2026-03-07T08:00:00+07:00",)]),
        ("source_name", "{ regex = '^\\(([\\w.-]{4,60})\\) \\d{2}/' }", [("baocu.vn",)]),
        ("source_name", '{ css = ".s", attribute = "href" }', [("https://baolang.vn/nguon",)]),
        ("source_name", '{ css = ".s", attribute = "title" }', []),
    ],
)
def test_a_rule_finds(tmp_path: Path, field: str, rule: str, expected: list[tuple[str, ...]]) -> None:
    assert texts_of(tmp_path, field, rule) == expected


def test_a_hit_names_its_place_in_the_rules(tmp_path: Path) -> None:
    site = site_with(tmp_path, '[fields]\ntitle = ["h4", "h1", ".d"]')

    hits = candidates(site, "title", Document(PAGE, URL))

    assert [hit.source for hit in hits] == ["site:lang/title/2", "site:lang/title/3"]


def test_a_piece_of_the_page_comes_as_nodes_each_once(tmp_path: Path) -> None:
    site = site_with(tmp_path, '[fields]\nbody = "#b, div, .ad"\nremove = [".ad", "div.ad", ".no"]')
    document = Document(PAGE, URL)

    (hit,) = candidates(site, "body", document)

    assert [node.attributes for node in hit.nodes] == [{"id": "b"}, {"class": "ad"}]
    assert hit.text == ""
    assert [node.text() for node in unwanted(site, document)] == ["Quảng cáo"]


def test_without_a_site_nothing_is_found() -> None:
    document = Document(PAGE, URL)

    assert candidates(None, "title", document) == []
    assert unwanted(None, document) == []
    assert labels(None, "related") == ()


def test_labels_are_those_of_the_file(tmp_path: Path) -> None:
    site = site_with(tmp_path, '[labels]\nrelated = ["Tin gần đây"]')

    assert labels(site, "related") == ("Tin gần đây",)
    assert labels(site, "popular") == ()


@pytest.mark.parametrize(
    ("fetched_at", "sources"),
    [
        (datetime(2019, 5, 1, tzinfo=UTC), ["site:lang/title/1"]),
        (datetime(2022, 12, 31, tzinfo=UTC), ["site:lang/title/1", "site:lang/title/2"]),
        (datetime(2024, 1, 1, tzinfo=UTC), ["site:lang/title/2"]),
        (None, ["site:lang/title/1", "site:lang/title/2"]),
    ],
)
def test_an_old_page_is_read_by_the_rules_of_its_day(
    tmp_path: Path, fetched_at: datetime | None, sources: list[str]
) -> None:
    rules = '[fields]\ntitle = [{ css = "h1", valid_until = 2022-12-31 }, { css = ".d", valid_from = 2022-12-31 }]'
    site = site_with(tmp_path, rules)

    hits = candidates(site, "title", Document(PAGE, URL, fetched_at=fetched_at))

    assert [hit.source for hit in hits] == sources


def test_an_nfd_page_gives_composed_text(tmp_path: Path) -> None:
    page = unicodedata.normalize("NFD", "<h1>Hội làng</h1>")

    assert texts_of(tmp_path, "title", '"h1"', page=page) == [("Hội làng",)]


def test_a_regex_without_css_reads_the_page_up_to_its_bound(tmp_path: Path) -> None:
    filler = "<p>" + "a" * 300 + "</p>"
    page = filler * (MAX_PAGE_CHARS // 300 + 1) + "<p>mã 1234</p>"

    assert texts_of(tmp_path, "source_name", r"{ regex = 'mã (\d{4})' }", page=page) == []
    assert texts_of(tmp_path, "source_name", r"{ regex = 'mã (\d{4})' }", page="<p>mã 1234</p>") == [("1234",)]


def test_scripts_are_no_text(tmp_path: Path) -> None:
    assert texts_of(tmp_path, "source_name", "{ regex = 'var x' }") == []


@pytest.mark.parametrize("value", [None, True, {"name": None}, [[["a"]]], {"name": {"deep": 1}}])
def test_structured_data_of_any_shape_raises_nothing(value: object) -> None:
    assert list(at_path([{"author": value}], "author.name")) == []


def test_numbers_in_structured_data_are_text() -> None:
    assert list(at_path([{"id": [7, 1.5]}], "id")) == ["7", "1.5"]
