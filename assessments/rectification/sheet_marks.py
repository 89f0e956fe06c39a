"""What the ledger sheet 整改台账 marks and admits: lights 灯, gaps, what may be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assessments.rectification.headings import NO, YES
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import at, down
from lawgov.spreadsheets.sheet import Condition, Rule, Validation
from lawgov.spreadsheets.styles import Mark

if TYPE_CHECKING:
    from assessments.rectification.sheets import LedgerHeading

Table = house.Table[Any]

CLOSED = Mark(color="595959", fill="D9D9D9", format='"■"yyyy-mm-dd')
OVERDUE = Mark(color="FFFFFF", bold=True, fill="C00000", format='"▲"yyyy-mm-dd')
NEAR = Mark(color="000000", bold=True, fill="FFD966", format='"△"yyyy-mm-dd')
LATER = Mark(color="000000", fill="E2EFDA", format='"○"yyyy-mm-dd')
MISSING = Mark(hatched="7F7F7F")
LATE = Mark(color="C00000", bold=True, underlined=True)


def validations(
    table: Table, first: int, last: int, heading: LedgerHeading
) -> tuple[Validation, ...]:
    """是 or 否; a day of closing between the letters and the report."""
    closed, closed_on = ((down(table.place(key), first, last),) for key in ("closed", "closed_on"))
    day, reported = heading.issued_on, report_day(table)
    since = f"DATE({day.year},{day.month},{day.day})" if day else "DATE(1949,10,1)"
    issued = (
        f"交办日（{day.year}年{day.month}月{day.day}日）与填报时间之间" if day else "填报时间之前"
    )
    return (
        Validation(
            closed, "list", choices=(YES, NO), required=True, error=f"只能填“{YES}”或“{NO}”。"
        ),
        Validation(closed_on, "date", (since, reported), error=f"销号时间应在{issued}。"),
    )


def conditions(
    table: Table, first: int, last: int, heading: LedgerHeading
) -> tuple[Condition, ...]:
    """Lights against the report day; missing proof and closing day; late closing."""
    deadline, evidence, closed, closed_on, text = (
        f"${at(table.place(key), first)}"
        for key in ("deadline", "evidence", "closed", "closed_on", "text")
    )
    reported = report_day(table)
    lights = (
        Rule(f'{closed}="{YES}"', CLOSED),
        Rule(f"AND(ISNUMBER({deadline}),{deadline}<{reported})", OVERDUE),
        Rule(f"AND(ISNUMBER({deadline}),{deadline}-{reported}<={heading.near_days})", NEAR),
        Rule(f"ISNUMBER({deadline})", LATER),
    )
    no_proof = (Rule(f"AND(LEN({text})>0,LEN(TRIM({evidence}))=0)", MISSING),)
    closing = (
        Rule(f'AND({closed}="{YES}",LEN({closed_on})=0)', MISSING),
        Rule(
            f'AND({closed}="{YES}",ISNUMBER({closed_on}),ISNUMBER({deadline}),{closed_on}>{deadline})',
            LATE,
        ),
    )
    return tuple(
        Condition((down(table.place(key), first, last),), rules)
        for key, rules in (("deadline", lights), ("evidence", no_proof), ("closed_on", closing))
    )


def report_day(table) -> str:
    """Cell of the stated day, over the column of persons in the unit line."""
    return at(table.place("persons"), 2, fixed=True)
