"""Captions and credits in the components and the customs of many newspapers."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.fields.credits import bare_credit, split_credit

URL = "https://paper.example/local/harbour-wall-20250412.html"
TITLE = "Harbour wall to be raised before winter"
FIRST = "The harbour wall will be raised by forty centimetres before the winter storms, the council decided on Monday."
SECOND = "Work begins in August and will close the fish market for three weeks, the harbour master said after the vote."
THIRD = "Skippers asked for a floating pier in the meantime; the town has one left over from the regatta of last year."
CAPTION = "Waves break over the old wall in January"
IMG = '<img src="/a.jpg" width="800" height="450">'


def read(html: str, *, above: str = "", between: str = "") -> list[tuple[str | None, str | None]]:
    page = f"""<html lang="en"><head><title>{TITLE}</title></head><body><header><nav><a href="/">Home</a></nav></header>
    <main>{above}<h1>{TITLE}</h1>{between}
    <div class="story"><p>{FIRST}</p>{html}<p>{SECOND}</p><p>{THIRD}</p></div></main></body></html>"""
    article = parse(page.encode(), URL, sites=())
    assert article.body.split("\n\n") == [FIRST, SECOND, THIRD]
    return [(image.caption, image.credit) for image in article.images]


FRAMES = {
    "wordpress shortcode": f'<div class="wp-caption alignnone">{IMG}<p class="wp-caption-text">{CAPTION}</p></div>',
    "wordpress block": f'<figure class="wp-block-image">{IMG}<figcaption class="wp-element-caption">{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
    "drupal": f'<div class="media media--image">{IMG}<div class="field field--name-field-caption">{CAPTION}</div></div>',  # noqa: E501 -- markup
    "caption above the picture": f"<figure><figcaption>{CAPTION}</figcaption>{IMG}</figure>",
    "figure in a figure": f"<figure><figure>{IMG}</figure><figcaption>{CAPTION}</figcaption></figure>",
    "link around the picture": f'<figure><a href="/a.jpg">{IMG}</a><figcaption>{CAPTION}</figcaption></figure>',
    "link around picture and caption": f'<figure><a href="/gallery/7">{IMG}<figcaption>{CAPTION}</figcaption></a></figure>',  # noqa: E501 -- markup
    "lazy with noscript": f'<figure><img src="data:image/gif;base64,R0lGOD" data-src="/a.jpg"><noscript>{IMG}</noscript><figcaption>{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
    "noscript alone": f"<figure><noscript>{IMG}</noscript><figcaption>{CAPTION}</figcaption></figure>",
    "amp": f'<figure><amp-img src="/a.jpg" width="800" height="450"></amp-img><figcaption>{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
    "custom element": f'<div class="lead-image"><paper-image data-src="/a.jpg"></paper-image><div class="image-caption-wrap"><span>{CAPTION}</span></div></div>',  # noqa: E501 -- markup
    "hidden from screen readers": f'<figure><div aria-hidden="true">{IMG}</div><figcaption><p>{CAPTION}</p></figcaption></figure>',  # noqa: E501 -- markup
    "aria figure": f'<div role="figure" aria-label="{CAPTION}">{IMG}<div class="legend">{CAPTION}</div></div>',
    "css modules": f'<div class="x91k">{IMG}</div><div class="p0a7"><span>{CAPTION}</span></div>',
    "bbc-like": f'<div data-component="image-block"><figure><div>{IMG}</div><div data-component="caption-block"><figcaption class="c1">{CAPTION}</figcaption></div></figure></div>',  # noqa: E501 -- markup
    "definition list": f'<dl class="wp-caption"><dt>{IMG}</dt><dd class="wp-caption-dd">{CAPTION}</dd></dl>',
    "table with a caption": f"<table><caption>{CAPTION}</caption><tr><td>{IMG}</td></tr></table>",
    "centred table, second row": f'<table align="center"><tbody><tr><td>{IMG}</td></tr><tr><td><em>{CAPTION}</em></td></tr></tbody></table>',  # noqa: E501 -- markup
    "centred paragraph": f'<p style="text-align:center">{IMG}</p><p style="text-align:center">{CAPTION}</p>',
    "emphatic below a break": f"<p>{IMG}<br><i>{CAPTION}</i></p>",
    "small": f"<div>{IMG}<small>{CAPTION}</small></div>",
    "the same words as alt": f'<div><img src="/a.jpg" alt="{CAPTION}"></div><p>{CAPTION}</p>',
    "poster of a video": f'<figure><video poster="/a.jpg" src="/a.mp4"></video><figcaption>{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
    "carousel": f'<div class="slider"><div class="slide">{IMG}<div class="slide-caption">{CAPTION}</div></div></div>',
    "german class": f'<div class="bild">{IMG}<div class="bildunterschrift">{CAPTION}</div></div>',
    "french class": f'<div class="photo">{IMG}<div class="legende">{CAPTION}</div></div>',
    "spanish class": f'<div class="foto">{IMG}<div class="pie-de-foto">{CAPTION}</div></div>',
    "spanish epigraph": f'<div class="foto">{IMG}<div class="epigrafe">{CAPTION}</div></div>',
    "italian class": f'<div class="foto">{IMG}<div class="didascalia">{CAPTION}</div></div>',
    "portuguese class": f'<div class="foto">{IMG}<div class="legenda">{CAPTION}</div></div>',
    "dutch class": f'<div class="foto">{IMG}<div class="bijschrift">{CAPTION}</div></div>',
    "swedish class": f'<div class="bild">{IMG}<div class="bildtext">{CAPTION}</div></div>',
    "polish class": f'<div class="zdjecie">{IMG}<div class="podpis">{CAPTION}</div></div>',
    "vietnamese class": f'<div class="anh">{IMG}<div class="chuthich">{CAPTION}</div></div>',
    "vietnamese desk": f'<figure class="expNoEdit">{IMG}<figcaption><h2>{CAPTION}</h2></figcaption></figure>',
    "heading of the lowest level": f"<p>{IMG}</p><h6>{CAPTION}</h6>",
    "itemprop": f'<div itemprop="image" itemscope>{IMG}<span itemprop="caption">{CAPTION}</span></div>',
    "button to enlarge": f"<figure>{IMG}<button>Enlarge this image</button><figcaption>{CAPTION}</figcaption></figure>",
    "caption behind its figure": f"<figure>{IMG}</figure><figcaption>{CAPTION}</figcaption>",
    "old table of a desk": f'<table class="picture"><tr><td class="pic">{IMG}</td></tr><tr><td class="caption"><p>{CAPTION}</p></td></tr></table>',  # noqa: E501 -- markup
    "slanted by style": f'<p>{IMG}</p><p><span style="font-style:italic">{CAPTION}</span></p>',
    "small letters in a paragraph": f"<p>{IMG}</p><p><small>{CAPTION}</small></p>",
    "custom elements all over": f"<x-figure>{IMG}<x-caption>{CAPTION}</x-caption></x-figure>",
    "share button in the figure": f'<figure>{IMG}<div class="share">Share</div><figcaption>{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
    "two captions, one for narrow screens": f'<figure>{IMG}<figcaption class="wide">{CAPTION}</figcaption><figcaption class="narrow">{CAPTION}</figcaption></figure>',  # noqa: E501 -- markup
}


@pytest.mark.parametrize("html", FRAMES.values(), ids=FRAMES)
def test_finds_the_caption(html: str) -> None:
    assert [caption for caption, _ in read(html)] == [CAPTION]


@pytest.mark.parametrize("html", [FRAMES["wordpress block"], FRAMES["wordpress shortcode"], FRAMES["drupal"]])
def test_finds_the_caption_of_a_picture_above_the_headline(html: str) -> None:
    assert [caption for caption, _ in read("", above=html)] == [CAPTION]


@pytest.mark.parametrize("html", [FRAMES["wordpress block"], FRAMES["link around the picture"], FRAMES["css modules"]])
def test_finds_the_caption_of_a_picture_between_headline_and_text(html: str) -> None:
    assert read("", between=f'<div class="top">{html}</div>')[:1] == [(CAPTION, None)]


NO_CAPTIONS = {
    "alone": f"<figure>{IMG}</figure>",
    "counter": f'<figure>{IMG}<div class="gallery-caption">1 / 12</div></figure>',
    "player": f"<figure>{IMG}<figcaption>Video</figcaption></figure>",
    "number": f'<div class="gallery">{IMG}<span class="caption-count">+10</span></div>',
    "credit alone": f"<figure>{IMG}<figcaption>Foto: Jan Weiss</figcaption></figure>",
    "advertisement": f'<div>{IMG}</div><div class="c7">Advertisement</div>',
}


@pytest.mark.parametrize("html", NO_CAPTIONS.values(), ids=NO_CAPTIONS)
def test_what_stands_at_a_picture_is_not_always_a_caption(html: str) -> None:
    assert [caption for caption, _ in read(html)] == [None]


def test_a_thumbnail_beside_a_headline_that_leads_to_the_same_place_is_no_picture_of_the_story() -> None:
    href = "/local/regatta-20240810.html"
    teaser = f'<div class="c4"><a href="{href}">{IMG}</a><a href="{href}">The regatta and its floating pier</a><p>Last year.</p></div>'  # noqa: E501 -- markup

    article = parse(f"<h1>{TITLE}</h1><div><p>{FIRST}</p>{teaser}<p>{SECOND}</p></div>".encode(), URL, sites=())

    assert article.images == ()


def test_a_credit_beside_the_caption_of_a_block_is_taken_too() -> None:
    words = f'<div class="image__caption">{CAPTION}</div><div class="image__credit">Ann Lee</div>'

    assert read(f'<div class="image">{IMG}{words}</div>') == [(CAPTION, "Ann Lee")]


def test_the_caption_of_a_player_is_no_story() -> None:
    words = "<figcaption>The wall seen by a drone</figcaption>"

    assert read(f'<figure><iframe src="https://v.example/1"></iframe>{words}</figure>') == []


def test_a_drawing_outside_a_figure_is_an_icon() -> None:
    assert read('<div><img src="/media/menu.svg"><span>Menu</span></div>'.replace("<span>Menu</span>", "")) == []


CREDITS = {
    "apart": ('<span class="credit">Photo: Ann Lee</span>', "Ann Lee"),
    "copyright": ('<span class="copyright">© Ann Lee</span>', "Ann Lee"),
    "by": ("<small>Photo by Ann Lee</small>", "Ann Lee"),
    "in brackets": ("(AP Photo/Ann Lee)", "AP Photo/Ann Lee"),
    "agency behind a stroke": ("<cite>Ann Lee / Getty Images</cite>", None),
    "german": ("<span>Foto: Ann Lee/dpa</span>", "Ann Lee/dpa"),
    "french": ('<span class="credits">Crédit photo : Ann Lee</span>', "Ann Lee"),
    "vietnamese": ('<span class="credit">Ảnh: Hoài Thu</span>', "Hoài Thu"),
    "author of the picture": ('<span class="author">Fot. Ann Lee</span>', "Ann Lee"),
}


@pytest.mark.parametrize(("credit", "name"), CREDITS.values(), ids=CREDITS)
def test_parts_caption_and_credit_of_a_figure(credit: str, name: str | None) -> None:
    [(caption, found)] = read(f"<figure>{IMG}<figcaption>{CAPTION}. {credit}</figcaption></figure>")

    assert (caption or "").startswith(CAPTION)
    if name:
        assert ((caption or "").rstrip("."), found) == (CAPTION, name)


@pytest.mark.parametrize(
    "credit", ["<div class=credit>Photo: Ann Lee</div>", "<span class=image-source>Ann Lee</span>"]
)
def test_a_credit_that_stands_beside_the_caption_is_taken_too(credit: str) -> None:
    assert read(f"<figure>{IMG}<figcaption>{CAPTION}</figcaption>{credit}</figure>") == [(CAPTION, "Ann Lee")]


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("The pier. (AP Photo/Ann Lee)", "The pier.", "AP Photo/Ann Lee"),
        ("The pier. (Photo by Ann Lee/Getty Images)", "The pier.", "Ann Lee/Getty Images"),
        ("The pier. Photograph: Ann Lee/The Paper", "The pier.", "Ann Lee/The Paper"),
        ("The pier. Photo courtesy: Ann Lee", "The pier.", "Ann Lee"),
        ("The pier. Image source: Ann Lee", "The pier.", "Ann Lee"),
        ("The pier. Ann Lee/Getty Images", "The pier.", "Ann Lee/Getty Images"),
        ("The pier. Anthony Wallace / AFP - Getty Images", "The pier.", "Anthony Wallace / AFP - Getty Images"),
        ("The pier — © BELGA", "The pier", "BELGA"),
        ("Der Steg. Quelle: Jan Weiss", "Der Steg.", "Jan Weiss"),
        ("Der Steg. Foto: picture alliance/dpa", "Der Steg.", "picture alliance/dpa"),
        ("Le quai. Photo : Ann Lee", "Le quai.", "Ann Lee"),
        ("El muelle. Foto: EFE", "El muelle.", "EFE"),
        ("El muelle | Fuente: Archivo", "El muelle", "Archivo"),
        ("Il molo (Foto di Ann Lee)", "Il molo", "Ann Lee"),
        ("Brygga. Foto: Kari Holm / NTB", "Brygga.", "Kari Holm / NTB"),
        ("Molo. Fot. Jan Nowak", "Molo.", "Jan Nowak"),
        ("Причал. Фото: Анна Ли", "Причал.", "Анна Ли"),
        ("İskele. Kaynak: AA", "İskele.", "AA"),
        ("港の様子＝共同", "港の様子", "共同"),
        ("港の様子（潮風太郎撮影）", "港の様子", "潮風太郎"),
        ("港の様子（Ｃ）共同通信社", "港の様子", "共同通信社"),
        ("항구의 모습. 사진=뉴시스", "항구의 모습.", "뉴시스"),
        ("항구의 모습 [사진=연합뉴스]", "항구의 모습", "연합뉴스"),
        ("항구의 모습 ⓒ뉴스1", "항구의 모습", "뉴스1"),
        ("码头一景。图源：新华社", "码头一景。", "新华社"),
        ("Cầu cảng sáng đèn. Ảnh: TTXVN phát", "Cầu cảng sáng đèn.", "TTXVN phát"),
        ("Cầu cảng sáng đèn (Nguồn: Internet)", "Cầu cảng sáng đèn", "Internet"),
        ("Cầu cảng sáng đèn. (Ảnh: Bình An/TTXVN)", "Cầu cảng sáng đèn.", "Bình An/TTXVN"),
        ("Cầu cảng sáng đèn - Ảnh tư liệu: K.H", "Cầu cảng sáng đèn", "K.H"),
        ("A photo by the window of the old bar, seen from the street in the rain", None, ""),
        ("He holds an image of his father. It was taken in 1950", None, ""),
        ("The score was 2=2", None, ""),
    ],
)
def test_parts_the_credit_in_the_ways_of_many_countries(text: str, caption: str | None, credit: str) -> None:
    assert split_credit(text) == (caption or text, credit)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ảnh: Hoài Thu", "Hoài Thu"),
        ("Photo by Ann Lee", "Ann Lee"),
        ("(c) Ann Lee", "Ann Lee"),
        ("IMAGE: Ann Lee", "Ann Lee"),
        ("Photo credit: Ann Lee", "Ann Lee"),
        ("사진=뉴시스", "뉴시스"),
        ("Bildquelle: dpa", "dpa"),
    ],
)
def test_a_credit_apart_loses_its_label(text: str, name: str) -> None:
    assert bare_credit(text) == name


def test_a_drawing_that_is_all_of_its_figure_is_a_chart_and_one_beside_a_photograph_a_button() -> None:
    chart = f'<figure><img src="/chart.svg"><figcaption>{CAPTION}</figcaption></figure>'
    button = f'<figure>{IMG}<img src="/zoom.svg"><figcaption>{CAPTION}</figcaption></figure>'

    assert read(chart) == [(CAPTION, None)]
    assert read(button) == [(CAPTION, None)]


@pytest.mark.parametrize(
    "line",
    [
        "Aktualisiert am 07.01.2026 - 18:50 Uhr Lesedauer: 4 Min.",
        "Lesedauer: 4 Min.",
        "5 min read",
        "3-minute read",
        "Temps de lecture : 3 min",
        "Embed",
        "Player wird geladen",
        "Listen to this article",
    ],
)
def test_what_players_and_clocks_write_is_no_story(line: str) -> None:
    assert read(f"<p>{line}</p>") == []


def test_a_sentence_with_minutes_in_it_is_story() -> None:
    page = f"<html><body><h1>{TITLE}</h1><div><p>{FIRST}</p><p>It was a 5 minute read of the whole plan, he said.</p><p>{SECOND}</p></div></body></html>"  # noqa: E501 -- markup

    assert "5 minute read" in parse(page.encode(), URL, sites=()).body


def test_a_paragraph_below_a_picture_that_ends_in_a_credit_is_its_caption() -> None:
    assert read(f"<p>{IMG}</p><p>{CAPTION}. Photo: Ann Lee</p>") == [(f"{CAPTION}.", "Ann Lee")]


def test_a_day_in_a_caption_makes_no_date_line_of_it() -> None:
    figure = f"<figure>{IMG}<figcaption>Cầu mới, ngày 19/11/2026</figcaption></figure>"

    assert [caption for caption, _ in read(figure)] == ["Cầu mới, ngày 19/11/2026"]


@pytest.mark.parametrize("credit", ["<b>Ann Lee</b>", "<span>Credit...Ann Lee</span>", "<i>© Ann Lee</i>"])
def test_a_credit_that_no_space_parts_from_the_caption(credit: str) -> None:
    html = f"<figure>{IMG}<figcaption><span>{CAPTION}</span>{credit}</figcaption></figure>"

    assert read(html) == [(CAPTION, "Ann Lee")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"Image: {CAPTION}. Photo: Ann Lee", (f"{CAPTION}.", "Ann Lee")),
        (f"{CAPTION}. | Ann Lee/AP", (f"{CAPTION}.", "Ann Lee/AP")),
        (f"{CAPTION}. hide caption", (f"{CAPTION}.", None)),
    ],
)
def test_labels_bars_and_buttons_are_no_part_of_a_caption(words: str, expected: tuple[str, str | None]) -> None:
    assert read(f"<figure>{IMG}<figcaption>{words}</figcaption></figure>") == [expected]


def test_each_cell_of_a_row_below_pictures_is_the_caption_of_its_picture() -> None:
    other = '<img src="/b.jpg" alt="" width="640" height="400">'
    rows = f"<tr><td>{IMG}</td><td>{other}</td></tr><tr><td>{CAPTION}</td><td>The wall in winter.</td></tr>"

    assert [caption for caption, _ in read(f"<table>{rows}</table>")] == [CAPTION, "The wall in winter."]


def test_a_source_below_a_picture_is_no_caption() -> None:
    page = f"<html><body><h1>{TITLE}</h1><div><p>{FIRST}</p><p>{SECOND}</p><p>{IMG}</p><p>Nguồn: Báo Sông Lớn</p></div>"

    article = parse(page.encode(), URL, sites=())

    assert article.images[0].caption is None
    assert article.source_name == "Báo Sông Lớn"
