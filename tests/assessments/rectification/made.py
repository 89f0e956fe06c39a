"""Small ledgers made in the test, and what the reader says of them."""

from __future__ import annotations

import io
from datetime import date

from assessments.rectification.reading import IssueRow, LedgerReading, read_ledger
from tests.spreadsheets.books import book

HEAD = [
    "序号", "责任单位", "存在问题", "整改措施", "完成时限", "责任人", "是否销号", "销号时间",
    "备注",
]  # fmt: skip


def issue(number, text="执法公示不规范", unit="区司法局", **cells):
    """A row under HEAD; measure, deadline, person, closed, closed_on and remark by name."""
    named = {"measure": "建立台账", "deadline": "5月底", "person": "张某", "closed": "否"} | cells
    return [
        number, unit, text, named["measure"], named["deadline"], named["person"], named["closed"],
        named.get("closed_on"), named.get("remark"),
    ]  # fmt: skip


def read(data: bytes, name: str = "台账.xlsx", **context) -> LedgerReading:
    context = {"year": 2023, "issued_on": date(2023, 4, 14)} | context
    return read_ledger(io.BytesIO(data), name=name, **context)


def sheet(*rows, **options) -> LedgerReading:
    return read(book(list(rows), **options))


def only(*rows, **options) -> IssueRow:
    reading = sheet(*rows, **options)
    assert len(reading.rows) == 1
    return reading.rows[0]


def codes(reading: LedgerReading) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in reading.problems]
