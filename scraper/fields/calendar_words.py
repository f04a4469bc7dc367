"""The words of dates: months and weekdays as newspapers write them, by language; zones by their letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

# One line a language: twelve months parted by white space, spellings of one month by a slash. Full names in the cases
# that dates use, and the short forms. No word means different months in two of these languages (a test holds it).
_MONTHS = """
en january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct
   november/nov december/dec
de januar/jänner/jän februar/feber märz/mär/mrz april mai juni juli august september oktober/okt november dezember/dez
fr janvier/janv février/fevrier/févr/fév/fev mars avril/avr mai juin juillet/juil août/aout septembre octobre novembre
   décembre/decembre/déc
es enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre/set octubre noviembre
   diciembre/dic
it gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/sett ottobre/ott novembre
   dicembre
pt janeiro fevereiro março/marco abril maio junho julho agosto setembro outubro/out novembro dezembro
nl januari februari maart/mrt april mei juni juli augustus september oktober november december
da januar februar marts april maj juni juli august september oktober november december
no januar februar mars april mai juni juli august september oktober november desember/des
sv januari februari mars april maj juni juli augusti september oktober november december
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta
   marraskuuta joulukuuta
ru января/январь/янв февраля/февраль/фев марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн июля/июль/июл
   августа/август/авг сентября/сентябрь/сент/сен октября/октябрь/окт ноября/ноябрь/ноя/нояб декабря/декабрь/дек
uk січня/січень/січ лютого/лютий/лют березня/березень/бер квітня/квітень/квіт/кві травня/травень/трав/тра
   червня/червень/черв/чер липня/липень/лип серпня/серпень/серп/сер вересня/вересень/вер жовтня/жовтень/жовт/жов
   листопада/листопад/лист грудня/грудень/груд/гру
tr ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
id januari/jan februari maret april mei juni juli agustus/agu september oktober november desember
lt sausio/sausis vasario/vasaris kovo/kovas balandžio/balandis gegužės/gegužė birželio/birželis liepos/liepa
   rugpjūčio/rugpjūtis rugsėjo/rugsėjis spalio/spalis lapkričio/lapkritis gruodžio/gruodis
pl stycznia/styczeń/sty lutego/luty/lut marca/marzec kwietnia/kwiecień/kwi maja/maj czerwca/czerwiec/cze
   lipca/lipiec/lip sierpnia/sierpień/sie września/wrzesień/wrz października/październik/paź listopada/listopad/lis
   grudnia/grudzień/gru
cs ledna/leden/led února/únor/úno března/březen/bře dubna/duben/dub května/květen/kvě června/červen července/červenec
   srpna/srpen/srp září/zář října/říjen/říj listopadu prosince/prosinec/pro
ro ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie octombrie noiembrie/noi decembrie
hu január február/febr március/márc április/ápr május/máj június/jún július/júl augusztus szeptember/szept október
   november december
el ιανουαρίου/ιαν φεβρουαρίου/φεβ μαρτίου/μαρ απριλίου/απρ μαΐου/μαϊ ιουνίου/ιουν ιουλίου/ιουλ αυγούστου/αυγ
   σεπτεμβρίου/σεπ οκτωβρίου/οκτ νοεμβρίου/νοε δεκεμβρίου/δεκ
hi जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर
ar يناير/جانفي فبراير/فيفري/شباط مارس/آذار/اذار أبريل/ابريل/أفريل/نيسان مايو/ماي/أيار/ايار يونيو/يونيه/جوان/حزيران
   يوليو/يوليه/جويلية/تموز أغسطس/اغسطس/أوت/آب سبتمبر/أيلول/ايلول أكتوبر/اكتوبر نوفمبر ديسمبر
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
hr siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna oktobar studenoga/studenog prosinca
sl januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
sk januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
sr januar februar mart april maj jun jul avgust/avg septembar oktobar novembar decembar
sr јануар/јан фебруар/феб март/мар април/апр мај јун јул август/авг септембар/сеп октобар/окт новембар/нов децембар/дец
bg януари/ян февруари март април май юни юли август септември октомври ноември декември
et jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
lv janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā jūlijs/jūlijā
   augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī decembris/decembrī
is janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
sq janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
az yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr
ms januari februari mac april mei jun julai ogos september oktober november disember
he ינואר/בינואר פברואר/בפברואר מרץ/במרץ/מרס/במרס אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט
   ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר
ur جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
fa ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
bn জানুয়ারি/জানুয়ারী ফেব্রুয়ারি/ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট/অগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
mr जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
ta ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
km មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ
lo ມັງກອນ ກຸມພາ ມີນາ ເມສາ ພຶດສະພາ ມິຖຸນາ ກໍລະກົດ ສິງຫາ ກັນຍາ ຕຸລາ ພະຈິກ ທັນວາ
th มกราคม/ม.ค กุมภาพันธ์/ก.พ มีนาคม/มี.ค เมษายน/เม.ย พฤษภาคม/พ.ค มิถุนายน/มิ.ย กรกฎาคม/ก.ค สิงหาคม/ส.ค
   กันยายน/ก.ย ตุลาคม/ต.ค พฤศจิกายน/พ.ย ธันวาคม/ธ.ค
