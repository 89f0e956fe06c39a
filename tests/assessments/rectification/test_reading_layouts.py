"""Two hundred random layouts, each read back to the truth it was made from."""

from __future__ import annotations

import io

import pytest

from assessments.rectification.reading import LedgerReading, read_ledger
from tests.assessments.rectification.ledgers import ISSUED_ON, YEAR, Ledger
from tests.spreadsheets.books import book_of
from tests.spreadsheets.counter import filled_rows

SEEDS = range(200)


def _read(ledger: Ledger) -> tuple[bytes, LedgerReading]:
    data = book_of([ledger.page()])
    return data, read_ledger(io.BytesIO(data), name="台账.xlsx", year=YEAR, issued_on=ISSUED_ON)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_ledger_is_read_as_it_was_meant(seed):
    ledger = Ledger(seed)
    data, reading = _read(ledger)
    assert [row.row for row in reading.rows] == [truth.row for truth in ledger.truth]
    for row, truth in zip(reading.rows, ledger.truth, strict=True):
        assert row.number == truth.number
        assert row.units == truth.units
        assert row.text == truth.text
        assert row.measures == truth.measures
        assert row.category == truth.category
        day = row.deadline_date and row.deadline_date.isoformat()
        assert (row.deadline_kind, day) == truth.deadline
        assert row.closed == truth.closed
        assert (row.closed_date and row.closed_date.isoformat()) == truth.closed_date
    hidden = [problem.row for problem in reading.problems if problem.code == "hidden_row"]
    assert hidden == ledger.hidden
    _check_that_nothing_is_lost(data, reading, ledger)


def _check_that_nothing_is_lost(data: bytes, reading: LedgerReading, ledger: Ledger) -> None:
    """Every row with a value is a title, a header, an issue, part of one, or named as skipped."""
    known = {row for truth in ledger.truth for row in truth.rows}
    known |= set(reading.sheets[0].header_rows) | {row for row, _why in reading.sheets[0].skipped}
    assert filled_rows(data) <= known
    merged = sum(len(truth.rows) - 1 for truth in ledger.truth)
    assert reading.merged_rows == merged
