"""Pages that mean harm, read with the rules of every newspaper."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.document import Document
from scraper.reader import parse
from scraper.sites import Site, shipped
from scraper.sites.apply import MAX_NESTING, MAX_NODES, candidates, unwanted

SITES = [site for site in shipped() if site.fields]
CLASSES = sorted(
    {
        name
        for site in SITES
        for rules in site.fields.values()
        for rule in rules
        for name in re.findall(r"[.#]([\w-]+)", rule.css or "")
    }
)
PIECES = [
    *(f"<div class='{name}' id='{name}'>" for name in CLASSES),
    "<h1>", "<p>", "</p>", "<table><tr><td>", "</table>", "<figure>", "<figcaption>", "</div>", "<img src=x>", "<a href='http://['>",
    "<meta name=pubdate content='99/99/9999'>", "<meta property='article:published_time' content='0000-00-00T99:99'>",
    ("<script type='application/ld+json'>{\"@type\": [[]], \"author\": [[{\"name\": {}}]],"
    '"dateModified": 7}</script>'),
    "\x00", "\ud7ff", "31/02/2026 25:61", "(a.vn) 99/99/9999, 99:99", "đ" * 2000, "/" * 600,
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(SITES))
@settings(deadline=None)
def test_no_page_makes_the_rules_of_any_newspaper_raise(pieces: list[str], site: Site) -> None:
    document = Document("".join(pieces), site.home)

    for field in site.fields:
        for hit in candidates(site, field, document):
            assert hit.nodes or hit.texts
            assert all(text and "\n" not in text for text in hit.texts)
    assert len({node.mem_id for node in unwanted(site, document)}) == len(unwanted(site, document))


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(SITES))
@settings(deadline=None, max_examples=40)
def test_no_page_makes_reading_with_rules_raise(pieces: list[str], site: Site) -> None:
    article = parse("".join(pieces).encode("utf-8", "replace"), site.home + "x-20260307081500123.htm", sites=(site,))

    assert article.url.startswith(site.home)


@pytest.mark.parametrize("site", [site for site in SITES if site.tests], ids=lambda site: site.id)
def test_of_countless_matches_a_bounded_number_is_looked_at(site: Site) -> None:
    document = Document("<h1>a</h1><div class='c-box detail-content name'>" * (MAX_NODES + 500), site.home)

    for field in site.fields:
        assert all(len(hit.nodes) <= MAX_NODES for hit in candidates(site, field, document))


@pytest.mark.parametrize("box", ["<div id=info_g class=MASTERCMS_TPL_TABLE>", "<b>", "<table><tr><td>"])
def test_a_page_nested_beyond_reason_is_read_without_selectors(box: str) -> None:
    """Each would take time by the square of the depth: `#info_g div`, four seconds of `:has()`."""
    document = Document("<div id=info_g><h1>a</h1>" + box * 20_000, "https://baobinhthuan.com.vn/a.html")
    site = next(site for site in SITES if site.id == "baobinhthuan")

    assert document.nesting > MAX_NESTING
    assert unwanted(site, document) == []
    assert not any(hit.nodes for field in site.fields for hit in candidates(site, field, document))
