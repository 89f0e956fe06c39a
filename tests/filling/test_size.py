"""A full ledger there and back: queries do not grow with the rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.rectification.states import State
from lawgov.filling.subjects import subject_of
from tests import factories
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded
from tests.people import make_cast

pytestmark = pytest.mark.django_db


def queries(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        call()
    return len(found)


@pytest.mark.parametrize("code", ["rectification", "self_scores", "decomposition"])
def test_the_queries_of_sheet_and_preview_are_constant_in_rows(code: str) -> None:
    assert counted(code, 3)[:2] == counted(code, 30)[:2]


def test_applying_progress_takes_one_statement_a_row() -> None:
    """Each row's text is its own UPDATE; locks, trail and notes are written for all at once."""
    few, many = counted("rectification", 3)[2], counted("rectification", 30)[2]
    assert many - few <= 27


def counted(code: str, rows: int) -> tuple[int, int, int]:
    """Queries of the rows for a sheet, of its preview, and of its being applied."""
    cast = make_cast(edition=factories.make_edition(each=rows))
    inspection = factories.make_inspection(cast.region)
    for assignment in cast.campaign.assignments.all():
        factories.make_work(assignment, cast.unit)
    for _row in range(rows):
        factories.make_response(factories.make_issue(inspection), cast.unit, State.RECTIFYING)
    actor = cast.office if code == "decomposition" else cast.editor
    header = {"rectification": "整改进展", "self_scores": "自评说明"}.get(code, "备注")

    def edit(desk: Desk) -> None:
        for index in range(rows):
            desk.type(index, header, f"第{index}行已办")

    sheet = uploaded(edited(exported(code, actor), edit), actor)
    return (
        queries(lambda: subject_of(code).items(actor)),
        queries(lambda: merged(sheet, actor)),
        queries(lambda: applied(sheet, actor)),
    )
