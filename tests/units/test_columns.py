"""The liaison roster 明白人名册 has the columns of the guide, in order."""

from __future__ import annotations

from lawgov.units.columns import LIAISONS


def test_headers_are_those_of_the_guide() -> None:
    assert [column.header for column in LIAISONS] == [
        *("序号", "单位", "单位类型", "姓名", "职务", "联系电话", "备注")
    ]


def test_no_two_columns_share_a_name() -> None:
    names = [name for column in LIAISONS for name in column.names]
    assert len(names) == len(set(names))


def test_a_telephone_number_stays_text() -> None:
    phone = next(column for column in LIAISONS if column.key == "phone")
    assert (phone.kind, phone.number_format) == ("text", "@")
