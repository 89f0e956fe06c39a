"""The register of units from a list: checked against what is there, written all or nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.spreadsheets.tables import Fault, Faulty, Record, Table, read_table
from lawgov.units.columns import UNITS
from lawgov.units.groups import sort_into_groups
from lawgov.units.models import Region, Unit, UnitAlias
from lawgov.units.naming import guessed_kind, kind_of, short_form, split_names
from lawgov.units.resolve import normalise

HEADERS = {column.key: column.header for column in UNITS}
YES = {"1", "是", "√", "✓", "y", "yes", "true", "有"}
NO = {"", "0", "否", "×", "n", "no", "false", "无"}
FIELDS = ("name", "short_name", "kind", "enforcement", "order")


@dataclass
class Planned:
    """One row as it will be written: the unit with its new values, and names it goes by."""

    row: int
    unit: Unit
    aliases: list[str]
    lead: bool = False
    changes: dict[str, list] = field(default_factory=dict)  # field → [before, after]
    new_aliases: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.unit.pk is None

    @property
    def is_changed(self) -> bool:
        return not self.is_new and bool(self.changes or self.new_aliases)


@dataclass(frozen=True)
class UnitsImported:
    """What an import did, in the order of the rows; `leads` are the rows marked as lead units."""

    created: list[Unit]
    changed: list[Unit]
    unchanged: list[Unit]
    leads: list[Unit]


def import_units(
    content: bytes, filename: str, *, region: Region, actor: Actor, now: datetime
) -> UnitsImported:
    """Write the units of a list into the register of `region`; raises Faulty and writes nothing.

    A row is known by its code, without a code by its name. What a file does not say about a unit
    that is there already stays; aliases are only added. The same file again changes nothing.
    """
    table = read_table(content, filename, UNITS, legacy=True)
    source = {"file": filename, "hash": hashlib.sha256(content).hexdigest()}
    return write_table(table, source, region=region, actor=actor, now=now)


def write_table(
    table: Table, source: dict[str, str], *, region: Region, actor: Actor, now: datetime
) -> UnitsImported:
    """As `import_units`, of a list that was read already; `source` is file and hash."""
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        planned, faults = plan(table, region)
        if faults:
            raise Faulty(faults)
        return _write(planned, region, actor, now, source)


def table_of_lines(text: str) -> bytes:
    """Names pasted line by line, or cells of a sheet, as the CSV that `import_units` reads."""
    rows = _rows(text)
    if not _has_head(rows):
        rows = [_PASTED[: max(map(len, rows), default=1)], *rows]
    return "\n".join(",".join(map(_quoted, row)) for row in rows).encode()


def import_pasted(text: str, *, region: Region, actor: Actor, now: datetime) -> UnitsImported:
    """`import_units` of what was pasted; raises Faulty with lines counted as they were pasted."""
    name, added = _("粘贴的名单"), 0 if _has_head(_rows(text)) else 1
    try:
        return import_units(table_of_lines(text), name, region=region, actor=actor, now=now)
    except Faulty as error:
        raise Faulty(
            replace(fault, row=fault.row - added) if fault.row else fault for fault in error.faults
        ) from error


def _rows(text: str) -> list[list[str]]:
    """The cells of each line; blank lines stay, so that a fault names the line as it was pasted."""
    return [line.strip().split("\t") for line in text.rstrip().splitlines()]


def _has_head(rows: list[list[str]]) -> bool:
    first = next((row for row in rows if any(row)), [])
    return any(normalise(cell) in _HEADS for cell in first)


_PASTED = ["单位名称", "单位类型", "行政执法单位", "简称"]
_HEADS = {normalise(name) for column in UNITS for name in column.names}


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.strip().replace('"', '""'))


# -- planning ----------------------------------------------------------------------------------


def plan(table: Table, region: Region) -> tuple[list[Planned], list[Fault]]:
    """What the table would do to the register, and every fault with its row."""
    units = list(Unit.objects.in_region(region).prefetch_related("aliases"))
    by_code = {unit.code: unit for unit in units}
    by_name = {normalise(unit.name): unit for unit in units}
    codes = _free_codes(set(by_code) | {record["code"] for record in table.records})
    faults = list(table.faults)
    planned: list[Planned] = []
    for position, record in enumerate(table.records, 1):
        unit = by_code.get(record["code"]) if record["code"] else None
        unit = unit or (None if record["code"] else by_name.get(normalise(record["name"])))
        row = _planned(record, unit or Unit(region=region), faults, table)
        if row.is_new:
            row.unit.code = record["code"] or next(codes)
            row.unit.order = len(units) + position
        planned.append(row)
    if not planned:
        faults.append(Fault(None, "", _("文件里没有单位")))
    faults += _clashes(planned, units)
    return planned, faults


def _free_codes(taken: set[str]) -> Iterator[str]:
    """U01, U02 … as far as nobody has them."""
    for number in range(1, 100_000):
        code = f"U{number:02d}"
        if code not in taken:
            yield code


def _planned(record: Record, unit: Unit, faults: list[Fault], table: Table) -> Planned:
    def fault(key: str, message: str) -> None:
        faults.append(Fault(record.row, HEADERS[key], message))

    name = record["name"]
    if not name:
        fault("name", _("没写单位名称，请填上，或删去这一行"))
    if "code" in table and not record["code"]:
        fault("code", _("没写代码，请填上；都没有代码就删去这一列"))
    if not re.fullmatch(r"[\w-]{0,20}", record["code"]):
        fault("code", _("要用字母、数字和横线，不超过 20 个字"))
    if len(name) > 60:
        fault("name", _("超过 %(n)s 个字") % {"n": 60})
    others = [other for other in split_names(record["short_names"]) if other != name]
    given = {"name": name}
    if unit.pk is None or "short_names" in table:
        given["short_name"] = short_form(name, others)
    if unit.pk is None or record["kind"]:
        given["kind"] = _kind(record, fault)
    if unit.pk is None or "enforcement" in table:
        given["enforcement"] = _yes(record, "enforcement", fault)
    aliases = [*others, *split_names(record["lead_types"])]
    for alias in aliases:
        if len(alias) > 60:
            fault("short_names", _("“%(name)s”超过 60 个字") % {"name": alias[:20]})
    row = Planned(record.row, unit, aliases, lead=_yes(record, "lead", fault))
    for key, value in given.items():
        before = getattr(unit, key)
        if unit.pk and before != value:
            row.changes[key] = [str(before), str(value)]
        setattr(unit, key, value)
    known = {normalise(alias.name) for alias in unit.aliases.all()} if unit.pk else set()
    known.add(normalise(unit.name))
    for alias in aliases:
        if normalise(alias) not in known:
            known.add(normalise(alias))
            row.new_aliases.append(alias)
    return row


def _kind(record: Record, fault: object) -> str:
    if not record["kind"]:
        return guessed_kind(record["name"])
    kind = kind_of(record["kind"])
    if kind is None:
        known = _("、").join(str(label) for label in Unit.Kind.labels)
        text = _("没有“%(text)s”这种类型，可用：%(known)s")
        fault("kind", text % {"text": record["kind"], "known": known})
    return kind or Unit.Kind.OTHER


def _yes(record: Record, key: str, fault: object) -> bool:
    text = record[key].lower()
    if text not in YES | NO:
        fault(key, _("“%(text)s”要改成“是”或“否”") % {"text": record[key]})
    return text in YES


def _clashes(planned: list[Planned], units: list[Unit]) -> Iterator[Fault]:
    """Names and codes that two rows, or a row and another unit of the register, both want."""
    touched = {row.unit.pk for row in planned if not row.is_new}
    owners: dict[str, tuple[object, str]] = {}
    for unit in units:
        if unit.pk not in touched:
            _own(owners, unit, [unit.name, *(alias.name for alias in unit.aliases.all())])
    codes: dict[str, Planned] = {}
    for row in planned:
        first = codes.setdefault(row.unit.code, row)
        if first is not row:
            text = _("“%(code)s”和第 %(first)s 行重复")
            values = {"code": row.unit.code, "first": first.row}
            yield Fault(row.row, HEADERS["code"], text % values)
    yield from _mixed_up_codes(planned)
    for row in planned:
        yield from _name_clashes(row, "name", [row.unit.name], owners)
    for row in planned:
        known = [alias.name for alias in row.unit.aliases.all()] if not row.is_new else []
        yield from _name_clashes(row, "short_names", [*known, *row.aliases], owners)


def _mixed_up_codes(planned: list[Planned]) -> Iterator[Fault]:
    """A row that would rename a unit whose present name another row goes by: the codes of the
    list are not those of the register (pasted names got theirs by counting)."""
    rows_of: dict[str, Planned] = {}
    for row in planned:
        for name in (row.unit.name, *row.aliases):
            rows_of.setdefault(normalise(name), row)
    for row in planned:
        before = row.changes.get("name", [""])[0]
        other = rows_of.get(normalise(before)) if before else None
        if other and other is not row:
            text = _("代码 %(code)s 现在是“%(name)s”，第 %(row)s 行也叫这个名字；先核对代码")
            values = {"code": row.unit.code, "name": before, "row": other.row}
            yield Fault(row.row, HEADERS["code"], text % values)


def _own(owners: dict[str, tuple[object, str]], owner: object, names: list[str]) -> None:
    for name in names:
        owners.setdefault(normalise(name), (owner, str(owner)))


def _name_clashes(
    row: Planned, key: str, names: list[str], owners: dict[str, tuple[object, str]]
) -> Iterator[Fault]:
    for name in names:
        if not name:
            continue
        owner, called = owners.setdefault(normalise(name), (row, row.unit.name))
        if owner is not row:
            text = _("“%(name)s”已经是“%(owner)s”的名称或别名，请核对代码和名称")
            yield Fault(row.row, HEADERS[key], text % {"name": name, "owner": called})


# -- writing -----------------------------------------------------------------------------------


def _write(
    planned: list[Planned], region: Region, actor: Actor, now: datetime, source: dict
) -> UnitsImported:
    created = [row for row in planned if row.is_new]
    changed = [row for row in planned if row.is_changed]
    done = UnitsImported(
        created=[row.unit for row in created],
        changed=[row.unit for row in changed],
        unchanged=[row.unit for row in planned if not row.is_new and not row.is_changed],
        leads=[row.unit for row in planned if row.lead],
    )
    if not created and not changed:
        return done
    for row in changed:
        row.unit.version += 1
    Unit.objects.bulk_create(done.created)
    Unit.objects.bulk_update(done.changed, [*FIELDS, "version"])
    UnitAlias.objects.bulk_create(
        UnitAlias(region=region, unit=row.unit, name=name)
        for row in planned
        for name in row.new_aliases
    )
    regrouped = [row.unit for row in changed if {"kind", "enforcement"} & set(row.changes)]
    sort_into_groups(region, [*done.created, *regrouped])
    _tell(created, changed, region, actor, now, source)
    return done


def _tell(
    created: list[Planned],
    changed: list[Planned],
    region: Region,
    actor: Actor,
    now: datetime,
    source: dict,
) -> None:
    counts = {"created": len(created), "changed": len(changed), **source}
    events = [Event("unit.imported", region, data=counts)]
    events += [Event("unit.created", row.unit, data=_told(row)) for row in created]
    events += [Event("unit.changed", row.unit, data=_told(row)) for row in changed]
    record_many(actor, events, now=now)


def _told(row: Planned) -> dict:
    return {"name": row.unit.name, "row": row.row, "set": row.changes, "aliases": row.new_aliases}
