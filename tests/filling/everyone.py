"""One place in which every sheet that can be filled in has rows, and something to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from assessments.models import UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from assessments.rounds import verification
from assessments.rounds.queries import seen_version
from indicators.assignments.states import UnitState
from indicators.models import Assignment, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.units.models import Liaison
from tests import factories
from tests.factories import NOW
from tests.filling.sheets import Desk
from tests.people import Cast, make_cast

ASKED = date(2027, 1, 15)
Typed = Mapping[tuple[int, str], Any]


@dataclass(frozen=True)
class Case:
    """One sheet: whose it is, what makes its rows, what the person types (row from 0, header),
    and where that is found afterwards."""

    code: str
    who: str
    make: Callable[[Cast], None]
    typed: Typed

    def cast(self) -> Cast:
        made = make_cast(edition=factories.make_edition(areas=2, groups=2, each=2))
        made.campaign.assignments.update(lead_unit=made.lead_unit)
        self.make(made)
        return made

    def actor(self, cast: Cast) -> Actor:
        return getattr(cast, self.who)

    def fill(self, desk: Desk) -> None:
        for (index, header), value in self.typed.items():
            desk.type(index, header, value)


def _works(cast: Cast) -> None:
    for assignment in cast.campaign.assignments.all():
        factories.make_work(assignment, cast.unit)


def _accepted(cast: Cast) -> None:
    _works(cast)
    UnitAssignment.objects.filter(region=cast.region).update(state=UnitState.ACCEPTED)


def _scored(cast: Cast) -> None:
    _accepted(cast)
    for assignment in Assignment.objects.filter(campaign=cast.campaign).select_related("indicator"):
        verification.give_lead_score(
            assignment,
            actor=cast.lead,
            now=NOW,
            version=seen_version(assignment, assignment.unit_assignments.all()),
            self_points=Decimal(9),
            points=Decimal(9),
        )


def _answers(*states: State) -> Callable[[Cast], None]:
    def make(cast: Cast) -> None:
        inspection = factories.make_inspection(cast.region)
        for number, state in enumerate(states, 1):
            issue = factories.make_issue(
                inspection, number=f"{number:03}", text=f"第{number}个问题"
            )
            factories.make_response(issue, cast.unit, state)

    return make


def _deadlines(cast: Cast) -> None:
    _answers(State.FOUND, State.RECTIFYING, State.RECTIFYING, State.FOUND)(cast)
    mine = UnitResponse.objects.for_moves().filter(region=cast.region)
    row = mine.filter(state=State.RECTIFYING).order_by("pk").first()
    LEDGER.perform(
        row, "ask_extension", actor=cast.head, now=NOW, version=row.version, new_date=ASKED,
        reason="需要公示期",
    )  # fmt: skip


def _contacts(cast: Cast) -> None:
    for unit, name, phone in [
        (cast.unit, "王某", "13811111234"),
        (cast.unit, "李某", "13900000000"),
        (cast.other_unit, "赵某", ""),
    ]:
        Liaison.objects.create(unit=unit, name=name, position="科长", phone=phone)


AT_WORK = (State.ACCEPTED, State.PLANNED, State.RECTIFYING, State.RECTIFYING)

CASES = (
    Case(
        "self_scores", "editor", _works,
        {(0, "自评得分"): 8.5, (3, "自评说明"): "已办\n见附件", (5, "自评得分"): 10},
    ),
    Case(
        "lead_scores", "lead", _accepted,
        {(0, "自评得分"): 9, (0, "牵头单位审核得分"): 8.5, (0, "扣分原因"): "缺一份记录"},
    ),
    Case(
        "verifications", "office", _scored,
        {(0, "核验得分"): 9, (2, "核验得分"): 8, (2, "扣分原因"): "抽查不符"},
    ),
    Case(
        "decomposition", "office", _works,
        {(0, "责任单位"): "区水利局、区林业局", (1, "完成时限"): date(2026, 12, 20),
         (2, "分值"): 12.5, (3, "备注"): "先办"},
    ),
    Case(
        "rectification", "editor", _answers(*AT_WORK),
        {(0, "整改措施"): "1.逐卷自查\n2.补正文书", (0, "责任人"): "王某",
         (2, "整改进展"): "已补 3 份\n其余在办"},
    ),
    Case(
        "deadlines", "office", _deadlines,
        {(0, "完成时限"): date(2026, 12, 31), (1, "完成时限"): ASKED},
    ),
    Case(
        "contacts", "office", _contacts,
        {(0, "职务"): "副局长", (1, "联系电话"): "13700005678", (2, "备注"): "新任"},
    ),
)  # fmt: skip
BY_CODE = {case.code: case for case in CASES}
