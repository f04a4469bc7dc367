# ruff: noqa: E501 -- markup as systems write it
"""Pages without metadata and with boxes that are no story, each small and our own."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.models import Article, iso

TITLE = "Northport harbour to be dredged after forty years"
STORY = (
    "The harbour of Northport will be dredged for the first time in forty years, the council decided on Tuesday.",
    "Fishermen had asked for deeper water since floods carried sand into the inner basin, where boats cannot turn.",
    "The work is to begin in June and will cost four million, of which the region pays half.",
)
TEXT = "".join(f"<p>{p}</p>" for p in STORY)
URL = "https://www.northport-news.example/local/harbour"


def read(body: str, *, title: str = f"{TITLE} - Northport News", url: str = URL) -> Article:
    page = f'<html lang="en"><head><title>{title}</title></head><body>{body}</body></html>'
    return parse(page.encode(), url, sites=())


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (f"Northport News - {TITLE}", f"<div>{TEXT}</div>"),
        (f"Northport News: {TITLE}", f"<div>{TEXT}</div>"),
        (f"Northport News | Local | {TITLE}", f"<h1>{TITLE}</h1>{TEXT}"),
        ("Northport News", f'<h1><a href="/">Northport News</a></h1><h2 class="headline">{TITLE}</h2>{TEXT}'),
        ("Northport News", f'<h1 class="sr-only">Northport News</h1><div class="headline">{TITLE}</div>{TEXT}'),
        ("Northport News", f'<font size="5"><b>{TITLE}</b></font><br><br>{"<br><br>".join(STORY)}'),
    ],
)
def test_the_name_that_the_host_spells_is_no_headline(title: str, body: str) -> None:
    assert read(body, title=title).title == TITLE


def test_the_name_is_known_without_its_accents() -> None:
    article = read(
        f"<h1>Báo Bến Đò</h1><h2 class=title>{TITLE}</h2>{TEXT}", title="Báo Bến Đò", url="https://bendo.vn/a-1.html"
    )

    assert article.title == TITLE


BOXES = {
    "payment": '<div class="paywall"><p>To read the rest of this article you need a subscription.</p></div>',
    "copyright": "<p>© 2026 Northport News. All rights reserved.</p>",
    "invitation": "<p><em>Sign up for our newsletter to get the best of the coast each morning.</em></p>",
    "read more": '<p><strong>READ MORE: <a href="/a">Storm closes the coast road again</a></strong></p>',
    "tags": "<div><p>Tags:</p><a href=/t>harbour</a></div>",
    "caption of a picture that a script shows": '<div class="media-block"><div class="media-block__description">Boats. / A. Holt / Agency</div></div>',
    "reply": '<section id="respond"><h3>Leave a Reply</h3><p>Your email address will not be published.</p></section>',
    "related by its type alone": '<div type="RelatedOneNews"><a href="/a">Regatta put off</a><p>The races are to be held in June, it was said.</p></div>',
    "app": '<div class="app-promo"><figure><img src="/qr-code.png"><figcaption>Scan to download our app</figcaption></figure></div>',
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_a_box_after_the_text_is_no_story_and_its_picture_none(box: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1>{TEXT}{box}</article>")

    assert article.body == "\n\n".join(STORY)
    assert article.images == ()


def test_a_paragraph_that_begins_with_a_link_called_tag_is_kept() -> None:
    link = '<p><a class="auto-tag" href="/t">Northport</a> will be dredged for the first time in forty years, they say.</p>'

    assert "Northport will be dredged for" in read(f"<h1>{TITLE}</h1>{link}{TEXT}").body


def test_words_for_screen_readers_are_no_part_of_a_paragraph() -> None:
    paragraph = '<p>The <a href="/p">plan<span class="visually-hidden">, opens new tab</span></a> is public from now on, they say.</p>'

    assert "The plan is public" in read(f"<h1>{TITLE}</h1>{paragraph}{TEXT}").body


def test_a_first_paragraph_above_the_container_is_kept_without_its_full_stop() -> None:
    first = "A long first paragraph stands above the element of the text, and ends as headlines do, without any mark at all, so it goes"

    assert read(f"<article><h1>{TITLE}</h1><p>{first}</p><div>{TEXT}</div></article>").body.startswith(first)


def test_a_theme_built_of_widgets_shows_its_date() -> None:
    info = '<div class="elementor-widget elementor-widget-post-info"><ul><li><time>March 4, 2026</time></li></ul></div>'
    text = f'<div class="elementor-widget elementor-widget-theme-post-content">{TEXT}</div>'

    assert iso(read(f"<h1>{TITLE}</h1>{info}{text}").published_at) == "2026-03-04"


def test_the_counter_of_a_gallery_is_no_part_of_a_caption() -> None:
    slide = '<figure><img src="/1.jpg"><figcaption>2/9 Boats at low tide</figcaption></figure>'

    assert [i.caption for i in read(f"<h1>{TITLE}</h1>{TEXT}{slide}").images] == ["Boats at low tide"]


def test_a_page_whose_text_only_a_script_knows_is_no_article() -> None:
    article = read(
        '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"text": "It rained."}</script>'
    )

    assert (article.kind.value, article.body) == ("other", "")


def test_a_story_told_under_pictures_is_the_text() -> None:
    slides = "".join(f'<figure><img src="/{n}.jpg"><figcaption>{p}</figcaption></figure>' for n, p in enumerate(STORY))
    article = read(f"<article><h1>{TITLE}</h1>{slides}</article>")

    assert article.body == "\n\n".join(STORY)
    assert [image.caption for image in article.images] == list(STORY)


def test_the_text_of_a_listing_is_what_it_lists() -> None:
    cards = "".join(
        f'<li><a href="/a/{n}-boat"><h3>Boat number {n} of the harbour is for sale</h3></a><p>{n}00 crowns</p></li>'
        for n in range(1, 13)
    )
    menu = '<div class="filters"><p>Filter by length</p><a href="?l=9">Nine metres and more</a></div>'
    article = read(
        f"<main><h1>Boats for sale</h1>{menu}<ul>{cards}</ul></main><footer>Imprint</footer>", title="Boats for sale"
    )

    assert article.kind.value == "listing"
    assert all(f"Boat number {n} of the harbour is for sale" in article.body for n in range(1, 13))
    assert "Filter" not in article.body
    assert "Imprint" not in article.body
