"""The decomposition sheet 任务分解表 as the office fills it in elsewhere; saved by `distribute`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.assignments.actions import Share, distribute, foresee
from indicators.assignments.columns import DECOMPOSITION
from indicators.assignments.deadlines import due_fault, due_of
from indicators.assignments.exporting import assignment_rows
from indicators.assignments.models import Assignment
from indicators.assignments.sheets import (
    FIRST_ROW,
    AssignmentHeading,
    AssignmentRow,
    assignment_book,
)
from indicators.campaigns.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.chinese.deadlines import Deadline
from lawgov.chinese.lists import split_units
from lawgov.chinese.text import half
from lawgov.filling.subjects import Changed, Drawn, Item, Subject, Unfit, register
from lawgov.filling.values import told
from lawgov.spreadsheets.cells import Value
from lawgov.units.models import Unit, UnitGroup
from lawgov.units.resolve import UnitRegister, unknown_names

LONGEST_REMARK = 300


@dataclass(frozen=True)
class Division:
    """One row with the register of its place, which is read when a name has to be understood."""

    assignment: Assignment
    names: Names


class Names:
    """Units of one place as they are written and as they are shown, read once for all rows."""

    def __init__(self, campaign: Campaign) -> None:
        self._region = campaign.region

    @cached_property
    def register(self) -> UnitRegister:
        return UnitRegister(self._region)

    @cached_property
    def _groups(self) -> dict[frozenset[int], str]:
        groups = UnitGroup.objects.in_region(self._region).prefetch_related("members")
        return {frozenset(unit.pk for unit in group.members.all()): group.name for group in groups}

    def read(self, text: str) -> list[Unit]:
        """The units of a cell; raises Unfit for names that nobody answers to, and for none."""
        found = self.register.resolve(split_units(text))
        if found.unknown:
            raise Unfit(unknown_names(found.unknown))
        if not found.units:
            raise Unfit(_("没写单位，请填上，几家用顿号隔开"))
        return sorted(found.units, key=lambda unit: (unit.order, unit.pk))

    def shown(self, units: Sequence[Unit]) -> str:
        """As the sheet shows them: a group's name where exactly its members are meant."""
        group = self._groups.get(frozenset(unit.pk for unit in units))
        return group or "、".join(unit.short_name for unit in units)


class Decomposition(Subject):
    """牵头单位, 责任单位, 分值, 完成时限 and 备注 of each indicator."""

    code = "decomposition"
    label = gettext_lazy("任务分解表")
    hint = gettext_lazy("填牵头单位、责任单位、分值、完成时限和备注")
    action = Action.MANAGE_CAMPAIGN
    columns = DECOMPOSITION
    anchors = ("number", "title")
    loose = frozenset({"area", "group", "method"})
    ways = ("distribute",)
    section = "settings"

    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        rows = Assignment.objects.visible_to(actor, self.action).with_tree()
        rows = rows.select_related("campaign__region", "campaign__edition")
        if pks is not None:
            rows = rows.filter(pk__in=pks)
        listed = list(rows)
        if not listed:
            return []
        campaign = listed[0].campaign
        names = Names(campaign)
        shown = assignment_rows(campaign, Assignment.objects.filter(pk__in=[r.pk for r in listed]))
        return [
            Item(
                pk=row.pk,
                label=f"{row.indicator.number} {row.indicator.title}",
                version=row.version,
                cells=_cells(line),
                trail=row,
                row=Division(row, names),
            )
            for row, line in zip(listed, shown, strict=True)
        ]

    def draw(self, items: Sequence[Item], actor: Actor, *, now: datetime) -> Drawn:
        campaign, today = items[0].row.assignment.campaign, local_day(now)
        rows: list[AssignmentRow] = [item.cells["drawn"] for item in items]
        units = Unit.objects.in_region(campaign.region).filter(closed_on=None)
        heading = AssignmentHeading(
            place=campaign.region.name,
            edition=campaign.edition.name,
            unit=campaign.office_name,
            filled_on=today,
            leads=tuple(units.order_by("order", "pk").values_list("name", flat=True)),
        )
        book = assignment_book(rows, heading, created=now)
        places = {item.pk: FIRST_ROW + offset for offset, item in enumerate(items)}
        values = {"who": campaign.region.name, "what": self.label, "day": f"{today:%Y%m%d}"}
        return Drawn(book, places, _("%(who)s%(what)s（填报，%(day)s）.xlsx") % values)

    def read(self, key: str, value: Value, item: Item) -> Any:
        text, division = told(value), item.row
        match key:
            case "points":
                return _points(text)
            case "lead_unit":
                units = division.names.read(text)
                if len(units) > 1:
                    raise Unfit(_("牵头单位只能有 1 家，这里是 %(n)s 家") % {"n": len(units)})
                return units[0]
            case "units":
                units = division.names.read(text)
                return NamedUnits(units, division.names.shown(units))
            case "due":
                return _due(value, division.assignment.campaign)
        if len(text) > LONGEST_REMARK:
            raise Unfit(_("超过 %(n)s 个字") % {"n": LONGEST_REMARK})
        return text

    def told(self, key: str, value: Any) -> str:
        if isinstance(value, Unit):
            return value.name
        if isinstance(value, Deadline):
            return told(value.day or value.text)
        return value.text if isinstance(value, NamedUnits) else told(value)

    def objections(
        self, changes: Sequence[Changed], *, now: datetime
    ) -> Sequence[Mapping[str, str]]:
        """What `distribute` would say: a unit that has begun is not taken off."""
        found = foresee([_share(change) for change in changes])
        return [
            dict.fromkeys(change.values, str(foreseen.error)) if foreseen.error else {}
            for change, foreseen in zip(changes, found, strict=True)
        ]

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        shares = [_share(change) for change in changes]
        campaign = shares[0].assignment.campaign
        for outcome in distribute(campaign, shares, actor=actor, now=now):
            if outcome.error:
                raise outcome.error


def _cells(row: AssignmentRow) -> dict[str, Any]:
    same = ("number", "area", "group", "title", "points", "method", "lead_unit", "remark")
    return {key: getattr(row, key) for key in same} | {
        "units": "、".join(row.units),
        "due": row.due_on or row.due_text,
        "drawn": row,
    }


@dataclass(frozen=True)
class NamedUnits:
    """Units that were read, with the text that the sheet would show for them."""

    units: Sequence[Unit]
    text: str


def _points(text: str) -> Decimal:
    try:
        points = Decimal(half(text).removesuffix("分").strip())
    except InvalidOperation:
        raise Unfit(_("“%(text)s”不是数，只写数字，如 10") % {"text": text[:20]}) from None
    if not points.is_finite() or not 0 < points < 1000 or points != round(points, 1):
        raise Unfit(_("要大于 0，最多一位小数"))
    return points


def _due(value: Value, campaign: Campaign) -> Deadline:
    """What a time limit means; a true day is written as offices write it."""
    text = told(value)
    if isinstance(value, date):
        text = f"{value.year}年{value.month}月{value.day}日"
    due = due_of(text, campaign.starts_on)
    if fault := due_fault(due):
        raise Unfit(fault)
    return due


def _share(changed: Changed) -> Share:
    """The changed cells as `distribute` takes them; what did not change is left as it is."""
    values: dict[str, Any] = dict(changed.values)
    if "units" in values:
        values["units"] = values["units"].units
    if "due" in values:
        due: Deadline = values.pop("due")
        values |= {"due_text": due.text or "", "due_on": due.day}
    return Share(changed.item.row.assignment, version=changed.item.version, **values)


register(Decomposition())
