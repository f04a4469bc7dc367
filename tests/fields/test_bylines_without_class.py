"""Authors named on a line that no class calls a byline, in the forms that newspapers of several languages use."""

from __future__ import annotations

import pytest

from scraper import parse

TEXT = "The council voted on Tuesday to rebuild the old market hall, ending a dispute of ten years, officials said. "
BODY = "".join(f"<p>{TEXT}That was part {n} of the story.</p>" for n in ("one", "two", "three", "four"))


def authors(line: str, *, end: str = "") -> tuple[str, ...]:
    page = f"<title>Market hall</title><body><article><h1>Market hall to rise again</h1>{line}{BODY}{end}</article>"
    return parse(page.encode(), "https://paper.example.com/a/market-hall-99", sites=()).authors


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<div>Von <span>Jana Huber</span> · 12.03.2024, 18:30 Uhr</div>", ("Jana Huber",)),
        ("<div>Publié le 12 mars 2024 à 18h30 par Marie Dupont</div>", ("Marie Dupont",)),
        ("<div>12 March 2024 by Ann Miller and Joe Stone</div>", ("Ann Miller", "Joe Stone")),
        ("<div><span>김민수 기자</span> <span>입력 2024.03.12 18:30</span></div>", ("김민수",)),
        ("<p class=byline>By Ann Miller, with Joe Stone in Riverside</p>", ("Ann Miller", "Joe Stone")),
    ],
)
def test_a_line_under_the_headline_names_the_authors(line: str, expected: tuple[str, ...]) -> None:
    assert authors(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated 12 March 2024 by popular demand</p>",
        "<p>Photographed on 12 March 2024 by the river, where the old hall stood until last winter</p>",
        "<div>12 March 2024</div>",
    ],
)
def test_a_line_that_names_nobody_makes_nobody_up(line: str) -> None:
    assert authors(line) == ()


def test_a_figure_in_an_aside_is_a_picture_of_the_story() -> None:
    aside = "<aside class=media><figure><img src=b.jpg><figcaption>Traders on the square.</figcaption></figure></aside>"
    page = f"<title>Market hall</title><body><article><h1>Market hall to rise again</h1>{BODY}{aside}{BODY}</article>"
    article = parse(page.encode(), "https://paper.example.com/a/market-hall-99", sites=())

    assert [image.caption for image in article.images] == ["Traders on the square."]


def test_a_name_in_metadata_is_better_than_three_letters_in_a_byline() -> None:
    head = '<meta property="article:author" content="Ann Miller">'
    story = f"<article><h1>Market hall to rise</h1><p class=author>Am</p>{BODY}</article>"
    page = f"<title>Market</title>{head}<body>{story}"

    assert parse(page.encode(), "https://paper.example.com/a/market-hall-99", sites=()).authors == ("Ann Miller",)
