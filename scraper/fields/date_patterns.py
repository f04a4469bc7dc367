"""The shapes that dates and times of day have in texts, in addresses and in data; for lower-case text, all linear."""

from __future__ import annotations

import re
from datetime import timedelta

from scraper.fields.calendar_words import PERSIAN_MONTHS

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_WORD = r"(?P<m>[^\s\d.,:;/|()\[\]•·–-]{2,12})"  # a month; Devanagari has marks that are no letters
_THAI_MONTH = r"[\u0e01-\u0e4e]{1,4}\.[\u0e01-\u0e4e]|[\u0e01-\u0e4e]{6,10}"
_PERSIAN_MONTH = "|".join(PERSIAN_MONTHS)
_SAME = r"(?:\s?/\s?[^\s\d]{2,12})?"  # the month's other name: `24 نيسان / أبريل 2020`
_NTH = r"(?:st|nd|rd|th|er|º|ª|°)?"
_NUMBER = r"\d{1,2}"
_OF = r"(?:de\s|del\s|')?"
_SPACE = r"[\s/-]?\s?"

DATES = tuple(
    re.compile(pattern)
    for pattern in (
        # 2025-10-22, 2025/1/9, 2025.10.22, 2025. 10. 22.
        rf"(?<![\d./-]){_YEAR}(?P<sep>[-/.])\s?(?P<m>{_NUMBER})(?P=sep)\s?(?P<d>{_NUMBER})(?!\d|[-/]\d)",
        # 22/10/2025, 7-3-2026
        rf"(?<![\d./-])(?P<a>{_NUMBER})\s?(?P<sep>[-/.])\s?(?P<b>{_NUMBER})\s?(?P=sep)\s?{_YEAR}(?!\d|[/-]\d)",
        # 22/10/25, 22.10.25
        r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d\d)(?![\d/.:-])",
        # 21 tháng 09 năm 2025, 21 tháng 9, 2025
        rf"(?<!\d)(?P<d>{_NUMBER})\s?(?:tháng|thg|th)\.?\s?(?P<m>{_NUMBER})\s{{0,8}}(?:năm\s?|[,/-]\s?|(?<=\s)){_YEAR}(?!\d)",
        # tháng 3 7, 2026
        rf"(?<!\w)(?:tháng|thg|th)\.?\s?(?P<m>{_NUMBER})\s{{1,9}}(?P<d>{_NUMBER}),?\s?(?:năm\s?)?{_YEAR}(?!\d)",
        # 2025年1月31日, 令和7年1月31日, 民國114年1月31日, 2025년 6월 4일
        rf"(?<!\d)(?P<era>令和|平成|民國|民国)?(?P<y>\d{{1,4}}|元)\s?[年년]\s?(?P<m>{_NUMBER})\s?[月월]\s?(?P<d>{_NUMBER})",
        # 22 October 2025, 22. Oktober 2025, 1er mars 2025, 22 de octubre de 2025, 22-Oct-2025, 22/gen/2025
        rf"(?<![\d.])(?P<d>{_NUMBER}){_NTH}[.,]?{_SPACE}(?:de\s|of\s|d')?{_WORD}{_SAME}[.,]?{_SPACE}{_OF}\s?{_YEAR}(?!\d)",
        # 12 มีนาคม 2567, 12 มี.ค. 2567: years of the Buddhist era
        rf"(?<!\d)(?P<d>{_NUMBER})\s?(?P<m>{_THAI_MONTH})\.?\s?(?:พ\.ศ\.)?\s?(?P<y>25\d\d)(?!\d)",
        # 13 اسفند 1404, 1404/12/13: years of the Solar Hijri calendar
        rf"(?<!\d)(?P<d>{_NUMBER})\s(?P<m>{_PERSIAN_MONTH})،?\s(?:ماه\s)?(?P<y>1[34]\d\d)(?!\d)",
        r"(?<![\d./-])(?P<y>1[34]\d\d)(?P<sep>[/-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d/-])",
        # October 22, 2025; Oct. 22nd 2025
        rf"(?<![^\W\d_]){_WORD}\.?[\s-]\s?(?P<d>{_NUMBER}){_NTH}[.,]?[\s-]?\s?{_YEAR}(?!\d)",
        # 2024 m. kovo 31 d., 2024. március 31., 2024 March 31, 2020/sep/24
        rf"(?<!\d){_YEAR}[.,]?[\s/-]\s?(?:m\.\s?)?{_WORD}[.,]?[\s/-]\s?(?P<d>{_NUMBER})(?!\d)",
    )
)
"""Where day and month are open by the shape alone, the groups are a and b; else d and m. y may have two digits."""

MARK_OF_A_DATE = re.compile(r"(?:19|20|25|1[34])\d\d|\d[/.]\d{1,2}[/.]\d|[年년]")
"""What each of these has: a cheap test of texts that have none of them."""

