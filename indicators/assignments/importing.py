"""A decomposition sheet 任务分解表 filled in by the office: who leads, who works, by when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from indicators.assignments.actions import KEEP, Outcome, Share, distribute
from indicators.assignments.columns import DECOMPOSITION
from indicators.assignments.deadlines import due_fault, due_of
from indicators.assignments.models import Assignment
from indicators.campaigns.models import Campaign
from indicators.framework.models import Indicator
from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.chinese.deadlines import Deadline
from lawgov.chinese.lists import split_units
from lawgov.chinese.numerals import item_number
from lawgov.chinese.text import fold
from lawgov.spreadsheets.tables import Fault, Faulty, Record, Table, read_table
from lawgov.units.models import Region, Unit
from lawgov.units.resolve import UnitRegister, unknown_names

HEADERS = {column.key: column.header for column in DECOMPOSITION}
_CODE = re.compile(r"^[\d.．、()（）①-⑳]+\s*")

Complain = Callable[[str, str], None]


@dataclass(frozen=True)
class SheetRow:
    """One row as understood: the indicator and what it is to look like."""

    row: int
    assignment: Assignment
    lead_unit: Unit | None
    units: list[Unit]
    points: Decimal | None
    due: Deadline
    remark: str | None

    def share(self, table: Table) -> Share:
        """The export writes a true date where the text as written means one (6月30日前): such a
        cell, come back as it went, changes neither text nor day."""
        day = self.due.day
        same = day and day == self.assignment.due_on and self.due.text == day.isoformat()
        keep = "due" not in table or same
        return Share(
            self.assignment,
            lead_unit=self.lead_unit,
            units=self.units,
            points=self.points,
            due_text=None if keep else self.due.text or "",
            due_on=KEEP if keep else day,
            remark=self.remark,
        )


@dataclass
class Plan:
    """What a sheet would do; with faults none of it. `missing`: what the sheet does not name."""

    table: Table
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    missing: list[Indicator] = field(default_factory=list)


@dataclass(frozen=True)
class AssignmentsImported:
    """What an import did; `missing` is what the sheet does not name, left as it is."""

    changed: int
    unchanged: int
    missing: list[Indicator]
    notes: list[Fault]


def import_assignments(
    content: bytes, filename: str, *, region: Region, actor: Actor, now: datetime
) -> AssignmentsImported:
    """Write the sheet into the campaign of `region`; raises Faulty by row and writes nothing.

    A row is known by its title, without title by its number. Units may be names, aliases and
    groups. The same sheet again changes nothing.
    """
    table = read_table(content, filename, DECOMPOSITION, legacy=True)
    source = {"file": filename, "hash": hashlib.sha256(content).hexdigest()}
    return write_table(table, source, region=region, actor=actor, now=now)


def write_table(
    table: Table,
    source: Mapping[str, str],
    *,
    region: Region,
    actor: Actor,
    now: datetime,
    also: Mapping[str, int] | None = None,
) -> AssignmentsImported:
    """As `import_assignments`, of a sheet that was read already; `source` is file and hash, `also`
    are further names of units with their ids."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().filter(region=region).first()
        if campaign is None:
            message = _("%(name)s 还没有创建活动") % {"name": region.name}
            raise Faulty([Fault(None, "", message)])
        plan = plan_sheet(table, campaign, UnitRegister(region, also))
        if plan.faults:
            raise Faulty(plan.faults)
        shares = [row.share(table) for row in plan.rows]
        outcomes = distribute(campaign, shares, actor=actor, now=now)
        refused = list(_refusals(plan.rows, outcomes))
        if refused:
            raise Faulty(refused)
        changed = sum(outcome.changed for outcome in outcomes)
        if changed:
            data = {"rows": changed, **source}
            record(actor, "assignment.imported", campaign, now=now, data=data)
    return AssignmentsImported(changed, len(outcomes) - changed, plan.missing, plan.notes)


def _refusals(rows: Sequence[SheetRow], outcomes: Sequence[Outcome]) -> Iterator[Fault]:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.error:
            yield Fault(row.row, HEADERS["units"], str(outcome.error))


# -- reading the rows --------------------------------------------------------------------------


