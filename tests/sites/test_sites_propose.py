"""A first file of rules, proposed from a few pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.document import Document
from scraper.reader import parse
from scraper.sites import find, is_article_url, load, shipped
from scraper.sites.drafts import Draft, toml_of, url_pattern
from scraper.sites.files import SHIPPED, families, problems_of
from scraper.sites.propose import Example, Proposal, family_of, propose

PARAGRAPH = "<p>Tiếng trống gọi cả làng ra đình từ tờ mờ sáng, ai cũng mang theo một nắm lá và một chén nước.</p>"
PAGE = """<html lang="vi"><head><title>{title} | Báo Làng</title></head><body>
<div class="menu x3f9"><a href="/xa-hoi">Xã hội</a></div><h1 class="tieude a8812">{title}</h1>
<p class="ngay">{date}</p><p class="sapo"><b>{lead}</b></p>
<div class="noidung"><p>{first}</p>{paragraphs}<p class="ky" style="text-align:right"><b>{author}</b></p></div>
<div class="khac"><h3>Các tin khác</h3><a href="/cu-100001.html">Tin cũ của làng được kể lại lần nữa</a></div>
</body></html>"""


def example(number: int, title: str, date: str, author: str) -> Example:
    lead = f"Đoạn mở đầu số {number} kể vắn tắt chuyện làng trong một câu vừa đủ dài."
    first = f"Chuyện thứ {number} bắt đầu từ một buổi sáng nhiều gió, khi người trong làng còn chưa kịp nấu nước."
    html = PAGE.format(title=title, date=date, author=author, lead=lead, first=first, paragraphs=PARAGRAPH * 4)
    url = f"https://baolang.vn/bai-{100000 + number}.html"
    return Example(Document(html, url), parse(html.encode(), url, sites=()))


@pytest.fixture
def examples() -> list[Example]:
    return [
        example(7, "Hội làng mở sớm hơn mọi năm vì trời ấm", "08:05, 07/03/2026", "Lê An"),
        example(8, "Giếng cổ đầu làng được kè lại bằng đá ong", "19:25, 22/10/2025", "Trần Thị Bình"),
        example(9, "Con đường ra bãi bồi đã rải đá xong cả hai làn", "05:23, 29/03/2023", "Lê An"),
    ]


def test_proposes_where_title_and_date_stand_on_every_page(examples: list[Example]) -> None:
    rules = {proposal.field: proposal for proposal in propose(examples)}

    assert rules["title"].rule == '"h1.tieude"'
    assert rules["title"].found[1] == "Giếng cổ đầu làng được kè lại bằng đá ong"
    assert rules["published_at"].rule == '{ css = "p.ngay", date = "hour:minute, day/month/year" }'
    assert rules["body"].rule == '"div.noidung"'


def test_never_proposes_a_class_that_is_a_code(examples: list[Example]) -> None:
    assert not any("a8812" in proposal.rule or "x3f9" in proposal.rule for proposal in propose(examples))


def test_a_selector_that_holds_on_more_pages_is_preferred(examples: list[Example]) -> None:
    other = examples[2]
    html = (other.document.tree.html or "").replace('h1 class="tieude a8812"', 'h1 class="dau-de"')
    changed = Example(Document(html, other.document.url), other.article)

    rules = [proposal.rule for proposal in propose([*examples[:2], changed]) if proposal.field == "title"]

    assert rules == ['"h1"']


def test_a_field_that_stands_in_two_ways_gets_two_rules(examples: list[Example]) -> None:
    other = examples[2]
    html = (other.document.tree.html or "").replace("h1", "div").replace("tieude", "dau-de")
    changed = Example(Document(html, other.document.url), other.article)

    rules = [proposal.rule for proposal in propose([*examples[:2], changed]) if proposal.field == "title"]

    assert rules == ['"h1.tieude"', '"div.dau-de"']


def test_a_selector_that_is_wrong_on_one_page_is_not_proposed(examples: list[Example]) -> None:
    other = examples[2]
    html = (other.document.tree.html or "").replace(
        '<div class="menu', '<h1 class="tieude">Báo Làng</h1><div class="menu'
    )
    changed = Example(Document(html, other.document.url), other.article)

    rules = [proposal.rule for proposal in propose([*examples[:2], changed]) if proposal.field == "title"]

    assert '"h1.tieude"' not in rules


def test_recognises_the_family_of_a_page() -> None:
    site = next(site for site in shipped() if site.id == "tuoitre")
    test = site.tests[0]
    assert test.file is not None
    html = test.file.read_text(encoding="utf-8")
    one = Example(Document(html, test.url), parse(html.encode(), test.url, sites=()))

    family = family_of([one], families())

    assert family is not None
    assert family.id == "vccorp-ims"
    assert "title" not in {proposal.field for proposal in propose([one], family)}


def test_finds_no_family_for_a_page_of_none(examples: list[Example]) -> None:
    assert family_of(examples, families()) is None
    assert family_of([], families()) is None


@pytest.mark.parametrize(
    ("urls", "pattern"),
    [
        (["https://a.vn/x-100231.html", "https://a.vn/s/y-99231.html"], r"-\d{4,7}\.html$"),
        (["https://a.vn/x-post4046.html"], r"-post\d{3,5}\.html$"),
        (["https://a.vn/x-20260307.htm", "https://a.vn/y-20260308.htm"], r"-\d{7,9}\.htm$"),
        (["https://a.vn/x/123456/"], r"/\d{5,7}/$"),
        (["https://a.vn/x-100231.html", "https://a.vn/y-100231.htm"], None),
        (["https://a.vn/x-100231.html", "https://a.vn/y"], None),
        (["https://a.vn/x"], None),
        ([], None),
    ],
)
def test_finds_what_the_addresses_of_articles_share(urls: list[str], pattern: str | None) -> None:
    assert url_pattern(urls) == pattern


def test_the_file_that_is_written_is_without_fault_and_finds_its_articles(
    examples: list[Example], tmp_path: Path
) -> None:
    urls = [one.document.url for one in examples]
    draft = Draft(
        id="baolang",
        name='Báo "Làng"',
        home="https://baolang.vn/",
        host="baolang.vn",
        language="vi",
        timezone="Asia/Ho_Chi_Minh",
        extends=None,
        sections=("https://baolang.vn/xa-hoi",),
        article_url=url_pattern(urls),
        proposals=(*propose(examples), Proposal("section", '".menu a"', ("Xã hội",))),
    )
    path = tmp_path / "baolang.toml"
    (tmp_path / "page.html").write_text("<h1>x</h1>", encoding="utf-8")

    path.write_text(toml_of(draft, tests=[(urls[0], "page.html", examples[0].article)]), encoding="utf-8")

    assert problems_of(path) == []
    site = load(path)
    assert site.name == 'Báo "Làng"'
    assert find([site], urls[1]) is site
    assert is_article_url(site, urls[1])
    assert site.tests[0].expect["title"] == examples[0].article.title


def test_families_are_those_of_the_folder() -> None:
    assert {family.id for family in families()} == {path.stem for path in (SHIPPED / "cms").glob("*.toml")}


def test_shows_captions_as_they_are_written(examples: list[Example]) -> None:
    figure = '<figure><img src="/g.jpg"><figcaption class="chu-thich">Giếng Đình sau khi KÈ ĐÁ</figcaption></figure>'
    html = (examples[0].document.tree.html or "").replace(PARAGRAPH, PARAGRAPH + figure, 1)
    url = examples[0].document.url
    rules = {p.field: p for p in propose([Example(Document(html, url), parse(html.encode(), url, sites=()))])}

    assert rules["caption"].found == ("Giếng Đình sau khi KÈ ĐÁ",)
