"""Telephone numbers of rosters: what is taken, and what is said of the rest."""

from __future__ import annotations

import pytest

from lawgov.chinese.phones import phone_fault


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678",
        "＋86 13812345678", "１３８１２３４５６７８", "0731-88881234", "(0731)8888123",
        "（010）66661234",
        "0731-8888", "88881234", "8888123-802", "0731-88881234-802", "66661234转802", "12345",
        "668812", "13812345678 0731-88881234", "15512345",
    ],
)  # fmt: skip
def test_numbers_as_offices_write_them(text: str) -> None:
    assert phone_fault(text) == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("12", "手机写 11 位"),
        ("1234", "手机写 11 位"),
        ("1381234567", "手机号要 11 位，“1381234567”是 10 位"),
        ("138123456789", "是 12 位"),
        ("0731888812345", "手机写 11 位"),
        ("13812345678 12", "手机号要 11 位"),
        ("见通讯录", "只写数字"),
        ("1.3812E+10", "只写数字"),
        ("---", "手机写 11 位"),
        ("转802", "手机写 11 位"),
    ],
)
def test_what_is_none_is_told_with_the_remedy(text: str, part: str) -> None:
    assert part in phone_fault(text)
