"""The roster of contacts there and back: masked on its way out, rows added on its way in."""

from __future__ import annotations

import pytest

from lawgov.filling import seal
from lawgov.filling.merged import Verdict
from lawgov.units.models import Liaison
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded, verdicts
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
CODE = "contacts"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for unit, name, phone in [
        (made.unit, "王某", "13811111234"),
        (made.unit, "李某", "13900000000"),
        (made.other_unit, "赵某", ""),
    ]:
        Liaison.objects.create(unit=unit, name=name, position="科长", phone=phone)
    return made


def spare(desk: Desk) -> int:
    """The number of the first empty line."""
    return desk.rows()[-1] + 1


def add(desk: Desk, offset: int = 0, **values: str) -> None:
    for header, value in values.items():
        desk.sheet.cell(spare(desk) + offset, desk.column(header)).value = value


def test_numbers_leave_masked_wherever_they_stand(cast: Cast) -> None:
    content = exported(CODE, cast.office)
    assert Desk(content).cell(0, "联系电话").value == "138****1234"
    desk = Desk(content)
    texts = [str(row[0].value) for row in desk.book.worksheets[-1].iter_rows(min_row=2)]
    assert "13811111234" not in str(seal.as_json(seal.unseal(texts)))
    assert verdicts(merged(uploaded(content, cast.office), cast.office)) == {}


def test_a_contact_is_changed_and_another_added(cast: Cast) -> None:
    def fill(desk: Desk) -> None:
        desk.type(0, "职务", "副局长").type(0, "联系电话", "13700005678")
        add(desk, 单位="区林业局", 姓名="钱某", 联系电话="0731-8888")

    file = edited(exported(CODE, cast.office), fill)
    applied(uploaded(file, cast.office), cast.office)
    row = Liaison.objects.get(name="王某")
    assert (row.position, row.phone, row.version) == ("副局长", "13700005678", 2)
    assert Liaison.objects.get(name="钱某").unit == cast.other_unit
    again = uploaded(file, cast.office)
    assert set(verdicts(merged(again, cast.office)).values()) == {"done"}
    applied(again, cast.office)
    assert Liaison.objects.count() == 4 and Liaison.objects.get(name="王某").version == 2


def test_two_numbers_that_look_alike_masked_are_two(cast: Cast) -> None:
    file = exported(CODE, cast.office)
    same_mask = edited(file, lambda desk: desk.type(0, "联系电话", "13822221234"))
    assert verdicts(merged(uploaded(same_mask, cast.office), cast.office)) == {
        "区水利局 联系电话": "apply"
    }
    Liaison.objects.filter(name="王某").update(phone="13833331234")
    found = merged(uploaded(same_mask, cast.office), cast.office)
    assert verdicts(found) == {"区水利局 联系电话": "conflict"}


@pytest.mark.parametrize(
    ("header", "typed", "part"),
    [
        ("联系电话", "139****1234", "写全"),
        ("联系电话", "问办公室", "不是电话号码"),
        ("姓名", None, "不能空"),
        ("单位", "区司法局", "单位不在表里改"),
        ("职务", "长" * 61, "超过 60 个字"),
    ],
)
def test_faults_say_what_is_wrong(cast: Cast, header: str, typed: object, part: str) -> None:
    index = 2 if header == "单位" else 0
    file = edited(exported(CODE, cast.office), lambda desk: desk.type(index, header, typed))
    (row,) = merged(uploaded(file, cast.office), cast.office).shown
    assert row.cells[0].verdict is Verdict.ERROR and part in row.cells[0].sentence


def test_a_new_row_needs_unit_and_name(cast: Cast) -> None:
    file = edited(exported(CODE, cast.office), lambda desk: add(desk, 姓名="孙某"))
    (row,) = merged(uploaded(file, cast.office), cast.office).shown
    assert row.verdict is Verdict.ERROR and "单位和姓名" in row.cells[0].sentence


def test_the_same_new_person_twice_is_told(cast: Cast) -> None:
    def fill(desk: Desk) -> None:
        add(desk, 单位="区林业局", 姓名="孙某")
        add(desk, 1, 单位="区林业局", 姓名="孙某")

    found = merged(uploaded(edited(exported(CODE, cast.office), fill), cast.office), cast.office)
    assert sorted(row.verdict for row in found.rows if row.is_new) == ["apply", "error"]


def test_a_deleted_row_stays_registered(cast: Cast) -> None:
    file = edited(exported(CODE, cast.office), lambda desk: desk.sheet.delete_rows(desk.rows()[-1]))
    found = merged(uploaded(file, cast.office), cast.office)
    assert len(found.missing) == 1 and not found.changes
    applied(uploaded(file, cast.office), cast.office)
    assert Liaison.objects.count() == 3


def test_a_merged_unit_taken_apart_is_no_change(cast: Cast) -> None:
    def edit(desk: Desk) -> None:
        for block in [*desk.sheet.merged_cells.ranges]:
            desk.sheet.unmerge_cells(str(block))
        assert desk.cell(1, "单位").value is None
        desk.type(1, "职务", "副局长")

    found = merged(uploaded(edited(exported(CODE, cast.office), edit), cast.office), cast.office)
    assert verdicts(found) == {"区水利局 职务": "apply"}
