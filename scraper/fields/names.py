"""Which people a byline names: roles, outlets, times, addresses and the words that lead it in are left out."""

from __future__ import annotations

import re

from scraper.fields import date_formats, press
from scraper.fields.calendar_words import MONTHS, WEEKDAYS
from scraper.text import folded

MAX_CHARS = 300  # a longer text is no byline
MAX_NAME_CHARS = 50
MAX_NAME_WORDS = 6
MAX_NAMES = 12

_LEAD_IN = re.compile(
    r"^[\s•|:,–-]*(?:"
    r"(?:written|words|story|reported|reporting|report|text|posted|submitted|edited|reviewed|article|published|updated"
    r"|interview|comment|analysis|opinion|review|essay|column|created)\s+by"
    r"|(?:eine?\s)?(?:bericht|kommentar|analyse|reportage|interview|gastbeitrag|porträt|glosse|essay|kolumne)\s+von"
    r"|(?:propos )?recueillis? par|réalisé par|(?:dal|dalla) (?:nostr[oa] )?(?:inviat[oa]|corrispondente)"
    r"|teksti|toimittaja|szerző|írta|autorė|haber|muhabir|röportaj|συντάκτης|κείμενο|nhóm (?:pv|phóng viên)"
    r"|by|with|posted|von|par|por|di|de|a cura di|av|af|door|oleh|penulis|от|автор[ыи]?|автори|yazan|yazar"
    r"|(?:text|tekst|texto|testo|texte|bericht)"
    r"(?:\s+(?:and|und|og|och|et|e|y)\s+(?:photos?|fotos?|foto|bild(?:er)?|photographs))?"
    r"|autor(?:en|in|innen|es|a|i|e|zy|ka)?|auteur(?:s|e|rice)?|authors?|journalist(?:en|in|er|e)?|journaliste|reporter"
    r"|redak(?:tion|tor|cja|ce|teur)?|redacción|redactor|kirjoittaja|skribent|parengė|autorius|opracowanie|oprac"
    r"|tác giả(?:\s*/\s*nguồn)?|(?:được )?(?:viết|đăng|gửi) bởi|người viết|thực hiện|biên soạn|tổng hợp|theo|bởi"
    r"|phóng viên|nhà báo|cộng tác viên|biên tập viên|luật sư|bác sĩ|(?:pv|ctv|btv)\.?"
    r"|(?:nội dung|bài viết|bài|tin|clip|video)"
    r"(?:\s*(?:,|và|&|-|–|/)\s*(?:ảnh|hình ảnh|hình|video|clip|tin|bài|đồ họa|đồ hoạ))*"
    r"|文|記者|记者|撰文|作者|글|लेखक|द्वारा|بقلم|كتب"
    r")(?P<mark>\s*[:：/|-]\s*|\s+|$)",
    re.IGNORECASE,
)
_NEEDS_MARK = frozenset(
    (
        *("text", "tekst", "texto", "testo", "texte", "bericht", "tin", "bài", "nội dung", "clip", "video"),
        *("redak", "redaktion", "文", "글", "de", "haber", "teksti"),
    )
)
_PARENTHESES = re.compile(r"\s*[(（\[][^()（）\[\]]{0,80}[)）\]]")
_MAIL = re.compile(r"[^\s@]{1,64}@[\w-]{1,60}\.[^\s@]{2,40}")
_HANDLE = re.compile(r"(?:^|(?<=\s)|(?<=[a-zà-ỹ]))@\w{2,30}")
_URL = re.compile(r"https?://\S*|www\.\S*", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*,\s*(?:and|und|et|y|e|og|och|en|và)\s+|\s*[,;|•·/、，\n\t]\s*|\s+[-–—]\s+"
    r"|\s+(?:&|\+|and|AND|und|UND|et|ET|y|e|i|og|OG|och|OCH|en|и|та|і|й|ve|dan|và|VÀ|cùng|ja|a|with"
    r"|as told to|avec|mit)\s+"
)
_CUT = re.compile(
    r"\s(?:(?i:xem các bài|và \d+ tác giả|is (?:an?|the|our)\b|ist\b|covers\b|follow\b|view\b|see all"
    r"|more (?:articles|from|by)|all posts"
    r"|tips meg|hora de|updated\b|published\b|publié|aktualisiert|veröffentlicht|posted\b|min(?:ute)? read"
    r"|comments?\b|share\b|teilen\b|(?:vor|hace|il y a) \d|liên hệ|gửi email"
    r"|(?:thực hiện|tổng hợp|lược dịch|biên dịch|lược ghi|ghi)\s*$)"
    r"|\d{1,2}[:h.]\d\d|(?:for|in|FOR|IN) [A-Z]).*$",
    re.DOTALL,
)
_WEEKDAY_LAST = re.compile(r"\b(?:thứ\s\w+|chủ nhật|ngày|lúc|on|am|le|el)[\s,.|–-]{0,5}$", re.IGNORECASE)
_OTHERS = re.compile(
    r"[\s.]+(?:ảnh|hình ảnh|hình|đồ họa|đồ hoạ|thiết kế|trình bày|kỹ thuật|video|photos?|fotos?|bild(?:er)?|grafik)"
    r"\s*:.*$",
    re.IGNORECASE | re.DOTALL,
)
"""Who took the pictures, behind who wrote: `Text: Anna Berg Foto: Jo Ried`."""
_PLACE_AFTER = re.compile(r"(?<=[a-zà-ÿ]{3})(?<!Prof)(?<!Mrs)\.\s+[A-ZÀ-Ý].*$|\s+—\s+.*$", re.DOTALL)
"""Where it was written, behind the name: `Por María Huerta. Madrid`, `Por Maria Horta — São Paulo`."""
_ROLE = re.compile(
    r"\b(?:staff|writer|reporter|correspondent|editor(?:ial)?|journalist(?:in)?|contributor|columnist|producer|chief|senior"
    r"|photographer|director|manager|expert|professor|profesorius|redakteur(?:in)?|redaktor|chefredakteur|volontär"
    r"|journaliste|rédact\w+|redattore|giornalista|redactor[a]?|periodista|corresponsal|freelance|columnista"
    r"|phóng viên|biên tập viên|cộng tác viên|thạc sĩ|luật sư|muhabir|gazeteci|wartawan|editor\w*|penulis|dr\b\.?$)",
    re.IGNORECASE,
)
_CJK_LEAD_IN = re.compile(
    r"^[【\[［]?\s*(?:(?:取材・文|取材|聞き手|執筆|構成|本報記者|本报记者|記者|记者|作者|撰文|編集委員)\s*[:：=＝・／/|]?\s*"
    r"|[文글]\s*[:：=＝・／/ ]\s*)"
)
_CJK_TAIL = re.compile(r"[／/][^／/]{0,12}(?:報導|报道|報道|撮影)\s*$|[】\]］]\s*$")
_ROLE_AFTER = re.compile(r"\s*(?:기자|특파원|인턴기자|선임기자|記者|记者|編輯|编辑|特派員|さん)\s*$")
_OUTLET = re.compile(
    r"\b(?:news(?:room|desk|paper)?|redaktion|redaktionen|redaction|rédaction|redacción|redazione|redakcja|redakce"
    r"|redaksi|editorial|editors|staff|team|desk|online|digital|media|press|tv|radio|magazine|gazette|times|post|tribune"
    r"|herald|journal|agency|agencies|agencias?|agence|agenzia|ajansı|reuters|afp|dpa|sid|epd|kna|ansa|efe|tass|ria|unian"
    r"|tass|lusa|ntb|ritzau|tt|anp|apa|bbc|cnn|associated|bloomberg|xinhua|ttxvn|vnexpress|bnews|chinhphu|vov|vtv|vtc"
    r"|admin|administrator|webmaster|pv|btv|ctv|nhóm|báo|tạp chí|ban biên tập|tòa soạn|toà soạn|bộ|sở|ubnd|cổng"
    r"|trung tâm|phòng|tổ|đài (?:pt\w*|tt\w*|phát thanh|truyền hình|tiếng nói)"
    r"|theo|ảnh|hình|nguồn|ministry|department|center|centre|university|institute|inc|ltd"
    r"|llc|gmbh|corp|company)\b"
    r"|新聞|新闻|編集部|日報|通信社|通訊社|オンライン|デジタル|現代|뉴스|신문|일보"
    r"|संवाददाता|न्यूज|भास्कर|डेस्क|\.(?:com|vn|net|org|de|tv|it|fr)\b",
    re.IGNORECASE,
)
_ALONE = """
by von par por di af av oleh bởi theo bài ảnh tin hình video clip text photo photos foto fotos bild p.v hết thẻ
facebook twitter zalo google youtube tiktok instagram whatsapp telegram
"""
_NOT_ALONE = frozenset(_ALONE.split())
"""What leads names in, names no reporter (`P.V`), or is a button."""

