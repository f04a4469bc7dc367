"""What page and headers say of rights."""

from __future__ import annotations

from scraper import parse
from scraper.models import Rights

URL = "https://baoxa.example/cau-moi-124375.html"


def rights(head: str = "", headers: tuple[tuple[str, str], ...] = (), body: str = "") -> Rights:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(page.encode(), URL, headers=headers, sites=()).rights


def test_a_page_that_says_nothing_has_none() -> None:
    assert rights() == Rights()


def test_robots_of_page_and_header_are_joined() -> None:
    found = rights(
        '<meta name="robots" content="noarchive, max-image-preview:large"><meta name="googlebot" content="noindex">',
        (("X-Robots-Tag", "noai"), ("x-robots-tag", "noarchive")),
    )

    assert found.robots == "noarchive, max-image-preview:large, googlebot: noindex, noai"


def test_the_header_on_text_and_data_mining_counts_before_the_meta() -> None:
    meta = '<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="/tdm.json">'

    found = rights(meta, (("TDM-Reservation", "1"),))

    assert found.tdm_reservation is True
    assert found.tdm_policy == "https://baoxa.example/tdm.json"
    assert rights(meta).tdm_reservation is False


def test_a_reservation_that_is_neither_is_none() -> None:
    assert rights('<meta name="tdm-reservation" content="maybe">').tdm_reservation is None


def test_the_licence_is_the_declared_one() -> None:
    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>'

    assert rights(body=link).licence == "https://creativecommons.org/licenses/by/4.0/"


def test_free_or_paid_is_what_the_structured_data_say() -> None:
    script = '<script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": {}}}</script>'

    assert rights(script.format("false")).is_free is False
    assert rights(script.format('"True"')).is_free is True
    assert rights(script.format('"http://schema.org/False"')).is_free is False
    assert rights(script.format('"perhaps"')).is_free is None
    assert rights('<meta property="article:content_tier" content="locked">').is_free is False
