"""The story piece by piece."""

from __future__ import annotations

from typing import Any

from scraper import parse

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
FIRST = "Mùa gió nam về, ghe lưới vây ở Phan Rí cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng."
SECOND = "Người làm nước mắm chờ sẵn ở cầu cảng, cân cá xong là muối ngay, mỗi mẻ ba cá một muối như ông bà dạy."
THIRD = "Năm nay giá cá giữ vững, nhà nào cũng tính thay lưới mới, sơn lại ghe trước khi mùa gió bấc tràn về."


def blocks_of(html: str) -> list[dict[str, Any]]:
    page = f"<html><body><div>{html}</div></body></html>"
    return [block.to_dict() for block in parse(page.encode(), URL, sites=()).blocks]


def test_headings_keep_their_level_and_bold_lines_are_headings_without_one() -> None:
    blocks = blocks_of(f"<p>{FIRST}</p><h3>Chờ ở cầu cảng</h3><p>{SECOND}</p><p><b>Mùa sau</b></p><p>{THIRD}</p>")

    assert [(b["kind"], b.get("level")) for b in blocks] == [
        ("paragraph", None),
        ("heading", 3),
        ("paragraph", None),
        ("heading", None),
        ("paragraph", None),
    ]


def test_a_bold_sentence_is_no_heading() -> None:
    blocks = blocks_of(f"<p>{FIRST}</p><p><strong>Biển no thì làng no.</strong></p><p>{SECOND}</p>")

    assert [b["kind"] for b in blocks] == ["paragraph"] * 3


def test_lists_are_one_block_with_their_items_in_order() -> None:
    blocks = blocks_of(f"<p>{FIRST}</p><ol><li>Cá cơm than</li><li>Muối <i>Cà Ná</i></li></ol><p>{SECOND}</p>")

    assert blocks[1] == {"kind": "list", "ordered": True, "items": ["Cá cơm than", "Muối Cà Ná"]}


def test_quotes_are_told_from_paragraphs() -> None:
    blocks = blocks_of(
        f"<p>{FIRST}</p><blockquote><p>Biển no thì làng no, ông tôi vẫn nói vậy.</p></blockquote><p>{SECOND}</p>"
    )

    assert blocks[1] == {"kind": "quote", "text": "Biển no thì làng no, ông tôi vẫn nói vậy."}


def test_tables_of_facts_keep_their_rows() -> None:
    rows = "<tr><th>Năm</th><th>Tấn</th></tr><tr><td>2022</td><td>310</td></tr><tr><td>2023</td><td>355</td></tr>"
    blocks = blocks_of(f"<p>{FIRST}</p><table>{rows}</table><p>{SECOND}</p>")

    assert blocks[1] == {"kind": "table", "rows": [["Năm", "Tấn"], ["2022", "310"], ["2023", "355"]]}


def test_pictures_stand_where_the_page_has_them() -> None:
    blocks = blocks_of(
        f"<p>{FIRST}</p><figure><img src=/ben.jpg><figcaption>Bến cá</figcaption></figure><p>{SECOND}</p>"
    )

    assert [b["kind"] for b in blocks] == ["paragraph", "image", "paragraph"]
    assert blocks[1]["caption"] == "Bến cá"


def test_the_heading_of_a_box_that_was_left_out_goes_with_it() -> None:
    related = '<h3>Tin đáng chú ý</h3><ul class="related"><li><a href="/a-1.html">Chuyện khác của biển</a></li></ul>'

    assert [b["kind"] for b in blocks_of(f"<p>{FIRST}</p><p>{SECOND}</p>{related}")] == ["paragraph"] * 2


def test_inline_elements_do_not_glue_or_part_words() -> None:
    blocks = blocks_of(
        f"<p>Nước mắm <b>Phan</b> <i>Thiết</i> có từ <sup>1</sup>809, <a href=/x>người ta</a> kể.</p><p>{SECOND}</p>"
    )

    assert blocks[0]["text"] == "Nước mắm Phan Thiết có từ 1809, người ta kể."
