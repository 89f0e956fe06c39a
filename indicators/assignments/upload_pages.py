"""The decomposition sheet 任务分解表 among the kinds of files that come in."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.assignments.actions import Change, foresee
from indicators.assignments.columns import DECOMPOSITION
from indicators.assignments.importing import HEADERS, Plan, SheetRow, plan_sheet, write_table
from indicators.campaigns.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.chinese.lists import split_units
from lawgov.errors import GuardFailed
from lawgov.imports.faults import with_faults
from lawgov.imports.forms import UploadForm
from lawgov.imports.kinds import ALL_OR_NOTHING, ImportKind, Incoming, Judged, Lack, Verdict
from lawgov.imports.lists import shown_texts, table_read
from lawgov.imports.work import register
from lawgov.spreadsheets.tables import Fault, Record, Table
from lawgov.units.models import Unit
from lawgov.units.resolve import UnitRegister

NAMED = 12  # units that come on, named in a cell; more are counted


def _campaign(actor: Actor) -> Campaign | None:
    return Campaign.objects.filter(region=actor.region).select_related("region").first()


def lacks(actor: Actor) -> Lack | None:
    """A sheet divides the indicators of a campaign."""
    if _campaign(actor):
        return None
    return Lack(
        _("还没有创建活动"),
        _("任务分解表要归到一次创建活动里，请先建立。"),
        _("建立创建活动"),
        reverse("setup:campaign"),
    )


def judge(incoming: Incoming, actor: Actor) -> Verdict:
    """Each indicator as it would change; nothing is written."""
    campaign = _campaign(actor)
    if campaign is None:
        raise GuardFailed(_("%(name)s 还没有创建活动") % {"name": actor.region.name})
    table = table_read(incoming.read)
    register_ = UnitRegister(actor.region, incoming.units)
    plan = plan_sheet(table, campaign, register_)
    changes = foresee([row.share(table) for row in plan.rows])
    by_row = {row.row: (row, change) for row, change in zip(plan.rows, changes, strict=True)}
    faults = plan.faults + [
        Fault(row.row, HEADERS["units"], str(change.error))
        for row, change in by_row.values()
        if change.error
    ]
    judged = [_judged(record, *by_row.get(record.row, (None, None))) for record in table.records]
    found = with_faults(
        incoming,
        judged,
        faults,
        DECOMPOSITION,
        unknown=_unknown(table, register_),
        register=register_,
        notes=plan.notes,
    )
    found.notes.append((_("没提到的指标"), _told_missing(plan)))
    return found


def _told_missing(plan: Plan) -> str:
    if not plan.missing:
        return _("没有")
    return _("%(n)s 项，保持原样") % {"n": len(plan.missing)}


def _unknown(table: Table, register_: UnitRegister) -> dict[int, list[tuple[str, str]]]:
    """By row the names that nobody answers to."""
    found: dict[int, list[tuple[str, str]]] = {}
    for record in table.records:
        for key in ("lead_unit", "units"):
            for name in register_.resolve(split_units(record[key])).unknown:
                if not register_.is_group(name):
                    found.setdefault(record.row, []).append((key, name))
    return found


def _judged(record: Record, row: SheetRow | None, change: Change | None) -> Judged:
    if row is None or change is None:
        return Judged("refused", {key: record[key] for key, _label, _width in SHOWN})
    cells = {
        "title": str(row.assignment.indicator),
        "lead_unit": _name(row.lead_unit),
        "units": _units(row, change),
        "points": _points(row.points if row.points is not None else row.assignment.points),
        "due": row.due.text or row.assignment.due_text,
        "remark": row.assignment.remark if row.remark is None else row.remark,
    }
    keys = {"lead_unit": "lead_unit", "points": "points", "due_text": "due", "remark": "remark"}
    before = {keys[name]: _before(pair[0]) for name, pair in change.values.items() if name in keys}
    if change.added or change.removed:
        gone = _("、").join(str(work.unit) for work in change.removed)
        before["units"] = _("去掉 %(names)s") % {"names": gone} if gone else ""
    return Judged("changed" if change else "unchanged", cells, before)


def _units(row: SheetRow, change: Change) -> str:
    if not change.added:
        return _("%(n)s 家") % {"n": len(row.units)}
    names = _("、").join(map(str, change.added[:NAMED]))
    if len(change.added) > NAMED:
        names = _("%(names)s 等 %(n)s 家") % {"names": names, "n": len(change.added)}
    return _("增加 %(names)s") % {"names": names}


def _name(unit: Unit | None) -> str:
    return unit.name if unit else ""


def _points(value: Any) -> str:
    return f"{value.normalize():f}" if value is not None else ""


def _before(value: Any) -> str:
    if isinstance(value, Unit):
        return value.name
    return str(value) if value not in (None, "") else _("空")


def write(incoming: Incoming, actor: Actor, now: datetime) -> Counter[str]:
    done = write_table(
        table_read(incoming.read),
        incoming.source,
        region=actor.region,
        actor=actor,
        now=now,
        also=incoming.units,
    )
    return Counter(changed=done.changed, unchanged=done.unchanged, skipped=incoming.read.skipped)


SHOWN = (
    ("title", gettext_lazy("三级指标"), ""),
    ("lead_unit", gettext_lazy("牵头单位"), "8rem"),
    ("units", gettext_lazy("责任单位"), "11rem"),
    ("points", gettext_lazy("分值"), "3.5rem"),
    ("due", gettext_lazy("完成时限"), "7rem"),
    ("remark", gettext_lazy("备注"), "5rem"),
)

DECOMPOSITION_SHEET = register(
    ImportKind(
        code="tasks",
        label=gettext_lazy("任务分解表"),
        action=Action.MANAGE_CAMPAIGN,
        reader="indicators.assignments.sheet_reader:read_sheet",
        columns=DECOMPOSITION,
        shown=SHOWN,
        shown_row=shown_texts,
        judge=judge,
        write=write,
        form=UploadForm,
        lacks=lacks,
        back=("settings:assignments",),
        section={"section": "settings", "tab": "assignments"},
        tips=(
            gettext_lazy(
                "指标按名称找，没有名称按序号找；牵头单位只能一家，全称、简称、别名都认。"
            ),
            gettext_lazy("责任单位几家用顿号隔开；“各镇（街道）”这样的分组也认。分值空着就不改。"),
            ALL_OR_NOTHING,
        ),
    )
)
