"""Document numbers 发文字号; the broken ones are real. Source: domain guide §9."""

import pytest

from lawgov.chinese.documents import DocumentNumber, read_document_number


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("金政发〔2025〕33号", "金政发〔2025〕33号"),
        ("海政办发﹝2023﹞8号", "海政办发〔2023〕8号"),
        ("市委发[2017]23号", "市委发〔2017〕23号"),
        ("市委发［2017］23号", "市委发〔2017〕23号"),
        ("市委发(2017)23号", "市委发〔2017〕23号"),
        ("市委发（2017）23号", "市委发〔2017〕23号"),
        ("市委发【２０１７】２３号", "市委发〔2017〕23号"),
        ("曾法办〔2023〕第05号", "曾法办〔2023〕5号"),
        (" 曾法办 〔2023〕 5 号 ", "曾法办〔2023〕5号"),
    ],
)
def test_every_bracket_becomes_the_right_one(text, normal):
    assert str(read_document_number(text)) == normal


@pytest.mark.parametrize(
    "text",
    [
        "株县发20174",
        "发〔〕33号",
        "X办发〔X〕11X号",
        "",
        "〔2023〕5号",
        "曾法办〔23〕5号",
        "曾法办〔2023〕号",
    ],
)
def test_a_broken_number_is_told_and_not_guessed(text):
    with pytest.raises(ValueError, match="发文字号"):
        read_document_number(text)


def test_numbers_are_ordered_in_their_series():
    numbers = [read_document_number(f"曾法办〔2023〕{n}号") for n in (10, 9)]
    assert sorted(numbers)[0] == DocumentNumber("曾法办", 2023, 9)
