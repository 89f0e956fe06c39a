"""The demo's two lists: the shipped ledgers shifted to today, then read by the product itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings

from assessments.rectification.reading import IssueRow, LedgerReading, read_ledger
from lawgov.calendars import Workdays
from lawgov.chinese.deadlines import read_deadline
from lawgov.operations.demo.deadlines import respell
from lawgov.operations.demo.fates import Fate
from lawgov.spreadsheets.rewrite import rewrite

LEDGERS = Path(settings.BASE_DIR) / "fixtures" / "ledgers"
WRITTEN_ON = date(2023, 4, 14)  # the shipped files' own day of handing over
EMPTIED = ("progress", "evidence", "closed", "closed_date")


def original(name: str) -> LedgerReading:
    """A shipped ledger as read: `individual` (204 rows) or `common` (8)."""
    return read_ledger(LEDGERS / f"{name}.xlsx", year=WRITTEN_ON.year, issued_on=WRITTEN_ON)


def shifted(
    reading: LedgerReading,
    target: Path,
    fates: Sequence[Fate],
    *,
    letter: date,
    today: date,
    rng: Random,
) -> None:
    """Write the ledger anew with one row per fate, each with a deadline that gives its light.

    A deadline keeps its row's own form where that form can name one of the fitting days; else it
    becomes a plain date. A long-term one stays when its light is green or grey. What the office
    noted afterwards is emptied. More fates than rows repeat the rows from the first on.
    """
    (sheet,) = reading.sheets
    letters = {key: column for column, key in sheet.columns.items()}
    first, have = reading.rows[0].row, len(reading.rows)
    workdays = Workdays.standard()
    cells = {
        (
            "A",
            2,
        ): f"填报单位：区委依法治区办    填报时间：{letter.year}年{letter.month}月{letter.day}日"
    }
    for index, fate in enumerate(fates):
        row = reading.rows[index % have]
        place = first + index
        cells[letters["number"], place] = index + 1
        for key in EMPTIED:
            if key in letters:
                cells[letters[key], place] = None
        if index >= have:
            cells[letters["text"], place] = f"{row.text}（第{index // have + 1}批）"
        cells[letters["deadline_text"], place] = _deadline(row, fate, letter, today, workdays, rng)
    name = "individual" if len(letters) > 8 else "common"
    rewrite(
        LEDGERS / f"{name}.xlsx",
        target,
        sheet=sheet.name,
        cells=cells,
        rows=(first, first + have - 1),
        count=len(fates),
    )


def _deadline(
    row: IssueRow, fate: Fate, letter: date, today: date, workdays: Workdays, rng: Random
) -> str | date:
    text = row.deadline_text or ""
    if row.deadline_kind == "long_term" and fate.light in ("g", "x"):
        return text
    days = [day for day in fate.days(today) if day > letter]
    rng.shuffle(days)
    for day in days:
        written = _in_own_form(text, day, letter, workdays)
        if written is not None:
            return written
    return days[0]


def _in_own_form(text: str, day: date, letter: date, workdays: Workdays) -> str | date | None:
    """The form must read back as the very day, with what the importer will know."""
    written = respell(text, day, letter, workdays)
    if written is None or isinstance(written, date):
        return written
    read = read_deadline(written, year=letter.year, issued_on=letter, workdays=workdays)
    return written if read.day == day else None
