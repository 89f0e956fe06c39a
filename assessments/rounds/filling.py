"""The self-assessment sheet 自评表 as it is filled in elsewhere: by a unit, its lead, the office.

Three sheets over the same columns; each is saved by the action of the page that it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rounds import actions, queries, scoring, verification
from assessments.rounds.actions import STATEMENT_LENGTH
from assessments.rounds.areas import areas_of
from assessments.rounds.columns import SELF_ASSESSMENT
from assessments.rounds.exporting import indicator_rows
from assessments.rounds.models import Score, ScoreDraft
from assessments.rounds.sheets import AssessmentHeading, IndicatorRow, assessment_sheet
from assessments.rounds.verification import SCORABLE
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import WITH_UNIT, IndicatorState, UnitState
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.filling.subjects import Changed, Drawn, Item, Subject, Unfit, register
from lawgov.filling.values import told
from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.sheet import Book

Source = Score.Source
POINTS = frozenset({"self_score", "lead_score", "office_score"})


class AssessmentSheet(Subject):
    """What the three have in common: the drawing, and what points and texts are."""

    columns = SELF_ASSESSMENT
    anchors = ("number", "title")
    loose = frozenset({"area", "group"})
    section = "checklist"

    def draw(self, items: Sequence[Item], actor: Actor, *, now: datetime) -> Drawn:
        assignment = _assignment(items[0])
        campaign, today = assignment.campaign, local_day(now)
        heading = AssessmentHeading(
            place=campaign.region.name,
            edition=campaign.edition.name,
            unit=actor.unit.name if actor.unit else campaign.office_name,
            filled_on=today,
        )
        rows = [_drawn(item) for item in items]
        by_number = {_assignment(item).indicator.number: item.pk for item in items}
        places = {
            by_number[row.number]: area.first + offset
            for area in areas_of(rows)
            for offset, row in enumerate(area.rows)
        }
        book = Book(heading.title, now, (assessment_sheet(rows, heading),))
        who = actor.unit.name if actor.unit else campaign.region.name
        values = {"who": who, "what": self.label, "day": f"{today:%Y%m%d}"}
        return Drawn(book, places, _("%(who)s%(what)s（填报，%(day)s）.xlsx") % values)

    def read(self, key: str, value: Value, item: Item) -> Any:
        if key in POINTS:
            return _points(value, _assignment(item).points)
        text = told(value)
        if len(text) > STATEMENT_LENGTH:
            raise Unfit(_("超过 %(n)s 个字") % {"n": STATEMENT_LENGTH})
        return text


def _points(value: Value, full: Decimal) -> Decimal | None:
    if value is None or value == "":
        return None
    points = scoring.parse_points(told(value))
    if fault := scoring.points_fault(points, full):
        raise Unfit(fault)
    return points


def _assignment(item: Item) -> Assignment:
    row = item.row
    return row.assignment if isinstance(row, UnitAssignment) else row


def _drawn(item: Item) -> IndicatorRow:
    """The row as the sheet shows it, with the values that are filled in."""
    shown: IndicatorRow = item.cells["drawn"]
    own = {key: item.cells[key] for key in ("self_score", "lead_score", "office_score")}
    texts = {key: item.cells[key] for key in ("statement", "deduction_reason")}
    return replace(shown, **own, **texts)


def _cells(row: IndicatorRow, **values: Any) -> dict[str, Any]:
    keys = [column.key for column in SELF_ASSESSMENT]
    return {key: getattr(row, key) for key in keys} | {"drawn": row} | values


# -- a unit's own ------------------------------------------------------------------------------


class SelfScores(AssessmentSheet):
    """自评: a unit's draft score and statement of each of its indicators; handing in stays a
    step of its own, for it needs proof and signature."""

    code = "self_scores"
    label = gettext_lazy("自评表")
    hint = gettext_lazy("填自评得分和自评说明，存为草稿；提交审核还在网页上办")
    action = Action.SUBMIT
    ways = ("draft",)

    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        works = UnitAssignment.objects.visible_to(actor, Action.SUBMIT).select_related(
            "assignment__indicator__group__area", "assignment__campaign__region",
            "assignment__campaign__edition", "unit",
        )  # fmt: skip
        if pks is not None:
            works = works.filter(pk__in=pks)
        rows = list(works.order_by("assignment__indicator__number"))
        if not rows:
            return []
        drafts = {
            draft.unit_assignment_id: draft
            for draft in ScoreDraft.objects.filter(unit_assignment__in=rows)
        }
        chosen = Assignment.objects.filter(pk__in=[work.assignment_id for work in rows])
        shown = indicator_rows(rows[0].assignment.campaign, chosen, actor)
        by_number = {row.number: row for row in shown}
        return [
            _work_item(work, by_number[work.assignment.indicator.number], drafts.get(work.pk))
            for work in rows
        ]

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        for change in changes:
            item, values = change.item, change.values
            actions.save_draft(
                item.row,
                actor=actor,
                now=now,
                points=values.get("self_score", item.cells["self_score"]),
                statement=values.get("statement", item.cells["statement"]),
                version=item.version,
            )


def _work_item(work: UnitAssignment, row: IndicatorRow, draft: ScoreDraft | None) -> Item:
    points = draft.points if draft else row.self_score
    statement = draft.statement if draft else row.statement
    refusal = ""
    if work.state == UnitState.NOT_APPLICABLE:
        refusal = _("这一项已核为不适用，不用填")
    elif work.state not in WITH_UNIT:
        refusal = _("已提交审核，退回后才能改自评")
        points, statement = row.self_score, row.statement
    return Item(
        pk=work.pk,
        label=f"{work.assignment.indicator.number} {work.assignment.indicator.title}",
        version=draft.version if draft else 0,
        cells=_cells(row, self_score=points, statement=statement),
        refusals={key: refusal for key in ("self_score", "statement") if refusal},
        trail=draft,
        row=work,
    )


# -- whole indicators --------------------------------------------------------------------------


class IndicatorScores(AssessmentSheet):
    """What the lead's and the office's sheet have in common: a row is a whole indicator."""

    late: Any = ""

    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        rows = Assignment.objects.visible_to(actor, self.action).with_tree()
        rows = rows.select_related("campaign__region", "campaign__edition")
        if pks is not None:
            rows = rows.filter(pk__in=pks)
        listed = [row for row in rows if self.is_own_row(row, actor)]
        if not listed:
            return []
        chosen = Assignment.objects.filter(pk__in=[row.pk for row in listed])
        shown = {row.number: row for row in indicator_rows(listed[0].campaign, chosen, actor)}
        works = defaultdict(list)
        for work in UnitAssignment.objects.filter(assignment__in=chosen):
            works[work.assignment_id].append(work)
        scores = queries.scores_of(chosen)
        return [
            self._item(row, shown[row.indicator.number], works[row.pk], scores[row.pk])
            for row in listed
        ]

    def is_own_row(self, row: Assignment, actor: Actor) -> bool:
        return True

    def is_open(self, state: IndicatorState) -> bool:
        raise TypeError(f"{type(self).__name__} does not say when it is open")

    def _item(
        self, row: Assignment, shown: IndicatorRow, works: list[UnitAssignment], scores: Any
    ) -> Item:
        own = scores.points(Source.SELF)
        points = scores.lowest if own is None else own
        is_open = self.is_open(queries.state_of(works, scores))
        return Item(
            pk=row.pk,
            label=f"{row.indicator.number} {row.indicator.title}",
            version=queries.seen_version(row, works),
            cells=_cells(shown, self_score=points, statement=shown.statement),
            refusals={} if is_open else dict.fromkeys(self.fillings, str(self.late)),
            trail=row,
            row=row,
        )


class LeadScores(IndicatorScores):
    """牵头评分: the indicator's self-score, the lead unit's score and its reason."""

    code = "lead_scores"
    label = gettext_lazy("牵头评分表")
    hint = gettext_lazy("各单位都提交以后，填自评得分、牵头单位审核得分和扣分原因")
    action = Action.REVIEW
    ways = ("lead_score",)
    late = gettext_lazy("各单位都提交以后，核验以前，才能评分")

    def is_own_row(self, row: Assignment, actor: Actor) -> bool:
        return verification.may_score(row, actor)

    def is_open(self, state: IndicatorState) -> bool:
        return state in SCORABLE

    def check(self, changed: Changed, *, now: datetime) -> Mapping[str, str]:
        values = {**changed.item.cells, **changed.values}
        return {
            key: _("自评得分和牵头单位审核得分要一起填")
            for key in changed.values
            if None in (values["self_score"], values["lead_score"])
        }

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        for change in changes:
            values = {**change.item.cells, **change.values}
            verification.give_lead_score(
                change.item.row,
                actor=actor,
                now=now,
                version=change.item.version,
                self_points=values["self_score"],
                points=values["lead_score"],
                reason=values["deduction_reason"],
            )


class Verifications(IndicatorScores):
    """核验: the office's score; where it differs from the lead's, its own reason."""

    code = "verifications"
    label = gettext_lazy("核验表")
    hint = gettext_lazy("待核验的指标填核验得分，与牵头评分不同的写扣分原因")
    action = Action.VERIFY_INDICATOR
    ways = ("verify",)
    late = gettext_lazy("还没有到核验这一步，或者已经核验")

    def is_open(self, state: IndicatorState) -> bool:
        return state is IndicatorState.TO_VERIFY

    def check(self, changed: Changed, *, now: datetime) -> Mapping[str, str]:
        values = changed.values
        points = values.get("office_score")
        if points is None:
            return dict.fromkeys(values, _("写了扣分原因，还要填核验得分"))
        lead = changed.item.cells["lead_score"]
        fault = scoring.reason_fault(points, lead, values.get("deduction_reason", ""))
        return {"office_score": fault} if fault else {}

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        for change in changes:
            verification.verify(
                change.item.row,
                actor=actor,
                now=now,
                version=change.item.version,
                points=change.values["office_score"],
                reason=change.values.get("deduction_reason", ""),
            )


register(SelfScores())
register(LeadScores())
register(Verifications())
