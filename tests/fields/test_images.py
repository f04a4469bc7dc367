"""Pictures of the story with their captions and credits."""

from __future__ import annotations

import pytest

from scraper import parse
from scraper.fields.credits import split_credit
from scraper.models import Image

URL = "https://bao.example/xa-hoi/chuyen-lang-123456.html"
FIRST = "Mùa gió nam về, ghe lưới vây ở Phan Rí cá cơm đầy khoang, bến sáng đèn từ hai giờ khuya tới sáng."
SECOND = "Người làm nước mắm chờ sẵn ở cầu cảng, cân cá xong là muối ngay, mỗi mẻ ba cá một muối như ông bà dạy."
THIRD = "Năm nay giá cá giữ vững, nhà nào cũng tính thay lưới mới, sơn lại ghe trước khi mùa gió bấc tràn về."
CAPTION = "Ghe lưới vây cập bến lúc rạng sáng"


def images_of(html: str) -> tuple[Image, ...]:
    page = f"<html><body><div id=tin><p>{FIRST}</p>{html}<p>{SECOND}</p><p>{THIRD}</p></div></body></html>"
    article = parse(page.encode(), URL, sites=())
    assert article.body.split("\n\n") == [FIRST, SECOND, THIRD]
    return article.images


@pytest.mark.parametrize(
    "html",
    [
        f"<figure><img src=/a.jpg><figcaption>{CAPTION}</figcaption></figure>",
        f"<table><tr><td><img src=/a.jpg></td></tr><tr><td>{CAPTION}</td></tr></table>",
        f'<p align=center><img src=/a.jpg></p><p style="text-align: center;">{CAPTION}</p>',
        f"<p><img src=/a.jpg></p><p><em>{CAPTION}</em></p>",
        f"<p><img src=/a.jpg><br><em>{CAPTION}</em></p>",
        f"<p><img src=/a.jpg><span>{CAPTION}</span></p>",
        f'<div class="media"><div><img src=/a.jpg></div><div class="PhotoCMS_Caption"><p>{CAPTION}</p></div></div>',
        f'<div><img src=/a.jpg></div><div class="chu-thich">{CAPTION}</div>',
        f'<div class="photo"><img src=/a.jpg><p>{CAPTION}</p></div>',
    ],
)
def test_finds_the_caption_wherever_it_stands(html: str) -> None:
    assert [image.caption for image in images_of(html)] == [CAPTION]


def test_one_caption_of_a_row_of_pictures_counts_once() -> None:
    images = images_of(
        f"<figure><img src=/a.jpg><img src=/b.jpg><img src=/c.jpg><figcaption>{CAPTION}</figcaption></figure>"
    )

    assert len(images) == 3
    assert [image.caption for image in images if image.caption] == [CAPTION]


def test_a_paragraph_after_a_picture_is_no_caption() -> None:
    page = f"<html><body><div><p>{FIRST}</p><p><img src=/a.jpg></p><p>{SECOND}</p><p>{THIRD}</p></div></body></html>"

    article = parse(page.encode(), URL, sites=())

    assert [image.caption for image in article.images] == [None]
    assert SECOND in article.body


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<img src="/small.jpg" data-src="/large.jpg">', "/large.jpg"),
        ('<img src="data:image/gif;base64,R0lGOD" data-original="/large.jpg">', "/large.jpg"),
        ('<img src="/small.jpg" srcset="/s.jpg 320w, /large.jpg 1280w, /m.jpg 640w">', "/large.jpg"),
        ('<img src="/small.jpg" srcset="/m.jpg 1x, /large.jpg 2x">', "/large.jpg"),
        ('<picture><source srcset="/large.jpg 1200w"><img src="/small.jpg"></picture>', "/large.jpg"),
        ('<img class=lazy data-lazy-src="/large.jpg">', "/large.jpg"),
        ('<noscript><img src="/large.jpg"></noscript>', "/large.jpg"),
        ('<img src="large.jpg">', "/xa-hoi/large.jpg"),
    ],
)
def test_takes_the_address_of_the_best_resolution(markup: str, expected: str) -> None:
    assert [image.url for image in images_of(f"<figure>{markup}</figure>")] == [f"https://bao.example{expected}"]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/pixel.gif" width="1" height="1">',
        '<p><img src="/i/share-icon.png" class="icon"></p>',
        '<div class="author"><img src="/avatar/lan.jpg"></div>',
        '<div class="related"><a href="/k-1.html"><img src="/k.jpg">Chuyện khác của biển hôm nay</a></div>',
        '<div class="banner-ads"><img src="/qc.jpg"></div>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    ],
)
def test_takes_no_icon_avatar_pixel_advertisement_or_thumbnail(markup: str) -> None:
    assert images_of(markup) == ()


def test_a_lead_picture_above_the_text_counts_too() -> None:
    page = f"""<html><body><article><h1>Mùa cá cơm ở Phan Rí về sớm</h1>
    <div class="top"><figure><img src="/to.jpg"><figcaption>{CAPTION}</figcaption></figure></div>
    <div class="text"><p>{FIRST}</p><p>{SECOND}</p></div></article></body></html>"""

    article = parse(page.encode(), URL, sites=())

    assert [image.caption for image in article.images] == [CAPTION]
    assert article.body == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Bến cá sáng đèn. Ảnh: K. Hằng", "Bến cá sáng đèn.", "K. Hằng"),
        ("Bến cá sáng đèn - Ảnh: ĐVCC", "Bến cá sáng đèn", "ĐVCC"),
        ("Bến cá sáng đèn (Ảnh: ĐVCC)", "Bến cá sáng đèn", "ĐVCC"),
        ("Bến cá sáng đèn. Nguồn: TTXVN.", "Bến cá sáng đèn.", "TTXVN"),
        ("The harbour at dawn. Photo: Ann Lee", "The harbour at dawn.", "Ann Lee"),
        ("Der Hafen. Foto: Jan Weiss/dpa", "Der Hafen.", "Jan Weiss/dpa"),
        ("Der Hafen. Bild: Keystone", "Der Hafen.", "Keystone"),
        ("The harbour. © Ann Lee", "The harbour.", "Ann Lee"),
        ("The harbour at dawn. (Reuters)", "The harbour at dawn.", "Reuters"),
        ("Ảnh minh họa", "Ảnh minh họa", ""),
        ("Ảnh: minh họa", "Ảnh: minh họa", ""),
        ("Bến cá sáng đèn.", "Bến cá sáng đèn.", ""),
    ],
)
def test_parts_the_credit_from_the_caption(text: str, caption: str, credit: str) -> None:
    assert split_credit(text) == (caption, credit)


def test_a_credit_of_its_own_loses_label_and_brackets() -> None:
    credit = "<span class=credit>(Image: Ann Lee)</span>"

    images = images_of(f"<figure><img src=/a.jpg><figcaption>{CAPTION} {credit}</figcaption></figure>")

    assert [(image.caption, image.credit) for image in images] == [(CAPTION, "Ann Lee")]
