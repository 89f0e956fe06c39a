"""The roster of contacts 明白人名册 as the office fills it in elsewhere; saved one by one as on
their pages. The only sheet to which rows may be added.

Stands here and not with the units, because the ground's shelves have an order: the register of
units knows nothing of sheets that come home. Numbers go out masked, and so does their seal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.accounts.privacy import masked_phone
from lawgov.calendars import local_day
from lawgov.chinese.phones import phone_fault
from lawgov.chinese.text import half
from lawgov.filling.subjects import (
    Changed,
    Drawn,
    Item,
    Newcomers,
    Subject,
    Unfit,
    register,
)
from lawgov.filling.values import told
from lawgov.spreadsheets.cells import Value
from lawgov.units.actions import save_liaison
from lawgov.units.columns import LIAISONS
from lawgov.units.models import Liaison, Unit
from lawgov.units.resolve import UnitRegister, unknown_names
from lawgov.units.roster import LENGTHS
from lawgov.units.sheets import FIRST, RosterHeading, RosterRow, roster_book

SPARE = 12  # empty lines under the last contact
FIELDS = ("name", "position", "phone", "remark")


class Contacts(Subject):
    """姓名, 职务, 联系电话 and 备注 of the place's contacts, and new ones."""

    code = "contacts"
    label = gettext_lazy("明白人名册")
    hint = gettext_lazy("改姓名、职务、电话和备注，在空行里登记新的；电话要写全")
    action = Action.MANAGE_UNITS
    columns = LIAISONS
    anchors = ("unit", "name", "phone")
    loose = frozenset({"number", "unit_kind"})
    ways = ("save_liaison",)
    section = "settings"
    grows = True

    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        rows = Liaison.objects.visible_to(actor, self.action).select_related("unit")
        rows = rows.filter(unit__closed_on=None).order_by("unit__order", "unit_id", "pk")
        if pks is not None:
            rows = rows.filter(pk__in=pks)
        return [_item(row) for row in rows]

    def newcomers(self, actor: Actor) -> Newcomers:
        """A row without a mark is the contact of that unit and name, where there is one already:
        so the same file again changes nothing."""
        register = UnitRegister(actor.region)
        known = {
            (row.unit_id, row.name): row
            for row in Liaison.objects.visible_to(actor, self.action).select_related("unit")
        }

        def find(cells: Mapping[str, Any]) -> Item:
            unit = _unit(told(cells.get("unit")), register)
            row = known.get((unit.pk, told(cells.get("name")))) if unit else None
            if row is not None:
                return _item(row, refuse_unit=False)
            return Item(0, "", 0, {}, row=register)

        return find

    def draw(self, items: Sequence[Item], actor: Actor, *, now: datetime) -> Drawn:
        today = local_day(now)
        rows = [
            RosterRow(number=number, **{key: item.cells[key] for key in ("unit", "unit_kind")},
                      **{key: item.cells[key] for key in FIELDS})
            for number, item in enumerate(items, 1)
        ]  # fmt: skip
        units = Unit.objects.in_region(actor.region).filter(closed_on=None)
        heading = RosterHeading(
            place=actor.region.name,
            unit="",
            filled_on=today,
            units=tuple(units.order_by("order", "pk").values_list("name", flat=True)),
        )
        book = roster_book(rows, heading, created=now, spare=SPARE)
        places = {item.pk: FIRST + offset for offset, item in enumerate(items)}
        below = FIRST + len(items)
        values = {"who": actor.region.name, "what": self.label, "day": f"{today:%Y%m%d}"}
        filename = _("%(who)s%(what)s（填报，%(day)s）.xlsx") % values
        return Drawn(book, places, filename, spare=range(below, below + SPARE))

    def read(self, key: str, value: Value, item: Item) -> Any:
        text = told(value)
        if key == "unit":
            return _unit_of(text, item)
        if key == "name" and not text:
            raise Unfit(_("姓名不能空；要去掉这个人请在网页上办"))
        if key == "phone":
            text = half(text)
            if "*" in text:
                raise Unfit(_("电话要写全，不能带星号"))
            if wrong := phone_fault(text):
                raise Unfit(wrong)
        if len(text) > LENGTHS[key]:
            raise Unfit(_("超过 %(n)s 个字") % {"n": LENGTHS[key]})
        return text

    def told(self, key: str, value: Any) -> str:
        if isinstance(value, Unit):
            return value.name
        return masked_phone(value) if key == "phone" else told(value)

    def digest(self, key: str, value: Any) -> str:
        return _digest(value) if key == "phone" else self.told(key, value)

    def objections(
        self, changes: Sequence[Changed], *, now: datetime
    ) -> Sequence[Mapping[str, str]]:
        """A new contact needs a unit and a name, and stands in the sheet once."""
        seen: set[tuple[int, str]] = set()
        return [self._objection(change, seen) for change in changes]

    def _objection(self, change: Changed, seen: set[tuple[int, str]]) -> dict[str, str]:
        values = change.values
        if change.item.pk:
            return {}
        if not values.get("unit") or not values.get("name"):
            return dict.fromkeys(values, _("新登记的要写单位和姓名，请补上"))
        key = (values["unit"].pk, values["name"])
        if key in seen:
            return dict.fromkeys(values, _("同一个人写了两行，请删去一行"))
        seen.add(key)
        return {}

    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        for change in changes:
            values = {key: value for key, value in change.values.items() if key in FIELDS}
            if change.item.pk:
                row, version = change.item.row, change.item.version
            else:
                row, version = Liaison(unit=change.values["unit"]), None
            save_liaison(row, values, actor=actor, now=now, version=version)


def _item(row: Liaison, *, refuse_unit: bool = True) -> Item:
    refusal = {"unit": _("单位不在表里改；换了单位的，在新单位下登记")} if refuse_unit else {}
    return Item(
        pk=row.pk,
        label=f"{row.unit} {row.name}",
        version=row.version,
        cells={
            "unit": row.unit.name,
            "unit_kind": row.unit.get_kind_display(),
            "name": row.name,
            "position": row.position,
            "phone": row.masked_phone,
            "remark": row.remark,
        },
        refusals=refusal,
        held={"phone": _digest(row.phone)},
        trail=row,
        row=row,
    )


def _unit(text: str, register: UnitRegister | None) -> Unit | None:
    """The one unit of that name; a group is none."""
    found = register.find(text) if register and text else []
    return found[0] if len(found) == 1 and not register.is_group(text) else None


def _unit_of(text: str, item: Item) -> Unit:
    """The unit of a new contact; that of one who is registered stays."""
    if "unit" in item.refusals:
        raise Unfit(item.refusals["unit"])
    if isinstance(item.row, Liaison):
        return item.row.unit
    unit = _unit(text, item.row)
    if unit is None:
        raise Unfit(unknown_names([text]))
    return unit


def _digest(phone: str) -> str:
    """So that two numbers that look the same when masked are still told apart."""
    return salted_hmac("lawgov.filling.phone", phone).hexdigest()[:16] if phone else ""


register(Contacts())
