"""Places, units with their other names, groups and contacts: written with their trail."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Role
from lawgov.accounts.privacy import masked_phone
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, StaleState
from lawgov.units import actions
from lawgov.units.models import Liaison, Region, Unit, UnitGroup
from tests.factories import NOW, make_member, make_region, make_unit

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system(None, "test")
VALUES = {"code": "U01", "name": "区水利局", "short_name": "区水利局", "kind": "government"}


@pytest.fixture
def region():
    return make_region("anhe", name="安和区")


@pytest.fixture
def office(region):
    return make_member(Role.OFFICE_ADMIN, region)


def test_places_form_a_tree_with_levels_by_default():
    province = actions.create_place("hb", name="某省", level="province", actor=SYSTEM, now=NOW)
    city = actions.create_place("hb-ay", name="安远市", parent=province, actor=SYSTEM, now=NOW)
    county = actions.create_place("anhe", name="安和区", parent=city, actor=SYSTEM, now=NOW)
    assert (city.level, county.level, county.path) == ("city", "county", "hb/hb-ay/anhe")
    entry = AuditEntry.objects.get(chain="anhe")
    assert (entry.seq, entry.verb) == (1, "region.created")


@pytest.mark.parametrize("code", ["", "a b", "安和", "a" * 41, "installation", "../x"])
def test_code_of_a_place_is_a_plain_word(code):
    with pytest.raises(GuardFailed):
        actions.create_place(code, name="安和区", actor=SYSTEM, now=NOW)


def test_a_place_exists_once_and_a_county_has_none_below(region):
    with pytest.raises(GuardFailed, match="已经有地区在用"):
        actions.create_place("anhe", name="安和区", actor=SYSTEM, now=NOW)
    with pytest.raises(GuardFailed, match="县级"):
        actions.create_place("x", name="某镇", parent=region, actor=SYSTEM, now=NOW)


def test_command_creates_places():
    call_command("create_place", "city", name="安远市", level="city", stdout=io.StringIO())
    out = io.StringIO()
    call_command("create_place", "anhe", name="安和区", parent="city", stdout=out)
    assert "city/anhe 安和区 (county)" in out.getvalue()
    with pytest.raises(CommandError, match="已经有地区在用"):
        call_command("create_place", "anhe", name="安和区")
    with pytest.raises(CommandError, match="没有代码为 nowhere 的地区"):
        call_command("create_place", "x", name="某区", parent="nowhere")
    assert Region.objects.count() == 2


def test_a_unit_is_saved_with_its_aliases_groups_and_trail(region, office):
    unit = actions.save_unit(Unit(region=region), VALUES, ["水利局"], actor=office, now=NOW)
    assert unit.order == 1
    assert {group.name for group in unit.groups.all()} >= {"各责任单位", "区政府各部门"}
    values = VALUES | {"name": "区水务局", "kind": "institution"}
    actions.save_unit(unit, values, ["水利局", "水务局"], actor=office, now=NOW, version=1)
    assert "区政府各部门" not in {group.name for group in unit.groups.all()}
    entry = AuditEntry.objects.filter(verb="unit.changed").get()
    assert entry.data["set"]["name"] == ["区水利局", "区水务局"]
    assert entry.data["set"]["aliases"] == [["水利局"], ["水利局", "水务局"]]
    assert entry.actor == office.user


def test_a_stale_save_of_a_unit_writes_nothing(region, office):
    unit = actions.save_unit(Unit(region=region), VALUES, [], actor=office, now=NOW)
    actions.save_unit(unit, VALUES | {"order": 7}, [], actor=office, now=NOW, version=1)
    with pytest.raises(StaleState):
        actions.save_unit(unit, VALUES | {"order": 9}, ["x"], actor=office, now=NOW, version=1)
    unit.refresh_from_db()
    assert (unit.order, unit.aliases.count()) == (7, 0)


@pytest.mark.parametrize(("name", "aliases"), [("水 利局", []), ("区林业局", ["区水利局"])])
def test_a_name_belongs_to_one_unit(region, office, name, aliases):
    actions.save_unit(Unit(region=region), VALUES, ["水利局"], actor=office, now=NOW)
    values = VALUES | {"code": "U02", "name": name}
    with pytest.raises(GuardFailed, match="已经是“区水利局”"):
        actions.save_unit(Unit(region=region), values, aliases, actor=office, now=NOW)
    assert Unit.objects.count() == 1


def test_groups_are_data_with_a_trail(region, office):
    first, second = make_unit(region), make_unit(region)
    group = actions.save_group(
        UnitGroup(region=region), "重点执法单位", [first], actor=office, now=NOW
    )
    actions.save_group(group, "重点单位", [second], actor=office, now=NOW, version=1)
    entry = AuditEntry.objects.get(verb="group.changed")
    assert (entry.data["added"], entry.data["removed"]) == ([second.name], [first.name])
    with pytest.raises(StaleState):
        actions.save_group(group, "重点单位", [], actor=office, now=NOW, version=1)
    actions.delete_group(group, actor=office, now=NOW)
    assert not UnitGroup.objects.exists()


def test_contacts_keep_their_numbers_out_of_the_trail(region, office):
    unit = make_unit(region)
    values = {"name": "王某", "position": "科长", "phone": "13812345678", "remark": ""}
    liaison = actions.save_liaison(Liaison(unit=unit), values, actor=office, now=NOW, version=None)
    changed = values | {"phone": "13900001111"}
    actions.save_liaison(liaison, changed, actor=office, now=NOW, version=1)
    with pytest.raises(StaleState):
        actions.save_liaison(liaison, values, actor=office, now=NOW, version=1)
    actions.delete_liaison(liaison, actor=office, now=NOW)
    text = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "138****5678" in text
    assert "12345678" not in text
    assert [entry.topic_id for entry in AuditEntry.objects.all()] == [unit.pk] * 3


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("0722-3312345", "072****2345"), ("6123", "****"), ("", "")],
)
def test_numbers_are_masked(phone, shown):
    assert masked_phone(phone) == shown
