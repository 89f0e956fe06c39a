"""A notice pasted as it is, and a day a line, against the calendar that ships."""

from __future__ import annotations

from datetime import date

import pytest

from lawgov.calendars import published_rows
from lawgov.holidays.reading import DayOff, UnreadableDays, read_days_off, written
from tests.holidays.notices import NOTICES


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_gives_what_the_shipped_calendar_holds(year):
    found = {(one.day, one.worked) for one in read_days_off(NOTICES[year], year)}
    shipped = {(day, worked) for day, worked in published_rows() if day.year == year}
    assert found == {(day, worked) for day, worked in shipped if worked or day.weekday() < 5}


def test_the_names_of_the_holidays_go_with_the_days():
    found = {one.day: one.name for one in read_days_off(NOTICES[2025], 2025)}
    assert found[date(2025, 10, 8)] == "国庆节、中秋节"
    assert found[date(2025, 2, 8)] == "春节"


@pytest.mark.parametrize("year", NOTICES)
def test_what_is_written_is_read_back(year):
    days = read_days_off(NOTICES[year], year)
    assert read_days_off(written(days), year) == days


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2027-01-01 放假 元旦", [DayOff(date(2027, 1, 1), False, "元旦")]),
        ("2027/2/6 上班", [DayOff(date(2027, 2, 6), True)]),
        ("１月１日　放假", [DayOff(date(2027, 1, 1))]),
        ("1月1日 休", [DayOff(date(2027, 1, 1))]),
        ("2月6日 补班 春节", [DayOff(date(2027, 2, 6), True, "春节")]),
        (
            "1月1日放假，1月3日上班",
            [DayOff(date(2027, 1, 1)), DayOff(date(2027, 1, 3), True)],
        ),
        (
            "元旦：2026年12月31日至2027年1月1日放假",
            [DayOff(date(2026, 12, 31), False, "元旦"), DayOff(date(2027, 1, 1), False, "元旦")],
        ),
    ],
)
def test_lines_as_people_write_them(line, days):
    text = line if any(not one.worked for one in days) else f"{line}\n1月1日 放假"
    expected = days if text == line else [DayOff(date(2027, 1, 1)), *days]
    assert read_days_off(text, 2027) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "没有读到"),
        ("各单位要妥善安排好值班。", "没有读到"),
        ("2月30日放假", "没有这一天"),
        ("3日放假", "没有写月份"),
        ("1月1日", "看不出"),
        ("1月1日放假\n1月1日", "第 2 行"),
        ("2月3日 上班", "本来就是工作日"),
        ("1月5日至1日放假", "颠倒"),
        ("2029年1月1日放假", "不是 2027 年"),
        ("2月6日放假\n1月1日放假\n10月1日放假\n10月1日上班", "本来就是工作日"),
        ("2月7日 上班\n2月6日至8日 放假", "既写放假又写上班"),
        ("1月2日 放假", "没有读到"),  # a Saturday
    ],
)
def test_what_cannot_be_taken_is_told_by_line(text, word):
    with pytest.raises(UnreadableDays, match=word):
        read_days_off(text, 2027)
