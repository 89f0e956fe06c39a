"""Days and ranges as written, the table of domain guide §9 first."""

from datetime import date

import pytest

from lawgov.chinese.dates import read_days

APRIL_14 = date(2023, 4, 14)


@pytest.mark.parametrize(
    "text",
    [
        "2023年4月14日", "2023.4.14", "2023-04-14", "2023/4/14", "2023-04-14 08:36",
        "２０２３年４月１４日", "二〇二三年四月十四日", "二○二三年四月十四日", "20230414",
        "23年4月14日",
        "23.4.14", "2023 年 4 月 14 日", "2023年\n4月14日", "2023. 4. 14", "2023年4月14号",
        "4月14日", "四月十四日", "4.14", "4/14", "2023年04月14日18:00前", "2023-04-14T08:36:00",
    ],
)  # fmt: skip
def test_one_day_in_many_dresses(text):
    assert read_days(text, year=2023).ends == (APRIL_14,)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二00五年三月三日", date(2005, 3, 3)),
        ("2024-03-11 08:36", date(2024, 3, 11)),
        ("4月底前", date(2023, 4, 30)),
        ("2025年6月底前", date(2025, 6, 30)),
        ("每年1月底之前", date(2023, 1, 31)),
        ("年底前", date(2023, 12, 31)),
        ("2025年5月", date(2025, 5, 31)),
        ("3月底", date(2023, 3, 31)),
        ("2024年2月", date(2024, 2, 29)),
        ("上半年", date(2023, 6, 30)),
        ("2024年下半年", date(2024, 12, 31)),
        ("第三季度", date(2023, 9, 30)),
        ("二季度末", date(2023, 6, 30)),
        ("6月30日前", date(2023, 6, 30)),
        ("4月1日之前", date(2023, 4, 1)),
        ("9月上旬", date(2023, 9, 10)),
        ("9月中旬", date(2023, 9, 20)),
        ("9月下旬", date(2023, 9, 30)),
        ("明年3月底", date(2024, 3, 31)),
        ("次年1月", date(2024, 1, 31)),
        ("今年年底", date(2023, 12, 31)),
        ("本年度内", date(2023, 12, 31)),
        ("2023.6", date(2023, 6, 30)),
        ("202306", date(2023, 6, 30)),
        ("按曾法办〔2023〕5号要求于5月底前", date(2023, 5, 31)),
    ],
)
def test_a_day_or_the_last_of_a_time(text, day):
    assert read_days(text, year=2023).ends == (day,)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2023年3月16日—24日", date(2023, 3, 24)),
        ("7月6日—8日", date(2023, 7, 8)),
        ("3月16-24日", date(2023, 3, 24)),
        ("3月16日～24日", date(2023, 3, 24)),
        ("3月16日至4月24日", date(2023, 4, 24)),
        ("2023.4.1-2023.4.30", date(2023, 4, 30)),
        ("2023.4.15～5.15", date(2023, 5, 15)),
        ("2023-04-15至05-15", date(2023, 5, 15)),
        ("4.1-4.30", date(2023, 4, 30)),
        ("4月—6月", date(2023, 6, 30)),
        ("2023年4-6月", date(2023, 6, 30)),
        ("2023-2025年", date(2025, 12, 31)),
        ("2023年11月1日至1月31日", date(2024, 1, 31)),
        ("自4月14日起至5月31日", date(2023, 5, 31)),
    ],
)
def test_a_range_counts_to_its_last_day(text, end):
    assert read_days(text, year=2023).ends == (end,)


def test_a_range_over_the_new_year_begins_in_the_context_year():
    assert read_days("11月1日至1月31日", year=2023).ends == (date(2024, 1, 31),)


def test_several_days_are_several():
    text = "2023年4月30日前完成制度建设，6月30日前完成整改"
    assert read_days(text).ends == (date(2023, 4, 30), date(2023, 6, 30))


