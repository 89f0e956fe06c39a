"""Units and contacts among the kinds of files that come in through the import pages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.imports.faults import with_faults
from lawgov.imports.forms import UploadForm
from lawgov.imports.kinds import ALL_OR_NOTHING, ImportKind, Incoming, Judged, Verdict
from lawgov.imports.lists import shown_texts, table_read
from lawgov.imports.work import register
from lawgov.units import importing, roster
from lawgov.units.columns import LIAISONS, UNITS
from lawgov.units.forms import ListForm
from lawgov.units.models import Liaison, Unit
from lawgov.units.resolve import UnitRegister


class UnitListForm(ListForm, UploadForm):
    """A list of units: a file, or lines pasted from anywhere, which are made one."""

    def clean(self) -> None:
        super().clean()
        lines = self.cleaned_data.get("lines", "")
        if not self.cleaned_data.get("file") and not self.errors:
            content = importing.table_of_lines(lines)
            self.cleaned_data["file"] = SimpleUploadedFile(_("粘贴的名单") + ".csv", content)


def judge_units(incoming: Incoming, actor: Actor) -> Verdict:
    planned, faults = importing.plan(table_read(incoming.read), actor.region)
    return with_faults(incoming, [_unit(row) for row in planned], faults, UNITS)


def _unit(row: importing.Planned) -> Judged:
    unit = row.unit
    cells = {
        "code": unit.code,
        "name": unit.name,
        "short_names": _("、").join(filter(None, dict.fromkeys([unit.short_name, *row.aliases]))),
        "kind": str(Unit.Kind(unit.kind).label),
        "enforcement": _("是") if unit.enforcement else _("否"),
    }
    fields = {"name": "name", "short_name": "short_names", "kind": "kind",
              "enforcement": "enforcement"}  # fmt: skip
    before = {
        fields[name]: _told(name, pair[0]) for name, pair in row.changes.items() if name in fields
    }
    if row.new_aliases and "short_names" not in before:
        known = [name for name in row.aliases if name not in row.new_aliases]
        before["short_names"] = _("、").join(known) or _("没有")
    outcome = "created" if row.is_new else "changed" if row.is_changed else "unchanged"
    return Judged(outcome, cells, before)


def _told(name: str, value: str) -> str:
    if name == "kind":
        return str(Unit.Kind(value).label)
    if name == "enforcement":
        return _("是") if value == "True" else _("否")
    return value


def write_units(incoming: Incoming, actor: Actor, now: datetime) -> Counter[str]:
    done = importing.write_table(
        table_read(incoming.read), incoming.source, region=actor.region, actor=actor, now=now
    )
    return _counts(len(done.created), len(done.changed), len(done.unchanged), incoming)


def _counts(created: int, changed: int, unchanged: int, incoming: Incoming) -> Counter[str]:
    return Counter(
        created=created, changed=changed, unchanged=unchanged, skipped=incoming.read.skipped
    )


def judge_roster(incoming: Incoming, actor: Actor) -> Verdict:
    table = table_read(incoming.read)
    register_ = UnitRegister(actor.region, incoming.units)
    people, faults = roster.plan(table, actor.region, register_)
    known = {
        (person.unit_id, person.name): person
        for person in Liaison.objects.filter(unit__region=actor.region)
    }
    by_name = {(person.unit_id, person.name): person for person in people}
    judged, unknown = [], {}
    for record in table.records:
        units = register_.find(record["unit"]) if record["unit"] else []
        if record["unit"] and len(units) != 1:
            unknown[record.row] = [("unit", record["unit"])]
        key = (units[0].pk, record["name"]) if len(units) == 1 else (0, "")
        judged.append(_person(record, by_name.get(key), known.get(key)))
    return with_faults(incoming, judged, faults, LIAISONS, unknown=unknown, register=register_)


def _person(record: Any, person: Liaison | None, known: Liaison | None) -> Judged:
    if person is None:
        return Judged("refused", {key: record[key] for key in ROSTER_SHOWN})
    cells = {
        "unit": person.unit.name,
        "name": person.name,
        "position": person.position,
        "phone": person.masked_phone,
        "remark": person.remark,
    }
    if known is None:
        return Judged("created", cells)
    before = {
        key: known.masked_phone if key == "phone" else getattr(known, key) or _("空")
        for key in ("position", "phone", "remark")
        if getattr(known, key) != getattr(person, key)
    }
    return Judged("changed" if before else "unchanged", cells, before)


def write_roster(incoming: Incoming, actor: Actor, now: datetime) -> Counter[str]:
    done = roster.write_table(
        table_read(incoming.read),
        incoming.source,
        region=actor.region,
        actor=actor,
        now=now,
        also=incoming.units,
    )
    return _counts(done.created, done.changed, done.unchanged, incoming)


ROSTER_SHOWN = ("unit", "name", "position", "phone", "remark")

UNIT_LIST = register(
    ImportKind(
        code="units",
        label=gettext_lazy("单位名单"),
        action=Action.MANAGE_UNITS,
        reader="lawgov.imports.unit_readers:read_units",
        columns=UNITS,
        shown=(
            ("code", gettext_lazy("代码"), "5rem"),
            ("name", gettext_lazy("单位名称"), ""),
            ("short_names", gettext_lazy("简称"), "16rem"),
            ("kind", gettext_lazy("单位类型"), "8rem"),
            ("enforcement", gettext_lazy("行政执法单位"), "7rem"),
        ),
        shown_row=shown_texts,
        judge=judge_units,
        write=write_units,
        form=UnitListForm,
        back=("settings:units",),
        section={"section": "settings", "tab": "units"},
        tips=(
            gettext_lazy(
                "只有“单位名称”一列必须有；没有代码就按 U01、U02 编，没有类型就按名称推定。"
            ),
            gettext_lazy("几个别名写在“简称”一格里，用分号隔开。"),
            ALL_OR_NOTHING,
        ),
    )
)

ROSTER = register(
    ImportKind(
        code="roster",
        label=gettext_lazy("明白人名册"),
        action=Action.MANAGE_UNITS,
        reader="lawgov.imports.unit_readers:read_roster",
        columns=LIAISONS,
        shown=(
            ("unit", pgettext_lazy("one", "单位"), ""),
            ("name", gettext_lazy("姓名"), "5.5rem"),
            ("position", gettext_lazy("职务"), "9rem"),
            ("phone", gettext_lazy("联系电话"), "9rem"),
            ("remark", gettext_lazy("备注"), "7rem"),
        ),
        shown_row=shown_texts,
        judge=judge_roster,
        write=write_roster,
        form=UploadForm,
        back=("settings:liaisons",),
        section={"section": "settings", "tab": "liaisons"},
        tips=(
            gettext_lazy(
                "同一单位里同名的算一个人：有的内容更新，空着的不动。名册里没有的人保留。"
            ),
            ALL_OR_NOTHING,
        ),
    )
)
