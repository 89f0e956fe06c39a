"""The roster of contacts from a list."""

from __future__ import annotations

import pytest

from lawgov.audit.models import AuditEntry
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.models import Liaison, UnitAlias
from lawgov.units.roster import import_roster
from tests.factories import NOW
from tests.people import make_cast

pytestmark = pytest.mark.django_db

HEAD = "序号,单位,单位类型,姓名,职务,联系电话,备注\n"


@pytest.fixture
def cast():
    cast = make_cast()
    UnitAlias.objects.create(region=cast.region, unit=cast.unit, name="水利局")
    return cast


def load(cast, rows: str):
    content = (HEAD + rows).encode()
    return import_roster(content, "名册.csv", region=cast.region, actor=cast.office, now=NOW)


def test_people_are_added_to_their_units(cast):
    done = load(cast, "1,水利局,,王某,科长,１３８12345678,\n2,区林业局,,李某,,,新来\n")
    assert (done.created, done.changed, done.unchanged) == (2, 0, 0)
    person = cast.unit.liaisons.get()
    assert (person.name, person.position, person.phone) == ("王某", "科长", "13812345678")
    trail = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "12345678" not in trail
    assert "138****5678" in trail


def test_a_later_list_changes_what_it_says_and_the_same_list_nothing(cast):
    load(cast, "1,水利局,,王某,科长,13812345678,\n")
    done = load(cast, "1,区水利局,,王某,副局长,,\n")
    assert (done.created, done.changed) == (0, 1)
    person = Liaison.objects.get()
    assert (person.position, person.phone, person.version) == ("副局长", "13812345678", 2)
    assert load(cast, "1,区水利局,,王某,副局长,,\n").unchanged == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,甲局,,王某,,,", "单位库里没有「甲局」"),
        ("1,,,王某,,,", "单位：没写单位，请填上"),
        ("1,水利局,,,,,", "姓名：没写姓名，请填上"),
        ("1,水利局,,王某,,见通讯录,", "不是电话号码"),
        ("1,水利局,,王某,,,\n2,区水利局,,王某,,,", "和第 2 行是同一个人"),
        ("1,水利局,," + "王" * 61 + ",,,", "超过 60 个字"),
    ],
)
def test_a_fault_is_named_and_nothing_saved(cast, row, words):
    with pytest.raises(Faulty, match=words):
        load(cast, f"{row}\n3,区林业局,,李某,,,\n")
    assert not Liaison.objects.exists()
