"""The page gathered once."""

from __future__ import annotations

import unicodedata

from scraper.document import Document

URL = "https://bao.example/a.html"


def test_a_subtree_is_a_range_and_its_length_a_difference() -> None:
    document = Document("<div><p>một</p><p><a href=/x>hai</a></p></div><p>ba</p>", URL)
    div = document.by_tag["div"][0]

    assert [document.tags[i] for i in document.children(div)] == ["p", "p"]
    assert document.text(div) == "một hai"
    assert document.length(div) == 6
    assert document.link_share(div) == 0.5


def test_the_elements_of_a_tag_are_found_between_two_places() -> None:
    document = Document("<div><a>một</a><p><a>hai</a></p></div><a>ba</a>", URL)
    div = document.by_tag["div"][0]

    links = document.between(div, document.ends[div], "a")

    assert [document.text(i) for i in links] == ["một", "hai"]
    assert list(document.between(div, document.ends[div], "img")) == []


def test_attributes_are_known_by_name_and_element() -> None:
    document = Document("<p class=' Lead '>một</p><p hidden>hai</p>", URL)
    first, second = document.by_tag["p"]

    assert document.with_attribute("class") == {first: " Lead "}
    assert document.with_attribute("hidden") == {second: ""}
    assert document.with_attribute("style") == {}
    assert document.value(first, "class") == " Lead "
    assert document.attribute(first, "class") == "Lead"
    assert document.value(second, "class") == document.attribute(second, "style") == ""


def test_what_was_told_of_a_page_once_is_not_told_again() -> None:
    document = Document("<p>một</p>", URL)

    assert document.once(_list_of_tags) is document.once(_list_of_tags)


def _list_of_tags(document: Document) -> list[str]:
    return list(document.tags)


def test_finds_again_what_a_selector_found() -> None:
    document = Document("<p>một</p><p class=x>hai</p>", URL)
    node = document.tree.css_first("p.x")
    assert node is not None

    number = document.index_of(node)

    assert number is not None
    assert document.text(number) == "hai"


def test_white_space_between_inline_elements_is_kept_and_none_is_invented() -> None:
    document = Document("<p><b>H</b><sub>2</sub>O <i>và</i> <b>muối</b></p>", URL)

    assert document.text(document.by_tag["p"][0]) == "H2O và muối"


def test_text_of_scripts_and_of_noscript_is_not_read() -> None:
    document = Document("<p>một<script>hai</script><noscript>ba <img src=a.jpg></noscript><style>bốn</style></p>", URL)

    assert document.text(document.by_tag["p"][0]) == "một"
    assert len(document.by_tag["img"]) == 1


def test_meta_is_read_by_name_property_and_itemprop() -> None:
    html = (
        "<meta property='og:Title' content='A'><meta content='B' name='author'><meta itemprop=datePublished content=C>"
    )
    document = Document(html, URL)

    assert document.meta == {"og:title": ["A"], "author": ["B"], "datepublished": ["C"]}


def test_meta_whose_text_stands_in_value_is_read_after_those_with_content() -> None:
    document = Document("<meta name=author value=B><meta name=author content=A><meta name=robots value=index>", URL)

    assert document.meta == {"author": ["A", "B"], "robots": ["index"]}


def test_jsonld_is_flat_and_what_is_no_json_is_left_out() -> None:
    html = """<script type="application/ld+json">{"@graph": [{"@type": "A"}, {"@type": "B"}]}</script>
    <script type="application/ld+json">{"@type": </script><script type="application/ld+json">[[[</script>"""

    assert [node.get("@type") for node in Document(html, URL).jsonld] == [None, "A", "B"]


def test_labels_in_decomposed_letters_are_found_by_selectors() -> None:
    document = Document(unicodedata.normalize("NFD", "<h3>Các tin khác</h3>"), URL)

    assert document.tree.css_first('h3:lexbor-contains("Các tin khác")') is not None


def test_an_empty_page_is_a_document_too() -> None:
    assert Document("", URL).text(0) == ""
