"""Writes on places and units that are more than one row: places, a unit with its other names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.models import INSTALLATION
from lawgov.audit.record import Event, record, record_many
from lawgov.errors import GuardFailed, StaleState
from lawgov.units.groups import sort_into_groups
from lawgov.units.models import Liaison, Region, Unit, UnitAlias, UnitGroup
from lawgov.units.resolve import normalise

verbs.CHOICES |= dict(Unit.Kind.choices) | dict(Region.Level.choices)

LEVELS_BELOW = {None: Region.Level.COUNTY, "province": Region.Level.CITY, "city": "county"}


def create_place(
    code: str,
    *,
    name: str,
    actor: Actor,
    now: datetime,
    parent: Region | None = None,
    level: str | None = None,
) -> Region:
    """A new place 地区 under `parent`; its own audit chain begins with it.

    Without `level` it is the one below its parent's, a county without parent. Raises GuardFailed
    for a code or name that cannot be.
    """
    level = level or LEVELS_BELOW.get(parent.level if parent else None, Region.Level.COUNTY)
    faults = {}
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code) or code == INSTALLATION:
        faults["code"] = _("代码要用字母、数字和横线，不超过 40 个字")
    elif Region.objects.filter(code=code).exists():
        faults["code"] = _("代码 %(code)s 已经有地区在用") % {"code": code}
    if not name.strip() or len(name) > 60:
        faults["name"] = _("名称要写，不超过 60 个字")
    if parent and parent.level == Region.Level.COUNTY:
        faults["parent"] = _("%(name)s 是县级，下面不再设地区") % {"name": parent.name}
    if faults:
        raise GuardFailed(fields=faults)
    with transaction.atomic():
        region = Region(code=code, name=name.strip(), parent=parent, level=level)
        region.save()
        data = {"code": code, "name": region.name, "parent": parent.code if parent else ""}
        maker = Actor(actor.user, None, region, actor.ip, actor.request_id, actor.label)
        record(maker, "region.created", region, now=now, data=data)
    return region


def save_unit(
    unit: Unit,
    values: dict[str, Any],
    aliases: Sequence[str],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Unit:
    """Write a new or changed unit with all its other names; `values` are columns of Unit.

    `version` is the one that the person saw (None for a new unit). Raises StaleState when the
    unit moved on, GuardFailed when a name is another unit's already.
    """
    before = {} if unit._state.adding else _shape(Unit.objects.get(pk=unit.pk))
    with transaction.atomic():
        _refuse_taken_names(unit, values["name"], aliases)
        if unit._state.adding:
            for key, value in values.items():
                setattr(unit, key, value)
            unit.order = unit.order or Unit.objects.in_region(unit.region_id).count() + 1
            unit.save()
        else:
            rows = Unit.objects.filter(pk=unit.pk, version=version)
            if not rows.update(**values, version=F("version") + 1):
                raise StaleState(_("没有保存：别人刚改过这个单位"))
            unit.refresh_from_db()
        unit.aliases.all().delete()
        names = dict.fromkeys(name for name in aliases if name not in (unit.name, ""))
        UnitAlias.objects.bulk_create(
            UnitAlias(region_id=unit.region_id, unit=unit, name=name) for name in names
        )
        after = _shape(unit)
        if {key: before.get(key) for key in ("kind", "enforcement")} != {
            key: after[key] for key in ("kind", "enforcement")
        }:
            sort_into_groups(unit.region, [unit])
        told = {key: [before.get(key), value] for key, value in after.items()}
        changes = {key: pair for key, pair in told.items() if pair[0] != pair[1]}
        verb = "unit.changed" if before else "unit.created"
        record(actor, verb, unit, now=now, data={"name": unit.name, "set": changes})
    return unit


def add_alias(unit: Unit, name: str, *, actor: Actor, now: datetime) -> None:
    """One more name that the unit goes by; nothing when it has it. Raises GuardFailed for a name
    of another unit."""
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = _shape(unit)
        if normalise(name) in {normalise(known) for known in [unit.name, *before["aliases"]]}:
            return
        _refuse_taken_names(unit, unit.name, [name])
        UnitAlias.objects.create(region=unit.region, unit=unit, name=name)
        Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1)
        pair = [before["aliases"], [*before["aliases"], name]]
        data = {"name": unit.name, "set": {"aliases": pair}}
        record(actor, "unit.changed", unit, now=now, data=data)


def _shape(unit: Unit) -> dict[str, Any]:
    names = [alias.name for alias in unit.aliases.all()]
    fields = ("code", "name", "short_name", "kind", "enforcement", "order")
    return {field: getattr(unit, field) for field in fields} | {"aliases": names}


def _refuse_taken_names(unit: Unit, name: str, aliases: Iterable[str]) -> None:
    """No two units of a place answer to one name, whatever blanks and width it is written in."""
    owners: dict[str, Unit] = {}
    others = Unit.objects.in_region(unit.region_id).exclude(pk=unit.pk)
    for other in others.prefetch_related("aliases"):
        for known in (other.name, *(alias.name for alias in other.aliases.all())):
            owners[normalise(known)] = other
    sentence = _("“%(name)s”已经是“%(owner)s”的名称或别名")
    if owner := owners.get(normalise(name)):
        raise GuardFailed(fields={"name": sentence % {"name": name, "owner": owner.name}})
    for alias in aliases:
        if owner := owners.get(normalise(alias)):
            values = {"name": alias, "owner": owner.name}
            raise GuardFailed(fields={"aliases": sentence % values})


def save_group(
    group: UnitGroup,
    name: str,
    members: Sequence[Unit],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> UnitGroup:
    """Write a group of units with exactly `members`."""
    new = group._state.adding
    with transaction.atomic():
        if new:
            group.name = name
            group.save()
        else:
            rows = UnitGroup.objects.filter(pk=group.pk, version=version)
            if not rows.update(name=name, version=F("version") + 1):
                raise StaleState(_("没有保存：别人刚改过这个分组"))
            group.refresh_from_db()
        before = {unit.pk: unit.name for unit in group.members.all()}
        after = {unit.pk: unit.name for unit in members}
        group.members.set(members)
        data = {
            "name": name,
            "added": [after[pk] for pk in after if pk not in before],
            "removed": [before[pk] for pk in before if pk not in after],
        }
        record(actor, "group.created" if new else "group.changed", group, now=now, data=data)
    return group


def delete_group(group: UnitGroup, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        members = [unit.name for unit in group.members.all()]
        record(actor, "group.deleted", group, now=now, data={"name": group.name, "had": members})
        group.delete()


def merge_names(unit: Unit, successor: Unit) -> None:
    """The names and contacts of a unit that is merged away go to its successor."""
    known = {normalise(alias.name) for alias in successor.aliases.all()} | {
        normalise(successor.name)
    }
    unit.aliases.update(unit=successor)
    if normalise(unit.name) not in known:
        UnitAlias.objects.create(region_id=unit.region_id, unit=successor, name=unit.name)
    people = set(successor.liaisons.values_list("name", "phone"))
    for liaison in unit.liaisons.all():
        if (liaison.name, liaison.phone) not in people:
            liaison.unit = successor
            liaison.save(update_fields=["unit"])


def close_unit(
    unit: Unit, *, successor: Unit | None, on: date, actor: Actor, now: datetime, version: int
) -> None:
    """The unit's own part of being closed or merged; its work is moved by whoever knows of work.

    See lawgov/operations/merging.py, which calls this last and in the same transaction.
    """
    rows = Unit.objects.filter(pk=unit.pk, version=version, closed_on=None)
    values = {"closed_on": on, "successor": successor, "version": F("version") + 1}
    if not rows.update(**values):
        raise StaleState(_("没有保存：别人刚改过这个单位"))
    unit.groups.clear()
    if successor:
        merge_names(unit, successor)
    verb = "unit.merged" if successor else "unit.closed"
    data = {"name": unit.name, "successor": successor.name if successor else "", "on": on}
    events = [Event(verb, unit, data=data)]
    if successor:
        events.append(Event(verb, successor, data=data))
    record_many(actor, events, now=now)
    unit.refresh_from_db()


def save_liaison(
    liaison: Liaison, values: dict[str, Any], *, actor: Actor, now: datetime, version: int | None
) -> Liaison:
    """Write a contact 明白人; the trail tells that the number changed, not the number."""
    new = liaison._state.adding
    with transaction.atomic():
        if new:
            for key, value in values.items():
                setattr(liaison, key, value)
            liaison.save()
        else:
            rows = Liaison.objects.filter(pk=liaison.pk, version=version)
            if not rows.update(**values, version=F("version") + 1):
                raise StaleState(_("没有保存：别人刚改过这位明白人"))
            liaison.refresh_from_db()
        told = {key: value for key, value in values.items() if key in ("name", "position")}
        told["phone"] = liaison.masked_phone
        verb = "liaison.created" if new else "liaison.changed"
        record(actor, verb, liaison, topic=liaison.unit, now=now, data=told)
    return liaison


def delete_liaison(liaison: Liaison, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        data = {"name": liaison.name}
        record(actor, "liaison.deleted", liaison, topic=liaison.unit, now=now, data=data)
        liaison.delete()
