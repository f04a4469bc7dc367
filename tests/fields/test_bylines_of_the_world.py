"""The line between headline and text, as newspapers of the world write it: when, and who."""
# ruff: noqa: E501 -- a table

from __future__ import annotations

import pytest

from scraper import parse
from scraper.models import iso

PROSE = {
    "latin": "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore.",
    "ja": "市議会は四日、漁港の浚渫工事を六月に始めることを賛成多数で決めた。漁業者は四十年前から工事を求めていた。港には大型の船が入れない日が多かった。",
    "zh": "市议会四日表决通过了疏浚渔港的计划，工程将于六月开工。渔民四十年来一直要求加深航道，大型船只在退潮时无法进港。费用由市和省各承担一半。",
    "ko": "시의회는 4일 어항 준설 공사를 6월에 시작하기로 의결했다. 어민들은 40년 동안 수심을 깊게 해 달라고 요구해 왔다. 썰물 때에는 큰 배가 들어오지 못했다.",
    "ar": "قرر المجلس البلدي يوم الأربعاء البدء في تعميق ميناء الصيد في شهر يونيو، بعد أربعين عاما من مطالب الصيادين بذلك، وسيكلف العمل أربعة ملايين.",
    "ru": "Городской совет в среду решил начать в июне углубление рыбацкой гавани, чего рыбаки добивались сорок лет подряд.",
    "hi": "नगर परिषद ने बुधवार को फैसला किया कि मछली बंदरगाह को जून से गहरा किया जाएगा, जिसकी मांग मछुआरे चालीस साल से कर रहे थे।",
    "th": "สภาเมืองมีมติเมื่อวันพุธให้ขุดลอกท่าเรือประมงในเดือนมิถุนายน ซึ่งชาวประมงเรียกร้องมานานกว่าสี่สิบปี เรือใหญ่เข้าท่าไม่ได้เมื่อน้ำลง",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τετάρτη να αρχίσει τον Ιούνιο η εκβάθυνση του λιμανιού, που ζητούσαν οι ψαράδες.",
    "he": "מועצת העיר החליטה ביום רביעי להתחיל בחודש יוני בהעמקת נמל הדייגים, כפי שדרשו הדייגים במשך ארבעים שנה תמימות.",
    "fa": "شورای شهر روز چهارشنبه تصمیم گرفت لایروبی بندر ماهیگیری را در ماه ژوئن آغاز کند، کاری که ماهیگیران چهل سال خواستار آن بودند.",
}
NONE: tuple[str, ...] = ()
LINES = [
    ("en", "co.uk", "By Mary Holt | Published 10:05 GMT, Wednesday 4 March 2026", "2026-03-04T10:05:00+00:00", ("Mary Holt",)),
    ("en", "com", "By MARY HOLT and Jon Reed, Staff Writers • March 4, 2026 at 10:05 a.m. EST", "2026-03-04T10:05:00-05:00", ("MARY HOLT", "Jon Reed")),
    ("en", "com", "Mary Holt — Mar. 4, 2026, 10:05 PM ET", "2026-03-04T22:05:00-05:00", ("Mary Holt",)),
    ("en-AU", "com.au", "By Mary Holt, March 4 2026 10.05am", "2026-03-04T10:05:00", ("Mary Holt",)),
    ("en", "in", "Written by Mary Holt | Updated: March 5, 2026 11:00 IST | Published: March 4, 2026 10:05 IST", "2026-03-04T10:05:00+05:30", ("Mary Holt",)),
    ("de", "de", "Von Maria Holt, Hamburg – 04.03.2026, 10:05 Uhr", "2026-03-04T10:05:00+01:00", ("Maria Holt",)),
    ("de", "at", "Maria Holt und Jan Riedl | 4. März 2026, 10.05 Uhr", "2026-03-04T10:05:00+01:00", ("Maria Holt", "Jan Riedl")),
    ("de", "ch", "Publiziert heute um 10:05 Uhr, 4.3.2026", "2026-03-04T10:05:00+01:00", NONE),
    ("fr", "fr", "Par Marie Houlet – Publié le 4 mars 2026 à 10h05, mis à jour le 5 mars 2026 à 8h00", "2026-03-04T10:05:00+01:00", ("Marie Houlet",)),
    ("fr", "fr", "Marie Houlet et Jean Roseau, le 04/03/2026 à 10:05", "2026-03-04T10:05:00+01:00", ("Marie Houlet", "Jean Roseau")),
    ("es", "es", "Por María Huerta. Madrid, 4 de marzo de 2026 - 10:05 CET", "2026-03-04T10:05:00+01:00", ("María Huerta",)),
    ("es", "com.ar", "4 de marzo de 2026 • 10:05 hs", "2026-03-04T10:05:00-03:00", NONE),
    ("es", "pe", "Actualizado el 05/03/2026 08:00 h. Publicado el 04/03/2026 10:05 h.", "2026-03-04T10:05:00-05:00", NONE),
    ("es", "co", "4 de marzo de 2026, 12:00 A. M.", "2026-03-04", NONE),
    ("es", "co", "04 de marzo 2026, 07:15 p. m.", "2026-03-04T19:15:00", NONE),
    ("pt", "com.br", "Por Maria Horta — São Paulo 04/03/2026 10h05 Atualizado há 2 dias", "2026-03-04T10:05:00", ("Maria Horta",)),
    ("pt", "pt", "Lisboa, 4 de Março de 2026, 10:05", "2026-03-04T10:05:00+00:00", NONE),
    ("it", "it", "di Maria Orti 04 Marzo 2026 alle 10:05", "2026-03-04T10:05:00+01:00", ("Maria Orti",)),
    ("nl", "nl", "Door Maria Hout · 4 mrt. 2026 om 10:05", "2026-03-04T10:05:00+01:00", ("Maria Hout",)),
    ("da", "dk", "Af Maria Holt 4. marts 2026 kl. 10.05", "2026-03-04T10:05:00+01:00", ("Maria Holt",)),
    ("no", "no", "Publisert 04.03.2026 kl. 10:05", "2026-03-04T10:05:00+01:00", NONE),
    ("sv", "se", "Publicerad 2026-03-04 10.05", "2026-03-04T10:05:00+01:00", NONE),
    ("fi", "fi", "Julkaistu 4.3.2026 klo 10.05", "2026-03-04T10:05:00+02:00", NONE),
    ("pl", "pl", "Maria Holt | 4 marca 2026, 10:05", "2026-03-04T10:05:00+01:00", ("Maria Holt",)),
    ("cs", "cz", "Marie Holtová | 4. března 2026 10:05", "2026-03-04T10:05:00+01:00", ("Marie Holtová",)),
    ("sk", "sk", "4. marca 2026 o 10:05", "2026-03-04T10:05:00+01:00", NONE),
    ("hu", "hu", "2026. március 4. 10:05", "2026-03-04T10:05:00+01:00", NONE),
    ("ro", "ro", "Publicat: 4 martie 2026, 10:05", "2026-03-04T10:05:00+02:00", NONE),
    ("hr", "hr", "Objavljeno: 4. ožujka 2026. u 10:05", "2026-03-04T10:05:00+01:00", NONE),
    ("sr", "rs", "4. mart 2026. 10:05", "2026-03-04T10:05:00+01:00", NONE),
    ("bg", "bg", "4 март 2026, 10:05", "2026-03-04T10:05:00+02:00", NONE),
    ("ru", "com", "4 марта 2026, 10:05 МСК", "2026-03-04T10:05:00+03:00", NONE),
    ("ru", "com", "10:05, 04.03.2026", "2026-03-04T10:05:00", NONE),
    ("uk", "ua", "Середа, 4 березня 2026, 10:05", "2026-03-04T10:05:00+02:00", NONE),
    ("tr", "com.tr", "Giriş: 04 Mart 2026 10:05 Güncelleme: 05 Mart 2026 08:00", "2026-03-04T10:05:00+03:00", NONE),
    ("tr", "com.tr", "Yayınlanma: 4 Mart 2026 Çarşamba, 10:05", "2026-03-04T10:05:00+03:00", NONE),
    ("el", "gr", "04 Μαρτίου 2026 10:05", "2026-03-04T10:05:00+02:00", NONE),
    ("he", "co.il", "פורסם: 04.03.2026, 10:05", "2026-03-04T10:05:00+02:00", NONE),
    ("ar", "com", "نشر في: ٤ مارس ٢٠٢٦ - ١٠:٠٥", "2026-03-04T10:05:00", NONE),
    ("ar", "ae", "الأربعاء 04 مارس 2026 10:05 ص", "2026-03-04T10:05:00+04:00", NONE),
    ("fa", "ir", "تاریخ انتشار: ۱۳ اسفند ۱۴۰۴ - ۱۰:۰۵", "2026-03-04T10:05:00+03:30", NONE),
    ("hi", "in", "Updated Wed, 04 Mar 2026 10:05 AM IST", "2026-03-04T10:05:00+05:30", NONE),
    ("hi", "in", "4 मार्च 2026, 10:05", "2026-03-04T10:05:00+05:30", NONE),
    ("bn", "com.bd", "প্রকাশ: ০৪ মার্চ ২০২৬, ১০:০৫", "2026-03-04T10:05:00+06:00", NONE),
    ("th", "co.th", "4 มี.ค. 2569 10:05 น.", "2026-03-04T10:05:00+07:00", NONE),
    ("th", "co.th", "วันพุธที่ 4 มีนาคม พ.ศ. 2569 เวลา 10:05 น.", "2026-03-04T10:05:00+07:00", NONE),
    ("id", "co.id", "Maria Holt - Rabu, 04 Mar 2026 10:05 WIB", "2026-03-04T10:05:00+07:00", ("Maria Holt",)),
    ("ms", "com.my", "4 Mac 2026 10:05am", "2026-03-04T10:05:00+08:00", NONE),
    ("tl", "ph", "Mar 04, 2026 10:05 AM PHT", "2026-03-04T10:05:00+08:00", NONE),
    ("ja", "jp", "2026年3月4日 10時05分", "2026-03-04T10:05:00+09:00", NONE),
    ("ja", "jp", "2026/3/4 10:05 更新：2026/3/5 8:00", "2026-03-04T10:05:00+09:00", NONE),
    ("ja", "jp", "令和8年3月4日（水） 午後1時05分", "2026-03-04T13:05:00+09:00", NONE),
    ("zh", "com.cn", "2026年03月04日 10:05 来源：示例日报", "2026-03-04T10:05:00+08:00", NONE),
    ("zh-TW", "com.tw", "2026-03-04 10:05 記者林小美／台北報導", "2026-03-04T10:05:00+08:00", ("林小美",)),
    ("zh-TW", "com.tw", "發布時間：2026/03/04 10:05", "2026-03-04T10:05:00+08:00", NONE),
    ("ko", "co.kr", "입력 2026.03.04 10:05 수정 2026.03.05 08:00", "2026-03-04T10:05:00+09:00", NONE),
    ("ko", "co.kr", "김민수 기자 2026-03-04 10:05", "2026-03-04T10:05:00+09:00", ("김민수",)),
    ("ko", "co.kr", "등록 2026-03-04 오후 1:05", "2026-03-04T13:05:00+09:00", NONE),
    ("vi", "vn", "Thứ Tư, ngày 04/03/2026 - 10:05", "2026-03-04T10:05:00+07:00", NONE),
    ("vi", "vn", "Cập nhật: Thứ 4 | 10:05, 04/03/2026 (GMT+7)", "2026-03-04T10:05:00+07:00", NONE),
    ("vi", "vn", "4/3/2026 10:05 SA", "2026-03-04T10:05:00+07:00", NONE),
    ("vi", "vn", "10h05 ngày 04 tháng 3 năm 2026", "2026-03-04T10:05:00+07:00", NONE),
    ("vi", "vn", "Ngọc Lan | 04/03/2026, 10:05", "2026-03-04T10:05:00+07:00", ("Ngọc Lan",)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "domain", "line", "date", "authors"), LINES, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("markup", ['<div class="meta">{}</div>', "<p>{}</p>"])
def test_the_line_under_the_headline_tells_when_and_who(
    language: str, domain: str, line: str, date: str, authors: tuple[str, ...], markup: str
) -> None:
    prose = PROSE.get(language.partition("-")[0], PROSE["latin"])
    story = f"<h1>{prose[:40]}</h1>{markup.format(line)}" + "".join(f"<p>{prose} {n}.</p>" for n in range(4))
    page = f'<html lang="{language}"><head><title>{prose[:40]}</title></head><body><main>{story}</main></body></html>'

    article = parse(page.encode(), f"https://paper.example.{domain}/a/harbour", sites=())

    assert (iso(article.published_at), article.authors) == (date, authors)
    assert line not in article.body
