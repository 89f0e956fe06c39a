"""What the self-assessment sheet checks while it is filled in: limits of scores, marks of gaps."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.rounds.areas import FIRST_ROW, SCORES, TABLE, Area, cells
from assessments.rounds.columns import REMARKS
from lawgov.spreadsheets.formulas import at
from lawgov.spreadsheets.sheet import Condition, Rule, Validation
from lawgov.spreadsheets.styles import Mark

BELOW_POINTS = Mark(color="C00000", bold=True, underlined=True, fill="FFF2CC")
MISSING = Mark(hatched="7F7F7F")


def validations(areas: Sequence[Area], reasons: tuple[str, ...]) -> tuple[Validation, ...]:
    """Limits of the three scores, offers for reason and remark; none on sub-total rows."""
    scores = (_score_validation(key, areas) for key in SCORES)
    offers = (
        Validation(_ranges(key, areas), "list", choices=choices, strict=False)
        for key, choices in (("deduction_reason", reasons), ("remark", REMARKS))
        if choices
    )
    return (*scores, *offers)


def _score_validation(key: str, areas: Sequence[Area]) -> Validation:
    """0 to the indicator's points, in steps of 0.5."""
    cell = at(TABLE.place(key), FIRST_ROW)
    points = f"${at(TABLE.place('points'), FIRST_ROW)}"
    return Validation(
        _ranges(key, areas),
        "custom",
        (f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={points},MOD({cell}*2,1)=0)",),
        error_title="分数不符",
        error="请填0至本项分值之间的数，0.5分一档。",
        prompt_title=TABLE.columns[TABLE.place(key) - 1].header,
        prompt="0至本项分值，0.5分一档；不适用的留空，并在备注选“不适用”。",
    )


def conditions(areas: Sequence[Area]) -> tuple[Condition, ...]:
    """Scores below the points; proof missing under a score; reason missing under a deduction."""
    points, evidence, reason = (
        f"${at(TABLE.place(key), FIRST_ROW)}" for key in ("points", "evidence", "deduction_reason")
    )
    own, lead, office = (at(TABLE.place(key), FIRST_ROW) for key in SCORES)
    below = (
        Condition(
            _ranges(key, areas),
            (Rule(f"AND(ISNUMBER({cell}),{cell}<{points})", BELOW_POINTS),),
        )
        for key, cell in zip(SCORES, (own, lead, office), strict=True)
    )
    listed = f"${own},${lead},${office}"
    no_proof = Rule(f"AND(ISNUMBER(${own}),${own}>0,LEN(TRIM({evidence}))=0)", MISSING)
    no_reason = Rule(
        f"AND(COUNT({listed})>0,MIN({listed})<{points},LEN(TRIM({reason}))=0)", MISSING
    )
    return (
        *below,
        Condition(_ranges("evidence", areas), (no_proof,)),
        Condition(_ranges("deduction_reason", areas), (no_reason,)),
    )


def _ranges(key: str, areas: Sequence[Area]) -> tuple[str, ...]:
    return tuple(cells(key, area) for area in areas)
