from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.listings import read_listing
from scraper.models import Found, Page, Role

TRUTH = Path(__file__).parent / "truth"
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
SITE = "https://bao.example"

MENU = "<header><nav>" + "".join(
    f'<a href="/{path}">{name}</a>'
    for path, name in [
        ("", "Trang chủ"), ("thoi-su", "Thời sự"), ("nong-nghiep", "Nông nghiệp - Nông thôn - Nông dân"),
        ("thoi-su/chinh-tri", "Chính trị"), ("lien-he", "Liên hệ"), ("dang-nhap", "Đăng nhập"), ("tag/cau", "#cầu"),
    ]
) + "</nav></header>"  # fmt: skip


def read(html: str | bytes, url: str = f"{SITE}/thoi-su") -> tuple[Found, ...]:
    body = html.encode() if isinstance(html, str) else html
    return read_listing(Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), body, datetime.now(UTC)))


def articles(found: tuple[Found, ...]) -> dict[str, str | None]:
    return {link.url.removeprefix(SITE): link.title for link in found if link.role is Role.ARTICLE}


def story(
    number: int, title: str = "Cầu mới thông xe sau ba năm thi công", path: str = "/cau-moi-thong-xe-{}.html"
) -> str:
    href = path.format(100_200 + number)
    return f'<article><a href="{href}"><img src="/a.jpg" alt=""></a><h3><a href="{href}">{title}</a></h3></article>'


STORIES = "".join(story(n) for n in range(12))


def test_articles_are_named_once_with_their_headlines_in_the_order_of_the_page() -> None:
    named = articles(read(MENU + STORIES))

    assert list(named) == [f"/cau-moi-thong-xe-{100_200 + n}.html" for n in range(12)]
    assert set(named.values()) == {"Cầu mới thông xe sau ba năm thi công"}


def test_a_topic_with_a_long_name_is_no_article_where_articles_have_ids() -> None:
    topic = '<h3><a href="/dai-hoi-dang-toan-quoc-lan-thu-muoi-bon-e2029.htm">Đại hội Đảng lần thứ mười bốn</a></h3>'

    assert len(articles(read(MENU + STORIES + topic))) == 12


def test_articles_without_ids_are_known_by_their_slugs_and_headlines() -> None:
    slugs = ["cau-moi-thong-xe-sau-ba-nam", "mua-lon-keo-dai-o-mien-trung", "gia-lua-tang-tro-lai-tu-dau-thang"]
    blocks = "".join(story(n, path=f"/{slug}") for n, slug in enumerate(slugs))

    assert list(articles(read(MENU + blocks))) == [f"/{slug}" for slug in slugs]


def test_articles_with_a_date_in_the_path_are_known_by_it() -> None:
    blocks = "".join(story(n, "Bridge opens", path="/2025/06/12/bridge-{}") for n in range(9))
    page = "<a href=/about-this-site-and-the-people-of-it>About</a>"

    assert len(articles(read(page + blocks))) == 9


def test_links_to_other_sites_and_fragments_are_left_out() -> None:
    others = (
        '<a href="https://khac.example/cau-moi-thong-xe-100999.html">Cầu mới thông xe ở tỉnh bên cạnh</a>'
        '<a href="#top">x</a><a href="/cau-moi-thong-xe-100200.html#binh-luan">5</a>'
    )

    assert len(articles(read(STORIES + others))) == 12


def test_a_front_page_names_its_sections_and_a_section_does_not() -> None:
    front = {link.url.removeprefix(SITE) for link in read(MENU + STORIES, f"{SITE}/") if link.role is Role.LISTING}
    section = [link for link in read(MENU + STORIES) if link.role is Role.LISTING]

    assert front == {"/thoi-su", "/nong-nghiep", "/thoi-su/chinh-tri"}
    assert section == []


def test_the_next_page_is_named_as_such() -> None:
    pages = "".join(f'<a href="/thoi-su?p={n}">{n}</a>' for n in range(1, 5))

    assert [link for link in read(STORIES + pages) if link.is_next_page] == [
        Found(f"{SITE}/thoi-su?p=2", Role.LISTING, is_next_page=True)
    ]


def test_links_are_read_against_the_base_of_the_page() -> None:
    html = '<html><head><base href="https://bao.example/tin/"></head>' + story(1, path="cau-moi-thong-xe-{}.html")

    assert list(articles(read(html))) == ["/tin/cau-moi-thong-xe-100201.html"]


@pytest.mark.faults
@pytest.mark.parametrize(
    "html",
    [
        "".join(f'<a href="/cau-moi-{n}.html">Cầu mới thông xe sau ba năm</a>' for n in range(100_000)),
        "".join(f'<a href="/{"1" * 2_000}x{n}">Cầu mới thông xe sau ba năm</a>' for n in range(3_000)),
        "".join(f'<a href="/{"1-" * 900}x{n}">Cầu mới thông xe sau ba năm</a>' for n in range(3_000)),
        f'<a href="/{"a" * 10_000_000}">x</a>',
        '<a href="http://[">x</a><a href="//h:99999999/">x</a><a href="/\x00">x</a><a href="\\\\h\\x">x</a>' * 1_000,
    ],
    ids=["100k-links", "digits", "hyphens", "10-mb-href", "junk"],
)
def test_f38_links_made_to_hurt_cost_little(html: str) -> None:
    began = time.process_time()

    found = read(html)

    assert len(found) <= 5_000
    assert time.process_time() - began < 10.0


@given(st.binary(max_size=500))
def test_any_bytes_make_a_listing(body: bytes) -> None:
    assert isinstance(read(body), tuple)


@pytest.mark.parametrize("truth", sorted(TRUTH.glob("*.json")), ids=lambda path: path.stem)
def test_real_section_pages_give_their_articles_and_little_else(truth: Path) -> None:
    expected = json.loads(truth.read_text(encoding="utf-8"))
    file = CORPUS / "html" / (expected["id"].replace("/", "__") + ".html.gz")
    if not file.exists():
        pytest.skip(f"no corpus at {CORPUS}")

    found = read(gzip.decompress(file.read_bytes()), expected["url"])

    named = {link.url for link in found if link.role is Role.ARTICLE}
    right = named & set(expected["articles"])
    assert len(right) / len(named) >= 0.95
    assert len(right) / len(expected["articles"]) >= 0.95
    assert [link.url for link in found if link.is_next_page] == [url for url in [expected["next_page"]] if url]
