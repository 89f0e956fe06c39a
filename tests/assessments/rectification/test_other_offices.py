"""Other offices' ledgers in every file format: nothing lost, invented or split, and read right."""

from __future__ import annotations

import csv
import io

import pytest

from assessments.rectification.reading import LedgerReading, read_ledger
from tests.assessments.rectification.ledgers import ISSUED_ON, YEAR
from tests.assessments.rectification.other_offices import Office, office_of
from tests.spreadsheets.books import book_of, with_part
from tests.spreadsheets.counter import filled_rows
from tests.tiers import amount

SEEDS = range(amount(120, 3_000))


def reading_of(data: bytes, name: str = "台账.xlsx") -> LedgerReading:
    return read_ledger(io.BytesIO(data), name=name, year=YEAR, issued_on=ISSUED_ON)


def told(office: Office) -> list[tuple]:
    return [
        (i.sheet, i.row, i.number, i.units, i.text, i.measures, i.day, i.closed, i.category)
        for i in office.truth
    ]


def understood(reading: LedgerReading) -> list[tuple]:
    return [
        (r.sheet, r.row, r.number, r.units, r.text, r.measures,
         r.deadline_date and r.deadline_date.isoformat(), r.closed, r.category)
        for r in reading.rows
    ]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_an_offices_ledger_is_read_as_it_was_meant(seed):
    office = office_of(seed)
    data = book_of(office.pages, mac_dates=office.mac)
    reading = reading_of(data)
    assert understood(reading) == told(office)
    first = reading.sheets[0]
    if len(office.pages) == 1:
        accounted = {row for row, _why in first.skipped} | set(first.header_rows)
        below = [row for row in filled_rows(data) if row > first.header_rows[-1]]
        counted = len(reading.rows) + reading.merged_rows + reading.skipped_below_header
        repeated = [row for row in below if row in first.header_rows]
        assert counted + len(repeated) >= len(below)
        assert accounted | {row.row for row in reading.rows} <= set(range(1, 10_000))


@pytest.mark.parametrize("seed", range(6))
def test_a_wrong_declared_size_hides_nothing(seed):
    office = office_of(seed)
    data = book_of(office.pages)

    def lie(part: bytes) -> bytes:
        start = part.index(b"<dimension")
        return part[:start] + b'<dimension ref="A1:B2"/>' + part[part.index(b"/>", start) + 2 :]

    lying = data
    for place in range(1, len(office.pages) + 1):
        lying = with_part(lying, f"xl/worksheets/sheet{place}.xml", lie)
    assert understood(reading_of(lying)) == told(office)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("seed", [1, 4])
def test_the_same_as_csv(seed, encoding):
    office = office_of(seed)
    out = io.StringIO()
    csv.writer(out).writerows(office.pages[0].rows)
    name = f"{office.pages[0].name}.csv"
    expected = [found[:1] + found[2:] for found in told(office)]
    reading = reading_of(out.getvalue().encode(encoding), name)
    assert [found[:1] + found[2:] for found in understood(reading)] == expected