def plan_sheet(table: Table, campaign: Campaign, register: UnitRegister) -> Plan:
    """What the sheet says about the campaign's indicators, and every fault with its row."""
    plan = Plan(table, faults=list(table.faults))
    finder = _Finder(campaign)
    first_rows: dict[int, int] = {}
    for record_ in table.records:
        row = _read(record_, campaign, register, finder, plan)
        if row is None:
            continue
        first = first_rows.setdefault(row.assignment.pk, row.row)
        if first != row.row:
            text = _("和第 %(first)s 行是同一项指标，请删去一行") % {"first": first}
            plan.faults.append(Fault(row.row, HEADERS["title"], text))
        plan.rows.append(row)
    if not table.records:
        plan.faults.append(Fault(None, "", _("文件里没有指标")))
    plan.missing = [found.indicator for found in finder.assignments if found.pk not in first_rows]
    return plan


class _Finder:
    """The indicators of one campaign, by title and by number."""

    def __init__(self, campaign: Campaign) -> None:
        self.assignments = list(
            campaign.assignments.select_related("indicator").order_by("indicator__number")
        )
        self.by_number = {str(row.indicator.number): row for row in self.assignments}
        self.by_title: dict[str, list[Assignment]] = {}
        for row in self.assignments:
            self.by_title.setdefault(fold(row.indicator.title), []).append(row)

    def find(self, record_: Record, complain: Complain) -> Assignment | None:
        number = item_number(record_["number"]) or record_["number"]
        by_number = self.by_number.get(number)
        title = fold(_CODE.sub("", record_["title"]))
        if not title:
            if by_number is None:
                complain(
                    "number",
                    _("没有序号是“%(n)s”的指标，请改序号，或删去这一行") % {"n": record_["number"]},
                )
            return by_number
        alike = self.by_title.get(title, [])
        if by_number in alike:
            return by_number
        if len(alike) == 1:
            return alike[0]
        if by_number is not None:
            text = _("序号 %(n)s 是“%(title)s”，和这里写的不同")
            complain("title", text % {"n": number, "title": by_number.indicator.title})
        else:
            complain(
                "title",
                _("指标体系里没有“%(title)s”，请照体系里的名称写，或删去这一行")
                % {"title": record_["title"]},
            )
        return None


def _read(
    record_: Record, campaign: Campaign, register: UnitRegister, finder: _Finder, plan: Plan
) -> SheetRow | None:
    before = len(plan.faults)

    def complain(key: str, message: str) -> None:
        plan.faults.append(Fault(record_.row, HEADERS[key], message))

    assignment = finder.find(record_, complain)
    row = SheetRow(
        record_.row,
        assignment,
        _lead(record_["lead_unit"], register, complain),
        _units(record_["units"], register, complain),
        _points(record_["points"], complain),
        _due(record_["due"], campaign, complain),
        record_["remark"][:300] if "remark" in plan.table else None,
    )
    if assignment and record_["method"] and record_["method"] != assignment.indicator.method:
        text = _("测评方式以指标体系的“%(method)s”为准，这里写的没有采用")
        values = {"method": assignment.indicator.method}
        plan.notes.append(Fault(record_.row, HEADERS["method"], text % values))
    return row if len(plan.faults) == before else None


def _lead(text: str, register: UnitRegister, complain: Complain) -> Unit | None:
    names = split_units(text)
    found = register.resolve(names)
    if not names:
        complain("lead_unit", _("没写牵头单位，请填一家"))
    elif found.unknown:
        complain("lead_unit", unknown_names(found.unknown))
    elif len(found.units) > 1:
        complain("lead_unit", _("牵头单位只能有 1 家，这里是 %(n)s 家") % {"n": len(found.units)})
    return found.units[0] if found.units else None


def _units(text: str, register: UnitRegister, complain: Complain) -> list[Unit]:
    names = split_units(text)
    found = register.resolve(names)
    empty = [name for name in found.unknown if register.is_group(name)]
    unknown = [name for name in found.unknown if name not in empty]
    if not names:
        complain("units", _("没写责任单位，请填上，几家用顿号隔开"))
    if unknown:
        complain("units", unknown_names(unknown))
    if empty:
        complain("units", _("「%(names)s」分组里还没有单位") % {"names": _("」「").join(empty)})
    return found.units


def _points(text: str, complain: Complain) -> Decimal | None:
    if not text:
        return None
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite():
        complain("points", _("“%(text)s”不是数，只写数字，如 10") % {"text": text[:20]})
    elif not 0 < points < 10_000 or points != round(points, 1):
        complain("points", _("要大于 0，最多一位小数"))
    return points if points.is_finite() else None


def _due(text: str, campaign: Campaign, complain: Complain) -> Deadline:
    due = due_of(text, campaign.starts_on)
    if fault := due_fault(due):
        complain("due", fault)
    return due