_PARTICLES = frozenset(
    (
        *(
            "de",
            "da",
            "do",
            "dos",
            "das",
            "del",
            "della",
            "di",
            "du",
            "la",
            "le",
            "el",
            "los",
            "las",
            "van",
            "von",
            "der",
        ),
        *(
            "den",
            "ter",
            "ten",
            "te",
            "zu",
            "zum",
            "af",
            "av",
            "al",
            "bin",
            "ibn",
            "bint",
            "ben",
            "abu",
            "y",
            "e",
            "und",
        ),
        *("i", "dei", "degli", "of", "d'", "l'", "st", "mc", "mac"),
    )
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]")
_LONG_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]{4,}")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.\s?){1,4}(?:[^\W\d_]{1,12})?\.?")


def names(text: str) -> tuple[str, ...]:
    """Return the people that a byline names, as written, in its order, each once; () if it names none."""
    if len(text) > MAX_CHARS:
        return ()
    found: dict[str, str] = {}
    for piece in _pieces(text):
        if not is_name(piece) or (len(found) == 1 and _is_place(piece)) or (found and piece.islower()):
            if found and not _ROLE.search(piece):
                break
            continue
        found.setdefault(piece.casefold(), piece)
    return tuple(found.values())[:MAX_NAMES]


def _is_place(piece: str) -> bool:
    """Tell whether a later part of a byline is rather where it was written: `Von Anna Maier, Hamburg`."""
    return _LONG_WORD.fullmatch(piece) is not None or piece.startswith(("de ", "aus ", "in "))


