"""In which encoding a page is written, and its text (WHATWG Encoding Standard; HTML, 13.2.3)."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain

from scraper.text import nfc

PRESCAN_BYTES = 4096  # the standard says 1,024; pages with long comments above the declaration are common
SAMPLE_CHARS = 100_000
MAX_HEADER_CHARS = 1_000


class Source(StrEnum):
    """What the choice of the encoding rests on, most trusted first."""

    BOM = "bom"
    HEADER = "header"
    META = "meta"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, free of NUL and lone surrogates, and how it was read."""

    text: str
    encoding: str  # the name in the WHATWG standard: "utf-8", "windows-1258"
    source: Source
    body: bytes = field(repr=False)

    @property
    def markup(self) -> str | bytes:
        """The page for a parser that reads UTF-8: the bytes as they came where they are that, else the text."""
        is_whole = self.encoding == "utf-8" and self.source is not Source.BOM and "\ufffd" not in self.text
        return self.body if is_whole and b"\0" not in self.body else self.text

    @property
    def is_suspect(self) -> bool:
        """Tell whether many bytes cannot be decoded, or Vietnamese is in a font's own encoding (TCVN3, VNI)."""
        return _is_suspect(self.body, self.text)


# Labels by WHATWG name and Python codec. What is not here is refused: utf-7 (smuggles markup), and Python's
# codecs that are no character sets at all (rot13, zlib, idna, punycode, unicode_escape).
_ENCODINGS = """
utf-8        utf-8         utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8
utf-16le     utf-16-le     utf-16 utf-16le ucs-2 csunicode iso-10646-ucs-2 unicode unicodefeff
utf-16be     utf-16-be     utf-16be unicodefffe
windows-1258 cp1258        windows-1258 cp1258 x-cp1258
windows-1252 cp1252        windows-1252 cp1252 x-cp1252 ascii us-ascii ansi_x3.4-1968 x-user-defined
windows-1252 cp1252        iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 csisolatin1
windows-1252 cp1252        latin1 latin-1 l1 cp819 ibm819
windows-1250 cp1250        windows-1250 cp1250 x-cp1250
windows-1251 cp1251        windows-1251 cp1251 x-cp1251
windows-1253 cp1253        windows-1253 cp1253 x-cp1253
windows-1254 cp1254        windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5
windows-1255 cp1255        windows-1255 cp1255 x-cp1255
windows-1256 cp1256        windows-1256 cp1256 x-cp1256
windows-1257 cp1257        windows-1257 cp1257 x-cp1257
windows-874  cp874         windows-874 dos-874 iso-8859-11 iso8859-11 tis-620
iso-8859-2   iso8859-2     iso-8859-2 iso8859-2 iso_8859-2 latin2 l2
iso-8859-3   iso8859-3     iso-8859-3 iso8859-3 latin3 l3
iso-8859-4   iso8859-4     iso-8859-4 iso8859-4 latin4 l4
iso-8859-5   iso8859-5     iso-8859-5 iso8859-5 cyrillic
iso-8859-6   iso8859-6     iso-8859-6 iso8859-6 arabic
iso-8859-7   iso8859-7     iso-8859-7 iso8859-7 greek greek8
iso-8859-8   iso8859-8     iso-8859-8 iso8859-8 iso-8859-8-i hebrew visual logical
iso-8859-10  iso8859-10    iso-8859-10 iso8859-10 latin6 l6
iso-8859-13  iso8859-13    iso-8859-13 iso8859-13
iso-8859-14  iso8859-14    iso-8859-14 iso8859-14
iso-8859-15  iso8859-15    iso-8859-15 iso8859-15 latin9 l9
iso-8859-16  iso8859-16    iso-8859-16
koi8-r       koi8-r        koi8-r koi8 koi koi8_r
koi8-u       koi8-u        koi8-u koi8-ru
ibm866       cp866         ibm866 cp866 866
macintosh    mac_roman     macintosh mac x-mac-roman
x-mac-cyrillic mac_cyrillic x-mac-cyrillic x-mac-ukrainian
gbk          gb18030       gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 x-gbk iso-ir-58
gb18030      gb18030       gb18030
big5         big5hkscs     big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp       euc_jp        euc-jp x-euc-jp cseucpkdfmtjapanese
iso-2022-jp  iso2022_jp    iso-2022-jp csiso2022jp
shift_jis    cp932         shift_jis shift-jis sjis x-sjis ms_kanji windows-31j ms932 csshiftjis
euc-kr       cp949         euc-kr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cseuckr iso-ir-149
"""


def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Return WHATWG names by label, and Python codecs by WHATWG name."""
    names: dict[str, str] = {}
    codecs: dict[str, str] = {}
    for line in _ENCODINGS.strip().splitlines():
        name, codec, *labels = line.split()
        codecs[name] = codec
        names.update(dict.fromkeys(labels, name))
    return names, codecs


_NAMES, _CODECS = _table()
_UNICODE = frozenset({"utf-8", "utf-16le", "utf-16be"})
_MULTIBYTE = _UNICODE | {"gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr"}
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16le"), (BOM_UTF16_BE, "utf-16be"))


def encoding_of_label(label: str) -> str | None:
    """Return the WHATWG name of an encoding's label, or None for a label that is unknown or refused."""
    return _NAMES.get(label.strip("\t\n\f\r \"'").lower())


