"""The ledger workbooks from the database: every answer with its measures and proof, any kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import Issue, UnitResponse
from assessments.rectification import exporting
from assessments.rectification.exported_rows import ledger_rows
from assessments.rectification.models import Measure
from assessments.rectification.states import State
from lawgov.spreadsheets import lists
from tests.assessments.rectification.moves import make_measure, make_proof_of
from tests.factories import TODAY, make_inspection, make_issue, make_response, make_unit

MADE = datetime(2026, 11, 20, 2, tzinfo=UTC)


def filled(cast, inspection, count: int, kind: str = "individual") -> list[UnitResponse]:
    """Issues of a kind, one answer each, with 0, 1 or 2 measures and pieces of proof."""
    units = [cast.unit, make_unit(cast.region), make_unit(cast.region)]
    answers = []
    for number in range(1, count + 1):
        issue = make_issue(inspection, kind=kind, number=str(number), text=f"第{number}件不规范")
        day = TODAY + timedelta(number % 30)
        response = make_response(
            issue,
            units[number % 3],
            State.CLOSED if number % 4 == 0 else State.RECTIFYING,
            person="张某、李某" if number % 2 else "",
            deadline_date=day,
            deadline_text=day.isoformat(),
            deadline_kind="fixed",
        )
        for _ in range(number % 3):
            make_measure(response)
        if number % 5 == 0:
            make_proof_of(response)
        answers.append(response)
    return answers


def measures_of(response: UnitResponse) -> list[str]:
    found = Measure.objects.filter(issues=response.issue, unit=response.unit, removed_at=None)
    return list(found.order_by("order", "pk").values_list("text", flat=True))


def test_each_row_has_its_own_measures_and_proof(cast, inspection) -> None:
    answers = filled(cast, inspection, 25)
    Measure.objects.filter(pk=Measure.objects.order_by("pk").first().pk).update(removed_at=MADE)
    rows = {int(row.number): row for row in ledger_rows(UnitResponse.objects.all())}
    assert len(rows) == 25
    for response in answers:
        row = rows[int(response.issue.number)]
        proofs = response.proofs.in_force().values_list("evidence__title", flat=True)
        assert row.unit == response.unit.name
        assert row.measures == tuple(measures_of(response))
        assert row.evidence == "、".join(proofs)
        assert row.closed == (response.state == State.CLOSED)


def test_a_common_issue_gives_each_unit_its_own_measures(cast, inspection) -> None:
    issue = make_issue(inspection, kind="common", number="1")
    first, second = (
        make_response(issue, make_unit(cast.region, name, order=order), State.RECTIFYING)
        for name, order in (("丙乙局", 2), ("丙甲局", 1))
    )
    make_measure(first)
    make_proof_of(second)
    rows = list(ledger_rows(UnitResponse.objects.all()))
    assert [row.unit for row in rows] == ["丙甲局", "丙乙局"]
    assert [bool(row.measures) for row in rows] == [False, True]
    assert [bool(row.evidence) for row in rows] == [True, False]


def test_inspections_stand_one_after_the_other_and_units_in_their_order(cast) -> None:
    """Issues recorded in turn for two inspections, units recorded against their order."""
    earlier, later = make_inspection(cast.region), make_inspection(cast.region)
    units = [
        make_unit(cast.region, name, order=order) for name, order in (("丙乙局", 2), ("丙甲局", 1))
    ]
    for number in ("1", "2"):
        for inspection in (later, earlier):
            text = f"{inspection.pk}的第{number}件"
            issue = make_issue(inspection, kind="common", number=number, text=text)
            for unit in units:
                make_measure(make_response(issue, unit, State.RECTIFYING))
    rows = list(ledger_rows(UnitResponse.objects.all()))
    told = [f"{inspection.pk}的第{n}件" for inspection in (earlier, later) for n in (1, 2)]
    assert [row.text for row in rows] == [text for text in told for _ in units]
    assert [row.unit for row in rows] == ["丙甲局", "丙乙局"] * 4
    assert {len(row.measures) for row in rows} == {1}


def test_withdrawn_answers_are_no_issues_any_more(cast, inspection) -> None:
    make_response(make_issue(inspection, number="1"), cast.unit, State.WITHDRAWN)
    assert list(ledger_rows(UnitResponse.objects.all())) == []


def _write(cast, kind: str, target: Path, **more) -> list:
    answers = UnitResponse.objects.visible_to(cast.office).of_kind(kind)
    return exporting.write_ledger(
        cast.region, kind, answers, cast.office, target, today=TODAY, created=MADE, **more
    )


@pytest.mark.parametrize("kind", ["individual", "common", "opinion", "problem", "direct"])
def test_every_kind_takes_the_same_queries_for_few_rows_and_for_many(
    cast, inspection, kind, tmp_path
) -> None:
    counts = []
    for number in (3, 40):
        Issue.objects.all().delete()
        filled(cast, inspection, number, kind)
        with CaptureQueriesContext(connection) as queries:
            _write(cast, kind, tmp_path / "台账.xlsx")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("individual", ["个性问题整改台账", "共性问题清单", "销号统计"]),
        ("common", ["共性问题清单", "共性问题整改台账", "销号统计"]),
        ("opinion", ["反馈意见整改台账"]),
        ("problem", ["反馈问题整改台账"]),
        ("direct", ["点对点问题整改台账", "销号统计"]),
    ],
)
def test_each_kind_has_its_sheets(cast, inspection, kind, names, tmp_path) -> None:
    filled(cast, inspection, 5, kind)
    _write(cast, kind, tmp_path / "台账.xlsx")
    book = load_workbook(tmp_path / "台账.xlsx")
    assert book.sheetnames == names


def test_a_long_ledger_has_the_same_cells_row_by_row(
    cast, inspection, tmp_path, monkeypatch
) -> None:
    answers = filled(cast, inspection, 30)
    UnitResponse.objects.filter(pk=answers[0].pk).update(
        deadline_text="2026年底前，并长期坚持", deadline_kind="compound"
    )
    _write(cast, "individual", tmp_path / "short.xlsx")
    monkeypatch.setattr(exporting, "SMALL", 10)
    monkeypatch.setattr(lists, "SMALL", 10)
    told: list[int] = []
    _write(cast, "individual", tmp_path / "long.xlsx", report=told.append)
    short = load_workbook(tmp_path / "short.xlsx")["个性问题整改台账"]
    long = load_workbook(tmp_path / "long.xlsx")["个性问题整改台账"]
    for number in range(3, 34):
        ours, theirs = long[number][:13], short[number][:13]
        assert [cell.value for cell in ours] == [cell.value for cell in theirs]
        assert [cell.number_format for cell in ours] == [cell.number_format for cell in theirs]
    assert long["N3"].value == "期限原文"
    assert "2026年底前，并长期坚持" in [long.cell(row, 14).value for row in range(4, 34)]
    assert long["G2"].value == short["G2"].value
    for read in (
        lambda sheet: sorted(str(c.sqref) for c in sheet.conditional_formatting),
        lambda sheet: sorted(str(v.sqref) for v in sheet.data_validations.dataValidation),
    ):
        assert read(long) == read(short)
    assert told[-1] == 30


def test_an_opinion_takes_its_answers_together(cast, inspection, tmp_path) -> None:
    issue = make_issue(
        inspection, kind="opinion", number="1", text="目录公布偏晚", goal="每年3月底前公布"
    )
    lead = make_unit(cast.region, "区督查室")
    issue.lead_units.add(lead)
    first, second = (
        make_response(
            issue,
            make_unit(cast.region, name),
            state,
            person=person,
            progress=progress,
            deadline_date=day,
            deadline_text=day.isoformat(),
            deadline_kind="fixed",
        )
        for name, state, person, progress, day in (
            ("区档案局", State.RECTIFYING, "张某", "目录已公布", date(2026, 12, 1)),
            ("区侨务办", State.CLOSED, "李某", "专家库已建立", date(2026, 12, 31)),
        )
    )
    for response in (first, first, second):
        make_measure(response)
    Measure.objects.filter(unit=first.unit).update(text="公布目录")
    Measure.objects.filter(unit=second.unit).update(text="组建专家库")
    _write(cast, "opinion", tmp_path / "台账.xlsx")
    sheet = load_workbook(tmp_path / "台账.xlsx")["反馈意见整改台账"]
    shown = [cell.value for cell in sheet[4]]
    assert shown[:7] == [
        *(1, "目录公布偏晚", "每年3月底前公布", "公布目录", "区督查室", "区档案局、区侨务办"),
        "张某、李某",
    ]
    assert shown[7].date() == date(2026, 12, 31)
    assert shown[8] == "区档案局：目录已公布\n区侨务办：专家库已建立"
    assert shown[9] == "未销号"
    assert sheet["D5"].value == "组建专家库"
    assert "A4:A5" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_opinions_and_problems_follow_in_the_workbook_of_the_place(cast, inspection) -> None:
    answers = UnitResponse.objects.of_kind("individual")
    make = lambda: exporting.ledger_workbook(  # noqa: E731 - asked twice
        cast.region, answers, cast.office, today=TODAY, created=MADE
    )
    filled(cast, inspection, 2)
    assert len(make().sheets) == 3
    filled(cast, inspection, 2, "problem")
    assert [sheet.title for sheet in make().sheets[3:]] == ["反馈意见整改台账", "反馈问题整改台账"]
