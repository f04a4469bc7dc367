from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from commands.newspaper import Server

Luubao = Callable[..., CompletedProcess[str]]

PAGE = """<!doctype html><html lang="vi"><head><title>Cầu mới thông xe - Báo Thử</title>
<link rel="canonical" href="https://bao.example/cau-moi-thong-xe-100.html">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Cầu mới thông xe",
"datePublished": "2024-05-06T07:08:00+07:00"}</script></head><body>
<div class="top">Thứ Sáu, 31/12/2027</div>
<article><h1>Cầu mới thông xe</h1><p>06/05/2024, 07:08</p>
<p>Sáng 6/5, cây cầu mới qua sông đã thông xe sau hai năm thi công, sớm hơn kế hoạch ba tháng.</p>
<p>Người dân hai bờ không còn phải đi phà mỗi ngày, học sinh tới trường chỉ mất mười phút.</p></article>
</body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "trang.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_saved_page_is_read_without_an_archive(luubao: Luubao, page: Path, home: Path) -> None:
    done = luubao("parse", page)

    assert done.stdout.startswith("Cầu mới thông xe\n2024-05-06 07:08 (+07:00)\n")
    assert "Người dân hai bờ" in done.stdout
    assert not list(home.rglob("*.db"))


def test_json_has_the_names_of_the_article_and_the_address_the_page_names(luubao: Luubao, page: Path) -> None:
    record = json.loads(luubao("parse", page, "--json").stdout)

    assert record["url"] == "https://bao.example/cau-moi-thong-xe-100.html"
    assert record["published_on"] == "2024-05-06"
    assert record["provenance"]["published_at"]["source"]


def test_a_page_comes_from_stdin_and_its_address_from_url(luubao: Luubao) -> None:
    done = luubao("parse", "-", "--json", "--url", "https://khac.example/x.html", stdin=PAGE)

    assert json.loads(done.stdout)["url"] == "https://khac.example/x.html"


def test_explain_tells_field_value_source_and_what_was_rejected(luubao: Luubao, page: Path) -> None:
    rows = [line.split("\t") for line in luubao("parse", page, "--explain").stdout.splitlines()]

    found = {row[0]: row[1:] for row in rows if len(row) == 3}
    assert found["title"][0] == "Cầu mới thông xe"
    assert found["published_at"] == ["2024-05-06T07:08:00+07:00", "jsonld:datePublished"]
    assert found["lead"][0]
    assert found["authors"][0] == "–"
    assert ["Rejected"] in rows
    assert any(row[0] == "published_at" and len(row) == 4 and row[3] for row in rows)


def test_several_files_are_one_line_each(luubao: Luubao, page: Path) -> None:
    done = luubao("parse", page, page, "--json")

    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["Cầu mới thông xe"] * 2


def test_any_bytes_can_be_parsed(luubao: Luubao, tmp_path: Path) -> None:
    for name, content in {"empty": b"", "png": b"\x89PNG\r\n\x1a\n\x00\x00", "text": "chỉ là chữ".encode()}.items():
        file = tmp_path / name
        file.write_bytes(content)

        done = luubao("parse", file, "--json")

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["kind"] != "article"


def test_an_address_is_read_and_nothing_is_kept(luubao: Luubao, newspaper: Server, home: Path) -> None:
    truth = newspaper.newspaper.articles[0]

    done = luubao("parse", newspaper.url(truth.path), "--allow-private", "--json")

    assert json.loads(done.stdout)["title"] == truth.title
    assert not list(home.rglob("*.db"))
