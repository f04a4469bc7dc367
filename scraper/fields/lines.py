"""Lines that stand in a story and are not of it: labels, by-lines, date lines, invitations."""

from __future__ import annotations

import re

from scraper.fields import date_formats

MAX_LABEL_CHARS = 220
MAX_LINE_CHARS = 120
MAX_ABBREVIATION_CHARS = 3
MAX_LETTERS_BESIDE_DATE = 30

_LABELS = """
    advertisement|advert|anzeige|werbung|publicidad|publicité|pubblicità|quảng cáo|reklam\\w*|annons|reklame
    |sponsored|ad feedback|video (?:loading|unavailable|player)|read (?:more|also|next|the full)|also read
    |see also|related(?: (?:stories|articles|news|coverage|topics))?|more (?:on|from|about)|recommended
    |don't miss|up next|watch(?: (?:also|more|now))?:|story continues below|article continues below
    |continue reading|scroll (?:down|to continue)
    |we (?:may )?(?:earn|receive) (?:a |an )?(?:small |affiliate )?commissions?|as an amazon associate
    |(?:this|our) (?:article|post|page) contains affiliate
    |sign up|subscribe|follow us
    |follow .{0,40} on (?:twitter|facebook|instagram|google|x)|join (?:us|our)|download (?:our|the) app
    |click here|embed$|player wird geladen|listen(?:$| to (?:this )?article)|get the latest
    |lesen sie auch|lesen sie mehr|mehr zum thema|mehr dazu|auch interessant
    |auch spannend|das könnte|lire aussi|à lire|voir aussi|sur le même sujet|leggi anche|leggi l'articolo
    |lee también|lea también|te puede interesar|ver también|más información|leia (?:também|mais)|veja também
    |les også|læs også|läs (?:också|även|mer|vidare)|lees ook|lees meer|zobacz także|czytaj (?:też|także|więcej)
    |читайте также|читать также|читайте|ilgili haber\\w*|bunlar da|baca juga|xem thêm|đọc thêm|tin liên quan
    |bài liên quan|tham khảo thêm|mời (?:quý )?(?:độc|bạn|khán|thính) (?:giả|đọc)|cảm ơn (?:quý )?(?:bạn|độc giả)
    |theo dõi .{0,80} trên|đăng ký (?:nhận|theo dõi)|hãy (?:tặng|chia sẻ|để lại)|bạn đọc (?:có thể|vui lòng)
    |quý độc giả|>>|►|▶|➤
    |関連記事|あわせて読みたい|関連|あなたにおすすめ|관련 ?기사
    |相关(?:阅读|新闻)|延伸閱讀|相關新聞|ये भी पढ़ें|यह भी पढ़ें|skaitykite|taip pat skaitykite|share (?:this|on|via)|share$
    |(?:temas|etiquetas|tags|topics|themen|schlagwörter|schlagworte|stichwörter|mots-clés|sujets|argomenti|etichetter
    |onderwerpen|emner|ämnen|tagi|темы|теги|etiketler|topik|từ khóa|từ khoá|chủ đề|キーワード|키워드|标签|關鍵字)\\W*$
    |©(?: ?\\d{4})?|copyright (?:©|\\(c\\)|\\d{4})|\\(c\\) \\d{4}|all rights reserved|alle rechte vorbehalten
    |tous droits réservés|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados
    |leave a (?:reply|comment)|your email address will not be|post a comment|schreibe einen kommentar
    |skip advertisement|share full article|a version of this article appears|our standards:
    |copy link|print$|comments?$|gửi cho bạn bè|chia sẻ|bình luận$|in bài|xem nhiều nhất|các tin khác
"""
# Minds case, and is asked of texts in lower case: one that minds none tries each alternative at ten times the cost.
_LABEL = re.compile(r"\W{0,3}(?:" + re.sub(r"\n\s*", "", _LABELS.strip()) + r")(?!\w)")
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[:h]\d{2}"
)
_WHEN = re.compile(
    r"(?:publi[a-zéè]*|posted|updated|actuali[a-z]*|aktuali[a-z]*|veröffentlicht|erstellt|stand|mis à jour|pubblicato"
    r"|aggiornato|objavljeno|opublikowan[oay]|zaktualizowano|cập nhật|ngày đăng|đăng lúc|oppdatert|opdateret"
    r"|julkaistu)\w*|วัน\S*|เวลา",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"(?:lesedauer|lesezeit|reading time|read time|temps de lecture|tiempo de lectura|tempo di lettura|leestijd|lesetid"
    r"|läsestid|thời gian đọc)\W{0,3}\d{1,3}\s?\w{0,9}\.?"
    r"|\b\d{1,3}[- ]?min(?:ute)?s?\.? (?:read|de lecture|phút đọc)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]\W*$")
_LETTERS = re.compile(r"[^\W\d_]")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|av|af|door|tác giả|bài|tin|bài và ảnh|tin, ảnh|tin, bài|thực hiện|text|από|written by"
    r"|reporting by|editing by)\b[:\s,].{2,70}",
    re.IGNORECASE,
)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as sentences do, in any of the scripts that we read."""
    return _SENTENCE_END.search(text[-12:]) is not None


def is_no_story(text: str) -> bool:
    """Tell whether a line is a label, an invitation to read elsewhere or a bare date line, and not of the story."""
    return is_label(text) or is_date_line(text)


def is_label(text: str) -> bool:
    """Tell whether a line says nothing, names a box, or invites to read elsewhere."""
    if not text or not any(c.isalnum() for c in text[:400]):
        return True
    return len(text) <= MAX_LABEL_CHARS and _LABEL.match(text.lower()) is not None


def is_date_line(text: str) -> bool:
    """Tell whether a short line says little but when: `(paper.example) 29/03/2023, 05:23`."""
    if len(text) > MAX_LINE_CHARS or not _DIGIT.search(text):
        return False
    timeless = _READING_TIME.sub(" ", text)
    left = _DATE.sub(" ", without_dates(timeless))
    if left == timeless:
        return timeless != text and not _LETTERS.search(timeless)
    said = _WHEN.sub(" ", left)
    ends = left.rstrip().endswith((".", "。", "।"))
    is_sentence = ends and any(len(word) > MAX_ABBREVIATION_CHARS for word in said.split())
    return len(_LETTERS.findall(left)) <= MAX_LETTERS_BESIDE_DATE and not is_sentence


def without_dates(text: str) -> str:
    """Return a line without the dates and times of day in it."""
    for found in reversed(date_formats.find(text)):
        text = f"{text[: found.start]} {text[found.end :]}"
    return text


def is_byline(text: str) -> bool:
    """Tell whether a short line says who wrote: `By Ann Lee`, `Tin, ảnh: P.Y`."""
    return len(text) <= MAX_LINE_CHARS and not text.endswith((".", "?", "!")) and _BYLINE.fullmatch(text) is not None
