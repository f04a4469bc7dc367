"""In which language an article is written."""

from __future__ import annotations

import pytest

from scraper.document import Document
from scraper.fields import language

VIETNAMESE = "Cây cầu mới qua sông đã thông xe sáng nay, rút ngắn quãng đường đến trường của học sinh trong xã."


def tongue(text: str = "", *, html: str = "<html>", headers: tuple[tuple[str, str], ...] = ()) -> str | None:
    document = Document(f"{html}<body></body></html>", "https://baoxa.example/a", headers=headers)
    found = language.choose(document, text=text)
    return found.value if found else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<html lang="de">', "de"),
        ('<html lang="en_us">', "en-US"),
        ('<html lang="vn">', "vi"),
        ('<html><head><meta property="og:locale" content="fr_FR"></head>', "fr-FR"),
        ('<html><head><meta http-equiv="content-language" content="da, en"></head>', "da"),
        ('<html lang="not a tag at all">', None),
    ],
)
def test_the_page_declares_its_language(html: str, expected: str | None) -> None:
    assert tongue(html=html) == expected


def test_the_header_declares_it_too() -> None:
    assert tongue(headers=(("Content-Language", "pt-BR"),)) == "pt-BR"


def test_vietnamese_is_known_by_its_letters_whatever_the_page_declares() -> None:
    assert tongue(VIETNAMESE, html='<html lang="en-US">') == "vi"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("橋は今朝ひらかれ、こどもたちの通学が楽になりました。", "ja"),
        ("다리가 오늘 아침 열려 아이들의 통학이 쉬워졌다.", "ko"),
        ("大桥今天早上通车，孩子们上学更方便了。", "zh"),
        ("पुल आज सुबह खुला और बच्चों का स्कूल जाना आसान हुआ।", "hi"),
        ("Мост открыли сегодня утром, и детям стало проще ходить в школу.", "ru"),
        ("Міст відкрили сьогодні вранці, і дітям стало легше ходити до школи.", "uk"),
        (
            "The bridge was opened in the morning, and the way to the school is short for the children of the town.",
            "en",
        ),
        (
            "Die Brücke wurde am Morgen eröffnet, und der Weg zur Schule ist für die Kinder nicht mehr weit.",
            "de",
        ),
        ("Ponte.", None),
    ],
)
def test_letters_and_common_words_tell_the_language_of_a_page_that_declares_none(
    text: str, expected: str | None
) -> None:
    assert tongue(text) == expected
