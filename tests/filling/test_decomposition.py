"""The decomposition sheet there and back: the office divides the work in its own program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.models import Assignment, UnitAssignment
from lawgov.filling.merged import Verdict
from lawgov.units.models import UnitGroup
from tests import factories
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded, verdicts
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
CODE = "decomposition"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for assignment in made.campaign.assignments.all():
        factories.make_work(assignment, made.unit)
    return made


def first(cast: Cast) -> Assignment:
    return cast.campaign.assignments.get(indicator__number=1)


def fill(cast: Cast, **typed: object) -> bytes:
    def edit(desk: Desk) -> None:
        for header, value in typed.items():
            desk.type(0, header, value)

    return edited(exported(CODE, cast.office), edit)


def test_all_that_is_filled_in_is_saved_at_once(cast: Cast) -> None:
    file = fill(
        cast, 牵头单位="区水利局", 责任单位="区水利局、安和区林业局", 分值=12.5,
        完成时限=date(2026, 12, 20), 备注="先办",
    )  # fmt: skip
    applied(uploaded(file, cast.office), cast.office)
    row = first(cast)
    assert (row.lead_unit, row.points, row.remark) == (cast.unit, Decimal("12.5"), "先办")
    assert (row.due_on, row.due_text) == (date(2026, 12, 20), "2026年12月20日")
    assert {w.unit for w in row.unit_assignments.all()} == {cast.unit, cast.other_unit}
    version = row.version
    again = uploaded(file, cast.office)
    assert set(verdicts(merged(again, cast.office)).values()) == {"done"}
    applied(again, cast.office)
    assert first(cast).version == version


def test_the_same_units_in_other_words_are_no_change(cast: Cast) -> None:
    group = UnitGroup.objects.create(region=cast.region, name="各执法单位")
    group.members.set([cast.unit, cast.lead_unit])
    factories.make_work(first(cast), cast.lead_unit)
    assert Desk(exported(CODE, cast.office)).cell(0, "责任单位").value == "各执法单位"
    file = fill(cast, 责任单位="区司法局；安和区水利局")
    assert verdicts(merged(uploaded(file, cast.office), cast.office)) == {}


def test_a_time_limit_as_written_keeps_its_kind(cast: Cast) -> None:
    Assignment.objects.update(due_text="6月底前", due_on=date(2026, 6, 30))
    assert verdicts(merged(uploaded(exported(CODE, cast.office), cast.office), cast.office)) == {}
    file = fill(cast, 备注="只改备注")
    applied(uploaded(file, cast.office), cast.office)
    assert first(cast).due_text == "6月底前"


@pytest.mark.parametrize(
    ("header", "typed", "part"),
    [
        ("牵头单位", "区水利局、区司法局", "只能有 1 家"),
        ("牵头单位", None, "没写单位，请填上"),
        ("责任单位", "市监局二所", "单位库里没有"),
        ("分值", "很多", "不是数"),
        ("分值", 0, "大于 0"),
        ("完成时限", "11月31日", "不是实际日期"),
    ],
)
def test_faults_say_what_is_wrong(cast: Cast, header: str, typed: object, part: str) -> None:
    first(cast)
    Assignment.objects.update(lead_unit=cast.lead_unit)
    (row,) = merged(uploaded(fill(cast, **{header: typed}), cast.office), cast.office).shown
    (cell,) = row.cells
    assert cell.verdict is Verdict.ERROR and part in cell.sentence


def test_a_unit_that_has_begun_is_not_taken_off(cast: Cast) -> None:
    UnitAssignment.objects.filter(assignment=first(cast)).update(state="collecting")
    (row,) = merged(uploaded(fill(cast, 责任单位="区林业局"), cast.office), cast.office).shown
    assert row.cells[0].verdict is Verdict.ERROR and "已经开始办理" in row.cells[0].sentence


def test_nobody_else_divides_the_work(cast: Cast) -> None:
    file = fill(cast, 备注="改")
    for actor in (cast.editor, cast.lead, cast.supervisor, cast.foreign_office):
        assert uploaded(file, actor).state == "refused"
