"""The ledger 整改台账 as it is filled in elsewhere: measures and progress by the unit, deadlines by
the office. Each cell is saved by the edge or action that its page takes.

A deadline changes only in the two lawful ways: of an issue that was not handed over by editing
the issue, of a running one by approving the extension that the unit has asked for. Everything
else is refused with what to do instead. Source: decisions §2, invariant I6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rectification.actions import OWN_COLUMNS, SINGLE, Finding, deadline_of, edit_issue
from assessments.rectification.columns import INDIVIDUAL
from assessments.rectification.deadlines import DeadlineKind, new_deadline
from assessments.rectification.exported_rows import PLACE, ledger_rows
from assessments.rectification.exporting import heading_of
from assessments.rectification.headings import NO, YES
from assessments.rectification.models import LONG, UnitResponse
from assessments.rectification.sheet_rows import LedgerRow, numbered
from assessments.rectification.sheets import FIRST_ROW, individual_sheet
from assessments.rectification.states import State
from assessments.rectification.transitions import AT_WORK, LEDGER, RUNNING
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.chinese.deadlines import Deadline
from lawgov.chinese.lists import split_numbered, split_persons
from lawgov.filling.subjects import Changed, Drawn, Item, Subject, Unfit, register
from lawgov.filling.values import told
from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.columns import Filling
from lawgov.spreadsheets.sheet import Book
from lawgov.web.dates import day_text
from lawgov.workflow import Result

AT_REST = frozenset({State.CLOSED, State.LOOK_BACK})
LONGEST_PERSON = 60


class LedgerSheet(Subject):
    """What both sheets have in common: the rows are answers, drawn as the official ledger."""

    columns = INDIVIDUAL
    anchors = ("number", "units", "text")
    section = "ledger"

    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        """Answers not yet closed; of those that a sheet names the closed ones too, which then
        say so."""
        answers = UnitResponse.objects.visible_to(actor, self.action)
        answers = answers.exclude(state=State.WITHDRAWN)
        answers = answers.open() if pks is None else answers.filter(pk__in=pks)
        rows = answers.for_moves().order_by(*PLACE)
        return [
            self.item(row, shown, actor)
            for row, shown in zip(rows, ledger_rows(answers), strict=True)
        ]

    def item(self, row: UnitResponse, shown: LedgerRow, actor: Actor) -> Item:
        return Item(
            pk=row.pk,
            label=f"{row.issue.number} {row.unit} {row.issue.title}",
            version=row.version,
            cells=_cells(shown),
            refusals=self.refusals(row, actor),
            trail=row,
            row=row,
        )

    def refusals(self, row: UnitResponse, actor: Actor) -> dict[str, str]:
        raise TypeError(f"{type(self).__name__} does not say what can be filled in")

    def draw(self, items: Sequence[Item], actor: Actor, *, now: datetime) -> Drawn:
        today = local_day(now)
        heading = replace(heading_of(actor.region, actor, today), kind="")
        sheet = individual_sheet([self.shown(item) for item in items], heading)
        places = {item.pk: FIRST_ROW + offset for offset, item in enumerate(items)}
        who = actor.unit.name if actor.unit else actor.region.name
        values = {"who": who, "what": self.label, "day": f"{today:%Y%m%d}"}
        filename = _("%(who)s%(what)s（填报，%(day)s）.xlsx") % values
        return Drawn(Book(f"{heading.subject}{heading.ledger}", now, (sheet,)), places, filename)

    def shown(self, item: Item) -> LedgerRow:
        return item.cells["drawn"]


def _cells(row: LedgerRow) -> dict[str, Any]:
    """Cells as the sheet shows them: a true day wherever there is one, else the text."""
    same = ("number", "category", "text", "requirement", "progress", "evidence", "remark")
    return {key: getattr(row, key) for key in same} | {
        "units": row.unit,
        "measures": numbered(row.measures),
        "persons": "、".join(row.persons),
        "deadline": row.deadline_date or row.deadline_text,
        "closed": YES if row.closed else NO,
        "closed_on": row.closed_on,
        "drawn": row,
    }


def _demand(results: Sequence[Result]) -> None:
    """All or nothing: the first refusal undoes the whole sheet."""
    for result in results:
        if result.error:
            raise result.error


# -- the unit's own ----------------------------------------------------------------------------


class Rectification(LedgerSheet):
    """整改措施, 责任人 and 整改进展 of a unit's answers.

    Measures and persons are the plan 制定措施, which is made once; its target day is the
    deadline. Progress is a note of its own each time.
    """

    code = "rectification"
    label = gettext_lazy("整改台账")
    hint = gettext_lazy("填整改措施、责任人和整改进展；签收、佐证和申请销号在网页上办")
    action = Action.RECTIFY
    ways = ("plan", "progress")

    def refusals(self, row: UnitResponse, actor: Actor) -> dict[str, str]:
        plan, progress = _plan_refusal(row.state), _progress_refusal(row.state)
        found = {"measures": plan, "persons": plan, "progress": progress}
        return {key: sentence for key, sentence in found.items() if sentence}

    def read(self, key: str, value: Value, item: Item) -> Any:
        text = told(value)
        if len(text) > LONG:
            raise Unfit(_("超过 %(n)s 个字") % {"n": LONG})
        if key == "measures":
            return tuple(split_numbered(text))
        if key == "persons":
            names = "、".join(split_persons(text))
            if len(names) > LONGEST_PERSON:
                raise Unfit(_("超过 %(n)s 个字") % {"n": LONGEST_PERSON})
            return names
        if not text:
            raise Unfit(_("进展写了就留着，不能清空"))
        return text

    def told(self, key: str, value: Any) -> str:
        return numbered(value) if key == "measures" else told(value)

    def check(self, changed: Changed, *, now: datetime) -> Mapping[str, str]:
        """The plan is whole, and comes before the progress."""
        row, values = changed.item.row, changed.values
        if row.state != State.ACCEPTED:
            return {}
        if not values.keys() & {"measures", "persons"}:
            return dict.fromkeys(values, _("先填整改措施和责任人，再填进展"))
        measures, person = _plan(changed)
        planned = [key for key in values if key != "progress"]
        if not measures or not person:
            return dict.fromkeys(planned, _("整改措施和责任人要一起填"))
        if row.deadline_date is None or row.deadline_date < local_day(now):
            text = _("没有日期或时限已过，目标日期要另定，请在网页上制定措施")
            return dict.fromkeys(planned, text)
        return {}

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        plans, notes = {}, {}
        for change in changes:
            row, values = change.item.row, change.values
            if values.keys() & {"measures", "persons"}:
                measures, person = _plan(change)
                plans[row] = {
                    "measures": [{"text": text} for text in measures],
                    "person": person,
                    "target_on": row.deadline_date,
                }
            if "progress" in values:
                notes[row] = {"progress": values["progress"]}
        for edge, found in zip(self.ways, (plans, notes), strict=True):
            each = {row.pk: data for row, data in found.items()}
            _demand(LEDGER.perform_many([*found], edge, actor=actor, now=now, each=each))


def _plan(changed: Changed) -> tuple[tuple[str, ...], str]:
    """Measures and person of the plan, from what is new and what stands there."""
    standing: LedgerRow = changed.item.cells["drawn"]
    measures = changed.values.get("measures", standing.measures)
    return measures, changed.values.get("persons", "、".join(standing.persons))


def _plan_refusal(state: str) -> str:
    if state == State.ISSUED:
        return _("先在网页上签收，再填整改措施")
    return "" if state == State.ACCEPTED else _("整改措施已经定下，不从表格改")


def _progress_refusal(state: str) -> str:
    if state == State.ISSUED:
        return _("先在网页上签收，再填进展")
    if state in AT_REST:
        return _("已经销号，不再填进展")
    return "" if state in AT_WORK | {State.ACCEPTED} else _("已申请销号，退回后才能填进展")


# -- the office's --------------------------------------------------------------------------------


class Deadlines(LedgerSheet):
    """完成时限 of the place's answers, in the two ways that the decisions leave open."""

    code = "deadlines"
    label = gettext_lazy("时限表")
    hint = gettext_lazy("没有交办的问题改时限；单位申请了延期的，填上申请的日期就是批准")
    action = Action.DECIDE_EXTENSION
    ways = ("edit_issue", "approve_extension")
    loose = frozenset({"remark"})

    def is_own(self, filling: Filling) -> bool:
        return filling.through in self.ways

    def shown(self, item: Item) -> LedgerRow:
        """What was asked for stands in the remark, so that the office need not look it up."""
        drawn: LedgerRow = item.cells["drawn"]
        if not item.row.asked_to:
            return drawn
        asked = f"单位申请延期至{item.row.asked_to.isoformat()}"
        return drawn._replace(remark="；".join(filter(None, (drawn.remark, asked))))

    def refusals(self, row: UnitResponse, actor: Actor) -> dict[str, str]:
        sentence = _deadline_refusal(row, actor)
        return {"deadline": sentence} if sentence else {}

    def read(self, key: str, value: Value, item: Item) -> Deadline:
        text = told(value)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            text = new_deadline(DeadlineKind.FIXED, value)[1]
        if not text:
            raise Unfit(_("时限不能清空"))
        inspection = item.row.issue.inspection
        found = deadline_of(text, inspection, None, year=inspection.ends_on.year)
        if found.impossible or len(text) > 200:
            raise Unfit(_("“%(text)s”不是实际日期，如 2026-11-30") % {"text": text[:20]})
        return found

    def told(self, key: str, value: Deadline) -> str:
        return told(value.day or value.text)

    def check(self, changed: Changed, *, now: datetime) -> Mapping[str, str]:
        row, wanted = changed.item.row, changed.values["deadline"]
        if row.state == State.FOUND or wanted.day == row.asked_to:
            return {}
        day = day_text(row.asked_to, local_day(now))
        text = _("单位申请延期至 %(day)s；同意就填这一天，不同意在网页上退回申请")
        return {"deadline": text % {"day": day}}

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        found = [change for change in changes if change.item.row.state == State.FOUND]
        asked = [change.item.row for change in changes if change not in found]
        for change in found:
            issue = change.item.row.issue
            finding = _finding(change.item.row, change.values["deadline"].text)
            edit_issue(issue, finding, actor=actor, now=now, version=issue.version)
        _demand(LEDGER.perform_many(asked, "approve_extension", actor=actor, now=now))


def _deadline_refusal(row: UnitResponse, actor: Actor) -> str:
    if row.state == State.FOUND:
        if row.issue.kind not in SINGLE:
            return _("涉及多个单位的问题，在录入页上改时限")
        return "" if can(actor, Action.RECORD_ISSUE, row.issue) else _("时限由录入的人改")
    if row.state not in RUNNING:
        return _("已申请销号或已经销号，时限不再改动")
    if not row.asked_to:
        return _("时限只能经批准的延期改动；请单位负责人先申请延期")
    return ""


def _finding(row: UnitResponse, deadline: str | None) -> Finding:
    """The issue as it stands, with another deadline."""
    issue = row.issue
    same = {name: getattr(issue, name) for name in OWN_COLUMNS}
    return Finding(
        kind=issue.kind,
        units=[row.unit],
        lead_units=list(issue.lead_units.all()),
        deadline_text=deadline or "",
        **same,
    )


register(Rectification())
register(Deadlines())
