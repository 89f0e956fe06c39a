"""The roster of contacts 明白人名册 from a list: units resolved, people added, all or nothing."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.chinese.phones import phone_fault
from lawgov.chinese.text import half
from lawgov.spreadsheets.tables import Fault, Faulty, Record, Table, read_table
from lawgov.units.columns import LIAISONS
from lawgov.units.models import Liaison, Region, Unit
from lawgov.units.resolve import UnitRegister, unknown_names

HEADERS = {column.key: column.header for column in LIAISONS}
LENGTHS = {"name": 60, "position": 60, "phone": 30, "remark": 200}


@dataclass(frozen=True)
class RosterImported:
    """What an import did; contacts that the list does not name stay."""

    created: int
    changed: int
    unchanged: int


def import_roster(
    content: bytes, filename: str, *, region: Region, actor: Actor, now: datetime
) -> RosterImported:
    """Write the contacts of a list; raises Faulty by row and writes nothing.

    A person is known by unit and name. A cell that is empty leaves what is there.
    """
    table = read_table(content, filename, LIAISONS, legacy=True)
    source = {"file": filename, "hash": hashlib.sha256(content).hexdigest()}
    return write_table(table, source, region=region, actor=actor, now=now)


def write_table(
    table: Table,
    source: dict[str, str],
    *,
    region: Region,
    actor: Actor,
    now: datetime,
    also: Mapping[str, int] | None = None,
) -> RosterImported:
    """As `import_roster`, of a list that was read already; `source` is file and hash, `also` are
    further names of units with their ids."""
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        people, faults = plan(table, region, UnitRegister(region, also))
        if faults:
            raise Faulty(faults)
        created = [person for person in people if person.pk is None]
        changed = [person for person in people if person.pk and person.is_changed]
        for person in changed:
            person.version += 1
        Liaison.objects.bulk_create(created)
        Liaison.objects.bulk_update(changed, ["position", "phone", "remark", "version"])
        events = [Event("liaison.created", who, who.unit, _told(who) | source) for who in created]
        events += [Event("liaison.changed", who, who.unit, _told(who) | source) for who in changed]
        record_many(actor, events, now=now)
    return RosterImported(len(created), len(changed), len(people) - len(created) - len(changed))


def plan(table: Table, region: Region, register: UnitRegister) -> tuple[list[Liaison], list[Fault]]:
    """The contacts of the table with their new values, and every fault with its row."""
    rows = Liaison.objects.filter(unit__region=region).select_related("unit")
    known: dict[tuple[int, str], list[Liaison]] = defaultdict(list)
    for person in rows.order_by("pk"):
        known[person.unit_id, person.name].append(person)
    faults = list(table.faults)
    seen: dict[tuple[int, str], int] = {}
    people = []
    for record in table.records:

        def fault(key: str, message: str, row: int = record.row) -> None:
            faults.append(Fault(row, HEADERS[key], message))

        unit = _unit(record["unit"], register, fault)
        _check(record, fault)
        if unit is None or not record["name"]:
            continue
        key = (unit.pk, record["name"])
        namesakes = known[key]
        if key in seen and not namesakes:
            fault("name", _("和第 %(first)s 行是同一个人") % {"first": seen[key]})
            continue
        seen[key] = record.row
        person = _taken(namesakes, record) or Liaison(unit=unit, name=record["name"])
        people.append(_person(record, person))
    if not table.records:
        faults.append(Fault(None, "", _("文件里没有明白人")))
    return people, faults


def _unit(text: str, register: UnitRegister, fault: Callable[[str, str], None]) -> Unit | None:
    units = register.find(text) if text else []
    if len(units) == 1 and not register.is_group(text):
        return units[0]
    if register.is_group(text):
        wrong = _("「%(name)s」是一个分组，请写一家单位") % {"name": text}
    else:
        wrong = unknown_names([text]) if text else _("没写单位，请填上，或删去这一行")
    fault("unit", wrong)
    return None


def _check(record: Record, fault: Callable[[str, str], None]) -> None:
    if not record["name"]:
        fault("name", _("没写姓名，请填上，或删去这一行"))
    if wrong := phone_fault(record["phone"]):
        fault("phone", wrong)
    for key, length in LENGTHS.items():
        if len(record[key]) > length:
            fault(key, _("超过 %(n)s 个字") % {"n": length})


def _taken(namesakes: list[Liaison], record: Record) -> Liaison | None:
    """The person that the row means, no longer to be had by a row below: of several of one name
    in a unit the one with the number of the row, else the first. None where nobody is left."""
    number = half(record["phone"])
    for place, person in enumerate(namesakes):
        if number and person.phone == number:
            return namesakes.pop(place)
    return namesakes.pop(0) if namesakes else None


def _person(record: Record, person: Liaison) -> Liaison:
    person.is_changed = False
    for key in ("position", "phone", "remark"):
        value = half(record[key]) if key == "phone" else record[key]
        if value and value != getattr(person, key):
            setattr(person, key, value)
            person.is_changed = True
    return person


def _told(person: Liaison) -> dict[str, str]:
    return {"name": person.name, "position": person.position, "phone": person.masked_phone}