def is_name(text: str) -> bool:
    """Tell whether a text may be a person's name, pen-name or initials: capitals, few words, no outlet, no role."""
    if not _WORD.search(text) or len(text) > MAX_NAME_CHARS or any(mark.isdigit() for mark in text):
        return False
    if _OUTLET.search(text) or _ROLE.search(text) or any(mark in text for mark in '@!?…"“”:：_<>{}=＝+'):
        return False
    if _CJK.search(text):
        return 2 <= len(text.replace(" ", "")) <= 8  # noqa: PLR2004 - Japanese and Korean names; longer ones are outlets
    words = text.split()
    if text.casefold() in WEEKDAYS or text.casefold() in MONTHS or _is_no_person(text):
        return False
    return len(words) <= MAX_NAME_WORDS and _is_written_as_name(words)


def _is_no_person(text: str) -> bool:
    return (
        all(part in press.AGENCIES for part in re.split(r"[\s/-]+", text))
        or folded(text) in press.PAPERS
        or folded(text) in press.PLACES
        or press.SECTIONS.match(text) is not None
        or text.casefold().strip(".") in _NOT_ALONE
    )


def is_outlet(text: str) -> bool:
    """Tell whether a text names a newspaper, an agency or a desk rather than a person."""
    return _OUTLET.search(text) is not None or folded(text) in press.PAPERS


def _is_written_as_name(words: list[str]) -> bool:
    bare = [word for word in words if word.casefold() not in _PARTICLES]
    if not bare:
        return False
    if any(word[0].isalpha() and not (word[0].isupper() or _has_no_case(word)) for word in bare):
        return len(words) in {2, 3} and all(word.isalpha() and word.islower() for word in words)
    return len(bare) > 1 or len(bare[0]) > 1 or _INITIALS.fullmatch(bare[0]) is not None


def _has_no_case(word: str) -> bool:
    return word[0].upper() == word[0].lower()


def _pieces(text: str) -> list[str]:
    """Take a byline apart at commas, conjunctions and the like, without what leads it in or hangs on it."""
    text = _URL.sub(" ", _HANDLE.sub(" ", _MAIL.sub(" ", text)))
    text = _CUT.sub("", _PARENTHESES.sub(" ", " " + _before_dates(text)))
    text = _PLACE_AFTER.sub("", _OTHERS.sub("", without_lead_in(text.strip())))
    text = _CJK_TAIL.sub("", _CJK_LEAD_IN.sub("", text)).strip("【】 ") if _CJK.search(text) else text
    pieces = (_ROLE_AFTER.sub("", without_lead_in(piece)).strip(" .*:-–—\u200b\"'") for piece in _SPLIT.split(text))
    kept = [_with_dot(piece, text) for piece in pieces]
    return [piece for piece in kept if piece]


def _before_dates(text: str) -> str:
    """Cut a byline where a date begins, unless it begins with one."""
    found = date_formats.find(text)
    before = _WEEKDAY_LAST.sub("", text[: found[0].start]) if found else ""
    return before if _WORD.search(before) else text


def _with_dot(piece: str, text: str) -> str:
    """Give back to initials the dot that was stripped from their end: `T.H.`."""
    return f"{piece}." if re.fullmatch(r"(?:[^\W\d_]\.){1,3}[^\W\d_]", piece) and f"{piece}." in text else piece


def without_lead_in(text: str) -> str:
    """Return a byline without the words that lead it in: `By`, `Von`, `Tin, ảnh:`."""
    for _ in range(3):
        match = _LEAD_IN.match(text)
        if not match or not match[0].strip():
            break
        word = match[0].strip(" :：|-–•,/").casefold()
        if word in _NEEDS_MARK and not re.search(r"[:：]", match["mark"]):
            break
        text = text[match.end() :]
    return text.strip()