CLOCK = re.compile(
    r"(?<![\d:.,/-])(?:(?P<before>오전|오후|午前|午後|上午|下午)\s?)?(?P<hour>\d{1,2})"
    r"(?:\s?[:：]\s?(?P<m1>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?![\d:])"
    r"|\s?(?:h|g|giờ)\s?(?P<m2>[0-5]\d)(?!\d)|\s?h(?![^\W_])|\.(?P<m3>[0-5]\d)(?![\d.])"
    r"|[時点时시]\s?(?:(?P<m4>[0-5]?\d)\s?[分분])?|(?=\s?(?:am|pm|[ap]\.\s?m\.|uhr)(?![^\W_])))"
    r"\s?(?P<half>(?:am|pm|sa|ch|[ap]\.\s?m\.?|sáng|chiều|tối|صباح|مساء|ص|م)(?![^\W_ًا]))?"
)
DOTTED_BEFORE = re.compile(r"(?:kl|klo|klokken|ore|pukul|um|alle|kello)\.?\s{0,3}$")
DOTTED_AFTER = re.compile(r"\s?(?:uhr|wib|wita|wit|h|hrs|am|pm|a\.m|p\.m)(?![^\W_])")
ZONE = re.compile(
    r"(?:\s?uhr|\s?hrs|\s?h)?[\s,|-]{0,3}[(\[]?\s?"
    r"(?:(?:gmt|utc)\s?(?P<sign>[+−-])\s?(?P<h>\d{1,2})(?::?(?P<m>\d\d))?(?![\d/])"
    r"|(?<=[\d\s])(?P<sign2>[+−-])(?P<h2>\d\d):?(?P<m2>\d\d)(?![\d/.-])"
    r"|(?P<name>[a-zмск]{1,5})(?![^\W_]))"
)
ISO = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:(?:t|\s|%20){1,2}(?P<H>\d\d):?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,]\d{1,12})?)?"
    r"\s?(?P<zone>z|utc|gmt|(?P<sign>[+−-])(?P<zh>\d\d?)(?::?(?P<zm>\d\d))?(?::\d\d)?)?)?(?=\s|\[|$)"
)
EPOCH = re.compile(r"\d{10}|\d{13}")
PATHS = tuple(
    re.compile(pattern)
    for pattern in (
        r"/(?P<y>(?:19|20)\d\d)[/_-](?P<m>\d{1,2}|[a-z]{3,10})[/_-](?P<d>\d{1,2})(?=[/_.-]|$)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?!\d)",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:\d{6}|\d{9})?(?!\d)",
        r"/(?P<y>(?:19|20)\d\d)/(?P<m>[01]\d)(?P<d>[0-3]\d)(?=/)",
        r"/(?P<y>\d\d)_(?P<m>[a-z]{3,10})_(?P<d>\d\d)(?=/)",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)/(?P<d>[0-3]\d)(?=[/t])",
    )
)

_AGO_WORDS = {
    timedelta(minutes=1): "phút minutes minute mins min minuten minuti minutos menit минут минуты минуту dakika "
    "minutter",
    timedelta(hours=1): "giờ tiếng hours hour hrs hr stunden stunde ore ora horas hora heures heure jam часов часа час "
    "saat timer time uur",
    timedelta(days=1): "ngày days day tagen tag giorni giorno días día dias jours jour hari дней дня день gün dage dag "
    "dagen",
    timedelta(weeks=1): "tuần weeks week wochen woche settimane semanas semaines minggu",
}
AGO_UNITS = {word: unit for unit, words in _AGO_WORDS.items() for word in words.split()}
_AGO_UNIT = "|".join(sorted(AGO_UNITS, key=len, reverse=True))
AGO = re.compile(
    rf"(?<!\d)(?P<count>\d{{1,3}})\s?(?P<unit>{_AGO_UNIT})\s"
    r"(?:trước|ago|fa|atrás|lalu|yang lalu|назад|önce|siden|geleden)"
    rf"|(?:vor|hace|há|il y a)\s(?P<count2>\d{{1,3}})\s(?P<unit2>{_AGO_UNIT})(?![^\W_])"
)
PAST_HALVES = frozenset(["chiều", "tối", "مساء", "م", "pm", "p.m.", "p.m", "ch", "오후", "午後", "下午"])
ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
WEEKDAY_BEFORE = re.compile(
    r"(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)?)[^\w\n]{0,4}(?:(?:ngày|den|le|the|dia|d)[\W_]{0,3})?$"
)
VIETNAMESE_WEEKDAY = re.compile(
    r"(?:(?:thứ|thú)\s?(?P<n>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|(?P<sunday>chủ\s?nhật|cn))[^\w]{0,4}(?:ngày[\W_]{0,3})?$"
)
VIETNAMESE_NUMBERS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}
WEEKDAY_AFTER = re.compile(
    r"[日號号일]?\s?[(（]?(?P<word>[월화수목금토일月火水木金土日一二三四五六]|星期.|周.|週.)(?:曜日|요일)?[)）]"
)