@pytest.mark.parametrize(
    "text", ["2023年2月30日", "6月31日前", "2023年13月", "2023.13.1", "2月29日", "2023-04-31"]
)
def test_a_day_that_does_not_exist_is_impossible_and_not_guessed(text):
    found = read_days(text, year=2023)
    assert found.impossible
    assert found.ends == ()


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("4月14日", "year"),
        ("年底前", "year"),
        ("上半年", "year"),
        ("27日", "month"),
        ("月底前", "month"),
    ],
)
def test_without_context_it_says_what_is_missing(text, lacks):
    found = read_days(text)
    assert found.lacks == {lacks}
    assert found.ends == ()


def test_a_year_written_once_holds_for_what_follows():
    assert read_days("2024年4月14日、5月1日", year=2023).ends[1] == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [("27日", date(2023, 4, 27)), ("10日前", date(2023, 5, 10)), ("月底前", date(2023, 4, 30))],
)
def test_a_bare_day_is_the_first_from_the_anchor_on(text, day):
    assert read_days(text, year=2023, anchor=APRIL_14).ends == (day,)


def test_a_beginning_is_no_deadline():
    assert not read_days("2023年5月1日起").ends


@pytest.mark.parametrize("text", ["", "近期", "待定", "/", "2.0版", "12%", "已完成", "1.5个月"])
def test_what_is_no_date_finds_nothing(text):
    assert not read_days(text, year=2023).found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023年国庆节前", date(2023, 9, 30)),
        ("2023年国庆前", date(2023, 9, 30)),
        ("23年国庆节以前", date(2023, 9, 30)),
        ("2023年“十一”前", date(2023, 9, 30)),
        ("2023年十一国庆节之前", date(2023, 9, 30)),
        ("2024年元旦前", date(2023, 12, 31)),
        ("2023年春节前", date(2023, 1, 21)),
        ("2024年春节前夕", date(2024, 2, 9)),
        ("明年春节前", date(2024, 2, 9)),
        ("2023年清明节前", date(2023, 4, 4)),
        ("2023年五一前", date(2023, 4, 30)),
        ("2023年“五一”劳动节前", date(2023, 4, 30)),
        ("2023年五一国际劳动节前", date(2023, 4, 30)),
        ("2023年劳动节前", date(2023, 4, 30)),
        ("2023年端午节前", date(2023, 6, 21)),
        ("2023年中秋节前", date(2023, 9, 28)),
        ("二〇二三年中秋节前", date(2023, 9, 28)),
        ("2030年中秋节前", date(2030, 9, 11)),  # not published yet; the moon is
        ("国庆节前完成", date(2023, 9, 30)),
        ("2023年国庆节", date(2023, 10, 1)),
        ("9月1日至国庆节前", date(2023, 9, 30)),
    ],
)
def test_before_a_festival_is_the_day_before_it(text, day):
    """The festival itself counts, not the first day off around it."""
    assert read_days(text, year=2023).ends == (day,)


def test_a_festival_without_a_year_is_the_next_one():
    in_april = {"year": 2023, "anchor": APRIL_14}
    assert read_days("国庆节前", **in_april).ends == (date(2023, 9, 30),)
    assert read_days("元旦前", **in_april).ends == (date(2023, 12, 31),)
    assert read_days("春节前", **in_april).ends == (date(2024, 2, 9),)
    assert read_days("2023年春节前", **in_april).ends == (date(2023, 1, 21),)
    assert read_days("国庆节前").lacks == {"year"}
    assert read_days("元旦前", year=2023).lacks == {"year"}, "which of the two is not said"


@pytest.mark.parametrize(
    "text", ["2023年国庆期间", "2023年国庆节后", "2023年春节前后", "春节长假", "1066年中秋节前"]
)
def test_around_a_festival_is_no_day(text):
    found = read_days(text, year=2023)
    assert (found.ends, found.impossible) == ((), False)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2023年十一月", date(2023, 11, 30)), ("十一月底前", date(2023, 11, 30)),
     ("2023年劳动竞赛前", date(2023, 12, 31))],
)  # fmt: skip
def test_what_only_begins_like_a_festival(text, day):
    assert read_days(text, year=2023).ends == (day,)


def test_two_festivals_are_two_days():
    assert read_days("2023年中秋国庆前").ends == (date(2023, 9, 29), date(2023, 9, 30))
