"""Dates as newspapers write them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fields import calendar_words, date_formats
from scraper.fields.calendar_words import MONTHS, WEEKDAYS

VIETNAM = timezone(timedelta(hours=7))


def only(text: str, *, month_first: bool = False) -> datetime | date:
    (found,) = date_formats.find(text, month_first=month_first)
    assert found.problem is None
    return found.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", datetime(2025, 10, 22, 19, 25, tzinfo=VIETNAM)),
        ("29/03/2023, 05:23", datetime(2023, 3, 29, 5, 23)),  # noqa: DTZ001 - the text has no zone
        ("22/10/2025 - 19:25", datetime(2025, 10, 22, 19, 25)),  # noqa: DTZ001
        ("19:25, 22/10/2025", datetime(2025, 10, 22, 19, 25)),  # noqa: DTZ001
        ("19:25 | 22/10/2025", datetime(2025, 10, 22, 19, 25)),  # noqa: DTZ001
        ("17:53 - 17/12/2021", datetime(2021, 12, 17, 17, 53)),  # noqa: DTZ001
        ("10h30 ngày 22/10/2025", datetime(2025, 10, 22, 10, 30)),  # noqa: DTZ001
        ("07-03-2026 - 00:01 AM", datetime(2026, 3, 7, 0, 1)),  # noqa: DTZ001
        ("07-03-2026 - 12:01 AM", datetime(2026, 3, 7, 0, 1)),  # noqa: DTZ001
        ("07-03-2026 - 07:01 PM", datetime(2026, 3, 7, 19, 1)),  # noqa: DTZ001
        ("Thứ Năm, ngày 18/01/2018 15:06 PM (GMT+7)", datetime(2018, 1, 18, 15, 6, tzinfo=VIETNAM)),
        ("08:09 | 18/01/2026 GMT+7", datetime(2026, 1, 18, 8, 9, tzinfo=VIETNAM)),
        ("21 tháng 09 năm 2025", date(2025, 9, 21)),
        ("7 Tháng Ba, 2026", date(2026, 3, 7)),
        ("Tháng mười hai 7, 2025", date(2025, 12, 7)),
        ("5 tháng năm năm 2025", date(2025, 5, 5)),
        ("12 Th3, 2024", date(2024, 3, 12)),
        ("12 thg 3 2024", date(2024, 3, 12)),
        ("7 phút đọc·12 Mar 2024", date(2024, 3, 12)),
        ("5 min read·Mar 12, 2024", date(2024, 3, 12)),
        ("3:20 chiều 21/09/2025", datetime(2025, 9, 21, 15, 20)),  # noqa: DTZ001
        ("Thứ Năm, 13/6/2024", date(2024, 6, 13)),
        ("Thư\u0301 Năm, 13/6/2024", date(2024, 6, 13)),
        ("Thứ 7, 07/03/2026", date(2026, 3, 7)),
        ("CN, 8/3/2026", date(2026, 3, 8)),
    ],
)
def test_reads_vietnamese_dates(text: str, expected: datetime | date) -> None:
    assert only(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oct. 22nd, 2025", date(2025, 10, 22)),
        ("12 มี.ค. 2567 18:30 น.", datetime(2024, 3, 12, 18, 30)),  # noqa: DTZ001
        ("12 มีนาคม พ.ศ. 2567", date(2024, 3, 12)),
        ("Mittwoch, 1. Mai 2024", date(2024, 5, 1)),
        ("le 1er mars 2025", date(2025, 3, 1)),
        ("13 de enero de 2025", date(2025, 1, 13)),
        ("5 gennaio 2025", date(2025, 1, 5)),
        ("2 de fevereiro de 2025", date(2025, 2, 2)),
        ("2 februari 2025", date(2025, 2, 2)),
        ("2. feb. 2025", date(2025, 2, 2)),
        ("15. desember 2024", date(2024, 12, 15)),
        ("23 okt 2025", date(2025, 10, 23)),
        ("31 марта 2024 г.", date(2024, 3, 31)),
        ("8 січня 2026", date(2026, 1, 8)),
        ("3 Ağustos 2024", date(2024, 8, 3)),
        ("4 Mei 2020", date(2020, 5, 4)),
        ("2024 m. kovo 31 d.", date(2024, 3, 31)),
        ("31 października 2024", date(2024, 10, 31)),
        ("31. března 2024", date(2024, 3, 31)),
        ("4 सितंबर 2024", date(2024, 9, 4)),
        ("२४ सितंबर २०२४", date(2024, 9, 24)),
        ("24 نيسان / أبريل 2020", date(2020, 4, 24)),
        ("2025年1月31日", date(2025, 1, 31)),
        ("令和7年1月31日", date(2025, 1, 31)),
        ("民國109年4月17日", date(2020, 4, 17)),
        ("2025년 6월 4일", date(2025, 6, 4)),
        ("2025.06.04", date(2025, 6, 4)),
    ],
)
def test_reads_the_months_of_other_languages(text: str, expected: date) -> None:
    assert only(text) == expected


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("27.04.2024, 07:39 Uhr", 7, 39),
        ("1. Mai 2024 um 9 Uhr", 9, 0),
        ("1er mars 2025 à 12h45", 12, 45),
        ("2. feb. 2025 kl. 09.05", 9, 5),
        ("22 Oct 2025 19.25", 19, 25),
        ("Oct 22, 2025 at 7:25 p.m.", 19, 25),
        ("2025-06-04 오후 2:37", 14, 37),
        ("2025年1月21日 午後8時50分", 20, 50),
    ],
)
def test_reads_the_time_of_day_beside_a_date(text: str, hour: int, minute: int) -> None:
    value = only(text)

    assert isinstance(value, datetime)
    assert (value.hour, value.minute) == (hour, minute)


def test_gmt_plus_seven_lies_east_of_greenwich() -> None:
    value = only("07/03/2026 08:01 GMT+7")

    assert isinstance(value, datetime)
    assert value.utcoffset() == timedelta(hours=7)


def test_letters_of_a_zone_that_has_summer_time_go_by_the_date() -> None:
    summer, winter = only("July 22, 2025, 7:25 p.m. ET"), only("Jan. 22, 2025, 7:25 p.m. ET")

    assert [v.utcoffset() for v in (summer, winter) if isinstance(v, datetime)] == [
        timedelta(hours=-4),
        timedelta(hours=-5),
    ]


def test_the_weekday_decides_which_number_is_the_month() -> None:
    assert only("Thứ Bảy, 07/03/2026", month_first=True) == date(2026, 3, 7)
    assert only("Friday 07/03/2026") == date(2026, 7, 3)


def test_the_order_of_the_country_decides_without_a_weekday() -> None:
    assert only("03/07/2026", month_first=True) == date(2026, 3, 7)
    assert only("03/07/2026") == date(2026, 7, 3)


def test_a_weekday_that_fits_neither_reading_is_a_problem() -> None:
    (found,) = date_formats.find("Thứ Hai, 07/03/2026")

    assert found.problem


@pytest.mark.parametrize(
    "text", ["30/02/2024", "32/01/2024", "2024-13-01", "© 2026", "1.234.567", "0:2-1", "Điều 12/3"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_formats.find(text) == ()


def test_finds_each_date_of_a_line_with_its_own_time() -> None:
    found = date_formats.find("Publié le 30 août 2023 à 14h52, mis à jour le 31 août 2023 à 09h10")

    assert [str(f.value) for f in found] == ["2023-08-30 14:52:00", "2023-08-31 09:10:00"]


@pytest.mark.parametrize(("table", "known"), [(calendar_words._MONTHS, MONTHS), (calendar_words._WEEKDAYS, WEEKDAYS)])
def test_no_word_means_two_months_or_two_weekdays(table: str, known: dict[str, int]) -> None:
    first = min(known.values())

    for row in calendar_words._rows(table):
        for number, words in enumerate(row, start=first):
            assert {known[word] for word in words.split("/")} == {number}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-11T10:02:08+0700", datetime(2025, 10, 11, 10, 2, 8, tzinfo=VIETNAM)),
        ("2025-10-11T10:02:08.123456+07:00", datetime(2025, 10, 11, 10, 2, 8, tzinfo=VIETNAM)),
        ("2025-10-11 10:02Z", datetime(2025, 10, 11, 10, 2, tzinfo=UTC)),
        ("20251011T100208Z", datetime(2025, 10, 11, 10, 2, 8, tzinfo=UTC)),
        ("Sat, 07 Mar 2026 08:01:53 +0700", datetime(2026, 3, 7, 8, 1, 53, tzinfo=VIETNAM)),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("1700000000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2025-10-11", date(2025, 10, 11)),
        ("2025-13-11", None),
        ("0001-01-01T00:00:00", None),
        ("tomorrow", None),
    ],
)
def test_reads_what_is_written_for_machines(text: str, expected: datetime | date | None) -> None:
    assert date_formats.machine_readable(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://bao.example/2025/10/22/tin.html", date(2025, 10, 22)),
        ("https://bao.example/tin-20260307075519174.htm", date(2026, 3, 7)),
        ("https://bao.example/2016/nov/29/tin", date(2016, 11, 29)),
        ("https://bao.example/esteri/25_gennaio_05/tin", date(2025, 1, 5)),
        ("https://bao.example/politica/20250113/10277301/tin.html", date(2025, 1, 13)),
        ("https://bao.example/tin-124375.html", None),
        ("https://bao.example/20269999/tin", None),
    ],
)
def test_reads_the_day_in_a_url(url: str, expected: date | None) -> None:
    assert date_formats.in_url(url) == expected


def test_minutes_ago_give_a_time_and_hours_ago_a_day() -> None:
    now = datetime(2026, 3, 7, 3, 0, tzinfo=VIETNAM)

    assert date_formats.ago("20 phút trước", now) == datetime(2026, 3, 7, 2, 40, tzinfo=VIETNAM)
    assert date_formats.ago("5 giờ trước", now) == date(2026, 3, 6)
    assert date_formats.ago("vor 2 Tagen", now) == date(2026, 3, 5)
    assert date_formats.ago("sắp tới", now) is None


@given(st.text(max_size=600))
def test_reading_any_text_never_raises(text: str) -> None:
    date_formats.find(text)
    date_formats.machine_readable(text)
    date_formats.in_url(text)
    date_formats.ago(text, datetime(2026, 3, 7, tzinfo=UTC))


@given(st.dates(min_value=date(1991, 1, 1), max_value=date(2099, 12, 31)), st.sampled_from(["/", "-", "."]))
def test_every_day_written_in_numbers_is_read_back(day: date, mark: str) -> None:
    assert only(f"Ngày đăng: {day.day}{mark}{day.month}{mark}{day.year}") == day


@pytest.mark.parametrize("piece", ["1", "1/", "12:", "2025年", "1 de ", "thứ ", "10h", "+07:", "a1 "])
def test_f72_a_megabyte_of_half_a_date_costs_little_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.process_time()

    date_formats.find(text)
    date_formats.machine_readable(text)
    date_formats.in_url(text)

    assert time.process_time() - began < 1
