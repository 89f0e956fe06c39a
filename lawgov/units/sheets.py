"""The roster of contacts 明白人名册: what its sheet holds.

Rows come as plain values. A unit's people stand beside its name, which is merged over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import Formula, down
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet, Validation
from lawgov.spreadsheets.styles import GREY, Look
from lawgov.units.columns import LIAISONS

NAME = "明白人名册"
FIRST = 4  # under title, unit line and header
BLANK_LINES = 40  # two full pages, upright
_LEAST = 22.0  # points
_TOTAL = Look(size=10.5, bold=True, fill=GREY, indent=2, wrap=False)
_PAGE = Page(landscape=False)

_ROSTER: house.Table[RosterRow] = house.Table(LIAISONS)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One contact; without a `name` a unit that has none yet. `phone` as it may be shown."""

    number: int
    unit: str
    unit_kind: str
    name: str = ""
    position: str = ""
    phone: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RosterHeading:
    """`place` begins the title, `unit` hands the roster in; `filled_on` None leaves a line.

    `kinds` and `units` are offered where they are to be filled in.
    """

    place: str
    unit: str
    filled_on: date | None = None
    units: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.place}法治政府建设明白人名册"


def roster_book(
    rows: Sequence[RosterRow], heading: RosterHeading, *, created: datetime, spare: int = 0
) -> Book:
    """Workbook of the roster; `created` is an instant with its zone, `spare` empty lines follow
    the last contact."""
    body = [_person(row) for row in rows]
    body += [_ROSTER.blank(height=_LEAST) for _line in range(spare or not rows)]
    last = FIRST + len(body) - 1
    return _book([*body, _total(rows, last)], last, heading, created)


def blank_roster_book(heading: RosterHeading, *, created: datetime) -> Book:
    """The form to be filled in: empty lines with numbers, units offered from the register."""
    look = _ROSTER.looks
    lines = [
        replace(
            _ROSTER.blank(number=number, height=_LEAST),
            cells=tuple(
                Cell(number if place == 0 else None, replace(each, unlocked=True))
                for place, each in enumerate(look)
            ),
        )
        for number in range(1, BLANK_LINES + 1)
    ]
    return _book(lines, FIRST + len(lines) - 1, heading, created)


def _book(body: Sequence[Row], last: int, heading: RosterHeading, created: datetime) -> Book:
    across = _ROSTER.across
    written = (
        house.title(heading.title, across),
        house.context(
            f"填报单位：{heading.unit or house.TO_FILL_IN}",
            house.dated("填报时间", heading.filled_on),
            _ROSTER.place("name"),
            across,
        ),
        _ROSTER.header(),
        *body,
        house.signature(((1, 2, "填报人："), (3, 5, "审核人："), (6, across, "（盖章）")), across),
    )
    sheet = Sheet(
        NAME,
        _ROSTER.widths,
        written,
        page=_PAGE,
        repeated=(3, 3),
        freeze="C4",
        validations=_offers(last, heading),
    )
    return Book(heading.title, created, (sheet,))


def _person(row: RosterRow) -> Row:
    return _ROSTER.row(row, groups={"unit": row.unit, "unit_kind": row.unit}, least=_LEAST)


def _total(rows: Sequence[RosterRow], last: int) -> Row:
    """How many people: a sentence that counts names."""
    names = down(_ROSTER.place("name"), FIRST, last)
    people = sum(bool(row.name) for row in rows)
    text = f'"合计：明白人 "&COUNTA({names})&" 人"'
    first, end = LIAISONS[0].key, LIAISONS[-1].key
    value = Formula(text, f"合计：明白人 {people} 人")
    return _ROSTER.band(_TOTAL, {first: value}, spans=[(first, end)])


def _offers(last: int, heading: RosterHeading) -> tuple[Validation, ...]:
    """Units and their kinds from the place's own lists; other text is admitted."""
    lists = {"unit": heading.units, "unit_kind": heading.kinds}
    return tuple(
        Validation((down(_ROSTER.place(key), FIRST, last),), "list", choices=choices, strict=False)
        for key, choices in lists.items()
        if choices
    )
