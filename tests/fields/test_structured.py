"""JSON-LD as publishers write it, and as attackers would."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fields import structured

ARTICLE = {"@type": "NewsArticle", "headline": "Cầu mới"}


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Cầu mới"}',
        '\ufeff{"@type": "NewsArticle", "headline": "Cầu mới"};',
        '<!-- {"@type": "NewsArticle", "headline": "Cầu mới"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Cầu mới"}\n//]]>',
        '/*<![CDATA[*/{"@type": "NewsArticle", "headline": "Cầu mới"}/*]]>*/',
        '{"@type": "NewsArticle", // of today\n "headline": "Cầu mới", /* no more */}',
        '{"@type": "NewsArticle", "headline": "Cầu mới",}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Cầu mới&quot;}",
        '"{\\"@type\\": \\"NewsArticle\\", \\"headline\\": \\"Cầu mới\\"}"',
        '{\\"@type\\": \\"NewsArticle\\", \\"headline\\": \\"Cầu mới\\"}',
    ],
)
def test_reads_json_that_publishers_broke(script: str) -> None:
    assert structured.decode(script) == ARTICLE


def test_keeps_slashes_and_commas_within_strings() -> None:
    script = '{"url": "https://bao.example/a//b", "text": "một, ] hai /* ba */",}'

    assert structured.decode(script) == {"url": "https://bao.example/a//b", "text": "một, ] hai /* ba */"}


def test_lets_control_characters_stand_in_strings() -> None:
    assert structured.decode('{"a": "dòng\none\ttwo"}') == {"a": "dòng\none\ttwo"}


def test_a_number_that_is_none_is_null() -> None:
    assert structured.decode('{"a": NaN, "b": -Infinity}') == {"a": None, "b": None}


def test_the_last_of_two_equal_keys_counts() -> None:
    assert structured.decode('{"a": 1, "a": 2}') == {"a": 2}


def test_saves_the_plain_pairs_of_a_script_beyond_mending() -> None:
    script = '{"@type": "NewsArticle", "datePublished": "2026-03-07", "text": "he said "no" and left"'

    assert structured.decode(script) == {"@type": "NewsArticle", "datePublished": "2026-03-07"}


def test_saves_nothing_where_two_articles_are_broken() -> None:
    script = '[{"@type": "Article", "datePublished": "2026-03-07"}, {"datePublished": "2026-03-08", x}]'

    assert structured.decode(script) is None


@pytest.mark.parametrize(
    "script",
    [
        "[" * 1_000_000,
        '{"a":' * 1_000_000,
        "[" * 1_000_000 + "]" * 1_000_000,
        '"\\"' * 300_000,
        "/*" * 500_000,
        "," * 1_000_000,
        "//]]>" * 200_000 + "x",
        "[]," * 300 + '"\\' * 300_000,
        '"headline":"' * 80_000,
    ],
    ids=["lists", "objects", "closed lists", "quotes", "comments", "commas", "closings", "open string", "pairs"],
)
def test_f74_hostile_json_is_refused_in_little_time(script: str) -> None:
    began = time.process_time()

    assert structured.decode(script) is None
    assert time.process_time() - began < 1


def test_f74_ten_megabytes_are_not_read() -> None:
    assert structured.read(['{"a": "' + "x" * 10_000_000 + '"}']) == ()


@given(st.text())
def test_reading_never_raises(script: str) -> None:
    structured.read([script])


def test_opens_graphs_and_lists_and_keeps_other_objects_inside() -> None:
    script = (
        '{"@graph": [{"@type": "WebPage"}, [{"@type": "NewsArticle", "author": {"@type": "Person", "name": "An"}}]]}'
    )

    nodes = structured.read([script])

    assert [node.get("@type") for node in nodes] == [None, "WebPage", "NewsArticle"]


def test_the_article_of_the_page_is_the_one_that_names_its_url() -> None:
    teaser: dict[str, Any] = {"@type": "NewsArticle", "headline": "Khác", "datePublished": "2026-01-01"}
    own = ARTICLE | {"mainEntityOfPage": {"@id": "https://www.bao.example/cau-moi.html"}}

    assert structured.main_article([teaser, own], "https://bao.example/cau-moi.html?utm=1") == own


def test_the_article_with_headline_and_date_comes_first_where_none_names_the_url() -> None:
    whole = ARTICLE | {"datePublished": "2026-03-07"}

    assert structured.main_article([{"@type": "Article"}, whole]) == whole


def test_a_page_without_an_article_has_none() -> None:
    assert structured.main_article([{"@type": "Organization"}]) is None


def test_types_come_without_the_address_of_their_vocabulary() -> None:
    assert structured.types({"@type": ["https://schema.org/NewsArticle", "Thing"]}) == {"newsarticle", "thing"}


def test_a_reference_is_replaced_by_what_it_points_to() -> None:
    person = {"@id": "#an", "@type": "Person", "name": "An"}

    assert structured.resolve([person], {"@id": "#an"}) == [person]
