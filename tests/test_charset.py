"""Pages are read in the encoding that browsers would choose, and Vietnamese comes out composed."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.charset import Source, charset_of_header, charset_of_meta, decode, decode_html, encoding_of_label

TEXT = "Phan Thiết: những người nghèo ở thôn xã Bình Thuận được giúp đỡ, đường Lê Duẩn thông xe"
MARKS = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Write text as windows-1258 does: a letter, and its tone as a byte of its own."""
    out = b""
    for letter in unicodedata.normalize("NFD", text):
        out += letter.encode("cp1258", "ignore") if letter in MARKS or letter.isascii() else b""
        if letter not in MARKS and not letter.isascii():
            out = _with_shape(out, letter)
    return out


def _with_shape(out: bytes, mark_or_letter: str) -> bytes:
    """Join a circumflex, breve or horn to the letter before it, under a tone that may stand between."""
    if not unicodedata.combining(mark_or_letter):
        return out + mark_or_letter.encode("cp1258")
    tone = out[-1:] if out[-1:] in {mark.encode("cp1258") for mark in MARKS} else b""
    base = out[: len(out) - len(tone)]
    letter = unicodedata.normalize("NFC", base[-1:].decode("cp1258") + mark_or_letter)
    return base[:-1] + letter.encode("cp1258") + tone


def page(body: bytes, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>".encode() + body + b"</body></html>"


META_1258 = '<meta charset="windows-1258">'
META_UTF8 = '<meta charset="utf-8">'
META_1252 = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "source"),
    [
        (page(TEXT.encode(), META_UTF8), None, "utf-8", Source.META),
        (page(TEXT.encode()), "text/html; charset=UTF-8", "utf-8", Source.HEADER),
        (page(TEXT.encode()), 'text/html; Charset = "utf8"', "utf-8", Source.HEADER),
        (page(TEXT.encode()), None, "utf-8", Source.GUESS),
        (page(windows_1258(TEXT), META_1258), None, "windows-1258", Source.META),
        (page(windows_1258(TEXT), META_UTF8), "text/html; charset=windows-1258", "windows-1258", Source.HEADER),
        (page(windows_1258(TEXT)), None, "windows-1258", Source.GUESS),
        (page(windows_1258(TEXT), '<meta charset="x-bogus-9000">'), None, "windows-1258", Source.GUESS),
        (b"\xef\xbb\xbf" + page(TEXT.encode(), META_1258), "text/html; charset=gbk", "utf-8", Source.BOM),
        (b"\xff\xfe" + page(b"").decode().replace("</body>", TEXT).encode("utf-16-le"), None, "utf-16le", Source.BOM),
        (b"\xfe\xff" + page(b"").decode().replace("</body>", TEXT).encode("utf-16-be"), None, "utf-16be", Source.BOM),
        (page(TEXT.encode(), '<meta charset="utf-16">'), None, "utf-8", Source.META),
        (page(TEXT.encode(), META_1252), None, "utf-8", Source.GUESS),
        (page(TEXT.encode(), META_UTF8), "text/html; charset=iso-8859-1", "utf-8", Source.GUESS),
        (b'<?xml version="1.0" encoding="utf-8"?>' + page(TEXT.encode()), None, "utf-8", Source.META),
    ],
)
def test_f32_bom_goes_over_header_over_meta_over_guess(
    body: bytes, content_type: str | None, encoding: str, source: Source
) -> None:
    decoded = decode(body, content_type)

    assert (decoded.encoding, decoded.source) == (encoding, source)
    assert TEXT in decoded.text
    assert not decoded.is_suspect


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [
        ("新聞記事の本文です", "Shift_JIS", "cp932"),
        ("新聞記事の本文です", "EUC-JP", "euc_jp"),
        ("新闻报道的正文", "gb2312", "gb18030"),
        ("新闻报道的正文", "GBK", "gbk"),
        ("新聞報導的內文", "big5", "big5"),
        ("뉴스 기사 본문", "euc-kr", "cp949"),
        ("Новости дня", "windows-1251", "cp1251"),
        ("Новости дня", "koi8-r", "koi8-r"),
        ("ข่าววันนี้", "tis-620", "cp874"),
        ("Ein “schöner” Tag – ja", "iso-8859-1", "cp1252"),
    ],
)
def test_f32_declared_encodings_of_other_languages_are_read(text: str, label: str, codec: str) -> None:
    body = page(text.encode(codec), f"<meta charset={label}>")

    assert text in decode_html(body, None)
    assert text in decode_html(page(text.encode(codec)), f"text/html;charset={label}")


