from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from commands.citations import as_bibtex, as_csl

Luubao = Callable[..., CompletedProcess[str]]

ARTICLE: dict[str, Any] = {
    "id": 42,
    "site": "baobinhthuan",
    "url": "https://baobinhthuan.com.vn/tin_moi-50%25-1.html?a=1&b={2}",
    "title": "Giá cá tăng 50% & {tôm} giảm_nhẹ ở chợ #1: ~$2",
    "authors": ["Nguyễn Văn An", "K. Hằng"],
    "published_at": "2025-06-17T23:25:00+07:00",
    "published_on": "2025-06-17",
    "fetched_at": "2026-01-31T12:05:00.000000Z",
    "language": "vi",
    "section": "Kinh tế",
}

BIBTEX = r"""@article{baobinhthuan-2025-42,
  title = {{Giá cá tăng 50\% \& \{tôm\} giảm\_nhẹ ở chợ \#1: \textasciitilde{}\$2}},
  author = {{Nguyễn Văn An} and {K. Hằng}},
  journal = {Báo Bình Thuận},
  date = {2025-06-17},
  year = {2025},
  month = jun,
  url = {https://baobinhthuan.com.vn/tin_moi-50%25-1.html?a=1&b=%7B2%7D},
  urldate = {2026-01-31},
  language = {vi},
}"""

CSL = {
    "id": "baobinhthuan-2025-42",
    "type": "article-newspaper",
    "title": "Giá cá tăng 50% & {tôm} giảm_nhẹ ở chợ #1: ~$2",
    "author": [{"literal": "Nguyễn Văn An"}, {"literal": "K. Hằng"}],
    "container-title": "Báo Bình Thuận",
    "section": "Kinh tế",
    "issued": {"date-parts": [[2025, 6, 17]]},
    "accessed": {"date-parts": [[2026, 1, 31]]},
    "URL": "https://baobinhthuan.com.vn/tin_moi-50%25-1.html?a=1&b={2}",
    "language": "vi",
}


def test_bibtex_is_escaped_for_latex_and_vietnamese_names_stay_whole() -> None:
    assert as_bibtex(ARTICLE, "Báo Bình Thuận") == BIBTEX


def test_csl_json_says_the_same() -> None:
    assert as_csl(ARTICLE, "Báo Bình Thuận") == CSL


def test_names_of_languages_that_put_the_family_name_last_are_left_to_bibtex() -> None:
    article = ARTICLE | {"language": "en-GB", "authors": ["Ann Smith", "Rock and Roll Staff", "Smith, Ann", "AP"]}

    assert "author = {Ann Smith and {Rock and Roll Staff} and {Smith, Ann} and {AP}}," in as_bibtex(article, "x")


def test_what_is_not_known_is_left_out() -> None:
    bare = {"id": 1, "site": "x.vn", "url": "https://x.vn/a", "title": None, "fetched_at": "2026-01-31T00:00:00Z"}

    assert as_bibtex(bare, "x.vn") == (
        "@article{x-vn-1,\n  title = {{(without title)}},\n  journal = {x.vn},\n  url = {https://x.vn/a},\n"
        "  urldate = {2026-01-31},\n}"
    )
    assert "issued" not in as_csl(bare, "x.vn")


def test_a_title_cannot_end_its_field_nor_act_on_the_terminal() -> None:
    evil = "}, note = {\\input{/etc/passwd}\x1b[2J\n@article{x,"

    entry = as_bibtex(ARTICLE | {"title": evil, "authors": [evil]}, evil)

    assert "\x1b" not in entry
    assert "\\input" not in entry
    assert entry.count("\n@") == 0
    assert len(entry.splitlines()) == len(BIBTEX.splitlines())


def test_several_articles_are_cited_in_the_order_asked(luubao: Luubao, kept: Path) -> None:
    bibtex = luubao("cite", "3", "1", "--archive", kept).stdout
    items = json.loads(luubao("cite", "3", "1", "--format", "csl-json", "--archive", kept).stdout)

    keys = [line.partition("{")[2].rstrip(",") for line in bibtex.splitlines() if line.startswith("@")]
    assert keys == [item["id"] for item in items]
    assert [key.rpartition("-")[2] for key in keys] == ["3", "1"]
