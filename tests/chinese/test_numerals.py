"""Chinese numerals and item numbers. Source of the odd forms: domain guide §8, §9."""

import pytest

from lawgov.chinese.numerals import chinese_number, is_item_number, item_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10), ("十二", 12), ("二十", 20), ("二十四", 24), ("一百零五", 105), ("两千", 2000),
        ("二〇二三", 2023), ("二零二三", 2023), ("二○二三", 2023), ("二00五", 2005), ("廿三", 23),
        ("三", 3), ("15", 15),
    ],
)  # fmt: skip
def test_numerals_are_read(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "十二三", "abc", "一二月", "一" * 50, "9" * 50])
def test_what_is_no_numeral_is_none(text):
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1", "１", "01", "1、", "1.", "１．", "（1）", "(1)", "（１）", "①", "⑴", "⒈", "❶",
        "一", "一、", "（一）", "㈠", "第1条", "第一项", "1号", " 1 ", "1\u200b", "【1】", "1）",
    ],
)  # fmt: skip
def test_an_item_number_in_any_dress_is_one(text):
    assert item_number(text) == "1"
    assert is_item_number(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("1-2", "1-2"), ("A3", "A3"), ("1.1", "1.1"), ("WT-001", "WT-001"), ("２-１", "2-1")],
)
def test_another_code_stays_as_it_is(text, kept):
    assert item_number(text) == kept
    assert not is_item_number(text)


@pytest.mark.parametrize("text", ["", "、", "  ", "\u200b"])
def test_nothing_is_no_number(text):
    assert item_number(text) is None
    assert not is_item_number(text)


@pytest.mark.parametrize(
    ("text", "number"), [("㉑", "21"), ("⑳", "20"), ("⓫", "11"), ("十二", "12")]
)
def test_large_circles_and_numerals(text, number):
    assert item_number(text) == number


def test_a_number_of_a_million_digits_harms_nobody():
    assert not is_item_number("9" * 1_000_000)
    assert item_number("9" * 5_000) == "9" * 5_000
