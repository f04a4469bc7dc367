"""How rules change what is read of a page: each field by its rule first, and without it as ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.models import Article, Relation
from scraper.reader import parse
from scraper.sites import load

HEAD = 'id = "lang"\nname = "Báo Làng"\nhome = "https://baolang.vn/"\nhosts = ["baolang.vn"]\n'
URL = "https://baolang.vn/hoi-lang-123456.html"
LONG = "Tiếng trống gọi cả làng ra đình từ tờ mờ sáng, ai cũng mang theo một nắm lá chè và một chén nước giếng trong."
PAGE = f"""<html lang="vi"><head><title>Hội làng mở sớm hơn mọi năm - Báo Làng</title>
<meta name="author" content="Trần Thị Bình"><meta property="article:published_time" content="2026-03-07T08:05:00+07:00">
</head><body><h1>Hội làng mở sớm hơn mọi năm</h1><h2 class="to">Đầu đề in trên báo giấy hôm nay</h2>
<span class="gio">05:23, 06/03/2026</span><em class="bk">Lê Văn An</em><b class="muc">Đất và người</b>
<div id="b"><p>{LONG}</p><div class="qc">
<p>Mua hai tặng một, chỉ trong hôm nay, tại các cửa hàng ở chợ huyện và thị trấn.</p></div>
<p><img src="/a.jpg"></p><p>{LONG}</p><p class="ct">Sân đình lúc năm giờ.</p><p>{LONG} {LONG}</p></div>
<div class="gan"><a href="/cu-100001.html">Chuyện cũ của làng được kể lại lần nữa</a></div>
<div class="doc"><a href="/moi-100002.html">Chuyện được nhiều người trong làng đọc nhất</a></div>
</body></html>"""


def read(folder: Path, rules: str) -> Article:
    path = folder / "lang.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    return parse(PAGE.encode(), URL, sites=(load(path),))


@pytest.mark.parametrize(
    ("field", "rule", "expected"),
    [
        ("title", '".to"', "Đầu đề in trên báo giấy hôm nay"),
        ("authors", '".bk"', ("Lê Văn An",)),
        ("section", '".muc"', "Đất và người"),
        ("tags", '{ css = ".muc", split = " và " }', ("Đất", "người")),
    ],
)
def test_a_rule_wins_and_says_so(tmp_path: Path, field: str, rule: str, expected: object) -> None:
    article = read(tmp_path, f"[fields]\n{field} = {rule}")

    assert getattr(article, field) == expected
    assert article.provenance[field].source == f"site:lang/{field}/1"


def test_a_rule_for_the_date_wins_over_metadata(tmp_path: Path) -> None:
    article = read(tmp_path, '[fields]\npublished_at = { css = ".gio", date = "hour:minute, day/month/year" }')

    assert article.to_dict()["published_at"] == "2026-03-06T05:23:00+07:00"
    assert article.provenance["published_at"].source == "site:lang/published_at/1"


def test_what_is_removed_is_not_in_the_body(tmp_path: Path) -> None:
    article = read(tmp_path, '[fields]\nbody = "#b"\nremove = ".qc"')

    assert "Tiếng trống gọi" in article.body
    assert "Mua hai tặng một" not in article.body


def test_a_caption_that_only_a_rule_can_know_is_found_and_leaves_the_body(tmp_path: Path) -> None:
    article = read(tmp_path, '[fields]\nbody = "#b"\ncaption = ".ct"')

    assert [image.caption for image in article.images] == ["Sân đình lúc năm giờ."]
    assert "Sân đình lúc năm giờ" not in article.body


def test_boxes_without_a_label_are_told_by_rules(tmp_path: Path) -> None:
    article = read(tmp_path, '[fields]\nrelated = ".gan"\npopular = ".doc"')

    assert [link.url for link in article.related] == ["https://baolang.vn/cu-100001.html"]
    assert [link.url for link in article.links if link.relation is Relation.POPULAR] == [
        "https://baolang.vn/moi-100002.html"
    ]


def test_rules_that_match_nothing_leave_the_page_as_read_without_them(tmp_path: Path) -> None:
    rules = "\n".join(
        f'{field} = ".khong-co"'
        for field in ("title", "lead", "body", "published_at", "authors", "section", "image", "caption", "related")
    )

    with_rules = read(tmp_path, f'[fields]\nremove = ".khong-co"\n{rules}')

    assert with_rules == parse(PAGE.encode(), URL, sites=())
