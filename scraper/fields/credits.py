"""Whose picture it is: the credit that ends a caption, in the ways of newspapers of many languages."""

from __future__ import annotations

import re

from scraper.text import one_line

_LABEL = (
    r"Ảnh(?: tư liệu| chụp màn hình)?|Hình(?: ảnh)?|Nguồn(?: ảnh| hình)?"
    r"|Photo(?:graph|graphie|s)?(?: credit| courtesy)?"
    r"|Foto(?:s|grafía|grafia|kredit)?|Bild(?:er|quelle|nachweis)?|Image(?:s|n)?(?: credit| source)?|Credits?|Sources?"
    r"|Quelle|Fuente|Fonte|Bron|Kilde|Källa|Źródło|Kaynak|Sumber|Источник|Джерело|Copyright|Pictures?|Pic|Video"
    r"|Crédits?(?: photo)?|Crédito|Фото|Зображення|Kuva|Fot\.?|Illustration|Graphic|Grafik|Getty|Dok\.?"
    r"|사진(?:제공| 제공)?|그래픽|写真(?:提供)?|撮影|画像|提供|图片?(?:源|来源)?|圖片?(?:源|來源)?|摄影|攝影"
    r"|फोटो|साभार|تصوير|صورة"
)
_BY = (
    r"(?:Photo(?:graph|s)?|Pictures?|Images?|Illustrations?|Courtesy|Foto|Bild|Fotografía|Fotografia)"
    r"\s(?:by|of|von|di|de|da|par|av|af|oleh)\s"
)
_APART = r"(?:^|(?<=[.!?;|(\[–—-])|(?<=[.!?”\"|–—-]\s))"
_AGENCIES = (
    r"Reuters|AFP|AP|Getty|TTXVN|VNA|EPA|dpa|Xinhua|Bloomberg|Shutterstock|iStock|ANSA|imago|Keystone|PA|AAP|Yonhap"
    r"|Kyodo|EFE|Lusa|Europa Press|picture[- ]alliance|Alamy|Unsplash|Pexels|Pixabay|Belga|ANP|NTB|TT|Ritzau"
    r"|Scanpix|Lehtikuva|TASS|PTI|ANI|Antara|Anadolu|AA|IHA|DHA|CTK|PAP|MTI|UPI|NASA|Wikimedia"
)
MIN_CHARS_BEFORE = 12

_END = r"\s*[)\]）】]?\s*\.?\s*$"
_LABELLED = re.compile(
    rf"[(\[（【/]?\s*(?:(?<!\w)(?:{_LABEL})\s*(?:[:：/=＝]|\.\.\.|…)\s*|{_APART}{_BY}|{_APART}Fot\.\s*|[©ⓒ]\s*|[(（][cCＣ][)）]\s*)"
    rf"(?P<name>[^()\[\]（）]{{2,120}}?){_END}",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"[(\[（](?P<name>[^()\[\]（）]{{0,60}}\b(?:{_AGENCIES})\b[^()\[\]（）]{{0,60}}){_END}", re.IGNORECASE
)
_AFTER_SENTENCE = re.compile(
    rf"(?<=[.!?”\"])\s+(?P<name>(?:[A-Z][^.!?]{{0,60}}[\s/|-])?(?:{_AGENCIES})(?:[\s/-][^.!?]{{0,40}})?)\.?\s*$"
)
_AFTER_EQUALS = re.compile(
    r"[＝=](?P<name>(?:ＡＰ|ＡＦＰ|AP|AFP|ロイター|共同|時事|ゲッティ|新華社|聯合|[^＝=。、]{0,12}(?:通信社?|新聞社?|提供|撮影))[^＝=。]{0,12})$"
)
_TAKEN = re.compile(r"[（(](?P<name>[^（）()]{2,20}?)(?:撮影|摄|攝|촬영)[)）]\s*$")
_AFTER_BAR = re.compile(r"(?<=[.!?”\"])\s+\|\s+(?P<name>[^|.]{2,60})$")
_WAYS = (_IN_BRACKETS, _LABELLED, _TAKEN, _AFTER_EQUALS, _AFTER_SENTENCE, _AFTER_BAR)
_LEADING = re.compile(
    rf"^[(\[（\s]*(?:(?:{_LABEL})\s*(?:[:：/=＝]|\.\.\.|…)\s*|{_BY}|Fot\.\s|[©ⓒ]\s*|[(（][cCＣ][)）]\s*|Copyright\s+)+",
    re.IGNORECASE,
)
_NOT_WHOSE = re.compile(r"minh h[oọ]", re.IGNORECASE)


def split_credit(text: str) -> tuple[str, str]:
    """Part a caption from the credit that ends it: `Cầu mới. Ảnh: K. Hằng` gives both; "" where there is no credit.

    `Ảnh minh họa` says what the picture is, not whose it is.
    """
    match = next((found for way in _WAYS if (found := way.search(text))), None)
    if match is None or _NOT_WHOSE.match(match["name"]):
        return text, ""
    return text[: match.start()].rstrip(" -–—|,(/"), bare_credit(match["name"])


def ends_in_credit(text: str) -> bool:
    """Tell whether a label and a name end a text that says more than these: `Bến cá sáng đèn. Ảnh: K. Hằng`."""
    match = _LABELLED.search(text)
    return match is not None and match.start() >= MIN_CHARS_BEFORE and not _NOT_WHOSE.match(match["name"])


def bare_credit(text: str) -> str:
    """Return a credit without its label and brackets: `(Image: Ann Lee)` gives Ann Lee."""
    return _LEADING.sub("", one_line(text)).strip(" ()[].,（）")