def decode_html(body: bytes, content_type: str | None) -> str:
    """Return the text of a page; `content_type` is the value of that header, None where it was not sent.

    Never raises: what cannot be decoded becomes U+FFFD.
    """
    return decode(body, content_type).text


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Return the text of a page with the encoding chosen: BOM, header, meta, else a guess. Never raises."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _decoded(body[len(bom) :], name, Source.BOM)
    declared = _declared(body, content_type)
    if declared is None:
        return _decoded(body, _guess(body), Source.GUESS)
    name, source = declared
    # A server's default "charset=iso-8859-1" over UTF-8 pages is common; legacy text is as good as never valid UTF-8.
    if name not in _MULTIBYTE and not body.isascii() and _is_utf8(body):
        return _decoded(body, "utf-8", Source.GUESS)
    return _decoded(body, name, source)


def charset_of_header(content_type: str | None) -> str | None:
    """Return the encoding that a Content-Type names, or None where it names none that is known."""
    match = _CHARSET.search((content_type or "")[:MAX_HEADER_CHARS])
    return encoding_of_label(match[1]) if match else None


_CHARSET = re.compile(r"charset\s*=[\s\"']*([^\s\"';,]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"'>]*)")
_META = re.compile(rb"<meta[\s/]([^>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]{1,40})\s*=\s*(?:\"([^\">]*)|'([^'>]*)|([^\s\"'>]+))", re.IGNORECASE)


def charset_of_meta(body: bytes) -> str | None:
    """Return the encoding that the page itself declares in its first 4,096 bytes, or None."""
    head = _COMMENT.sub(b"", body[:PRESCAN_BYTES])
    metas = (_label_of_meta(match[1]) for match in _META.finditer(head))
    xml = (match[1].decode("latin-1") for match in _XML.finditer(head))
    names = (encoding_of_label(label) for label in chain(metas, xml) if label)
    name = next(filter(None, names), None)
    # A declaration that could be read as ASCII is not UTF-16, whatever it says (HTML, 13.2.3.2).
    return "utf-8" if name in _UNICODE else name


def _label_of_meta(attributes: bytes) -> str | None:
    values = {m[1].lower(): m[2] or m[3] or m[4] or b"" for m in _ATTRIBUTE.finditer(attributes)}
    if b"charset" in values:
        return values[b"charset"].decode("latin-1")
    if values.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    match = _CHARSET.search(values.get(b"content", b"").decode("latin-1"))
    return match[1] if match else None


def _declared(body: bytes, content_type: str | None) -> tuple[str, Source] | None:
    if name := charset_of_header(content_type):
        return name, Source.HEADER
    if name := charset_of_meta(body):
        return name, Source.META
    return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, name: str, source: Source) -> Decoded:
    text = body.decode(_CODECS[name], "replace")
    if name == "windows-1258":  # base letter and combining mark stand apart there
        text = nfc(text)
    if b"\0" in body:  # as in every encoding a NUL is; looking through bytes is faster
        text = text.replace("\0", "")
    return Decoded(text, name, source, body)


# --- the guess --------------------------------------------------------------------------------------------------------

# In windows-1258 a tone mark is a byte of its own after its vowel: grave, hook, tilde, acute, dot below.
_TONES_1258 = re.compile(rb"[aeiouyAEIOUY\xe2\xe3\xea\xf4\xf5\xfd\xc2\xc3\xca\xd4\xd5\xdd]([\xcc\xd2\xde\xec\xf2])")
_IS_VIETNAMESE = re.compile(rb"\blang\s*=\s*[\"']?vi\b", re.IGNORECASE)
_FEW_ERRORS = 0.1  # of the letters outside ASCII: a damaged UTF-8 page, not another encoding
_TONES_IN_USE = 3  # Italian has "può", but not three kinds of tone


def _guess(body: bytes) -> str:
    if _is_utf8(body) or _is_damaged_utf8(body):
        return "utf-8"
    tones = set(_TONES_1258.findall(body[:SAMPLE_CHARS]))
    if len(tones) >= _TONES_IN_USE or (tones and _IS_VIETNAMESE.search(body[:PRESCAN_BYTES])):
        return "windows-1258"
    return "windows-1252"


def _is_damaged_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - sum(map(str.isascii, text))
    return text.count("\ufffd") <= beyond_ascii * _FEW_ERRORS


# Vietnamese typed in fonts that put their own letters over Latin-1: "Thoâng tin tö lieäu" (VNI), "®­îc" (TCVN3).
_VNI = re.compile("öô|öu|oâ|eâ|aâ|aø|oø|eø|uø|aù|eä|oä|aä|eå|oå|ñö|ñe|ñi|ñò")
_TCVN3 = re.compile("®[\xad¬«ª©¨¸µ¶·¹Ê-ý]|\xad[¬îíêëì]|[a-z][µ¶¸¹]|[a-z]Ö|[iu]Ò|«[ngi]|¨[nmi]")
_KINDS_IN_USE = 4
_MANY_ERRORS = 0.001  # of all characters


def _is_suspect(body: bytes, text: str) -> bool:
    if text.isascii():
        return False
    if text.count("\ufffd") > len(text) * _MANY_ERRORS:
        return True
    if b"\xe1\xba" in body or b"\xe1\xbb" in body:  # the block of Vietnamese letters in UTF-8: real text
        return False
    sample = text[:SAMPLE_CHARS]
    return any(len(set(pattern.findall(sample))) >= _KINDS_IN_USE for pattern in (_VNI, _TCVN3))