@pytest.mark.parametrize(
    "label",
    ["utf-7", "rot13", "rot_13", "zlib", "zlib_codec", "idna", "punycode", "unicode_escape", "base64", "hex",
     "undefined", "mbcs", "bogus-9000", "", "utf-8\0", "x" * 10_000, "../utf-8", "replacement", "iso-2022-kr"],
)  # fmt: skip
def test_f32_labels_that_are_no_encoding_of_the_web_are_refused(label: str) -> None:
    assert encoding_of_label(label) is None
    assert TEXT in decode_html(page(TEXT.encode()), f"text/html; charset={label}")


def test_f32_utf_7_is_not_undone_into_markup() -> None:
    smuggled = b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"

    assert "<script>" not in decode_html(smuggled, "text/html; charset=utf-7")


@pytest.mark.parametrize(
    ("text", "is_suspect"),
    [
        ("Thoâng tin tö lieäu cuûa ngöôøi ñoïc, ñöôïc toå chöùc taïi", True),
        ("ViÖt Nam ®­îc ®Õn §µ L¹t thµnh phè nh©n d©n chøc cña ®Ó", True),
        ("Một trang tiếng Việt bình thường, có ® và § ở cuối", False),
        ("Où est le maïs du mois d’août, créé naïvement à Hanoï ?", False),
        ("Größe, Ärger, Fußgängerübergänge © ® 2026", False),
        ("El niño comió aún más en el país", False),
        ("Bình Thuận", False),
    ],
)
def test_f32_vietnamese_in_a_fonts_own_encoding_is_flagged(text: str, *, is_suspect: bool) -> None:
    assert decode(page(text.encode()), "text/html; charset=utf-8").is_suspect is is_suspect


@pytest.mark.parametrize("text", ["Perché può, più però città", "Café crème à la carte", "Übergrößenträger für Männer"])
def test_western_text_without_declaration_is_not_taken_for_vietnamese(text: str) -> None:
    decoded = decode(page(text.encode("cp1252")), None)

    assert decoded.encoding == "windows-1252"
    assert text in decoded.text


def test_a_few_broken_bytes_do_not_make_a_utf_8_page_another() -> None:
    body = page(TEXT.encode() * 50 + b"\xe1\xba" + TEXT.encode() * 50)

    decoded = decode(body, None)

    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert not decoded.is_suspect


def test_a_page_of_broken_bytes_is_suspect() -> None:
    assert decode(page("Bầu cử tại Đà Nẵng".encode("cp1258", "ignore") * 9), "text/html; charset=utf-8").is_suspect


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<meta charset=windows-1258>", "windows-1258"),
        ("<META CHARSET='Windows-1258' />", "windows-1258"),
        ("<meta http-equiv=content-type content='text/html;charset=windows-1258'>", "windows-1258"),
        ("<meta content='text/html; charset=windows-1258' http-equiv='Content-Type'>", "windows-1258"),
        ("<!-- <meta charset=gbk> --><meta charset=windows-1258>", "windows-1258"),
        ("<meta name=description content='charset=gbk'><meta charset=windows-1258>", "windows-1258"),
        ("<meta charset=nonsense><meta charset=windows-1258>", "windows-1258"),
        ("<!--" + "x" * 2000 + "--><meta charset=windows-1258>", "windows-1258"),
        ("<meta name=x content=y>", None),
        ("<meta", None),
        ("<p charset=gbk>", None),
        (" " * 5000 + "<meta charset=gbk>", None),
    ],
)
def test_the_declaration_is_found_where_browsers_look(head: str, expected: str | None) -> None:
    assert charset_of_meta(head.encode()) == expected


def test_headers_without_charset_say_nothing() -> None:
    assert charset_of_header(None) is None
    assert charset_of_header("text/html") is None
    assert charset_of_header("text/html; charset=") is None


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=60)))
def test_f73_no_bytes_raise_and_none_leave_nul_or_surrogates(body: bytes, content_type: str | None) -> None:
    text = decode_html(body, content_type)

    assert "\0" not in text
    assert not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


@given(st.sampled_from(["utf-8", "utf-16", "gbk", "shift_jis", "iso-2022-jp", "windows-1258", "big5"]), st.binary())
def test_f73_no_encoding_lets_nul_or_surrogates_through(label: str, body: bytes) -> None:
    text = decode_html(body, f"text/html; charset={label}")

    assert "\0" not in text
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_utf_8_comes_out_as_it_went_in(text: str) -> None:
    assert decode_html(text.encode(), "text/html; charset=utf-8") == text.removeprefix("\ufeff")


def test_f72_hostile_heads_are_read_in_no_time() -> None:
    hostile = [b"<meta " * 100_000, b"<!--" * 100_000, b"<meta a='" + b"x" * 500_000, b"<?xml " + b" " * 500_000]

    began = time.process_time()
    for body in hostile:
        decode_html(body, "text/html; charset=" + "\t " * 50_000)

    assert time.process_time() - began < 1
