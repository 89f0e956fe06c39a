"""What the product writes it can read: an exported sheet that comes back changes nothing."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone

from assessments.models import Inspection, Issue, UnitResponse
from assessments.rectification.importing import ImportReport, import_ledger
from assessments.rectification.reading import read_ledger
from assessments.rectification.states import State
from indicators.assignments.importing import import_assignments
from indicators.framework.loader import load_framework
from lawgov.holidays.tables import calendar_in_force
from lawgov.imports.kinds import all_kinds
from lawgov.units.importing import import_units
from lawgov.units.models import Liaison, Unit, UnitAlias
from lawgov.units.roster import import_roster
from tests.desk.exports.files import downloaded
from tests.factories import make_inspection, make_issue, make_response, make_work
from tests.indicators.framework.test_checking import SHIPPED

NOW = timezone.now()


def test_the_register_of_units(cast) -> None:
    UnitAlias.objects.create(unit=cast.unit, region=cast.region, name="水务局")
    file = downloaded(cast.office, "/exports/units/")
    done = import_units(*file, region=cast.region, actor=cast.office, now=NOW)
    units = Unit.objects.in_region(cast.region).count()
    assert (done.created, done.changed, len(done.unchanged)) == ([], [], units)


def test_the_roster_with_two_of_one_name_in_a_unit(cast) -> None:
    for phone in ("13812345678", "13987654321"):
        Liaison.objects.create(unit=cast.unit, name="赵某", position="科长", phone=phone)
    for unit in (cast.other_unit, cast.lead_unit):
        Liaison.objects.create(unit=unit, name="钱某", position="科员", phone="+8613912345678")
    content, name = downloaded(cast.office, "/exports/roster/")
    done = import_roster(content, name, region=cast.region, actor=cast.office, now=NOW)
    assert (done.created, done.changed, done.unchanged) == (0, 0, 4)


def test_the_decomposition(cast) -> None:
    for assignment in cast.campaign.assignments.all():
        make_work(assignment, cast.unit)
        make_work(assignment, cast.other_unit)
    cast.campaign.assignments.update(
        due_text="6月30日前", due_on=date(2026, 6, 30), remark="重点", points=7.5
    )
    file = downloaded(cast.office, "/exports/assignments/")
    done = import_assignments(*file, region=cast.region, actor=cast.office, now=NOW)
    assert (done.changed, done.missing, done.notes) == (0, [], [])
    assert done.unchanged == cast.campaign.assignments.count()


@pytest.mark.parametrize("stated", ["", "自定简称"])
def test_the_framework_with_short_names_stated_and_not(cast, stated) -> None:
    lines = SHIPPED.read_text(encoding="utf-8-sig").splitlines()
    lines = [
        f"{line},{'一级简称' if place == 0 else stated if ',1,政府职能' in line else ''}"
        for place, line in enumerate(lines)
    ]
    given = {"actor": cast.office, "now": NOW}
    load_framework("\n".join(lines).encode(), "framework-2021.csv", **given)
    content, _name = downloaded(cast.office, "/exports/framework/?edition=2021")
    assert load_framework(content, "指标体系.xlsx", code="2021", **given).outcome == "unchanged"


@pytest.mark.parametrize("kind", ["individual", "common", "opinion", "problem"])
def test_a_ledger_whose_issues_were_recorded_in_the_product(cast, kind) -> None:
    inspection = make_inspection(cast.region)
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    for number in range(1, 4):
        issue = make_issue(
            inspection,
            kind=kind,
            number=str(number),
            text=f"第{number}个问题没有整改到位",
            deadline_text="12月18日前，并长期坚持" if number == 2 else "12月18日",
            deadline_kind="compound" if number == 2 else "fixed",
        )
        for unit in units[: 1 if kind == "individual" else number]:
            make_response(issue, unit, State.CLOSED if number == 3 else State.RECTIFYING)
    before = Issue.objects.count()
    content, name = downloaded(cast.office, f"/ledger/{kind}/export/")
    report = _read_in(content, name, inspection, cast)
    assert (report["created"], report["refused"]) == (0, 0)
    assert report["unchanged"] >= 3
    assert Issue.objects.count() == before


def test_an_answer_that_the_file_adds_is_not_taken_for_one_that_is_here(cast) -> None:
    """The counterpart: what is here is told by the units, not by number and text alone."""
    inspection = make_inspection(cast.region)
    issue = make_issue(inspection, kind="common", number="1", text="公示不及时")
    make_response(issue, cast.unit)
    content, name = downloaded(cast.office, "/ledger/common/export/")
    UnitResponse.objects.filter(issue=issue).delete()
    make_response(issue, cast.other_unit)
    assert _read_in(content, name, inspection, cast)["created"] > 0


def _read_in(content: bytes, name: str, inspection: Inspection, cast) -> ImportReport:
    reading = read_ledger(
        BytesIO(content),
        name=name,
        year=2026,
        issued_on=inspection.issued_on,
        workdays=calendar_in_force(),
    )
    given = {"actor": cast.office, "now": NOW, "source_name": name, "source_hash": "0" * 64}
    return import_ledger(reading, inspection, **given)


def test_there_is_a_round_trip_for_every_kind_of_import() -> None:
    assert {kind.code for kind in all_kinds()} == {
        *("units", "roster", "tasks", "framework", "ledger")
    }