"""

# One line a language, Monday first; in full and short. Two letters are too few to tell a weekday from a word.
_WEEKDAYS = """
en monday/mon tuesday/tue/tues wednesday/wed thursday/thu/thurs/thur friday/fri saturday/sat sunday/sun
de montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag
fr lundi mardi mercredi jeudi vendredi samedi dimanche
es lunes martes miércoles/miercoles jueves viernes sábado/sabado domingo
it lunedì/lunedi martedì/martedi mercoledì/mercoledi giovedì/giovedi venerdì/venerdi sabato domenica
pt segunda-feira/segunda terça-feira/terça quarta-feira/quarta quinta-feira/quinta sexta-feira/sexta sábado domingo
nl maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
da mandag tirsdag onsdag torsdag fredag lørdag søndag
sv måndag tisdag onsdag torsdag fredag lördag söndag
ru понедельник/пн вторник/вт среда/ср четверг/чт пятница/пт суббота/сб воскресенье/вс
uk понеділок вівторок середа четвер п'ятниця субота неділя
tr pazartesi salı çarşamba perşembe cuma cumartesi pazar
id senin selasa rabu kamis jumat/jum'at sabtu minggu
lt pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis
pl poniedziałek wtorek środa czwartek piątek sobota niedziela
cs pondělí úterý středa čtvrtek pátek sobota neděle
hi सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार
ja 月曜日/月 火曜日/火 水曜日/水 木曜日/木 金曜日/金 土曜日/土 日曜日/日
zh 星期一/周一/週一/一 星期二/周二/週二/二 星期三/周三/週三/三 星期四/周四/週四/四 星期五/周五/週五/五
   星期六/周六/週六/六 星期日/星期天/周日/週日
ko 월요일/월 화요일/화 수요일/수 목요일/목 금요일/금 토요일/토 일요일/일
"""

_ZONES = """
0 gmt utc z wet
1 bst cet mez west
2 cest mesz eet sast cat
3 eest msk мск trt eat
5:30 ist
7 wib ict
8 wita sgt hkt pht
9 jst kst wit
10 aest
11 aedt
-3 brt art
-4 edt ast
-5 est cdt pet cot
-6 cst mdt
-7 mst pdt
-8 pst akdt
"""

_PERSIAN_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"

_TWO_PART_MONTHS = {"كانون الثاني": "يناير", "كانون الأول": "ديسمبر", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر"}

ZONE_NAMES: Mapping[str, str] = {"et": "America/New_York", "ct": "America/Chicago", "pt": "America/Los_Angeles"}
"""Letters that mean summer and winter time by turns -> name in the zone database."""

SHORT_WEEKDAY_CHARS = 4
"""A weekday word this short may be another word; it helps to choose between two readings but refuses none."""


def _rows(table: str) -> list[list[str]]:
    """Return the words of each language, joining lines that are continued by indentation."""
    lines = unicodedata.normalize("NFC", table).strip().replace("\n   ", " ").split("\n")
    return [line.split()[1:] for line in lines]


def _numbered(table: str, first: int) -> dict[str, int]:
    return {
        word: number
        for row in _rows(table)
        for number, words in enumerate(row, start=first)
        for word in words.split("/")
        if word != "—"
    }


def _offset(text: str) -> timedelta:
    hours, _, minutes = text.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes or 0))


MONTHS: Mapping[str, int] = _numbered(_MONTHS, 1)
"""Lower-cased word -> 1 to 12."""

PERSIAN_MONTHS: Mapping[str, int] = {word: number for number, word in enumerate(_PERSIAN_MONTHS.split(), start=1)}
"""Month of the Solar Hijri calendar -> 1 to 12."""

WEEKDAYS: Mapping[str, int] = _numbered(_WEEKDAYS, 0)
"""Lower-cased word -> 0 (Monday) to 6."""

ZONE_OFFSETS: Mapping[str, timedelta] = {
    name: _offset(line.split()[0]) for line in _ZONES.strip().split("\n") for name in line.split()[1:]
}
"""Lower-cased letters -> distance from UTC."""


_VIETNAMESE_MONTHS = {"giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
_VIETNAMESE_MONTHS |= {"chín": 9, "mười": 10, "chạp": 12}
_NAMED_MONTH = re.compile(rf"tháng (?P<ten>mười )?(?P<word>{'|'.join(_VIETNAMESE_MONTHS)})(?=,? ?(?:năm )?\d)")


def plain_months(text: str) -> str:
    """Write months of several words as one word or number of the same length: `tháng mười hai` as `tháng 12`."""
    if "tháng" in text:
        text = _NAMED_MONTH.sub(_numbered_month, text)
    for two, one in _TWO_PART_MONTHS.items():
        if two in text:
            text = text.replace(two, one.ljust(len(two)))
    return text


def _numbered_month(match: re.Match[str]) -> str:
    number = _VIETNAMESE_MONTHS[match["word"]] + (10 if match["ten"] else 0)
    return f"tháng {number}".ljust(len(match[0]))
